"""Visits that a letter tells as its own by their codes, where a card only says how such visits are billed: they stand on lines."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.cards import INCIDENT_TO
from consultant.advice.official.edits import is_visit
from consultant.advice.official.files import named, procedures
from consultant.advice.sheet import Ruling, Sheet

#: Somebody who has a number of their own; a nurse or a helper has none.
_OWN_NUMBER = re.compile(
    r"\b(?:np|nurse[- ]practitioners?|pa|pa-c|physician assistants?|aprn|cnm|midwife|clinical nurse specialist)\b", re.IGNORECASE
)
_SEEN = re.compile(r"\b(?:saw|seen|sees|met|meets)\b", re.IGNORECASE)
#: "May we bill?", "is it billable?": what is asked is whether the visit is paid, not by which code.
_MAY = re.compile(
    r"\b(?:may|can|could|are|is) (?:we|i|he|she|it|they|this|that|the \w+|our \w+)(?: still| even| allowed to| ever)? (?:bill|charge|claim|be billed|billed|billable|report)\b[^?]{0,60}\?",
    re.IGNORECASE,
)
#: Both visits of a day.
_TWO = re.compile(r"\b(?:both|two|2|second|each|separate(?:ly)?)\b[^?]{0,60}\?", re.IGNORECASE)
_CHOICE = re.compile(r"\b(?:or|instead of|in place of|rather than|to|versus|vs\.?|family|up to|not)\W{1,3}$", re.IGNORECASE)
_STOP = re.compile(r"[.?!](?=\s|$)")
_NURSES = "99211"  # the visit that a nurse may carry out
_REACH = 20  # letters before a code in which such a word makes it one to choose from


def told_visits_rule(sheet: Sheet) -> Ruling:
    """The visits that the letter tells by their codes, where nothing refuses one and no other line is a visit.

    One visit whose number is in doubt keeps its code under either, two visits of one day that are asked about together are two,
    and one that a card allows ("an aunt may be billed") is billed.
    """
    visits = [code for code in procedures(sheet) if code in named(sheet) and is_visit(code)]
    if sheet.abstains or not visits or any(is_visit(code) for code in (*sheet.lines, *sheet.refused)):
        return Ruling()
    verdicts = {card.verdict for card in sheet.cards}
    text = sheet.findings.question.text
    if len(visits) == 1:
        under_own = all(words.search(text) for words in (INCIDENT_TO, _OWN_NUMBER, _SEEN)) and "not_allowed" in verdicts
        allowed = bool("covered_if" in verdicts and "not_allowed" not in verdicts and _MAY.search(text)) and _is_told(
            sheet, *visits
        )
        return _named(visits, sheet) if under_own or allowed else Ruling()
    both = len(visits) == 2 and bool(verdicts) and "not_allowed" not in verdicts and _TWO.search(text)
    return _named(visits, sheet) if both and all(_is_told(sheet, code) for code in visits) else Ruling()


def _named(visits: list[str], sheet: Sheet) -> Ruling:
    """The visits as lines; the question after a level that the letter told by its code falls."""
    levels = {d.family.ask for d in sheet.decisions if any(row.code in visits for row in d.family.row)}
    return Ruling(tuple(visits), counts=sheet.ask in levels)


def _is_told(sheet: Sheet, code: str) -> bool:
    """Does it stand in a sentence of the story, and not in a question or as one of several to choose from?"""
    text = sheet.findings.question.text
    for span in sheet.spans_of(code, "named"):
        end = _STOP.search(text, span.end)
        asked = end is not None and end.group() == "?"
        if not asked and not _CHOICE.search(text[max(0, span.start - _REACH) : span.start]):
            return True
    return False


def doctors_visit_rule(sheet: Sheet) -> Ruling:
    """The short visit to the nurse that a word brought ("blood pressure recheck") falls where the letter tells decisions: those
    are a doctor's, and the visit goes by their level."""
    named_so = any(c.code == _NURSES for c in sheet.candidates("named"))
    levels = {d.facts.get("mdm", "nurse") for d in sheet.decisions if any(row.code == _NURSES for row in d.family.row)}
    seen = "physician" in sheet.said("performed_by") or any(is_visit(code) and code != _NURSES for code in sheet.lines)
    if _NURSES not in sheet.lines or named_so or not levels - {"nurse"} or not seen:
        return Ruling()
    return Ruling(hold=(_NURSES,))
