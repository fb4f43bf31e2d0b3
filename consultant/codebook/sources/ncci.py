"""What the files of the National Correct Coding Initiative share: the quarter they are for, and how a code is written in them.

All are published by the quarter, in zips that hold the same rows as text and as a workbook: of a zip only one of the two is read
(a workbook loses the leading zeros of codes), a workbook handed in alone is read too. Medicaid's files are others and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar

from consultant.codebook import asking
from consultant.codebook.sources.files import Piece, Rejects, Unreadable

Line = tuple[int, list[str]]  # its number in the file, its cells
Row = TypeVar("Row")

LENGTH = 5  # characters of a code
_CODE = re.compile(r"(?:[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})")
_QUARTER = re.compile(r"(20[0-9]{2})[-_ ]?q([1-4])(?![0-9])", re.IGNORECASE)
_MEDICAID = re.compile(r"medicaid|[-_ ]mcd\b", re.IGNORECASE)


class Quarter(NamedTuple):
    year: int
    number: int  # 1-4

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=100)).replace(day=1) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}q{self.number}"


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def names(piece: Piece) -> tuple[str, str]:
    """Where a release may be told: the piece's own name, then that of the file it came in."""
    return piece.stem, piece.container


def named_quarter(piece: Piece) -> Quarter | None:
    """The quarter that a name tells ("2026q3", "2026-q3")."""
    found = next(filter(None, map(_QUARTER.search, names(piece))), None)
    return Quarter(int(found[1]), int(found[2])) if found else None


def medicaid(piece: Piece) -> bool:
    return any(map(_MEDICAID.search, names(piece)))


def workbook(piece: Piece) -> bool:
    return piece.stem.lower().endswith((".xlsx", ".xlsm"))


def workbook_lines(piece: Piece) -> Iterator[Line]:
    """The rows of all sheets, each numbered as in its own."""
    for rows in piece.sheets().values():
        yield from enumerate(rows, 1)


def read_rows(
    lines: Iterable[Line], read: Callable[[list[str]], Row], piece: Piece, rejects: Rejects, what: str
) -> Iterator[Row]:
    """What `read` makes of each line. Where it raises ValueError the line goes to the rejects; when all do, Unreadable."""
    taken = False
    for line, cells in lines:
        try:
            row = read(cells)
        except ValueError as fault:
            if any(map(str.strip, cells)):
                rejects.add(piece.name, line, str(fault))
            continue
        taken = True
        yield row
    if not taken:
        raise Unreadable(f"{piece.name}: expected rows of {what} under the header, found none that can be read.")


def zipped(piece: Piece) -> bool:
    return piece.container != piece.name


@lru_cache(maxsize=65_536)
def code(text: str) -> str:
    """A CPT or HCPCS number as the files write it. Raises ValueError with the reason that a reject list prints."""
    plain = text.strip().upper()
    if not _CODE.fullmatch(plain):
        raise ValueError(f"{text[:20]!r} is no CPT or HCPCS number")
    return plain


def cell_code(text: str) -> str:
    """A code out of a workbook, which keeps 00100 as the number 100. Raises ValueError."""
    plain = text.strip()
    return code(plain.zfill(LENGTH) if plain.isascii() and plain.isdigit() else plain)


@lru_cache(maxsize=65_536)
def day_number(text: str) -> int:
    """YYYYMMDD as a number, once it is known to be a day. Raises ValueError."""
    plain = text.strip()
    if len(plain) != 8 or not (plain.isascii() and plain.isdigit()):
        raise ValueError(f"{text[:20]!r} is no date YYYYMMDD")
    return asking.number(_day(int(plain[:4]), int(plain[4:6]), int(plain[6:]), text))


def julian_number(text: str) -> int | None:
    """YYYYDDD, the day of the year, as YYYYMMDD; None for a blank cell. Raises ValueError."""
    plain = text.strip()
    if not plain:
        return None
    if len(plain) != 7 or not (plain.isascii() and plain.isdigit()) or not 1 <= int(plain[4:]) <= 366:
        raise ValueError(f"{text[:20]!r} is no date YYYYDDD")
    found = _day(int(plain[:4]), 1, 1, text) + timedelta(days=int(plain[4:]) - 1)
    if found.year != int(plain[:4]):
        raise ValueError(f"{text[:20]!r} is no date YYYYDDD: the year has 365 days")
    return asking.number(found)


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is no day of the calendar") from None
