"""Slips of the pen: two neighbouring letters that changed places inside one of the commonest words ("notihng", "prdouct").

The length stays, and so do all places: whoever reads on may put the word that is meant in place of the one that is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from consultant.vocabulary import SLIP, Fact, Span

_WORD = re.compile(r"\b[A-Za-z]{6,18}\b")
_LINES = Path(__file__).with_name("words.txt").read_text(encoding="utf8").splitlines()
_COMMON = frozenset(word for line in _LINES if not line.startswith("#") for word in line.split())


def _meant() -> Iterator[tuple[str, str]]:
    """(slip, word) of every slip that is no word itself, first and last letter in their places."""
    for word in sorted(_COMMON):
        for at in range(1, len(word) - 2):
            slip = f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"
            if slip not in _COMMON:
                yield slip, word


_MEANT = dict(_meant())


def read_slips(text: str) -> list[Fact]:
    """Each slip as a fact with the word that is meant as its value, written as the slip is. In linear time."""
    return [
        Fact(SLIP, _written_as(match.group(), word), Span(*match.span(), match.group()))
        for match in _WORD.finditer(text)
        if (word := _MEANT.get(match.group().lower()))
    ]


def _written_as(slip: str, word: str) -> str:
    """The word in capitals, or with one, as the slip is."""
    return word.upper() if slip.isupper() else word.capitalize() if slip[0].isupper() else word
