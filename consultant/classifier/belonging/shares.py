"""One family, several services: "three by punch and two by shave", "18 sq cm to muscle; the heel, 25 sq cm, to fat".

What the letter tells of the family's dimensions is read in its order; where a dimension is told anew, the next service begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from consultant.classifier.amounts.apart import spent_apart
from consultant.classifier.amounts.counting import counted
from consultant.classifier.facts import added_up, amounts, facts_for, of_others
from consultant.classifier.hearing.heard import values_heard
from consultant.classifier.hearing.words import Hit, Reading
from consultant.codebook.knowledge import COUNTED, MEASURED, Family
from consultant.vocabulary import Fact, Question

MOST_ALIKE = 12  # lesions of one size
MOST = 6  # services of one family; a letter with more is several letters
#: Parts what is said of one service from what is said of the next.
_APART = re.compile(r"\b(?:and|plus|then|also|another)\b|[,;:&+/\n]|\.(?!\d)", re.IGNORECASE)
#: Between two sizes of one list: "1 cm and 1.5 cm".
_LISTED = re.compile(r"(?: ?, ?| ?& ?| and | plus )(?:and )?(?:(?:the other|another|one|a) )?(?:of |is |was )?", re.IGNORECASE)
#: No lesion, but what was taken round one: "0.2 cm of normal skin on each side".
_RIM = re.compile(r" of (?:normal|healthy|good|surrounding|uninvolved)\b", re.IGNORECASE)
_BACK = 40  # characters between "both" and what is said of both
_SAID_OF_ALL = re.compile(r"\b(?:both|each|all(?: three| of them)?)\b[^.;,]{0,24}$", re.IGNORECASE)
_OF_ALL = re.compile(r"\b(?:both|each|all|every|either|respectively)\b", re.IGNORECASE)
#: "Three moles, 0.8 cm each", "all about 1 cm", "three 1 cm moles": one size that several lesions have.
_EACH_BEHIND = re.compile(r" ?(?:in (?:size|diameter) )?(?:each|apiece|every one)\b", re.IGNORECASE)
_EACH_BEFORE = re.compile(
    r"\b(?:each|every one|both|all(?: (?:three|four|five|six|[3-6]))?)(?: (?:of them|one))?"
    r"(?: (?:was|were|is|are|measur\w{2,3}|about|at))*[ :] ?$",
    re.IGNORECASE,
)
_LOOK_BACK = 40
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
    if worded and family.apart:  # "lumbar without, cervical with and without": a value that gives way there stands here
        worded = [d for d in family.decides if d in worded or (d in family.yields and _several(family, d, reading))]
    if not worded or any(f.span.label in ("margins", "width", "excised") for f in question.facts):
        return _each(family, question, reading, near, whole)
    numbers = {d: found for d in _numbers(family, whole) if len(found := _own(d, family, question, reading, near)) > 1}
    placed = [(reading.place(fact.span)[0], d, fact) for d, found in numbers.items() for fact in found]
    placed = placed or _of_one(family, worded, question, reading, near)
    if len(worded) + len({dimension for _, dimension, _ in placed}) < 2 or not (placed or family.apart):
        return [whole]
    told: list[Told] = [(hit.start, d, value) for d in worded for hit, value in values_heard(family, d, reading)]
    shares = _joined(_read(_with_common(sorted([*told, *placed], key=lambda row: row[0]), reading)), family)
    if not 1 < len(shares) <= MOST or not all(share.numbers or not numbers for share in shares):
        return [whole]
    foreign = of_others(family, "size_cm", question, reading, near)
    shares = [share for share in shares if not any(fact in foreign for fact in share.numbers.get("size_cm", ()))] or shares
    told_apart = {*worded, *(dimension for _, dimension, _ in placed)}
    common = {d: value for d, value in whole.items() if d.removesuffix(" =") not in told_apart}
    single = {} if numbers or not placed else {"count": "1"}
    return [{**common, **single, **share.words, **share.told()} for share in shares]


def _several(family: Family, dimension: str, reading: Reading) -> bool:
    """Does the letter say several values of the dimension, before any of them gives way?"""
    return dimension in family.values and len({value for _, value in values_heard(family, dimension, reading)}) > 1


def _of_one(
    family: Family, worded: Sequence[str], question: Question, reading: Reading, near: Sequence[Hit]
) -> list[tuple[int, str, Fact]]:
    """The one count of a letter that tells two services, where it is said of one of them: "a punch biopsy, and two by shave".

    Its place is that of the word it is said of.
    """
    found = _plain("count", question, reading, near) if "count" in (*family.decides, *family.added_over) else []
    start, end = reading.place(found[0].span) if found else (0, 0)
    if len(found) != 1 or _OF_ALL.search(reading.whole, end):
        return []
    heard = [(hit, value) for dimension in worded for hit, value in values_heard(family, dimension, reading)]
    own = [(hit, value) for hit, value in heard if not _APART.search(reading.whole, min(hit.end, end), max(hit.start, start))]
    return [(own[0][0].start + 1, "count", found[0])] if len({value for _, value in own}) == 1 else []


def _each(
    family: Family, question: Question, reading: Reading, near: Sequence[Hit], whole: dict[str, str]
) -> list[dict[str, str]]:
    """A set of facts for each lesion that has a size of its own, where nothing but the size sets them apart."""
    for dimension in family.each:
        sizes = [f for f in question.facts if f.dimension == dimension and not f.negated and f.span.label in ("", "excised")]
        rim = any(f.span.label in ("margins", "width") for f in question.facts if f.dimension == dimension)
        others = rim or any(f.span.label == "each" for f in question.facts if f.dimension == dimension)
        if dimension in whole and not others and 1 < len(sizes) <= MOST and _lesions(sizes, family, question, reading, near):
            return [{**whole, dimension: f"{float(size.value):g}"} for size in sizes]
        if dimension in whole and not rim and (number := _alike(dimension, question, reading, near)):
            return [whole] * number
    return [whole]


def _alike(dimension: str, question: Question, reading: Reading, near: Sequence[Hit]) -> int:
    """How many lesions have the one size of the letter: "three moles, 0.8 cm each" are three; 0 where it is not said of each."""
    sizes = [fact for fact in question.facts if fact.dimension == dimension and not fact.negated]
    if len(sizes) != 1:
        return 0
    start, end = reading.place(sizes[0].span)
    right_before = [
        f for f in question.facts if f.dimension == "number" and not f.negated and reading.place(f.span)[1] == start - 1
    ]
    each = (
        sizes[0].span.label == "each"
        or _EACH_BEHIND.match(reading.whole, end)
        or _EACH_BEFORE.search(reading.whole, max(0, start - _LOOK_BACK), start)
    )
    counts = [*amounts("count", question), *counted(question, reading, near)] if each else right_before
    numbers = {float(fact.value) for fact in counts if float(fact.value) > 1}
    number = numbers.pop() if len(numbers) == 1 else 0.0
    return int(number) if number.is_integer() and number <= MOST_ALIKE else 0


def _lesions(sizes: Sequence[Fact], family: Family, question: Question, reading: Reading, near: Sequence[Hit]) -> bool:
    """Are they sizes of different lesions: as many as the letter counts, in one list, or each behind a lesion of its own?"""
    counts = [*amounts("count", question), *counted(question, reading, near)]
    if {fact.span.label for fact in sizes} == {sizes[0].span.label} and any(fact.value == len(sizes) for fact in counts):
        return True
    objects = reading.of(family.object)
    for one, other in pairwise(sizes):
        start, end = reading.place(one.span)[1], reading.place(other.span)[0]
        own = _APART.search(reading.whole, start, end) and any(start <= hit.start and hit.end <= end for hit in objects)
        rim = _RIM.match(reading.whole, reading.place(other.span)[1])
        if not (_LISTED.fullmatch(reading.whole, start, end) or own) or rim:
            return False
    return True


def _numbers(family: Family, whole: Mapping[str, str]) -> list[str]:
    return [d for d in dict.fromkeys([*family.decides, *family.added_over]) if d in whole and (d in COUNTED or d in MEASURED)]


def _own(dimension: str, family: Family, question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """The plain amounts, without minutes that were spent on something else."""
    found = _plain(dimension, question, reading, near)
    apart = spent_apart(family, found, reading) if dimension == "minutes" and family.less else []
    return [fact for fact in found if fact not in apart]


def _plain(dimension: str, question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """The amounts of the dimension; none where the letter gives their total itself."""
    found = amounts(dimension, question)
    if dimension == "count":
        found = sorted([*found, *counted(question, reading, near)], key=lambda fact: fact.span.start)
    return [] if any(f.span.label in ("total", "clock") for f in found) else found


def _with_common(told: Sequence[Told], reading: Reading) -> list[Told]:
    """ "12 sq cm and 15 sq cm, both to fat; 6 sq cm to muscle": a word of several amounts as if it stood before them."""
    row = list(told)
    for at, one in enumerate(told):
        place, dimension, value = one
        if at == 0 or not isinstance(value, str) or not _SAID_OF_ALL.search(reading.whole, max(0, place - _BACK), place):
            continue
        before = max((n for n in range(at) if told[n][1] == dimension), default=-1)
        numbers = [n for n in range(before + 1, at) if not isinstance(told[n][2], str)]
        if len(numbers) > 1:
            row.remove(one)
            row.insert(row.index(told[numbers[0]]), one)
    return row


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
    """What a later service leaves unsaid is as with the one before; services of one kind whose amounts add up are one.

    Where values go in pairs, what stands before the first of them is as with the next: "chest and abdomen without, pelvis with".
    """
    joined: dict[object, Share] = {}
    words = {d: value for share in reversed(shares) for d, value in share.words.items()} if family.apart else {}
    for at, share in enumerate(shares):
        words = {**words, **share.words}
        share.words = words
        adds = all(d in family.sums or d in ("area_sq_cm", "count") for d in share.numbers)
        kept = joined.setdefault(tuple(sorted(words.items())) if adds else at, share)
        if kept is not share:
            for dimension, facts in share.numbers.items():
                kept.numbers.setdefault(dimension, []).extend(facts)
    return list(joined.values())
