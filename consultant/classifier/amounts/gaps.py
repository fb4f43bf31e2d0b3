"""Several gaps of a belly wall that are measured as one: the gaps, and what lies between them where that is little."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.classifier.hearing.words import Reading
from consultant.vocabulary import BETWEEN, Fact, Question

#: What is measured beside the gaps: "with a 10 cm mesh".
_NO_GAP = re.compile(r",? ?(?:\w+ )?(?:mesh|patch|port|trocar|incision|sac|overlap)s?\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|[2-5]|several|both|multiple) (?:\w+ ){0,3}(?:defects|hernias|gaps|holes)\b|\bswiss[- ]cheese\b",
    re.IGNORECASE,
)


def bridged(amounts: Sequence[Fact], dimension: str, under: float, question: Question, reading: Reading) -> list[Fact]:
    """Of `amounts` (cm) those of several gaps, with what lies between them where that is less than `under`; [] for one gap."""
    found = [f for f in amounts if not _NO_GAP.match(reading.whole, reading.place(f.span)[1])]
    between = [f for f in question.facts if f.dimension == dimension and f.span.label == BETWEEN and float(f.value) < under]
    if total := [f for f in found if f.span.label == "total"][:1]:
        return total if len(found) > 1 else []
    if len(found) < 2 or not (between or _SEVERAL.search(reading.whole)):
        return []
    return sorted([*found, *between], key=lambda fact: fact.span.start)
