"""Whose fact is it? Where several families stand in one letter, a clause belongs to those whose words stand in it.

"EGD with biopsy and a colonoscopy with snare": the snare is the colonoscopy's, the biopsy the EGD's. A clause without such words
goes on with the clause before it, and what stands before all of them leads to the first. A fact is kept from the other families
only where an owner of its clause decides by it: the rest of the letter is common ground. Families that share a word
at the same place speak of one act, and share all facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from consultant.classifier.belonging.clauses import Clauses, Matched, alike, overlap, within
from consultant.classifier.hearing.phrases import GAP
from consultant.classifier.hearing.words import Hit, Reading, among
from consultant.classifier.levels import of_decisions
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Fact, Question

#: What is said of several acts at once.
_ALL = re.compile(r"\b(?:both|each|either|all (?:two|three|four|of)|every|respectively)\b", re.IGNORECASE)
#: Said of the act told before too: "colonoscopy and EGD with biopsies in both", "EGD and the gullet dilated, same scope".
_OF_BOTH = re.compile(
    r"\b(?:(?:with|and|had|got)\b[^,.;]{0,30}\b(?:each|both|respectively)|in (?:each|both))\b"
    r"(?! (?:sides?|eyes?|ears?|knees?|hips?|shoulders?|feet|hands|legs|arms|breasts?))|\b(?:same|that) (?:endo)?scope\b",
    re.IGNORECASE,
)
#: What points back to the wound that was told before.
_ON_IT = re.compile(
    r"\b(?:on|over|to|onto|covered|cover(?:ing)?) (?:it|that|this|the same)\b|\bsame (?:wound|ulcer|site|area|defect)\b",
    re.IGNORECASE,
)
#: Numbers that are said of one act; an age or the days since an operation are the patient's.
_LOCAL = frozenset({"minutes", "size_cm", "area_sq_cm", "count", "levels", "units", "mg", "ml", "views", "number"})
#: Dimensions that say where on the body; an act of which nothing is told has the place of the act beside it.
_PLACES = frozenset({"site", "place", "region", "where"})
#: A value that asks what another act was: its words are heard wherever they stand.
_OF_ANOTHER = ("with visit",)
#: How a visit's decisions are called; who tells one level tells it of the visit that is asked about.
_LEVEL = "mdm"
#: Who tells of both, tells the level of one.
_TWO_VISITS = {"emergency-visit", "hospital-visit"}
_SAME = 0.01  # lengths that differ by less are one


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
            taken |= {phrase: said[phrase] for value in _OF_ANOTHER for phrase in values.get(value, ()) if phrase in said}
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
        one_visit = dimension == _LEVEL and not self.matched.keys() >= _TWO_VISITS
        if one_visit and len(of_decisions(reading.whole)) == 1:  # whatever clause it stands in, it is that of the visit
            return False
        return family.id not in owners and any(
            dimension in others[owner].values or _says(others[owner], hit, reading) for owner in owners & others.keys()
        )


def _said_behind(number: int, acts: Mapping[str, set[int]], clauses: Clauses, reading: Reading) -> frozenset[str]:
    """Who owns a clause that begins a sentence with a wound and leaves its kind of closure to the end: "a 1 cm nick of the lid,
    one layer". It goes on with no kind of the sentence before. `acts`: where each kind is told by its act."""
    start = clauses.starts[number]
    begins = start == 0 or reading.whole[start - 1] in ".;\n"
    if not begins or number + 1 == len(clauses.starts) or reading.whole[clauses.starts[number + 1] - 1] != ",":
        return frozenset()
    last = _last_of(number, clauses, reading)
    told = {name: min(here) for name, numbers in acts.items() if (here := {at for at in numbers if number <= at <= last})}
    return frozenset(told) if [*told.values()] == [number + 1] else frozenset()


def _last_of(number: int, clauses: Clauses, reading: Reading) -> int:
    """The last clause of the sentence that a clause stands in."""
    ends = (at for at in range(number, len(clauses.starts) - 1) if reading.whole[clauses.starts[at + 1] - 1] in ".;\n")
    return next(ends, len(clauses.starts) - 1)


def grounds_of(matched: Sequence[Matched], reading: Reading, clauses: Clauses) -> Grounds:
    """The clauses of the letter, given to the families by the hits that brought them."""
    everyone = [hit for _, hits in matched for hit in hits]
    spoken = [
        (family, [hit for hit in hits if not any(within(hit, other) and not _in_gap(hit, other) for other in everyone)])
        for family, hits in matched
    ]
    held = [
        (family.id, clauses.of(hits) - _only_visited(family, hits, matched, clauses) - _parted(whole, matched, clauses))
        for (family, hits), whole in zip(spoken, matched, strict=True)
    ]
    owners: list[frozenset[str]] = []
    acts = {one.id: clauses.of(among(hits, one.act)) for one, hits in matched if one.less and "size_cm" in one.sums}
    for number, (start, end) in enumerate(pairwise((*clauses.starts, len(reading.whole)))):
        own = frozenset(name for name, numbers in held if number in numbers)
        own = behind if own <= acts.keys() and (behind := _said_behind(number, acts, clauses, reading)) else own
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
    """Clauses of another act that chooses by the same words, where this one does nothing: they tell the other whole, or only
    name what the other was done to and this one was not ("carpal tunnel + injection", above what was done to each)."""
    acts, hits = clauses.of(among(one[1], one[0].act)), one[1]
    others = [other for other in matched if alike(one[0], other[0]) and clauses.part(one, other)]
    own = clauses.done_to(*one)
    return {
        n
        for n in clauses.of(hits) - acts
        for other, more in others
        if clauses.tells(other, more, {n}) or clauses.names(n, hits) <= clauses.done_to(other, more) - own
    }


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


def _in_gap(one: Hit, other: Hit) -> bool:
    """Does the hit stand between the words of the other: the cyst in "intermediate, cyst 1.2 cm"?"""
    return f" {GAP} " in other.phrase and other.start < one.start and one.end < other.end


def _uses(family: Family, dimension: str) -> bool:
    return ("count" if dimension == "number" else dimension) in {*family.decides, *family.sums, *family.added_over}


def _says(family: Family, hit: Hit, reading: Reading) -> bool:
    """Does the family decide by a word that stands where this hit stands?"""
    return any(hit.meets(other) for other in reading.of(family.value_words))
