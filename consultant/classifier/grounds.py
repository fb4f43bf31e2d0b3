"""Whose fact is it? Where several families stand in one letter, a clause belongs to those whose words stand in it.

"EGD with biopsy and a colonoscopy with snare": the snare is the colonoscopy's, the biopsy the EGD's. A clause without such words
goes on with the clause before it, and what stands before all of them leads to the first. A fact is kept from the other families
only where an owner of its clause decides by it: the rest of the letter is common ground. Families that share a word
at the same place speak of one act, and share all facts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from operator import attrgetter

from consultant.classifier.phrases import GAP
from consultant.classifier.words import Hit, Reading, among
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Fact, Question

Matched = tuple[Family, Sequence[Hit]]
_END = re.compile(
    r"[.;?!\n](?!\d)|,(?!\d)|[&+]|\b(?:and|plus|then|but|also|followed by|as well as|along with|while)\b", re.IGNORECASE
)
#: What is said of several acts at once.
_ALL = re.compile(r"\b(?:both|each|either|all (?:two|three|four|of)|every|respectively)\b", re.IGNORECASE)
#: Said of the act told before too: "colonoscopy and EGD with biopsies in both", "EGD and the gullet dilated, same scope".
_OF_BOTH = re.compile(
    r"\b(?:(?:with|and|had|got)\b[^,.;]{0,30}\b(?:each|both|respectively)|in (?:each|both))\b"
    r"(?! (?:sides?|eyes?|ears?|knees?|hips?|shoulders?|feet|hands|legs|arms|breasts?))|\b(?:same|that) (?:endo)?scope\b",
    re.IGNORECASE,
)
#: Two acts on one place, where what sends one away is said of both; what points back to the wound that was told before.
_SAME_PLACE = re.compile(r"\bsame (?:leg|foot|arm|hand|limb|extremity|wound|ulcer|site|side|area)\b", re.IGNORECASE)
_ON_IT = re.compile(
    r"\b(?:on|over|to|onto|covered|cover(?:ing)?) (?:it|that|this|the same)\b|\bsame (?:wound|ulcer|site|area|defect)\b",
    re.IGNORECASE,
)
#: Numbers that are said of one act; an age or the days since an operation are the patient's.
_LOCAL = frozenset({"minutes", "size_cm", "area_sq_cm", "count", "levels", "units", "mg", "ml", "views", "number"})
#: Dimensions that say where on the body; an act of which nothing is told has the place of the act beside it.
_PLACES = frozenset({"site", "place", "region", "where"})
_ACT, _OBJECT = attrgetter("act"), attrgetter("object")
_SAME = 0.01  # lengths that differ by less are one
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
        if not (_alike(one[0], other[0]) or {*one[0].decides} == {*other[0].decides}):
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


def clauses_of(reading: Reading) -> Clauses:
    ends = (match.end() for match in islice(_END.finditer(reading.whole), _MOST))
    return Clauses((0, *ends))


@dataclass(frozen=True, slots=True)
class Grounds:
    """The clauses of a letter and the ids of the families that own each; nobody's clause is everybody's."""

    clauses: Clauses
    owners: tuple[frozenset[str], ...]
    matched: Mapping[str, Matched]

    def of(self, place: int) -> frozenset[str]:
        return self.owners[self.clauses.at(place)]

    def share(self, family: Family, question: Question, reading: Reading) -> tuple[Question, Reading]:
        """The letter as `family` may read it: without the facts that belong to another family's act."""
        mine = self.matched[family.id]
        rivals = {
            name: met[0]
            for name, met in self.matched.items()
            if name != family.id and (not overlap(met[1], mine[1]) or self.clauses.part(mine, met))
        }
        if not rivals:
            return question, reading
        told = [*self._shared(rivals, family, question.facts, reading)]
        mine_too = [f for f in told if f.dimension in _LOCAL and self._same_wound(f, told, reading)]
        shut = [f for f in told if f.dimension in _LOCAL and f not in mine_too and self._shut(rivals, family, f, reading)]
        facts = _own_total([f for f in told if f not in shut], question)
        taken: dict[str, list[Hit]] = {}
        for dimension, values in family.values.items():
            said = {phrase: hits for words in values.values() for phrase in words if (hits := reading.hits.get(phrase))}
            own = {
                phrase: [hit for hit in hits if not self._claimed(rivals, family, dimension, hit, reading)]
                for phrase, hits in said.items()
            }
            # "Cut out of the nose, then closed in layers": where the second act is not placed, it is where the first was.
            taken |= said if dimension in _PLACES and not any(own.values()) else own
        return replace(question, facts=facts), replace(reading, hits={**reading.hits, **taken})

    def _shared(self, others: Mapping[str, Family], family: Family, facts: Sequence[Fact], reading: Reading) -> Iterator[Fact]:
        """The facts; of minutes that are a part of others ("50 minutes, 12 of which went to the ear wax") it is said whose they
        are: taken from the act that has the whole, and plain minutes to the act that has the part."""
        whole: frozenset[str] = frozenset()
        for fact in facts:
            owners = self.of(reading.place(fact.span)[0])
            if fact.dimension == "minutes" and fact.span.label != "part":
                whole = owners
            if fact.dimension != "minutes" or fact.span.label != "part" or not (owners ^ whole) & {family.id}:
                yield fact
            elif family.id in owners and whole & others.keys():
                yield fact.labelled("")
            elif family.id in whole and owners & others.keys():
                yield fact.labelled("taken")
            else:
                yield fact

    def _same_wound(self, fact: Fact, facts: Sequence[Fact], reading: Reading) -> bool:
        """Is it the one area of the letter, and the wound that a later act covers: "debrided, then a substitute put on it"?"""
        areas = [other for other in facts if other.dimension == fact.dimension]
        return (
            fact.dimension == "area_sq_cm" and len(areas) == 1 and bool(_ON_IT.search(reading.whole, reading.place(fact.span)[1]))
        )

    def _shut(self, others: Mapping[str, Family], family: Family, fact: Fact, reading: Reading) -> bool:
        owners = self.of(reading.place(fact.span)[0])
        if fact.span.label == "taken":
            return False
        return family.id not in owners and any(_uses(others[owner], fact.dimension) for owner in owners & others.keys())

    def _claimed(self, others: Mapping[str, Family], family: Family, dimension: str, hit: Hit, reading: Reading) -> bool:
        owners = self.of(hit.start)
        return family.id not in owners and any(
            dimension in others[owner].values or _says(others[owner], hit, reading) for owner in owners & others.keys()
        )


