"""Beds and grafts of burned children under ten: counted by per cent of the body, not by the area."""

from __future__ import annotations

import re
from math import ceil

from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.vocabulary import Source

RULE = Source(
    "cpt-grafts-of-children",
    "CPT 2025 guidelines (facts only, in our own words)",
    "2025-01-01",
    "wound beds and skin grafts of children under ten",
)
#: The first code of a site → its add-on: 100 sq cm, or one per cent of the body of a child.
FURTHER = {
    "15002": "15003",
    "15004": "15005",
    "15100": "15101",
    "15120": "15121",
    "15110": "15111",
    "15115": "15116",
    "15130": "15131",
    "15135": "15136",
    "15273": "15274",
    "15277": "15278",
}
_TEN = 10
_SMALL = re.compile(r"\b(?:infant|baby|newborn|toddler)\b", re.IGNORECASE)


def child_burns_rule(sheet: Sheet) -> Ruling:
    """The first per cent is the first code and each further one, begun too, its add-on; nothing for whoever is ten or older."""
    percents = {float(fact.value) for fact in sheet.facts("percent")}
    firsts = [code for code in sheet.lines if code in FURTHER]
    if not firsts or len(percents) != 1 or not _under_ten(sheet):
        return Ruling()
    further = ceil(percents.pop()) - 1
    added = {FURTHER[code]: further for code in firsts} if further > 0 else {}
    text = f"Under ten years the first per cent of the body is the first code and each further one an add-on: {further}."
    units = {**dict.fromkeys(firsts, 1), **added}
    return Ruling(tuple(units), units=units, sayings=(Saying("why", text, (RULE,)),), counts=True)


def _under_ten(sheet: Sheet) -> bool:
    ages = [float(fact.value) for fact in sheet.facts("age")]
    return all(age < _TEN for age in ages) if ages else bool(_SMALL.search(sheet.findings.question.text))
