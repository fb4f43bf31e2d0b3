"""A process of the house that can be struck dead at a named step, and whose clock can be set: `python -m tests.struck NAME …`.

What follows the name is the program as `env` would start it: `celery -A worker worker`, `PORT=1 consultant doors`. The folder
TEST_FAULTS holds a file for each blow that is due, such as “doors after receive”: the process that comes to that step takes
the file away and kills itself and its children as kill -9 does, without a word to anyone. “clock” holds the seconds by which
Django's clock is wrong.
"""

from __future__ import annotations

import functools
import os
import runpy
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.utils import timezone

FAULTS = Path(os.environ.get("TEST_FAULTS", "."))


def main() -> None:
    name, *words = sys.argv[1:]
    while "=" in words[0]:
        variable, _, value = words.pop(0).partition("=")
        os.environ[variable] = value
    module, *words = words
    django.setup()
    _set_the_clock()
    _lay_the_mines(name)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _set_the_clock() -> None:
    real = timezone.now

    def now() -> datetime:
        try:
            return real() + timedelta(seconds=float((FAULTS / "clock").read_text()))
        except FileNotFoundError:
            return real()

    timezone.now = now


def _lay_the_mines(name: str) -> None:
    from consultant import correspondence, doorkeeper, pipeline, precedents, queue, review, steering

    places: list[tuple[Any, str]] = [
        (pipeline, "receive"),  # before it nothing is kept; after it all is, and the other side was not told
        (queue, "nudge"),  # the row, the event and the letter are written and not yet committed
        (doorkeeper, "advance"),  # an IMAP letter is kept and the cursor does not know
        (steering, "_take_up"),
        (steering, "_take_up_new"),
        (correspondence, "add_draft"),  # a draft is written, its case not yet moved, nothing committed
        (correspondence, "dispatch"),  # before it the case says SENDING; after it the mail has left and nobody knows
        (precedents, "remember"),  # the outcome is written and not yet committed
        (review, "approve"),
    ]
    for module, function in places:
        setattr(module, function, _mined(getattr(module, function), name, function.strip("_").removesuffix("_new")))
    for status, step in pipeline.STEPS.items():
        pipeline.STEPS[status] = _mined(step, name, step.__name__)


def _mined(work: Callable[..., Any], name: str, step: str) -> Callable[..., Any]:
    @functools.wraps(work)
    def mined(*args: Any, **kwargs: Any) -> Any:
        _strike(f"{name} before {step}")
        result = work(*args, **kwargs)
        _strike(f"{name} after {step}")
        return result

    return mined


def _strike(moment: str) -> None:
    """Die if a blow is due for this process, or for any of its kind ("worker before deliver")."""
    name, _, rest = moment.partition(" ")
    for due in (moment, f"{name.rstrip('0123456789')} {rest}"):
        try:
            (FAULTS / due).unlink()
        except FileNotFoundError:
            continue
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
