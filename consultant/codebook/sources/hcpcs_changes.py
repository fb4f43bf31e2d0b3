"""The HCPCS transaction report: what a release did to each code. Its texts are those of the release itself and are not kept.

A workbook with the same rows twice, by action and by code; the header row is found by its words, which changed after 2019.
Codes that nothing happened to are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from consultant.codebook.schema import Harvest
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.hcpcs_release import release_of, source_of

TABLES = (
    # `release` is the first day of the release (YYYYMMDD, 0 when unknown), `action` a letter of the record layout.
    """CREATE TABLE hcpcs_change (code TEXT NOT NULL, action TEXT NOT NULL, release INTEGER NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (code, release, action, source)) WITHOUT ROWID""",
)
INDEXES: tuple[str, ...] = ()

_HEADERS = (
    ("HCPC", "ACTION CD", "SHORT DESCRIPTION", "LONG DESCRIPTION"),
    ("HCPCS/MOD", "TYPE OF CHANGE", "SHORT DESCRIPTION", "LONG DESCRIPTION"),
)
_KEY = "Action Codes"
_ACTIONS = {
    "add": "A",
    "coverage and long description change": "B",
    "long description change": "C",
    "discontinued": "D",
    "coverage change": "F",
    "no change": "N",
    "payment change": "P",
    "re-activated": "R",
    "reactivated": "R",
    "short description change": "S",
}
_CODE = re.compile(r"[A-CE-V]\d{4}|[A-Z0-9]{2}")

Sheet = list[list[str]]
Change = tuple[str, str, int, str]


def read(piece: Piece, rejects: Rejects) -> Harvest:
    """The changes of one release. Raises Unreadable when no sheet has the header."""
    sheets = piece.sheets()
    named = next(((name, at) for name, rows in sheets.items() if (at := _header(rows)) is not None), None)
    if named is None:
        expected = " or ".join(", ".join(header) for header in _HEADERS)
        found = "; ".join(f"{name}: {_first(rows)}" for name, rows in sheets.items())
        raise Unreadable(f"{piece.name}: expected a sheet with the header {expected}, found {found[:300] or 'no sheet'}.")
    release = release_of(piece, prefix="hcpcs-changes")
    sheet, at = named
    meanings = _ACTIONS | _key(sheets)
    changes = dict.fromkeys(_changes(sheets[sheet], at, meanings, (release.first, release.id), piece, rejects))
    info = source_of(piece, release, "HCPCS Level II transaction report")
    return Harvest(info, tables={"hcpcs_change": changes})


def _header(rows: Sheet) -> int | None:
    """Where the header stands, counted from 0."""
    return next((at for at, row in enumerate(rows) if tuple(" ".join(cell.split()).upper() for cell in row) in _HEADERS), None)


def _first(rows: Sheet) -> str:
    return next((", ".join(cell[:20] for cell in row[:4]) for row in rows if any(row)), "nothing")


def _key(sheets: Mapping[str, Sheet]) -> dict[str, str]:
    """The workbook's own list of letters and words: it names those that came later."""
    rows = chain.from_iterable(rows for rows in sheets.values() if rows and rows[0] and rows[0][0].strip() == _KEY)
    return {
        _plain(row[1]): row[0].strip()
        for row in rows
        if len(row) > 1 and re.fullmatch("[A-Z]", row[0].strip()) and row[1].strip()
    }


def _changes(
    rows: Sheet, header: int, meanings: Mapping[str, str], of: tuple[int, str], piece: Piece, rejects: Rejects
) -> Iterator[Change]:
    for line, row in enumerate(rows[header + 1 :], header + 2):
        number, action = row[0].strip().upper(), meanings.get(_plain(row[1]))
        if not any(row) or re.fullmatch(r"D\d{4}", number):
            continue
        if not _CODE.fullmatch(number):
            rejects.add(piece.name, line, f"{number[:8]!r} is no HCPCS Level II code or modifier")
        elif action is None:
            rejects.add(piece.name, line, f"the change {row[1][:40]!r} is not known")
        elif action != "N":
            yield (f"-{number}" if len(number) == 2 else number, action, *of)


def _plain(words: str) -> str:
    return re.sub(r"\bdesc\b", "description", " ".join(words.lower().split()))  # 2019 writes both


def _recognise(piece: Piece) -> bool:
    return (
        piece.head.startswith(b"PK")
        and re.search(r"hcpc.*trans[-_ ]?(?:alpha|report)|hcpcs.*transaction", piece.stem.lower()) is not None
    )


KINDS = (Kind("hcpcs-changes", "HCPCS Level II transaction report", _recognise, read),)
