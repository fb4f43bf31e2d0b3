"""A failure that was overcome in the end: what was done is billed as done, without a modifier for what was broken off."""

from __future__ import annotations

import re

from consultant.advice.official.files import named, procedures
from consultant.advice.sheet import Ruling, Saying, Sheet, spoken
from consultant.vocabulary import Source, Topic

PARTLY = Source("cms-claims-manual-12-20-4-6", "Medicare Claims Processing Manual, chapter 12", "2025-01-01", "§20.4.6")
_OF_FAILURE = ("-52", "-53", "-73", "-74")
_ASKS = re.compile(r"\b(?:5[23]|7[34]|reduced|discontinued|modifiers?)\b", re.IGNORECASE)
SURE = 0.8


def overcome_rule(sheet: Sheet) -> Ruling:
    """No 52 and no 53; where the letter asks for one of them, the code that it names or leads to goes without."""
    if not sheet.facts("overcome") or any({*_OF_FAILURE} & {*card.report, card.modifier} for card in sheet.cards):
        return Ruling()
    signs = {candidate.code for candidate in sheet.candidates("named", "family", "keyword")} & {*_OF_FAILURE}
    asks = bool(signs) or (sheet.about(Topic.MODIFIER) and bool(_ASKS.search(sheet.findings.question.text)))
    if not asks:
        return Ruling()
    codes = tuple(code for code in procedures(sheet) if code in named(sheet) and code not in sheet.refused)
    # What was only begun is told by the card that refuses it: a scope that was turned into the open operation.
    begun = {code for card in sheet.cards if card.report for code in card.do_not_report}
    done = tuple(code for code in codes or sheet.decided[:1] if code not in begun)
    if len(done) != 1:
        return Ruling(refuse=tuple(signs))
    why = "What failed at first was done in the end: nothing was broken off and nothing left out, so no 52 and no 53."
    verdict = f"Report {spoken(done)}."
    return Ruling(done, ("-52", "-53"), sayings=(Saying("why", why, (PARTLY,)),), verdict=verdict, settles=SURE)
