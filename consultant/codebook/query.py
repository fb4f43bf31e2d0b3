"""A question in words, made into what the index is asked for: slots of terms, each with what it weighs.

Abbreviations and lay words become what the books call them; a word that the book does not know becomes the known words that
it may be meant for. A wording with several meanings gives several readings of the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from consultant.codebook import brackets, spelling, told
from consultant.codebook.asked import Lexicon, Slot, Word
from consultant.codebook.index import Index
from consultant.codebook.said import LONGEST_PHRASE, Meanings, Said
from consultant.codebook.told import NONE
from consultant.codebook.words import TALK, meaning, tokens

MOST_WORDS = 120  # of a question that are read
MOST_SLOTS = 28  # heaviest words that are asked for
MOST_READINGS = 6
READ = 36  # slots of all readings together, but for the first reading
UNMET = 0.65  # what the question's unmet words count against a wording …
UNSAID = 0.35  # … and what its own extra words do; both add up to 1, so that a full match scores 1
#: How old a grown-up is tells no diagnosis from another; "years old" alone is what a coma scale of children says.
_ADULT = re.compile(r"\b(?:1[89]|[2-9]\d|1[01]\d)[ -]?(?:y/?o|y\.o\.|(?:years?|yrs?|yr\.)[ -]old)(?![\w/])", re.IGNORECASE)
_WEIGHT = attrgetter("weight")


class Words(NamedTuple):
    """The words of one way to understand a question."""

    distinct: tuple[Word, ...]
    spoken: str  # all terms in the order in which they were said, each between commas


class Asked(NamedTuple):
    """What one way to understand the question asks of one segment of the index: all that surfaces are found by."""

    words: Words
    segment: int
    slots: tuple[Slot, ...]  # the heaviest first
    weight: float
    most: float  # that a wording can meet of it
    best: float  # the score of a wording that says all that can be met, and nothing else


@dataclass(frozen=True, slots=True)
class Reading:
    """What was asked of a segment, made ready to be compared with its wordings."""

    segment: int
    slots: tuple[Slot, ...]
    weight: float
    spoken: str  # all terms in the order in which they were said, each between commas
    gains: Set[int]  # terms that answer a slot
    answers: Mapping[int, tuple[int, float]]  # term → (slot, gain)
    besides: Mapping[int, float]  # term → its gain for another slot, which nothing else answers
    contraries: Set[int]  # what a title says that says the contrary
    residual: int  # by what a title is for the rest, when the question does not say it; else NONE
    against: Set[int]  # the contraries and the residual
    heard: Set[int]  # all of these: the terms of a title that count
    circumstances: int


def turns(text: str, said: Said) -> list[list[str]]:
    """The ways to understand a question, as words, the plainest first."""
    text, twice = brackets.read(_ADULT.sub(" ", text))
    named = {" ".join(full): (full, (acronym,)) for full, acronym in twice}
    phrases = list(_phrases(tokens(text)[:MOST_WORDS], said, named))
    ways = max(1, min(MOST_READINGS, READ // max(1, len(phrases))))
    found = [_choice(turn, phrases) for turn in _turns(phrases)[:ways]]
    return [list(words) for words in dict.fromkeys(map(tuple, found))]


def _phrases(words: list[str], said: Said, named: Mapping[str, Meanings]) -> Iterator[Meanings]:
    """The question cut into phrases, the longest known term first. A single word may also be meant as it stands.

    `named`: what the question itself names in two ways.
    """
    at = 0
    while at < len(words):
        most = LONGEST_PHRASE if named else said.longest.get(words[at], 0)
        for length in range(min(most, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            meanings = named.get(phrase) or said.means.get(phrase)
            if meanings and not (length == 1 and words[at] in TALK and _talked(words, at)):
                yield (*meanings, tuple(words[at : at + length])) if length == 1 else meanings
                at += length
                break
        else:
            yield ((words[at],),)
            at += 1


def _talked(words: list[str], at: int) -> bool:
    """Is a word that may be meant in earnest ("ICD", the device) only part of asking: "ICD 10 code"?"""
    after = words[at + 1] if at + 1 < len(words) else ""
    return after in TALK or after.isdigit() or after in {"cm", "pcs"}


def _turns(said: list[Meanings]) -> list[tuple[int, int]]:
    """Which phrase takes which meaning, all others their first: (phrase, meaning), the plainest first."""
    others = [(at, chosen) for at, meanings in enumerate(said) for chosen in range(1, len(meanings))]
    return [(0, 0), *others]


def _choice(turn: tuple[int, int], said: list[Meanings]) -> list[str]:
    return [word for at, meanings in enumerate(said) for word in meanings[turn[1] if at == turn[0] else 0]]


def words_of(way: list[str], lexicon: Lexicon, segments: tuple[int, ...]) -> Words:
    """The words of a way to understand the question, with all that may answer each in the segments that are asked."""
    found: dict[str, Word] = {}
    spoken: list[str] = []
    for word, term in meaning(map(_mended, way)):
        if word not in TALK:
            if term not in found:
                found[term] = lexicon.word(word, term, segments)
            spoken.append(str(found[term].spoken))
    return Words(tuple(found.values()), f",{','.join(spoken)},")


def asked(words: Words, segment: int) -> Asked | None:
    """What words ask of a segment; None when nothing in it has any of them."""
    slots = [slot for word in words.distinct if (slot := word.slots[segment])]
    slots.sort(key=_WEIGHT, reverse=True)
    del slots[MOST_SLOTS:]
    weight, met = sum([slot.weight for slot in slots]), sum([slot.sought.most for slot in slots])
    return Asked(words, segment, tuple(slots), weight, met, met / (UNMET * weight + UNSAID * met)) if met else None


def read(asked: Asked, index: Index) -> Reading:
    """What was asked, made ready for comparison."""
    words, answered = asked.words, [slot for slot in asked.slots if slot.gains]
    gains: set[int] = set().union(*[slot.terms for slot in answered])
    circumstances = 0
    for slot in answered:
        circumstances |= slot.circumstances
    firsts = {slot.gains[0][0] for slot in answered}
    contraries = {word.contrary for word in words.distinct if word.spoken in firsts} - firsts
    rest = _rest(gains, circumstances, index)
    residual = NONE if rest in gains else rest
    answers, besides = _answers(answered)
    against = contraries | {residual}
    return Reading(
        asked.segment,
        asked.slots,
        asked.weight,
        words.spoken,
        gains,
        answers,
        besides,
        contraries,
        residual,
        against,
        gains | against,
        circumstances,
    )


def _rest(gains: set[int], circumstances: int, index: Index) -> int:
    """The term of titles that are for the rest: "other". But who says how a neoplasm behaves and where it is, at a site that has
    no code of its own, means the other sites and not an unspecified one."""
    behaves = circumstances & told.BEHAVIOR and not index.neoplasms.isdisjoint(gains)
    return index.unspecified if behaves else index.other


def _answers(slots: Sequence[Slot]) -> tuple[dict[int, tuple[int, float]], dict[int, float]]:
    """`Reading.answers` and `Reading.besides`. A term counts for one of the slots that others answer too, and for one that only
    it answers."""
    found: dict[int, tuple[int, float]] = {}
    alone: dict[int, tuple[int, float]] = {}
    for at, slot in enumerate(slots):
        if len(slot.gains) == 1:
            term, gain = slot.gains[0]
            alone[term] = at, gain
        else:
            for term, gain in slot.gains:
                if term not in found or found[term][1] < gain:
                    found[term] = at, gain
    return alone | found, {term: alone[term][1] for term in alone.keys() & found.keys()}


def _mended(word: str) -> str:
    """ "Without" is the one joint whose slip turns an answer round."""
    slip = len(word) > 5 and word[0] == "w" and word != "without" and spelling.distance(word, "without", 2) <= 2
    return "without" if slip else word
