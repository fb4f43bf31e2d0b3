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
TWO = Source(
    "aapc-psychiatry-two-providers", "AAPC Psychiatry Coding Alert, reader question", "2014-01-01", "different providers"
)


#: The therapy is another's: "our LCSW, who does 45 minutes of therapy", "then the therapist had her for 50 minutes", "therapy with our LCSW".
_THERAPIST = r"(?:therapist|lcsw|lmft|lpc|social worker|psychologist|counsell?or)"
_BY_OTHER = re.compile(
    rf"\b(?:our|the|an?|my|his|her|in-house|staff|office) (?:\w+ )?{_THERAPIST},? (?:who |then |also |next door |afterwards? ){{0,2}}"
    r"(?:do(?:es)?|did|gives?|gave|provides?|provided|sees?|saw|has|had|spen[dt]s?|runs?|ran|takes?|took|treats?|treated)\b"
    rf"|(?<!thought the )(?<!wanted the )\b(?:therapy|psychotherapy|counsell?ing|sessions?)\b[^.?!]{{0,24}}\b(?:with|by|from) (?:our|the|an?|my|her|his) (?:\w+ )?{_THERAPIST}\b"
    rf"|\b(?:sent|sends?|walk(?:s|ed)|goes|went|hand(?:s|ed)|passe[sd]|mov(?:es|ed))\b[^.?!]{{0,30}}\bto (?:our|the|an?|my) (?:\w+ )?{_THERAPIST}\b",
    re.IGNORECASE,
)
_PRESCRIBER = re.compile(
    r"\b(?:psychiatrists?|psych (?:md|np|doctor)|pmhnp|prescribers?|doctor|physician|np|md|dr)\b", re.IGNORECASE
)
#: How hard the medical part was, where no level is named: "a moderate-complexity med check", "refilled a stable med (low)".
_HARD = re.compile(
    r"\b(straightforward|low|moderate|high)(?:[- ](?:level|complexity|mdm|medical decision making|decision making))?"
    r" (?:med(?:ication)?s? (?:check|visit|management|follow-?up)|refill)\b|\((straightforward|low|moderate|high)(?: \w+){0,2}\)",
    re.IGNORECASE,
)
_LEVELS = {"straightforward": "99212", "low": "99213", "moderate": "99214", "high": "99215"}
_ELSEWHERE = re.compile(
    r"\b(?:new (?:patient|pt)|hospital|inpatient|unit|ward|nursing|facility|er|ed|home|first visit|intake)\b", re.IGNORECASE
)
_WEEKLY = re.compile(r"\b(?:elsewhere|outside|weekly|every week|other practice|another practice|already sees)\b", re.IGNORECASE)


def therapy_beside_visit_rule(sheet: Sheet) -> Ruling:
    """The add-on in the place of a psychotherapy code to which the letter's minutes led, where the visit is a line too; and the
    code by itself in the place of the add-on where somebody else than the prescriber gave the therapy."""
    return _by_somebody_else(sheet) or _visit_of_add_on(sheet) or _by_the_same(sheet)


def _visit_of_add_on(sheet: Sheet) -> Ruling | None:
    """The office visit that an add-on stands beside, where the letter tells how hard its decisions were and no line is a visit."""
    added = [more for more in ADDED.values() if more in sheet.lines and more in sheet.decided]
    text = sheet.findings.question.text
    levels = {(m[1] or m[2]).lower() for m in _HARD.finditer(text)}
    if len(added) != 1 or len(levels) != 1 or _ELSEWHERE.search(text) or any(map(_VISIT.fullmatch, sheet.lines)):
        return None
    code = _LEVELS[levels.pop()]
    said = f"The add-on {added[0]} stands beside a visit; by the decisions told, of an established patient, that is {code}."
    return Ruling(report=(code,), units={code: 1}, sayings=(Saying("why", said, (RULE,)),))


def _by_somebody_else(sheet: Sheet) -> Ruling | None:
    added = [(code, more) for code, more in ADDED.items() if more in sheet.lines and more in sheet.decided]
    text = sheet.findings.question.text
    if len(added) != 1 or not (_BY_OTHER.search(text) and _PRESCRIBER.search(text)) or _WEEKLY.search(text):
        return None
    ((code, more),) = added
    if any(more in card.report for card in sheet.cards):
        return None
    said = f"The visit and the therapy are those of two clinicians: the therapy is {code} under the therapist, not the add-on {more}."
    return Ruling(replace={more: code}, units={code: 1}, sayings=(Saying("why", said, (TWO,)),))


def _by_the_same(sheet: Sheet) -> Ruling:
    alone = [code for code in ADDED if code in sheet.lines and code in sheet.decided]
    visits = [code for code in sheet.lines if _VISIT.fullmatch(code)]
    apart = _APART.search(sheet.findings.question.text) or "other practitioner" in sheet.said("relation")
    if len(alone) != 1 or len(visits) != 1 or apart or any(alone[0] in card.report for card in sheet.cards):
        return Ruling()
    (code,) = alone
    text = f"Beside the visit {visits[0]} of the same practitioner the psychotherapy is its add-on {ADDED[code]}, not {code}."
    return Ruling(replace={code: ADDED[code]}, units={ADDED[code]: 1}, sayings=(Saying("why", text, (RULE,)),))
