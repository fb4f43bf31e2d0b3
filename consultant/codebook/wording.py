"""A wording read closely: how well a title, an inclusion term or a keyword answers a question."""

from __future__ import annotations

import math
from typing import NamedTuple

from consultant.codebook.index import Index, circumstances
from consultant.codebook.query import Reading
from consultant.codebook.words import NO, optional, terms

UNMET = 0.65  # what the question's unmet words count against a wording …
UNSAID = 0.35  # … and what its own extra words do; both add up to 1, so that a full match scores 1
OUT_OF_CONTEXT = 0.85  # it speaks of circumstances that the question does not
CONTRARY = 0.8  # it says "without" where the question says "with", or the other way round
RESIDUAL = 0.9  # it is for the "other" ones, and the question did not ask for those
OTHER = "other"


class Wording(NamedTuple):
    terms: frozenset[str]
    optional: frozenset[str]  # of these, the ones in brackets
    weight: float  # of the others
    circumstances: int


def read(text: str, index: Index) -> Wording:
    held, loose = frozenset(terms(text)), frozenset(optional(text))
    return Wording(held, loose, math.fsum(map(index.held, held - loose)), circumstances(held - loose))


def likeness(wording: Wording, reading: Reading, index: Index) -> float:
    """What a question and a wording share, against what either says: Tversky's likeness, 0..1, less where they disagree.

    Words in brackets count only when the question has them.
    """
    met = sum(next((gain for term, gain in slot.gains if term in wording.terms), 0.0) for slot in reading.slots)
    said = wording.weight + math.fsum(map(index.held, wording.optional & reading.terms))
    score = min(met / (UNMET * reading.weight + UNSAID * max(said, met)), 1.0) if met else 0.0
    return score * _agreement(wording.terms, reading)


def in_context(wording: Wording, reading: Reading) -> float:
    return OUT_OF_CONTEXT if wording.circumstances & ~reading.circumstances else 1.0


def _agreement(held: frozenset[str], reading: Reading) -> float:
    """1.0, or less when one says "no X" and the other says "X", or when the title is for what is left over."""
    share = RESIDUAL if OTHER in held and OTHER not in reading.terms else 1.0
    for term in held ^ reading.firsts:
        if term.startswith(NO):
            bare = term.removeprefix(NO)
            if (term in held and bare in reading.firsts) or (term in reading.firsts and bare in held):
                return CONTRARY * share
    return share
