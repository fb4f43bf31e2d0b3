"""The alphabetic index of ICD-10-CM and its index of external causes, as XML.

An entry is the path of titles from the main term down. It leads to a code, to another entry ("see"), or to both. A code that
ends in "-" needs more characters: it is kept, marked, and not searched for.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import NamedTuple

from consultant.codebook.codes import CATEGORY
from consultant.codebook.icd_tables import entry
from consultant.codebook.schema import Harvest, SurfaceRow
from consultant.codebook.sources import icd
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.vocabulary import System

ROOT = "ICD10CM.index"
TABLES = """
CREATE TABLE index_entry (
    entry TEXT NOT NULL, phrase TEXT NOT NULL, code TEXT NOT NULL, complete INTEGER NOT NULL, manifestation TEXT NOT NULL,
    see TEXT NOT NULL, source TEXT NOT NULL);
"""
INDEXES = "CREATE INDEX index_entry_entry ON index_entry (entry);"

CODE = re.compile(rf"^({CATEGORY}(?:\.[0-9A-Z]{{1,4}})?)(\.?-*)$")
_SEES = {"see": "see", "seeAlso": "see also", "seecat": "see category", "subcat": "see subcategory"}
_EXTERNAL = b"EXTERNAL CAUSE"


class Line(NamedTuple):
    """A row of `index_entry`."""

    entry: str
    phrase: str
    code: str
    complete: int
    manifestation: str
    see: str
    source: str


def _is_index(piece: Piece) -> bool:
    return icd.has_root(piece, ROOT) and b"<indexHeading" not in piece.head[:4096]


def _is_diseases(piece: Piece) -> bool:
    return _is_index(piece) and _EXTERNAL not in piece.head[:2048].upper()


def _is_external(piece: Piece) -> bool:
    return _is_index(piece) and _EXTERNAL in piece.head[:2048].upper()


def _read_diseases(piece: Piece, rejects: Rejects) -> Harvest:
    return _read(piece, rejects, "icd10cm-index", "ICD-10-CM index to diseases and injuries")


def _read_external(piece: Piece, rejects: Rejects) -> Harvest:
    return _read(piece, rejects, "icd10cm-eindex", "ICD-10-CM index of external causes")


def _read(piece: Piece, rejects: Rejects, key: str, title: str) -> Harvest:
    root = icd.tree(piece, ROOT)
    if root.find("indexHeading") is not None:
        raise Unreadable(f"{piece.name}: expected an alphabetic index, found a table with columns.")
    source = icd.edition(piece, icd.version(root)).source(key, title, icd.origin(piece), 0)
    lines = [line for path, term in icd.entries(root) for line in _lines(path, term, source.id, piece, rejects)]
    if not lines:
        raise Unreadable(f"{piece.name}: expected main terms with codes, found none.")
    found = {(line.code, line.phrase): None for line in lines if line.complete}
    surfaces = [SurfaceRow(code, System.ICD10CM, "index", phrase) for code, phrase in found]
    return Harvest(source, surfaces=surfaces, tables={"index_entry": lines})


def _lines(path: tuple[str, ...], term: ET.Element, source: str, piece: Piece, rejects: Rejects) -> Iterator[Line]:
    """The lines of one entry: one for its code, with what it refers to; none when it only heads the terms below it."""
    phrase = icd.phrase(path)
    sees = "; ".join(f"{words} {icd.text(found)}" for tag, words in _SEES.items() for found in term.iterfind(tag))
    manifestation = icd.text(term.find("manif"))
    codes = [icd.text(found) for found in term.iterfind("code")]
    for code in codes:
        match = CODE.match(code)
        if not match:
            rejects.add(piece.name, 0, f"{phrase}: '{code[:40]}' is not written like a code")
        else:
            yield Line(entry(phrase), phrase, match[1], int(not match[2]), manifestation, sees, source)
    if sees and not codes:
        category = next((icd.text(found) for tag in ("seecat", "subcat") for found in term.iterfind(tag)), "")
        match = CODE.match(category)
        yield Line(entry(phrase), phrase, match[1] if match else "", 0, manifestation, sees, source)


KINDS = (
    Kind("icd10cm-index", "ICD-10-CM index to diseases and injuries", _is_diseases, _read_diseases),
    Kind("icd10cm-eindex", "ICD-10-CM index of external causes", _is_external, _read_external),
)
