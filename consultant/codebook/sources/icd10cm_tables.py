"""The neoplasm table of ICD-10-CM and its table of drugs and chemicals, as XML.

A row is a site or a substance, a column what became of it: the primary growth or a secondary one, an accident or an adverse
effect. A dash says that there is no code, a code that ends in one needs more characters. Codes of drugs lack their 7th
character. Every code can be found by the words that a coder would use for its cell; one that needs more characters too, as the
heading above them: else a cell of the same row with a whole code would seem to be the best answer.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from consultant.codebook.icd_tables import entry
from consultant.codebook.schema import Harvest, SurfaceRow
from consultant.codebook.sources import icd
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.icd10cm_index import CODE, ROOT
from consultant.vocabulary import System

TABLES = """
CREATE TABLE neoplasm (
    entry TEXT NOT NULL, site TEXT NOT NULL, "primary" TEXT NOT NULL, secondary TEXT NOT NULL, in_situ TEXT NOT NULL,
    benign TEXT NOT NULL, uncertain TEXT NOT NULL, unspecified TEXT NOT NULL, see TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE drug (
    entry TEXT NOT NULL, substance TEXT NOT NULL, accidental TEXT NOT NULL, self_harm TEXT NOT NULL, assault TEXT NOT NULL,
    undetermined TEXT NOT NULL, adverse TEXT NOT NULL, underdosing TEXT NOT NULL, see TEXT NOT NULL, source TEXT NOT NULL);
"""
INDEXES = """
CREATE INDEX neoplasm_entry ON neoplasm (entry);
CREATE INDEX drug_entry ON drug (entry);
"""
_MARKS = "*#◊ "  # footnotes of the printed table
_MOST_NAMES = 8  # of one row
_ALIKE = 4  # letters that two names of one thing begin with: abdomen, abdominal


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns 2 to 7 as their headings begin, and what a coder would call a cell of each."""

    table: str
    first: str  # heading of column 1
    heads: tuple[str, ...]
    wordings: tuple[str, ...]  # with {} for the row's name


_NEOPLASM = _Columns(
    "neoplasm",
    "Neoplasm",
    ("Malignant Primary", "Malignant Secondary", "Ca in situ", "Benign", "Uncertain Behavior", "Unspecified Behavior"),
    (
        "malignant neoplasm (primary) (cancer) of {}",
        "secondary malignant neoplasm (metastasis) of {}",
        "carcinoma in situ of {}",
        "benign neoplasm of {}",
        "neoplasm of uncertain behavior of {}",
        "neoplasm of unspecified behavior of {}",
    ),
)
_DRUG = _Columns(
    "drug",
    "Substance",
    (
        "Poisoning Accidental (unintentional)",
        "Poisoning Intentional self-harm",
        "Poisoning Assault",
        "Poisoning Undetermined",
        "Adverse effect",
        "Underdosing",
    ),
    (
        "poisoning by {}, accidental (unintentional)",
        "poisoning by {}, intentional self-harm",
        "poisoning by {}, assault",
        "poisoning by {}, undetermined",
        "adverse effect of {}",
        "underdosing of {}",
    ),
)


def _is_neoplasm(piece: Piece) -> bool:
    return icd.has_root(piece, ROOT) and b'col="1">Neoplasm' in piece.head[:4096]


def _is_drug(piece: Piece) -> bool:
    return icd.has_root(piece, ROOT) and b'col="1">Substance' in piece.head[:4096]


def _read_neoplasm(piece: Piece, rejects: Rejects) -> Harvest:
    return _read(piece, rejects, _NEOPLASM, "ICD-10-CM neoplasm table")


def _read_drug(piece: Piece, rejects: Rejects) -> Harvest:
    return _read(piece, rejects, _DRUG, "ICD-10-CM table of drugs and chemicals")


def _read(piece: Piece, rejects: Rejects, columns: _Columns, title: str) -> Harvest:
    root = icd.tree(piece, ROOT)
    _headings(root, columns, piece)
    source = icd.edition(piece, icd.version(root)).source(f"icd10cm-{columns.table}", title, icd.origin(piece), 0)
    rows: list[tuple[Any, ...]] = []
    surfaces: dict[SurfaceRow, None] = {}
    for titles, term in icd.entries(root):
        path = tuple(part.strip(_MARKS) for part in titles)
        whole = columns is _NEOPLASM and len(path) == 1  # the main term, "Neoplasm, neoplastic", is the table itself
        path = path[1:] if columns is _NEOPLASM and not whole else path
        cells = _cells(term, icd.phrase(path), piece, rejects)
        see = "; ".join(
            f"{words} {icd.text(s)}" for tag, words in (("see", "see"), ("seeAlso", "see also")) for s in term.iterfind(tag)
        )
        if not any(cells) and not see:
            continue
        rows.extend((key, icd.phrase(path), *cells, see, source.id) for key in _keys(path))
        if not whole:
            surfaces.update(dict.fromkeys(_surfaces(icd.phrase(path), cells, columns)))
    if not rows:
        raise Unreadable(f"{piece.name}: expected rows with codes in the columns 2 to 7, found none.")
    return Harvest(source, surfaces=list(surfaces), tables={columns.table: rows})


def _headings(root: ET.Element, columns: _Columns, piece: Piece) -> None:
    found = {head.get("col", ""): icd.text(head) for head in root.iterfind("indexHeading/head")}
    expected = dict(enumerate((columns.first, *columns.heads), 1))
    if {col: head.lower() for col, head in found.items()} != {str(col): head.lower() for col, head in expected.items()}:
        told = ", ".join(f"{col} {head}" for col, head in sorted(found.items())) or "none"
        raise Unreadable(
            f"{piece.name}: expected the columns {', '.join(f'{c} {h}' for c, h in expected.items())}; found {told}."
        )


def _cells(term: ET.Element, name: str, piece: Piece, rejects: Rejects) -> tuple[str, ...]:
    """The codes of a row, column 2 to 7; "" for none. A code that needs more characters keeps one dash."""
    cells = dict.fromkeys("234567", "")
    for cell in term.iterfind("cell"):
        code, col = icd.text(cell), cell.get("col", "")
        match = CODE.match(code)
        if col not in cells:
            rejects.add(piece.name, 0, f"{name}: there is no column '{col[:10]}'")
        elif match:
            cells[col] = match[1] + ("-" if match[2] else "")
        elif code.strip("-"):
            rejects.add(piece.name, 0, f"{name}, column {col}: '{code[:40]}' is not written like a code")
    return tuple(cells.values())


def _keys(path: tuple[str, ...]) -> tuple[str, ...]:
    """What a row is looked up by: its path, and its path with one name of each thing that has two."""
    names = [_names(part) for part in path]
    whole = entry(icd.phrase(path))
    others = (entry(icd.phrase(names)) for names in islice(product(*names), _MOST_NAMES))
    return tuple(key for key in dict.fromkeys((whole, *others)) if key)


def _names(title: str) -> Sequence[str]:
    """ "abdomen, abdominal" → both; "bone, flat" → as it stands."""
    parts = [part.strip() for part in title.split(",")] if "(" not in title else [title]
    alike = {part[:_ALIKE].lower() for part in parts}
    return parts if len(parts) > 1 and len(alike) == 1 and len(alike.pop()) == _ALIKE else [title]


#: What may be said of any drug: the title under the heading says which of it is so.
_HOW = "(poisoning by) (accidental) (intentional self-harm) (assault) (undetermined) (adverse effect of) (underdosing of)"


def _surfaces(name: str, cells: tuple[str, ...], columns: _Columns) -> Iterator[SurfaceRow]:
    """A wording for each code; or one for all, where they stand under one heading: there the titles tell how it came about."""
    headings = {code[:-1] for code in cells if code}
    if columns is _DRUG and len(headings) == 1:
        yield SurfaceRow(headings.pop(), System.ICD10CM, "index", f"{name} {_HOW}")
        return
    for code, wording in zip(cells, columns.wordings, strict=True):
        if code:
            yield SurfaceRow(code.removesuffix("-"), System.ICD10CM, "index", wording.format(name))


KINDS = (
    Kind("icd10cm-neoplasm", "ICD-10-CM neoplasm table", _is_neoplasm, _read_neoplasm),
    Kind("icd10cm-drug", "ICD-10-CM table of drugs and chemicals", _is_drug, _read_drug),
)
