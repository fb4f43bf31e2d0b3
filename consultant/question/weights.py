"""What an organ weighs, in grams, and how many milligrams a unit of a drug holds."""

from __future__ import annotations

import re

from consultant.question.numbers import NUMBER, value_of

_MAX = 40
#: A needle's gauge is no weight.
_WEIGHT = re.compile(rf"(?P<n>{NUMBER})\s?-?(?:g|gm|gms|grams?)\b(?! needle| angiocath| trocar|/)", re.IGNORECASE)
_GUESSED = re.compile(
    r"\b(?:about|around|approx\w{0,8}|roughly|estimat\w{1,3}|guess\w{0,3})(?: at| of| to be)?(?: about)? $", re.IGNORECASE
)


def weights(text: str) -> list[tuple[float, int, int, str | None]]:
    """Grams with their places, at most 40; "about" for one that was guessed, else None."""
    return [
        (value_of(m["n"]) or 0, m.start(), m.end(), "about" if _GUESSED.search(text, max(0, m.start() - 30), m.start()) else None)
        for m, _ in zip(_WEIGHT.finditer(text), range(_MAX), strict=False)
    ]


def milligrams(unit: str) -> float:
    """Milligrams in one "mg", "mcg", "microgram", "gm" or "gram"."""
    unit = unit.lower()
    return 0.001 if unit.startswith(("mc", "mic")) else 1000.0 if unit.startswith("g") else 1.0
