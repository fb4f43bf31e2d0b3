"""One family, several services: "three by punch and two by shave", "18 sq cm to muscle; the heel, 25 sq cm, to fat".

What the letter tells of the family's dimensions is read in its order; where a dimension is told anew, the next service begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consultant.classifier.facts import added_up, amounts, counted, facts_for
from consultant.classifier.heard import values_heard
from consultant.classifier.words import Hit, Reading
from consultant.codebook.knowledge import COUNTED, MEASURED, Family
from consultant.vocabulary import Fact, Question

MOST = 6  # services of one family; a letter with more is several letters
Told = tuple[int, str, str | Fact]  # place, dimension, a value of words or the fact of a number


@dataclass(slots=True)
class Share:
    """What is told of one service."""

    words: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, list[Fact]] = field(default_factory=dict)

    def told(self) -> dict[str, str]:
        """Its numbers as cells of a table."""
        return {name: cell for dimension, facts in self.numbers.items() for name, cell in added_up(dimension, facts).items()}


def shares_for(family: Family, question: Question, reading: Reading, near: Sequence[Hit]) -> list[dict[str, str]]:
    """The facts of `facts_for`; several sets of them when the letter tells two or more dimensions once for each service."""
    whole = facts_for(family, question, reading, near)
    worded = [d for d in family.decides if d in family.values and "|" in whole.get(d, "")]
    if not worded or any(f.span.label in ("margins", "width", "excised") for f in question.facts):
        return [whole]
    numbers = {d: found for d in _numbers(family, whole) if len(found := _plain(d, question, reading, near)) > 1}
    if len(worded) + len(numbers) < 2 or not (numbers or family.apart):
        return [whole]
    told: list[Told] = [(hit.start, d, value) for d in worded for hit, value in values_heard(family, d, reading)]
    told += [(reading.place(fact.span)[0], d, fact) for d, found in numbers.items() for fact in found]
    shares = _joined(_read(sorted(told, key=lambda row: row[0])), family)
    if not 1 < len(shares) <= MOST or not all(share.numbers or not numbers for share in shares):
        return [whole]
    common = {d: value for d, value in whole.items() if d.removesuffix(" =") not in {*worded, *numbers}}
    return [{**common, **share.words, **share.told()} for share in shares]


def _numbers(family: Family, whole: Mapping[str, str]) -> list[str]:
    return [d for d in dict.fromkeys([*family.decides, *family.added_over]) if d in whole and (d in COUNTED or d in MEASURED)]


def _plain(dimension: str, question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """The amounts of the dimension; none where the letter gives their total itself."""
    found = amounts(dimension, question)
    if dimension == "count":
        found = sorted([*found, *counted(question, reading, near)], key=lambda fact: fact.span.start)
    return [] if any(f.span.label in ("total", "clock") for f in found) else found


def _read(told: Sequence[Told]) -> list[Share]:
    shares = [Share()]
    words: dict[str, str] = {}
    for at, (_, dimension, value) in enumerate(told):
        last = shares[-1]
        if isinstance(value, str):
            new = last.words.get(dimension, value) != value
            # "Forehead 2 cm and cheek 3 cm, a forearm 4 cm": the forearm's number is the one behind it, not the one before.
            ahead = last.numbers and words.get(dimension, value) != value and isinstance(told[0][2], str)
            if new or (ahead and at + 1 < len(told) and not isinstance(told[at + 1][2], str)):
                shares.append(last := Share())
            words[dimension] = value
            last.words[dimension] = value
        else:
            if dimension in last.numbers:
                shares.append(last := Share())
            last.numbers.setdefault(dimension, []).append(value)
    return shares


def _joined(shares: Sequence[Share], family: Family) -> list[Share]:
    """What a later service leaves unsaid is as with the one before; services of one kind whose amounts add up are one."""
    joined: dict[object, Share] = {}
    words: dict[str, str] = {}
    for at, share in enumerate(shares):
        words = {**words, **share.words}
        share.words = words
        adds = all(d in family.sums or d in ("area_sq_cm", "count") for d in share.numbers)
        kept = joined.setdefault(tuple(sorted(words.items())) if adds else at, share)
        if kept is not share:
            for dimension, facts in share.numbers.items():
                kept.numbers.setdefault(dimension, []).extend(facts)
    return list(joined.values())
