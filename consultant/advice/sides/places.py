"""A place of service that the letter only tells, and does not ask for: "in our own office (pos 11)"."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Sheet
from consultant.vocabulary import System

#: In brackets behind the name of the place.
_TOLD = re.compile(r"\((?:pos|place of service)[ -]?\d{2}\)", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:what|which|wrong|right|correct|change|used?|should be|is it|billed?|denied) (?:\w+ ){0,3}(?:pos|place of service)\b"
    r"|\bpos \d\d (?:or|vs|versus|instead|not)\b|\bplace of service\b",
    re.IGNORECASE,
)


def told_place_rule(sheet: Sheet) -> Ruling:
    """No line for a place that stands in brackets, where nobody asks which it is."""
    text = sheet.findings.question.text
    told = {match.group()[-3:-1] for match in _TOLD.finditer(text)}
    if not told or _ASKED.search(text):
        return Ruling()
    places = (code for code in sheet.lines if sheet.systems.get(code) is System.POS)
    return Ruling(hold=tuple(code for code in places if code[-2:] in told))
