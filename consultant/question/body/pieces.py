"""Bones and tendons that are each a service of their own, counted or named: "three metatarsals", "ring and small metacarpals"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.vocabulary import Fact

#: Noun → what it is a piece of.
_KINDS = (
    ("metacarpal", re.compile(r"metacarpals?", re.IGNORECASE)),
    ("metatarsal", re.compile(r"metatarsals?|mts?", re.IGNORECASE)),
    ("tendon", re.compile(r"tendons?", re.IGNORECASE)),
    ("phalanx", re.compile(r"phalan(?:x|ges)", re.IGNORECASE)),
    ("finger", re.compile(r"fingers?", re.IGNORECASE)),
    ("toe", re.compile(r"toes?|hammer ?toes?", re.IGNORECASE)),
    ("page", re.compile(r"pages", re.IGNORECASE)),  # of a chart that is copied
)
_MANY = r"(?:metacarpals|metatarsals|tendons|phalanges|fingers|toes|hammer ?toes|pages)"
_ANY = r"(?:metacarpals?|metatarsals?|mts?(?= )|phalanx|phalanges|(?:middle |proximal |distal )?(?:fingers?|toes?)(?! (?:proximal|middle|distal)? ?phalan))"
_NAME = r"(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th|thumb|index|middle|long|ring|small|little|pinky|great|big)"
_JOINED = r"(?:, ?(?:and |& )?| and (?:the )?| & | ?/ ?| ?\+ ?)"
#: "Second, third and fourth metatarsal shafts".
_NAMED = re.compile(
    rf"\b(?P<list>{_NAME}(?:{_JOINED}{_NAME}){{1,4}})(?: (?:left|right|hand|foot|middle|proximal|distal|finger|toe)){{0,3}} (?P<noun>{_ANY})\b",
    re.IGNORECASE,
)
#: "Third metacarpal and fourth metacarpal", each with its noun.
_EACH_NAMED = re.compile(
    rf"\b{_NAME} (?P<noun>metacarpal|metatarsal)(?: \w+){{0,2}}{_JOINED}{_NAME} (?P=noun)\b(?! (?:was|were|is) (?:not|left))",
    re.IGNORECASE,
)
#: "2nd through 4th metatarsals", "metatarsals 2-4".
_RANGE = re.compile(
    rf"\b(?P<a>[1-5])(?:st|nd|rd|th)?(?: ?- ?| to | through | thru )(?P<b>[1-5])(?:st|nd|rd|th)? (?P<noun>{_ANY})\b"
    rf"|\b(?P<nouns>{_MANY}) (?P<c>[1-5])(?: ?- ?| to | through | thru )(?P<d>[1-5])(?![\d.])",
    re.IGNORECASE,
)
#: "Metatarsals 2, 3 and 4".
_LISTED = re.compile(rf"\b(?P<noun>{_MANY}) (?P<list>#?[1-5](?:{_JOINED}#?[1-5]){{1,4}})(?![\d.])", re.IGNORECASE)
#: "Two flexor tendons", "three broken metatarsals", but not "one of the two tendons".
_COUNTED = re.compile(
    rf"(?<!one of )(?<!one of the )(?<!one of her )(?<!one of his )(?P<n>{NUMBER}|\bboth) (?:(?!of\b|and\b|or\b)[a-z-]{{2,12}} ){{0,3}}?(?P<noun>{_MANY})\b",
    re.IGNORECASE,
)
_ONE = re.compile(rf"\b{_NAME}\b|[1-5]", re.IGNORECASE)


def named_pieces(text: str) -> Iterator[Fact]:
    """A fact `pieces` for each mention of several bones, tendons, fingers or toes: how many, and of which kind in its label."""
    for match in found_in(_COUNTED, text):
        if (number := value_of(match["n"]) or 0) > 1 and number == int(number):
            yield _fact(text, match, number, match["noun"])
    for match in found_in(_RANGE, text):
        first, last = int(match["a"] or match["c"]), int(match["b"] or match["d"])
        if first < last:
            yield _fact(text, match, last - first + 1, match["noun"] or match["nouns"])
    for match in (*found_in(_NAMED, text), *found_in(_LISTED, text)):
        yield _fact(text, match, len(_ONE.findall(match["list"])), match["noun"])
    for match in found_in(_EACH_NAMED, text):
        yield _fact(text, match, 2, match["noun"])


def _fact(text: str, match: re.Match[str], number: float, noun: str) -> Fact:
    word = noun.rpartition(" ")[2]
    kind = next((kind for kind, words in _KINDS if words.fullmatch(word)), word)
    return measure("pieces", number, text, match.start(), match.end(), kind)
