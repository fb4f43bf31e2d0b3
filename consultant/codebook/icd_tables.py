"""Exact look-ups in the tables and indexes of ICD-10-CM (neoplasms, drugs, diseases, external causes) and of ICD-10-PCS.

Entries are found by their words in any order; what the tables print in brackets changes nothing and need not be said.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from consultant.codebook import asking, words

LONGEST = 1_000  # characters of a question; no entry is longer
_BRACKETS = re.compile(r"\([^()]*\)")
_JOINTS = frozenset({",", "and", "by", "for", "in", "nec", "nos", "of", "on", "or", "the", "to", "with"})


@dataclass(frozen=True, slots=True)
class Neoplasm:
    """A row of the neoplasm table. "" where it has no code; a code that ends in "-" needs more characters."""

    site: str
    primary: str
    secondary: str
    in_situ: str
    benign: str
    uncertain: str
    unspecified: str
    see: str  # "see Neoplasm, sinus", "see also …", or ""
    source: str


@dataclass(frozen=True, slots=True)
class Drug:
    """A row of the table of drugs and chemicals. Codes want their 7th character; "" where there is none."""

    substance: str
    accidental: str
    self_harm: str
    assault: str
    undetermined: str
    adverse: str
    underdosing: str
    see: str
    source: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A line of an alphabetic index of ICD-10-CM."""

    phrase: str
    code: str
    complete: bool  # False: more characters are needed (other than a 7th), or there is no code
    manifestation: str
    see: str
    source: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """A line of the index of ICD-10-PCS. `stem`: the first 3 or 4 characters, or a whole code."""

    phrase: str
    stem: str
    see: str
    source: str


@dataclass(frozen=True, slots=True)
class Value:
    """What ICD-10-PCS says of a value of an axis: root operations, approaches, body parts, devices."""

    term: str
    section: str  # first character of the codes
    axis: int
    axis_title: str
    definition: str
    explanation: str
    includes: str  # joined by "; "
    source: str


def entry(text: str) -> str:
    """The key of an entry: its words once each, in the order of the alphabet, without brackets and joints."""
    text = text[:LONGEST]
    while (bare := _BRACKETS.sub(" ", text)) != text:
        text = bare
    return " ".join(sorted(set(words.tokens(text)) - _JOINTS))


def neoplasm(db: sqlite3.Connection, site: str) -> tuple[Neoplasm, ...]:
    """The rows of the neoplasm table for a site ("breast, upper-inner quadrant"), the newest release first."""
    return tuple(Neoplasm(*row[1:]) for row in _rows(db, "neoplasm", site))


def drug(db: sqlite3.Connection, substance: str) -> tuple[Drug, ...]:
    """The rows of the table of drugs and chemicals for a substance, the newest release first."""
    return tuple(Drug(*row[1:]) for row in _rows(db, "drug", substance))


def index(db: sqlite3.Connection, phrase: str) -> tuple[IndexEntry, ...]:
    """The lines of the alphabetic indexes with just these words, the newest release first."""
    found = _rows(db, "index_entry", phrase)
    return tuple(
        IndexEntry(text, code, bool(complete), manif, see, source) for _, text, code, complete, manif, see, source in found
    )


def procedure(db: sqlite3.Connection, phrase: str) -> tuple[Procedure, ...]:
    """The lines of the index of ICD-10-PCS with just these words, the newest release first."""
    return tuple(Procedure(*row[1:]) for row in _rows(db, "pcs_index", phrase))


def value(db: sqlite3.Connection, term: str) -> tuple[Value, ...]:
    """What the definitions of ICD-10-PCS say of a term ("Bypass", "Percutaneous Endoscopic"), the newest release first."""
    return tuple(Value(*row[1:]) for row in _rows(db, "pcs_value", term))


def _rows(db: sqlite3.Connection, table: str, text: str) -> list[tuple[Any, ...]]:
    """The rows of an entry; [] when the book has no such table."""
    key = entry(text)
    if not key:
        return []
    return asking.rows(db, f"SELECT * FROM {table} WHERE entry = ? ORDER BY source DESC", key)  # noqa: S608 - our own names
