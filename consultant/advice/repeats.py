"""The same service again on one day: the first without a modifier, each further one on a second line with 91, 76 or 77."""

from __future__ import annotations

import re

from consultant.advice.official.edits import is_visit
from consultant.advice.sheet import Ruling, Saying, Second, Sheet, record_source
from consultant.vocabulary import System

AGAIN = ("-91", "-76", "-77")
MOST = 24  # of one day
_LOOK_BACK = 12
#: Behind a number: so many of them. "Denied three times" counts denials.
_TIMES = re.compile(r"(?: (?:separate|different|serial))? (?:times|draws|checks|runs|sets|samples)\b", re.IGNORECASE)
_NOT_DONE = re.compile(r"\b(?:denied|rejected|billed|submitted|called|appealed|paid|sent) $", re.IGNORECASE)
_CLOCK = re.compile(r"\b(?:[1-9]|1[0-2])(?::[0-5]\d)? ?[ap]\.?m\b|\bnoon\b|\bmidnight\b", re.IGNORECASE)
_TWICE = (
    r"\btwice\b|\bonce more\b|\ba second (?:time|one|test|draw|film|read(?:ing)?|x-?ray|ekg|study)\b|\bthe second\b"
    r"|\banother (?:one|film|read(?:ing)?|x-?ray|ekg|study|\d{5})\b"
)
#: Words that tell how many there were in all.
_SAID = tuple(
    (number, re.compile(pattern, re.IGNORECASE))
    for number, pattern in (
        (4, r"\bsecond,? third,? and fourth\b"),
        (3, r"\bsecond and third\b|\b2nd and 3rd\b|\bagain (?:at|around) [^.;?]{1,16} and (?:again )?(?:at|around)\b"),
        (2, _TWICE),
    )
)  # fmt: skip


def repeats_rule(sheet: Sheet) -> Ruling:
    """One service of the answer, a modifier of repeats, and a letter that tells how often: the repeats as a line of their own."""
    held = {(code, sign) for code, signs in sheet.lines.items() for sign in signs if sign in AGAIN}
    held |= {("", sign) for sign in sheet.loose if sign in AGAIN}
    codes = [code for code in sheet.lines if sheet.systems.get(code) in (System.CPT, System.HCPCS)]
    number = how_often(sheet) if held else 0
    if len({sign for _, sign in held}) != 1 or len(codes) != 1 or number < 2 or is_visit(codes[0]) or codes[0] in sheet.seconds:
        return Ruling()
    code, sign = codes[0], next(sign for _, sign in held)
    times = f" × {number - 1}" if number > 2 else ""
    text = f"{code} was done {number} times that day: the first without a modifier, and {code}{sign}{times} on a line of its own."
    said = Saying("why", text, (record_source(sheet.book, sign),))
    second = {code: Second(sign, number - 1)}
    return Ruling(units={code: 1}, unmark=((code, sign),), second=second, sayings=(said,), counts=True)


def how_often(sheet: Sheet) -> int:
    """How often the letter says that it was done that day; 0 where it does not say."""
    text = sheet.findings.question.text
    for fact in sheet.facts("number"):
        start, end = fact.span.start, fact.span.end
        told = _TIMES.match(text, end) or text[start - 1 : start].lower() == "x"
        if told and not _NOT_DONE.search(text, max(0, start - _LOOK_BACK), start):
            return min(MOST, int(float(fact.value)))
    clocks = {match.group().lower() for match in _CLOCK.finditer(text)}
    if len(clocks) > 1:
        return min(MOST, len(clocks))
    return next((number for number, pattern in _SAID if pattern.search(text)), 0)
