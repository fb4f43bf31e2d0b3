"""One visit has one place: the office visit that mere words brought goes where the letter tells of a hospital stay, a house
call where it tells of a telephone, the discharge where it only begins the care after a stay."""

from __future__ import annotations

import re

from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Sheet

OFFICE = frozenset({*(f"9920{n}" for n in range(2, 6)), *(f"9921{n}" for n in range(1, 6))})
_WARD = frozenset({f"992{n}" for n in (21, 22, 23, 31, 32, 33, 34, 35, 36, 38, 39)})
HOME = frozenset({f"993{n}" for n in (41, 42, 44, 45, 47, 48, 49, 50)})
_STAY = re.compile(r"\b(?:inpatient|in observation|hospital day|day of the stay|on the (?:floor|ward)|admitted)\b", re.IGNORECASE)
_IN_OFFICE = re.compile(r"\b(?:office|clinic|practice|outpatient|follow(?:ed|s)?[- ]?up|discharge\w*)\b", re.IGNORECASE)
_CALLED_ON = re.compile(
    r"\b(?:house ?call|home visit|dr(?:ove|ives?)|went (?:out )?to|came to (?:his|her|the) (?:house|home))\b", re.IGNORECASE
)
_AFTER_STAY = frozenset({"99495", "99496"})
#: Who discharged, or the work of it: "our hospitalist discharged him", "discharge day", "spent 35 minutes on the discharge".
_OWN_DISCHARGE = re.compile(
    r"\b(?:discharge (?:day|management|visit|service|code|papers?)|(?:who|we|hospitalist|same doctor|he|she) (?:also )?discharged"
    r"|min\w{0,5} on (?:the |his |her )?discharge)\b",
    re.IGNORECASE,
)
_FAR = frozenset({"-93", "-95", "POS-10", "POS-02"})


def visit_places_rule(sheet: Sheet) -> Ruling:
    """The visits of another place than the one told are held back; whatever code the letter names stays."""
    text, lines = sheet.findings.question.text, {*sheet.lines} - {*named(sheet)}
    if lines & _WARD and _STAY.search(text) and not _IN_OFFICE.search(text):
        return Ruling(hold=tuple(lines & OFFICE))
    if lines & _AFTER_STAY and not _OWN_DISCHARGE.search(text):
        return Ruling(hold=tuple(lines & {"99238", "99239"}))
    far = _FAR & {*sheet.signs, *sheet.lines}
    if far and {*sheet.lines} & OFFICE and not _CALLED_ON.search(text):
        return Ruling(hold=tuple(lines & HOME))
    return Ruling()
