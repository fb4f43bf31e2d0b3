"""NCCI medically unlikely edits: the most units of a code that are plausible for one patient on one day.

A CSV with a notice of several lines in its first cell, then the header; one file for each setting and quarter, each a full
snapshot. The files hold no dates: the day a snapshot begins is in its name. Not every value is published, so a code that a
snapshot lacks may still have a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from itertools import islice

from consultant.codebook import asking
from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.ncci import (
    Line,
    cell_code,
    code,
    medicaid,
    named_quarter,
    names,
    quarter_of,
    read_rows,
    workbook,
    workbook_lines,
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


def _recognise(piece: Piece, setting: str) -> bool:
    if medicaid(piece):
        return False
    if workbook(piece):
        return not zipped(piece) and "mue" in piece.stem.lower() and bool(_NAMES[setting].search(piece.stem))
    return _HEADERS[setting].encode() in b" ".join(piece.head.lower().split())


def _read(piece: Piece, rejects: Rejects, setting: str) -> Harvest:
    begins = _begins(piece)
    quarter = quarter_of(begins)
    records = workbook_lines(piece) if workbook(piece) else piece.rows()
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
    limit = partial(_limit, as_code=cell_code if workbook(piece) else code, seen=set())
    found = read_rows(records, limit, piece, rejects, "codes")
    rows = ((setting, asking.number(begins), *row, source.id) for row in found)
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


def _find_header(piece: Piece, records: Iterable[Line], setting: str) -> None:
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


def _limit(cells: list[str], as_code: Callable[[str], str], seen: set[str]) -> tuple[str, int, int, str]:
    """(code, units, indicator, rationale); adds the code to those `seen`. Raises ValueError."""
    if len(cells) < 4 or any(map(str.strip, cells[4:])):
        raise ValueError(f"expected 4 columns, found {len(cells)}")
    text, units, indicator, rationale = (cell.strip() for cell in cells[:4])
    if not (units.isascii() and units.isdigit()) or len(units) > 9 or int(units) > MOST_UNITS:
        raise ValueError(f"{units[:20]!r} is no number of units")
    if indicator[:1] not in {"1", "2", "3"} or indicator[1:2].isdigit():
        raise ValueError(f"adjudication indicator {indicator[:40]!r} does not begin with 1, 2 or 3")
    number = as_code(text)
    if number in seen:
        raise ValueError(f"{number} stands twice in the snapshot: the first row is kept")
    seen.add(number)
    return number, int(units), int(indicator[0]), " ".join(rationale.split())[:200]


KINDS = tuple(
    Kind(
        f"ncci-mue-{setting}",
        f"NCCI medically unlikely edits, {setting}",
        partial(_recognise, setting=setting),
        partial(_read, setting=setting),
    )
    for setting in _HEADERS
)
