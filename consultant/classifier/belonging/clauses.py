"""The clauses of a letter, and which acts are told in them: whole, or by what they were done to alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from consultant.classifier.hearing.words import Hit, Reading, among
from consultant.codebook.knowledge import Family

Matched = tuple[Family, Sequence[Hit]]
_END = re.compile(
    r"[.;?!\n](?!\d)|,(?!\d)|[&+]|\b(?:and|plus|then|but|also|followed by|as well as|along with|while)\b", re.IGNORECASE
)
#: Two acts on one place, where what sends one away is said of both.
_SAME_PLACE = re.compile(r"\bsame (?:leg|foot|arm|hand|limb|extremity|wound|ulcer|site|side|area)\b", re.IGNORECASE)
_ACT, _OBJECT = attrgetter("act"), attrgetter("object")
_MOST = 400  # clauses that are told apart


@dataclass(frozen=True, slots=True)
class Clauses:
    """Where the clauses of a letter begin, in characters of `Reading.whole`; each ends where the next begins."""

    starts: tuple[int, ...]

    def at(self, place: int) -> int:
        return bisect_right(self.starts, place) - 1

    def of(self, hits: Iterable[Hit]) -> set[int]:
        return {self.at(hit.start) for hit in hits}

    def excuses(self, hit: Hit, own: Sequence[Hit], others: Iterable[Matched]) -> bool:
        """Is the hit said of another act than `own`: in a clause that has words of another family and none of ours? That family
        shares no word with us, or tells its whole act there: "5 AKs frozen and 3 skin tags snipped"."""
        there = self.of([hit])
        if there & self.of(own):
            return False
        return any(
            there & self.of(hits) and (not overlap(own, hits) or self.tells(family, hits, there)) for family, hits in others
        )

    def in_turn(self, hit: Hit, mine: Matched, others: Iterable[Matched], reading: Reading) -> bool:
        """Is the hit the object (in a story: or the act) of another act, told whole in a clause that has none of ours, and would
        ours send that one away too? Then the letter tells both: "an inguinal hernia, then an umbilical one by its own cut"."""
        family, hits = mine
        there, told = self.of([hit]), [*others]
        return any(
            not there & self.of(own := among(hits, words_of(family)))
            and any(
                any(map(hit.meets, among(more, words_of(other))))
                and self.tells(other, more, there)
                and any(one.meets(away) for away in reading.of(other.unless) for one in own)
                for other, more in told
            )
            for words_of in ((_OBJECT, _ACT) if reading.is_story else (_OBJECT,))
        )

    def named_apart(self, hit: Hit, mine: Matched, others: Iterable[Matched], reading: Reading) -> bool:
        """Is the hit the act of another family, told whole in a clause where nothing is that we do, while ours is told whole
        where none of its acts is: "a thyroid ultrasound, the next day a thyroid uptake"? What the other chooses by is its own."""
        family, hits = mine
        there, acts = self.of([hit]), self.of(own := among(hits, family.act))
        if _SAME_PLACE.search(reading.whole) or there & acts or not any(self.tells(family, hits, {number}) for number in acts):
            return False
        return any(
            any(map(hit.meets, among(more, other.act)))
            and self.tells(other, more, there)
            and not self.of(among(more, other.act)) & acts
            and not any(one.meets(said) for said in (*reading.of(other.value_words), *more) for one in own)
            and not self.of([one for one in more if not any(map(one.meets, hits))]) & acts
            for other, more in others
        )

    def part(self, one: Matched, other: Matched) -> bool:
        """Does each of the two tell its whole act where no act of the other stands: "MRI of the brain and MRA of the head"?

        Then they are two acts, though parts of the body are words of both. So it is of families that decide by the same, or by
        the same words: one that asks what the other did (veins beside an artery in a bypass) must hear it.
        """
        if not (alike(one[0], other[0]) or {*one[0].decides} == {*other[0].decides}):
            return False
        acts = [self.of(among(hits, family.act)) for family, hits in (one, other)]
        told = zip((one, other), acts, strict=True)
        return not acts[0] & acts[1] and all(
            any(self.tells(family, hits, {number}) for number in own) for (family, hits), own in told
        )

    def tells(self, family: Family, hits: Iterable[Hit], clauses: set[int]) -> bool:
        """Do act and object of the family stand in these clauses, in two places?"""
        here = [hit for hit in hits if self.at(hit.start) in clauses]
        act, objects = among(here, family.act), among(here, family.object)
        return any(not one.meets(other) for one in act for other in objects)

    def names(self, clause: int, hits: Iterable[Hit]) -> set[str]:
        """What the hits that stand in a clause name."""
        return {hit.phrase.rstrip("*") for hit in hits if self.at(hit.start) == clause}

    def done_to(self, family: Family, hits: Sequence[Hit]) -> set[str]:
        """The objects of the family that stand with its act."""
        acts = self.of(among(hits, family.act))
        return {hit.phrase.rstrip("*") for hit in among(hits, family.object) if self.at(hit.start) in acts}


def clauses_of(reading: Reading) -> Clauses:
    ends = (match.end() for match in islice(_END.finditer(reading.whole), _MOST))
    return Clauses((0, *ends))


def alike(one: Family, other: Family) -> bool:
    """Do two that do different things choose among the same ones, by a value of one name: a "carpal tunnel" freed or injected?"""
    return {*one.act}.isdisjoint(other.act) and any(
        {*one.values[name][value]} & {*one.object} and {*other.values[name][value]} & {*other.object}
        for name in one.values.keys() & other.values.keys()
        for value in one.values[name].keys() & other.values[name].keys()
    )


def overlap(some: Sequence[Hit], others: Sequence[Hit]) -> bool:
    """Do the two speak of one act: a word at the same place? A short word inside a longer phrase ("cut" in "cut out") is none."""
    return any(one.meets(other) and not within(one, other) and not within(other, one) for one in some for other in others)


def within(one: Hit, other: Hit) -> bool:
    """Is the hit a part of a longer one, by its place, or as a word of the phrase at the same place?"""
    if (one.start, one.end) == (other.start, other.end):
        return one.phrase != other.phrase and one.phrase in other.phrase.split()
    return other.start <= one.start and one.end <= other.end
