"""The emergency visit of before, where the same doctor's patient became critical later that day."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.advice.visits.stays import code_of, level_told
from consultant.codebook.kept import families_of
from consultant.vocabulary import Source

FAMILY = "emergency-visit"
CARE = "99291"
BEFORE = Source(
    "cms-claims-manual-12-30-6-12-6",
    "Medicare Claims Processing Manual, chapter 12",
    "2025-07-24",
    "§30.6.12.6, a visit before critical care on one date",
)
_PLACE = re.compile(r"\b(?:ed|er|emergency)\b", re.IGNORECASE)
_LEVEL = re.compile(
    r"\b(?:ed|er|emergency)(?: room| department)? level (?P<n>[1-5])\b|\blevel (?P<m>[1-5]) (?:ed|er)\b", re.IGNORECASE
)
_ANOTHER = re.compile(r"\b(?:hospitalist|intensivist|admitting|admitted|icu (?:doctor|team|attending))\b", re.IGNORECASE)


def before_critical_rule(sheet: Sheet) -> Ruling:
    """The level of the visit in the emergency department beside 99291-25, where the letter tells it and no other doctor."""
    text, family = sheet.findings.question.text, families_of(sheet.book).get(FAMILY)
    if CARE not in sheet.lines or "-25" not in sheet.signs or not family or not _PLACE.search(text) or _ANOTHER.search(text):
        return Ruling()
    visits = {row.code for row in family.row if row.code}
    level = _LEVEL.search(text)
    told = level_told(text)
    code = f"9928{level['n'] or level['m']}" if level else code_of(family, {"mdm": told}) if told else ""
    if code not in visits or visits & {*sheet.lines} - {code}:
        return Ruling()
    why = f"The emergency visit came first, before the patient was critical: {code} beside {CARE}, -25 on {CARE}."
    return Ruling((code,), modifiers=((CARE, "-25"),), sayings=(Saying("why", why, (BEFORE,)),), unmark=(("", "-25"),))
