"""Several processes at the same work: forked, watched, and started anew when one dies. For doors that share their ports.

The foreman has no thread, no line to the database and no work of its own, so that it may fork at any time. When it dies itself
its crew sees the end of a pipe that only it writes to, and goes as if told to: whoever starts it anew finds the ports free.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType

log = logging.getLogger(__name__)
#: One that dies so soon after its start died of what would kill the next as well.
YOUNG_SECONDS = 5.0
LOOK_SECONDS = 0.1
#: So long may one take to end what it has in hand.
PATIENCE_SECONDS = 20.0


class CrewLost(Exception):
    """One of them can't do its work; the log above says why."""


def lead(count: int, work: Callable[[int], None]) -> None:
    """Have `work(0)` … `work(count - 1)` done in a process each until SIGTERM or SIGINT. Raises CrewLost when one dies young."""
    told: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    pipe = os.pipe()
    crew = {_begin(place, work, pipe): (place, time.monotonic()) for place in range(count)}
    try:
        while not told:
            time.sleep(LOOK_SECONDS)
            for pid in [pid for pid in crew if _is_gone(pid)]:
                place, since = crew.pop(pid)
                if time.monotonic() - since < YOUNG_SECONDS:
                    raise CrewLost(
                        f"Process {place + 1} of {count} stopped by itself soon after its start. The log above says why."
                    )
                log.warning("process %s of %s stopped by itself: another takes its place", place + 1, count)
                crew[_begin(place, work, pipe)] = (place, time.monotonic())
    finally:
        _end(set(crew))


def _begin(place: int, work: Callable[[int], None], pipe: tuple[int, int]) -> int:
    """Fork one of the crew; returns its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    if pid := os.fork():
        return pid
    code = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.close(pipe[1])
        threading.Thread(target=_go_with, args=(pipe[0],), name="foreman", daemon=True).start()
        work(place)
        code = 0
    except Exception:  # noqa: BLE001  (whatever it was: nothing of the foreman's own way may be gone on with here)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _go_with(foreman: int) -> None:
    """Wait for the foreman's end, and end as if told to."""
    os.read(foreman, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _is_gone(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _end(left: set[int]) -> None:
    """Tell those that are left to end, and wait for them; who takes too long is killed."""
    until = time.monotonic() + PATIENCE_SECONDS
    for pid in left:
        os.kill(pid, signal.SIGTERM)
    while left := {pid for pid in left if not _is_gone(pid)}:
        if time.monotonic() > until:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        time.sleep(LOOK_SECONDS)
