"""Which facts of the letter a family's table may use: the nearest number of the right kind, the values whose words are said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from consultant.classifier.words import Hit, Reading
from consultant.codebook.knowledge import COUNTED, MEASURED, Family
from consultant.codebook.table import SHARED
from consultant.vocabulary import Fact, Question

_AGES = {"infant": "..0", "child": "1..17", "adult": "18.."}
_JOINT = re.compile(r"\b(?:and|plus|then|also)\b|[,&+/;]", re.IGNORECASE)
#: Numbers that are not the amount itself.
_BESIDE = frozenset({"additional", "computed"})


def facts_for(family: Family, question: Question, reading: Reading, near: Sequence[Hit]) -> dict[str, str]:
    """Dimension → value for the dimensions that the family decides by and the letter tells; several word values as "a|b"."""
    dimensions = dict.fromkeys([*family.decides, *(row.adds.over for row in family.row if row.adds)])
    told: dict[str, str] = {}
    for dimension in dimensions:
        if dimension in COUNTED or dimension in MEASURED:
            value = number_of(dimension, question, reading, near)
        else:
            value = "|".join(values_said(family, dimension, question, reading))
        if value:
            told[dimension] = value
    return told


def number_of(dimension: str, question: Question, reading: Reading, near: Sequence[Hit]) -> str:
    """The number of that kind that the letter gives for what stands at `near`, as a cell of a table; "" when there is none."""
    facts = [f for f in question.facts if f.dimension == dimension and not f.negated and f.span.label not in _BESIDE]
    if dimension == "size_cm":
        return _size(facts, reading, near)
    if dimension == "area_sq_cm":
        return _area(facts, question)
    if dimension == "age" and not facts:
        return next((_AGES[str(f.value)] for f in question.facts if f.dimension == "age_group" and not f.negated), "")
    if dimension == "count" and not facts:
        facts = _counted(question, reading, near)
    exact = [f for f in facts if f.span.label not in ("under", "over")]
    total = next((f for f in exact if f.span.label in ("total", "clock")), None)
    chosen = total or nearest(exact or facts, reading, near)
    return _cell(dimension, chosen) if chosen else ""


def _counted(question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """Plain numbers right before one of the family's own words, one other word between at most: "5 AKs", "36 small tags"."""
    found = []
    for fact in question.facts:
        end = fact.span.end + (0 if fact.span.where == "subject" else reading.shift)
        if fact.dimension == "number" and any(
            end < hit.start and len(reading.whole[end : hit.start].split()) <= 1 for hit in near if hit.start - end < 24
        ):
            found.append(fact)
    return found


def nearest(facts: Iterable[Fact], reading: Reading, near: Sequence[Hit]) -> Fact | None:
    """The fact that stands closest to one of the hits; the first one when there are none."""
    places = [(hit.start, hit.end) for hit in near]

    def distance(fact: Fact) -> int:
        at = fact.span.start + (0 if fact.span.where == "subject" else reading.shift)
        return min((max(start - at, at - end, 0) for start, end in places), default=0)

    return min(facts, key=distance, default=None)


def _cell(dimension: str, fact: Fact) -> str:
    number = float(fact.value)
    if fact.span.label == "under":
        return f"..{number - 1:g}" if dimension in COUNTED else f"..{number:g}"
    return f"{number:g}.." if fact.span.label == "over" else f"{number:g}"


def _size(facts: list[Fact], reading: Reading, near: Sequence[Hit]) -> str:
    """A lesion's excised diameter: the one given with margins, or the lesion plus its margin on both sides."""
    lesion = nearest([f for f in facts if f.span.label != "margins"], reading, near)
    margin = next((f for f in facts if f.span.label == "margins"), None)
    if margin is None:
        return _cell("size_cm", lesion) if lesion else ""
    if lesion is None or float(margin.value) >= float(lesion.value):
        return f"{float(margin.value):g}"
    return f"{round(float(lesion.value) + 2 * float(margin.value), 2):g}"


def _area(facts: list[Fact], question: Question) -> str:
    """Areas add up; an area worked out from two sides stands in only where none is given."""
    worked = [f for f in question.facts if f.dimension == "area_sq_cm" and f.span.label == "computed" and not f.negated]
    total = next((f for f in facts if f.span.label == "total"), None)
    summed = [total] if total else facts or worked
    return f"{round(sum(float(f.value) for f in summed), 2):g}" if summed else ""


def values_said(family: Family, dimension: str, question: Question, reading: Reading) -> list[str]:
    """The values of a dimension of words that the letter says, in its order. A longer phrase hides a shorter one inside it."""
    if dimension not in family.values:
        return [question.payer] if question.payer and question.payer in SHARED.get(dimension, ()) else []
    said = [(hit, value) for value, phrases in family.values[dimension].items() for hit in reading.of(phrases, claimed=False)]
    if not said:
        said = [(hit, value) for value, phrases in family.values[dimension].items() for hit in reading.of(phrases)]
    kept = [(hit, value) for hit, value in said if not any(_hides(other, hit) and value != name for other, name in said)]
    kept = sorted(kept, key=lambda pair: pair[0].start)
    return list(dict.fromkeys(value for _, value in _telling(kept, {*family.act, *family.object}, reading)))


def _telling(said: list[tuple[Hit, str]], own: Collection[str], reading: Reading) -> list[tuple[Hit, str]]:
    """A word that brings the family ("venipuncture") says less of the choice inside it than a word that is there for the choice
    alone ("doctor had to"), unless the letter joins the two: "exercise and manual therapy"."""
    telling = [(hit, value) for hit, value in said if hit.phrase not in own]
    if not telling:
        return said
    return [
        (hit, value) for hit, value in said if hit.phrase not in own or any(_joined(hit, other, reading) for other, _ in telling)
    ]


def _joined(one: Hit, other: Hit, reading: Reading) -> bool:
    between = reading.whole[min(one.end, other.end) : max(one.start, other.start)]
    return len(between) < 60 and bool(_JOINT.search(between))


def _hides(longer: Hit, hit: Hit) -> bool:
    """Do the two overlap, and is the first the longer one, or the first of two as long?"""
    overlap = longer.start < hit.end and hit.start < longer.end
    return overlap and (longer.start - longer.end, longer.start) < (hit.start - hit.end, hit.start)
