"""Days from a discharge to a visit that the letter tells by weekdays alone: "home on Friday, seen Wednesday"."""

from __future__ import annotations

import re

from consultant.vocabulary import days_to

_DAY = r"(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:days?|s|sdays?|nesdays?|rs|rsdays?|urdays?)?\b"
_LEFT = re.compile(
    r"\b(?:discharged?|d/?c'?d|went home|sent home|came home|left the hospital|home from the hospital|released)\b"
    r"[^.;?!\d]{0,40}?\b" + _DAY,
    re.IGNORECASE,
)
_SEEN = re.compile(
    r"\b(?:seen|saw|sees|visit(?:ed)?|came in|comes in|in our office|in the office|in clinic|office|appointment)\b"
    r"(?P<gap>[^.;?!\d]{0,30}?)\b" + _DAY,
    re.IGNORECASE,
)
_WEEK_ON = re.compile(r"\b(?:next|following|week after)\b", re.IGNORECASE)
_LATER_STILL = re.compile(r"\bweeks?\b|\bmonths?\b|\d", re.IGNORECASE)


def days_by_weekday(text: str) -> str:
    """The days as a cell of a table; "" where not both weekdays are told, or more of the same kind."""
    left, seen = [*_LEFT.finditer(text)], [*_SEEN.finditer(text)]
    if len(left) != 1 or len(seen) != 1 or seen[0].start() < left[0].end():
        return ""
    if _LATER_STILL.search(text, left[0].end(), seen[0].end()):
        return ""
    days = days_to(left[0]["day"], seen[0]["day"])
    is_later = days_to("mon", seen[0]["day"]) > days_to("mon", left[0]["day"])  # in the same week
    return str((days or 7) + (7 if is_later and _WEEK_ON.search(seen[0]["gap"]) else 0))
