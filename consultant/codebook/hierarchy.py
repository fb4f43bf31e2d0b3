"""What stands above and below a code, and the notes at each. Headings are shared by thousands of codes, so they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from consultant.codebook.lookup import Child
from consultant.vocabulary import Note, System

KEPT = 4096  # nodes, in each process: a few megabytes, however large the book
#: By the newest release: a section or a subcategory may have been drawn anew.
_NODE = """
SELECT parent, title FROM code WHERE code = ? AND system = ? ORDER BY ended IS NOT NULL, effective DESC LIMIT 1
"""
_NOTES = "SELECT kind, text FROM note WHERE node = ? ORDER BY id"
_BELOW = """
SELECT code, title, billable FROM code WHERE parent = ?1 AND system = ?3
AND (?2 IS NULL OR (effective IS NULL OR effective <= ?2) AND (ended IS NULL OR ended >= ?2)) ORDER BY id
"""


class Hierarchy:
    """The tree of one book. Codes are taken as the book writes them."""

    def __init__(self, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
        self._rows = rows
        self._node = lru_cache(KEPT)(self._read_node)
        self.notes = lru_cache(KEPT)(self._read_notes)

    def above(self, code: str, system: System = System.ICD10CM) -> Iterator[tuple[str, str]]:
        """(code, title) of the ancestors, nearest first, up to the chapter."""
        node = self._node(code, system)[0]
        while node:
            parent, title = self._node(node, system)
            if title:
                yield node, title
            node = parent

    def below(self, code: str, on: date | None = None, system: System = System.ICD10CM) -> tuple[Child, ...]:
        """The codes right under a heading, in the order of the book, each by its newest row; `on` a day only those in force.

        "B34" is a heading of ICD-10-CM and a table of ICD-10-PCS: what stands under it depends on the system.
        """
        rows = self._rows(_BELOW, code, on.isoformat() if on else None, system)
        return tuple({child: Child(child, title, bool(billable)) for child, title, billable in rows}.values())

    def _read_node(self, code: str, system: System) -> tuple[str, str]:
        """(parent, title); two empty strings when the book has not got it."""
        found = self._rows(_NODE, code, system)
        return found[0] if found else ("", "")

    def _read_notes(self, node: str) -> tuple[Note, ...]:
        """The notes that stand at this node itself."""
        return tuple(Note(kind, text, node) for kind, text in self._rows(_NOTES, node))
