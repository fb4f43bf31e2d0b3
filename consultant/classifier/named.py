"""Codes that the letter names, checked against the book on the date of service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from consultant.codebook import Codebook
from consultant.vocabulary import Candidate, Evidence, NamedCode, Question, System

KNOWN, UNKNOWN = 1.0, 0.6
#: A bare number or word that only looks like a code of these systems is none unless the book has it.
_NEEDS_A_RECORD = frozenset({System.ICD10CM, System.ICD10PCS})


def named_candidates(question: Question, book: Codebook, on: date) -> list[Candidate]:
    """One candidate per named code, in the order of the letter. `title` is empty for a code the book does not have."""
    found: dict[str, Candidate] = {}
    for named in question.codes:
        candidate = _modifier(named, book) if named.system is System.MODIFIER else _code(named, book, on)
        if candidate is None:
            continue
        before = found.get(candidate.code)
        # A code named again may bring what its first mention did not: units, modifiers.
        found[candidate.code] = replace(before, facts={**candidate.facts, **before.facts}) if before else candidate
        for modifier in named.modifiers:
            extra = _modifier(NamedCode(modifier, System.MODIFIER, named.span), book)
            found.setdefault(extra.code, extra)
    return list(found.values())


def _code(named: NamedCode, book: Codebook, on: date) -> Candidate | None:
    record = book.record(named.code, on)
    evidence = (Evidence("named", (named.span.text,), named.code, (named.span,)),)
    if record is None:
        if named.code.startswith("D") and named.system is System.HCPCS:
            return None  # the book has those of the dentists' codes that are asked for most, and does not know the others
        if named.system in _NEEDS_A_RECORD and named.span.label != "named":
            return None
        return Candidate(named.code, named.system, UNKNOWN, "named in the letter; not in this book", evidence, "", _facts(named))
    ended = record.ended is not None and record.ended < on
    standing = f"ended on {record.ended}" if ended else "in the book" if record.billable else "a heading, not billable"
    return Candidate(record.code, record.system, KNOWN, f"named in the letter; {standing}", evidence, record.title, _facts(named))


def _facts(named: NamedCode) -> dict[str, str]:
    told = {"units": str(named.units)} if named.units else {}
    told |= {"modifiers": " ".join(named.modifiers)} if named.modifiers else {}
    told |= {"denied": "yes"} if named.denied else {}
    told |= {"supported": "yes"} if named.supported else {}
    return told | ({"range": "yes"} if named.span.label == "range" else {})


def _modifier(named: NamedCode, book: Codebook) -> Candidate:
    known = book.modifiers.get(named.code)
    title = known.title if known else ""
    why = "modifier named in the letter" + ("" if known else "; not in this book")
    evidence = (Evidence("named", (named.span.text,), named.code, (named.span,)),)
    return Candidate(named.code, System.MODIFIER, KNOWN if known else UNKNOWN, why, evidence, title)
