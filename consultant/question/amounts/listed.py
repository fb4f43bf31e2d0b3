"""Counts told place by place: of "9 warts on the hands, 2 on the left foot and 6 on the knees" two come on top of the first."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from consultant.question.amounts.labels import found_in, measure
from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.vocabulary import MORE, Fact

_DETERMINER = r"(?:(?:an?|the|her|his|their|each|both|right|left|rt|lt|upper|lower|mid|same|other) ){0,3}"
#: The place of some of them; a code, an hour or a level of the spine is none.
_PLACE = rf"(?:on|from|off|under|over|in|at|behind|around|along|near) {_DETERMINER}(?!(?:total|all|office|clinic|hospital|monday|today)\b)[a-z]{{3,16}}(?: (?!and\b|plus\b|then\b)[a-z]{{2,12}})?"
_JOINT = r"(?:, ?(?:and |plus |then |& )?|; ?| and(?: then)? | plus | & | \+ |[.;] (?:and|then|also|plus)(?: another)? )"
_MOST = 8  # places of a list
#: What so many of are told: one to three words, none of them a unit.
_NOUN = r"(?P<noun>(?: (?!(?:cm|mm|sq|mg|ml|cc|units?|minutes?|mins?|hours?|days?|weeks?|months?|years?|times?|of|and|or|on|in|at|from|to|for|with|percent|levels?|views?)\b)[a-z-]{2,16}){0,3})"
_FIRST = re.compile(
    rf"(?P<n>{NUMBER}){_NOUN} (?:(?:were|was|destroyed|removed|frozen|treated|taken|done|located|both|all) ){{0,2}}{_PLACE}(?={_JOINT}{NUMBER}[ ])",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"{_JOINT}(?P<n>{NUMBER})(?: (?:more|others?|were))?{_NOUN} {_PLACE}", re.IGNORECASE)
_LAST = re.compile(r"\b(?:and|plus|then|also)\b|[&+]", re.IGNORECASE)
#: "Four under each arm": eight.
_APIECE = re.compile(
    r"\beach (?:arm(?:pit)?|axilla|leg|hand|foot|side|knee|cheek|ear|eye|thigh|shoulder|forearm|elbow|buttock)\b", re.IGNORECASE
)
_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:both|all|total)\b", re.IGNORECASE)
#: "A callus on each foot".
_ONE_EACH = re.compile(
    r"\b(?:an?|one) (?:[a-z]{3,12} )?(?:callus|corn|wart|lesion|cyst|spot|mole|tag|wound|ulcer|nodule|ak) (?:on|from|off|under)"
    r" (?:each|both) (?:foot|feet|hands?|heels?|arms?|legs?|sides?|knees?|ears?|cheeks?|shoulders?|thumbs?|big toes?|great toes?)\b",
    re.IGNORECASE,
)
_REACH = 60  # characters before a list in which what it counts may have its number


def listed_by_place(text: str, counted: re.Pattern[str]) -> Iterator[Fact]:
    """What a list of places adds to the count of its first place, "more"; the first too where no noun stands with it.

    `counted`: what else counts. A list that only shares out a number told before it ("17 warts: 9 on …") adds nothing.
    """
    for each in found_in(_ONE_EACH, text):
        yield measure("count", 2.0, text, each.start(), each.end(), "ones")
    behind = 0
    for first in found_in(_FIRST, text):
        if first.start() < behind:
            continue  # the rest of the list before
        noun = first["noun"].lower().strip()
        rest = list(islice(_items(text, first.end(), noun), _MOST))
        behind = rest[-1].end() if rest else behind
        numbers = [(value_of(match["n"]) or 0.0) * (2 if _APIECE.search(match.group()) else 1) for match in rest]
        sides = {side.lower() for match in (first, *rest) for side in _SIDE.findall(match.group())}
        joined = bool(rest and not noun) or len(rest) > 1 or len(sides) > 1 or any(_LAST.search(match.group()) for match in rest)
        own = value_of(first["n"]) or 0.0
        bare = not noun
        if (
            not joined
            or (sum(numbers) == own and _shared_out(first, rest))
            or (bare and counted.search(text, max(0, first.start() - _REACH), first.start()))
        ):
            continue
        if bare:
            yield measure("count", own, text, first.start("n"), first.end("n"), "ones")
        for match, number in zip(rest, numbers, strict=True):
            yield measure("count", number, text, match.start("n"), match.end("n"), MORE)


def _shared_out(first: re.Match[str], rest: Sequence[re.Match[str]]) -> bool:
    """Are the others parts of the first: of "11 nails on both feet" those of the right and those of the left?"""
    sides = {side.lower() for match in rest for side in _SIDE.findall(match.group())}
    return len(rest) > 1 and bool(_ALL.search(first.group()) or (len(sides) > 1 and not _SIDE.search(first.group())))


def _items(text: str, start: int, noun: str) -> Iterator[re.Match[str]]:
    """The places that follow one another without a break; another noun ends the list."""
    while match := _NEXT.match(text, start):
        again = match["noun"].lower().strip()
        if again and again.rsplit(" ", 1)[-1].rstrip("s") != noun.rsplit(" ", 1)[-1].rstrip("s"):
            return
        yield match
        start = match.end()
