"""A question in words, made into what the index is asked for: slots of terms, each with what it weighs.

Abbreviations and lay words become what the books call them; a word that the book does not know becomes the known words that
it may be meant for. A wording with several meanings gives several readings of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from consultant.codebook import spelling, told
from consultant.codebook.index import Index
from consultant.codebook.told import NONE
from consultant.codebook.words import NO, TALK, meaning, stem, tokens

MOST_WORDS = 120  # of a question that are read
MOST_SLOTS = 28  # heaviest words that are asked for
MOST_READINGS = 6
READ = 36  # slots of all readings together, but for the first reading
LONGEST_PHRASE = 6  # words of a term
CONTRARY_GAIN = 0.4
SAME_GAIN = 0.85
CUT_GAIN = 0.95
UNMET = 0.65  # what the question's unmet words count against a wording …
UNSAID = 0.35  # … and what its own extra words do; both add up to 1, so that a full match scores 1
WITHIN_GAIN = 0.6
MOST_GUESSES = 5

Meanings = tuple[tuple[str, ...], ...]  # of one phrase: each meaning as words


@dataclass(frozen=True, slots=True)
class Said:
    """What people say and the books don't, made ready once per book."""

    means: Mapping[str, Meanings]  # abbreviation or lay word, as its tokens joined by blanks → what it stands for
    also: Mapping[str, tuple[str, ...]]  # short form → stems of the words it may be a cut of
    same: Mapping[str, tuple[str, ...]]  # stem → other stems that say the same
    within: Mapping[str, tuple[str, ...]]  # stem of a part of the body → stems of what it is a part of

    @classmethod
    def of(cls, terms: Iterable[Mapping[str, Any]], same: Iterable[Sequence[str]], shorts: Iterable[Mapping[str, Any]]) -> Said:
        """Terms, groups of words and short forms as they stand in the book."""
        means: dict[str, Meanings] = {}
        also = {short["short"]: tuple(map(stem, short["words"])) for short in shorts}
        within: dict[str, tuple[str, ...]] = {}
        for term in terms:
            key = " ".join(tokens(term["term"]))
            if "means" in term:
                means[key] = tuple(tuple(tokens(meant)) for meant in term["means"])
            if "within" in term:
                within[stem(key)] = tuple(map(stem, term["within"]))
        alike: dict[str, tuple[str, ...]] = {}
        for group in same:
            stems = list(dict.fromkeys(map(stem, group)))
            for one in stems:
                alike[one] = (*alike.get(one, ()), *(other for other in stems if other != one))
        return cls(means, also, alike, within)


class Word(NamedTuple):
    """One word of the question, as far as it is the same in every segment."""

    word: str
    spoken: int  # its term, NONE when the book has it not
    importance: float
    answers: tuple[tuple[int, float], ...]  # (term, share): the word itself, words it is a cut of, words that say the same
    contrary: int
    guesses: tuple[tuple[int, float, float], ...]  # (term, likeness, importance) of what it may be meant for


