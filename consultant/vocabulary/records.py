"""What the codebook answers with: sources, code records, their notes, search hits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consultant.vocabulary.states import System


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: str
    version: str  # its date or edition, as printed
    where: str = ""  # section, chapter, table


@dataclass(frozen=True, slots=True)
class Note:
    kind: str  # "includes", "inclusion", "excludes1", "excludes2", "code first", "use additional", "code also", "7th", …
    text: str
    of: str  # the code, section or chapter the note stands at (notes are inherited)


@dataclass(frozen=True, slots=True)
class CodeRecord:
    code: str
    system: System
    title: str  # what we may print
    official: bool  # True: `title` is the official text; False: our own words
    billable: bool
    source: Source
    effective: date | None = None
    ended: date | None = None  # last day of use
    parent: str = ""
    plain: str = ""  # a sentence a patient can read
    notes: tuple[Note, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)  # minutes, global days, add-on, indicators…
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    code: str
    system: System
    score: float
    title: str
    words: Mapping[str, str] = field(default_factory=dict)  # matched word → the field it met
