"""NCCI add-on codes: codes that are paid only beside a primary one, and which primary codes those are.

A workbook (or text with the same header) of pairs, with dates as day of the year, YYYYDDD, unlike all other NCCI files. Kind 1:
the list of primary codes is closed; 2: there is none, the contractor defines it (primary code CCCCC); 3: the list is open, the
contractor may add to it. Every release is whole and keeps its history, so the newest one in a book speaks alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.ncci import cell_code, code, julian_number, medicaid, named_quarter, workbook, zipped

CONTRACTOR = "CCCCC"  # stands for "defined by the contractor" where a primary code would stand

#: `release` is year, quarter and correction in one number (AOC_V2025Q4_01: 2025401), 0 when no name tells it; dates are YYYYMMDD
#: or NULL.
TABLES = """
CREATE TABLE addon_pair (
    addon TEXT NOT NULL, primary_code TEXT NOT NULL, kind INTEGER NOT NULL, effective INTEGER, deleted INTEGER,
    addon_deleted INTEGER, primary_deleted INTEGER, note TEXT NOT NULL, release INTEGER NOT NULL);
CREATE TABLE addon_release (release INTEGER PRIMARY KEY, source TEXT NOT NULL);
"""
INDEXES = """
CREATE INDEX addon_pair_addon ON addon_pair (addon);
CREATE INDEX addon_pair_primary ON addon_pair (primary_code);
"""

#: Column titles, letters only and without "julian" → our names. They are spelt with and without blanks from year to year.
COLUMNS = {
    "addoncode": "addon",
    "primarycode": "primary",
    "aocedittype": "kind",
    "specialinstructionnotes": "note",
    "aocdeldt": "addon_deleted",
    "primarycodedeldt": "primary_deleted",
    "aocediteffdt": "effective",
    "aoceditdeldt": "deleted",
}
NEEDED = frozenset({"addon", "primary", "kind"})
KINDS_OF_PAIR = {"1": 1, "2": 2, "3": 3, "I": 1, "II": 2, "III": 3}
PREAMBLE = 20  # records in which the header must stand
LONGEST_NOTE = 500  # characters

_CORRECTION = re.compile(r"q[1-4]_([0-9]{2})(?![0-9])", re.IGNORECASE)
_NAME = re.compile(r"(?<![a-z0-9])aoc[-_]|add-?_?on", re.IGNORECASE)

Record = tuple[int, list[str]]


def _recognise(piece: Piece) -> bool:
    if medicaid(piece):
        return False
    if workbook(piece):
        return bool(_NAME.search(piece.stem))
    text = _plain(piece.head[:8192].decode("latin-1"))
    return not _beside_workbook(piece) and "addoncode" in text and "aocedittype" in text


def _beside_workbook(piece: Piece) -> bool:
    """CMS zips the text with a workbook of the same rows, which has a known header; the text is of fixed width."""
    return zipped(piece) and piece.stem.lower().endswith(".txt")


def _read(piece: Piece, rejects: Rejects) -> Harvest:
    records = _records(piece)
    order = _header(piece, records)
    quarter, corrected = named_quarter(piece), _CORRECTION.search(piece.stem)
    correction = int(corrected[1]) if corrected else 0
    source = SourceInfo(
        id=f"ncci-addon-{quarter}{f'-{correction}' if correction else ''}" if quarter else "ncci-addon",
        title="NCCI add-on code edits",
        version=str(quarter) if quarter else "undated",
        sha256="",
        origin=piece.stem,
        valid_from=quarter.first if quarter else None,
        valid_to=quarter.last if quarter else None,
    )
    release = (quarter.year * 10 + quarter.number) * 100 + correction if quarter else 0
    as_code = cell_code if workbook(piece) else code
    rows = ((*row, release) for row in _pairs(records, order, piece.name, rejects, as_code))
    return Harvest(source, tables={"addon_release": [(release, source.id)], "addon_pair": rows})


def _records(piece: Piece) -> Iterator[Record]:
    if workbook(piece):
        return chain.from_iterable(enumerate(rows, 1) for rows in piece.sheets().values())
    first = piece.head[:8192].decode("latin-1")
    return piece.rows("\t" if first.count("\t") > first.count(",") else ",")


def _header(piece: Piece, records: Iterable[Record]) -> list[str]:
    """Our names of the columns, in the order of the file, with `records` read up to and with the header."""
    found: list[str] = []
    for _, cells in islice(records, PREAMBLE):
        titles = [_plain(cell) for cell in cells]
        while titles and not titles[-1]:
            titles.pop()
        found = found or titles
        if "addoncode" in titles:
            found = titles
            break
    order = [COLUMNS.get(title, "") for title in found]
    if not NEEDED.issubset(order) or len(set(order)) != len(order) or "" in order:
        expected = ", ".join(COLUMNS)
        raise Unreadable(f"{piece.name}: expected the columns {expected}; found {', '.join(found)[:300] or 'nothing'}.")
    return order


def _plain(title: str) -> str:
    return re.sub(r"julian|[^a-z0-9]", "", title.lower())


def _pairs(
    records: Iterable[Record], order: list[str], name: str, rejects: Rejects, as_code: Callable[[str], str]
) -> Iterator[tuple[str, str, int, int | None, int | None, int | None, int | None, str]]:
    """Rows of `addon_pair` up to its note. What does not parse goes to the rejects; when nothing does, Unreadable."""
    taken = False
    for line, cells in records:
        if not any(map(str.strip, cells)):
            continue
        try:
            row = _pair(dict(zip(order, cells, strict=False)), as_code, len(cells) >= len(NEEDED))
        except ValueError as fault:
            rejects.add(name, line, str(fault))
            continue
        taken = True
        yield row
    if not taken:
        raise Unreadable(f"{name}: expected pairs of codes under the header, found none that can be read.")


def _pair(
    cells: dict[str, str], as_code: Callable[[str], str], whole: bool
) -> tuple[str, str, int, int | None, int | None, int | None, int | None, str]:
    if not whole or not NEEDED.issubset(cells):
        raise ValueError(f"expected at least the {len(NEEDED)} columns {', '.join(sorted(NEEDED))}")
    kind = KINDS_OF_PAIR.get(cells["kind"].strip().upper())
    if kind is None:
        raise ValueError(f"edit type {cells['kind'][:20]!r} is none of 1, 2 and 3")
    primary = cells["primary"].strip().upper()
    return (
        as_code(cells["addon"]),
        primary if primary == CONTRACTOR else as_code(primary),
        kind,
        julian_number(cells.get("effective", "")),
        julian_number(cells.get("deleted", "")),
        julian_number(cells.get("addon_deleted", "")),
        julian_number(cells.get("primary_deleted", "")),
        " ".join(cells.get("note", "").split())[:LONGEST_NOTE],
    )


KINDS = (Kind("ncci-addon", "NCCI add-on code edits", _recognise, _read),)
