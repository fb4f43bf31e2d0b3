"""NCCI medically unlikely edits: the most units of a code that are plausible for one patient on one day.

A CSV with a notice of several lines in its first cell, then the header; one file for each setting and quarter, each a full
snapshot. The files hold no dates: the day a snapshot begins is in its name. Not every value is published, so a code that a
snapshot lacks may still have a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import islice

from consultant.codebook import asking
from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.ncci import (
    cell_code,
    code,
    medicaid,
    named_quarter,
    names,
    quarter_of,
    workbook,
    zipped,
)

TABLES = """
CREATE TABLE mue (
    setting TEXT NOT NULL, effective INTEGER NOT NULL, code TEXT NOT NULL, units INTEGER NOT NULL, mai INTEGER NOT NULL,
    rationale TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (setting, effective, code)) WITHOUT ROWID;
"""
INDEXES = ""

#: Setting → how its header begins, and how file names call it.
_HEADERS = {
    "practitioner": "practitioner services mue values",
    "outpatient": "outpatient hospital services mue values",
    "dme": "dme supplier services mue values",
}
_NAMES = {
    "practitioner": re.compile(r"practitioner", re.IGNORECASE),
    "outpatient": re.compile(r"outpatient", re.IGNORECASE),
    "dme": re.compile(r"dme", re.IGNORECASE),
}
_DATE = re.compile(r"(?<![0-9])([0-9]{2})-([0-9]{2})-(20[0-9]{2})(?![0-9])")
PREAMBLE = 20  # records in which the header must stand
MOST_UNITS = 10_000_000  # drugs go up to some thousands

Record = tuple[int, list[str]]


def _recognise(piece: Piece, setting: str) -> bool:
    if medicaid(piece):
        return False
    if workbook(piece):
        return not zipped(piece) and "mue" in piece.stem.lower() and bool(_NAMES[setting].search(piece.stem))
    return _HEADERS[setting].encode() in b" ".join(piece.head.lower().split())


def _read(piece: Piece, rejects: Rejects, setting: str) -> Harvest:
    begins = _begins(piece)
    quarter = quarter_of(begins)
    records = _workbook_records(piece) if workbook(piece) else piece.rows()
    _find_header(piece, records, setting)
    source = SourceInfo(
        id=f"ncci-mue-{setting}-{begins}",
        title=f"NCCI medically unlikely edits, {setting}",
        version=str(quarter),
        sha256="",
        origin=piece.stem,
        valid_from=begins,
        valid_to=quarter.last,
    )
    as_code = cell_code if workbook(piece) else code
    rows = ((setting, asking.number(begins), *row, source.id) for row in _limits(records, piece.name, rejects, as_code))
    return Harvest(source, tables={"mue": rows})


def _begins(piece: Piece) -> date:
    found = next(filter(None, map(_DATE.search, names(piece))), None)
    quarter = named_quarter(piece)
    if found:
        try:
            return date(int(found[3]), int(found[1]), int(found[2]))
        except ValueError:
            raise Unreadable(f"{piece.name}: expected a day in the name (Eff_07-01-2026), found {found[0]}.") from None
    if quarter:
        return quarter.first
    raise Unreadable(f"{piece.name}: expected the first day in the name (Eff_07-01-2026), found {' in '.join(names(piece))}.")


def _workbook_records(piece: Piece) -> Iterator[Record]:
    for rows in piece.sheets().values():
        yield from enumerate(rows, 1)


def _find_header(piece: Piece, records: Iterable[Record], setting: str) -> None:
    """Reads `records` up to and with the header of this setting."""
    expected = ["hcpcs/ cpt code", _HEADERS[setting], "mue adjudication indicator", "mue rationale"]
    found: list[str] = []
    for _, cells in islice(records, PREAMBLE):
        found = [" ".join(cell.lower().split()) for cell in cells]
        while found and not found[-1]:
            found.pop()
        if found == expected:
            return
        if found and "cpt code" in found[0] and len(found[0]) < 40:
            break
    raise Unreadable(f"{piece.name}: expected the columns {' | '.join(expected)}; found {' | '.join(found)[:300] or 'nothing'}.")


def _limits(
    records: Iterable[Record], name: str, rejects: Rejects, as_code: Callable[[str], str]
) -> Iterator[tuple[str, int, int, str]]:
    """(code, units, indicator, rationale). What does not parse goes to the rejects; when nothing does, Unreadable."""
    seen: set[str] = set()
    for line, cells in records:
        if not any(map(str.strip, cells)):
            continue
        try:
            row = _limit(cells, as_code)
            if row[0] in seen:
                raise ValueError(f"{row[0]} stands twice in the snapshot: the first row is kept")
        except ValueError as fault:
            rejects.add(name, line, str(fault))
            continue
        seen.add(row[0])
        yield row
    if not seen:
        raise Unreadable(f"{name}: expected rows of codes under the header, found none that can be read.")


def _limit(cells: list[str], as_code: Callable[[str], str]) -> tuple[str, int, int, str]:
    if len(cells) < 4 or any(map(str.strip, cells[4:])):
        raise ValueError(f"expected 4 columns, found {len(cells)}")
    number, units, indicator, rationale = (cell.strip() for cell in cells[:4])
    if not (units.isascii() and units.isdigit()) or len(units) > 9 or int(units) > MOST_UNITS:
        raise ValueError(f"{units[:20]!r} is no number of units")
    if indicator[:1] not in {"1", "2", "3"} or indicator[1:2].isdigit():
        raise ValueError(f"adjudication indicator {indicator[:40]!r} does not begin with 1, 2 or 3")
    return as_code(number), int(units), int(indicator[0]), " ".join(rationale.split())[:200]


KINDS = tuple(
    Kind(
        f"ncci-mue-{setting}",
        f"NCCI medically unlikely edits, {setting}",
        partial(_recognise, setting=setting),
        partial(_read, setting=setting),
    )
    for setting in _HEADERS
)
