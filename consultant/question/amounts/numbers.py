"""Numbers as people write them: 7, 0.5, 1½, 40,000, "three", "forty-five"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"

WORDS: dict[str, float] = {word: float(n) for n, word in enumerate(_ONES.split())}
WORDS |= {word: float(10 * n) for n, word in enumerate(_TENS.split(), start=2)}
WORDS |= {"a": 1.0, "an": 1.0, "single": 1.0, "both": 2.0, "half": 0.5, "dozen": 12.0}
_PARTS = {"½": 0.5, "¼": 0.25, "¾": 0.75}

_SPELLED = "|".join(sorted((w for w in WORDS if w not in ("a", "an", "both", "half")), key=len, reverse=True))
_TENS_WORDS = _TENS.replace(" ", "|")
#: A pattern for one number; bounded, without groups. Digits do not start inside another number, a code or an amount of money.
NUMBER = (
    r"(?:(?<![\w.,$/:-])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,5}(?:\.\d{1,3})?[½¼¾]?|\.\d{1,3}|[½¼¾])"
    rf"|\b(?:(?:{_TENS_WORDS})[ -](?:one|two|three|four|five|six|seven|eight|nine)|{_SPELLED})\b)"
)
A_NUMBER = re.compile(NUMBER, re.IGNORECASE)
#: A part of one, or one and a part: "half a", "1/2", "1 1/2", "one and a half", "a quarter of a"; bounded, without groups.
FRACTION = (
    r"(?:(?<![\w.,$/:-])(?:\d{1,2}[ -])?(?:1/2|1/4|3/4)(?![\d/])|\b(?:an?|one|two|three|four|five|\d{1,2}) and a half\b"
    r"|\b(?:one[ -])?half(?: of)?(?: an?)?\b|\b(?:an? )?quarter(?: of)?(?: an?)?\b)"
)


def fraction_of(written: str) -> float:
    """The number that a text of `FRACTION` is; of any other what `value_of` says, 0 where that is none."""
    text = written.strip().lower()
    if text.endswith(" and a half"):
        return (value_of(text.removesuffix(" and a half")) or 0.0) + _PARTS["½"]
    if "half" in text or "quarter" in text:
        return _PARTS["½" if "half" in text else "¼"]
    if "/" not in text:
        return value_of(text) or 0.0
    whole, _, part = text.replace("-", " ").rpartition(" ")
    above, _, below = part.partition("/")
    return (value_of(whole) or 0.0) + int(above) / int(below)


def value_of(written: str) -> float | None:
    """The number that is written, or `None` when it is none."""
    text = written.strip().lower().replace(",", "")
    if text in WORDS:
        return WORDS[text]
    part = _PARTS.get(text[-1:], 0.0)
    digits = text[:-1] if part else text
    try:
        return float(digits or 0) + part
    except ValueError:
        return _compound(digits)


def _compound(text: str) -> float | None:
    tens, _, ones = text.replace("-", " ").partition(" ")
    if tens in WORDS and ones in WORDS:
        return WORDS[tens] + WORDS[ones]
    return None
