"""A note that goes through the body side by side: "RIGHT: all ethmoid cells, the cheek sinus. LEFT: the wedge sinus".

What stands under the heading of a side is told of that side; what stands before the first heading is told of both.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from consultant.classifier.hearing.words import Hit, Reading
from consultant.vocabulary import Question

#: "RIGHT:", "Left side -", "On the right he …", at the beginning of a clause; a side told behind what was done is no heading.
_HEADING = re.compile(
    r"(?:^|(?<=[.;:\n] )|(?<=\n)|(?<=, )|(?<=, and )|(?<=[.;] then ))(?:on (?:the |her |his )?)?"
    r"(?P<side>right|left|rt|lt|r|l)(?: (?:side|nostril|nose|eye|ear|knee|leg|foot|arm|hand))?(?: ?:|,? (?:-|=|he|she|we|surgeon|doc|did)\b| ?- )",
    re.IGNORECASE,
)
#: Short names of the sides.
_LONG = {"rt": "right", "r": "right", "lt": "left", "l": "left"}
#: What parts two clauses that have a side each; such words may stand between a side and the joint at it.
_JOINT = re.compile(r"[,;.](?=\s)|\b(?:and|but|plus|while)\b|\s[&+]\s", re.IGNORECASE)
_AHEAD = re.compile(r"\s*(?:on )?(?:the |her |his )?", re.IGNORECASE)
_BEHIND = re.compile(r"(?: \w{3,12})?\s*", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!;\n](?:\s|$)")
#: What tells that the two sides are of two days.
_TWO_DAYS = re.compile(
    r"\b(?:ago|later|last|previous\w{0,2}|prior|earlier|history|after|since|global|next|weeks?|months?|now)\b", re.IGNORECASE
)
_QUESTION = re.compile(r"(?:(?<=[.!\n] )|(?<=\n))[^.!?\n]{0,120}\?\s*$")


@dataclass(frozen=True, slots=True)
class Flank:
    """The letter as it is told of one side: `near` are the hits that are not told of the other one, `own` those under its heading."""

    side: str
    question: Question
    reading: Reading
    near: Sequence[Hit]
    own: Sequence[Hit]


def by_side(question: Question, reading: Reading, hits: Sequence[Hit]) -> list[Flank]:
    """Both sides of a letter that has a heading for each; nothing of another letter."""
    heads = list(_HEADING.finditer(reading.whole))
    sides = [_LONG.get(head["side"].lower(), head["side"].lower()) for head in heads]
    if sorted(sides) != ["left", "right"]:
        return []
    end = _QUESTION.search(reading.whole, heads[1].end())
    last = end.start() if end else len(reading.whole)
    bounds = ((heads[0].start(), heads[1].start()), (heads[1].start(), last))
    return [
        _flank(side, own, other, question, reading, hits)
        for side, own, other in zip(sides, bounds, reversed(bounds), strict=True)
    ]


def _is_of_two_days(question: Question, reading: Reading) -> bool:
    dates = {fact.value for fact in question.facts if fact.dimension in ("date", "date_of_service")}
    return len(dates) > 1 or bool(_TWO_DAYS.search(reading.whole))


def _joint(whole: str, end: int, start: int) -> re.Match[str] | None:
    """What parts the two clauses, between the end of the first side and the beginning of the second; None where that is open."""
    joints = list(_JOINT.finditer(whole, end, start))
    if len(joints) < 2:
        return joints[0] if joints else None
    # Either the second side begins its clause or the first one ends its own; where both do, or neither, it is open.
    begins = _AHEAD.fullmatch(whole, joints[-1].end(), start) is not None
    ends = _BEHIND.fullmatch(whole, end, joints[0].start()) is not None
    return None if begins is ends else joints[-1] if begins else joints[0]


def by_clause(question: Question, reading: Reading, hits: Sequence[Hit]) -> list[Flank]:
    """Both sides of a letter that tells each once, in one of two clauses: "stone broken up left, only a stent right"."""
    told = sorted((*reading.place(fact.span), str(fact.value)) for fact in question.facts if fact.dimension == "side")
    if sorted(side for _, _, side in told) != ["left", "right"] or _is_of_two_days(question, reading):
        return []
    joint = _joint(reading.whole, told[0][1], told[1][0])
    if not joint:
        return []
    begin = max((stop.end() for stop in _SENTENCE.finditer(reading.whole, 0, told[0][0])), default=0)
    stop = _SENTENCE.search(reading.whole, told[1][1])
    bounds = ((begin, joint.start()), (joint.end(), stop.start() if stop else len(reading.whole)))
    return [
        _flank(side, own, other, question, reading, hits)
        for (_, _, side), own, other in zip(told, bounds, reversed(bounds), strict=True)
    ]


def _flank(
    side: str, own: tuple[int, int], other: tuple[int, int], question: Question, reading: Reading, hits: Sequence[Hit]
) -> Flank:
    def apart(place: int) -> bool:
        return other[0] <= place < other[1]

    heard = {phrase: kept for phrase, found in reading.hits.items() if (kept := [hit for hit in found if not apart(hit.start)])}
    facts = tuple(fact for fact in question.facts if not apart(reading.place(fact.span)[0]))
    near = [hit for hit in hits if not apart(hit.start)]
    inside = [hit for hit in near if own[0] <= hit.start < own[1]]
    return Flank(side, replace(question, facts=facts), replace(reading, hits=heard), near, inside)
