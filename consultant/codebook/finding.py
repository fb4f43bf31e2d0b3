"""Finding the surfaces that may answer a question: rare words first, and no further than a better answer may still come.

What a surface can still gain is known at every step. A surface that was not met before is taken up only while what is left to
be said could bring it among the answers; after that the words only add to what was met. Both cut work, not answers.
"""

from __future__ import annotations

from bisect import bisect_right

from consultant.codebook.index import Index
from consultant.codebook.query import UNMET, UNSAID, Reading

TOUCHED = 9_000  # of one system
EFFORT = 0.4  # share of the work on each system, when all are asked
REFINED = 120  # surfaces that are read in full
LEAST = 0.45  # of what the best has met: who met less is not read
GLANCED = 0.4  # what a surface costs that is only looked up among those met, as a share of one that is taken up


def needed(reading: Reading, score: float) -> float:
    """What a surface must meet at least to score so much; more than anything when it can't."""
    return score * UNMET * reading.weight / (1 - UNSAID * score) if score < 1 else reading.weight + 1


def candidates(index: Index, reading: Reading, effort: float, least: float) -> list[tuple[float, int]]:
    """Surfaces to be read, the likeliest first: (the most that each can score, surface). `least`: what must be met."""
    met, left = _met(index, reading, effort, least)
    if not met:
        return []
    weights, asked, most = index.weights, UNMET * reading.weight, int(REFINED * effort)
    enough = max(LEAST * max(met.values()), least - left)
    close = [(got, -at) for at, got in met.items() if got >= enough]
    if len(close) > 2 * most:
        close = _leading(close, most, index, asked)
    scored = [(got / (asked + UNSAID * (own if (own := weights[-at]) > got else got)), at, got) for got, at in close]
    scored.sort(reverse=True)
    return [
        ((all_met := got + left) / (asked + UNSAID * (own if (own := weights[-at]) > all_met else all_met)), -at)
        for _, at, got in scored[:most]
    ]


def _leading(close: list[tuple[float, int]], most: int, index: Index, asked: float) -> list[tuple[float, int]]:
    """Those that can be among the `most` likeliest: the others have met too little, however short they are."""
    close.sort(reverse=True)
    weights = index.weights
    least = min(got / (asked + UNSAID * (own if (own := weights[-at]) > got else got)) for got, at in close[:most])
    return close[: bisect_right(close, -least, most, key=lambda item: -item[0] / (asked + UNSAID * item[0]))]


def _met(index: Index, reading: Reading, effort: float, least: float) -> tuple[dict[int, float], float]:
    """What each surface has met of the words that were looked up, and the most that the others could add.

    Words that are known come first: a rare word that was only guessed at must not decide what is looked at.
    """
    met: dict[int, float] = {}
    budget = TOUCHED * effort
    sought = sorted(slot.sought for slot in reading.slots if slot.gains)
    left = sum(one.most for one in sought)
    fresh, top = True, 0.0  # `top`: no surface has met more
    for one in sought:
        if fresh and met and (left < least or left < LEAST * top):
            top = max(met.values())
            fresh = left >= least and left >= LEAST * top
        budget -= one.size if fresh else one.size * GLANCED
        if met and budget < 0:
            break
        for begin, end, gain in one.postings:
            found = index.surfaces(begin, end)
            if fresh:
                for at in found:  # asking first is twice as quick as `get`
                    if at in met:
                        met[at] += gain
                    else:
                        met[at] = gain
            else:
                for at in filter(met.__contains__, found):
                    met[at] += gain
        left -= one.most
        top += one.most
    return met, max(left, 0.0) + max((one.besides for one in sought), default=0.0)
