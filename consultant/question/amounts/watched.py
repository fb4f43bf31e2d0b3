"""Hours of observation told by two times of day, apart from one another: "obs order at 8 pm Monday, left Tuesday at 3 pm"."""

from __future__ import annotations

import re

from consultant.vocabulary import Fact, Span, days_to

_TIME = r"(?:(?P<{0}h>\d{{1,2}})(?::(?P<{0}m>[0-5]\d))?\s?(?P<{0}p>[ap])\.?m?\b\.?|(?P<{0}w>noon|midnight)\b)"
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
#: The order for observation or its begin, then the end of the care, each with its time of day.
_WATCHED = re.compile(
    rf"\b(?:observation|obs)\b(?P<one>[^.;?!\d\n]{{0,50}}?){_TIME.format('a')}(?P<two>[^\n\d]{{0,90}}?)"
    r"\b(?:left|leaves|went home|goes home|home|discharged?|released?|let go|ended|over|stopped|admitted|inpatient order)\b"
    rf"(?P<three>[^.;?!\d\n]{{0,40}}?){_TIME.format('b')}(?P<four>[^.;?!\d\n]{{0,20}})",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"\b{_DAY}\b", re.IGNORECASE)
_LATER = re.compile(r"\b(?:next|following) (?:day|morning|afternoon|evening)\b|\bday after\b|\bovernight\b", re.IGNORECASE)
_TWO_LATER = re.compile(r"\b(?:two days later|third day|second morning|after two nights|two nights)\b", re.IGNORECASE)
#: The hospital counts its hours; of the doctor's discharge the minutes on the ward count, not these.
_COUNTED = re.compile(
    r"\bG0378\b|\bhow many (?:hours|units)\b|\b(?:observation|obs) (?:hours|units)\b|\b(?:hours|units) of (?:observation|obs)\b"
    r"|\b(?:facility|hospital(?:'s)?) (?:bill|claim|side|line|units|charge)s?\b",
    re.IGNORECASE,
)
A_DAY = 24 * 60


def watched(text: str) -> list[Fact]:
    """The minutes from the order for observation to the end of the care, where a letter tells both times of day."""
    match = _WATCHED.search(text) if _COUNTED.search(text) else None
    if not match:
        return []
    begin, end = _minute(match, "a"), _minute(match, "b")
    if begin is None or end is None:
        return []
    lasted = (end - begin) % A_DAY + A_DAY * _whole_days(match, later=end > begin)
    return [Fact("minutes", str(lasted), Span(match.start(), match.end(), match.group(), "clock"))] if lasted else []


def _minute(match: re.Match[str], at: str) -> int | None:
    if match[f"{at}w"]:
        return 720 if match[f"{at}w"].lower() == "noon" else 0
    hour = int(match[f"{at}h"])
    return None if hour > 12 else 60 * (hour % 12 + (12 if match[f"{at}p"].lower() == "p" else 0)) + int(match[f"{at}m"] or 0)


def _whole_days(match: re.Match[str], *, later: bool) -> int:
    """Days beside the hours between the two times. `later`: the end is later on the clock than the begin."""
    first = _WEEKDAY.search(match["one"] + match["two"])
    last = _WEEKDAY.search(match["three"] + match["four"]) or _last(match["two"], first)
    if first and last and first.group().lower()[:3] != last.group().lower()[:3]:
        passed = days_to(first.group(), last.group())
        return passed if later else passed - 1
    between = match["two"] + match["three"] + match["four"]
    if _TWO_LATER.search(between):
        return 2 if later else 1
    return 1 if later and _LATER.search(between) else 0


def _last(between: str, first: re.Match[str] | None) -> re.Match[str] | None:
    named = list(_WEEKDAY.finditer(between))
    return named[-1] if named and first else None
