"""One word of a question: what may answer it, and what it asks of each segment. Made once per word, and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from consultant.codebook import told
from consultant.codebook.everyday import EVERYDAY
from consultant.codebook.index import Index
from consultant.codebook.said import Said
from consultant.codebook.told import NONE
from consultant.codebook.words import NO

KEPT = 2048  # words, in each process: a few megabytes
CONTRARY_GAIN = 0.4
SAME_GAIN = 0.85
CUT_GAIN = 0.95
WITHIN_GAIN = 0.6
MOST_GUESSES = 5
CLOSE = 0.8  # share of a word's weight from which on a term counts as meant …
RARE = 300  # … unless so few surfaces have it

Gains = tuple[tuple[int, float], ...]  # (term, gain)


class Sought(NamedTuple):
    """The terms that surfaces are found by: what only may be meant, and is said often, is none of them."""

    guessed: bool
    size: int  # surfaces that hold any of the terms
    postings: tuple[tuple[int, int, float], ...]  # of each term, where they begin and end, and its gain
    most: float  # the best gain
    besides: float  # the best gain of the terms that were left out


class Slot(NamedTuple):
    """One thing the question says: the word that says it, what it weighs, and the terms that answer it with their gains."""

    word: str
    weight: float
    gains: Gains  # the best first; () for a word that nothing answers
    terms: frozenset[int]  # of the gains
    circumstances: int  # that these speak of
    sought: Sought


class Word(NamedTuple):
    word: str
    spoken: int  # its term, NONE when the book has it not
    contrary: int
    slots: dict[int, Slot | None]  # by segment; None for what can't be asked


class _Meant(NamedTuple):
    """What a word may mean, as far as it is the same in every segment."""

    word: str
    spoken: int
    importance: float
    answers: Gains  # (term, share): the word itself, words it is a cut of, words that say the same
    contrary: int
    guesses: tuple[tuple[int, float, float], ...]  # (term, likeness, importance) of what it may be meant for


class Lexicon:
    """The words of questions to one book. Safe to share between threads."""

    def __init__(self, said: Said, index: Index) -> None:
        self._said, self._index = said, index
        self.word = lru_cache(KEPT)(self._word)

    def _word(self, word: str, term: str, segments: tuple[int, ...]) -> Word:
        """A word by its term, with what it asks of each of the segments."""
        meant = self._meant(word, term, segments)
        return Word(word, meant.spoken, meant.contrary, {segment: _slot(meant, self._index, segment) for segment in segments})

    def _meant(self, word: str, term: str, segments: tuple[int, ...]) -> _Meant:
        said, index = self._said, self._index
        no = NO if term.startswith(NO) else ""
        bare = term.removeprefix(NO)
        named = [(term, 1.0), *((no + cut, CUT_GAIN) for cut in said.also.get(word, ()))]
        named += [(no + same, SAME_GAIN) for same in said.same.get(bare, ())]
        named += [(no + whole, WITHIN_GAIN) for whole in said.within.get(bare, ())]
        answers = tuple((number, share) for name, share in named if (number := index.term(name)) != NONE)
        known = len(answers) > 1 or any(index.tells(number, segment) for number, _ in answers for segment in segments)
        guesses = () if known else _guesses(word, no, index)  # a word that a system knows which is asked is no slip
        return _Meant(word, index.term(term), told.importance(term), answers, index.contrary(index.term(term)), guesses)


def _guesses(word: str, no: str, index: Index) -> tuple[tuple[int, float, float], ...]:
    if word in EVERYDAY:
        return ()
    named = ((index.term(no + guess.stem), guess.likeness, told.importance(guess.stem)) for guess in index.guesses(word))
    return tuple(guess for guess in named if guess[0] != NONE)


def _slot(word: _Meant, index: Index, segment: int) -> Slot | None:
    """What a word asks of a segment. The contrary of a word speaks of the same thing, too."""
    tells = index.tells
    if known := [(term, share, telling) for term, share in word.answers if (telling := tells(term, segment))]:
        weight = (known[0][2] if known[0][0] == word.spoken else max(telling for _, _, telling in known)) * word.importance
        gains = [(term, share * min(weight, telling)) for term, share, telling in known]
        if word.contrary != NONE and (opposed := min(tells(word.contrary, segment), weight) * CONTRARY_GAIN):
            gains.append((word.contrary, opposed))
        return _made(word.word, weight, tuple(gains), index, segment)
    return _guessed(word, index, segment) or _unknown(word, index, segment)


def _guessed(word: _Meant, index: Index, segment: int) -> Slot | None:
    """What a word that the segment has not may be meant for: the nearest words, of those as near the commonest first."""
    near = [(term, share, tells * counts) for term, share, counts in word.guesses if (tells := index.tells(term, segment))]
    if not near:
        return None
    best = max(share for _, share, _ in near)
    near = sorted(
        (guess for guess in near if guess[1] >= best - 0.1), key=lambda guess: (-round(guess[1], 2), guess[2], guess[0])
    )
    weight = near[0][1] * near[0][2]
    gains = tuple((term, weight * share / best) for term, share, _ in near[:MOST_GUESSES])
    return _made(word.word, weight, gains, index, segment, guessed=True)


def _unknown(word: _Meant, index: Index, segment: int) -> Slot | None:
    known = word.word.isalpha() and len(word.word) > 1
    return _made(word.word, index.unknown(segment), (), index, segment) if known else None


def _made(word: str, weight: float, gains: Gains, index: Index, segment: int, *, guessed: bool = False) -> Slot:
    close, size, besides, postings = CLOSE * weight, 0, 0.0, []
    for term, gain in gains:
        begin, end = index.postings(term, segment)
        if gain >= close or end - begin <= RARE:
            size += end - begin
            postings.append((begin, end, gain))
        else:
            besides = max(besides, gain)
    terms = frozenset(term for term, _ in gains)
    found = Sought(guessed, size, tuple(postings), gains[0][1] if gains else 0.0, besides)
    return Slot(word, weight, gains, terms, index.circumstances_of(terms), found)
