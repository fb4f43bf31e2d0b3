"""Care that has one code for its first day and another for each day after it: how many later days the letter tells."""

from __future__ import annotations

import re

from consultant.advice.official.edits import is_visit
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.vocabulary import days_to

#: First day → each later one. What goes by a level each day is told day by day elsewhere.
LATER = {"94002": "94003", "99468": "99469", "99471": "99472", "99475": "99476"}
_NAMES = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: n for n, word in enumerate(_NAMES, start=2)}
_N = rf"\d{{1,2}}|{'|'.join(_NAMES)}"
_KIND = r"(?:calendar |hospital |icu |consecutive |straight |vent(?:ilator)? )?"
#: "Five subsequent days", "the next three days".
_MORE = re.compile(
    rf"\b(?P<n>{_N}) (?:more|further|additional|subsequent|later|other|following) {_KIND}days?\b"
    rf"|\b(?:next|following|subsequent|another|additional) (?P<m>{_N}) {_KIND}days\b",
    re.IGNORECASE,
)
#: "Day 1 through day 4", "days 2-5", "the second to the fifth day": up to which day.
_UP_TO = re.compile(
    r"\bdays? ?(?:1|2|one|two) ?(?:-|–|to|through|thru|until|till) ?(?:days? )?(?P<n>\d{1,2}|two|three|four|five|six|seven)\b",
    re.IGNORECASE,
)
#: "For four days", "five days in all", "codes for three days": the first one is among them.
_IN_ALL = re.compile(
    rf"\b(?:for|over|all|total of|lasted|managed|bill(?:ing)?|was) (?:a total of |all |the |these )?(?P<n>{_N}) {_KIND}days\b"
    rf"(?! (?:later|after|ago|before|old))|\b(?P<m>{_N}) {_KIND}days (?:in all|total|altogether|in total)\b",
    re.IGNORECASE,
)
#: "Set up Friday, adjusted Saturday and Sunday": days by their names. "Monday till Thursday": up to the second one.
_NAME = r"(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:days?|s|sdays?|nesdays?|rs|rsdays?|urdays?)?\b"
_WEEKDAY = re.compile(rf"(?P<till>(?:\b(?:to|through|thru|until|till|til)|-|–) ?)?\b{_NAME}", re.IGNORECASE)
#: Where the later days were spent otherwise.
_ELSE = re.compile(r"\b(?:floor|step-?down|stable|home|weaned|extubated|intermediate|out of|off the)\b", re.IGNORECASE)
MOST = 31


def later_days_rule(sheet: Sheet) -> Ruling:
    """As many units of the code for later days as the letter tells of them, beside the one first day."""
    text = sheet.findings.question.text
    first = [code for code in LATER if code in sheet.lines]
    later = LATER[first[0]] if len(first) == 1 else ""
    if later and later not in sheet.lines:  # then each of them must be told as a later day of the same care
        others = any(is_visit(code) for code in sheet.lines if code not in first)
        later = later if _MORE.search(text) and not others and not _ELSE.search(text) and later not in sheet.refused else ""
    days = _later_days(text) if later else 0
    if not 0 < days <= MOST:
        return Ruling()
    told = f"{first[0]} for the first day, and {later} once for each of the {days} days after it."
    kept = {code: n for code, n in sheet.units.items() if code in sheet.lines}
    said = Saying("why", told, (record_source(sheet.book, later),))
    return Ruling((later,), units={**kept, first[0]: 1, later: days}, counts=True, sayings=(said,))


def _later_days(text: str) -> int:
    """The days after the first one; 0 where the letter does not tell, or not clearly."""
    for pattern, taken in ((_MORE, 0), (_UP_TO, 1), (_IN_ALL, 1)):
        told = {_number(match[match.lastgroup or 0]) - taken for match in pattern.finditer(text)}
        if told:
            return max(0, told.pop()) if len(told) == 1 else 0
    named = [*_WEEKDAY.finditer(text)]
    names = {match["day"].lower() for match in named}
    if any(match["till"] for match in named):
        return days_to(named[0]["day"], named[1]["day"]) if len(named) == len(names) == 2 and named[1]["till"] else 0
    return max(0, len(names) - 1)


def _number(written: str) -> int:
    return _WORDS.get(written.lower()) or int(written)