def grounds_of(matched: Sequence[Matched], reading: Reading, clauses: Clauses) -> Grounds:
    """The clauses of the letter, given to the families by the hits that brought them."""
    everyone = [hit for _, hits in matched for hit in hits]
    spoken = [
        (family, [hit for hit in hits if not any(_within(hit, other) and not _in_gap(hit, other) for other in everyone)])
        for family, hits in matched
    ]
    held = [
        (family.id, clauses.of(hits) - _only_visited(family, hits, matched, clauses) - _parted(whole, matched, clauses))
        for (family, hits), whole in zip(spoken, matched, strict=True)
    ]
    owners: list[frozenset[str]] = []
    for number, (start, end) in enumerate(pairwise((*clauses.starts, len(reading.whole)))):
        own = frozenset(name for name, numbers in held if number in numbers)
        if own and owners and _OF_BOTH.search(reading.whole, start, end):
            own |= owners[-1]
        elif not own and owners and not _ALL.search(reading.whole, start, end):
            own = owners[-1]
        owners.append(own)
    first = next((at for at, own in enumerate(owners) if own), 0)
    owners[:first] = [owners[first]] * first
    return Grounds(clauses, tuple(owners), {family.id: (family, hits) for family, hits in matched})


def _only_visited(family: Family, hits: Sequence[Hit], matched: Sequence[Matched], clauses: Clauses) -> set[int]:
    """Clauses where another family tells its whole act, and this one, that tells its own elsewhere, has no more than an object.

    So of "Mohs on the nose, and a cut of the arm was sewn" the second, though arms are an object of Mohs.
    """
    acts = clauses.of(among(hits, family.act))
    if not any(clauses.tells(family, hits, {number}) for number in acts):
        return set()
    others = [
        (other, more)
        for other, more in matched
        if other is not family and (not overlap(hits, more) or clauses.part((family, hits), (other, more)))
    ]
    return {n for n in clauses.of(hits) - acts if any(clauses.tells(other, more, {n}) for other, more in others)}


