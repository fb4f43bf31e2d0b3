"""How well a wording answers a question: what both share, against what either says alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from consultant.codebook.index import Index
from consultant.codebook.query import UNMET, UNSAID, Reading
from consultant.codebook.told import BEHAVIOR, FIELD_SHARES, astray

OUT_OF_CONTEXT = 0.85  # it speaks of circumstances that the question does not
MISBEHAVED = 0.5  # it speaks of a neoplasm that behaves otherwise
CONTRARY = 0.8  # it says "without" where the question says "with", or the other way round
RESIDUAL = 0.9  # it is for the rest (`Reading.residual`), and the question did not ask for that


def heard(terms: Iterable[int], reading: Reading) -> list[int]:
    """Those of a wording's terms that the question has anything to say to."""
    return [*filter(reading.heard.__contains__, terms)]


def met(terms: Iterable[int], reading: Reading) -> float:
    """What a wording has of what the question asks."""
    single, shared = reading.single, reading.shared
    if not shared:
        return sum([single[term] for term in terms if term in single])
    found = 0.0
    best: dict[int, float] = {}  # of the terms that answer one word the best counts
    for term in terms:
        if term in single:
            found += single[term]
        if term in shared:
            slot, gain = shared[term]
            if slot not in best or best[slot] < gain:
                best[slot] = gain
    return found + sum(best.values()) if best else found


def fit(terms: Iterable[int], weight: float, reading: Reading) -> float:
    """Tversky's likeness of a question and a wording, 0..1, less where they disagree.

    `weight`: what the wording's own terms weigh, but for those in brackets, which count only when the question has them.
    """
    return likeness(heard(terms, reading), weight, reading)


def likeness(counting: Collection[int], weight: float, reading: Reading) -> float:
    """`fit`, of a wording whose terms were heard already."""
    shared = met(counting, reading)
    if not shared:
        return 0.0
    own = max(shared, weight)
    return shared / (UNMET * reading.weight + UNSAID * own) * agreement(counting, reading)


def agreement(terms: Collection[int], reading: Reading) -> float:
    """1.0, or less when one says "no X" and the other says "X", or when the wording is for what is left over."""
    share = 1.0 if reading.contraries.isdisjoint(terms) else CONTRARY
    return share * RESIDUAL if reading.residual in terms else share


def standing(index: Index, at: int, reading: Reading) -> float:
    """How far a surface may be believed: by its kind, and less when it speaks of what the question does not."""
    stray = astray(index.circumstances[at], reading.circumstances)
    share = MISBEHAVED if stray & BEHAVIOR else OUT_OF_CONTEXT if stray else 1.0
    return FIELD_SHARES[index.fields[at]] * share


def in_context(circumstances: int, reading: Reading) -> float:
    """Less for a title that speaks of what the question does not, and for one without the behavior of the neoplasm asked for."""
    if reading.circumstances & ~circumstances & BEHAVIOR:
        return MISBEHAVED
    return OUT_OF_CONTEXT if circumstances & ~reading.circumstances else 1.0
