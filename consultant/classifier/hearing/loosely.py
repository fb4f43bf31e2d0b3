"""Phrases heard in other words: "stitches out" in "took the stitches out", "fracture of the wrist" in "his fractured wrist".

The telling words of a phrase stand in one sentence, close together, in any order and inflection, or words that are alike in
their place (`alike.txt`); in a long letter two alone stand in their own order, unless an "of" turns them. A phrase of one
telling word is heard as written only, and so is one of which letters have taught that it means something else otherwise ("only
read", "read only"): `as_written.txt`, learned by `python -m bench.hearing --learn`.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from consultant.classifier.hearing.phrases import GAP, WIDEST, Parts
from consultant.codebook.words import ARTICLES

TABLE = Path(__file__).parent / "as_written.txt"
ALIKE = Path(__file__).parent / "alike.txt"
KEPT = 20_000  # words of letters whose stems are remembered
MOST = 12  # places of its first word at which a phrase is looked for
BETWEEN = 2  # words that may stand between two telling ones …
LONG, BETWEEN_IN_LONG = 20, 1  # … and in a letter of more telling words, where two meet by chance more often
_CARRYING = """
of to in on at by for was were been is are be being has had have her his their our my its it this that some any he she they we i
did do does then also just as so got get"""
#: Words that carry the sentence and not the matter.
_IDLE = frozenset(_CARRYING.split())
_SILENT = _IDLE | {GAP}
_DIGIT = re.compile(r"\d")
_TURNING = """
no not never without only same two three four five six one first second third new old other another left right both all and or
then with after before from than as if when which what who how you us them him me these those more less most too very each every
part full partial whole day week month year visit bill code can could should will would may might am pm per vs"""
#: Beside one of these nothing may stand between: "same .. day", "no .. stent" are other things.
_BINDING = frozenset(_TURNING.split())
#: "Same lesion" is not told by "a lesion on the same date", nor "three surgeons" by "the surgeon closed 3 cm": behind one of
#: these the words keep their order.
_LEADING = frozenset({"same", "other", "another", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"})
#: "Dialysis clinic to" and "from home" tell a direction: without the word that tells it they are heard as written only.
_DIRECTIONS = frozenset({"to", "from", "into"})
#: "After contrast" is not told by "with contrast after a crash": words of direction keep their place, "and" and "with" don't.
_JOINING = frozenset({"then", "after", "before", "from", "than"})
#: "Chest PT", and a pt with chest pain: a word of two meanings keeps its place.
_OF_TWO_MEANINGS = frozenset({"pt"})
_WHOSE = frozenset({"his", "her", "our", "my", "their"})
#: Behind an article something else must follow: "weeks after her" is not told by "weeks after".
_CLOSING = {(article,) for article in ARTICLES - {"a"}}
_ENDINGS = ("ings", "ing", "ied", "ed", "er", "e")
#: Where a sentence or a part of it ends; over it no phrase is heard.
_STOP = re.compile(r"[.;:?!()\n]")

Heard = tuple[str, int, int]  # a phrase, the place of its first word in the row, the one behind its last


class _Told(NamedTuple):
    phrase: str
    stems: Parts
    between: int  # words that may stand between the first and the last, beside the telling ones
    ordered: bool
    pair: bool  # two words alone, no "of" between them


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf8").splitlines() if line and not line.startswith("#")]


_FIRST = {word: words.split()[0] for words in _lines(ALIKE) for word in words.split()}


@lru_cache(maxsize=KEPT)
def stem_of(word: str) -> str:
    """The word that stands for all that are alike, without its inflection: "pinning", "pinned" and "pin" are one."""
    word = _FIRST.get(word, word)
    if not word.isalpha() or len(word) < 5:
        return word
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), "")
    stem = word.removesuffix(ending)
    return stem[:-1] if len(stem) > 4 and stem[-1] == stem[-2] and stem[-1] not in "sl" else stem


class Loosely:
    """The phrases of a lexicon by the stems of their telling words; each waits at its rarest one."""

    def __init__(self, patterns: Iterable[tuple[Parts, str]], as_written: Collection[str], *, ordered: bool = False) -> None:
        told = [one for parts, phrase in patterns if phrase not in as_written and (one := _told(parts, phrase))]
        told = [one._replace(ordered=True) for one in told] if ordered else told
        used = Counter(stem for one in told for stem in one.stems)
        self._waiting: dict[str, list[_Told]] = defaultdict(list)
        for one in told:
            self._waiting[min(one.stems, key=used.__getitem__)].append(one)
        self._whole = frozenset(stem for stem in used if not stem.endswith("*"))
        self._open = frozenset(stem[:-1] for stem in used if stem.endswith("*"))
        self._stems = lru_cache(maxsize=KEPT)(self._stems_of)

    def standing(self, words: Sequence[str], starts: Sequence[int], whole: str) -> Iterator[Heard]:
        """The phrases heard in a row of words; `starts` is where each begins in the whole text, which tells its sentences."""
        stops = [match.start() for match in _STOP.finditer(whole)]
        sentences: dict[int, list[int]] = defaultdict(list)
        for at, start in enumerate(starts):
            if words[at] not in _IDLE:
                sentences[bisect(stops, start)].append(at)
        long = sum(map(len, sentences.values())) > LONG
        for row in sentences.values():
            for phrase, first, last, turned in self._in_one([words[at] for at in row], long):
                if not _parts(phrase, whole[starts[row[first]] : starts[row[last]]], turned):
                    yield phrase, row[first], row[last] + 1

    def _in_one(self, sentence: Sequence[str], long: bool) -> Iterator[tuple[str, int, int, bool]]:
        places: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(sentence):
            for stem in self._stems(word):
                places[stem].append(at)
        for stem in places:
            for told in self._waiting.get(stem, ()):
                if told.stems[0] in places and told.stems[-1] in places and all(one in places for one in told.stems):
                    yield from ((told.phrase, *stretch) for stretch in _close(told, places, strict=long and told.pair))

    def _stems_of(self, word: str) -> tuple[str, ...]:
        """The stems of phrases that a word of a letter meets."""
        stem = stem_of(word)
        whole = (stem,) if stem in self._whole else ()
        return (*whole, *(f"{word[:n]}*" for n in range(1, len(word) + 1) if word[:n] in self._open))


def _parts(phrase: str, stretch: str, turned: bool) -> bool:
    """Does the stretch of a letter tell of two things, or of another number? "Separate lesions, same visit" is of no same lesion,
    "EGD with biopsy and colonoscopy" of no colonoscopy with biopsy, one layer of stitches of nothing sutured in layers."""
    one_layer = "layers" in phrase and "layer " in stretch
    return "," in stretch or one_layer or (turned and " and " in stretch and " and " not in phrase)


def _told(parts: Parts, phrase: str) -> _Told | None:
    """How a phrase is heard loosely; None for one that is heard as written only: of a single telling word, of none that tells
    the matter, or with a number."""
    if len(parts) < 2 or parts[-1:] in _CLOSING or parts[0] in _DIRECTIONS or parts[-1] in _DIRECTIONS:
        return None
    if parts[-1] in _IDLE and parts[-1] in parts[:-1]:
        return None  # "in the hospital in" waits for a month, and "in the hospital" has none
    if parts[0] in _WHOSE or ("new" in parts and ("new", "to") in pairwise(parts)):
        return None  # "his left breast" tells who has it, "new to Medicare" what is new to whom
    if _DIGIT.search(phrase) and any(part.rstrip("*").isdigit() for part in parts):
        return None
    stems = tuple([part if part[-1] == "*" else stem_of(part) for part in parts if part not in _SILENT])
    if len(stems) < 2 or _BINDING.issuperset(stems):
        return None  # "did it the same day" is not told by "same day"
    loose = len(stems) == 2 and _BINDING.isdisjoint(stems)
    kept = _JOINING | _OF_TWO_MEANINGS
    ordered = GAP in parts or not _LEADING.isdisjoint(parts[:1]) or not kept.isdisjoint(parts)
    pair = len(stems) == 2 and "of" not in parts and GAP not in parts
    return _Told(phrase, stems, WIDEST if GAP in parts else BETWEEN if loose else 0, ordered, pair)


def _close(told: _Told, places: Mapping[str, Sequence[int]], *, strict: bool) -> Iterator[tuple[int, int, bool]]:
    """Each stretch where the stems stand close together, every one at a place of its own: its first place, its last, and
    whether they stand in another order than they are told. Strictly, an "open wound" has not opened, and whom a "doc bills" is
    no doctor's bill."""
    ordered = strict or told.ordered
    between = min(told.between, BETWEEN_IN_LONG) if strict else told.between
    for start in places[told.stems[0]][:MOST]:
        taken = [start]
        for stem in told.stems[1:]:
            place = _nearest(places[stem], start, taken)
            if place is None:
                break
            taken.append(place)
        else:
            first, last, turned = min(taken), max(taken), taken != sorted(taken)
            if last - first < len(taken) + between and not (turned and ordered):
                yield first, last, turned


def _nearest(places: Sequence[int], start: int, taken: Collection[int]) -> int | None:
    """The place nearest to the start that is not taken; places stand in order, so it is among the few around it."""
    at = bisect(places, start)
    around = places[max(0, at - len(taken) - 1) : at + len(taken) + 1]
    return min((place for place in around if place not in taken), key=lambda place: abs(place - start), default=None)


def as_written() -> frozenset[str]:
    """The phrases that are heard as written only."""
    return frozenset(_lines(TABLE))
