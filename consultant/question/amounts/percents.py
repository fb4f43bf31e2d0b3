"""Shares in percent: "URR of 72", "94.5 percent", "15 %"; of a burn what of it is third degree: "26 percent, 15 of it full thickness"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.vocabulary import Fact

_PERCENT = re.compile(
    r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d{1,2})?)\s?(?:%|percent\b|per cent\b|pct\b)"
    r"|\b(?:urr|urea reduction(?: ratio)?|spo2|o2 sats?|sats?)(?: (?:of|was|is|at|came|back|to|in|the|last|month|only)){0,3}[:=]? ?(?P<m>\d{2}(?:\.\d{1,2})?)\b(?!\s?%)"
    r"|\b(?P<tbsa>\d{1,3}) (?:tbsa|bsa)\b",
    re.IGNORECASE,
)
_DEGREE = r"(?P<deep>third|3rd|full)|(?P<shallow>second|2nd|partial|first|1st|superficial)"
#: "15 percent is third degree", "5% of it full thickness".
_DEGREE_BEHIND = re.compile(
    rf"(?: (?:of|it|them|that|the|body|tbsa|bsa|is|are|was|were|being|only|a|as|deep)){{0,4}} (?:{_DEGREE})[- ](?:degree|thickness)\b",
    re.IGNORECASE,
)
#: "Third degree burns of 20 percent".
_DEGREE_BEFORE = re.compile(
    rf"\b(?:{_DEGREE})[- ](?:degree|thickness)(?: (?:burns?|of|on|to|over|part|portion|area|was|is|covers?|about|the)){{0,4}}:? $",
    re.IGNORECASE,
)
_LOOK_BACK = 50


def percents(text: str) -> Iterator[Fact]:
    """Each share, once; the deep part of a burn as `deep_percent`.

    Where every share has its degree, together they are what is burnt: "12% second and 5% third degree" is 17.
    """
    shares = [
        (match, float(match["n"] or match["m"] or match["tbsa"]), _degree(text, match)) for match in found_in(_PERCENT, text)
    ]
    for match, share, degree in shares:
        yield measure("deep_percent" if degree == "deep" else "percent", share, text, match.start(), match.end())
    if any(degree == "deep" for _, _, degree in shares) and all(degree for _, _, degree in shares):
        first = shares[0][0]
        yield measure("percent", sum(share for _, share, _ in shares), text, first.start(), first.end())


def _degree(text: str, share: re.Match[str]) -> str:
    """Is it "deep" or "shallow" by the words beside it? "" where they don't say."""
    told = _DEGREE_BEHIND.match(text, share.end()) or _DEGREE_BEFORE.search(
        text, max(0, share.start() - _LOOK_BACK), share.start()
    )
    return str(told.lastgroup) if told else ""
