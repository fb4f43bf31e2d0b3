"""What a family's table makes of the facts of one letter: the rows that are decided, and those that wait for a missing fact.

A fact of words may hold several values ("back|face": two lesions, two choices); each combination is looked up by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from consultant.codebook.knowledge import COUNTED, MEASURED, Family
from consultant.codebook.table import assumed, missing, rows_allowed

MOST = 6  # combinations that are looked at; a letter with more is several letters


@dataclass(frozen=True, slots=True)
class Choice:
    """Places of rows in the family. `decided` rows lead to one code each; `open` ones are still possible."""

    decided: tuple[int, ...]
    open: tuple[int, ...]
    missing: tuple[str, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        return (*self.decided, *self.open)


def choose(family: Family, facts: Mapping[str, str | float]) -> Choice:
    """The rows that the facts, and what the family takes for granted, lead to."""
    decided: dict[int, None] = {}
    waiting: dict[int, None] = {}
    unknown: dict[str, None] = {}
    for told in combinations({name: facts[name] for name in family.decides if name in facts}):
        known = assumed(family, told)
        allowed = rows_allowed(family, known)
        unknown |= dict.fromkeys(missing(family, known))
        ends = {family.row[place].code or family.row[place].goes_to for place in allowed} - {None}
        if len(allowed) == 1:
            decided[allowed[0]] = None
        elif len(ends) == 1:
            # Only whether (or how often) the one code is earned is open: its plainest row stands.
            leading = [place for place in allowed if family.row[place].code or family.row[place].goes_to]
            decided[min(leading, key=lambda place: len(family.row[place].modifiers))] = None
        else:
            waiting |= dict.fromkeys(allowed)
    return Choice(tuple(decided), tuple(place for place in waiting if place not in decided), tuple(unknown))


def still_possible(family: Family, facts: Mapping[str, str | float]) -> set[int]:
    """The rows that the facts leave, with nothing taken for granted."""
    told = {name: facts[name] for name in family.decides if name in facts}
    return {place for one in combinations(told) for place in rows_allowed(family, one)}


def combinations(facts: Mapping[str, str | float]) -> Iterator[dict[str, str | float]]:
    """The facts with one value each: {"site": "back|face"} gives two."""
    names = list(facts)
    choices = [_values(name, facts[name]) for name in names]
    return islice((dict(zip(names, picked, strict=True)) for picked in product(*choices)), MOST)


def _values(dimension: str, told: str | float) -> list[str | float]:
    if dimension in COUNTED or dimension in MEASURED:
        return [told]
    return [value for value in str(told).split("|") if value] or [told]
