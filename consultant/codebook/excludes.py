"""Which codes a note speaks of. Notes name codes in brackets, in prose: (A05.-), (A15-A19), (C50.-, with …); seldom without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.codebook.codes import CATEGORY, LONGEST

_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_CODE = rf"\b{CATEGORY}(?:\.[0-9A-Z]{{1,4}})?"
_MENTION = re.compile(rf"({_CODE})(?:\.?-(?:({_CODE}))?)?")


def speaks_of(note: str, code: str) -> bool:
    """Does a note name this ICD-10-CM code, a heading above it or a range that holds it?

    A range is read by the order of letters and digits, which is the order of the book but for the few codes with a letter
    in third place (C4A stands between C43 and C44).
    """
    bare = code[:LONGEST].replace(".", "")
    return any(_holds(first, last, bare) for first, last in mentions(note))


def mentions(note: str) -> Iterator[tuple[str, str]]:
    """(first, last) of the codes and ranges in a note, without dots; a single code is both.

    Outside of brackets only what can't be a word counts: "B12" is a vitamin.
    """
    found = [named for inside in _BRACKETS.findall(note) for named in _MENTION.findall(inside)]
    found += [(first, last) for first, last in _MENTION.findall(_BRACKETS.sub(" ", note)) if last or "." in first]
    for first, last in found:
        yield first.replace(".", ""), (last or first).replace(".", "")


def _holds(first: str, last: str, bare: str) -> bool:
    return first <= bare[: len(first)] and bare[: len(last)] <= last
