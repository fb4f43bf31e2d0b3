"""The Medicare Coverage Database: local determinations (LCD), articles, national determinations, and the codes they name.

It comes in three forms with the same field names: the tables of its csv export (a zip in a zip), the JSON answers of the
Coverage API, and the API's reports of documents, as JSON or written to csv. A table is told by its fields, whatever the file is
called. Prose is HTML and becomes text. Descriptions of procedure codes are the AMA's and are dropped, as are the paragraphs
that stand over groups of procedure codes, which repeat them.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Any

from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.mcd_tables import LAYOUTS, Layout, Record

TABLES = """
CREATE TABLE document (
    document TEXT NOT NULL, version INTEGER NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
    contractor TEXT NOT NULL, status TEXT NOT NULL, valid_from INTEGER, valid_to INTEGER, updated INTEGER,
    note TEXT NOT NULL, url TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (document, version, source)) WITHOUT ROWID;
CREATE TABLE document_code (
    document TEXT NOT NULL, version INTEGER NOT NULL, role TEXT NOT NULL, part INTEGER NOT NULL, code TEXT NOT NULL,
    mark TEXT NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (document, version, role, part, code)) WITHOUT ROWID;
CREATE TABLE document_part (
    document TEXT NOT NULL, version INTEGER NOT NULL, role TEXT NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (document, version, role, part)) WITHOUT ROWID;
CREATE TABLE document_contractor (
    document TEXT NOT NULL, version INTEGER NOT NULL, contractor INTEGER NOT NULL, contractor_version INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (document, version, contractor, contractor_version)) WITHOUT ROWID;
CREATE TABLE contractor (
    contractor INTEGER NOT NULL, contractor_version INTEGER NOT NULL, number TEXT NOT NULL, name TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (contractor, contractor_version)) WITHOUT ROWID;
"""
# The rows come document by document: a key in that order is three times as quick to fill as one that begins with the code.
INDEXES = "CREATE INDEX document_code_code ON document_code (code, document, version, role, part);"

MOST_JSON = 200_000_000  # bytes of one answer
MOST_CELL = 20_000_000  # characters of one cell: whole determinations stand in one, and the csv module stops at 131,072
_DATED = re.compile(r"(20\d\d-\d\d(?:-\d\d)?)")
_STREAM = re.compile(rb'"data"\s*:\s*\[\s*\{')


def _recognise(piece: Piece, *, name: str) -> bool:
    stem = piece.stem.lower()
    return stem.endswith((".csv", ".json")) and _told(stem.endswith(".json"), piece.head) == name


@lru_cache(maxsize=4)
def _told(is_json: bool, head: bytes) -> str:
    """The name of the table whose fields stand in a csv's header or in the first record of an answer; "" when it is none."""
    if is_json:
        fields = _first_record(head)
    else:
        line = head.decode("utf-8-sig", errors="replace").split("\n", 1)[0]
        fields = {cell.strip().strip('"').lower() for cell in line.split(",")}
    return next((name for name, layout in LAYOUTS.items() if layout.needs <= fields), "")


def _first_record(head: bytes) -> set[str]:
    """Names in the first record. A record may hold prose longer than the head: what was seen of it then decides."""
    start = _STREAM.search(head)
    if start is None:
        return set()
    text = head[start.end() - 1 :].decode("utf-8", errors="replace")
    try:
        return set(map(str.lower, json.JSONDecoder().raw_decode(text)[0]))
    except (ValueError, RecursionError):
        return set(map(str.lower, re.findall(r'[{,]\s{0,40}"([A-Za-z0-9_]{1,60})"\s{0,40}:', text)))


def _read(piece: Piece, rejects: Rejects, *, name: str) -> Harvest:
    """One table of the database, streamed. Raises Unreadable."""
    layout = LAYOUTS[name]
    records = _json(piece) if piece.stem.lower().endswith(".json") else _csv(piece)
    first = next(records, None)
    if first is None:
        raise Unreadable(f"{piece.name}: expected records of {layout.title}, found none.")
    if missing := layout.needs - first[1].keys():
        found = ", ".join(sorted(first[1]))[:300]
        raise Unreadable(f"{piece.name}: expected the fields {', '.join(sorted(missing))} of {layout.title}; found {found}.")
    dated = _DATED.search(piece.stem) or _DATED.search(piece.container)
    origin = piece.stem if piece.container == piece.name else f"{PurePosixPath(piece.name).name} in {piece.container}"
    source = SourceInfo(
        f"mcd-{name}-{_digest(piece)}", f"Medicare Coverage Database: {layout.title}", dated[1] if dated else "", "", origin
    )
    return Harvest(source, tables={layout.table: _rows(piece, chain([first], records), layout, source.id, rejects)})


def _digest(piece: Piece) -> str:
    """Eight characters of the content's hash: exports bear no date, and two weeks' tables must not share an id."""
    with piece.open() as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:8]  # type: ignore[arg-type]


def _csv(piece: Piece) -> Iterator[tuple[int, Record]]:
    csv.field_size_limit(max(csv.field_size_limit(), MOST_CELL))
    rows = piece.rows(encoding="utf-8-sig")
    header = [cell.strip().lower() for cell in next(islice(rows, 1), (0, []))[1]]
    for line, cells in rows:
        if len(cells) == len(header):
            yield line, dict(zip(header, cells, strict=True))
        elif any(cells):
            yield line, {}


def _json(piece: Piece) -> Iterator[tuple[int, Record]]:
    """(place, record) of the `data` of an answer; fields are lower case, values text."""
    with piece.open() as file:
        data = file.read(MOST_JSON + 1)
    if len(data) > MOST_JSON:
        raise Unreadable(f"{piece.name}: more than {MOST_JSON:,} bytes of JSON: not read.")
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as broken:
        raise Unreadable(f"{piece.name}: no JSON that can be read: {broken}.") from broken
    records = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(records, list):
        raise Unreadable(f"{piece.name}: expected an answer of the Coverage API with a list `data`, found none.")
    for place, record in enumerate(records, 1):
        yield place, _texts(record) if isinstance(record, Mapping) else {}


def _texts(record: Mapping[str, Any]) -> Record:
    return {str(name).lower(): "" if value is None else str(value) for name, value in record.items()}


def _rows(
    piece: Piece, records: Iterator[tuple[int, Record]], layout: Layout, source: str, rejects: Rejects
) -> Iterator[tuple[Any, ...]]:
    for line, record in records:
        try:
            if not record:
                raise ValueError("another number of columns than the header has")
            yield layout.row(record, source)
        except (ValueError, KeyError) as fault:
            rejects.add(piece.name, line, str(fault))


KINDS = tuple(
    Kind(f"mcd-{name}", f"Medicare Coverage Database: {layout.title}", partial(_recognise, name=name), partial(_read, name=name))
    for name, layout in LAYOUTS.items()
)
