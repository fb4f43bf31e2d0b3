"""Psychotherapy on the day of a medical visit by the same practitioner: the add-on of the same minutes, and never the code alone."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.vocabulary import Source

ADDED = {"90832": "90833", "90834": "90836", "90837": "90838"}
_VISIT = re.compile(r"992(?:0[2-5]|1[2-5]|2[1-36]|3[1-3])|9930[4-9]|99310|9934[1-9]|99350")
#: Somebody else gives the therapy, or on another day.
_APART = re.compile(
    r"\b(?:therapists?|lcsw|lmft|lpc|social worker|psychologists?|counsell?ors?|(?:another|different|other) (?:\w+ )?(?:provider|doctor"
    r"|clinician|practitioner|day|date)|next day|separate (?:day|date|provider)s?)\b",
    re.IGNORECASE,
)
RULE = Source("magellan-psychotherapy-add-ons", "Magellan Healthcare, provider focus", "2026-11-29", "psychotherapy with a visit")


def therapy_beside_visit_rule(sheet: Sheet) -> Ruling:
    """The add-on in the place of a psychotherapy code to which the letter's minutes led, where the visit is a line too."""
    alone = [code for code in ADDED if code in sheet.lines and code in sheet.decided]
    visits = [code for code in sheet.lines if _VISIT.fullmatch(code)]
    apart = _APART.search(sheet.findings.question.text) or "other practitioner" in sheet.said("relation")
    if len(alone) != 1 or len(visits) != 1 or apart or any(alone[0] in card.report for card in sheet.cards):
        return Ruling()
    (code,) = alone
    text = f"Beside the visit {visits[0]} of the same practitioner the psychotherapy is its add-on {ADDED[code]}, not {code}."
    return Ruling(replace={code: ADDED[code]}, units={ADDED[code]: 1}, sayings=(Saying("why", text, (RULE,)),))
