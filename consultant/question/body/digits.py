"""Fingers and toes that a letter names, as the modifiers that mean them: "right ring finger" is F8, "2nd toe, left foot" T1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from consultant.question.circumstances import STAYED_IN
from consultant.question.reach import around
from consultant.vocabulary import Fact, Span

_MAX = 20
_FINGERS = {"thumb": 0, "index": 1, "middle": 2, "long": 2, "ring": 3, "little": 4, "small": 4, "pinky": 4, "pinkie": 4}
_TOES = {"great": 0, "gt": 0, "big": 0, "hallux": 0, "little": 4, "small": 4, "pinky": 4, "pinkie": 4}
_COUNTED = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4}
_NAMES = "|".join(sorted({*_FINGERS, *_TOES, *_COUNTED}, key=len, reverse=True))
_TO = r"\s?-\s?|\s(?:to|through|thru)\s"
#: One digit after another, with the noun that says whether they are fingers or toes.
_LIST = re.compile(
    rf"\b(?P<list>(?:{_NAMES})\b(?:(?:{_TO}|(?:,| and| &|/| the| left| right| \+)*\s?)(?:{_NAMES})\b(?! phalan)){{0,4}})"
    r"(?:\s(?P<inner>left|right|rt|lt)(?=\s(?:toe|finger|digit)))?"
    r"\s?(?P<noun>(?:trigger )?fingers?|toe(?:nail)?s?|hammer ?toes?|digits?|(?:pip|dip)(?: joint)?"
    r"|(?:(?:proximal|middle|distal) )?phalan(?:x|ges))?(?!\s?-?sided?\b)",
    re.IGNORECASE,
)
#: "Toes 2-4", "fingers 2, 3 and 4", "toe #2".
_NUMBERED = re.compile(
    rf"\b(?P<noun>fingers?|toes?),?\s?(?P<list>#?[1-5](?:(?:{_TO}|\s?[,&/+]\s?|,? and )#?[1-5](?!\d)){{0,4}})"
    r"(?![\d.:/%-]|\s?[x×]?\d)"
    r"(?!\s?(?:units?|views?|times|days?|weeks?|cm|mm|lines?|more|others?)\b)",
    re.IGNORECASE,
)
_RANGE = re.compile(_TO, re.IGNORECASE)
_NAME = re.compile(rf"\b(?:{_NAMES}|[1-5])\b", re.IGNORECASE)
#: "R hallux", "lt 2nd toe" beside the digit or its foot; elsewhere "RT" is the modifier.
#: "Both on the right hand" are two services.
_SIDE = re.compile(
    rf"{STAYED_IN}\b"
    rf"(left|right|both(?! on\b)|bilateral|(?:rt|lt|(?-i:[RL]))(?=\.? (?:{_NAMES}|foot|hand|toe|finger)\b))(?![\w-])",
    re.IGNORECASE,
)
#: "… on the right", "… of the left hand", "…, right": what a clause ends with.
_TOLD_BEHIND = re.compile(
    STAYED_IN + r"\b(left|right|rt|lt)\b(?! (?:thumb|index|middle|long|ring|little|small)\b)", re.IGNORECASE
)
_WRITTEN_OUT = {"r": "right", "rt": "right", "l": "left", "lt": "left"}
#: Where a digit is that is only called one.
_PART_OF = {
    "toe": re.compile(r"\b(?:foot|feet|toes?|hammer ?toes?)\b", re.IGNORECASE),
    "finger": re.compile(r"\b(?:hands?|fingers?|trigger)\b", re.IGNORECASE),
}
_FINGER_ALONE = frozenset({"index", "long", "ring", "pinky", "pinkie"})
_SIDED = re.compile(r"\b(?:left|right|rt|lt|(?-i:[RL])) $", re.IGNORECASE)
_REACH = 24  # characters between a digit and its side
#: Behind it another act is told: "injection on the left, trigger thumb release on the right".
_JOINT = re.compile(r"[,;:]\s|\s(?:and|plus|then|with|but)\s|\s[&+]\s", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!;\n](?:\s|$)")
#: "Both big toes …, the second toe was denied": the other one of two.
_OF_TWO = re.compile(
    r"\b(?:both|bilateral|right and left|left and right|each)\b[^.;?!]{0,20}\b(?:great|big|hallux|halluces|thumbs?|gt)\b",
    re.IGNORECASE,
)
_PAID_OR_NOT = re.compile(
    r" (?:toe|finger|digit)s?(?: (?:was|is|got|gets|has been|claim|line|came back|comes back))* "
    r"(?:not|never|un|den(?:y|ie)|reject|bundl|paid|as (?:a )?dup|kicked)",
    re.IGNORECASE,
)
_SIGNS = {
    ("finger", "left"): ("-FA", "-F1", "-F2", "-F3", "-F4"),
    ("finger", "right"): ("-F5", "-F6", "-F7", "-F8", "-F9"),
    ("toe", "left"): ("-TA", "-T1", "-T2", "-T3", "-T4"),
    ("toe", "right"): ("-T5", "-T6", "-T7", "-T8", "-T9"),
}


def read_digits(text: str) -> list[Fact]:
    """A fact `digit` for each finger or toe whose side is told; its value is the modifier."""
    return [
        fact for pattern in (_LIST, _NUMBERED) for match in islice(pattern.finditer(text), _MAX) for fact in _listed(text, match)
    ]


def _listed(text: str, match: re.Match[str]) -> Iterator[Fact]:
    """The digits of one list; of a range ("2nd to 4th") those between its ends too."""
    end, behind = 0, 0  # where the digit before ends, and the place behind it
    noun = (match["noun"] or "").lower()
    sided = bool(_SIDED.search(text, max(0, match.start("list") - _REACH), match.start("list")))
    for name in _NAME.finditer(text, match.start("list"), match.end("list")):
        kind = _kind(name.group().lower(), noun, text, sided=sided)
        place = _place(name.group().lower(), kind)
        if not kind or place is None or (_PAID_OR_NOT.match(text, name.end()) and _OF_TWO.search(text)):
            continue
        # The side of "left foot, toes 2-4" stands before the noun.
        sides = _sides(text, min(name.start(), match.start("noun")) if match["noun"] else name.start(), match.end())
        if inner := match.groupdict().get("inner"):  # "R hallux and 2nd right toe"
            own = _SIDED.search(text, max(0, name.start() - _REACH), name.start())
            side = (own.group().strip() if own else inner).lower()
            sides = [_WRITTEN_OUT.get(side, side)]
        first = min(behind, place) if end and _RANGE.fullmatch(text, end, name.start()) else place
        span = Span(*name.span(), name.group())
        yield from (Fact("digit", _SIGNS[kind, side][at], span) for at in range(first, place + 1) for side in sides)
        end, behind = name.end(), place + 1


def _place(name: str, kind: str) -> int | None:
    """Which of the five it is, from the thumb or the big toe on."""
    if name.isdigit():
        return int(name) - 1
    return _COUNTED.get(name, (_TOES if kind == "toe" else _FINGERS).get(name))


def _kind(name: str, noun: str, text: str, *, sided: bool) -> str:
    """ "finger" or "toe"; "" where nothing tells. A "2nd digit" and "right long" take it from the rest of the letter."""
    if name == "thumb" or "finger" in noun:
        return "finger"
    if name == "hallux" or "toe" in noun:
        return "toe"
    told = next((kind for kind, words in _PART_OF.items() if words.search(text)), "")
    if noun:
        return told or ("finger" if name in _FINGER_ALONE else "")
    return told if sided and told == "finger" and name in _FINGERS else ""


def _sides(text: str, start: int, end: int) -> list[str]:
    """The side before the digit, the nearest one; else the first one after its noun, or the only one of its sentence."""
    before = _SIDE.findall(text[max(0, start - _REACH) : start])
    said = (
        _own_behind(text, start, end)
        or before[-1:]
        or _SIDE.findall(text[end : end + _REACH])[:1]
        or _only_side(text, start, end)
    )
    side = said[0].lower() if said else ""
    return [] if not side else ["left", "right"] if side in ("both", "bilateral") else [_WRITTEN_OUT.get(side, side)]


def _own_behind(text: str, start: int, end: int) -> list[str]:
    """The side told behind a digit in its own clause, where the side before it belongs to another clause."""
    before = [*_SIDE.finditer(text, max(0, start - _REACH), start)]
    if not before or not _JOINT.search(text, before[-1].end(), start):
        return []
    joint = _JOINT.search(text, end, end + _REACH)
    return _TOLD_BEHIND.findall(text, end, joint.start() if joint else end + _REACH)[:1]


def _only_side(text: str, start: int, end: int) -> list[str]:
    """The one side that the sentence round a place tells; [] where it tells none or several."""
    begin, stop = around(_SENTENCE_END, text, start, end)
    told = {side.lower() for side in _SIDE.findall(text[begin:stop])}
    return list(told) if len(told) == 1 else []