def _parted(one: Matched, matched: Sequence[Matched], clauses: Clauses) -> set[int]:
    """Clauses of another act that chooses by the same words, where this one does nothing."""
    acts, hits = clauses.of(among(one[1], one[0].act)), one[1]
    others = [other for other in matched if _alike(one[0], other[0]) and clauses.part(one, other)]
    return {n for n in clauses.of(hits) - acts if any(clauses.tells(other, more, {n}) for other, more in others)}


def _own_total(facts: Sequence[Fact], question: Question) -> tuple[Fact, ...]:
    """The facts without a total, of minutes or lengths, of which a part went to another act."""
    left = tuple(facts)
    for dimension, labels in (("minutes", ("", "additional")), ("size_cm", ("",))):
        plain = [fact for fact in question.facts if fact.dimension == dimension and fact.span.label in labels]
        totals = [fact for fact in left if fact.dimension == dimension and _is_whole(fact, plain)]
        if any(fact not in left for fact in plain):
            left = tuple(fact for fact in left if fact not in totals)
    return left


def _is_whole(fact: Fact, plain: Sequence[Fact]) -> bool:
    """Is it what all the others make together: told as a total, or as the sum of two and more?"""
    others = [float(other.value) for other in plain if other is not fact]
    told = fact.span.label == "total" or (fact.dimension == "size_cm" and len(others) > 1)
    return told and abs(sum(others) - float(fact.value)) < _SAME


def _alike(one: Family, other: Family) -> bool:
    """Do two that do different things choose among the same ones, by a value of one name: a "carpal tunnel" freed or injected?"""
    return {*one.act}.isdisjoint(other.act) and any(
        {*one.values[name][value]} & {*one.object} and {*other.values[name][value]} & {*other.object}
        for name in one.values.keys() & other.values.keys()
        for value in one.values[name].keys() & other.values[name].keys()
    )


def overlap(some: Sequence[Hit], others: Sequence[Hit]) -> bool:
    """Do the two speak of one act: a word at the same place? A short word inside a longer phrase ("cut" in "cut out") is none."""
    return any(one.meets(other) and not _within(one, other) and not _within(other, one) for one in some for other in others)


def _within(one: Hit, other: Hit) -> bool:
    """Is the hit a part of a longer one, by its place, or as a word of the phrase at the same place?"""
    if (one.start, one.end) == (other.start, other.end):
        return one.phrase != other.phrase and one.phrase in other.phrase.split()
    return other.start <= one.start and one.end <= other.end


def _in_gap(one: Hit, other: Hit) -> bool:
    """Does the hit stand between the words of the other: the cyst in "intermediate, cyst 1.2 cm"?"""
    return f" {GAP} " in other.phrase and other.start < one.start and one.end < other.end


def _uses(family: Family, dimension: str) -> bool:
    return ("count" if dimension == "number" else dimension) in {*family.decides, *family.sums, *family.added_over}


def _says(family: Family, hit: Hit, reading: Reading) -> bool:
    """Does the family decide by a word that stands where this hit stands?"""
    return any(hit.meets(other) for other in reading.of(family.value_words))
