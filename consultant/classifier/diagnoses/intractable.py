"""Migraine and epilepsy that no drug holds: the sixth place of their code tells it."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from dataclasses import replace

from consultant.codebook import Codebook
from consultant.vocabulary import Hit

_NO_DRUG_HOLDS = re.compile(
    r"(?<!not )(?<!non-)\b(?:intractable|refractory|drug-?resistant|pharmacoresistant|treatment[- ]resistant|poorly[- ]controlled"
    r"|(?:won'?t|do(?:es)?(?: not|n'?t)|not) respond(?:ing)? to (?:\w+ ){0,2}(?:drugs?|medications?|meds|medicines?|treatment))\b",
    re.IGNORECASE,
)


def intractable(hit: Hit | None, text: str, book: Codebook) -> Hit | None:
    """The sibling for what no drug holds, where the letter says so: of migraine and epilepsy the sixth place of the code tells it."""
    if hit is None or "not intractable" not in hit.title.lower() or not _NO_DRUG_HOLDS.search(text):
        return hit
    record = book.record(f"{hit.code[:5]}1{hit.code[6:]}")
    return replace(hit, code=record.code, title=record.title) if record else hit
