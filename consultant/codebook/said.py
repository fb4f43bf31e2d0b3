"""What people say and the books don't, made ready once per book."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consultant.codebook.words import stem, tokens

LONGEST_PHRASE = 6  # words of a term

Meanings = tuple[tuple[str, ...], ...]  # of one phrase: each meaning as words


@dataclass(frozen=True, slots=True)
class Said:
    """Terms, short forms and groups of words, by what a question is read with."""

    means: Mapping[str, Meanings]  # abbreviation or lay word, as its tokens joined by blanks → what it stands for
    longest: Mapping[str, int]  # first word of such a phrase → words of the longest that begins with it
    also: Mapping[str, tuple[str, ...]]  # short form → stems of the words it may be a cut of
    same: Mapping[str, tuple[str, ...]]  # stem → other stems that say the same
    within: Mapping[str, tuple[str, ...]]  # stem of a part of the body → stems of what it is a part of

    @classmethod
    def read(cls, texts: Callable[[str], Iterable[str]]) -> Said:
        """`texts(kind)`: the JSON of each "term", "same" and "short" of the book, which were checked when it was built."""
        terms, same, shorts = (map(json.loads, texts(kind)) for kind in ("term", "same", "short"))
        return cls.of(terms, (group["words"] for group in same), shorts)

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
        return cls(means, _longest(means), also, alike, within)


def _longest(phrases: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for phrase in phrases:
        words = phrase.split(" ")
        found[words[0]] = min(max(found.get(words[0], 0), len(words)), LONGEST_PHRASE)
    return found
