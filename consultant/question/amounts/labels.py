"""How a number is meant, by the words before it: "under", "over", "least", "part", "apart", "first", "each", "additional", "total"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from consultant.vocabulary import Fact, Span

_MAX = 120
_BEFORE = (
    (
        "under",
        re.compile(
            r"\b(?:under|less than|fewer than|below|(?<!add )(?<!adds )(?<!added )(?<!adding )(?<!totaled )(?<!totalled )(?<!came )up to|at most|short of|not even)\s$",
            re.IGNORECASE,
        ),
    ),
    (
        "over",
        re.compile(
            r"\b(?:over|more than|greater than|above|(?<!the )past(?: the)?|exceed(?:s|ed|ing)?(?: the)?|beyond)\s$",
            re.IGNORECASE,
        ),
    ),
    ("least", re.compile(r"\b(?:at least|minimum of|no (?:less|fewer) than)(?: of)?\s$", re.IGNORECASE)),
    (
        "part",
        re.compile(
            r"\b(?:minus|less|subtracting|of which|including|includes|included)\s(?:the\s|a\s)?$",
            re.IGNORECASE,
        ),
    ),
    (
        "apart",
        re.compile(
            r"\b(?:excluding|exclusive of|apart from|separate from|not counting|not including)\s(?:the\s|a\s)?$", re.IGNORECASE
        ),
    ),
    ("first", re.compile(r"\b(?:first|initial)\s$", re.IGNORECASE)),
    ("each", re.compile(r"\b(?:every|each|per)\s(?:(?:additional|further|extra)\s)?$", re.IGNORECASE)),
    ("additional", re.compile(r"\b(?:additional|another|extra)\s$", re.IGNORECASE)),
    ("total", re.compile(r"\b(?:total(?:ing|led|ed)?(?: of)?|altogether|in all|total time(?: of| was)?)\s$", re.IGNORECASE)),
)
#: "500 mg in all", "40 minutes of therapy altogether": the sum of what is told.
IN_ALL = re.compile(r" (?:of (?:\w+ ){1,3})?(?:in (?:all|total)|total|altogether|all (?:told|together))\b", re.IGNORECASE)
#: "Infused over 90 minutes", "1 liter over 2 hours": how long it ran, not that it was more.
_DURING = re.compile(
    r"\b(?:infus\w{1,4}|ran|run|running|given|administered|dripp?\w{0,3}|saline|fluids?|bolus|\d{1,6}\s?(?:mg|g|gm|mcg|ml|cc|units)|grams?"
    r"|lit(?:er|re)s?|layers|closed|bag|drip|piggyback|iv|ivig|scig|it|iron|drug|[a-z]{3,16}(?:mab|cin|platin|taxel|rubicin|cycline|penem|cillin|zole|dronate|stim|gamma|ine|xate))\sover\s$",
    re.IGNORECASE,
)


#: The same of a brand by its capital: "Hizentra over 2 hours".
_BRAND_DURING = re.compile(
    r"\b(?!Visit|Time|Spent|Session|Total|Stay|Observation|Care|Just|Well|Slightly|Always|Anything|Meeting|Therapy)[A-Z][a-z]{4,15}\sover\s$"
)


def found_in(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Where the pattern stands in the text, at most 120 times."""
    return islice(pattern.finditer(text), _MAX)


def _label(text: str, start: int) -> str:
    before = text[max(0, start - 24) : start]
    if _DURING.search(before) or _BRAND_DURING.search(before):
        return ""
    return next((label for label, pattern in _BEFORE if pattern.search(before)), "")


def measure(dimension: str, value: float, text: str, start: int, end: int, label: str | None = None) -> Fact:
    """A fact that is measured; labelled by the words before it where no label is given."""
    return Fact(dimension, round(value, 4), Span(start, end, text[start:end], _label(text, start) if label is None else label))
