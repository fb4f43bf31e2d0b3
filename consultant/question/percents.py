"""Shares in percent: "URR of 72", "94.5 percent", "15 %"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.labels import found_in, measure
from consultant.vocabulary import Fact

_PERCENT = re.compile(
    r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d{1,2})?)\s?(?:%|percent\b|pct\b)"
    r"|\b(?:urr|urea reduction(?: ratio)?|spo2|o2 sats?|sats?)(?: (?:of|was|is|at|came|back|to|in|the|last|month|only)){0,3}[:=]? ?(?P<m>\d{2}(?:\.\d{1,2})?)\b(?!\s?%)",
    re.IGNORECASE,
)


def percents(text: str) -> Iterator[Fact]:
    """Each share, once."""
    for match in found_in(_PERCENT, text):
        yield measure("percent", float(match["n"] or match["m"]), text, match.start(), match.end())
