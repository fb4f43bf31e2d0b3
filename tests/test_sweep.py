"""What the sweep finds, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from consultant import pipeline, steering
from consultant.models import Case
from tests.conftest import envelope, letter

Nudges = list[tuple[object, ...]]


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> Nudges:
    """What was told to the workers: (task, case, after how many seconds, good for how many)."""
    told: Nudges = []
    monkeypatch.setattr("consultant.queue._publish", lambda *words: told.append(words))
    return told


@pytest.fixture
def case(transactional_db: None, nudges: Nudges) -> Case:
    """A letter just come in, whose nudge got lost."""
    found = pipeline.receive(letter(), envelope())
    nudges.clear()
    return found


def stands(case: Case, **columns: object) -> None:
    Case.objects.filter(pk=case.pk).update(**columns)


def test_a_forgotten_case_is_told_of_again_and_no_longer_than_until_the_next_sweep(case: Case, nudges: Nudges) -> None:
    """Workers that are an hour behind find one nudge of each case, and not sixty."""
    assert steering.sweep() == 1
    assert nudges == [("worker.advance", case.pk, 0, settings.SWEEP_SECONDS)]


def test_a_case_in_a_workers_hands_is_left_to_it_whether_it_had_to_wait_before_or_not(case: Case) -> None:
    now = timezone.now()
    stands(case, worked_at=now, tries=1)
    assert steering.sweep() == 0
    stands(case, retry_after=now - timedelta(seconds=5))
    assert steering.sweep() == 0
    stands(case, worked_at=now - timedelta(seconds=10))
    assert steering.sweep() == 1


def test_what_a_clock_ahead_of_its_time_wrote_keeps_no_case_waiting(case: Case) -> None:
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    stands(case, worked_at=tomorrow, tries=1)
    assert steering.sweep() == 1
    stands(case, worked_at=None, retry_after=tomorrow)
    assert steering.sweep() == 1
    stands(case, worked_at=None, retry_after=timezone.now() + timedelta(hours=4))
    assert steering.sweep() == 0
