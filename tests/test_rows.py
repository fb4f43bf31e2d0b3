"""Rows written by hand are the rows that Django would have written, and a worker's commits are as firm as they must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.utils import timezone

from consultant import audit, casebook, pipeline, review, steering
from consultant.models import Block, Case, Event, Letter, rows
from consultant.vocabulary import Status
from tests.conftest import envelope, letter, person, sent_files


def case_of(sender: str, minutes_ago: int = 0, **more: Any) -> Case:
    now = timezone.now() - timedelta(minutes=minutes_ago)
    case = Case(status=Status.RECEIVED, sender_email=sender, created_at=now, changed_at=now, **more)
    rows.insert(case)
    return case


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_read_back_as_django_reads_it(db: None) -> None:
    case = case_of("maria@clinic.example", triage={"verdict": "Größe ≥ 2"}, confidence=0.5)
    [read] = rows.select(Case, {"pk": case.pk})
    assert columns(read) == columns(Case.objects.get(pk=case.pk)) == columns(case)
    assert read.triage == {"verdict": "Größe ≥ 2"}


def test_a_sealed_letter_is_sealed_in_the_table_and_open_in_the_hand(db: None, settings: Any, tmp_path: Path) -> None:
    settings.LETTER_KEY_FILE = str(tmp_path / "keys")
    Path(settings.LETTER_KEY_FILE).write_bytes(Fernet.generate_key())
    case = pipeline.receive(letter(), envelope())
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM consultant_letter WHERE case_id = %s", [case.pk])
        assert bytes(cursor.fetchone()[0]).startswith(b"sealed:1:")
    [read] = rows.select(Letter, {"case": case})
    assert read.raw == letter() == Letter.objects.get(case=case).raw


def test_only_a_row_that_stands_as_it_did_is_changed(db: None) -> None:
    case = case_of("maria@clinic.example")
    assert rows.swap(Case, {"pk": case.pk, "tries": 0}, {"tries": 1, "hint": "100 % sure", "joined_to": case})
    assert not rows.swap(Case, {"pk": case.pk, "tries": 0}, {"tries": 2})
    case.refresh_from_db()
    assert (case.tries, case.hint, case.joined_to_id) == (1, "100 % sure", case.pk)


def test_a_row_that_is_due_is_taken_and_read_at_once(db: None) -> None:
    now = timezone.now()
    case = case_of("maria@clinic.example", triage={"verdict": "question"})
    due = {"pk": case.pk, "tries": 0, "retry_after__due": now}
    Case.objects.filter(pk=case.pk).update(retry_after=now + timedelta(seconds=5))
    assert rows.take(Case, due, {"tries": 1}) is None
    Case.objects.filter(pk=case.pk).update(retry_after=now - timedelta(seconds=5))
    taken = rows.take(Case, due, {"tries": 1})
    assert taken is not None
    assert columns(taken) == columns(Case.objects.get(pk=case.pk))
    assert (taken.tries, taken.triage) == (1, {"verdict": "question"})
    assert rows.take(Case, due, {"tries": 1}) is None
    Case.objects.filter(pk=case.pk).update(tries=0, retry_after=None)
    assert rows.take(Case, due, {"tries": 1}) is not None


def test_rows_are_counted_and_found_by_what_they_hold(db: None) -> None:
    old, new, other = case_of("a@x.example", 90), case_of("a@x.example", 5), case_of("b@x.example")
    hour = {"created_at__gt": timezone.now() - timedelta(hours=1), "sender_email": "a@x.example"}
    assert rows.count(Case, hour) == 1
    assert rows.count(Case, {**hour, "pk__not": new.pk}) == 0
    assert rows.count(Case, {"created_at__lte": new.created_at}) == 2
    found = rows.among(Case, "sender_email", ["b@x.example", "a@x.example", "c@x.example"], ("pk", "sender_email"))
    assert found == [(old.pk, "a@x.example"), (new.pk, "a@x.example"), (other.pk, "b@x.example")]
    assert rows.among(Case, "sender_email", [], ("pk",)) == []


def test_what_the_table_forbids_is_refused_as_ever(transactional_db: None) -> None:
    case, user = case_of("maria@clinic.example"), person("bob")
    facts = {"case": case, "seq": 1, "at": timezone.now(), "actor": "engine", "kind": "received", "after": "received"}
    rows.insert(Event(**facts))
    with pytest.raises(IntegrityError):
        rows.insert(Event(**facts))
    assert rows.select(Block, {"by": user}) == []


# --- a worker's way -----------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """As kill -9 looks from inside: nothing after it runs."""


def test_a_letter_that_kills_its_worker_in_a_later_step_is_counted_there_and_given_up_after_three_times(
    mail: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killing(case: Case) -> None:
        raise Killed

    monkeypatch.setitem(pipeline.STEPS, Status.ACCEPTED, killing)
    case = pipeline.receive(letter(), envelope())
    for tries in (1, 2, 3):
        with pytest.raises(Killed):
            steering.advance(case.pk)
        case.refresh_from_db()
        assert (case.status, case.tries) == (Status.ACCEPTED, tries)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.QUARANTINED
    assert "broke off three times" in case.trouble


def test_a_case_that_got_through_has_no_try_left_on_it(mail: Callable[..., Case]) -> None:
    case = mail()
    assert (case.status, case.tries) == (Status.DRAFTED, 0)


@pytest.mark.parametrize("status", list(pipeline.STEPS))
def test_of_two_workers_on_one_case_one_does_the_step_and_the_other_goes_home(
    status: Status, mail: Callable[..., Case], outbox: Path, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, came = pipeline.STEPS[status], []

    def with_another_worker(case: Case) -> None:
        if not came:
            came.append(case.pk)
            steering.advance(case.pk)  # he was told of the case too, and is faster
        step(case)

    monkeypatch.setitem(pipeline.STEPS, status, with_another_worker)
    case = mail()
    review.approve(case, bob, version=1, letters=1)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert came == [case.pk]
    assert (case.status, case.drafts.count(), len(sent_files(outbox))) == (Status.SENT, 1, 1)
    assert audit.verify(case) == []


def waits_for_the_disk() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit")
        return cursor.fetchone()[0] in {2, "on"}


def test_what_would_be_done_again_waits_for_no_disk_and_what_leaves_the_house_does(
    mail: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, bool] = {}
    for status in (Status.RECEIVED, Status.CLASSIFIED, Status.APPROVED):
        monkeypatch.setitem(pipeline.STEPS, status, _watched(pipeline.STEPS[status], seen))
    case = mail()
    assert waits_for_the_disk()
    Case.objects.filter(pk=case.pk).update(status=Status.APPROVED)
    steering.advance(case.pk)
    assert seen == {"triage": False, "draft": False, "deliver": True}


def test_of_several_cases_in_one_message_only_those_that_would_be_done_again_wait_for_no_disk(
    mail: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    approved = mail()
    Case.objects.filter(pk=approved.pk).update(status=Status.APPROVED)
    new = [pipeline.receive(letter(message_id=f"<{n}@x.example>"), envelope(identity=f"smtp:{n}")) for n in (1, 2)]
    seen: list[tuple[int, str, bool]] = []
    told: list[str] = []

    def watched(step: Callable[[Case], None]) -> Callable[[Case], None]:
        def work(case: Case) -> None:
            seen.append((case.pk, step.__name__, waits_for_the_disk()))
            step(case)

        return work

    for status in (Status.RECEIVED, Status.CLASSIFIED, Status.APPROVED):
        monkeypatch.setitem(pipeline.STEPS, status, watched(pipeline.STEPS[status]))
    with monkeypatch.context() as listening:
        say = casebook._say
        listening.setattr(casebook, "_say", lambda command: (told.append(command), say(command)))
        steering.advance(new[0].pk, new[1].pk, approved.pk, new[1].pk + 1000)
    assert seen == [
        (new[0].pk, "triage", False),
        (new[0].pk, "draft", False),
        (new[1].pk, "triage", False),
        (new[1].pk, "draft", False),
        (approved.pk, "deliver", True),
    ]
    assert waits_for_the_disk()
    lightly, firmly = casebook.LIGHTLY[connection.vendor]
    assert told == [lightly, firmly, lightly, firmly], "told once for the two that follow each other, and looked for the last"


def _watched(step: Callable[[Case], None], seen: dict[str, bool]) -> Callable[[Case], None]:
    def watched(case: Case) -> None:
        seen[step.__name__] = waits_for_the_disk()
        step(case)

    return watched


def test_commits_are_firm_again_after_a_step_that_failed(transactional_db: None) -> None:
    def step() -> None:
        with casebook.redoable():
            assert not waits_for_the_disk()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        step()
    assert waits_for_the_disk()
