"""Therapy that an assistant gave: CQ or CO on a line of Medicare, by the minutes that the therapist alone worked."""

from __future__ import annotations

import re

from consultant.advice.services.minutes import LEAST, UNIT, is_timed
from consultant.advice.sheet import Ruling, Saying, Second, Sheet
from consultant.vocabulary import Source

RULE = Source(
    "cms-cq-co-2022", "CMS, billing examples using CQ and CO modifiers", "2022-01-01", "units of therapist and assistant together"
)
_SIGNS = ("-CQ", "-CO")
_OCCUPATIONAL = re.compile(r"\b(?:c?otas?|occupational|ot assistants?)\b", re.IGNORECASE)


def assistants_rule(sheet: Sheet) -> Ruling:
    """The therapist's own full quarters, and a last one of 8 minutes, carry no modifier; the other units of the code do."""
    shared = [c for c in sheet.findings.candidates if {"minutes", "assistant"} <= c.facts.keys()]
    told = {c.code: (float(c.facts["minutes"]), float(c.facts["assistant"])) for c in shared}
    told = {code: spent for code, spent in told.items() if code in sheet.lines and code in sheet.units and is_timed(sheet, code)}
    if not told or not sheet.for_medicare:
        return Ruling()
    sign = "-CO" if _OCCUPATIONAL.search(sheet.findings.question.text) else "-CQ"
    marked: list[tuple[str, str]] = []
    second: dict[str, Second] = {}
    sayings: list[Saying] = []
    for code, (whole, helped) in told.items():
        units, alone = sheet.units[code], int(whole - helped)
        own = min(units, (alone + UNIT - LEAST) // UNIT)
        text = f"{code}: the therapist worked {alone} of {whole:g} minutes alone, which makes {own} of {units} without {sign[1:]}"
        sayings.append(Saying("why", f"{text}; {units - own} with it.", (RULE,)))
        marked += [(code, sign)] if not own else []
        if 0 < own < units:
            second[code] = Second(sign, units - own, inside=True)
    unmark = tuple(("", one) for one in _SIGNS) if not (marked or second) or sign in sheet.loose else ()
    return Ruling(modifiers=tuple(marked), unmark=unmark, sayings=tuple(sayings), second=second)
