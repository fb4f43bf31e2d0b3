"""HCPCS Level II codes and modifiers of one release, with their dates and what Medicare says of them.

ADD DT is the first day of a code, TERM DT its last. D codes are the ADA's and are left out; modifiers whose text is the AMA's
come without it; CPT numbers stay only where a record refers to them.

Successors of an ended code: the codes that its XREF columns name, or, where they name none, a code with the very same text that
began the day after. In the files of 2019 and 2020 the second rule never contradicts the first.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from consultant.codebook.schema import CodeRow, Harvest, SurfaceRow
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.hcpcs_layout import Cells, Record, recognise, records
from consultant.codebook.sources.hcpcs_release import Release, release_of, source_of
from consultant.vocabulary import System

TABLES = (
    # `release`: first day as YYYYMMDD, since a later release corrects an earlier one. `why`: "cross-reference", "same text".
    """CREATE TABLE hcpcs_successor (
        code TEXT NOT NULL, release INTEGER NOT NULL, successor TEXT NOT NULL, why TEXT NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (code, release, successor, source)) WITHOUT ROWID""",
)
INDEXES: tuple[str, ...] = ()

AMA_MODIFIER = re.compile(r"\d\d|P[1-6]|\dP")  # as they are numbered: 59, P3, 1P
WITHHELD = "The text is the AMA's and is not kept."

_CODE = re.compile(r"[A-CE-V]\d{4}")
_ADA = re.compile(r"D\d{4}")
_CPT = re.compile(r"\d{4}[0-9AFMTU]")
_TWO = re.compile(r"[A-Z0-9]{2}")
_DATE = re.compile(r"\d{8}|\d{4}-\d\d-\d\d(?: 00:00:00)?", re.ASCII)

#: Fact → the columns that hold it; several make a list.
_FACTS: Mapping[str, tuple[str, ...]] = {
    "coverage": ("COV",),
    "price": ("PRICE1", "PRICE2", "PRICE3", "PRICE4"),
    "multiple_price": ("MULT_PI",),
    "betos": ("BETOS",),
    "tos": ("TOS1", "TOS2", "TOS3", "TOS4", "TOS5"),
    "action": ("ACTION CD",),
    "cim": ("CIM1", "CIM2", "CIM3"),
    "mcm": ("MCM1", "MCM2", "MCM3"),
    "statute": ("STATUTE",),
    "lab": tuple(f"LABCERT{at}" for at in range(1, 9)),
    "xref": tuple(f"XREF{at}" for at in range(1, 6)),
    "asc_group": ("ASC_GRP",),
    "opps": ("OPPS",),
    "opps_policy": ("OPPS_PI",),
    "processing_note": ("PROCNOTE",),
}
_DATED = {"action_date": "ACT EFF DT", "asc_date": "ASC_DT", "opps_date": "OPPS_DT"}

Found = tuple[CodeRow, Record]


def read(piece: Piece, rejects: Rejects) -> Harvest:
    """All codes and modifiers of one file. Raises Unreadable when it is laid out otherwise or holds none."""
    found = list(_unique(_each(piece, rejects), piece, rejects))
    if not found:
        raise Unreadable(f"{piece.name}: expected HCPCS Level II records, found none that can be read.")
    release = release_of(piece, newest=max((row.effective for row, _ in found if row.effective), default=None))
    codes = [row._replace(source=release.id) for row, _ in found]
    info = source_of(piece, release, "HCPCS Level II file", len(codes))
    surfaces = list(chain.from_iterable(_surfaces(row, record.cells["SHORT DESCRIPTION"]) for row, record in found))
    return Harvest(info, codes, surfaces=surfaces, tables={"hcpcs_successor": list(_successors(codes, release))})


def _each(piece: Piece, rejects: Rejects) -> Iterator[Found]:
    for record in records(piece, rejects):
        if _ADA.fullmatch(record.number):
            continue  # left out on purpose: nothing to list
        try:
            yield _row(record), record
        except ValueError as reason:
            rejects.add(piece.name, record.line, str(reason))


def _unique(found: Iterable[Found], piece: Piece, rejects: Rejects) -> Iterator[Found]:
    """A modifier may come back with other dates; the same code from the same day is one too many."""
    seen: set[tuple[str, str | None]] = set()
    for row, record in found:
        if (row.code, row.effective) in seen:
            rejects.add(piece.name, record.line, f"{row.code} stands twice with the same first day")
        else:
            seen.add((row.code, row.effective))
            yield row, record


def _row(record: Record) -> CodeRow:
    """Raises ValueError with the reason why the record can't be taken."""
    number, modifier = record.number, record.modifier
    if not (_TWO if modifier else _CODE).fullmatch(number):
        what = "a CPT code" if _CPT.fullmatch(number) else f"no HCPCS Level II {'modifier' if modifier else 'code'}"
        raise ValueError(f"{number[:8]!r} is {what}")
    effective, ended = iso(record.cells["ADD DT"]), iso(record.cells["TERM DT"])
    if effective and ended and ended < effective:
        raise ValueError(f"{number} ends on {ended}, before it begins on {effective}")
    if not record.text:
        raise ValueError(f"{number} has no text")
    withheld = modifier and AMA_MODIFIER.fullmatch(number) is not None
    facts = _facts(record.cells) | ({"text": WITHHELD} if withheld else {})
    return CodeRow(
        code=f"-{number}" if modifier else number,
        system=System.MODIFIER if modifier else System.HCPCS,
        kind="code",
        title=f"CPT modifier {number}" if withheld else record.text,
        billable=True,
        official=not withheld,
        effective=effective,
        ended=ended,
        facts=json.dumps(facts),
    )


