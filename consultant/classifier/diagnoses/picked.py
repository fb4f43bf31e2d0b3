"""Diagnosis codes that somebody picked: they say what was entered, and not what the patient has."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.vocabulary import Question, Span

#: "The template pulls I21.9 over", "tech added H35.81": whoever picked the code has not told what the patient has.
_PICKED = re.compile(
    r"\b(?:used?|uses|using|add(?:s|ed)?|pull(?:s|ed)|sen(?:t|ding)|puts?|pick(?:s|ed)|enter(?:s|ed)|key(?:s|ed)|circle[sd]|marked|wants?|billed|submitted|chose|coded|only has"
    r"|sa(?:ys|id)|told|assign(?:s|ed)|link(?:s|ed)|defaults? to|(?<!we )(?<!i )lists?|listed)(?: (?!and\b|or\b|for\b|with\b)[\w-]+){0,4} (?P<code>[A-TV-Z]\d[\dA-Z]\.?\w{0,4})\b",
    re.IGNORECASE,
)
_IN_A_ROW = re.compile(r"\s*(?:,|&|\+|\band\b|\bplus\b|, and\b)\s*", re.IGNORECASE)


def picked(question: Question, text: str) -> list[Span]:
    """The codes that somebody picked, with those that stand in one row with them: "I was told M84.421D and M97.31XD"."""
    starts = {match.start("code") for match in _PICKED.finditer(text)}
    chosen: list[Span] = []
    for code in sorted((code.span for code in question.codes if code.span.where != "subject"), key=lambda span: span.start):
        if code.start in starts or (chosen and _IN_A_ROW.fullmatch(text[chosen[-1].end : code.start])):
            chosen.append(code)
    return chosen
