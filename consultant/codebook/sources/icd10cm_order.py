"""ICD-10-CM as the order file lists it, alone or with the tabular list of the same release.

The order file is the authority on which codes there are, their titles and which may be billed. The tabular list adds chapters
and sections, notes and further wordings; where the two differ, the order file counts and the difference is told. A code of 7
characters differs from the heading above it by its 7th alone, so that its title need not be searched for on its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from consultant.codebook.codes import CATEGORY, dotted
from consultant.codebook.schema import CodeRow, Harvest, SurfaceRow
from consultant.codebook.sources import icd, icd10cm
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.vocabulary import System

ROOT = "ICD10CM.tabular"
SHAPE = re.compile(rf"^{CATEGORY}[0-9A-Z]{{0,4}}$")
TABLES = INDEXES = ""  # nothing but codes, notes and wordings
TITLE = "ICD-10-CM code list"
_WHOLE = 7  # characters of a code that ends in a 7th

Ordered = dict[str, tuple[bool, str]]  # code without its dot → (billable, long title)


def is_order(piece: Piece) -> bool:
    """Codes of 4 to 6 characters tell it from the order file of ICD-10-PCS, whose codes have 3 or 7; else its name does."""
    codes = icd.order_codes(piece.head)
    return icd.most(codes, SHAPE) and (any(3 < len(code) < _WHOLE for code in codes) or "pcs" not in piece.stem.lower())


def _is_tabular(piece: Piece) -> bool:
    return icd.has_root(piece, ROOT)


def _read_order(piece: Piece, rejects: Rejects) -> Harvest:
    found = icd.ordered(piece, rejects, SHAPE)
    source = icd.edition(piece).source("icd10cm-order", TITLE, icd.origin(piece), _billable(found))
    endings: Counter[str] = Counter()
    rows, surfaces = [], []
    for code in found:
        row, ending = _row(code, found, source.id)
        rows.append(row)
        if ending:
            endings[ending] += 1
        else:
            surfaces.append(SurfaceRow(row.code, System.ICD10CM, "title", row.title))
    return Harvest(source, rows, surfaces=surfaces, endings=endings)


def _read_tabular(piece: Piece, rejects: Rejects) -> Harvest:
    """A tabular list without an order file: notes and wordings, no codes, for which codes there are it does not tell.

    Its 7th characters are allowed to whole branches, with exceptions in prose; as a release it would end codes and add others.
    """
    root = icd.tree(piece, ROOT)
    source = icd.edition(piece, icd.version(root)).source("icd10cm-tabular", "ICD-10-CM tabular list", icd.origin(piece), 0)
    named = icd10cm.grow(root, frozenset(), source.id)
    if not named.codes:
        raise Unreadable(f"{piece.name}: expected chapters with codes, found none.")
    return Harvest(source, notes=named.notes, surfaces=named.surfaces)


def release(order: Piece, tabular: Piece, rejects: Rejects) -> Harvest:
    """A whole release from its two files. Raises Unreadable; where the files differ the order file counts, and it is told."""
    found = icd.ordered(order, rejects, SHAPE)
    key = icd.edition(order).source("icd10cm", "ICD-10-CM", f"{icd.origin(order)} and {tabular.name}", _billable(found))
    tree = icd10cm.grow(icd.tree(tabular, ROOT), frozenset(found), key.id)
    rows = list(_joined(tree, found, tabular, rejects))
    held = {row.code for row in rows}
    more = [_row(code, found, key.id)[0] for code in found if dotted(code) not in held]
    for row in more:
        rejects.add(tabular.name, 0, f"{row.code} of {order.stem} is not in the tabular list; taken without its notes")
    surfaces = [surface for surface in tree.surfaces if surface.code in held]
    surfaces += [SurfaceRow(row.code, row.system, "title", row.title) for row in more]
    return Harvest(key, [*rows, *more], tree.notes, surfaces=surfaces, endings=tree.endings)


def _joined(tree: icd10cm.Reading, found: Ordered, tabular: Piece, rejects: Rejects) -> Iterator[CodeRow]:
    """The rows of the tabular list, with the order file's word on title and billing."""
    for row in tree.codes:
        told = found.get(row.code.replace(".", ""))
        if row.kind != "code":
            yield row
        elif told is None:
            rejects.add(tabular.name, 0, f"{row.code} is not in the order file; not taken")
        else:
            yield row._replace(title=told[1], billable=told[0])


def _row(code: str, found: Ordered, source: str) -> tuple[CodeRow, str]:
    """The row of a code, and what its 7th character adds to the heading's title, as the search index counts it.

    That is "" for a code that is shorter, or says more than that; then it is searched for by its own title.
    """
    billable, title = found[code]
    heading = icd.above(code, found)
    parent, ending = dotted(heading), ""
    if len(code) == _WHOLE and heading and title.startswith(f"{found[heading][1]}, "):
        ending = f"{title[len(found[heading][1]) + 2 :]} 7th{code[-1]}"
    row = CodeRow(dotted(code), System.ICD10CM, "code", title, billable, True, parent, parent if ending else "", source)
    return row, ending


def _billable(found: Ordered) -> int:
    return sum(billable for billable, _ in found.values())


#: What a release's zip holds both of: read together by `release`.
PAIR = {"icd10cm-order", "icd10cm-tabular"}

KINDS = (
    Kind("icd10cm-order", "ICD-10-CM order file", is_order, _read_order),
    Kind("icd10cm-tabular", "ICD-10-CM tabular list", _is_tabular, _read_tabular),
)
