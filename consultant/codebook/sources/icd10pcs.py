"""ICD-10-PCS: the order file, and the tables, index and definitions as XML.

A table is headed by the first three characters; each of its rows lists the values that the other four may take together, so
that the product of a row is its codes. Titles of codes from the tables are put together from the official labels; the order
file has the official sentences, and is to be preferred where both are there.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

from consultant.codebook.icd_tables import entry
from consultant.codebook.schema import CodeRow, Harvest, SurfaceRow
from consultant.codebook.sources import icd, icd10cm_order
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.vocabulary import System

ROOT, INDEX, DEFINITIONS = "ICD10PCS.tabular", "ICD10PCS.index", "ICD10PCS.definitions"
TABLES = """
CREATE TABLE pcs_index (
    entry TEXT NOT NULL, phrase TEXT NOT NULL, stem TEXT NOT NULL, see TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE pcs_value (
    entry TEXT NOT NULL, term TEXT NOT NULL, section TEXT NOT NULL, axis INTEGER NOT NULL, axis_title TEXT NOT NULL,
    definition TEXT NOT NULL, explanation TEXT NOT NULL, includes TEXT NOT NULL, source TEXT NOT NULL);
"""
INDEXES = """
CREATE INDEX pcs_index_entry ON pcs_index (entry);
CREATE INDEX pcs_value_entry ON pcs_value (entry);
"""
SHAPE = re.compile(r"^[0-9B-DF-HX][0-9A-HJ-NP-Z]{2}(?:[0-9A-HJ-NP-Z]{4})?$")
_STEM = re.compile(r"^[0-9B-DF-HX][0-9A-HJ-NP-Z]{1,6}$")
_WHOLE, _TABLE = 7, 3  # characters of a code, of a table's heading
_SURGERY = "0"
_MOST = 20_000  # codes of one row; the largest of the agency has fewer than 3,000

Label = tuple[str, str]  # character, text


# --- order file -------------------------------------------------------------------------------------------------------


def _is_order(piece: Piece) -> bool:
    return icd.most(icd.order_codes(piece.head), SHAPE) and not icd10cm_order.is_order(piece)


def _read_order(piece: Piece, rejects: Rejects) -> Harvest:
    found = icd.ordered(piece, rejects, SHAPE)
    billable = sum(usable for usable, _ in found.values())
    source = icd.edition(piece).source("icd10pcs-order", "ICD-10-PCS code list", icd.origin(piece), billable)
    rows = [_row(code, title, icd.above(code, found), usable, source.id) for code, (usable, title) in found.items()]
    return Harvest(source, rows, surfaces=[_surface(row.code, "title", row.title) for row in rows])


def _row(code: str, title: str, parent: str, billable: bool, source: str) -> CodeRow:
    return CodeRow(code, System.ICD10PCS, "code", title, billable, True, parent, "", source)


def _surface(code: str, field: str, text: str) -> SurfaceRow:
    return SurfaceRow(code, System.ICD10PCS, field, text)


# --- tables -----------------------------------------------------------------------------------------------------------


def _is_tables(piece: Piece) -> bool:
    return icd.has_root(piece, ROOT)


def _read_tables(piece: Piece, rejects: Rejects) -> Harvest:
    root = icd.tree(piece, ROOT)
    edition = icd.edition(piece, icd.version(root))
    key = edition.source("icd10pcs-tables", "", "", 0).id
    rows: dict[str, CodeRow] = {}
    for table in root.iterfind("pcsTable"):
        for row in _table(table, key, piece, rejects):
            if row.code in rows and row.billable:
                rejects.add(piece.name, 0, f"{row.code} stands in two rows; the first counts")
            rows.setdefault(row.code, row)
    billable = sum(row.billable for row in rows.values())
    if not billable:
        raise Unreadable(f"{piece.name}: expected tables whose rows make codes, found none.")
    source = edition.source("icd10pcs-tables", "ICD-10-PCS tables", icd.origin(piece), billable)
    return Harvest(source, list(rows.values()), surfaces=[_surface(row.code, "title", row.title) for row in rows.values()])


def _table(table: ET.Element, source: str, piece: Piece, rejects: Rejects) -> Iterator[CodeRow]:
    """The heading of a table and all its codes."""
    head = [_labels(axis) for axis in table.iterfind("axis")]
    stem = "".join(labels[0][0] for labels in head if len(labels) == 1)
    if len(head) != _TABLE or not SHAPE.match(stem):
        rejects.add(piece.name, 0, f"table {stem or '?'}: expected three axes of one value each")
        return
    operation = head[2][0][1]
    place = _place(*(labels[0] for labels in head[:2]))
    yield _row(stem, f"{place}, {operation}", "", billable=False, source=source)
    for number, row in enumerate(table.iterfind("pcsRow"), 1):
        axes = [_labels(axis) for axis in row.iterfind("axis")]
        count = prod(map(len, axes))
        if len(axes) != _WHOLE - _TABLE or count > _MOST or str(count) != row.get("codes", str(count)):
            rejects.add(
                piece.name, 0, f"table {stem}, row {number}: its axes make {count} codes, not the {row.get('codes')} told"
            )
            continue
        for values in product(*axes):
            code = stem + "".join(character for character, _ in values)
            if SHAPE.match(code):
                yield _row(code, _title(operation, place, values), stem, billable=True, source=source)
            else:
                rejects.add(piece.name, 0, f"table {stem}, row {number}: '{code[:20]}' is not written like a code")


def _labels(axis: ET.Element) -> list[Label]:
    return [(label.get("code", ""), icd.text(label)) for label in axis.iterfind("label")]


def _title(operation: str, place: str, values: tuple[Label, ...]) -> str:
    """ "Bypass, Cerebral Ventricle, Open, Synthetic Substitute, Atrium (Central Nervous System…)"; what is absent is left out."""
    told = ", ".join(text for _, text in values if text != "None" and not text.startswith("No "))
    return f"{operation}, {told} ({place})" if told else f"{operation} ({place})"


def _place(section: Label, system: Label) -> str:
    """Section and body system as the order file names them: that of surgery goes without saying."""
    told = [text for text in (section[1] if section[0] != _SURGERY else "", system[1]) if text and text != "None"]
    return ", ".join(told)


# --- index and definitions --------------------------------------------------------------------------------------------


def _is_index(piece: Piece) -> bool:
    return icd.has_root(piece, INDEX)


def _read_index(piece: Piece, rejects: Rejects) -> Harvest:
    root = icd.tree(piece, INDEX)
    source = icd.edition(piece, icd.version(root)).source("icd10pcs-index", "ICD-10-PCS index", icd.origin(piece), 0)
    rows = [row for path, term in icd.entries(root) for row in _index_rows(path, term, source.id, piece, rejects)]
    if not rows:
        raise Unreadable(f"{piece.name}: expected main terms that lead to codes, found none.")
    whole = dict.fromkeys(_surface(row[2], "index", row[1]) for row in rows if len(row[2]) == _WHOLE and not row[3])
    return Harvest(source, surfaces=list(whole), tables={"pcs_index": rows})


def _index_rows(
    path: tuple[str, ...], term: ET.Element, source: str, piece: Piece, rejects: Rejects
) -> Iterator[tuple[Any, ...]]:
    """A row for each code, stem or table of an entry, and for each reference, with the stem that it names if it does."""
    phrase = icd.phrase(path)
    own = [(child, "") for tag in ("code", "codes", "tab") for child in term.iterfind(tag)]
    references = [(child, f"{tag} {_before_stem(child)}") for tag in ("see", "use") for child in term.iterfind(tag)]
    for child, see in (*own, *references):
        stems = [icd.text(stem) for tag in ("codes", "tab", "code") for stem in child.iterfind(tag)] if see else [icd.text(child)]
        for stem in stems or [""]:
            if stem and not _STEM.match(stem):
                rejects.add(piece.name, 0, f"{phrase}: '{stem[:40]}' does not begin like a code")
            else:
                yield entry(phrase), phrase, stem, see, source


def _before_stem(reference: ET.Element) -> str:
    return " ".join((reference.text or "").split())


def _is_definitions(piece: Piece) -> bool:
    return icd.has_root(piece, DEFINITIONS)


def _read_definitions(piece: Piece, rejects: Rejects) -> Harvest:
    root = icd.tree(piece, DEFINITIONS)
    edition = icd.edition(piece, icd.version(root))
    source = edition.source("icd10pcs-definitions", "ICD-10-PCS definitions", icd.origin(piece), 0)
    rows: list[tuple[Any, ...]] = []
    for section in root.iterfind("section"):
        for axis in section.iterfind("axis"):
            position = axis.get("pos", "")
            if position not in set("1234567"):
                rejects.add(piece.name, 0, f"section {section.get('code')}: there is no axis '{position[:10]}'")
                continue
            place = (section.get("code", ""), int(position), icd.text(axis.find("title")))
            rows.extend(row for terms in axis.iterfind("terms") for row in _values(terms, place, source.id))
    if not rows:
        raise Unreadable(f"{piece.name}: expected sections with axes and terms, found none.")
    return Harvest(source, tables={"pcs_value": rows})


def _values(terms: ET.Element, place: tuple[str, int, str], source: str) -> Iterator[tuple[Any, ...]]:
    """A row for each value that shares a definition."""
    told = [" ".join(map(icd.text, terms.iterfind(tag))) for tag in ("definition", "explanation")]
    includes = "; ".join(map(icd.text, terms.iterfind("includes")))
    for title in map(icd.text, terms.iterfind("title")):
        yield entry(title), title, *place, *told, includes, source


KINDS = (
    Kind("icd10pcs-order", "ICD-10-PCS order file", _is_order, _read_order),
    Kind("icd10pcs-tables", "ICD-10-PCS tables", _is_tables, _read_tables),
    Kind("icd10pcs-index", "ICD-10-PCS index", _is_index, _read_index),
    Kind("icd10pcs-definitions", "ICD-10-PCS definitions", _is_definitions, _read_definitions),
)
