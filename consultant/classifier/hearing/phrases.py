"""Phrases, found in a row of words by their first word and their second: a word that begins a hundred of them costs little.

A phrase may have a gap: "pulled .. stent*" stands in "pulled out both JJ stents". It holds three words at most, or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

KEPT = 20_000  # words whose beginnings are remembered
GAP = ".."  # between two words of a phrase: other words may stand here …
WIDEST = 3  # … so many at most
_AGED = frozenset({"year", "years", "yr", "yrs", "month", "months", "week", "weeks", "day", "days"})
Parts = tuple[str, ...]


@dataclass(slots=True)
class _Rest:
    """The phrases that begin with one word: those of that word alone, and the others by what they look for next.

    A second word that is told whole is looked up; of one that is told by its beginning, its first letter ("" for a gap).
    """

    alone: list[tuple[Parts, str]] = field(default_factory=list)
    seconds: dict[str, list[tuple[Parts, str]]] = field(default_factory=lambda: defaultdict(list))
    open_seconds: dict[str, list[tuple[Parts, str]]] = field(default_factory=lambda: defaultdict(list))
    behind_gaps: dict[str, list[tuple[Parts, str]]] = field(default_factory=lambda: defaultdict(list))  # by the word behind a gap


class Phrases:
    """Rows of words, each with what it stands for; a last * of a word means any word that begins so."""

    def __init__(self, phrases: Sequence[tuple[Parts, str]]) -> None:
        self._exact: dict[str, _Rest] = {}
        self._open: dict[str, _Rest] = {}
        for parts, phrase in phrases:
            if not parts:
                continue
            first = parts[0]
            rests = self._open if first.endswith("*") else self._exact
            head = first.rstrip("*")
            rest = rests.get(head) or rests.setdefault(head, _Rest())
            if len(parts) == 1:
                rest.alone.append((parts, phrase))
            elif parts[1] == GAP and not parts[2].endswith("*"):
                rest.behind_gaps[parts[2]].append((parts, phrase))
            elif parts[1].endswith("*") or parts[1] == GAP:
                rest.open_seconds["" if parts[1] == GAP else parts[1][0]].append((parts, phrase))
            else:
                rest.seconds[parts[1]].append((parts, phrase))
        self._rests = lru_cache(maxsize=KEPT)(self._beginning)

    def standing(self, words: Sequence[str], at: int) -> Iterator[tuple[Parts, str, int]]:
        """The phrases that stand in the row from the word at `at`, each with the place behind its last word."""
        of_age = words[at] == "old" and at > 0 and words[at - 1] in _AGED  # "a six-year-old broke his arm": no old break
        following = words[at + 1] if at + 1 < len(words) and not of_age else None
        reached = dict.fromkeys(words[at + 1 : at + 2 + WIDEST])
        for rest in self._rests(words[at]):
            for parts, phrase in rest.alone:
                yield parts, phrase, at + 1
            if following is not None:
                for parts, phrase in rest.seconds.get(following, ()):
                    if end := at + 2 if len(parts) == 2 else end_of(parts, words, at + 2, 2):
                        yield parts, phrase, end
                for parts, phrase in _near(rest, following, reached):
                    if end := end_of(parts, words, at + 1, 1):
                        yield parts, phrase, end

    def _beginning(self, word: str) -> tuple[_Rest, ...]:
        found = [self._exact.get(word), *(self._open.get(word[:n]) for n in range(1, len(word) + 1))]
        return tuple(rest for rest in found if rest)


def _near(rest: _Rest, following: str, reached: Iterable[str]) -> Iterator[tuple[Parts, str]]:
    """The phrases that may stand before these words by their beginnings, and those with a word within reach of a gap."""
    yield from rest.open_seconds.get(following[:1], ())
    yield from rest.open_seconds.get("", ())
    if rest.behind_gaps:
        for word in reached:
            yield from rest.behind_gaps.get(word, ())


def end_of(parts: Parts, words: Sequence[str], at: int, first: int = 0) -> int:
    """The place behind the last of the parts, which stand in the row from the `first` of them at `at` on; 0 when they do not."""
    for n in range(first, len(parts)):
        part = parts[n]
        if part == GAP:
            starts = range(at, min(at + WIDEST + 1, len(words)))
            return next((end for start in starts if (end := end_of(parts, words, start, n + 1))), 0)
        if at == len(words) or not (words[at].startswith(part[:-1]) if part[-1] == "*" else words[at] == part):
            return 0
        at += 1
    return at
