"""Levels of the spine: interspaces for fusions and cages, vertebrae for the instruments that hold them.

Three vertebrae have two interspaces between them, so one number of the letter serves both, each in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from consultant.classifier.amounts.spine_acts import acts_of, kinds, spanned
from consultant.classifier.hearing.words import Hit, Reading
from consultant.vocabulary import Fact, Question, vertebra

_LEVELS = ("spine_level", "vertebra")


def interspaces(question: Question) -> str:
    """Interspaces that the letter names ("L4-5 and L5-S1" are two, "C4-C7" is three, "L4-5 … screws L4 to S1" two), each once;
    else vertebrae, else joints counted.
    """
    told = _told(question)
    spaces = {upper for f in told if f.dimension == "spine_level" for upper in spanned(f)[:-1]}
    vertebrae = {str(f.value) for f in told if f.dimension == "vertebra"}
    joints = [float(f.value) for f in told if f.dimension == "count" and f.span.label.startswith("joint")]
    found = len(spaces) or len(vertebrae) or next(iter(joints), 0)
    return f"{found:g}" if found else ""


def segments(question: Question) -> str:
    """Vertebrae: those that the letter counts, else those of its ranges and names, else one more than the levels it counts."""
    told = _told(question)
    counted = {f.span.label: float(f.value) for f in told if f.dimension == "levels"}
    said = next((n for noun, n in counted.items() if noun.startswith(("segment", "vertebra"))), 0.0)
    ranges = [f for f in told if f.dimension == "spine_level"]
    named = {*chain.from_iterable(map(spanned, ranges)), *(vertebra(str(f.value)) for f in told if f.dimension == "vertebra")}
    levels = next((n for noun, n in counted.items() if noun.startswith(("level", "interspace"))), 0.0)
    found = said or len(named) or (levels + 1 if levels else 0)
    return f"{found:g}" if found else ""


def joints_of(dimension: str, facts: Sequence[Fact], reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """Levels of a fusion that are told as vertebrae are one fewer: two vertebrae are made stiff at the one joint between them."""
    if dimension != "levels" or not any("fused" in kinds(reading.whole, hit.start, hit.end) for hit in near):
        return [*facts]
    return [replace(f, value=f"{max(1.0, float(f.value) - 1):g}") if f.span.label.startswith("vertebra") else f for f in facts]


def of_the_act(question: Question, reading: Reading, near: Sequence[Hit]) -> Question:
    """The question without levels told of another act than that at `near`: "fused at L4-5 and a laminectomy at L3-4".

    All of them where none would be left, and where the letter says of no act what its levels are.
    """
    own = {kind for hit in near for kind in kinds(reading.whole, hit.start, hit.end)}
    levels = sorted((f for f in _told(question) if f.dimension in _LEVELS), key=lambda fact: fact.span.start)
    told = dict(zip(levels, acts_of([reading.place(fact.span) for fact in levels], reading.whole), strict=True))
    left = {fact for fact, acts in told.items() if not acts or acts & own}
    if not own or not left or len(left) == len(levels):
        return question
    return replace(question, facts=tuple(f for f in question.facts if f not in told or f in left))


def _told(question: Question) -> list[Fact]:
    return [fact for fact in question.facts if not fact.negated]
