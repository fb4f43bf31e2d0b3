"""Small files of fees, coverage and crosswalks as their agencies lay them out, invented where CMS prints the AMA's words."""

from __future__ import annotations

import random
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from consultant.codebook.schema import Harvest
from consultant.codebook.sources import crosswalks, mcd, pfs, pfs_places
from consultant.codebook.sources.files import Piece, Rejects, Unreadable, pieces

MODULES = (pfs, pfs_places, mcd, crosswalks)
KINDS = tuple(kind for module in MODULES for kind in module.KINDS)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "codes"

CAPTIONS = "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP"
CAPTIONS += ",PROC,SURG,SURG,SURG,SURG"
TAIL = "BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT"
OPERATION = "0,090,0.10,0.69,0.21,2,1,2,1,0"
VISIT = "0,XXX,0.00,0.00,0.00,0,0,0,0,0"
IMAGE = "1,XXX,0.00,0.00,0.00,4,0,0,0,0"
NOTHING = "9,XXX,0.00,0.00,0.00,9,9,9,9,9"
REST = ",32.3465,09,0,99,0.00,0.00,0.00"
FEES = (
    f"99213,,OURS,A,,1.30,1.35,,0.57,,0.10,2.75,1.97,{VISIT},{REST}",
    f"27447,,OURS,A,,19.60,15.30,NA,15.30,,3.98,38.88,38.88,{OPERATION},{REST}",
    f"70496,,OURS,A,,1.75,6.56,,6.56,NA,0.11,8.42,8.42,{IMAGE},,32.3465,09,0,88,6.11,6.11,0.11",
    f"70496,26,OURS,A,,1.75,0.63,,0.63,,0.08,2.46,2.46,{IMAGE},,32.3465,09,0,88,0.00,0.00,0.00",
    f"00100,,OURS,J,,0.00,0.00,,0.00,,0.00,0.00,0.00,{NOTHING},{REST}",
    f"0075T,,OURS,C,,0.00,0.00,,0.00,,0.00,0.00,0.00,{VISIT},{REST}",
    f"D0120,,OURS,R,,0.00,0.00,,0.00,,0.00,0.00,0.00,{VISIT},{REST}",
    f'G0283,,"OURS, with a comma",A,,0.18,0.19,,0.19,NA,0.01,0.38,0.38,7,XXX,0.00,0.00,0.00,5,0,0,0,0,{REST}',
)

WIDTHS = (
    *(5, 2, 50, 1, 1, 6, -1, 6, 2, -1, 6, 2, -1, 5, -1, 6, 6, 1, 3, 3, 3, 3, 1, 1, 1, 1, 1),
    *(-7, 5, 8, -1, 2, 1, -1, 2, -4, 6, -1, 6, -1, 6, -1),
)  # of the fixed lines; blanks are negative

GPCI = (
    "10112,AL,00,ALABAMA,1,0.869,0.575",
    "02102,AK,01,ALASKA*,1.5,1.081,0.592",
    "13202,NY,01,MANHATTAN,1.065,1.166,1.656",
    "13282,NY,99,REST OF NEW YORK,1,0.949,0.732",
)
ANES = ("10112 ,00 ,ALABAMA,19.31 ", "02102 ,01 ,ALASKA*,27.86 ", "13202 ,01 ,MANHATTAN,21.5 ")
COUNTIES = (
    "10112,0,ALABAMA ,STATEWIDE ,ALL COUNTIES ",
    ",,,,",
    "13202,1,NEW YORK,MANHATTAN,NEW YORK ",
    "13282,99,,REST OF STATE*,ALL OTHER COUNTIES ",
    ",,,,",
    "2102,1,ALASKA ,STATEWIDE ,ALL COUNTIES ",
)


def pprrvu(
    folder: Path, name: str = "PPRRVU2025_Oct.csv", rows: Sequence[str] = FEES, *, captions: str = "", title: str = ""
) -> Path:
    """The csv; with a file name of 2026 it has the column that came then."""
    new = "2026" in name
    if new:
        rows = [_with_pricing(row) for row in rows]
    when = "July" if new else "October"
    title = title or f"{'2026' if new else '2025'} National Physician Fee Schedule Relative Value File {when} Release"
    head = [f",,{title},,", ",,RELEASED 09/11/2025,,", ",,,STATUS,,WORK"]
    return _text(folder / name, [*head, captions or f"{CAPTIONS},{'IND,' if new else ''}{TAIL}", *rows])


def _with_pricing(row: str) -> str:
    head, middle, rest = row.rpartition(REST[1:]) if row.endswith(REST[1:]) else row.rpartition("32.3465,09,0,88,6.11,6.11,0.11")
    return f"{head.removesuffix(',')}9,,{middle}{rest}" if middle else row.replace(",,32.3465", ",9,,32.3465")


def fixed_pprrvu(folder: Path, name: str = "PPRRVU25_OCT.txt", rows: Sequence[str] = FEES) -> Path:
    """The same rows in the fixed places of the text."""
    lines = [f"HDR{text:48}" for text in ("2025 fees", "notice", "", "", "", "", "")]
    for row in rows:
        cells = iter(row.replace('"OURS, with a comma"', "OURS").split(","))
        texts = (" " * -width if width < 0 else next(cells)[-width:].rjust(width) for width in WIDTHS)
        lines.append("".join(texts))
    return _text(folder / name, [*lines, "\x1a"])


