"""Tables that lead from one code to another: GEM (ICD-9-CM and ICD-10-CM, both ways), CCSR groups, and HCC risk categories.

All go into one table; `kind` says which, and what `flags` mean:

    icd10-icd9, icd9-icd10   the five GEM flags: approximate, no map, combination, scenario, choice list
    ccsr                     the default for inpatient and outpatient records, Y, N or X each
    hcc                      the model ("CMS-HCC V28"); `hcc-hierarchy` leads from a category to those that it replaces

ICD-10-CM codes are written with their dot, ICD-9-CM codes as the file has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from consultant.codebook.codes import dotted
from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable

TABLES = """
CREATE TABLE crosswalk (
    kind TEXT NOT NULL, source_code TEXT NOT NULL, target TEXT NOT NULL, flags TEXT NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (kind, source_code, target, flags, source)) WITHOUT ROWID;
CREATE TABLE crosswalk_group (
    kind TEXT NOT NULL, target TEXT NOT NULL, flags TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (kind, target, flags, source)) WITHOUT ROWID;
"""
INDEXES = ""

_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}")
_ICD9 = re.compile(r"(?:[0-9]{3}|V[0-9]{2}|E[0-9]{3})[0-9]{0,2}")
_FLAGS = re.compile(r"[01]{3}[0-9]{2}")
_NONE = "NoDx"
_GEM = {  # (source, its width), (target, its place): 1-5 and 7-13, or 1-7 and 9-13
    "icd9-icd10": (5, 6, 13, _ICD9, _ICD10),
    "icd10-icd9": (7, 8, 13, _ICD10, _ICD9),
}
_GEM_WIDTH = 19

_CCSR_SHEET = "DX_to_CCSR_Mapping"
_CCSR = ("ICD-10-CM Code", "ICD-10-CM Code Description", "CCSR Category", "CCSR Category Description", "Inpatient", "Outpatient")
_CATEGORY = re.compile(r"[A-Z]{3}[0-9]{3}|NoDX1|InvlDX")
_HCC = ("diagnosis_code", "cc", "model_name")
_HIERARCHY = ("cc_parent", "cc_child", "model_domain", "model_version", "model_fullname")
_LABELS = ("cc", "label", "model_domain", "model_version", "model_fullname")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_EDITION = re.compile(r"v(20\d\d)[-.](\d)", re.IGNORECASE)

Maker = Callable[[list[str]], tuple[str, ...]]  # cells → a row without its source; raises ValueError


# --- GEM --------------------------------------------------------------------------------------------------------------


def _is_gem(piece: Piece, *, kind: str) -> bool:
    """Every whole line of the beginning has the columns of that way, and names a code where it should."""
    if not piece.stem.lower().endswith(".txt"):
        return False
    lines = piece.head[: (_GEM_WIDTH + 2) * 200].decode("latin-1").splitlines()[:-1]
    return bool(lines) and all(_gem_row(line, kind) for line in lines)


def _gem_row(line: str, kind: str) -> tuple[str, str, str, str] | None:
    width, place, end, ours, theirs = _GEM[kind]
    source, target, flags = line[:width].rstrip(), line[place:end].rstrip(), line[14:19]
    target = target if target == _NONE else target.upper()  # one line of 2018 writes v5889
    blanks = line[width:place] + line[end:14]
    if len(line.rstrip()) != _GEM_WIDTH or blanks.strip() or not _FLAGS.fullmatch(flags) or not ours.fullmatch(source):
        return None
    if target != _NONE and not theirs.fullmatch(target):
        return None
    if kind == "icd10-icd9":
        return kind, dotted(source), target, flags
    return kind, source, target if target == _NONE else dotted(target), flags


def _read_gem(piece: Piece, rejects: Rejects, *, kind: str) -> Harvest:
    year = _year(piece)
    start, end = (date(year - 1, 10, 1), date(year, 9, 30)) if year else (None, None)
    source = SourceInfo(
        f"gem-{kind}-{year or 'undated'}", f"General equivalence mappings {kind}", str(year or ""), "", piece.stem, start, end
    )
    return Harvest(source, tables={"crosswalk": _gems(piece, kind, source.id, rejects)})


def _gems(piece: Piece, kind: str, source: str, rejects: Rejects) -> Iterator[tuple[Any, ...]]:
    found = False
    for number, line in enumerate(piece.lines(), 1):
        row = _gem_row(line, kind)
        if row:
            found = True
            yield (*row, source)
        elif line.strip("\x1a \r"):
            rejects.add(piece.name, number, f"no row of {kind}: {line[:_GEM_WIDTH]!r}")
    if not found:
        raise Unreadable(f"{piece.name}: expected lines of {_GEM_WIDTH} characters that map {kind}, found none.")


# --- CCSR -------------------------------------------------------------------------------------------------------------


def _is_ccsr(piece: Piece) -> bool:
    return "ccsr" in piece.stem.lower() and piece.stem.lower().endswith(".xlsx") and "dx" in piece.stem.lower()


def _read_ccsr(piece: Piece, rejects: Rejects) -> Harvest:
    """The mapping of diagnoses. Raises Unreadable. A workbook is read whole (some 90,000 rows)."""
    sheets = piece.sheets()
    rows = sheets.get(_CCSR_SHEET)
    if rows is None:
        raise Unreadable(f"{piece.name}: expected a sheet {_CCSR_SHEET}, found {', '.join(sheets)[:200] or 'none'}.")
    begin = next((at for at, row in enumerate(rows[:20], 1) if row and row[0].strip() == _CCSR[0]), 0)
    header = rows[begin - 1] if begin else []
    if len(header) < len(_CCSR) or not all(cell.strip().startswith(want) for cell, want in zip(header, _CCSR, strict=False)):
        raise Unreadable(f"{piece.name}: expected the columns {', '.join(_CCSR)}; found {', '.join(header)[:300] or 'none'}.")
    edition = _EDITION.search(piece.stem) or _EDITION.search(" ".join(map(" ".join, rows[:begin])))
    version = f"{edition[1]}.{edition[2]}" if edition else ""
    source = SourceInfo(f"ccsr-{version or 'undated'}", "CCSR for ICD-10-CM diagnoses", version, "", piece.stem)
    groups = {row[2]: row[3] for row in rows[begin:] if len(row) >= len(_CCSR)}
    pairs = _checked(piece, enumerate(rows[begin:], begin + 1), _ccsr, source.id, rejects)
    titles = (("ccsr", group, "", title, source.id) for group, title in groups.items() if _CATEGORY.fullmatch(group))
    return Harvest(source, tables={"crosswalk": pairs, "crosswalk_group": titles})


def _ccsr(cells: list[str]) -> tuple[str, ...]:
    if len(cells) < len(_CCSR):
        raise ValueError(f"expected {len(_CCSR)} columns, found {len(cells)}")
    code, group, defaults = cells[0].strip("' "), cells[2], cells[4] + cells[5]
    if not _ICD10.fullmatch(code) or not _CATEGORY.fullmatch(group) or not re.fullmatch("[YNX]{2}", defaults):
        raise ValueError(f"{code[:10]!r} in {group[:10]!r} with {defaults[:6]!r} is no row of CCSR")
    return "ccsr", dotted(code), group, defaults


# --- HCC --------------------------------------------------------------------------------------------------------------


def _hcc(cells: list[str]) -> tuple[str, ...]:
    code, category, model = cells
    if not _ICD10.fullmatch(code) or not category.isdigit():
        raise ValueError(f"{code[:10]!r} in {category[:10]!r} is no diagnosis in a category")
    return "hcc", dotted(code), category, model.replace(" Model ", " ")


def _hierarchy(cells: list[str]) -> tuple[str, ...]:
    parent, child, domain, version, _ = cells
    if not parent.isdigit() or not child.isdigit():
        raise ValueError(f"{parent[:10]!r} over {child[:10]!r} are no categories")
    return "hcc-hierarchy", parent, child, _model(domain, version)


def _label(cells: list[str]) -> tuple[str, ...]:
    category, label, domain, version, _ = cells
    number = re.fullmatch(r"(?:Rx)?(?:HCC)?([0-9]{1,4})", category, re.IGNORECASE)
    if not number or not label:
        raise ValueError(f"{category[:10]!r} is no category with a label")
    return "hcc", number[1], _model(domain, version), " ".join(label.split())


def _model(domain: str, version: str) -> str:
    """As the mapping names it: "CMS-HCC ESRD V24", "RxHCC V08"."""
    name = "CMS-HCC ESRD" if domain == "ESRD" else domain
    return f"{name} {version.replace('R', 'V', 1) if domain == 'RxHCC' else version}"


_HCC_FILES: dict[str, tuple[tuple[str, ...], str, Maker]] = {
    "hcc": (_HCC, "crosswalk", _hcc),
    "hcc-hierarchy": (_HIERARCHY, "crosswalk", _hierarchy),
    "hcc-labels": (_LABELS, "crosswalk_group", _label),
}


def _is_hcc(piece: Piece, *, kind: str) -> bool:
    return piece.stem.lower().endswith(".csv") and piece.head.lower().lstrip(b"\xef\xbb\xbf").startswith(
        ",".join(_HCC_FILES[kind][0][:2]).encode()
    )


def _read_hcc(piece: Piece, rejects: Rejects, *, kind: str) -> Harvest:
    header, table, make = _HCC_FILES[kind]
    rows = piece.rows(encoding="utf-8-sig")
    found = tuple(cell.strip().lower() for cell in next(islice(rows, 1), (0, []))[1])
    if found != header:
        raise Unreadable(f"{piece.name}: expected the columns {', '.join(header)}; found {', '.join(found)[:300] or 'none'}.")
    year = _year(piece)
    start, end = (date(year, 1, 1), date(year, 12, 31)) if year else (None, None)
    name = f"{kind}-{year or 'undated'}"
    source = SourceInfo(name, f"Risk adjustment: {kind}", str(year or ""), "", piece.stem, start, end)
    return Harvest(source, tables={table: _checked(piece, rows, partial(_sized, header, make), name, rejects)})


def _sized(header: tuple[str, ...], make: Maker, cells: list[str]) -> tuple[str, ...]:
    if len(cells) != len(header):
        raise ValueError(f"expected {len(header)} columns, found {len(cells)}")
    return make(cells)


# --- all --------------------------------------------------------------------------------------------------------------


def _checked(
    piece: Piece, rows: Iterable[tuple[int, list[str]]], make: Maker, source: str, rejects: Rejects
) -> Iterator[tuple[Any, ...]]:
    found = False
    for line, raw in rows:
        cells = [cell.strip() for cell in raw]
        if not any(cells):
            continue
        try:
            row = make(cells)
        except ValueError as fault:
            rejects.add(piece.name, line, str(fault))
            continue
        found = True
        yield (*row, source)
    if not found:
        raise Unreadable(f"{piece.name}: expected rows under the header, found none that can be read.")


def _year(piece: Piece) -> int | None:
    told = _YEAR.search(piece.stem) or _YEAR.search(piece.container)
    return int(told[1]) if told else None


KINDS = (
    *(
        Kind(f"gem-{kind}", f"General equivalence mappings {kind}", partial(_is_gem, kind=kind), partial(_read_gem, kind=kind))
        for kind in _GEM
    ),
    Kind("ccsr", "CCSR groups of ICD-10-CM diagnoses", _is_ccsr, _read_ccsr),
    *(Kind(kind, f"Risk adjustment: {kind}", partial(_is_hcc, kind=kind), partial(_read_hcc, kind=kind)) for kind in _HCC_FILES),
)
