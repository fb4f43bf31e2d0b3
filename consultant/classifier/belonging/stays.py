"""Where a patient was before: "in the ER last week, today in the clinic". The visit that is asked about is that of today."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

_MOST = 40  # sentences
_SENTENCE = re.compile(r"[^.;?!\n]+[.;?!\n]?")
_THERE = re.compile(
    r"\b(?:(?:sent|seen|treated|home|discharged|released|left|admitted|stayed) ){0,3}(?:(?:in|at|to|from|through|by) )?(?:the |our |an? )?(?:er|ed|emergency (?:room|dep(?:artmen)?t)|urgent care|hospital|nursing home|snf|rehab)\b"
    r"|\b(?:hospitali[sz]ed|inpatient|admitted|discharged)\b",
    re.IGNORECASE,
)
_MANY = r"(?:\d{1,3}|an?|one|two|three|four|five|six|several|a few|some|couple of|a couple of)"
_BEFORE = re.compile(
    rf"\b(?:last (?:week|month|year|spring|summer|fall|winter|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|{_MANY} (?:days?|weeks?|months?|years?) (?:ago|back|earlier))\b",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:today|now|this (?:morning|afternoon|time|visit)|yesterday)\b", re.IGNORECASE)
_HERE = re.compile(r"\b(?:office|clinic|practice)\b", re.IGNORECASE)
#: Where one of the asker's own met the patient there, that decides who is new; a transition is counted from there.
_DECIDES = re.compile(
    r"\b(?:saw|met|consult\w*|on call|rounded|operated|followed|group|partner|specialty|as new|new or|new to|count\w* as|tcm|transition\w*|global)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4)
def stays(whole: str) -> tuple[tuple[int, int], ...]:
    """The words for places where the patient was at another time, in a letter that goes on to tell a visit here and now."""
    told = [one for one in islice(_SENTENCE.finditer(whole), _MOST) if not one.group().endswith("?")]
    before = [one for one in told if _BEFORE.search(one.group()) and not _NOW.search(one.group()) and _THERE.search(one.group())]
    if not before or _DECIDES.search(whole):
        return ()
    here = [one for one in told if one.start() > before[0].start() and _NOW.search(one.group()) and _HERE.search(one.group())]
    if not here or any(_THERE.search(one.group()) for one in here):
        return ()
    return tuple(place.span() for one in before for place in _THERE.finditer(whole, *one.span()))
