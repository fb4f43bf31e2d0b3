"""Levels of the spine: interspaces for fusions and cages, vertebrae for the instruments that hold them.

Three vertebrae have two interspaces between them, so one number of the letter serves both, each in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from consultant.classifier.words import Hit, Reading
from consultant.vocabulary import Fact, Question, vertebra

_LEVELS = ("spine_level", "vertebra")
#: What is done to a spine: made stiff, freed, held by metal, cut away whole.
_ACTS = {
    "fused": r"[apto]lif|[dxl]lif|acdf|pcf|plf|fus(?:ed|es|ing|ion)s?|arthrodes[ei]s|interbody",
    "freed": r"laminectom\w+|hemilaminectom\w+|laminotom\w+|decompress\w*|foraminotom\w+|(?:micro)?dis[ck]ectom\w+|facetectom\w+",
    "held": r"screws?|rods?|plates?|plating|cages?|instrument\w*|fixation|hardware",
    "out": r"corpectom\w+|vertebrectom\w+",
}
_AN_ACT = re.compile("|".join(rf"\b(?P<{kind}>{words})\b" for kind, words in _ACTS.items()), re.IGNORECASE)
_WITH = re.compile(r"\W{0,3}(?:with|using|w/)", re.IGNORECASE)
_JOINT = re.compile(r",|\b(?:and|plus|then|also)\b|[&+]", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!;](?=\s|$)|\n")


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


def of_the_act(question: Question, reading: Reading, near: Sequence[Hit]) -> Question:
    """The question without levels told of another act than that at `near`: "fused at L4-5 and a laminectomy at L3-4".

    All of them where none would be left, and where the letter says of no act what its levels are.
    """
    own = {kind for hit in near for kind in _kinds(reading.whole, hit.start, hit.end)}
    levels = sorted((f for f in _told(question) if f.dimension in _LEVELS), key=lambda fact: fact.span.start)
    told = dict(zip(levels, _acts_of([reading.place(fact.span) for fact in levels], reading.whole), strict=True))
    left = {fact for fact, acts in told.items() if not acts or acts & own}
    if not own or not left or len(left) == len(levels):
        return question
    return replace(question, facts=tuple(f for f in question.facts if f not in told or f in left))


def _acts_of(places: Sequence[tuple[int, int]], whole: str) -> Iterable[frozenset[str]]:
    """Of each level the acts told since the level before it, else those of that level; where a sentence begins with a level,
    those behind it."""
    sentences: dict[int, list[tuple[int, int]]] = {}
    stops = [0, *(match.end() for match in _SENTENCE.finditer(whole)), len(whole)]
    for place in places:
        begin = max(stop for stop in stops if stop <= place[0])
        sentences.setdefault(begin, []).append(place)
    for begin, own in sentences.items():
        end = min((stop for stop in stops if stop > own[-1][0]), default=len(whole))
        gaps = [*pairwise([begin, *(at for place in own for at in place), end])][::2]
        before, beside = [_kinds(whole, *gap) for gap in gaps], [frozenset[str]()] * len(gaps)
        for at, gap in enumerate(gaps[1:-1], 1):  # "C3 to C6 with screws and a laminectomy of C4": the screws are of the first
            if _WITH.match(whole, *gap) and (joint := _JOINT.search(whole, *gap)):
                beside[at - 1], before[at] = _kinds(whole, gap[0], joint.start()), _kinds(whole, joint.end(), gap[1])
        told = _carried(before[:-1]) if before[0] or beside[0] else [*_carried(before[:0:-1])][::-1]
        yield from (acts | more for acts, more in zip(told, beside, strict=False))


def _carried(acts: Iterable[frozenset[str]]) -> Iterable[frozenset[str]]:
    """Each one, or the one before it where it is empty."""
    last: frozenset[str] = frozenset()
    for one in acts:
        last = one or last
        yield last


def _kinds(whole: str, start: int, end: int) -> frozenset[str]:
    return frozenset(match.lastgroup or "" for match in _AN_ACT.finditer(whole, start, end))


def _told(question: Question) -> list[Fact]:
    return [fact for fact in question.facts if not fact.negated]


def _spanned(level: Fact) -> range:
    """The vertebrae of "C4-C7": four of them."""
    upper = vertebra(str(level.value).split("-")[0])
    return range(upper, upper + int(level.span.label) + 1)
