"""NCCI's procedure pairs among the codes of the answer and of the letter, where the book has them."""

from __future__ import annotations

from itertools import combinations

from consultant.advice.sheet import Ruling, Saying, Sheet, release_source
from consultant.codebook.edits import Edit
from consultant.vocabulary import System

MOST_CODES = 6  # 15 pairs: a letter that names more asks for a table, not for a sentence each
MEANING = {
    0: "no modifier helps, and the column 2 code is not paid beside it",
    1: "a modifier such as 59 or an X modifier on the column 2 code is right only when the services were distinct",
}


def edits_rule(sheet: Sheet) -> Ruling:
    """What the pairs in force on the date say; and that there is none, when the book could tell."""
    codes = _procedures(sheet)
    if len(codes) < 2 or not sheet.book.has_edits():
        return Ruling()
    on = sheet.findings.on
    found = [edit for a, b in combinations(codes, 2) for edit in sheet.book.edits(a, b, on) if _applies(edit)]
    if found:
        return Ruling(sayings=tuple(Saying("check", _told(edit), (release_source(sheet.book, edit.source),)) for edit in found))
    none = f"No NCCI procedure pair for practitioners joins {' and '.join(codes)} on {on.isoformat()}, by the edits in this book."
    release = next(source.id for source in sheet.book.sources if source.id.startswith("ncci-ptp-practitioner"))
    return Ruling(sayings=(Saying("check", none, (release_source(sheet.book, release),)),))


def _procedures(sheet: Sheet) -> list[str]:
    systems = {c.code: c.system for c in sheet.findings.candidates}
    named = [c.code for c in sheet.candidates("named")]
    wanted = (code for code in (*sheet.lines, *named) if systems.get(code) in (System.CPT, System.HCPCS))
    return list(dict.fromkeys(wanted))[:MOST_CODES]


def _applies(edit: Edit) -> bool:
    return edit.in_force and edit.setting == "practitioner"


def _told(edit: Edit) -> str:
    return (
        f"NCCI procedure pair: column 1 {edit.column1}, column 2 {edit.column2}, modifier indicator {edit.indicator} "
        f"({MEANING[edit.indicator]}); its reason: {edit.rationale.lower() or 'not told'}."
    )
