"""Where the fee schedule pays what: geographic indices (GPCI), anaesthesia conversion factors, and the counties of a locality.

Each comes as csv, xlsx and fixed-width text with the same content. Spreadsheets lose leading zeros of contractors and
localities: both are filled up again (5 and 2 digits). All three are valid for the calendar year that they name. The text of the
counties cuts long lists short and may leave out a state, so each form keeps its own rows of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable

TABLES = """
CREATE TABLE gpci (
    contractor TEXT NOT NULL, locality TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
    source TEXT NOT NULL, state TEXT NOT NULL, name TEXT NOT NULL, work TEXT NOT NULL, pe TEXT NOT NULL, mp TEXT NOT NULL,
    PRIMARY KEY (contractor, locality, valid_from)) WITHOUT ROWID;
CREATE TABLE anesthesia (
    contractor TEXT NOT NULL, locality TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
    source TEXT NOT NULL, track TEXT NOT NULL, name TEXT NOT NULL, factor TEXT NOT NULL,
    PRIMARY KEY (contractor, locality, valid_from, track)) WITHOUT ROWID;
CREATE TABLE locality (
    contractor TEXT NOT NULL, locality TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
    source TEXT NOT NULL, state TEXT NOT NULL, area TEXT NOT NULL, counties TEXT NOT NULL,
    PRIMARY KEY (contractor, locality, valid_from, source)) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX gpci_state ON gpci (state);
CREATE INDEX gpci_name ON gpci (name COLLATE NOCASE);
"""

Cells = list[str]
Records = list[tuple[int, Cells]]
_NUMBER = re.compile(r"[0-9]{1,5}")
_LOCALITY = re.compile(r"[0-9]{1,2}")
_INDEX = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,6})?")
_YEAR = re.compile(r"(?:GPCI|ANES)[ _-]?(?:20)?(\d\d)|(?<!\d)(?:20)?(\d\d)LOCCO", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:CY|IN) (20\d\d)\b")
_TRACK = re.compile(r"(non-?)?QPP", re.IGNORECASE)
_MOST = 2_000  # records: there are some 110 localities


@dataclass(frozen=True, slots=True)
class _Layout:
    """One of the three files. `header`: what each caption of the csv holds, in small letters; `cuts`: where the text is cut."""

    title: str
    named: re.Pattern[str]
    header: tuple[str, ...]
    cuts: tuple[tuple[int, int], ...]
    place: int  # the column of the locality's number
    row: Callable[[Cells, str], tuple[Any, ...]]  # (cells, name of the file) → what stands after `source`; raises ValueError


def _gpci(cells: Cells, name: str) -> tuple[Any, ...]:
    _, state, _, place, *indices = cells
    wrong = [index for index in indices if not _INDEX.fullmatch(index)]
    if wrong or not re.fullmatch("[A-Z]{2}", state):
        raise ValueError(f"{', '.join(wrong or [state])!r} is no index or state")
    return (state, place.rstrip("*"), *(_padded(index, 3) for index in indices))


def _anesthesia(cells: Cells, name: str) -> tuple[Any, ...]:
    factor = cells[3]
    if factor.isdigit() and len(factor) == 4:
        factor = f"{factor[:2]}.{factor[2:]}"  # the text file writes hundredths without the point
    if not _INDEX.fullmatch(factor):
        raise ValueError(f"{factor!r} is no conversion factor")
    track = _TRACK.search(name)
    return ("" if track is None else "nonQPP" if track[1] else "QPP", cells[2].rstrip("*"), _padded(factor, 2))


def _padded(amount: str, places: int) -> str:
    """Spreadsheets drop the zeros at the end: `1.5` is published as `1.500`."""
    whole, _, rest = amount.partition(".")
    return f"{whole}.{rest:0<{places}}"


def _county(cells: Cells, name: str) -> tuple[Any, ...]:
    if not cells[4]:
        raise ValueError("no counties")
    return cells[2].rstrip("*"), cells[3].rstrip("*"), cells[4]


_LAYOUTS = {
    "gpci": _Layout(
        "Medicare geographic practice cost indices",
        re.compile(r"gpci"),
        ("contractor", "state", "locality", "name", "pw gpci", "pe gpci", "mp gpci"),
        ((0, 16), (16, 24), (24, 29), (29, 116), (116, 128), (128, 140), (140, 152)),
        2,
        _gpci,
    ),
    "anesthesia": _Layout(
        "Medicare anaesthesia conversion factors",
        re.compile(r"anes"),
        ("contractor", "locality", "name", "anes cf"),
        ((0, 12), (12, 18), (18, 68), (68, 80)),
        1,
        _anesthesia,
    ),
    "locality": _Layout(
        "Counties of the Medicare payment localities",
        re.compile(r"[0-9]{2,4}locco"),
        ("contractor", "locality", "state", "area", "counties"),
        ((0, 14), (14, 22), (22, 45), (45, 143), (143, 2000)),
        1,
        _county,
    ),
}


def _recognise(piece: Piece, *, name: str) -> bool:
    stem = piece.stem.lower()
    return stem.endswith((".csv", ".txt", ".xlsx")) and _LAYOUTS[name].named.match(stem) is not None


def _read(piece: Piece, rejects: Rejects, *, name: str) -> Harvest:
    """One file into the table `name`. Raises Unreadable."""
    layout = _LAYOUTS[name]
    form = piece.stem.lower().rpartition(".")[2]
    records = _records(piece, form, layout)
    begin, year = _begin(piece, records, form, layout), _year(piece, records)
    source = SourceInfo(
        f"{name}-{piece.stem.lower().replace('.', '-')}",
        f"{layout.title} {year}",
        str(year),
        "",
        piece.stem,
        date(year, 1, 1),
        date(year, 12, 31),
    )
    key = (year * 10000 + 101, year * 10000 + 1231, source.id)
    rows = list(_rows(piece, records[begin:], layout, key, rejects))
    if not rows:
        raise Unreadable(f"{piece.name}: expected rows of localities under the header, found none that can be read.")
    return Harvest(source, tables={name: rows})


KINDS = tuple(
    Kind(kind, layout.title, partial(_recognise, name=name), partial(_read, name=name))
    for kind, (name, layout) in zip(("pfs-gpci", "pfs-anesthesia", "pfs-locality"), _LAYOUTS.items(), strict=True)
)


def _records(piece: Piece, form: str, layout: _Layout) -> Records:
    """(line, cells) of the file in any of its three forms."""
    if form == "xlsx":
        return list(enumerate(next(iter(piece.sheets().values()), [])[:_MOST], 1))
    if form == "csv":
        return list(islice(piece.rows(), _MOST))
    lines = enumerate(islice(piece.lines(), _MOST), 1)
    return [(number, [line[start:end] for start, end in layout.cuts]) for number, line in lines]


def _begin(piece: Piece, records: Records, form: str, layout: _Layout) -> int:
    """The place after the header. The texts' headers are shifted, cut short or not there: rows tell by themselves."""
    if form == "txt":
        return 0
    for place, (_, cells) in enumerate(records[:40]):
        if len(cells) >= len(layout.header) and all(map(_holds, cells, layout.header)):
            return place + 1
    found = next((", ".join(cells)[:200] for _, cells in records[:40] if sum(map(bool, cells)) > 2), "none")
    raise Unreadable(f"{piece.name}: expected a header with {', '.join(layout.header)}; found {found}.")


