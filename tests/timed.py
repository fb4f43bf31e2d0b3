"""Hostile text: what is made of it in two seconds of the processor, and on a slow machine in time that grows with its length."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

MOST = 2.0  # seconds of the processor
LINEAR = 20  # times what a tenth of the text takes; work in square time takes a hundred times as much
SIZE = 100_000  # characters
T = TypeVar("T")


def made_in_time(work: Callable[[str], T], part: str) -> T:
    """What `work` makes of `part`, repeated to 100 kB. Fails when that takes too long."""
    spent, made = _timed(work, part * (SIZE // len(part)))
    if spent >= MOST:
        tenth, _ = _timed(work, part * (SIZE // 10 // len(part)))
        assert spent < LINEAR * tenth, f"{spent:.1f} s, and a tenth of it takes {tenth:.1f} s"
    return made


def _timed(work: Callable[[str], T], text: str) -> tuple[float, T]:
    start = time.process_time()
    made = work(text)
    return time.process_time() - start, made
