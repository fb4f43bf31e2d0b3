"""The logic of a decision table: which rows the known facts allow, and whether a table is total and free of overlap.

A cell says of one dimension what a row wants or what a letter told: a stretch of numbers ("8..22", "..7", "53..", "4"), or one or
more words ("subcutaneous", "face|scalp"). Counted dimensions hold both ends of a stretch, measured ones leave out the lower
end, so that "..1" and "1..2" meet without overlap: 1.0 cm belongs to the first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from consultant.codebook.knowledge import COUNTED, MEASURED, YIELDS_TO, Adds, Family

#: Kinds of places between which an ambulance drives.
PLACES = (
    *("home", "custodial home", "skilled nursing", "hospital", "dialysis centre", "hospital dialysis"),
    *("office", "test place", "transfer point", "scene"),
)
#: Dimensions that every family may use without listing their words: the question itself knows them.
SHARED: Mapping[str, tuple[str, ...]] = {
    "payer": ("medicare", "medicaid", "commercial"),
    "origin": PLACES,
    "destination": PLACES[:-1],  # no trip ends where an accident was
}
#: Counted dimensions that start at one; the others start at zero.
FROM_ONE = frozenset({"count", "levels", "segments", "regions", "units", "views"})
#: A table with more combinations than this cannot be read by a person either.
MOST_COMBINATIONS = 5000
FACTS = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of numbers from `low` to `high`, or a set of `words`. `high` always belongs to it, `low` when `closed`."""

    words: frozenset[str] = frozenset()
    low: float = -math.inf
    high: float = math.inf
    closed: bool = True

    def holds(self, number: float) -> bool:
        return self.low < number <= self.high or (self.closed and number == self.low)


@lru_cache(maxsize=16_384, typed=True)  # the same cells are met by every letter, and thousands of times by a check of all tables
def parse(dimension: str, text: str | float) -> Cell:
    """The cell that `text` stands for. Raises ValueError, with a sentence, when a number was wanted and none stands there."""
    if dimension not in COUNTED and dimension not in MEASURED:
        words = frozenset(word.strip().lower() for word in str(text).split("|") if word.strip())
        if not words:
            raise ValueError(f"{dimension}: an empty cell; leave the dimension out where any value will do")
        return Cell(words=words)
    low, dots, high = str(text).partition("..")
    if not dots:
        number = _number(dimension, low)
        return Cell(low=number, high=number)
    return _stretch(dimension, low.strip(), high.strip())


def _stretch(dimension: str, low: str, high: str) -> Cell:
    if not low and not high:
        raise ValueError(f"{dimension}: a range without ends; leave the dimension out where any value will do")
    cell = Cell(
        low=_number(dimension, low) if low else -math.inf,
        high=_number(dimension, high) if high else math.inf,
        closed=dimension in COUNTED,
    )
    if cell.low > cell.high or (cell.low == cell.high and not cell.closed):
        raise ValueError(f"{dimension}: the range {low}..{high} holds nothing")
    return cell


