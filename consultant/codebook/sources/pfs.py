"""The Medicare physician fee schedule's relative values (PPRRVU), as csv or as fixed-width text.

The csv repeats its column names, so columns are told apart by place once the whole header has been seen to be one that we know.
Descriptions are never kept: most of them belong to the AMA. Amounts stay decimal text, exactly as published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from consultant.codebook.asking import number
from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable

TABLES = """
CREATE TABLE fee (
    code TEXT NOT NULL, modifier TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
    track TEXT NOT NULL, released INTEGER NOT NULL, source TEXT NOT NULL, status TEXT NOT NULL, not_used TEXT NOT NULL,
    work TEXT NOT NULL, pe_nonfacility TEXT NOT NULL, na_nonfacility TEXT NOT NULL, pe_facility TEXT NOT NULL,
    na_facility TEXT NOT NULL, mp TEXT NOT NULL, total_nonfacility TEXT NOT NULL, total_facility TEXT NOT NULL,
    pctc TEXT NOT NULL, global_days TEXT NOT NULL, pre TEXT NOT NULL, intra TEXT NOT NULL, post TEXT NOT NULL,
    multiple TEXT NOT NULL, bilateral TEXT NOT NULL, assistant TEXT NOT NULL, cosurgeon TEXT NOT NULL, team TEXT NOT NULL,
    pricing TEXT NOT NULL, endoscopic_base TEXT NOT NULL, conversion_factor TEXT NOT NULL, supervision TEXT NOT NULL,
    calculation TEXT NOT NULL, imaging TEXT NOT NULL, cap_pe_nonfacility TEXT NOT NULL, cap_pe_facility TEXT NOT NULL,
    cap_mp TEXT NOT NULL,
    PRIMARY KEY (code, modifier, valid_from, track, released)) WITHOUT ROWID;
