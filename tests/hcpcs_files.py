"""HCPCS Level II files as CMS lays them out, with invented codes; and a small xlsx writer."""

import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from consultant.codebook.schema import CodeRow, Harvest
from consultant.codebook.sources import hcpcs, hcpcs_changes
from consultant.codebook.sources.files import Piece, Rejects, pieces
from consultant.codebook.sources.hcpcs_layout import _WIDTHS, COLUMNS

LONG = "Rolling frame, for a person who walks slowly, with a basket in front, and with brakes that hold on a slope, each"
Cells = dict[str, str]


def a_code(number: str, text: str = "Rolling frame, each", **more: str) -> Cells:
    names = {"add": "ADD DT", "term": "TERM DT", "short": "SHORT DESCRIPTION", "act": "ACT EFF DT", "action": "ACTION CD"}
    given = {names.get(name, name.upper()): value for name, value in more.items()}
    told = {"SEQNUM": "0010", "RECID": "3", "COV": "C", "ADD DT": "20100101", "ACT EFF DT": "20100101", "ACTION CD": "N"}
    return {**dict.fromkeys(COLUMNS, ""), "HCPC": number, "LONG DESCRIPTION": text, **told, **given}


def a_modifier(number: str, text: str, **more: str) -> Cells:
    return a_code(f"   {number}", text, recid="7", **more)


RELEASE = [
    a_modifier("QZ", "Done on a frame", short="On a frame"),
    a_modifier("P1", "These words are not ours to keep"),
    a_code(
        "A9001",
        LONG,
        short="Rolling frame",
        price1="32",
        price2="36",
        tos1="P",
        tos2="R",
        betos="D1E",
        mcm1="2100.1",
        anest_bu="  3",
    ),
    a_code("C9001", "Frame fluid, 1 ml", term="20181231", xref1="J9001", xref2="CPT", xref3="97001"),
    a_code("C9002", "Frame oil, 1 ml", term="20181231", act="20190101"),
    a_code("D1110", "Polish for frames"),
    a_code("J9002", "Frame oil, 1 ml", add="20190101", xref1="D1110", action="A"),
    a_code("U0001", "Frame test", statute="1833(t)"),
]


def fixed(rows: list[Cells], cut_continuations: bool = False) -> str:
    """Lines of 320, the text in pieces of 80."""
    notice = "***Disclaimers\t\t\r\n\r\n*No coverage is implied.\xa0 \t\r\n"
    return notice + "".join(f"{line}\r\n" for row in rows for line in _lines(row, cut_continuations))


def _lines(row: Cells, cut: bool) -> Iterator[str]:
    text, at = row["LONG DESCRIPTION"], 0
    while text or not at:
        end = len(text) if len(text) <= 80 else text.rindex(" ", 0, 81)
        cells = row | {"SEQNUM": f"{at + 1:03}00", "LONG DESCRIPTION": text[:end]}
        if at:
            head = {"HCPC": row["HCPC"], "RECID": str(int(row["RECID"]) + 1)}
            cells = dict.fromkeys(COLUMNS, "") | {name: cells[name] for name in ("SEQNUM", "LONG DESCRIPTION")} | head
        line = "".join((" " if name == "TOS1" else "") + f"{cells[name]:{width}}" for name, width in _WIDTHS.items())
        yield line[:91] if at and cut else f"{line:320}"
        text, at = text[end:].lstrip(), at + 1


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGES = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """A small xlsx with texts in its cells."""
    numbers = range(1, 1 + len(sheets))
    listed = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>' for at, name in enumerate(sheets, 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGES}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        + "".join(f'<Override PartName="/xl/worksheets/s{at}.xml" ContentType="{_KIND}.worksheet+xml"/>' for at in numbers)
        + "</Types>",
        "_rels/.rels": _related([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _related([("worksheet", f"worksheets/s{at}.xml") for at in numbers]),
    }
    for at, rows in enumerate(sheets.values(), 1):
        cells = "".join(map(_row, rows, range(1, 1 + len(rows))))
        parts[f"xl/worksheets/s{at}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return path


def _related(links: list[tuple[str, str]]) -> str:
    told = "".join(f'<Relationship Id="r{at}" Type="{_LINKS}/{kind}" Target="{to}"/>' for at, (kind, to) in enumerate(links, 1))
    return f'<Relationships xmlns="{_PACKAGES}/relationships">{told}</Relationships>'


def _row(cells: list[str], at: int) -> str:
    def column(number: int) -> str:
        return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)

    told = "".join(
        f'<c r="{column(place)}{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        for place, cell in enumerate(cells)
        if cell
    )
    return f'<row r="{at}">{told}</row>'


def table(rows: list[Cells]) -> list[list[str]]:
    return [["Note regarding coverage"], [""], list(COLUMNS), *([row[name] for name in COLUMNS] for row in rows)]


def the_piece(path: Path, content: str | bytes | None = None) -> Piece:
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
    return pieces(path)[0]


def taken(piece: Piece) -> tuple[Harvest, Rejects]:
    rejects = Rejects()
    assert hcpcs.KINDS[0].recognise(piece)
    return hcpcs.read(piece, rejects), rejects


def by_code(harvest: Harvest) -> dict[str, CodeRow]:
    return {row.code: row for row in harvest.codes}


def successors(harvest: Harvest) -> list[tuple[str, str, str]]:
    return [(code, successor, why) for code, _, successor, why, _ in harvest.tables["hcpcs_successor"]]


def book(*harvests: Harvest) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    for statement in (*hcpcs.TABLES, *hcpcs_changes.TABLES):
        db.execute(statement)
    db.execute("CREATE TABLE code (code TEXT, kind TEXT, ended TEXT)")
    db.execute("CREATE INDEX code_code ON code (code)")
    for harvest in harvests:
        db.executemany("INSERT INTO code VALUES (?, ?, ?)", ((row.code, row.kind, row.ended) for row in harvest.codes))
        for name, rows in harvest.tables.items():
            marks = {"hcpcs_successor": "?, ?, ?, ?, ?", "hcpcs_change": "?, ?, ?, ?"}[name]
            db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
    return db