def _number(dimension: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{dimension}: {text!r} is not a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{dimension}: {text!r} is not a number that can be counted or measured")
    # Seven and a half minutes are not yet eight, and a child of 17½ years is 17.
    return math.floor(number) if dimension in COUNTED else number


def meet(one: Cell, other: Cell) -> bool:
    """Is there a value that both cells hold?"""
    if one.words or other.words:
        return bool(one.words & other.words)
    low, high = max(one.low, other.low), min(one.high, other.high)
    return low < high or (low == high and one.holds(low) and other.holds(low))


def fits(when: Mapping[str, str], facts: FACTS) -> bool:
    """No known fact speaks against the row. A dimension that the facts don't know, or whose fact is no number, is open."""
    return all(meet(parse(dimension, text), told) for dimension, text in when.items() if (told := _told(dimension, facts)))


def _told(dimension: str, facts: FACTS) -> Cell | None:
    if dimension not in facts:
        return None
    try:
        return parse(dimension, facts[dimension])
    except ValueError:
        return None


def rows_allowed(family: Family, facts: FACTS) -> tuple[int, ...]:
    """The rows of the family that the known facts allow, by their place in the file. `assume` is left to `assumed`."""
    return tuple(place for place, row in enumerate(family.row) if fits(row.when, facts))


def assumed(family: Family, facts: FACTS) -> dict[str, str | float]:
    """The facts, with what the family takes for granted where the letter says nothing."""
    return {**family.assume, **facts}


def missing(family: Family, facts: FACTS) -> tuple[str, ...]:
    """The unknown dimensions that would decide between the rows still allowed, in the order of the family."""
    rows = [family.row[place] for place in rows_allowed(family, facts)]
    if len(rows) < 2:
        return ()
    unknown = [dimension for dimension in family.decides if _told(dimension, facts) is None]
    return tuple(dimension for dimension in unknown if len({row.when.get(dimension) for row in rows}) > 1)


def added(adds: Adds, amount: float) -> int:
    """How many units of the add-on code `amount` earns: one per `per` beyond `beyond`, a last part counts from `at_least`."""
    rest = amount - adds.beyond
    if rest <= 0:
        return 0
    # Areas are summed from tenths: 20.1 + 20.2 must not become one unit more by a rounding error.
    # 0.9 mg at 0.01 mg are 90 units, though 0.9 / 0.01 leaves a rest in binary.
    full = math.floor(round(rest / adds.per, 6))
    part = round(rest - full * adds.per, 6)
    enough = part > 0 if adds.at_least is None else part >= adds.at_least
    return full + int(enough)


def problems(family: Family) -> list[str]:
    """What is wrong with the family's table, as sentences; an empty list when nothing is."""
    found = [*_unfit_names(family), *_unfit_cells(family)]
    return found or list(_holes(family))


def _unfit_names(family: Family) -> Iterator[str]:
    used = {dimension for row in family.row for dimension in row.when}
    for dimension in sorted(used - set(family.decides)):
        yield f"{dimension} stands in a row but not in decides"
    for dimension in sorted(set(family.decides) - used):
        yield f"{dimension} stands in decides but in no row"
    for dimension in sorted((set(family.assume) | set(family.values)) - set(family.decides) - set(family.marks)):
        yield f"{dimension} has words or an assumption, but decides nothing"
    for name, told in (("yields", family.yields), ("marks", family.marks)):
        for dimension, values in told.items():
            single = {value for one in values for value in one.split(YIELDS_TO)}
            for value in sorted(single - set(_domain(family, dimension))):
                yield f"{name}: nothing says how a letter would say {dimension} = {value}"
    for place, row in enumerate(family.row):
        if not (row.code or row.goes_to or row.note):
            yield f"row {place} leads to no code, no family and says nothing"
        if row.code and row.goes_to:
            yield f"row {place} leads to a code and to a family"


def _unfit_cells(family: Family) -> Iterator[str]:
    rows = [(f"row {place}", row.when) for place, row in enumerate(family.row)]
    for where, when in [*rows, ("assume", family.assume)]:
        for dimension, text in when.items():
            try:
                cell = parse(dimension, text)
            except ValueError as error:
                yield f"{where}: {error}"
                continue
            for word in sorted(cell.words - set(_domain(family, dimension))):
                yield f"{where}: nothing says how a letter would say {dimension} = {word}"


def _domain(family: Family, dimension: str) -> tuple[str, ...]:
    """The values of a dimension of words."""
    return tuple(family.values.get(dimension, ())) or SHARED.get(dimension, ())


def _holes(family: Family) -> Iterator[str]:
    """Every combination of values must meet exactly one row."""
    choices = [_samples(family, dimension) for dimension in family.decides]
    if math.prod(len(choice) for choice in choices) > MOST_COMBINATIONS:
        yield f"more than {MOST_COMBINATIONS} combinations: split the family"
        return
    for combination in product(*choices):
        facts = dict(zip(family.decides, combination, strict=True))
        rows = rows_allowed(family, facts)
        if len(rows) != 1:
            told = ", ".join(f"{dimension} = {value}" for dimension, value in facts.items()) or "no facts"
            yield f"{told}: " + (f"rows {', '.join(map(str, rows))} overlap" if rows else "no row")


def _samples(family: Family, dimension: str) -> Sequence[str | float]:
    """Values that between them meet every stretch the rows can tell apart."""
    if dimension not in COUNTED and dimension not in MEASURED:
        return _domain(family, dimension)
    cells = [parse(dimension, row.when[dimension]) for row in family.row if dimension in row.when]
    ends = {end for cell in cells for end in (cell.low, cell.high) if math.isfinite(end)}
    if dimension in COUNTED:
        least = 1 if dimension in FROM_ONE else 0
        return sorted({value for end in ends | {least} for value in (end - 1, end, end + 1) if value >= least})
    ordered = sorted(end for end in ends if end > 0)
    between = [(low + high) / 2 for low, high in zip([0.0, *ordered], ordered, strict=False)]
    return sorted({*ordered, *between, (ordered[-1] if ordered else 0) + 1})
