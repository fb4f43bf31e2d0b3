"""What an organ weighs, in grams."""

from __future__ import annotations

import re
from itertools import islice

from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.vocabulary import BIRTH

_MAX = 40
#: A needle's gauge is no weight.
_WEIGHT = re.compile(rf"(?P<n>{NUMBER})\s?-?(?:g|gm|gms|grams?)\b(?! needle| angiocath| trocar|/)", re.IGNORECASE)
_GUESSED = re.compile(
    r"\b(?:about|around|approx\w{0,8}|roughly|estimat\w{1,3}|guess\w{0,3})(?: at| of| to be)?(?: about)? $", re.IGNORECASE
)
#: What a baby weighed when it was born is not what it weighs today, where the letter tells both.
_AT_BIRTH = re.compile(r"\bbirth ?(?:weight|wt)\.?:?(?: (?:was|of|is|only|about))* $|\bborn at $", re.IGNORECASE)
#: "200 grams, pathology weighed it at 290": a bare number behind a word of weighing, where another weight has its unit.
_WEIGHED = re.compile(
    r"\bweigh(?:ed|s|t|ing)?\b[^.;\d]{0,30}?(?P<n>\d{2,4})(?!\d|[\d.,/]*\s?-?\w*(?:g|kg|gm|lbs?|grams?|pounds|oz)\b)",
    re.IGNORECASE,
)


def weights(text: str) -> list[tuple[float, int, int, str | None]]:
    """Grams with their places, at most 40; "about" for one that was guessed, `BIRTH` for an earlier one, else None."""
    found: list[tuple[float, int, int, str | None]] = [
        (value_of(m["n"]) or 0, m.start(), m.end(), "about" if _GUESSED.search(text, max(0, m.start() - 30), m.start()) else None)
        for m in islice(_WEIGHT.finditer(text), _MAX)
    ]
    if len({value for value, *_ in found}) > 1:
        found = [
            (n, start, end, BIRTH if _AT_BIRTH.search(text, max(0, start - 24), start) else label)
            for n, start, end, label in found
        ]
    weighed = islice(_WEIGHED.finditer(text), _MAX) if found else ()
    return [*found, *((float(m["n"]), m.start("n"), m.end("n"), None) for m in weighed)]
