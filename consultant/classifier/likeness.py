"""Which family a letter is most like: by the words it shares with the text of one, or with one of its examples.

A family's act and object say what a letter must hold. Where nothing they bring carries an answer, this finds the family whose
letters sound like this one. A term weighs by how few texts and examples use it; two are as like as the cosine between them.
(Of 3,600 letters it brought an answer to 17 that would have abstained, to 10 of them the code asked for. Where an answer was
there already it would have added to 46, and 8 times the code asked for; nor was it right where another family was met without
being decided. So it is asked only before the draft abstains, and where no family is met.)
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from consultant.classifier.families import resolve
from consultant.classifier.fits import fitting, of_diagnoses
from consultant.classifier.hearing.words import Hit, Reading
from consultant.classifier.systems import speaks_of_diagnoses
from consultant.classifier.told import told_codes
from consultant.codebook.knowledge import Family
from consultant.codebook.words import stem
from consultant.vocabulary import Match, Question

#: A family less like the letter than this is none for it.
LEAST = 0.25
#: What the shared words must weigh together: two that few texts have, or half a dozen of the common ones.
LEAST_SHARED = 50.0
#: A term of more texts than this costs the look most and tells it least.
MOST_USED = 200
#: What a word that no text has adds to the length of the letter.
UNKNOWN = 8.0
#: Shared words that are shown.
SHOWN = 6
#: A text and its examples are all looked at: so many places for each text that is wanted.
SAME_TEXT = 12
Name = tuple[str, str]  # ("family" or "card", id)


@dataclass(frozen=True, slots=True)
class Like:
    """A text that a letter is like."""

    name: Name
    score: float  # 0..1
    words: tuple[str, ...]  # the words of the letter that it shares, the most telling first


class Likeness:
    """The terms of texts and examples, made once per book."""

    def __init__(self, texts: Iterable[tuple[Name, Collection[str]]]) -> None:
        self._names: list[Name] = []
        kept: list[Collection[str]] = []
        for name, terms in texts:
            self._names.append(name)
            kept.append(terms)
        used = Counter(term for terms in kept for term in terms)
        self._weights = {term: math.log(len(kept) / n) ** 2 for term, n in used.items()}
        self._lengths = array("f", (self._length(terms) for terms in kept))
        self._places: dict[str, array[int]] = defaultdict(lambda: array("H"))
        for place, terms in enumerate(kept):
            for term in terms:
                if used[term] <= MOST_USED:
                    self._places[term].append(place)

    def ranked(self, words: Iterable[str], most: int) -> list[Like]:
        """The texts that are most like these words of a letter and share enough with it, each once, the likest first."""
        terms = {stem(word): word for word in words}
        shared: dict[int, float] = defaultdict(float)
        for term in terms:
            for place in self._places.get(term, ()):
                shared[place] += self._weights[term]
        enough = [place for place in shared if shared[place] >= LEAST_SHARED]
        likest = heapq.nlargest(most * SAME_TEXT, enough, key=lambda place: shared[place] / self._lengths[place])
        first = {self._names[place]: place for place in reversed(likest)}
        ranked = sorted(first.values(), key=likest.index)[:most]
        return [self._like(place, terms, shared[place]) for place in ranked]

    def weight(self, term: str) -> float:
        """What a term weighs that letter and text share."""
        return self._weights.get(term, UNKNOWN)

    def _like(self, place: int, terms: Mapping[str, str], shared: float) -> Like:
        met = sorted((term for term in terms if place in self._places.get(term, ())), key=lambda term: -self._weights[term])
        score = shared / (self._lengths[place] * self._length(terms))
        return Like(self._names[place], score, tuple(terms[term] for term in met[:SHOWN]))

    def _length(self, terms: Iterable[str]) -> float:
        return math.sqrt(math.fsum(self._weights.get(term, UNKNOWN**2) for term in terms)) or 1.0


def like_family(
    like: Like | None,
    families: Mapping[str, Family],
    by_id: Mapping[str, Family],
    question: Question,
    reading: Reading,
) -> list[tuple[Match, list[Hit]]]:
    """The family that the letter is most like, with the hits of its words, where the letter decides its row.

    Nothing when a card is more like, or when the letter holds what sends the family away. `families`:
    those in force; `by_id`: all, also those that a row sends to.
    """
    if like is None or like.score < LEAST:
        return []
    kind, name = like.name
    family = families.get(name) if kind == "family" else None
    if family is None or reading.of(family.unless) or not fitting([family], question, reading):
        return []
    if of_diagnoses(family) and not speaks_of_diagnoses(question):
        return []
    hits = [*reading.of(family.act), *reading.of(family.object)]
    found = resolve(family, by_id, question, reading, hits, like.score, told_codes(question))
    return [(replace(match, words=match.words or like.words), hits) for match in found if match.is_decided]
