"""The tables of a book, and the rows that sources hand to the builder.

A book is written once and then only read. Codes carry a window (`effective`, `ended`) so that a code may have several rows;
`NULL` says "not told by the source", never "always".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

KNOWLEDGE = "knowledge"  # in FOLDER: what this house decided itself
FOLDER = "codebook"  # under the data folder
POINTER = "current"  # the file in it that names the book in use
FORMAT = 3  # of the tables; a book of another format is not opened

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, version TEXT NOT NULL, valid_from TEXT, valid_to TEXT,
    codes INTEGER NOT NULL, sha256 TEXT NOT NULL, origin TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE code (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, system TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
    billable INTEGER NOT NULL, official INTEGER NOT NULL, parent TEXT NOT NULL, base TEXT NOT NULL, source TEXT NOT NULL,
    effective TEXT, ended TEXT, plain TEXT NOT NULL, facts TEXT NOT NULL, confirmed INTEGER NOT NULL);
CREATE TABLE note (id INTEGER PRIMARY KEY, node TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE addon (code TEXT NOT NULL, parent TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (code, parent)) WITHOUT ROWID;
CREATE TABLE knowledge (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE term (term TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL);
CREATE TABLE gram (gram TEXT PRIMARY KEY, words BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE exact (text TEXT PRIMARY KEY, code INTEGER NOT NULL, field TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE reordered (words TEXT NOT NULL, code INTEGER NOT NULL, PRIMARY KEY (words, code)) WITHOUT ROWID;
"""

#: Made after the rows are in: sorting once is quicker than keeping order all along.
INDEXES = """
CREATE INDEX code_code ON code (code);
CREATE INDEX code_parent ON code (parent);
CREATE INDEX code_base ON code (base) WHERE base <> '';
CREATE INDEX note_node ON note (node);
CREATE INDEX addon_parent ON addon (parent);
"""


class CodeRow(NamedTuple):
    """One row of `code`. `kind` is "code", "section" or "chapter"; `base` is the code before its 7th character was added."""

    code: str
    system: str
    kind: str
    title: str
    billable: bool
    official: bool
    parent: str = ""
    base: str = ""
    source: str = ""
    effective: str | None = None  # ISO dates
    ended: str | None = None
    plain: str = ""
    facts: str = "{}"  # JSON
    confirmed: bool = True


class NoteRow(NamedTuple):
    node: str
    kind: str
    text: str


class SurfaceRow(NamedTuple):
    """A wording by which a code can be found: its title, an inclusion term, a keyword…"""

    code: str
    system: str
    field: str
    text: str


class KnowledgeRow(NamedTuple):
    kind: str  # "record", "modifier", "term", "same", "short", "family", "card"
    id: str
    json: str


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Where rows come from. The window is the release's own: outside it the source says nothing, neither yes nor no."""

    id: str
    title: str
    version: str
    sha256: str
    origin: str  # what was read, in words
    valid_from: date | None = None
    valid_to: date | None = None
    codes: int = 0

    def covers(self, on: date) -> bool:
        """Is the day inside the release's window?"""
        return self.valid_from is not None and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Harvest:
    """All that one source brings."""

    source: SourceInfo
    codes: Sequence[CodeRow] = ()
    notes: Sequence[NoteRow] = ()
    addons: Sequence[tuple[str, str]] = ()  # (add-on code, parent code)
    knowledge: Sequence[KnowledgeRow] = ()
    surfaces: Sequence[SurfaceRow] = ()
    endings: Mapping[str, int] = field(default_factory=dict)  # what 7th characters add to titles → how many codes
    tables: Mapping[str, Iterable[tuple[Any, ...]]] = field(default_factory=dict)  # rows of the source's own tables, streamed


def source_info(row: tuple[Any, ...]) -> SourceInfo:
    """A row of the table `source`."""
    key, title, version, valid_from, valid_to, found, sha256, origin = row
    return SourceInfo(key, title, version, sha256, origin, day(valid_from), day(valid_to), found)


def day(text: str | None) -> date | None:
    """A date as the tables keep it."""
    return date.fromisoformat(text) if text else None
