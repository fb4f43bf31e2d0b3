"""A code that only somebody else keyed: "the temp typed 96372" tells of no shot where a port was flushed."""

from __future__ import annotations

from consultant.advice.sheet import Ruling, Saying, Sheet, book_source, spoken
from consultant.vocabulary import Candidate, System

_HELD = "{} stands in the letter only as what somebody else keyed; what was done, as it is told, leads to another code."
#: Evidence that no words of the story brought.
_OF_CODES = frozenset({"named", "card"})
#: How a claim begins that is the writer's own.
_OWN = ("i ", "we ")


def keyed_rule(sheet: Sheet) -> Ruling:
    """Lines of a story that stand on nothing but their numbers in somebody else's mouth, beside one that a table decides."""
    found = sheet.findings.question
    theirs = [f.span for f in found.facts if f.dimension == "claimed" and not str(f.value).startswith(_OWN)]
    told = [code for code in sheet.lines if code in sheet.decided]
    if not (found.is_story and theirs and told) or sheet.settled:
        return Ruling()
    stretches = [(span.start, span.end) for span in theirs if span.where == "text"]
    held = tuple(c.code for c in sheet.findings.candidates if c.code in sheet.lines and _only_keyed(sheet, c, stretches))
    if not held:
        return Ruling()
    return Ruling(hold=held, sayings=(Saying("unchecked", _HELD.format(spoken(held)), (book_source(sheet.book),)),))


def _only_keyed(sheet: Sheet, candidate: Candidate, stretches: list[tuple[int, int]]) -> bool:
    """Does the line stand on its number alone, and that only in `stretches` (characters of the letter's text)?"""
    kinds = {one.kind for one in candidate.evidence}
    if candidate.code in sheet.decided or candidate.system is System.MODIFIER or "named" not in kinds or not kinds <= _OF_CODES:
        return False
    if sheet.lines[candidate.code]:
        return False  # a modifier was found for it: it is what the letter asks about
    return all(span.where == "text" and any(a <= span.start < b for a, b in stretches) for span in candidate.spans_of())
