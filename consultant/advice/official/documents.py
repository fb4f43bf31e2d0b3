"""Coverage documents of the book that name the codes of the answer, and whether a diagnosis stands on their lists."""

from __future__ import annotations

from consultant.advice.official.files import named, procedures
from consultant.advice.sheet import Ruling, Saying, Sheet, release_source
from consultant.codebook.coverage import Coverage
from consultant.vocabulary import Source, System, Topic

MOST = 3
ROLES = {
    "covered": "lists it as supporting coverage",
    "noncovered": "lists it as not supporting coverage",
    "procedure": "governs it",
}


def coverage_rule(sheet: Sheet) -> Ruling:
    """Per code at most three documents in force; a diagnosis counts only beside a procedure that the same document governs."""
    if not sheet.about(Topic.COVERAGE) and "not medically necessary" not in sheet.said("denied_for"):
        return Ruling()
    governing = {code: _of(sheet, code, "procedure") for code in procedures(sheet)[:MOST]}
    sayings = [
        Saying("coverage", f"{found.document.id} ({_who(found)}) {ROLES['procedure']}: {code}.", (_source(sheet, found),))
        for code, documents in governing.items()
        for found in documents[:MOST]
    ]
    ids = {found.document.id for documents in governing.values() for found in documents}
    for code in [c for c in named(sheet) if _diagnosis(sheet, c)][:MOST]:
        for role in ("covered", "noncovered"):
            listed = [f for f in _of(sheet, code, role) if f.document.id in ids][:MOST]
            sayings += [
                Saying("coverage", f"{found.document.id} ({_who(found)}) {ROLES[role]}: {code}.", (_source(sheet, found),))
                for found in listed
            ]
    return Ruling(sayings=tuple(sayings))


def _of(sheet: Sheet, code: str, role: str) -> list[Coverage]:
    return [found for found in sheet.book.coverage(code, sheet.findings.on) if found.role == role]


def _who(found: Coverage) -> str:
    parts = (found.document.kind, found.document.title, found.document.contractor)
    return ", ".join(part for part in parts if part)[:160]


def _source(sheet: Sheet, found: Coverage) -> Source:
    return release_source(sheet.book, found.document.source)


def _diagnosis(sheet: Sheet, code: str) -> bool:
    return any(c.code == code and c.system is System.ICD10CM for c in sheet.findings.candidates)