def _holds(cell: str, caption: str) -> bool:
    return caption in cell.lower()


def _year(piece: Piece, records: Records) -> int:
    """From the title, else from the name."""
    told = _TITLED.search(" ".join("".join(cells) for _, cells in records[:4]))
    named = _YEAR.search(piece.stem)
    if told or named:
        return int(told[1]) if told else 2000 + int(named[1] or named[2])  # type: ignore[index]
    raise Unreadable(f"{piece.name}: expected its year in the title or in the name (as in GPCI2025), found neither.")


def _rows(
    piece: Piece, records: Sequence[tuple[int, Cells]], layout: _Layout, key: tuple[Any, ...], rejects: Rejects
) -> Iterator[tuple[Any, ...]]:
    """Rows that begin with a contractor's number; titles, notes and blank rows are no data."""
    width, above = len(layout.header), ""
    for line, raw in records:
        cells = [" ".join(cell.split()) for cell in raw[:width]]
        above = above if any(cells) else ""
        if not cells or not _NUMBER.fullmatch(cells[0]):
            continue
        try:
            if len(cells) < width or not _LOCALITY.fullmatch(cells[layout.place]):
                raise ValueError(f"expected {width} columns with a locality number in column {layout.place + 1}")
            if layout.header[2] == "state":
                above = cells[2] = cells[2] or above  # the state stands on its first row only
            rest = layout.row(cells, piece.stem)
        except ValueError as fault:
            rejects.add(piece.name, line, str(fault))
            continue
        yield (cells[0].zfill(5), cells[layout.place].zfill(2), *key, *rest)
