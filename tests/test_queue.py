"""Nudges are given behind the door's back: the casebook is the queue, and no broker keeps a mail server waiting."""

from __future__ import annotations

import threading
import time
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
    awake, given, all_given = threading.Event(), [], threading.Event()

    def send_task(task: str, args: list[int], **how: Any) -> None:
        assert awake.wait(SOON)
        given.append((task, args[0]))
        if len(given) == 4:
            all_given.set()

    monkeypatch.setattr(queue.app, "send_task", send_task)
    queue.nudge(1)
    deadline = time.monotonic() + SOON
    while queue._behind[0].qsize() and time.monotonic() < deadline:
        time.sleep(0.001)  # until the thread has the first in its hand
    for case_id in (2, 3, 4, 5):
        queue.nudge(case_id)
    assert given == []
    awake.set()
    assert all_given.wait(SOON)
    assert given == [("worker.advance", number) for number in (1, 2, 3, 4)]
    assert "no nudge for case 5" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_stops_no_later_nudge(behind: None, monkeypatch: pytest.MonkeyPatch) -> None:
    given = threading.Event()

    def send_task(task: str, args: list[int], **how: Any) -> None:
        if args[0] == 1:
            raise ConnectionError
        given.set()

    monkeypatch.setattr(queue.app, "send_task", send_task)
    queue.nudge(1)
    queue.nudge(2)
    assert given.wait(SOON)
