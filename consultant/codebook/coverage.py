"""What Medicare's local and national determinations and articles say of a code on a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from consultant.codebook.asking import day, rows

_NAMED = (
    "SELECT document, version, role, part, mark, source FROM document_code WHERE code = ? ORDER BY document, version, role, part"
)
_DOCUMENT = (
    "SELECT kind, title, contractor, status, valid_from, valid_to, note, url, source FROM document "
    "WHERE document = ? AND version = ? ORDER BY updated DESC"
)
_CONTRACTORS = (
    "SELECT DISTINCT c.name FROM document_contractor d JOIN contractor c USING (contractor, contractor_version) "
    "WHERE d.document = ? AND d.version = ? ORDER BY c.name"
)
_VERDICT = (
    "SELECT role, part FROM document_code WHERE code = ? AND document = ? AND version = ? AND role IN ('covered', 'noncovered') "
    "ORDER BY role, part"
)
_PARAGRAPH = "SELECT text FROM document_part WHERE document = ? AND version = ? AND role = ? AND part = ?"
_KINDS = {"A": "Article", "L": "LCD", "D": "Proposed LCD", "N": "NCD"}


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document. `valid_to` is its last day; None says that none is told."""

    id: str  # "L36668", "A52420", "NCD 220.6"
    version: int
    kind: str
    title: str  # "" when the book has the document's codes only
    contractor: str
    status: str
    valid_from: date | None
    valid_to: date | None
    note: str
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """That a document names a code. `role`: "procedure", "modifier", "covered" or "noncovered" (diagnoses)."""

    document: Document
    role: str
    groups: tuple[int, ...]  # the document's own numbering of its lists
    marks: str  # asterisks that the document explains


@dataclass(frozen=True, slots=True)
class Support:
    """What a document that names a procedure says of a diagnosis."""

    document: Document
    verdict: str  # "covered", "noncovered", or "not listed"
    groups: tuple[int, ...]  # of the diagnosis
    same_group: bool  # it stands in a list with the number of one of the procedure's lists
    paragraph: str  # what stands over the first of those lists


def coverage(db: sqlite3.Connection, code: str, on: date | None = None) -> tuple[Coverage, ...]:
    """The documents that name a code (as the book writes it: `97140`, `M54.16`, `-KX`), in force `on` that day.

    Of several versions in force the newest one speaks. Without a day: the newest version of each document, ended or not.
    """
    named: dict[tuple[str, int], dict[str, list[tuple[int, str]]]] = {}
    sources: dict[tuple[str, int], str] = {}
    for document, version, role, part, mark, source in rows(db, _NAMED, code.strip().upper()):
        named.setdefault((document, version), {}).setdefault(role, []).append((part, mark))
        sources[document, version] = source
    chosen: dict[str, Document] = {}
    for (name, version), source in sources.items():
        document = _document(db, name, version, source)
        if on is None or _in_force(document, on):
            chosen[name] = document  # versions come in their order
    return tuple(
        Coverage(document, role, tuple(part for part, _ in parts), "".join(dict.fromkeys(mark for _, mark in parts)))
        for document in chosen.values()
        for role, parts in named[document.id, document.version].items()
    )


def supports(db: sqlite3.Connection, procedure: str, diagnosis: str, on: date | None = None) -> tuple[Support, ...]:
    """What every document in force that names the procedure says of the diagnosis (written with its dot)."""
    found = (one for one in coverage(db, procedure, on) if one.role == "procedure")
    return tuple(_support(db, one, diagnosis.strip().upper()) for one in found)


def _support(db: sqlite3.Connection, named: Coverage, diagnosis: str) -> Support:
    document = named.document
    found = rows(db, _VERDICT, diagnosis, document.id, document.version)
    paired = [row for row in found if row[1] in named.groups] or found
    if not paired:
        return Support(document, "not listed", (), same_group=False, paragraph="")
    verdict, part = next((row for row in paired if row[0] == "noncovered"), paired[0])
    groups = tuple(group for role, group in paired if role == verdict)
    text = rows(db, _PARAGRAPH, document.id, document.version, verdict, part)
    return Support(document, verdict, groups, same_group=part in named.groups, paragraph=text[0][0] if text else "")


def _document(db: sqlite3.Connection, name: str, version: int, source: str) -> Document:
    """A document from the sources that tell of it: the reports know contractors and addresses, the tables windows and status."""
    told = rows(db, _DOCUMENT, name, version)
    if not told:
        return Document(name, version, _KINDS.get(name[:1], ""), "", "", "", None, None, "", "", source)
    kind, title, contractor, status, valid_from, valid_to, note, url, origin = map(_first, zip(*told, strict=True))
    if not contractor:
        contractor = "; ".join(row[0] for row in rows(db, _CONTRACTORS, name, version))
    return Document(
        name, version, kind, title, contractor, status or "", day(valid_from), day(valid_to), note or "", url or "", origin
    )


def _first(values: Iterable[Any]) -> Any:
    """The first that tells something, else what there is."""
    return next(filter(None, values), "")


def _in_force(document: Document, on: date) -> bool:
    begun = document.valid_from is None or document.valid_from <= on
    return begun and (document.valid_to is None or on <= document.valid_to)
