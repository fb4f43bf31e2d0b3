"""One typing error in a long word, mended against the words that the knowledge uses, and only where a single word is meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from consultant.codebook.everyday import EVERYDAY

#: Shorter words of the knowledge are too close to one another; a letter that is left out may make a written word shorter by one.
SHORTEST = 6


class Speller:
    """Words of the knowledge, indexed by what is left when one letter is taken away."""

    def __init__(self, words: Iterable[str]) -> None:
        written = set(words)
        whole = {word.rstrip("*") for word in written}
        self._open = frozenset(word.rstrip("*") for word in written if word.endswith("*"))
        self._known = frozenset(whole)
        self._stems = tuple(sorted({word for word in whole if len(word) >= 4}))
        self._left: dict[str, tuple[str, ...]] = {}  # nearly always of one word: sets would take four times the room
        for word in whole:
            if len(word) >= SHORTEST and word.isalpha():
                for left in {word, *_deletes(word)}:
                    self._left[left] = (*self._left.get(left, ()), word)
        self.correct = lru_cache(maxsize=20_000)(self._correct)

    def _correct(self, word: str) -> str:
        """The word of the knowledge that is meant, or the word as written when none or several could be."""
        if len(word) < SHORTEST - 1 or not word.isalpha() or word in self._known or word in EVERYDAY:
            return word
        near = {known for left in (word, *_deletes(word)) for known in self._left.get(left, ()) if _one_error(word, known)}
        swapped = {known for known in near if _swapped(word, known)}
        if head := self._begins(word):
            # What begins as it should can only be meant as a whole word that begins so too.
            near = {known for known in near if known.startswith(head)}
        else:
            near = near or self._beginnings(word)
        near = swapped or near - EVERYDAY
        near = _longest(near)
        return near.pop() if len(near) == 1 else word

    def _beginnings(self, word: str) -> set[str]:
        """Beginnings such as `debrid*` that the word has with one error in them: "derbidement"."""
        heads = {word[:n] for n in range(SHORTEST - 1, len(word))}
        near = {known for head in heads for left in (head, *_deletes(head)) for known in self._left.get(left, ())}
        return {
            known
            for known in near & self._open
            if any(_one_error(head, known) for head in heads if abs(len(head) - len(known)) <= 1)
        }

    def _begins(self, word: str) -> str:
        """The longest open beginning of the word, such as `debrid*`; "" when it has none."""
        return next((word[:n] for n in range(len(word), 3, -1) if word[:n] in self._open), "")


def _longest(words: set[str]) -> set[str]:
    """Without the words that another one begins with: of `therap*` and "therapy" the latter stands for both."""
    return {word for word in words if not any(other != word and other.startswith(word) for other in words)}


def _deletes(word: str) -> list[str]:
    return [word[:n] + word[n + 1 :] for n in range(len(word))]


def _one_error(one: str, other: str) -> bool:
    """One letter more, less or other, or two neighbours swapped. The first letter must be right."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, left = one[at:], other[at:]
    return rest[1:] == left[1:] or rest[1:] == left or rest == left[1:] or _swapped(one, other)


def _swapped(one: str, other: str) -> bool:
    """Are two neighbouring letters swapped, and nothing else?"""
    if len(one) != len(other) or one == other:
        return False
    at = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    return one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