"""
INDEXES = ""

_CAPTIONS = (
    "HCPCS|MOD|DESCRIPTION|CODE|PAYMENT|RVU|PE RVU|INDICATOR|PE RVU|INDICATOR|RVU|TOTAL|TOTAL|IND|DAYS|OP|OP|OP"
    "|PROC|SURG|SURG|SURG|SURG|BASE|FACTOR|PROCEDURES|FLAG|INDICATOR|AMOUNT|AMOUNT|AMOUNT"
)
_OLD = tuple(_CAPTIONS.split("|"))
_PRICING = 23  # the place of the column that came in 2026: "PRIC" over "IND"
_NEW = (*_OLD[:_PRICING], "IND", *_OLD[_PRICING:])
_MOST_BEFORE = 40  # lines in which the header has to come

#: 0-based slices of the fixed-width lines, in the order of the old csv.
_FIELDS = (
    (0, 5), (5, 7), (7, 57), (57, 58), (58, 59), (59, 65), (66, 72), (72, 74), (75, 81), (81, 83), (84, 89), (90, 96), (96, 102),
    (102, 103), (103, 106), (106, 109), (109, 112), (112, 115), (115, 116), (116, 117), (117, 118), (118, 119), (119, 120),
    (127, 132), (132, 140), (141, 143), (143, 144), (145, 147), (151, 157), (158, 164), (165, 171),
)  # fmt: skip
_WIDTH = 171
_SHARES = (15, 16, 17)

_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{0,4})?|\.[0-9]{1,4}")
_NUMBERS = (5, 6, 8, 10, 11, 12, 15, 16, 17, 25, 29, 30, 31)  # places in a row of the new csv
_SHAPES = ((1, r"|[0-9A-Z]{2}"), (3, "[A-Z]"), (7, "|NA"), (9, "|NA"), (14, "[0-9]{3}|MMM|XXX|YYY|ZZZ"))
_CHECKS = tuple((place, re.compile(shape)) for place, shape in _SHAPES)
_SLACK = 0.021  # totals are sums of rounded parts

_TITLE = re.compile(r"(20\d\d) National Physician Fee Schedule Relative Value File ([A-Z][a-z]{2})[a-z]* Release")
_NAME = re.compile(r"PPRRVU(?:20)?(\d\d)[ _-]?(?:V\d{1,6}[ _-]?)?(JAN|APR|JUL|OCT)", re.IGNORECASE)
_ZIP = re.compile(r"RVU(?:20)?(\d\d)([A-D])", re.IGNORECASE)
_RELEASED = re.compile(r"RELEASED:? {0,3}(\d{1,2})/(\d{1,2})/(20\d\d)", re.IGNORECASE)
_TRACK = re.compile(r"(non-?)?QPP", re.IGNORECASE)
_MONTHS = {"jan": 1, "a": 1, "apr": 4, "b": 4, "jul": 7, "c": 7, "oct": 10, "d": 10}


@dataclass(frozen=True, slots=True)
class _Release:
    start: date
    released: int  # YYYYMMDD, 0 when the file does not tell
    track: str  # "QPP", "nonQPP" (two conversion factors since 2026), or ""

    @property
    def end(self) -> date:
        """The last day of the quarter: the next release takes over then, corrections and all."""
        month = self.start.month + 3
        return (date(self.start.year + 1, 1, 1) if month > 12 else date(self.start.year, month, 1)) - timedelta(days=1)

    @property
    def version(self) -> str:
        return "-".join(filter(None, (f"{self.start:%Y-%m}", str(self.released or ""), self.track.lower())))


def recognise(piece: Piece) -> bool:
    """A PPRRVU file by its name or its title."""
    name = piece.stem.lower()
    return name.endswith((".csv", ".txt")) and (
        "pprrvu" in name or b"National Physician Fee Schedule Relative Value" in piece.head[:4096]
    )


def read(piece: Piece, rejects: Rejects) -> Harvest:
    """The rows of one release, streamed into `fee`. Raises Unreadable, for a file without a single sound row at its end."""
    release = _release(piece)
    fixed = piece.stem.lower().endswith(".txt")
    source = f"pfs-{release.version}{'-txt' if fixed else ''}"  # one zip holds both: the same rows twice
    records = _fixed(piece) if fixed else _delimited(piece)
    title = f"Medicare physician fee schedule, relative values, {release.start:%B %Y} release"
    info = SourceInfo(source, title, release.version, "", piece.stem, release.start, release.end)
    return Harvest(info, tables={"fee": _fees(piece, records, release, source, rejects)})


KINDS = (Kind("pfs", "Medicare physician fee schedule: relative values (PPRRVU)", recognise, read),)


def _release(piece: Piece) -> _Release:
    head = piece.head[:4096].decode("latin-1")
    title, name, container = _TITLE.search(head), _NAME.search(piece.stem), _ZIP.search(piece.container)
    found = next((match for match in (title, name, container) if match and match[2].lower() in _MONTHS), None)
    if found is None:
        raise Unreadable(
            f"{piece.name}: expected the release in the title or in the name (as in PPRRVU2025_Oct or rvu25d), found neither."
        )
    told, track = _RELEASED.search(head), _TRACK.search(piece.stem)
    return _Release(
        date(2000 + int(found[1]) % 100, _MONTHS[found[2].lower()], 1),
        int(told[3]) * 10000 + int(told[1]) * 100 + int(told[2]) if told else 0,
        "" if track is None else "nonQPP" if track[1] else "QPP",
    )


def _delimited(piece: Piece) -> Iterator[tuple[int, Sequence[str]]]:
    """(line, 32 cells) of a csv; the header is asserted before this returns."""
    rows = piece.rows()
    header: tuple[str, ...] = ()
    for _, cells in islice(rows, _MOST_BEFORE):
        if cells and cells[0].strip() == "HCPCS":
            header = tuple(cell.strip() for cell in cells)
            break
    if header not in (_OLD, _NEW):
        raise Unreadable(f"{piece.name}: expected a PPRRVU header of 31 or 32 columns, HCPCS to AMOUNT; found {_said(header)}.")
    full = ((line, [cell.strip() for cell in cells]) for line, cells in rows if any(map(str.strip, cells)))
    return full if header == _NEW else ((line, _widened(cells)) for line, cells in full)


def _said(header: Sequence[str]) -> str:
    return f"{len(header)}: {', '.join(header)[:300]}" if header else f"none in the first {_MOST_BEFORE} records"


def _fixed(piece: Piece) -> Iterator[tuple[int, Sequence[str]]]:
    """(line, 32 cells) of a fixed-width file. Where the column of 2026 stands in it is not known: it stays empty."""
    if not piece.head.startswith(b"HDR"):
        raise Unreadable(f"{piece.name}: expected lines that begin with HDR, found {piece.head[:30].decode('latin-1')!r}.")
    data = ((line, text) for line, text in enumerate(piece.lines(), 1) if text.strip("\x1a \r") and text[:3] != "HDR")
    return ((line, _widened(_cut(text))) for line, text in data)


def _cut(text: str) -> list[str]:
    """The cells of a fixed line; the three shares have three places: `.10`, or `010` without the point."""
    if len(text) < _WIDTH:
        return [text]
    cells = [text[start:end].strip() for start, end in _FIELDS]
    for place in _SHARES:
        share = cells[place]
        cells[place] = (
            f"{share[0]}.{share[1:]}" if len(share) == 3 and share.isdigit() else f"0{share}" if share[:1] == "." else share
        )
    return cells


def _widened(cells: list[str]) -> list[str]:
    return [*cells[:_PRICING], "", *cells[_PRICING:]] if len(cells) == len(_OLD) else cells


def _fees(
    piece: Piece, records: Iterable[tuple[int, Sequence[str]]], release: _Release, source: str, rejects: Rejects
) -> Iterator[tuple[Any, ...]]:
    window = (number(release.start), number(release.end), release.track, release.released, source)
    found = False
    for line, cells in records:
        fault = _fault(cells)
        if fault:
            rejects.add(piece.name, line, fault)
            continue
        found = True
        yield (cells[0], cells[1], *window, *cells[3:])
    if not found:
        raise Unreadable(f"{piece.name}: expected rows of fees under the header, found none that can be read.")


def _fault(cells: Sequence[str]) -> str:
    """Why a row is no fee; "" when it is one. The totals tell whether columns were swapped."""
    if len(cells) != len(_NEW):
        return f"expected {len(_NEW)} columns or their width, found {len(cells)}"
    if not _CODE.fullmatch(cells[0]):
        return f"{cells[0][:12]!r} is no code"
    for place, shape in _CHECKS:
        if not shape.fullmatch(cells[place]):
            return f"{cells[place][:12]!r} in column {place + 1} ({_NEW[place]})"
    for place in _NUMBERS:
        if not _NUMBER.fullmatch(cells[place]):
            return f"{cells[place][:12]!r} in column {place + 1} ({_NEW[place]}) is no amount"
    for pe, total in ((6, 11), (8, 12)):
        parts = float(cells[5]) + float(cells[pe]) + float(cells[10])
        if abs(parts - float(cells[total])) > _SLACK:
            return f"the total {cells[total]} is not the sum of its parts {parts:.2f}"
    return ""
