"""A question in words, made into what the index is asked for: slots of terms, each with what it weighs.

Abbreviations and lay words become what the books call them; a word that the book does not know becomes the known words that
it may be meant for. A wording with several meanings gives several readings of the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from consultant.codebook.index import Index, circumstances
from consultant.codebook.words import NO, TALK, meaning, stem, tokens

MOST_WORDS = 120  # of a question that are read
MOST_SLOTS = 28  # heaviest words that are asked for
MOST_READINGS = 6
CONTRARY_GAIN = 0.4
LONGEST_PHRASE = 6  # words of a term

Meanings = tuple[tuple[str, ...], ...]  # of one phrase: each meaning as words


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing the question says: the word that says it, what it weighs, and the terms that answer it with their gains."""

    word: str
    weight: float
    gains: tuple[tuple[str, float], ...]  # (term, gain), the best first; () for a word that nothing answers
    guessed: bool = False  # no title has the word: the terms are what it may have been meant for


@dataclass(frozen=True)
class Reading:
    """One way to understand the question."""

    slots: tuple[Slot, ...]  # the rarest first
    spoken: str  # all terms in the order in which they were said, joined by blanks

    @cached_property
    def weight(self) -> float:
        return sum(slot.weight for slot in self.slots)

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(term for slot in self.slots for term, _ in slot.gains)

    @cached_property
    def firsts(self) -> frozenset[str]:
        """The terms as they were said, without what else may answer them."""
        return frozenset(slot.gains[0][0] for slot in self.slots if slot.gains)

    @cached_property
    def circumstances(self) -> int:
        return circumstances(self.terms)


def readings(text: str, terms: Mapping[str, Meanings], index: Index) -> list[Reading]:
    """The readings of a question, the plainest first. [] when no word of it is known.

    `terms`: abbreviation or lay word, as its tokens joined by blanks → meanings.
    """
    said = list(_phrases(tokens(text)[:MOST_WORDS], terms))
    found = (_reading(_choice(turn, said), index) for turn in _turns(said))
    return list(dict.fromkeys(reading for reading in found if reading.terms))


def _phrases(words: list[str], terms: Mapping[str, Meanings]) -> Iterator[Meanings]:
    """The question cut into phrases, the longest known term first."""
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            meanings = terms.get(" ".join(words[at : at + length]))
            if meanings:
                yield (*meanings, tuple(words[at : at + length]))
                at += length
                break
        else:
            yield ((words[at],),)
            at += 1


def _turns(said: list[Meanings]) -> list[tuple[int, int]]:
    """Which phrase takes which meaning, all others their first: (phrase, meaning), the plainest first."""
    others = [(at, chosen) for at, meanings in enumerate(said) for chosen in range(1, len(meanings))]
    return [(0, 0), *others][:MOST_READINGS]


def _choice(turn: tuple[int, int], said: list[Meanings]) -> list[str]:
    return [word for at, meanings in enumerate(said) for word in meanings[turn[1] if at == turn[0] else 0]]


def _reading(words: list[str], index: Index) -> Reading:
    said = [(word, term) for word, term in meaning(words) if word not in TALK]
    slots = {term: _slot(word, term, index) for word, term in said}
    heaviest = sorted(filter(None, slots.values()), key=lambda slot: -slot.weight)[:MOST_SLOTS]
    return Reading(tuple(heaviest), " ".join(term for _, term in said))


def _contrary(term: str, index: Index) -> tuple[tuple[str, float], ...]:
    """The same word under a negation, or freed of it: it speaks of the same thing, to the contrary."""
    other = term.removeprefix(NO) if term.startswith(NO) else NO + term
    gain = min(index.asked(other), index.asked(term)) * CONTRARY_GAIN
    return ((other, gain),) if gain else ()


def _slot(word: str, term: str, index: Index) -> Slot | None:
    known = index.asked(term)
    if known:
        return Slot(word, known, ((term, known), *_contrary(term, index)))
    negated = term != stem(word)
    gains = {}
    for guess in index.guesses(word):
        meant = NO + guess.stem if negated else guess.stem
        gains[meant] = index.asked(meant) * guess.likeness
    best = sorted(((term, gain) for term, gain in gains.items() if gain), key=lambda item: -item[1])
    if best:
        return Slot(word, best[0][1], tuple(best), guessed=True)
    return None if negated or not word.isalpha() else Slot(word, index.unknown, ())
