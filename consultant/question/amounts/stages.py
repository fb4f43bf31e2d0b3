"""Layers of Mohs surgery that a letter tells one by one: of "stage 1 had four blocks, stage 2 three" there are two stages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.vocabulary import Fact

_MOHS = re.compile(r"\bmohs\b|\bmicrographic\b", re.IGNORECASE)
_ORDINAL = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
#: "Stage 2", "stage II", "the second layer"; "no third stage" was not cut.
_TOLD = re.compile(
    r"(?<!no )(?<!not a )(?<!without a )\b(?:(?:stage|layer|round) #?(?P<number>[1-5]|i{1,3}|iv|v)(?![\d.\w])"
    rf"|(?P<ordinal>{'|'.join(_ORDINAL)}) (?:stage|layer|round)\b)",
    re.IGNORECASE,
)


def numbered_stages(text: str) -> Iterator[Fact]:
    """The number of the last stage, where the letter tells the first one too and so tells each."""
    if not _MOHS.search(text):
        return
    told = {_number(match): match for match in found_in(_TOLD, text)}
    if 1 in told and len(told) == max(told) > 1:
        last = told[max(told)]
        yield measure("count", float(max(told)), text, last.start(), last.end(), "stages")


def _number(match: re.Match[str]) -> int:
    word = (match["number"] or match["ordinal"]).lower()
    return _ORDINAL.get(word) or _ROMAN.get(word) or int(word)