def _facts(cells: Cells) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, columns in _FACTS.items():
        values = [cells[column] for column in columns if cells[column]]
        if values:
            facts[name] = values if len(columns) > 1 else values[0]
    named = [code for code in facts.pop("xref", []) if not _ADA.fullmatch(code)]
    if named:
        facts["xref"] = named
    facts |= {name: told for name, column in _DATED.items() if (told := iso(cells[column]))}
    units = cells["ANEST_BU"].lstrip("0")
    return {**facts, "anaesthesia_units": units} if units else facts


@lru_cache(maxsize=4096)  # a release has few dates
def iso(text: str) -> str | None:
    """A date as the files write it, `20190101` or (a workbook's doing) `2019-01-01`, in ISO; None for "". Raises ValueError."""
    if not text:
        return None
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text[:12]!r} is no date")
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as wrong:
        raise ValueError(f"{text[:12]!r} is no date") from wrong


def _surfaces(row: CodeRow, short: str) -> Iterator[SurfaceRow]:
    if row.official:
        yield SurfaceRow(row.code, row.system, "title", row.title)
        if short and short.lower() != row.title.lower():
            yield SurfaceRow(row.code, row.system, "keyword", short)


def _successors(codes: list[CodeRow], release: Release) -> Iterator[tuple[str, int, str, str, str]]:
    begun: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for row in codes:
        begun[row.title.lower(), row.effective].append(row.code)
    for row in codes:
        if row.ended:
            after = str(date.fromisoformat(row.ended) + timedelta(days=1))
            told = _told(row)
            for successor in dict.fromkeys(told or begun.get((row.title.lower(), after), [])):
                yield row.code, release.first, successor, "cross-reference" if told else "same text", release.id


def _told(row: CodeRow) -> list[str]:
    """What the XREF columns name, as far as it is a code ("CPT" stands there too)."""
    named = json.loads(row.facts).get("xref", [])
    if row.system == System.MODIFIER:
        return [f"-{name}" for name in named if _TWO.fullmatch(name)]
    return [name for name in named if _CODE.fullmatch(name) or _CPT.fullmatch(name)]


KINDS = (Kind("hcpcs", "HCPCS Level II codes and modifiers (ANWEB)", recognise, read),)
