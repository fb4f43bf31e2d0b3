"""How well a wording answers a question: what both share, against what either says alone."""

from __future__ import annotations

from collections.abc import Collection

from consultant.codebook.index import Index
from consultant.codebook.query import UNMET, UNSAID, Reading
from consultant.codebook.told import BEHAVIOR, FIELD_SHARES, astray

OUT_OF_CONTEXT = 0.85  # it speaks of circumstances that the question does not
MISBEHAVED = 0.5  # it speaks of a neoplasm that behaves otherwise
CONTRARY = 0.8  # it says "without" where the question says "with", or the other way round
SEVERAL = 3  # terms; fewer are said by chance
RESIDUAL = 0.9  # it is for the rest (`Reading.residual`), and the question did not ask for that


def met(terms: Collection[int], reading: Reading) -> float:
    """What a wording has of what the question asks."""
    answers, besides = reading.answers, reading.besides
    found = [*filter(None, map(answers.get, terms))]
    best = dict(found)
    if len(best) < len(found):
        best = dict(sorted(found))  # of the terms that answer one word the best counts, which comes last
    whole = sum(best.values())
    return whole + sum(filter(None, map(besides.get, terms))) if besides else whole


def fit(terms: Collection[int], weight: float, reading: Reading) -> float:
    """Tversky's likeness of a question and a wording, 0..1, less where they disagree. Only terms in `Reading.heard` count.

    `weight`: what the wording's own terms weigh, but for those in brackets, which count only when the question has them.
    """
    shared = met(terms, reading)
    if not shared:
        return 0.0
    own = max(shared, weight)
    return shared / (UNMET * reading.weight + UNSAID * own) * agreement(terms, reading)


def agreement(terms: Collection[int], reading: Reading) -> float:
    """1.0, or less when one says "no X" and the other says "X", or when the wording is for what is left over."""
    if reading.against.isdisjoint(terms):
        return 1.0
    share = 1.0 if reading.contraries.isdisjoint(terms) else CONTRARY
    return share * RESIDUAL if reading.residual in terms else share


def standing(index: Index, at: int, reading: Reading) -> float:
    """How far a surface may be believed: by its kind, and less when it speaks of what the question does not, as its code does
    for it: a note of several words that is asked for word for word is meant all the same."""
    told, share = index.circumstances[at], FIELD_SHARES[index.fields[at]]
    if told == reading.circumstances or not (stray := astray(told, reading.circumstances)):
        return share
    terms = index.terms(at)
    if len(terms) >= SEVERAL and {*map(str, terms)} == {*reading.spoken.strip(",").split(",")}:
        return share
    return share * (MISBEHAVED if stray & BEHAVIOR else OUT_OF_CONTEXT)


def in_context(circumstances: int, reading: Reading) -> float:
    """Less for a title that speaks of what the question does not, and for one without the behavior of the neoplasm asked for."""
    if reading.circumstances & ~circumstances & BEHAVIOR:
        return MISBEHAVED
    return OUT_OF_CONTEXT if circumstances & ~reading.circumstances else 1.0
