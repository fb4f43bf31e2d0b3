"""How old the patient is."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from consultant.question.numbers import NUMBER, value_of

_MAX = 120
_DAYS = {"y": 365.25, "mo": 30.4375, "w": 7.0, "d": 1.0}
_AGE = re.compile(
    rf"(?P<n>{NUMBER})[\s-]?(?P<unit>years?|yrs?|months?|mos?|weeks?|days?|y)(?:[\s-]old|/o|o\b|(?=[\s-]well\b))|\b(?:aged?|age of|(?:teen\w{{0,5}}|boy|girl|child|kid|man|woman|lady) (?:of|aged)|(?:adult|woman|man|male|female|lady),?(?=\s\d{{2}}(?:[,.;)]|\s(?:with|has|had|who|here|gets|got|came)\b|$)))\s(?P<bare>\d{{1,3}})(?!\w|\s?-?\d)",
    re.IGNORECASE,
)
#: "The boy is eight": a number alone, where nothing behind it measures something else.
_IS = re.compile(
    rf"\b(?:boy|girl|child|kid|son|daughter|toddler|teen|patient|pt|man|woman) is (?:now |only )?(?P<n>{NUMBER})(?=[,.;:)]|$| (?:and|now|but|with|so)\b)",
    re.IGNORECASE,
)
_BACK_THEN = re.compile(r"\b(?:at|since|from|before|until) $", re.IGNORECASE)


class Age(NamedTuple):
    """An age of the text: its years (whole, an infant is 0), its days, the unit it is told in, and its place."""

    years: float
    days: int
    unit: str
    start: int
    end: int


def ages(text: str) -> list[Age]:
    """Every age; what somebody had "at age four" only where the letter tells no other."""
    found = [*_told(text), *_bare(text)]
    now = [age for age in found if not _BACK_THEN.search(text, max(0, age.start - 8), age.start)]
    return sorted(now or found, key=lambda age: age.start)


def _told(text: str) -> Iterator[Age]:
    for match in islice(_AGE.finditer(text), _MAX):
        number = value_of(match["bare"] or match["n"]) or 0
        unit = (match["unit"] or "year").lower()
        years = number if unit[0] == "y" else number // 12 if unit[:2] == "mo" else 0.0
        kind = "years" if unit[0] == "y" else unit.rstrip("s")
        days = next(n for stem, n in _DAYS.items() if unit.startswith(stem))
        yield Age(years, round(number * days), kind, match.start(), match.end())


def _bare(text: str) -> Iterator[Age]:
    for match in islice(_IS.finditer(text), _MAX):
        years = value_of(match["n"]) or 0
        if years <= 110:
            yield Age(years, round(years * _DAYS["y"]), "years", match.start("n"), match.end("n"))
