"""The level that the letter tells, in place of the one a card takes for an example: "99221, by decision making also 99222"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.official.edits import is_visit
from consultant.advice.sheet import Ruling, Saying, Sheet, sources_of
from consultant.advice.visits.places import OFFICE
from consultant.advice.visits.stays import levels_told
from consultant.vocabulary import Source

#: The levels of one visit, from the lowest on, each with the decision making that makes it.
_LEVELS = (
    {"straightforward": "99221", "low": "99221", "moderate": "99222", "high": "99223"},
    {"straightforward": "99231", "low": "99231", "moderate": "99232", "high": "99233"},
)


#: "ED: roofer with a nail in his palm": the desk that writes, as the letter's heading; a hospital's own level goes by other things.
_DESK = re.compile(
    r"\A\W{0,3}(?:(?:our )?(?:ed|er|emergency (?:department|dept|room))(?: (?:doc(?:tor)?|physician|attending|pro(?:fessional)?|visit|claim|coding|side|note))?)\s?[:.]\s",
    re.IGNORECASE,
)
_ROOMS = re.compile(
    r"\b(?:facility|hospital (?:side|claim|bill)|critical care|consult\w*|hospitalist|admitting|diagnos[ei]s codes?|dx codes?)\b",
    re.IGNORECASE,
)
_LEVELS_OF = Source(
    "cpt-2025-emergency", "CPT 2025 guidelines (facts only, in our own words)", "2025-01-01", "emergency department visits"
)
_EMERGENCY = {"straightforward": "99282", "low": "99283", "moderate": "99284", "high": "99285"}

#: The visits in the office that have a level, of new and of established patients.
OFFICE_VISITS = OFFICE - {"99211"}


def told_level_rule(sheet: Sheet) -> Ruling:
    """Of a card that reports one level of a hospital visit and speaks of the others: the one decision making told."""
    told = levels_told(sheet.findings.question.text)
    if len(told) != 1:
        return Ruling()
    (mdm,) = told
    for card in sheet.cards:
        for levels in _LEVELS:
            spoken_of = {*levels.values()} & {*card.report, *card.discuss}
            line = next((code for code in card.report if code in levels.values() and code in sheet.lines), "")
            if line and spoken_of == {*levels.values()} and levels[mdm] != line:
                why = f"The decision making told is {mdm}: {levels[mdm]}, not {line}."
                return Ruling((levels[mdm],), replace={line: levels[mdm]}, sayings=(Saying("why", why, sources_of(card.source)),))
    return Ruling()


def told_visit_rule(sheet: Sheet) -> Ruling:
    """The office visit that a family decides by the letter, in place of the one that a card takes for an example."""
    decided = {row.code for decision in sheet.decisions for row in decision.rows if row.code in OFFICE_VISITS}
    card = next((card for card in sheet.cards if OFFICE_VISITS & {*card.report} & {*card.discuss} & {*sheet.lines}), None)
    if len(decided) != 1 or card is None:
        return Ruling()
    (visit,) = decided
    kinds = {c.code: {e.kind for e in c.evidence} for c in sheet.findings.candidates if c.code in OFFICE_VISITS}
    (example, *more) = (code for code in card.report if code in OFFICE_VISITS)
    if more or visit == example or kinds.get(example) != {"card"}:
        return Ruling()
    why = Saying("why", f"By what the letter tells the visit is {visit}, not {example}.", sources_of(card.source))
    if visit in sheet.lines:
        return Ruling(hold=(example,), sayings=(why,))
    return Ruling((visit,), replace={example: visit}, sayings=(why,))


def desk_level_rule(sheet: Sheet) -> Ruling:
    """The visit of an emergency doctor's letter that is headed by its desk and words one decision making in a sentence of its own."""
    text = sheet.findings.question.text
    told = levels_told(text)
    if len(told) != 1 or not _DESK.match(text) or _ROOMS.search(text) or sheet.abstains:
        return Ruling()
    spoken_of = {*sheet.lines, *sheet.refused}
    if any(is_visit(code) for code in sheet.lines) or {*_EMERGENCY.values()} & spoken_of:
        return Ruling()
    (mdm,) = told
    why = f"The letter is of the emergency department, and the decision making told is {mdm}: {_EMERGENCY[mdm]}."
    return Ruling((_EMERGENCY[mdm],), sayings=(Saying("why", why, (_LEVELS_OF,)),))
