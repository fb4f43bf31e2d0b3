"""The way of who draws blood at home or in a nursing facility: the flat rate or by mile, from the places and miles told."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.vocabulary import Source

TRAVEL = Source(
    "cms-claims-manual-16-60", "Medicare Claims Processing Manual, chapter 16", "2026-04-17", "§60.2, travel allowance"
)
BY_MILE, FLAT = "P9603", "P9604"
MOST_FLAT = 20  # eligible miles there and back to one place
_STOP = r"(?:homes?|houses?|stops?|locations?|places|apartments|addresses|facilit(?:y|ies)|nursing homes?|homebound (?:patient|lady|man|woman|person)s?)"
#: "Two nursing homes", "then 3 miles on to a second homebound patient", "each at her own house".
_SEVERAL = re.compile(
    rf"\b(?:two|three|four|five|six|several|different|both|more than one|[2-9]|1\d) (?:different |separate |other )?{_STOP}\b"
    rf"|\b(?:a second|the second|another|a third|the next|the other) (?:patient(?:'s)? )?{_STOP}\b"
    r"|\bon to (?:a second|another|the next|the second|the other)\b|\b(?:each|both) (?:in|at) (?:his|her|their) own (?:home|house)\b",
    re.IGNORECASE,
)
_MILES = re.compile(r"\b(\d{1,3}(?:\.\d)?)[ -]miles?\b", re.IGNORECASE)
_LIMIT = re.compile(r"\b(?:than|over|under|within|up to|below|above|of|or (?:less|fewer))\s*$", re.IGNORECASE)
_ONE_WAY = re.compile(
    r"[^.?!;\d]{0,24}\b(?:each|one|either|every) way\b|[^.?!;\d]{0,8}\bthere and (?:the same|\d)", re.IGNORECASE
)


def lab_travel_rule(sheet: Sheet) -> Ruling:
    """By mile to more than one place or beyond twenty miles there and back, else the flat rate; nothing where neither is told."""
    text = sheet.findings.question.text
    if not {BY_MILE, FLAT} & {*sheet.lines}:
        return Ruling()
    if _SEVERAL.search(text):
        return _decided(BY_MILE, FLAT, "More than one place was gone to: the way is paid by mile, however short.")
    told = [m for m in _MILES.finditer(text) if not _LIMIT.search(text, max(0, m.start() - 12), m.start())]
    if len(told) != 1:
        return Ruling()
    miles = float(told[0][1]) * (2 if _ONE_WAY.match(text, told[0].end()) else 1)
    if miles > MOST_FLAT:
        return _decided(BY_MILE, FLAT, f"{miles:g} miles there and back are over {MOST_FLAT}: the way is paid by mile.")
    return _decided(FLAT, BY_MILE, f"{miles:g} miles there and back to one place are within {MOST_FLAT}: the flat rate.")


def _decided(code: str, other: str, why: str) -> Ruling:
    return Ruling((code,), withdraw=(other,), sayings=(Saying("why", why, (TRAVEL,)),))
