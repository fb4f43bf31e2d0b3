"""Days from a discharge to a visit that the letter tells by weekdays alone: "home on Friday, seen Wednesday"."""

from __future__ import annotations

import re

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
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
    from_day, to_day = (_DAYS.index(found["day"].lower()) for found in (left[0], seen[0]))
    days = (to_day - from_day) % 7
    if _WEEK_ON.search(seen[0]["gap"]):
        days += 7 if to_day > from_day else 0
    return str(days or 7)