def gpci(folder: Path, name: str = "GPCI2025.csv", rows: Sequence[str] = GPCI) -> Path:
    year = "2026" if "2026" in name else "2025"
    mark = "***" if year == "2026" else ""
    indices = f"{year} PW GPCI (with 1.0 Floor){mark},{year} PE GPCI,{year} MP GPCI"
    head = [
        f"ADDENDUM E. FINAL CY {year} GEOGRAPHIC PRACTICE COST INDICES (GPCIs) BY STATE,,,,,,",
        ",,,,,,",
        f"Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,{indices}",
    ]
    notes = ['"MAC Assignments as of November 22, 2023",,,,,,', "*Work GPCI reflects a floor.,,,,,,"]
    return _text(folder / name, [*head, *rows, *notes])


def anesthesia(folder: Path, name: str = "ANES2025.csv", rows: Sequence[str] = ANES) -> Path:
    return _text(folder / name, ["Contractor,Locality,Locality Name,National Anes CF of 20.3178", *rows, ",,,"])


def counties(folder: Path, name: str = "25LOCCO.csv", rows: Sequence[str] = COUNTIES) -> Path:
    head = ["COUNTIES INCLUDED IN 2025 LOCALITIES.,,,,", ",,,,"]
    captions = "Medicare Adminstrative Contractor,Locality Number,State ,Fee Schedule Area ,Counties"
    return _text(folder / name, [*head, captions, ",,,,", *rows, "*  Payment locality is serviced by two carriers.,,,,"])


def renamed_sheet(path: Path, name: str) -> Path:
    """The workbook with its one sheet called otherwise."""
    with zipfile.ZipFile(path) as archive:
        parts = {member: archive.read(member) for member in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in parts.items():
            archive.writestr(member, data.replace(b'name="one"', f'name="{name}"'.encode()))
    return path


def _text(path: Path, lines: Iterable[str], end: str = "\r\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}{end}" for line in lines).encode("latin-1"))
    return path


def write(path: Path, lines: Iterable[str], end: str = "\n") -> Path:
    return _text(path, lines, end)


def kinds_of(piece: Piece) -> list[str]:
    return [kind.id for kind in KINDS if kind.recognise(piece)]


def read(path: Path, rejects: Rejects | None = None) -> Harvest:
    """The harvest of the only piece of a file, which exactly one kind knows."""
    (piece,) = pieces(path)
    return read_piece(piece, rejects)


def read_piece(piece: Piece, rejects: Rejects | None = None) -> Harvest:
    (kind,) = (kind for kind in KINDS if kind.recognise(piece))
    return kind.read(piece, rejects if rejects is not None else Rejects())


def rows_of(path: Path, table: str, rejects: Rejects | None = None) -> list[tuple[object, ...]]:
    return list(read(path, rejects).tables[table])


def book(*paths: Path) -> sqlite3.Connection:
    """The tables of these modules alone, with the rows of these files."""
    db = sqlite3.connect(":memory:")
    for module in MODULES:
        db.executescript(module.TABLES + module.INDEXES)
    for path in paths:
        for piece in pieces(path):
            fill(db, read_piece(piece))
    return db


def fill(db: sqlite3.Connection, harvest: Harvest) -> None:
    for table, rows in harvest.tables.items():
        with closing(db.execute(f"SELECT * FROM {table} LIMIT 0")) as shape:
            width = len(shape.description)
        db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * width)})", rows)


def official(name: str) -> Path:
    """A file beside the repository; the test is skipped where it is not."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the official file {name} is not beside this repository (shared/codes)")
    return path


def damaged(good: bytes, seed: int) -> bytes:
    """Cut off, with wrong bytes, in another encoding, or with bytes swapped."""
    chance, data = random.Random(seed), bytearray(good)
    if seed % 4 == 0:
        return bytes(data[: chance.randrange(len(data))])
    if seed % 4 == 1:
        return good.decode("latin-1").encode("utf-16")
    for _ in range(chance.randrange(1, 40)):
        at, to = chance.randrange(len(data)), chance.randrange(len(data))
        data[at] = chance.randrange(256)
        data[to], data[at] = data[at], data[to]
    return bytes(data)


def survives(path: Path, good: bytes, readers: Sequence[Callable[[Piece, Rejects], Harvest]], turns: int = 80) -> int:
    """Reads damaged copies under the same name; how many were refused with a sentence. Nothing else is caught."""
    refused = 0
    for seed in range(turns):
        path.write_bytes(damaged(good, seed))
        refused += sum(_refused(path, reader) for reader in readers)
    return refused


def _refused(path: Path, reader: Callable[[Piece, Rejects], Harvest]) -> bool:
    try:
        harvest = reader(*pieces(path), Rejects())
        for rows in harvest.tables.values():
            list(rows)
    except Unreadable as sentence:
        return path.name in str(sentence)
    return False
