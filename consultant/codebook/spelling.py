"""Words that no title has, brought to words that some title has: slips of the pen, and abbreviations cut by hand.

Candidates come from the letter triples of the book's own words, so the cost is bounded by the length of the word and the
size of the vocabulary, never by the number of codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from consultant.codebook.words import stem

LONGEST = 24  # letters; a longer unknown word is no slip of a known one
SHORT = 8  # letters of a word that one slip leaves with few triples
LOOKED_AT = 60  # candidates whose distance is measured


class Guess(NamedTuple):
    stem: str
    likeness: float  # 0..1


def grams(word: str) -> set[str]:
    """The letter triples of a word, with its beginning and end marked."""
    marked = f"^{word}$"
    return {marked[at : at + 3] for at in range(len(marked) - 2)}


def keys(word: str) -> set[str]:
    """What a known word is found by: its letter triples, and, for a short word, what is left of it without one of its letters."""
    return grams(word) | _shortened(word)


def _shortened(word: str) -> set[str]:
    if len(word) > SHORT:
        return {"=" + "".join(sorted(word))}
    return {f"-{word}", "=" + "".join(sorted(word)), *(f"-{word[:at]}{word[at + 1 :]}" for at in range(len(word)))}


def guesses(word: str, holders: Callable[[str], Iterable[int]], known: Callable[[list[int]], Sequence[str]]) -> list[Guess]:
    """Stems of known words that `word` may be meant for, the likeliest first; [] when none is near.

    `holders(gram)` gives the ids of the words with a letter triple; `known(ids)` gives the words of those.
    """
    if not 3 <= len(word) <= LONGEST or not word.isalpha():
        return []
    shared: Counter[int] = Counter()
    for gram in sorted(grams(word)):  # the same candidates in every process, whatever the order of a set
        shared.update(holders(gram))
    for key in sorted(_shortened(word)):
        shared.update(dict.fromkeys(holders(key), len(word)))
    found: dict[str, float] = {}
    for candidate in known([key for key, _ in shared.most_common(LOOKED_AT)]):
        likeness = _likeness(word, candidate)
        if likeness:
            found[stem(candidate)] = max(found.get(stem(candidate), 0.0), likeness)
    return [Guess(key, found[key]) for key in sorted(found, key=lambda key: (-found[key], key))]


def _likeness(word: str, candidate: str) -> float:
    """How well `word` may stand for `candidate`: 1 minus the share of letters that differ, or a cut of it; 0 when it can't."""
    allowed = 0 if len(word) < 5 else 1 if len(word) < 7 else 2 if len(word) < 11 else 3
    apart = distance(word, candidate, allowed)
    return max(1 - apart / len(word) if apart <= allowed else 0.0, _cut(word, candidate))


def _cut(word: str, candidate: str) -> float:
    """How well `word` may stand for a longer word that it begins, or that it has lost letters of."""
    if word[0] != candidate[0] or len(word) >= len(candidate):
        return 0.0
    if candidate.startswith(word) and len(word) > 3:
        return 0.85 if len(word) > 4 else 0.6
    lost = candidate[-1] == word[-1] and len(candidate) <= 2 * len(word) and _in_order(word, candidate)
    return 0.75 if lost else 0.0


def _in_order(word: str, candidate: str) -> bool:
    letters = iter(candidate)
    return all(letter in letters for letter in word)


def distance(a: str, b: str, most: int) -> int:
    """Slips between two words: a letter changed, left out, added, or two swapped; `most` + 1 when there are more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        line = [i]
        for j, y in enumerate(b, 1):
            cost = min(row[j] + 1, line[-1] + 1, row[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, row = row, line
    return row[-1]
