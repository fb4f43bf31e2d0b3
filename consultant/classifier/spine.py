"""Levels of the spine: interspaces for fusions and cages, vertebrae for the instruments that hold them.

Three vertebrae have two interspaces between them, so one number of the letter serves both, each in its own way.
"""

from __future__ import annotations

from itertools import chain

from consultant.vocabulary import Fact, Question, vertebra


def interspaces(question: Question) -> str:
    """Interspaces that the letter names ("L4-5 and L5-S1" are two, "C4-C7" is three, "L4-5 … screws L4 to S1" two), each once;
    else vertebrae, else joints counted.
    """
    told = _told(question)
    spaces = {upper for f in told if f.dimension == "spine_level" for upper in _spanned(f)[:-1]}
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
    named = {*chain.from_iterable(map(_spanned, ranges)), *(vertebra(str(f.value)) for f in told if f.dimension == "vertebra")}
    levels = next((n for noun, n in counted.items() if noun.startswith(("level", "interspace"))), 0.0)
    found = said or len(named) or (levels + 1 if levels else 0)
    return f"{found:g}" if found else ""


def _told(question: Question) -> list[Fact]:
    return [fact for fact in question.facts if not fact.negated]


def _spanned(level: Fact) -> range:
    """The vertebrae of "C4-C7": four of them."""
    upper = vertebra(str(level.value).split("-")[0])
    return range(upper, upper + int(level.span.label) + 1)
