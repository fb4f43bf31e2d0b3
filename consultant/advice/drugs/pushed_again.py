"""The same drug pushed into a vein again: a service of its own in a hospital only, and only past half an hour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consultant.advice.drugs.givings import Giving
from consultant.advice.drugs.infusion import HALF_HOUR, OFFICE

#: Words by which a letter means the same drug again.
_SAYS_AGAIN = re.compile(r"\b(?:again|repeat\w*|same drug|second dose|twice)\b", re.IGNORECASE)
_HOSPITAL = re.compile(r"\b(?:hospital\w*|facility|emergency|observation|ED|ER)\b")
_LATER = re.compile(
    r"\b(?P<n>\d{1,3}|an?|one|two|three|half an)[ -](?P<unit>min(?:ute)?s?|hours?|hrs?) (?:later|apart|after|(?:in )?between)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?<![\w.:/$-])(?P<h>[01]?\d|2[0-3])(?::(?P<m>[0-5]\d)|(?P<mm>(?<=\d\d)[0-5]\d))(?![\w:/]|\.\d)")
_NUMBERS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "half an": 0.5}


@dataclass(frozen=True, slots=True)
class Again:
    """`first`: what was given without pushes of a drug that had been pushed before. `counted`: those that a hospital bills.

    `minutes`: the shortest time between two pushes of one drug; None where nothing was pushed again.
    """

    first: list[Giving]
    counted: int = 0
    minutes: int | None = None
    in_practice: bool = False


def pushed_again(text: str, given: list[Giving]) -> Again | None:
    """None where the letter means a drug again, and does not tell which, where or after how long."""
    repeats = {at: before for at in range(len(given)) if (before := _earlier(given, at)) is not None}
    if not repeats:
        return None if _SAYS_AGAIN.search(text) else Again(given)
    in_practice = bool(OFFICE.search(text))
    gaps = [_minutes(text, given, before, at) for at, before in repeats.items()]
    known = [gap for gap in gaps if gap is not None]
    if len(known) < len(gaps) or not (in_practice or _HOSPITAL.search(text)):
        return None
    first = [one for at, one in enumerate(given) if at not in repeats]
    counted = 0 if in_practice else sum(gap > HALF_HOUR for gap in known)
    return Again(first, counted, min(known), in_practice)


def _earlier(given: list[Giving], at: int) -> int | None:
    """Where the drug that is pushed here was pushed last."""
    one = given[at]
    if one.way != "push" or one.kind == "fluid" or one.is_mixed:
        return None
    before = (i for i in range(at - 1, -1, -1) if given[i].way == "push" and _name(given[i]) == _name(one))
    return next(before, None)


def _name(one: Giving) -> str:
    """The drug without its way: "IV Zofran" is "zofran"."""
    return one.name.lower().removeprefix("iv ").removesuffix(" iv")


def _minutes(text: str, given: list[Giving], before: int, at: int) -> int | None:
    """Minutes between two pushes of a drug: by the time of day of each giving, or as told."""
    times = list(_times(text))
    if len(times) == len(given) and times == sorted(times):
        return times[at] - times[before]
    if told := _LATER.search(text):
        amount = _NUMBERS.get(told["n"].lower()) or float(told["n"])
        return round(amount * (60 if told["unit"][0] in "hH" else 1))
    return None


def _times(text: str) -> Iterator[int]:
    """The times of day of the letter, in minutes since midnight."""
    for time in _TIME.finditer(text):
        yield 60 * int(time["h"]) + int(time["m"] or time["mm"])
