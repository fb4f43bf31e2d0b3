"""Numbers as people write them: 7, 0.5, 1½, 40,000, "three", "forty-five"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

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
