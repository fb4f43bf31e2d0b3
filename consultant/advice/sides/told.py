"""On which side something was done today: not the one of an earlier operation, nor the one that was only looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.advice.sheet import Sheet
from consultant.vocabulary import Fact

#: What was done on an earlier day, in the clause that names its side.
_BEFORE = re.compile(
    r"\bago\b|\blast (?:week|month|year|spring|summer|fall|winter)\b|\balready\b|\bearlier\b|\bpreviously\b"
    r"|\bglobal (?:period )?(?:of|for|from|after)\b|\bin (?:the|a|her|his) (?:\d\d[ -]day )?global\b"
    r"|\b(?:days?|weeks?|months?|years?) after (?:(?:the|her|his) )?(?:left|right|other|first)\b",
    re.IGNORECASE,
)
#: "Five weeks later the left one": the side that was told before is that of the first operation.
_LATER = re.compile(r"\b(?:days?|weeks?|months?|years?) (?:later|on|after that)\b|\bnow\b", re.IGNORECASE)
#: Where nothing was done, or where only the needle went in.
_UNTOUCHED = re.compile(
    r"\b(?:has|have|had|was|were|is|are)(?: not|n[’']t) (?:been )?(?:touched|treated|done|operated|injected|involved|affected)\b"
    r"|\b(?:is|are|has been|will be) (?:already )?(?:booked|scheduled|planned|due|set|listed|next)\b|\bwill be (?:done|next)\b"
    r"|\b(?:he|she|they|we)(?: will|'ll) (?:leave|watch|wait)\b"
    r"|\b(?:is|are|was|were|looks?|looked) (?:fine|normal|healthy|clear|sound|untouched|left alone)\b"
    r"|(?:left|right)(?: (?:common|groin|femoral|radial|brachial|popliteal|pedal|internal|jugular|neck|wrist|arm))*"
    r" (?:puncture|access|approach|stick|sheath)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,.;:()]|\b(?:and|but|now|today|then)\b", re.IGNORECASE)
_ONCE = re.compile(r"\b(?:after|following|since|s/p|status post)(?: \w+){0,3} ?$", re.IGNORECASE)
#: "Five weeks after we replaced the left knee he does the right": what somebody did then.
_DID_BEFORE = re.compile(
    r"\b(?:days?|weeks?|wks?|months?) after (?:we|he|she|they|i|dr\.? \w{2,16}|(?:the|her|his|our|same) (?:surgeon|doctor))"
    r" \w{3,12}(?: out| in| on)?(?: the| her| his)? ?$"
    r"|\b(?:days?|weeks?|wks?|months?) after (?!the |her |his |our )(?:[\w-]+ ){1,3}(?:in|of|on|to) (?:the|her|his) ?$",
    re.IGNORECASE,
)
#: "Left eye June 1, right eye June 29": the month and the day of each.
_DAY = re.compile(
    r"\b(?:(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:[a-z]{2,6})?\.? (\d{1,2})(?:st|nd|rd|th)?"
    r"|(\d{1,2})/(\d{1,2}))\b",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HALF_A_YEAR = 6
#: "Back in for the other side": the one that the letter has not named.
_OTHER = re.compile(
    r"\b(?:other|opposite|contralateral|remaining) (?:side|eye|ear|lobe|breast|knee|hip|hand|foot|kidney|one)\b", re.IGNORECASE
)
_ACROSS = {"left": "right", "right": "left"}
_PART = re.compile(
    r" ?(hip|knee|shoulder|elbow|wrist|ankle|foot|hand|eye|ear|breast|leg|arm|thumb|heel|thigh|groin)\b", re.IGNORECASE
)


def sides_of_today(sheet: Sheet) -> set[str]:
    """The sides that the letter tells of; of two the one on which something was done, and not on an earlier day."""
    text, said, told = sheet.findings.question.text, sheet.said("side"), sheet.facts("side")
    joints = [match.span() for match in _CLAUSE.finditer(text)]
    others = {str(fact.value) for fact in told if _is_elsewhere(text, fact, told, joints)}
    if is_of_two_parts(sheet):  # "the right shoulder three weeks after his left knee was replaced"
        others = {str(fact.value) for fact in told if _ONCE.search(text, max(0, fact.span.start - 40), fact.span.start)}
    others |= _earlier_by_date(text, told)
    if then := {str(f.value) for f in told if _DID_BEFORE.search(text, max(0, f.span.start - 60), f.span.start)}:
        others = then
    if len(said) == 1 and said == others and said <= _ACROSS.keys() and _OTHER.search(text):
        return {_ACROSS[side] for side in said}
    return said - others or said


def _earlier_by_date(text: str, told: Sequence[Fact]) -> set[str]:
    """Of two sides that have each a day of its own, the one of the earlier day."""
    ends = sorted(fact.span.start for fact in told if fact.span.where == "text")
    days: dict[str, tuple[int, int]] = {}
    for fact in told:
        until = min((start for start in ends if start > fact.span.start), default=len(text))
        day = _DAY.search(text, fact.span.end, min(until, fact.span.end + 60))
        if day and fact.span.where == "text":
            month = _MONTHS.index(day[1][:3].lower()) + 1 if day[1] else int(day[3])
            days.setdefault(str(fact.value), (month, int(day[2] or day[4])))
    if set(days) != {"left", "right"} or days["left"] == days["right"]:
        return set()
    first, last = sorted(days, key=lambda side: days[side])
    return {last if days[last][0] - days[first][0] > _HALF_A_YEAR else first}


def is_after_other_side(sheet: Sheet) -> bool:
    """Does the letter tell both sides, and of one that it was done on an earlier day?"""
    said = sheet.said("side")
    return len(said) > 1 and len(sides_of_today(sheet)) == 1


def is_of_two_parts(sheet: Sheet) -> bool:
    """ "Left hip .. right knee": is each side told of another part of the body?"""
    text, parts = sheet.findings.question.text, dict[str, set[str]]()
    for fact in sheet.facts("side"):
        part = _PART.match(text, fact.span.end) if fact.span.where == "text" else None
        parts.setdefault(str(fact.value), set()).add(part[1].lower() if part else "")
    left, right = parts.get("left", set()), parts.get("right", set())
    return bool(left and right) and not left & right and "" not in left | right


def _is_elsewhere(text: str, fact: Fact, told: Sequence[Fact], joints: Sequence[tuple[int, int]]) -> bool:
    """Does the clause of a side tell of an earlier day or of nothing done, or is the other side told as later?"""
    begin = max((end for _, end in joints if end <= fact.span.start), default=0)
    end = min((start for start, _ in joints if start >= fact.span.end), default=len(text))
    other = min((f.span.start for f in told if f.span.start > fact.span.end and f.value != fact.value), default=fact.span.end)
    return bool(
        _BEFORE.search(text, begin, end) or _UNTOUCHED.search(text, begin, end) or _LATER.search(text, fact.span.end, other)
    )