class Slot(NamedTuple):
    """One thing the question says: the word that says it, what it weighs, and the terms that answer it with their gains."""

    word: str
    weight: float
    gains: tuple[tuple[int, float], ...]  # (term, gain), the best first; () for a word that nothing answers
    guessed: bool = False  # no title has the word: the terms are what it may have been meant for


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand the question, in one segment of the index."""

    segment: int
    slots: tuple[Slot, ...]
    weight: float
    spoken: str  # all terms in the order in which they were said, each between commas
    best: float  # the score of a wording that says all that can be met, and nothing else
    gains: Mapping[int, float]
    single: Mapping[int, float]  # of these, those of slots that one term answers
    shared: Mapping[int, tuple[int, float]]  # term → (slot, gain) of the slots that several terms answer
    contraries: frozenset[int]  # what a title says that says the contrary
    residual: frozenset[int]  # by what a title is for the rest, when the question does not say it
    circumstances: int


def turns(text: str, said: Said) -> list[list[str]]:
    """The ways to understand a question, as words, the plainest first."""
    phrases = list(_phrases(tokens(text)[:MOST_WORDS], said.means))
    ways = max(1, min(MOST_READINGS, READ // max(1, len(phrases))))
    found = [_choice(turn, phrases) for turn in _turns(phrases)[:ways]]
    return [list(words) for words in dict.fromkeys(map(tuple, found))]


def _phrases(words: list[str], terms: Mapping[str, Meanings]) -> Iterator[Meanings]:
    """The question cut into phrases, the longest known term first. A single word may also be meant as it stands."""
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            meanings = terms.get(" ".join(words[at : at + length]))
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


def words_of(way: list[str], said: Said, index: Index, segments: Sequence[int]) -> list[Word]:
    """The words of a way to understand the question, with all that may answer each in the segments that are asked."""
    found: dict[str, Word] = {}
    spoken = [(word, term) for word, term in meaning(map(_mended, way)) if word not in TALK]
    for word, term in spoken:
        if term not in found:
            found[term] = _word(word, term, said, index, segments)
    return [found[term] for _, term in spoken]


def _word(word: str, term: str, said: Said, index: Index, segments: Sequence[int]) -> Word:
    no = NO if term.startswith(NO) else ""
    bare = term.removeprefix(NO)
    named = [(term, 1.0), *((no + cut, CUT_GAIN) for cut in said.also.get(word, ()))]
    named += [(no + same, SAME_GAIN) for same in said.same.get(bare, ())]
    named += [(no + whole, WITHIN_GAIN) for whole in said.within.get(bare, ())]
    answers = tuple((number, share) for name, share in named if (number := index.term(name)) != NONE)
    known = len(answers) > 1 or any(index.tells(number, segment) for number, _ in answers for segment in segments)
    guesses = () if known else _guesses(word, no, index)  # a word that a system knows which is asked is no slip
    return Word(word, index.term(term), told.importance(term), answers, index.contrary(index.term(term)), guesses)


def _guesses(word: str, no: str, index: Index) -> tuple[tuple[int, float, float], ...]:
    named = ((index.term(no + guess.stem), guess.likeness, told.importance(guess.stem)) for guess in index.guesses(word))
    return tuple(guess for guess in named if guess[0] != NONE)


def read(words: Sequence[Word], index: Index, segment: int) -> Reading | None:
    """The reading of words in a segment; None when nothing in it has any of them."""
    slots = [slot for word in {id(word): word for word in words}.values() if (slot := _slot(word, index, segment))]
    if not any(slot.gains for slot in slots):
        return None
    slots = sorted(slots, key=lambda slot: -slot.weight)[:MOST_SLOTS]
    gains: dict[int, float] = {}
    for slot in slots:
        for term, gain in slot.gains:
            gains[term] = max(gains.get(term, 0.0), gain)
    firsts = {slot.gains[0][0] for slot in slots if slot.gains}
    return Reading(
        segment,
        tuple(slots),
        sum(slot.weight for slot in slots),
        f",{','.join(str(word.spoken) for word in words)},",
        _best(slots),
        gains,
        {slot.gains[0][0]: slot.gains[0][1] for slot in slots if len(slot.gains) == 1},
        _shared(slots),
        frozenset(word.contrary for word in words if word.spoken in firsts) - firsts,
        frozenset({_rest(gains, index)}) - gains.keys(),
        index.circumstances_of(gains),
    )


def _rest(gains: Mapping[int, float], index: Index) -> int:
    """The term of titles that are for the rest: "other". But who says how a neoplasm behaves and where it is, at a site that has
    no code of its own, means the other sites and not an unspecified one."""
    behaves = index.circumstances_of(gains) & told.BEHAVIOR and not index.neoplasms.isdisjoint(gains)
    return index.unspecified if behaves else index.other


def _best(slots: Sequence[Slot]) -> float:
    asked, met = sum(slot.weight for slot in slots), sum(slot.gains[0][1] for slot in slots if slot.gains)
    return met / (UNMET * asked + UNSAID * met)


def _shared(slots: Sequence[Slot]) -> dict[int, tuple[int, float]]:
    found: dict[int, tuple[int, float]] = {}
    for at, slot in enumerate(slots):
        if len(slot.gains) > 1:
            for term, gain in slot.gains:
                if term not in found or found[term][1] < gain:
                    found[term] = (at, gain)
    return found


def _slot(word: Word, index: Index, segment: int) -> Slot | None:
    """What a word asks of a segment. The contrary of a word speaks of the same thing, too."""
    tells = index.tells
    if known := [(term, share, telling) for term, share in word.answers if (telling := tells(term, segment))]:
        weight = (known[0][2] if known[0][0] == word.spoken else max(telling for _, _, telling in known)) * word.importance
        gains = [(term, share * min(weight, telling)) for term, share, telling in known]
        if word.contrary != NONE and (opposed := min(tells(word.contrary, segment), weight) * CONTRARY_GAIN):
            gains.append((word.contrary, opposed))
        return Slot(word.word, weight, tuple(gains))
    return _guessed(word, index, segment) or _unknown(word, index, segment)


def _guessed(word: Word, index: Index, segment: int) -> Slot | None:
    """What a word that the segment has not may be meant for: the nearest words, of those as near the commonest first."""
    near = [(term, share, tells * counts) for term, share, counts in word.guesses if (tells := index.tells(term, segment))]
    if not near:
        return None
    best = max(share for _, share, _ in near)
    near = sorted(
        (guess for guess in near if guess[1] >= best - 0.1), key=lambda guess: (-round(guess[1], 2), guess[2], guess[0])
    )
    weight = near[0][1] * near[0][2]
    return Slot(word.word, weight, tuple((term, weight * share / best) for term, share, _ in near[:MOST_GUESSES]), guessed=True)


def _unknown(word: Word, index: Index, segment: int) -> Slot | None:
    return Slot(word.word, index.unknown(segment), ()) if word.word.isalpha() and len(word.word) > 1 else None


def _mended(word: str) -> str:
    """ "Without" is the one joint whose slip turns an answer round."""
    slip = len(word) > 5 and word[0] == "w" and word != "without" and spelling.distance(word, "without", 2) <= 2
    return "without" if slip else word
