"""Allergy tests that a letter counts by the names of the allergens, where nothing else has counted them."""

from __future__ import annotations

from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.vocabulary import Source

RULE = Source(
    "ncci-manual-11",
    "NCCI Policy Manual for Medicare Services, 2025",
    "2025-01-01",
    "chapter 11, allergy testing: units of service",
)
#: Tests that are counted by the allergen: pricked, into the skin, in blood.
_BY_ALLERGEN = ("95004", "95024", "86003")


def allergens_rule(sheet: Sheet) -> Ruling:
    """The units of the one such test of the answer."""
    named = [int(float(fact.value)) for fact in sheet.facts("count") if fact.span.label == "allergens"]
    tests = [code for code in _BY_ALLERGEN if code in sheet.lines]
    if len(named) != 1 or len(tests) != 1 or sheet.units.get(tests[0], 1) > 1:
        return Ruling()
    why = f"{tests[0]} is counted by the allergen, and the letter names {named[0]} of them."
    return Ruling(tuple(tests), units={tests[0]: named[0]}, sayings=(Saying("why", why, (RULE,)),), counts=True)
