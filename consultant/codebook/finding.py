"""Finding the surfaces that may answer a question: rare words first, and no further than a better answer may still come.

What a surface can still gain is known at every step. A surface that was not met before is taken up only while what is left to
be said could bring it among the answers; after that the words only add to what was met. Both cut work, not answers.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

from consultant.codebook.index import Index
from consultant.codebook.query import UNMET, UNSAID, Reading, Slot

CLOSE = 0.8  # share of a word's weight from which on a term counts as meant …
RARE = 300  # … unless so few surfaces have it
TOUCHED = 6_000  # of one system
EFFORT = 0.4  # share of the work on each system, when all are asked
REFINED = 120  # surfaces that are read in full
LEAST = 0.45  # of what the best has met: who met less is not read
GLANCED = 0.4  # what a surface costs that is only looked up among those met, as a share of one that is taken up


class _Sought(NamedTuple):
    guessed: bool
    size: int  # surfaces that hold any of the terms
    terms: list[tuple[int, float]]
    most: float  # the best gain


def needed(reading: Reading, score: float) -> float:
    """What a surface must meet at least to score so much; more than anything when it can't."""
    return score * UNMET * reading.weight / (1 - UNSAID * score) if score < 1 else reading.weight + 1


def candidates(index: Index, reading: Reading, effort: float, least: float) -> list[tuple[float, int]]:
    """Surfaces to be read, the likeliest first: (the most that each can score, surface). `least`: what must be met."""
    met, left = _met(index, reading, effort, least)
    if not met:
        return []
    enough = max(LEAST * max(met.values()), least - left)
    weights, asked = index.weights, UNMET * reading.weight
    scored = [(_score(got, weights[at], asked), -at) for at, got in met.items() if got >= enough]
    likeliest = heapq.nlargest(int(REFINED * effort), scored)
    return [(_score(met[-at] + left, weights[-at], asked), -at) for _, at in likeliest]


def _score(got: float, weight: float, asked: float) -> float:
    return got / (asked + UNSAID * max(weight, got))


def _met(index: Index, reading: Reading, effort: float, least: float) -> tuple[dict[int, float], float]:
    """What each surface has met of the words that were looked up, and the most that the others could add.

    Words that are known come first: a rare word that was only guessed at must not decide what is looked at.
    """
    met: dict[int, float] = {}
    known = met.get
    segment, budget = reading.segment, TOUCHED * effort
    sought = sorted(_sought(index, slot, segment) for slot in reading.slots if slot.gains)
    left = asked = sum(one.most for one in sought)
    fresh = True
    for one in sought:
        if fresh and met and (left < least or left < LEAST * (asked - left)):
            fresh = left >= least and left >= LEAST * max(met.values())
        budget -= one.size if fresh else one.size * GLANCED
        if met and budget < 0:
            break
        for term, gain in one.terms:
            found = index.surfaces(term, segment)
            if fresh:
                for at in found:
                    met[at] = known(at, 0.0) + gain
            else:
                for at in filter(met.__contains__, found):
                    met[at] += gain
        left -= one.most
    return met, max(left, 0.0)


def _sought(index: Index, slot: Slot, segment: int) -> _Sought:
    """The terms that surfaces are found by, and in how many: what only may be meant, and is said often, is none of them."""
    close, size, terms = CLOSE * slot.weight, 0, []
    for term, gain in slot.gains:
        count = index.count(term, segment)
        if gain >= close or count <= RARE:
            size += count
            terms.append((term, gain))
    return _Sought(slot.guessed, size, terms, slot.gains[0][1])
