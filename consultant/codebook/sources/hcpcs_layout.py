"""The layouts in which CMS writes its HCPCS records ("ANWEB"): lines of 320, or a workbook, which people also save as csv.

All give the same: a head with the details and the first piece of the text (RECID 3 for a code, 7 for a modifier), then
continuations with more of the text (4, 8). The workbook joins most of the text itself, not all of it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice, zip_longest

from consultant.codebook.sources.files import Piece, Rejects, Unreadable

#: The columns of the workbook and, in the same order, their widths in the text file.
_WIDTHS: Mapping[str, int] = (
    {"HCPC": 5, "SEQNUM": 5, "RECID": 1, "LONG DESCRIPTION": 80, "SHORT DESCRIPTION": 28}
    | {"PRICE1": 2, "PRICE2": 2, "PRICE3": 2, "PRICE4": 2, "MULT_PI": 1}
    | {"CIM1": 6, "CIM2": 6, "CIM3": 6, "MCM1": 8, "MCM2": 8, "MCM3": 8, "STATUTE": 10}
    | {f"LABCERT{at}": 3 for at in range(1, 9)}
    | {f"XREF{at}": 5 for at in range(1, 6)}
    | {"COV": 1, "ASC_GRP": 2, "ASC_DT": 8, "OPPS": 3, "OPPS_PI": 1, "OPPS_DT": 8, "PROCNOTE": 4, "BETOS": 3}
    | {f"TOS{at}": 1 for at in range(1, 6)}
    | {"ANEST_BU": 3, "ADD DT": 8, "ACT EFF DT": 8, "TERM DT": 8, "ACTION CD": 1}
)
COLUMNS = tuple(_WIDTHS)
_GAP = "TOS1"  # one blank stands before it
_ENDS = accumulate(width + (name == _GAP) for name, width in _WIDTHS.items())
_PLACES = {name: slice(end - width, end) for (name, width), end in zip(_WIDTHS.items(), _ENDS, strict=True)}
_CONTINUED = dict(islice(_PLACES.items(), 4))  # up to the text; nothing else stands in a continuation
_HEAD_LENGTH = 293  # up to the action code; what follows is filler
_TEXT_LENGTH = 91  # some years cut continuations after their text

_HEAD_OF = {"4": "3", "8": "7"}
_LINE = re.compile(rb"^(?:   [A-Z0-9]{2}|[A-V]\d{4})\d{5}[37].{281}", re.MULTILINE)
_LIKE_A_LINE = re.compile(r"(?:   [A-Z0-9]{2}|[A-Z0-9]\d{3}[A-Z0-9])\d{5}")

Cells = Mapping[str, str]


@dataclass(slots=True)
class Record:
    """A head, and the pieces of its text by sequence number."""

    line: int
    cells: Cells
    texts: list[tuple[int, str]]

    @property
    def number(self) -> str:
        return self.cells["HCPC"].upper()

    @property
    def modifier(self) -> bool:
        return self.cells["RECID"] == "7"

    @property
    def text(self) -> str:
        return " ".join(" ".join(piece for _, piece in sorted(self.texts, key=lambda text: text[0])).split())


def recognise(piece: Piece) -> bool:
    """By its lines, its header, or a workbook by its name."""
    if piece.head.startswith(b"PK"):
        return "anweb" in piece.stem.lower()
    return _is_csv(piece.head) or _LINE.search(piece.head) is not None


def records(piece: Piece, rejects: Rejects) -> Iterator[Record]:
    """All records of a piece, in its order. Raises Unreadable when its header is another."""
    last: Record | None = None
    for line, cells in _rows(piece, rejects):
        kind, sequence = cells["RECID"], cells["SEQNUM"]
        if not re.fullmatch(r"\d{1,5}", sequence, re.ASCII) or kind not in {"3", "4", "7", "8"}:
            rejects.add(piece.name, line, f"record id {kind[:8]!r} with the sequence number {sequence[:8]!r}")
        elif kind not in _HEAD_OF:
            if last:
                yield last
            last = Record(line, cells, [(int(sequence), cells["LONG DESCRIPTION"])])
        elif last and (last.cells["HCPC"], last.cells["RECID"]) == (cells["HCPC"], _HEAD_OF[kind]):
            last.texts.append((int(sequence), cells["LONG DESCRIPTION"]))
        else:
            rejects.add(piece.name, line, f"a continuation of {cells['HCPC'][:8]} that does not follow it")
    if last:
        yield last


def _rows(piece: Piece, rejects: Rejects) -> Iterator[tuple[int, Cells]]:
    if piece.head.startswith(b"PK"):
        sheet = next((rows for rows in piece.sheets().values() if any(map(_is_header, rows))), None)
        if sheet is None:
            raise Unreadable(f"{piece.name}: expected a sheet with a header row that begins with HCPC, found none.")
        return _under_header(enumerate(sheet, 1), piece, rejects)
    if _is_csv(piece.head):
        return _under_header(piece.rows(encoding=_encoding(piece.head)), piece, rejects)
    return _fixed(piece, rejects)


def _under_header(rows: Iterable[tuple[int, list[str]]], piece: Piece, rejects: Rejects) -> Iterator[tuple[int, Cells]]:
    """The rows below the header, which must be the one known: a shifted column would be read as another."""
    known = False
    for line, row in rows:
        if known and len(row) == len(COLUMNS):
            yield line, dict(zip(COLUMNS, map(str.strip, row), strict=True))
        elif known and any(row):
            rejects.add(piece.name, line, f"{len(row)} columns, not {len(COLUMNS)}")
        elif _is_header(row):
            _assert_header(row, piece)
            known = True


def _is_header(row: list[str]) -> bool:
    return bool(row) and _caption(row[0]) == COLUMNS[0]


def _assert_header(row: list[str], piece: Piece) -> None:
    for at, (one, known) in enumerate(zip_longest(map(_caption, row), COLUMNS, fillvalue=""), 1):
        if one != known:
            expected, found = known or "no more columns", one[:40] or "nothing"
            raise Unreadable(f"{piece.name}: expected {expected} in column {at} of the header, found {found}.")


def _caption(cell: str) -> str:
    return " ".join(cell.lstrip("\ufeff").split()).upper()


def _fixed(piece: Piece, rejects: Rejects) -> Iterator[tuple[int, Cells]]:
    """Notices may stand before the lines, of any length; they don't begin like one."""
    for line, text in enumerate(piece.lines(), 1):
        if _LIKE_A_LINE.match(text):
            kind = text[10:11]
            if len(text) >= (_TEXT_LENGTH if kind in _HEAD_OF else _HEAD_LENGTH):
                yield line, _cut(text)
            else:
                rejects.add(piece.name, line, f"a line of {len(text)} characters: it was cut")


def _cut(text: str) -> Cells:
    places = _PLACES if text[10:11] not in _HEAD_OF else _CONTINUED
    return {name: text[place].strip() for name, place in places.items()}


def _is_csv(head: bytes) -> bool:
    return b"HCPC,SEQNUM,RECID" in head.replace(b'"', b"")


def _encoding(head: bytes) -> str:
    """CMS writes Latin-1; a spreadsheet that saved the file again may have written UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"
