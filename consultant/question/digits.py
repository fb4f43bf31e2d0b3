"""Fingers and toes that a letter names, as the modifiers that mean them: "right ring finger" is F8, "2nd toe, left foot" T1."""

from __future__ import annotations

import re
from itertools import islice

from consultant.vocabulary import Fact, Span

_MAX = 20
_FINGERS = {"thumb": 0, "index": 1, "middle": 2, "long": 2, "ring": 3, "little": 4, "small": 4, "pinky": 4, "pinkie": 4}
_TOES = {"great": 0, "big": 0, "hallux": 0, "little": 4, "small": 4, "pinky": 4, "pinkie": 4}
_COUNTED = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4}
_NAMES = "|".join(sorted({*_FINGERS, *_TOES, *_COUNTED}, key=len, reverse=True))
#: One digit after another, with the noun that says whether they are fingers or toes.
_LIST = re.compile(
    rf"\b(?P<list>(?:{_NAMES})\b(?:(?:,| and| &|/| the| left| right| \+)*\s?(?:{_NAMES})\b){{0,4}})"
    r"\s?(?P<noun>fingers?|toes?|digits?)?",
    re.IGNORECASE,
)
_NAME = re.compile(rf"\b(?:{_NAMES})\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(left|right|both|bilateral)\b", re.IGNORECASE)
_REACH = 24  # characters between a digit and its side
_SIGNS = {
    ("finger", "left"): ("-FA", "-F1", "-F2", "-F3", "-F4"),
    ("finger", "right"): ("-F5", "-F6", "-F7", "-F8", "-F9"),
    ("toe", "left"): ("-TA", "-T1", "-T2", "-T3", "-T4"),
    ("toe", "right"): ("-T5", "-T6", "-T7", "-T8", "-T9"),
}


def read_digits(text: str) -> list[Fact]:
    """A fact `digit` for each finger or toe whose side is told; its value is the modifier."""
    found = []
    for match in islice(_LIST.finditer(text), _MAX):
        for name in _NAME.finditer(text, match.start("list"), match.end("list")):
            kind = _kind(name.group().lower(), (match["noun"] or "").lower())
            place = _COUNTED.get(name.group().lower(), (_TOES if kind == "toe" else _FINGERS).get(name.group().lower()))
            sides = _sides(text, name.start(), match.end()) if kind and place is not None else []
            span = Span(*name.span(), name.group())
            found += [Fact("digit", _SIGNS[kind, side][place or 0], span) for side in sides]
    return found


def _kind(name: str, noun: str) -> str:
    if name == "thumb" or noun.startswith("finger"):
        return "finger"
    return "toe" if name == "hallux" or noun.startswith("toe") else ""


def _sides(text: str, start: int, end: int) -> list[str]:
    """The side before the digit, the nearest one; else the first one after its noun."""
    before = _SIDE.findall(text[max(0, start - _REACH) : start])
    said = before[-1:] or _SIDE.findall(text[end : end + _REACH])[:1]
    return [] if not said else ["left", "right"] if said[0].lower() in ("both", "bilateral") else [said[0].lower()]
