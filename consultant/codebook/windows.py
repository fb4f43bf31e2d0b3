"""From releases to windows: the same code in several releases is one row for as long as nothing about it changed.

A release tells which codes it has, not since when or until when. So a row begins with the first release in the book that has it
so (without a date when that is the oldest release: it may be older), and ends the day before the next release that has it
otherwise or not at all. Where two releases do not meet (a year is missing in the book), the row ends with what is proven, the
last day of its own release, and the fact `gap_until` names the day from which it is known to be gone.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from consultant.codebook.schema import CodeRow, SourceInfo

Release = tuple[SourceInfo, Sequence[CodeRow]]
DAY = timedelta(days=1)


def merge(releases: Iterable[Release]) -> list[CodeRow]:
    """The rows of one code system over all its releases. Rows that bring dates of their own keep them."""
    ordered = sorted(releases, key=lambda release: release[0].valid_from or date.min)
    if len(ordered) == 1:
        return list(ordered[0][1])
    open_rows: dict[str, tuple[CodeRow, int]] = {}  # code → its row and the place of the last release that has it
    done: list[CodeRow] = []
    for place, (source, rows) in enumerate(ordered):
        begins = source.valid_from.isoformat() if place and source.valid_from else None
        for row in rows:
            before = open_rows.get(row.code)
            if before and before[1] == place - 1 and _same(before[0], row):
                open_rows[row.code] = (_joined(before[0], row), place)
                continue
            if before:
                done.append(_closed(*before, ordered))
            open_rows[row.code] = (row if row.effective else row._replace(effective=begins), place)
    last = len(ordered) - 1
    done += [row if place == last else _closed(row, place, ordered) for row, place in open_rows.values()]
    return done


def _same(a: CodeRow, b: CodeRow) -> bool:
    """Nothing that matters changed: an accent is no change, nor is a parent that one of the files does not tell."""
    parents = a.parent == b.parent or not (a.parent and b.parent)
    return parents and (a.billable, a.kind) == (b.billable, b.kind) and (_composed(a, b) or _plain(a.title) == _plain(b.title))


def _composed(a: CodeRow, b: CodeRow) -> bool:
    """The tables of ICD-10-PCS have no titles: theirs are put together from labels and never equal the order file's."""
    return any(row.source.startswith("icd10pcs-tables") for row in (a, b))


def _joined(before: CodeRow, row: CodeRow) -> CodeRow:
    """The newer row, from the first day of the older; what only the older file told is kept."""
    title = before.title if row.source.startswith("icd10pcs-tables") else row.title
    return row._replace(effective=before.effective, parent=row.parent or before.parent, base=row.base or before.base, title=title)


def _plain(title: str) -> str:
    if title.isascii():
        return title.casefold()
    return "".join(char for char in unicodedata.normalize("NFKD", title).casefold() if not unicodedata.combining(char))


def _closed(row: CodeRow, place: int, ordered: Sequence[Release]) -> CodeRow:
    """The row with its last day, which the release after its own tells."""
    if row.ended:
        return row
    own, following = ordered[place][0].valid_to, ordered[place + 1][0].valid_from
    if following is None:
        return row
    if own is None or following <= own + DAY:
        return row._replace(ended=(following - DAY).isoformat())
    facts = json.loads(row.facts) | {"gap_until": following.isoformat()}
    return row._replace(ended=own.isoformat(), facts=json.dumps(facts))
