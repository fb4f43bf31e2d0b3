"""The nudge: "look at this case". The casebook is the queue, so a lost nudge costs time and never a letter."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby
from queue import Full, Queue
from threading import Thread
from typing import NamedTuple

from celery import Celery
from django.db import transaction

log = logging.getLogger(__name__)

app = Celery("consultant")
app.config_from_object("django.conf:settings", namespace="CELERY")
#: Celery would close the database connection before and after each task; `worker.py` lets go of it when it died or is old.
app.conf["CELERY_DB_REUSE_MAX"] = 10**12

#: Nudges that wait to be given while a broker is slow; the sweep finds the cases of those beyond.
MOST_WAITING = 1000
#: A door's nudges of one moment go in one message, so many at most: a message costs both sides a tenth of what its letter costs.
#: Few enough that no worker has a pile before it while another is idle.
MOST_TOGETHER = 8
MOMENT_SECONDS = 0.02


class Nudge(NamedTuple):
    """What a worker is told of a case: the task, after how many seconds at the earliest, within how many at the latest."""

    task: str
    case_id: int
    after: float = 0
    good_for: float | None = None

    @property
    def terms(self) -> tuple[str, float, float | None]:
        """Those of the same terms may go together."""
        return self.task, self.after, self.good_for


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
        gathered = [waiting.get()]
        time.sleep(MOMENT_SECONDS)
        gathered += [waiting.get() for _ in range(min(waiting.qsize(), MOST_TOGETHER - 1))]  # nobody else takes from it
        for _, alike in groupby(gathered, key=lambda nudge: nudge.terms):
            _send([*alike])


def _publish(task: str, case_id: int, after: float = 0, good_for: float | None = None) -> None:
    nudge = Nudge(task, case_id, after, good_for)
    if not _behind:
        _send([nudge])
        return
    try:
        _behind[0].put_nowait(nudge)
    except Full:
        log.warning("no nudge for case %s (%s wait for the broker): the sweep will find it", case_id, MOST_WAITING)


def _send(nudges: Sequence[Nudge]) -> None:
    """One message for nudges of the same terms."""
    task, after, good_for = nudges[0].terms
    cases = [nudge.case_id for nudge in nudges]
    try:
        app.send_task(task, args=cases, retry=False, countdown=after or None, expires=good_for)
    except Exception as trouble:  # noqa: BLE001  (the letter is committed: no broker's trouble may reach whoever handed it in)
        told = ", ".join(map(str, cases))
        log.warning("no nudge for case %s (%s): the sweep will find it", told, type(trouble).__name__)
