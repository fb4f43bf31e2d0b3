"""What an organ weighs, in grams."""

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
