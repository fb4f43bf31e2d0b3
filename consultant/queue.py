"""The nudge: "look at this case". The casebook is the queue, so a lost nudge costs time and never a letter."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from queue import Full, Queue
from threading import Thread

from celery import Celery
from django.db import transaction

log = logging.getLogger(__name__)

app = Celery("consultant")
app.config_from_object("django.conf:settings", namespace="CELERY")
#: Celery would close the database connection before and after each task; `worker.py` lets go of it when it died or is old.
app.conf["CELERY_DB_REUSE_MAX"] = 10**12

#: Nudges that wait to be given while a broker is slow; the sweep finds the cases of those beyond.
MOST_WAITING = 1000
Nudge = tuple[str, int, float, float | None]
_behind: list[Queue[Nudge]] = []  # the one that a thread of this process empties, where there is one

_in_hand: ContextVar[int | None] = ContextVar("case in hand", default=None)


@contextmanager
def in_hand(case_id: int) -> Iterator[None]:
    """Whoever works on the case goes on by itself after each move: nudging it would only wake a second worker for nothing."""
    token = _in_hand.set(case_id)
    try:
        yield
    finally:
        _in_hand.reset(token)


def is_in_hand(case_id: int) -> bool:
    """Whether the worker that asks is at work on the case."""
    return _in_hand.get() == case_id


def nudge(case_id: int, *, after: float = 0, good_for: float | None = None) -> None:
    """Tell a worker about the case once the running transaction is committed, or that many seconds later.

    A nudge that no worker came to within `good_for` seconds is forgotten. A broker that is down is a line in the log.
    """
    if not is_in_hand(case_id):
        transaction.on_commit(lambda: _publish("worker.advance", case_id, after, good_for))


def acknowledge(case_id: int) -> None:
    """Have the receipt of the case sent once the running transaction is committed."""
    transaction.on_commit(lambda: _publish("worker.acknowledge", case_id))


def give_behind() -> None:
    """From here on a thread of its own gives this process's nudges: a door says 250 once the letter is committed, however slow
    the broker is. What is not given when the process ends is found by the sweep, as after a kill.
    """
    _behind.append(Queue(MOST_WAITING))
    Thread(target=_give, args=(_behind[0],), name="nudges", daemon=True).start()


def _give(waiting: Queue[Nudge]) -> None:
    while True:
        _send(*waiting.get())


def _publish(task: str, case_id: int, after: float = 0, good_for: float | None = None) -> None:
    if not _behind:
        _send(task, case_id, after, good_for)
        return
    try:
        _behind[0].put_nowait((task, case_id, after, good_for))
    except Full:
        log.warning("no nudge for case %s (%s wait for the broker): the sweep will find it", case_id, MOST_WAITING)


def _send(task: str, case_id: int, after: float, good_for: float | None) -> None:
    try:
        app.send_task(task, args=[case_id], retry=False, countdown=after or None, expires=good_for)
    except Exception as trouble:  # noqa: BLE001  (the letter is committed: no broker's trouble may reach whoever handed it in)
        log.warning("no nudge for case %s (%s): the sweep will find it", case_id, type(trouble).__name__)
