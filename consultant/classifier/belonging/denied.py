"""Which stretches of a letter are denied, doubted or claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from consultant.vocabulary import BEHIND, Fact, Span


@dataclass(frozen=True, slots=True)
class Scopes:
    """Which stretches of the letter are negated, doubted or claimed: kind → a mark per character that is inside one."""

    marks: Mapping[str, bytearray]

    def hold(self, kind: str, place: int) -> bool:
        marks = self.marks.get(kind)
        return bool(marks and place < len(marks) and marks[place])


def scopes_of(facts: Iterable[Fact], place: Callable[[Span], tuple[int, int]]) -> Scopes:
    """The scopes that were read; `place` says where a span stands in the whole letter."""
    marks: dict[str, bytearray] = {}
    for fact in facts:
        if fact.dimension in ("negated", "uncertain", "claimed", "courtesy"):
            start, end = place(fact.span)
            behind = fact.span.label == BEHIND
            start += not behind  # a phrase that begins with the cue itself ("without contrast") is said, not negated
            row = marks.setdefault(BEHIND if behind else fact.dimension, bytearray())
            if len(row) < end:
                row.extend(bytes(end - len(row)))
            row[start:end] = b"\x01" * (end - start)
    return Scopes(marks)
