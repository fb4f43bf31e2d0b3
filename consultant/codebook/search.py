"""Search: words in any order and any spelling to codes, the likeliest first, with the words that brought each.

A surface (a title, an inclusion term, a keyword) is scored by what it shares with the question, weighed against what either
says alone. The best surface of a code speaks for it. A heading is followed down to the code under it that the question
describes best, or that adds nothing the question left open.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from consultant.codebook import codes, query, wording
from consultant.codebook.index import FIELD_NAMES, FIELDS, SYSTEMS, Index, Rows, astray
from consultant.codebook.query import Reading
from consultant.codebook.wording import OUT_OF_CONTEXT, UNMET, UNSAID, Wording
from consultant.codebook.words import plain, terms, tokens
from consultant.vocabulary import Hit, System

TOUCHED = 10_000  # postings that are added up in full; commoner terms only refine what these found
REFINED = 500  # surfaces that commoner terms are looked up for
WEIGHED = 12  # codes that are looked at closely
VERBATIM = 0.02
FULL_LENGTH = 8  # of an ICD-10-CM code with its 7th character and its dot
FIELD_SHARES = tuple(FIELDS.values())


class _Title(NamedTuple):
    code: str
    system: str
    title: str
    wording: Wording
    plainness: int
    seventh: str  # as official short titles write the 7th character
    heading: bool


class _Found(NamedTuple):
    score: float
    code: str
    system: str
    title: str
    field: str
    surface: str
    reading: Reading


class Searcher:
    """Search in an open book. `rows(sql, *values)` runs a query on it; safe to share between threads."""

    def __init__(self, rows: Rows, meanings: Mapping[str, Sequence[str]]) -> None:
        self._rows = rows
        self._index = Index(rows)
        self._terms = {" ".join(tokens(term)): tuple(tuple(tokens(means)) for means in found) for term, found in meanings.items()}
        self._wording = lru_cache(maxsize=8192)(partial(wording.read, index=self._index))
        self._below = lru_cache(maxsize=4096)(self._read_below)

    def search(self, words: str, system: System | None = None, limit: int = 10) -> list[Hit]:
        """At most `limit` hits, the best first; scores are 0..1. [] when no word of the question is in the book."""
        hits = self._by_number(words, system, limit)
        if len(hits) < limit and (not hits or len(words.split()) > 1):
            hits += self._by_title(words, system)
            named = {hit.code for hit in hits}
            hits += [hit for hit in self._by_words(words, system, limit) if hit.code not in named]
        return hits[:limit]

    # --- codes by their number ----------------------------------------------------------------------------------------

    def _by_number(self, words: str, system: System | None, limit: int) -> list[Hit]:
        """Codes that the words name in full, then, for a lone beginning of a code, those that go on from it."""
        lone = bool(codes.readings(words))
        named = [words] if lone else [word for word in words.split()[: query.MOST_WORDS] if any(map(str.isdigit, word))][:12]
        hits: dict[str, Hit] = {}
        for name in named:
            for code, of in codes.readings(name):
                known = self._rows("SELECT title FROM code WHERE code = ? AND system = ? AND kind = 'code'", code, of)
                if known and system in (None, of) and (lone or any(map(str.isalpha, code)) or len(code) > 3):
                    hits.setdefault(code, Hit(code, of, 1.0, known[0][0], {name.strip(): "code"}))
                    break
        return [*hits.values(), *(hit for hit in self._beginning(words, system, limit) if hit.code not in hits)]

    def _beginning(self, words: str, system: System | None, limit: int) -> list[Hit]:
        start = words.strip().upper()
        start = codes.dotted(start) if start[:1].isalpha() and start.isalnum() else start.rstrip("-.")
        if not 3 <= len(start) <= 8 or not start.replace(".", "").isalnum() or not any(map(str.isdigit, start)):
            return []
        sql = (
            "SELECT code, system, title FROM code WHERE code BETWEEN ? AND ? AND billable AND system LIKE ? ORDER BY code LIMIT ?"
        )
        found = self._rows(sql, start, start + "~", system or "%", limit + 1)
        return [Hit(code, System(of), 0.9, title, {start: "code"}) for code, of, title in found]

    def _by_title(self, title: str, system: System | None) -> list[Hit]:
        """The code whose very title this is."""
        sql = "SELECT c.code, c.system, c.title FROM exact JOIN code c ON c.id = exact.code WHERE exact.text = ?"
        found = self._rows(sql, plain(title))
        return [Hit(code, System(of), 1.0, own, {own: "title"}) for code, of, own in found if system in (None, of)]

    # --- codes by words -----------------------------------------------------------------------------------------------

    def _by_words(self, words: str, system: System | None, limit: int) -> list[Hit]:
        best: dict[str, _Found] = {}
        for reading in query.readings(words, self._terms, self._index):
            for found in self._weigh(reading, system, limit):
                if found.code not in best or best[found.code].score < found.score:
                    best[found.code] = found
        ranked = heapq.nsmallest(
            limit, best.values(), key=lambda found: (-round(_ordered(found), 4), len(found.title), found.code)
        )
        return [_hit(found) for found in ranked]

    def _weigh(self, reading: Reading, system: System | None, limit: int) -> list[_Found]:
        """The codes whose surfaces answer a reading best, each followed down to what can be billed."""
        near = self._near(reading, system, WEIGHED + limit)
        marks = ", ".join("?" * len(near))
        joined = "SELECT s.id, s.text, c.code, c.system, c.title FROM surface s JOIN code c ON c.id = s.code"
        found = []
        for at, text, code, of, title in self._rows(f"{joined} WHERE s.id IN ({marks})", *near):
            score = self._standing(at, reading) * wording.likeness(self._wording(text), reading, self._index)
            found.append(_Found(score, code, of, title, FIELD_NAMES[self._index.fields[at]], text, reading))
        return [self._down(item) for item in heapq.nlargest(max(WEIGHED, limit), found, key=lambda item: item.score)]

    def _near(self, reading: Reading, system: System | None, most: int) -> dict[int, float]:
        """The best surface of each of the `most` best codes, with its score."""
        index = self._index
        wanted = SYSTEMS.index(system) if system else None
        weights, systems, asked = index.weights, index.systems, UNMET * reading.weight
        scores = {
            at: met / (asked + UNSAID * weights[at])
            for at, met in self._met(reading).items()
            if wanted is None or systems[at] == wanted
        }
        scores = {at: scores[at] * self._standing(at, reading) for at in heapq.nlargest(most * 8, scores, key=scores.__getitem__)}
        near: dict[int, float] = {}
        seen: set[int] = set()
        for at in sorted(scores, key=scores.__getitem__, reverse=True):
            if index.codes[at] not in seen and len(near) < most:
                seen.add(index.codes[at])
                near[at] = scores[at]
        return near

    def _standing(self, at: int, reading: Reading) -> float:
        """How far a surface may be believed: by its kind, and less when it speaks of what the question does not."""
        stray = astray(self._index.circumstances[at], reading.circumstances)
        return FIELD_SHARES[self._index.fields[at]] * (OUT_OF_CONTEXT if stray else 1.0)

    def _met(self, reading: Reading) -> dict[int, float]:
        """What each surface shares with the question: rare terms find surfaces, common ones refine the best of them.

        Words that are known come first: a rare word that was only guessed at must not decide what is looked at.
        """
        met: dict[int, float] = {}
        touched = 0
        for slot in sorted(reading.slots, key=lambda slot: slot.guessed):
            postings = [(self._index.posting(term)[1], gain) for term, gain in slot.gains]
            size = sum(len(ids) for ids, _ in postings)
            if touched and touched + size > TOUCHED:
                met = _refine(met, postings)
            else:
                touched += size
                _add(met, postings)
        return met

    def _down(self, found: _Found) -> _Found:
        """From a heading, or a code that wants a 7th character, to the code under it that the question describes best."""
        for _ in range(6):
            below = self._below(found.code)
            if not below:
                return found
            scored = [(self._score(title, found.reading), title) for title in below]
            score, best = max(
                scored, key=lambda item: (item[1].seventh in found.reading.terms, round(item[0], 3), item[1].plainness)
            )
            found = found._replace(code=best.code, title=best.title, score=max(found.score * 0.995, score))
            if not best.heading:
                return found
        return found

    def _read_below(self, code: str) -> tuple[_Title, ...]:
        found = self._rows("SELECT code, system, title, billable FROM code WHERE parent = ? ORDER BY id", code)
        return tuple(self._title(*row) for row in found)

    def _title(self, code: str, system: str, title: str, billable: int) -> _Title:
        seventh = f"7th{code[-1].lower()}" if len(code) == FULL_LENGTH else ""
        return _Title(code, system, title, wording.read(title, self._index), _plainness(title), seventh, not billable)

    def _score(self, title: _Title, reading: Reading) -> float:
        return wording.likeness(title.wording, reading, self._index) * wording.in_context(title.wording, reading)


def _add(met: dict[int, float], postings: Sequence[tuple[array[int], float]]) -> None:
    if len(postings) == 1:
        ids, gain = postings[0]
        if not met:
            met.update(dict.fromkeys(ids, gain))
            return
        for at in ids:
            met[at] = met.get(at, 0.0) + gain
        return
    best: dict[int, float] = {}
    for ids, gain in reversed(postings):
        best.update(dict.fromkeys(ids, gain))
    for at, gain in best.items():
        met[at] = met.get(at, 0.0) + gain


def _refine(met: dict[int, float], postings: Sequence[tuple[array[int], float]]) -> dict[int, float]:
    if len(met) > REFINED:
        met = {at: met[at] for at in heapq.nlargest(REFINED, met, key=met.__getitem__)}
    for at in met:
        for ids, gain in postings:
            if _holds(ids, at):
                met[at] += gain
                break
    return met


def _holds(ids: array[int], at: int) -> bool:
    place = bisect_left(ids, at)
    return place < len(ids) and ids[place] == at


def _ordered(found: _Found) -> float:
    """The score, a little more for a title that the question says word for word: it breaks ties between its permutations."""
    verbatim = " ".join(terms(found.title)) in found.reading.spoken
    return found.score + VERBATIM * verbatim


def _plainness(title: str) -> int:
    """Of two titles that answer alike: the unspecified one, the first encounter, the one that adds nothing."""
    held = title.lower()
    return (
        2 * ("unspecified" in held)
        + 2 * ("initial encounter" in held)
        + ("without" in held)
        + ("uncomplicated" in held)
        - ("other" in held)
    )


def _hit(found: _Found) -> Hit:
    held, titled = set(terms(found.surface)), set(terms(found.title))
    words = {}
    for slot in found.reading.slots:
        answers = {term for term, _ in slot.gains}
        if answers & held:
            words[slot.word] = found.field
        elif answers & titled:
            words[slot.word] = "title"
    return Hit(found.code, System(found.system), round(min(found.score, 1.0), 4), found.title, words)
