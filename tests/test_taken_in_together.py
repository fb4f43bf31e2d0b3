"""Letters that wait at the doors at the same time are committed together, and none is told "kept" before it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from django.db import OperationalError, transaction

from consultant import casebook, doorkeeper, pipeline
from consultant.doorkeeper import _Handed, _keep_all
from consultant.models import Case, Letter
from consultant.vocabulary import Envelope
from tests.conftest import envelope, letter


def handed(number: int) -> _Handed:
    return _Handed(letter(message_id=f"<{number}@clinic.example>"), envelope(identity=f"smtp:{number}"))


def test_each_letter_of_a_batch_gets_a_case_of_its_own(db: None) -> None:
    batch = [handed(1), handed(2), handed(3)]
    _keep_all(batch)
    assert [one.trouble for one in batch] == [None] * 3
    assert sorted(one.case or 0 for one in batch) == sorted(Case.objects.values_list("pk", flat=True))


def test_the_same_delivery_twice_in_a_batch_is_one_letter(db: None) -> None:
    first, again = handed(1), handed(1)
    _keep_all([first, again])
    assert first.case == again.case
    assert Letter.objects.count() == 1


def test_no_letter_suffers_from_another_s_trouble(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, receive = [handed(1), handed(2), handed(3)], pipeline.receive

    def picky(raw: bytes, came: Envelope) -> Case:
        if raw == batch[1].raw:
            raise OperationalError("disk I/O error")
        return receive(raw, came)

    monkeypatch.setattr(pipeline, "receive", picky)
    _keep_all(batch)
    assert [bool(one.case) for one in batch] == [True, False, True]
    assert [isinstance(one.trouble, OperationalError) for one in batch] == [False, True, False]
    assert Letter.objects.count() == 2


def test_a_commit_that_fails_tells_nobody_that_a_letter_is_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def failing() -> Iterator[None]:
        with transaction.atomic():
            yield
            raise OperationalError("database or disk is full")

    def full(_raw: bytes, _came: Envelope) -> Case:
        raise OperationalError("database or disk is full")

    batch, receive = [handed(1), handed(2)], pipeline.receive
    monkeypatch.setattr(doorkeeper, "writing", failing)
    left = iter((receive, receive, full, full))  # once together, then each alone

    def filling_up(raw: bytes, came: Envelope) -> Case:
        return next(left)(raw, came)

    monkeypatch.setattr(pipeline, "receive", filling_up)
    _keep_all(batch)
    assert [(one.case, type(one.trouble)) for one in batch] == [(None, OperationalError)] * 2
    assert Letter.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_letters_from_many_threads_are_all_kept() -> None:
    cases: dict[int, int] = {}

    def hand_in(number: int) -> None:
        one = handed(number)
        cases[number] = doorkeeper.keep(one.raw, one.envelope)

    threads = [Thread(target=hand_in, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set(cases.values())) == 12 == Letter.objects.count()


@pytest.mark.django_db(transaction=True)
def test_the_turn_is_given_up_with_the_commit_and_before_anyone_is_nudged() -> None:
    seen: list[bool] = []
    with casebook.writing():
        transaction.on_commit(lambda: seen.append(casebook._turn.locked()))
        assert casebook._turn.locked()
    with pytest.raises(ZeroDivisionError), casebook.writing():
        raise ZeroDivisionError
    assert seen == [False]
    assert not casebook._turn.locked()
