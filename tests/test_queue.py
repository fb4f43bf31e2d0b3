"""Nudges are given behind the door's back: the casebook is the queue, and no broker keeps a mail server waiting."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from consultant import queue

SOON = 10  # seconds


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_behind", [])
    monkeypatch.setattr(queue, "MOST_WAITING", 3)
    queue.give_behind()


@pytest.mark.django_db(transaction=True)
def test_a_slow_broker_keeps_no_door_waiting_and_gets_every_nudge_it_has_room_for(
    behind: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked, awake, given, all_given = threading.Event(), threading.Event(), [], threading.Event()

    def send_task(task: str, args: list[int], **how: Any) -> None:
        asked.set()
        assert awake.wait(SOON)
        given.extend((task, number) for number in args)
        if len(given) == 4:
            all_given.set()

    monkeypatch.setattr(queue.app, "send_task", send_task)
    queue.nudge(1)
    assert asked.wait(SOON)
    for case_id in (2, 3, 4, 5):
        queue.nudge(case_id)
    assert given == []
    awake.set()
    assert all_given.wait(SOON)
    assert given == [("worker.advance", number) for number in (1, 2, 3, 4)]
    assert "no nudge for case 5" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_stops_no_later_nudge(behind: None, monkeypatch: pytest.MonkeyPatch) -> None:
    failed, given = threading.Event(), threading.Event()

    def send_task(task: str, args: list[int], **how: Any) -> None:
        if 1 in args:
            failed.set()
            raise ConnectionError
        given.set()

    monkeypatch.setattr(queue.app, "send_task", send_task)
    queue.nudge(1)
    assert failed.wait(SOON)
    queue.nudge(2)
    assert given.wait(SOON)


@pytest.mark.django_db(transaction=True)
def test_nudges_of_one_moment_go_in_one_message_but_for_those_of_other_terms(
    behind: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_WAITING", 100)
    monkeypatch.setattr(queue, "MOST_TOGETHER", 3)
    monkeypatch.setattr(queue, "MOMENT_SECONDS", 0.2)
    monkeypatch.setattr(queue, "_behind", [])
    queue.give_behind()
    given: list[tuple[list[int], float | None]] = []
    all_given = threading.Event()

    def send_task(task: str, args: list[int], countdown: float | None, **how: Any) -> None:
        given.append((args, countdown))
        if sum(len(cases) for cases, _ in given) == 6:
            all_given.set()

    monkeypatch.setattr(queue.app, "send_task", send_task)
    for case_id in (1, 2, 3, 4):
        queue.nudge(case_id)
    queue.nudge(5, after=30)
    queue.nudge(6)
    assert all_given.wait(SOON)
    assert given == [([1, 2, 3], None), ([4], None), ([5], 30), ([6], None)]
