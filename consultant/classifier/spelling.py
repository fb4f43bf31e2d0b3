"""One typing error in a long word, mended against the words that the knowledge uses, and only where a single word is meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

#: Shorter words of the knowledge are too close to one another; a letter that is left out may make a written word shorter by one.
SHORTEST = 6

#: Common English words that lie one letter from a word of the field. They are left as written.
_COMMON = """
about above across actual after again against almost alone along already although always among answer anyone anything around
asked asking assure attach based became because become before began begin behind below better between beyond billed billing
bills bought brought called calls cannot carrier cause caused change charge charged claim clear clearly coded coder codes
coding common company contract contracts corner correct could count counter county course court cover covers daily dated
dealing decide denied different doctor doing doubt drive during easily eight either enough ensure enter entire entry every
exact example except expect explain extra facts fails field figure final finally first fixed follow followed formal former
forms found fresh front further general getting given gives going goods grade great group handed hands happen happy having
heard hello helps hence higher hours house however human ideas include including inform instead insure issue items itself
joint keeps kinds known knows label large later latest leads learn least leave legal lesson lessons letter level limit lines
lists little local logic longer looked looks lower lunch makes manage manner master matter matters maybe means meant mention
mentions might minor minus minute moment moved nearly needed needs never night normal notes nothing number office often order
other others ought paid paper parts passed patch patent patient people perhaps person persons phone place placed plain plans
please point possible power price printer printed
prints prior process proof provide provider question quick quite quote raise range rather reach
reading ready really reason recent record refer regard regards regular remain reply report request require review right rules
saying second section sections seems sends separate serve service session seven several shall share sheet short should shown
shows similar simple simply since single sister someone sorry sound speak stand start started state station steps still study
style summer system taken takes terms thank thanks their theirs there these thing things think third those though thought
three through times title today together total toward track trade tried truth twice under understand united unless until upper
using usual usually value version visit wanted wants watch weeks weird where whether which while whole whose winter within
without wonder words worked works worse worth would write writing wrong years yours
"""
COMMON = frozenset(_COMMON.split())


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
        if len(word) < SHORTEST - 1 or not word.isalpha() or word in self._known or word in COMMON:
            return word
        near = {known for left in (word, *_deletes(word)) for known in self._left.get(left, ()) if _one_error(word, known)}
        if head := self._begins(word):
            # What begins as it should can only be meant as a whole word that begins so too.
            near = {known for known in near if known.startswith(head)}
        else:
            near = near or self._beginnings(word)
        near = {known for known in near if _swapped(word, known)} or near - COMMON
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
