"""Finding the surfaces that may answer a question: rare words first, and no further than a better answer may still come.

What a surface can still gain is known at every step. A surface that was not met before is taken up only while what is left to
be said could bring it among the answers; after that the words only add to what was met. Both cut work, not answers.
"""

from __future__ import annotations

from bisect import bisect_right

from consultant.codebook.asked import Sought
from consultant.codebook.index import Index
from consultant.codebook.query import UNMET, UNSAID, Asked

TOUCHED = 9_000  # of one system
EFFORT = 0.4  # share of the work on each system, when all are asked
REFINED = 120  # surfaces that are read in full
LEAST = 0.45  # of what the best has met: who met less is not read
FEW = 300  # surfaces, which are always looked at: "celulitis" behind "left"
GLANCED = 0.4  # what a surface costs that is only looked up among those met, as a share of one that is taken up


def needed(asked: Asked, score: float) -> float:
    """What a surface must meet at least to score so much; more than anything when it can't."""
    return score * UNMET * asked.weight / (1 - UNSAID * score) if score < 1 else asked.weight + 1


class _Tally:
    """What each surface has met so far."""

    def __init__(self, index: Index) -> None:
        self._surfaces = index.surfaces
        self.met: dict[int, float] = {}
        self.top = 0.0  # no surface has met more
        self._again: list[int] = []  # what met more than one word
        self._once: list[tuple[float, list[int]]] = []  # what was taken up by a word, and the gain of that

    def take_up(self, word: Sought) -> None:
        """Who says the word next, whether it was met before or not."""
        met, again, top = self.met, self._again, max(self.top, word.most)
        for begin, end, gain in word.postings:
            surfaces = self._surfaces(begin, end)
            self._once.append((gain, surfaces))
            if not met:  # nothing is there yet to add to
                met.update(dict.fromkeys(surfaces, gain))
                continue
            for at in surfaces:
                if at in met:  # asking first is twice as quick as `get`
                    met[at] = got = met[at] + gain
                    again.append(at)
                    if got > top:
                        top = got
                else:
                    met[at] = gain
        self.top = top

    def add(self, word: Sought) -> None:
        """Who says the word next; who was not met before comes too late."""
        met, again, top = self.met, self._again, self.top
        for begin, end, gain in word.postings:
            for at in met.keys() & self._surfaces(begin, end):
                met[at] = got = met[at] + gain
                again.append(at)
                if got > top:
                    top = got
        self.top = top

    def reaching(self, enough: float) -> list[tuple[float, int]]:
        """(what it has met, minus the surface) of each that has met so much."""
        likely = set(self._again)
        for gain, surfaces in self._once:
            if gain >= enough:
                likely.update(surfaces)
        met = self.met
        return [(got, -at) for at in likely if (got := met[at]) >= enough]


def candidates(index: Index, asked: Asked, effort: float, least: float) -> list[tuple[float, int]]:
    """Surfaces to be read, the likeliest first: (the most that each can score, surface). `least`: what must be met."""
    tally, left = _met(index, asked, effort, least)
    if tally.top + left < least:
        return []
    weights, whole, most = index.weights, UNMET * asked.weight, int(REFINED * effort)
    close = tally.reaching(max(LEAST * tally.top, least - left))
    if len(close) > 2 * most:
        close = _leading(close, most, index, whole)
    scored = [(got / (whole + UNSAID * (own if (own := weights[-at]) > got else got)), at, got) for got, at in close]
    scored.sort(reverse=True)
    return [
        ((all_met := got + left) / (whole + UNSAID * (own if (own := weights[-at]) > all_met else all_met)), -at)
        for _, at, got in scored[:most]
    ]


def _leading(close: list[tuple[float, int]], most: int, index: Index, whole: float) -> list[tuple[float, int]]:
    """Those that can be among the `most` likeliest: the others have met too little, however short they are."""
    close.sort(reverse=True)
    weights = index.weights
    least = min(got / (whole + UNSAID * (own if (own := weights[-at]) > got else got)) for got, at in close[:most])
    return close[: bisect_right(close, -least, most, key=lambda item: -item[0] / (whole + UNSAID * item[0]))]


def _met(index: Index, asked: Asked, effort: float, least: float) -> tuple[_Tally, float]:
    """What each surface has met of the words that were looked up, and the most that the others could add.

    Words that are known come first: a rare word that was only guessed at must not decide what is looked at.
    Ends as soon as no surface can come to `least` any more.
    """
    tally = _Tally(index)
    budget = TOUCHED * effort
    sought = sorted([slot.sought for slot in asked.slots if slot.gains])
    left = asked.most
    besides = max([one.besides for one in sought], default=0.0)
    fresh = True
    for one in sought:
        if tally.top + left + besides < least:
            break
        fresh = fresh and (not tally.top or (left >= least and left >= LEAST * tally.top))
        cost = one.size if fresh else one.size * GLANCED
        if tally.top and cost > max(budget, FEW):
            continue
        budget -= cost
        (tally.take_up if fresh else tally.add)(one)
        left -= one.most
    return tally, max(left, 0.0) + besides
