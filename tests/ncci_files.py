"""Small NCCI files as CMS lays them out, and a book of nothing else."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from consultant.codebook.schema import Harvest
from consultant.codebook.sources import ncci_addon, ncci_mue, ncci_ptp
from consultant.codebook.sources.files import Kind, Piece, Rejects, pieces

MODULES = (ncci_ptp, ncci_mue, ncci_addon)
KINDS = {kind.id: kind for module in MODULES for kind in module.KINDS}

PTP_PREAMBLE = (
    "CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\t\t\t\t",
    "Column1/Column2 Edits\t\t\t\t\t\t",
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t",
    "\t\t\t\t*=no data\t1=allowed\t",
    "\t\t\t\t\t9=not applicable\t",
)
PTP_ROWS = (
    "97530\t97140\t\t20200101\t*\t1\tMisuse of Column Two code with Column One code",
    "97530\t97140\t\t20100101\t20191231\t0\tMutually exclusive procedures",
    "97140\t97530\t\t19990101\t19990101\t9\tMore extensive procedure",
    "13121\t13120\t\t19960101\t19960101\t9\tSequential procedure",
    "13121\t13120\t*\t19960101\t*\t0\tSequential procedure",
    "0001A\tG0471\t\t20220101\t20231231\t1\tStandards of medical/surgical practice",
)
MUE_NOTICE = '"Current Procedural Terminology (CPT) codes are copyright 2025 AMA\xae.\n\nApplicable FARS, see\nthe notice.",,,'
MUE_HEADER = '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale'
MUE_ROWS = (
    "0001U,1,2 Date of Service Edit: Policy,Code Descriptor / CPT Instruction",
    '97110,6,3 Date of Service Edit: Clinical,"Clinical: Data"',
    "A4206,0,1 Line Edit,CMS Policy",
)
AOC_TITLES = ("AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT")
AOC_TITLES += ("AOC_Edit_EffDT", "AOC_Edit_DelDT", "Special_Instruction_Notes")
AOC_ROWS: tuple[tuple[str | int, ...], ...] = (
    (1, 1953, "", 1952, "", 2022001, "", ""),
    (1, 90913, "", 90912, "", 2020001, "", ""),
    (3, 90913, "", "G0911", 2023365, 2020001, "", ""),
    (2, "0054T", 2024366, "CCCCC", "", 2013001, "", "Contractor Defined Primary Codes"),
)


def ptp(folder: Path, name: str = "ccipra-v322r0-f1.TXT", rows: Sequence[str] = PTP_ROWS) -> Path:
    return _text(folder / name, "\r\n".join((*PTP_PREAMBLE, *rows, "")))


def mue(
    folder: Path,
    name: str = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv",
    rows: Sequence[str] = MUE_ROWS,
    setting: str = "Practitioner",
) -> Path:
    return _text(folder / name, "\r\n".join((MUE_NOTICE, MUE_HEADER.replace("Practitioner", setting), *rows, "")))


def addons(folder: Path, name: str = "AOC_V2026Q2-MCR.xlsx", rows: Iterable[Sequence[str | int]] = AOC_ROWS) -> Path:
    return workbook(folder / name, [("CPT codes are copyright of the AMA.",), AOC_TITLES, *rows])


def workbook(path: Path, rows: Iterable[Sequence[str | int]]) -> Path:
    """The least that is an xlsx: one sheet, numbers as numbers, all else as text in place."""
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="text/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{office}"><sheets><sheet name="one" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{cells}</sheetData></worksheet>",
    }
    return zipped(path, members)


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def only(path: Path) -> Piece:
    (piece,) = pieces(path)
    return piece


def kinds_of(piece: Piece) -> list[str]:
    return [kind.id for kind in KINDS.values() if kind.recognise(piece)]


def read(path: Path, rejects: Rejects | None = None, kind: Kind | None = None) -> Harvest:
    piece = only(path)
    return (kind or KINDS[kinds_of(piece)[0]]).read(piece, rejects if rejects is not None else Rejects())


def book(*paths: Path) -> sqlite3.Connection:
    """The tables of these modules alone, with the rows of these files."""
    db = sqlite3.connect(":memory:")
    for module in MODULES:
        db.executescript(module.TABLES + module.INDEXES)
    for path in paths:
        fill(db, read(path))
    return db


def fill(db: sqlite3.Connection, harvest: Harvest) -> None:
    for table, rows in harvest.tables.items():
        width = len(db.execute(f"SELECT * FROM {table} LIMIT 0").description)
        db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * width)})", rows)


def _text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("latin-1"))
    return path


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else "<c/>"
