"""Places of service and modifiers, as lists of the numbers with name and text in csv.

A modifier whose text is the AMA's comes as a number only, whatever stands in its row. Numbers that CMS has not assigned to a
place are no codes and are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from consultant.codebook.schema import CodeRow, Harvest, SourceInfo, SurfaceRow
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.hcpcs import AMA_MODIFIER, WITHHELD
from consultant.codebook.sources.hcpcs_release import origin, release_of
from consultant.vocabulary import System

TABLES: tuple[str, ...] = ()
INDEXES: tuple[str, ...] = ()

_PLACES = ("pos_code", "pos_type", "pos_name", "pos_description")
_MODIFIERS = ("mod_code", "mod_type", "mod_category", "mod_description")
_RATES = {"facility", "non-facility"}
_UNASSIGNED = "unassigned"

Row = tuple[int, tuple[str, str, str, str]]


def read_places(piece: Piece, rejects: Rejects) -> Harvest:
    """Places of service; their fact `rate` is the one Medicare pays at. Raises Unreadable."""
    found: dict[str, CodeRow] = {}
    for line, (number, rate, name, text) in _rows(piece, _PLACES, rejects):
        row = CodeRow(
            code=f"POS-{number:0>2}",
            system=System.POS,
            kind="code",
            title=name,
            billable=True,
            official=True,
            plain=text,
            facts=json.dumps({"rate": rate.lower()}),
        )
        if not re.fullmatch(r"\d{1,2}", number, re.ASCII):
            rejects.add(piece.name, line, f"{number[:8]!r} is no place of service")
        elif rate.lower() == name.lower() == _UNASSIGNED:
            continue
        elif rate.lower() not in _RATES or not name:
            rejects.add(piece.name, line, f"place {number} has the rate {rate[:20]!r} and the name {name[:20]!r}")
        elif row.code in found:
            rejects.add(piece.name, line, f"{row.code} stands twice")
        else:
            found[row.code] = row
    return _harvest(piece, list(found.values()), "pos", "CMS place of service code set")


def read_modifiers(piece: Piece, rejects: Rejects) -> Harvest:
    """HCPCS modifiers with their text, CPT modifiers without. A modifier may stand in several categories. Raises Unreadable."""
    found: dict[str, CodeRow] = {}
    categories: dict[str, list[str]] = {}
    for line, (number, kind, category, text) in _rows(piece, _MODIFIERS, rejects):
        withheld = kind.upper() == "CPT" or AMA_MODIFIER.fullmatch(number) is not None
        if not re.fullmatch("[A-Z0-9]{2}", number) or not text or ("text withheld" in text.lower() and not withheld):
            rejects.add(piece.name, line, f"{number[:8]!r} is no modifier with a text")
            continue
        title = f"CPT modifier {number}" if withheld else text
        row = CodeRow(f"-{number}", System.MODIFIER, "code", title, billable=True, official=not withheld)
        if found.setdefault(number, row) != row:
            rejects.add(piece.name, line, f"-{number} stands twice with different texts")
        elif category and category not in categories.setdefault(number, []):
            categories[number].append(category)
    rows = [row._replace(facts=json.dumps(_facts(row, categories.get(number, [])))) for number, row in found.items()]
    return _harvest(piece, rows, "modifiers", "HCPCS modifiers, and the numbers of CPT modifiers")


def _facts(row: CodeRow, categories: list[str]) -> dict[str, object]:
    return ({"category": categories} if categories else {}) | ({} if row.official else {"text": WITHHELD})


def _rows(piece: Piece, header: tuple[str, ...], rejects: Rejects) -> Iterator[Row]:
    known = False
    for line, row in piece.rows(encoding="utf-8-sig"):
        cells = tuple(" ".join(cell.split()) for cell in row)
        if not known:
            if cells != header:
                raise Unreadable(f"{piece.name}: expected the header {', '.join(header)}, found {', '.join(cells)[:200]}.")
            known = True
        elif len(cells) != len(header):
            if any(cells):
                rejects.add(piece.name, line, f"{len(cells)} columns, not {len(header)}")
        elif any("\ufffd" in cell for cell in cells):
            rejects.add(piece.name, line, "not UTF-8")
        else:
            yield line, (cells[0], cells[1], cells[2], cells[3])


def _harvest(piece: Piece, rows: list[CodeRow], prefix: str, title: str) -> Harvest:
    if not rows:
        raise Unreadable(f"{piece.name}: expected rows below its header, found none that can be read.")
    release = release_of(piece, prefix=prefix)
    info = SourceInfo(
        id=release.id,
        title=title,
        version=release.version,
        sha256="",
        origin=origin(piece),
        valid_from=release.valid_from,
        valid_to=release.valid_to,
        codes=len(rows),
    )
    surfaces = [SurfaceRow(row.code, row.system, "title", row.title) for row in rows if row.official]
    surfaces += [SurfaceRow(row.code, row.system, "plain words", row.plain) for row in rows if row.plain]
    return Harvest(info, [row._replace(source=release.id) for row in rows], surfaces=surfaces)


def _begins(header: tuple[str, ...]) -> Callable[[Piece], bool]:
    return lambda piece: piece.head.removeprefix(b"\xef\xbb\xbf").startswith(",".join(header).encode())


KINDS = (
    Kind("pos", "Places of service", _begins(_PLACES), read_places),
    Kind("modifiers", "HCPCS modifiers, and the numbers of CPT modifiers", _begins(_MODIFIERS), read_modifiers),
)
