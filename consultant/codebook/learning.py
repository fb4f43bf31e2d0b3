"""Short forms learned from official titles of ICD-10-CM.

    python -m consultant.codebook.learning ORDER_FILE… > consultant/codebook/starter/terms/short-titles.toml

The order files give each code a title of at most sixty characters beside the full one. Word by word the short one is laid along
the full one; a short word that is again and again the same full word with letters left out stands for it. Anyone with the files
can run it again: the result depends on nothing else.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from consultant.codebook.words import JOINTS, stem, tokens

_SAME, _SKIPPED = 3.0, -1.0  # scores of a word that both titles have, and of a short word that nothing answers
_LEAST_SEEN, _LEAST_SHARE, _MOST = 2, 0.12, 4
_ROUNDS = 3  # each lays the titles along each other with what the round before has learned

Pair = tuple[tuple[str, ...], tuple[str, ...]]
Seen = Mapping[str, Counter[str]]


def pairs(lines: Iterable[str]) -> Iterator[Pair]:
    """The words of short and full title of each line of an order file, where they differ."""
    for line in lines:
        short, full = line[16:76].strip(), line[77:].strip()
        if short and full and short != full:
            yield _words(short), _words(full)


def _words(title: str) -> tuple[str, ...]:
    return tuple(word for word in tokens(title) if word not in JOINTS)


def learned(titles: Iterable[Pair]) -> dict[str, list[str]]:
    """Short form → the words that it stands for, the likeliest first."""
    found = Counter(titles)
    seen: Seen = {}
    for _ in range(_ROUNDS):
        following: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (short, full), times in found.items():
            for cut, word in _laid(short, full, seen):
                following[cut][word] += times
        seen = following
    literal = Counter(word for (_, full), times in found.items() for word in full for _ in range(times))
    return {cut: words for cut, told in sorted(seen.items()) if (words := _kept(cut, told, literal))}


def _laid(short: tuple[str, ...], full: tuple[str, ...], seen: Seen) -> list[tuple[str, str]]:
    """The short forms and what each stands for, in the order of both titles, so that most of both is met."""
    best: list[list[tuple[float, tuple[tuple[str, str], ...]]]] = [[(0.0, ())] * (len(full) + 1)]
    for cut in short:
        line = [(best[-1][0][0] + _SKIPPED, best[-1][0][1])]
        for at, word in enumerate(full, 1):
            above, before = best[-1][at], best[-1][at - 1]
            score = _score(cut, word, seen)
            taken = (before[0] + score, (*before[1], (cut, word)) if cut != word else before[1])
            line.append(max((above[0] + _SKIPPED, above[1]), line[-1], taken, key=lambda item: item[0]))
        best.append(line)
    return list(best[-1][-1][1])


def _score(cut: str, word: str, seen: Seen) -> float:
    if cut == word:
        return _SAME
    if not cut.isalpha() or cut[0] != word[0] or len(cut) >= len(word) or not _in_order(cut, word):
        return 2 * _SKIPPED
    known = math.log1p(seen[cut][word]) / 10 if cut in seen else 0.0
    return 0.5 + len(cut) / len(word) + min(known, 1.0)


def _in_order(cut: str, word: str) -> bool:
    letters = iter(word)
    return all(letter in letters for letter in cut)


def _kept(cut: str, told: Counter[str], literal: Counter[str]) -> list[str]:
    """What a form is seen for often enough; nothing for a word that the full titles use themselves."""
    total = told.total()
    if literal[cut] > total / 4 or len(cut) < 2:
        return []
    by_stem: dict[str, str] = {}
    for word, times in sorted(told.items(), key=lambda item: (-item[1], item[0])):
        if times >= _LEAST_SEEN and times >= _LEAST_SHARE * total and stem(word) != stem(cut):
            by_stem.setdefault(stem(word), word)
    return list(by_stem.values())[:_MOST]


def toml(forms: Mapping[str, list[str]]) -> str:
    rows = "".join(f"    {{ short = {json.dumps(cut)}, words = {json.dumps(words)} }},\n" for cut, words in forms.items())
    return f"# Learned from official short titles by consultant/codebook/learning.py: not edited by hand.\n\nshort = [\n{rows}]\n"


def main(files: list[str]) -> None:
    lines = (line for file in files for line in Path(file).read_text(encoding="ascii", errors="replace").splitlines())
    sys.stdout.write(toml(learned(pairs(lines))))


if __name__ == "__main__":
    main(sys.argv[1:])
