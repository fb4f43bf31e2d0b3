"""Slips of the pen: two neighbouring letters that changed places inside one of the commonest words ("notihng", "prdouct").

Beside them "OD" where it is a person: whoever reads on would take the optometrist for the right eye.
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

#: "Our OD pulled it", "left eye, OD put a lens on it": who did it. "Something got in the OD" is an eye.
_OD = re.compile(r"\bOD(?=s?\b)")
_PERSON_BEFORE = re.compile(
    r"(?<!\bin )(?<!\bon )(?<!\bof )(?<!\binto )(?<!\bfor )\b(?:the|our|an|another|outside|local|their|your) $", re.IGNORECASE
)
_CLAUSE_BEFORE = re.compile(r"(?:^|[.?!:;,(\n]) {0,2}$")
_DOES = re.compile(
    r" (?:just |only |also |then )?(?!needs\b)(?:[a-z]{2,12}(?:ed|s)|put|took|saw|did|fit|cut|found|gave|ran)"
    r" (?:an?|the|it|in|his|her|him|them|some|one|two|three|four|that|this|up|out|off|only|every|all|back)\b"
)
_OVERDOSE = re.compile(r"\b(?:overdos|heroin|fentanyl|narcan|naloxone|opioid|suicid|pills|intentional|accidental)", re.IGNORECASE)
#: Who takes over the care after an operation is told by rules that know the optometrist as "OD".
_HANDED_OVER = re.compile(
    r"\b(?:after-?care|co-?manag\w+|t(?:ake|akes|ook|aking) over|transfer\w*|post-?op\w*|5[45])\b", re.IGNORECASE
)


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
    slips = [
        Fact(SLIP, _written_as(match.group(), word), Span(*match.span(), match.group()))
        for match in _WORD.finditer(text)
        if (word := _MEANT.get(match.group().lower()))
    ]
    return sorted([*slips, *_optometrists(text)], key=lambda slip: slip.span.start)


def _optometrists(text: str) -> Iterator[Fact]:
    """Each "OD" that is somebody, to be read as "Dr"."""
    if _OVERDOSE.search(text) or _HANDED_OVER.search(text):
        return
    for match in _OD.finditer(text):
        before = text[max(0, match.start() - 20) : match.start()]
        does = _CLAUSE_BEFORE.search(before) and _DOES.match(text, match.end())
        if does or _PERSON_BEFORE.search(before):
            yield Fact(SLIP, "Dr", Span(*match.span(), match.group()))


def _written_as(slip: str, word: str) -> str:
    """The word in capitals, or with one, as the slip is."""
    return word.upper() if slip.isupper() else word.capitalize() if slip[0].isupper() else word
