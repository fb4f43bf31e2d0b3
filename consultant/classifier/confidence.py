"""How sure the findings are, 0..1, from the rank of their evidence."""

from __future__ import annotations

from collections.abc import Sequence

from consultant.vocabulary import Candidate, Match, Topic

#: What each kind of evidence can earn at its best, and with nothing but itself.
NAMED_ALONE = 0.85
FAMILY_OPEN = 0.55
SEARCH_ALONE = 0.75
#: A letter that asks for a rule, a pair or a payment is not answered by a code that was found.
CODE_ALONE = 0.45


def confidence_of(
    matches: Sequence[Match], sure: Sequence[Candidate], named: Sequence[Candidate], others: Sequence[Candidate], topic: Topic
) -> float:
    """`others` are keyword and search candidates. A card or a decided family counts most, then named codes, then words alone."""
    cards = max((m.score for m in matches if m.kind == "card"), default=0.0)
    decided = max((c.score for c in sure), default=0.0)
    waiting = FAMILY_OPEN if any(m.kind == "family" for m in matches) else 0.0
    known = NAMED_ALONE if any(c.title for c in named) else 0.0
    words = max((min(c.score, SEARCH_ALONE) for c in others), default=0.0)
    ranked = sorted((cards, decided, waiting, known, words), reverse=True)
    if topic is not Topic.CODE_LOOKUP and not cards and not decided and (topic is not Topic.MODIFIER or not words):
        return min(ranked[0], CODE_ALONE)
    # A second kind of evidence for the same letter takes away a part of the doubt that is left.
    return min(0.99, ranked[0] + 0.3 * (1 - ranked[0]) * ranked[1])
