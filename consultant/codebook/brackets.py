"""What a question says in brackets: where an index sends on to, and a name once in full and once by its first letters.

"Obstructive sleep apnea (OSA)" and "OSA (obstructive sleep apnea)" name one thing, not two: titles say one or the other.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from consultant.codebook.words import JOINTS, tokens

MOST = 8  # brackets of a question that are looked at
_LETTERS = (2, 7)  # of an acronym, least and most
_SEE = re.compile(r"[;,]?\s*\bsee (?:also|under)\b[^()]{0,80}", re.IGNORECASE)
_BRACKET = re.compile(r"\(([^()]{0,120})\)")
_WORD = re.compile(r"[A-Za-z]+")


class Names(NamedTuple):
    """A thing named twice: its words in full, and its acronym, in lower case."""

    full: tuple[str, ...]
    acronym: str


def read(text: str) -> tuple[str, list[Names]]:
    """The text with each thing named once, in full, and without "see also"; and what was named twice."""
    if "(" not in text:
        return text, []
    text = _SEE.sub(" ", text)
    found: list[Names] = []
    for bracket in [*_BRACKET.finditer(text)][:MOST][::-1]:
        before, inside, after = text[: bracket.start()], bracket[1], text[bracket.end() :]
        if full := _spelt(before, inside.strip()):
            text = f"{before} {after}"
        elif (last := "".join(before.split()[-1:])) and (full := _spelt(inside, last)) and full == inside.strip():
            text = f"{before.rstrip().removesuffix(last)} {inside} {after}"
            inside = last
        if full:
            found.append(Names(tuple(tokens(full)), inside.strip().lower()))
    return text, found


def _spelt(text: str, acronym: str) -> str:
    """The words at the end of a text whose first letters are the acronym, small words left out; "" when it is none of them."""
    letters = acronym.removesuffix("s").lower()
    if not acronym[:1].isupper() or not letters.isalpha() or not _LETTERS[0] <= len(letters) <= _LETTERS[1]:
        return ""
    wanted = letters
    for word in reversed([*_WORD.finditer(text)][-3 * len(letters) :]):
        if word[0].lower()[0] == wanted[-1]:
            wanted = wanted[:-1]
        elif word[0].lower() not in JOINTS:
            return ""
        if not wanted:
            return text[word.start() :].strip()
    return ""
