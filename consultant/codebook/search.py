"""Search: words in any order and any spelling to codes, the likeliest first, with the words that brought each.

A surface (a title, an inclusion term, a keyword) is scored by what it shares with the question, weighed against what either
says alone. The best surface of a code speaks for it. A heading is followed down to the code under it that the question
describes best, or that adds nothing the question left open.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from consultant.codebook import indexing, numbers, query
from consultant.codebook import words as wording
from consultant.codebook.descent import Descent, Found
from consultant.codebook.fitting import fit, standing
from consultant.codebook.index import Index, Rows
from consultant.codebook.query import UNMET, UNSAID, Reading, Said, Slot
from consultant.codebook.told import FIELD_NAMES, STEM
from consultant.codebook.words import plain, tokens
from consultant.vocabulary import Hit, System

CLOSE = 0.8  # share of a word's weight from which on a term counts as meant …
RARE = 300  # … unless so few surfaces have it
TOUCHED = 6_000  # of one system
EFFORT = 0.4  # share of the work on each system, when all are asked
REFINED = 120  # surfaces that are read in full
WEIGHED = 8  # codes that are looked at closely, besides those that are asked for
VERBATIM = 0.02
MOST_CLOSE = 12
UNHINTED = 0.97  # a system that the question does not name, when it names another
COMPOSED = 0.9  # ICD-10-PCS, whose titles have a word for everything, when it is not asked for
HINTS = {
    "cpt": System.CPT, "hcpcs": System.HCPCS, "modifier": System.MODIFIER, "pcs": System.ICD10PCS,
    "dx": System.ICD10CM, "diagnosis": System.ICD10CM, "icd": System.ICD10CM, "pos": System.POS,
}  # fmt: skip


class _Near(NamedTuple):
    score: float
    surface: int
    reading: Reading
    share: float


def _reached(near: Mapping[int, _Near], limit: int) -> float:
    """The score that a surface must have to come among the hits, as far as one can tell."""
    if len(near) < limit:
        return 0.0
    return heapq.nlargest(limit, (item.score for item in near.values()))[-1]


class Searcher:
    """Search in an open book. `rows(sql, *values)` runs a query on it; safe to share between threads."""

    def __init__(self, rows: Rows, path: Path, said: Said) -> None:
        self._rows = rows
        self._said = said
        self._index = Index(rows, path)
        self._descent = Descent(rows, self._index)

    def search(self, words: str, system: System | None = None, limit: int = 10, on: date | None = None) -> list[Hit]:
        """At most `limit` hits, the best first; scores are 0..1. [] when no word of the question is in the book."""
        hits = numbers.named(self._rows, words, system, limit, on)
        if len(hits) < limit and (not hits or len(words.split()) > 1):
            hits += self._by_title(words, system, on)
            named = {hit.code for hit in hits}
            hits += [hit for hit in self._by_words(words, system, limit, on) if hit.code not in named]
        return hits[:limit]

    def _by_title(self, title: str, system: System | None, on: date | None) -> list[Hit]:
        """The code whose very title this is, or another wording of it."""
        sql = "SELECT c.id, c.code, c.system, c.title, exact.field FROM exact JOIN code c ON c.id = exact.code WHERE text = ?"
        return [
            Hit(code, System(of), 1.0, own, {word: field for word, _ in wording.meaning(tokens(title))})
            for row, code, of, own, field in self._rows(sql, plain(title))
            if system in (None, of) and numbers.in_force(self._rows, row, on)
        ]

    def _by_words(self, words: str, system: System | None, limit: int, on: date | None) -> list[Hit]:
        ways = [query.words_of(way, self._said, self._index) for way in query.turns(words, self._said)]
        hinted = {HINTS[word] for word in tokens(words) if word in HINTS}
        near: dict[int, _Near] = {}
        effort = 1.0 if system else EFFORT
        for segment, share in self._segments(system, hinted, on):
            for reading in filter(None, (query.read(way, self._index, segment) for way in ways)):
                if reading.best * share < _reached(near, limit):
                    continue  # nothing there can come among the hits
                for item in self._near(reading, share, effort):
                    if item.surface not in near or near[item.surface].score < item.score:
                        near[item.surface] = item
        best: dict[str, Found] = {}
        for found in self._followed(near.values(), WEIGHED + limit):
            if (found.code not in best or best[found.code].score < found.score) and numbers.in_force(self._rows, found.row, on):
                best[found.code] = found
        ranked = sorted(best.values(), key=lambda found: (-round(found.score, 4), len(found.title), found.code))
        return [self._hit(found) for found in self._ordered(ranked)[:limit]]

    def _segments(self, system: System | None, hinted: set[System], on: date | None) -> Iterator[tuple[int, float]]:
        """The segments to search, and how far what they hold may be believed."""
        for one in System:
            if system not in (None, one):
                continue
            share = UNHINTED if hinted and one not in hinted else 1.0
            if one is System.ICD10PCS and not system and one not in hinted:
                share *= COMPOSED
            for ended in (False, True) if on else (False,):
                segment = indexing.segment(one, ended=ended)
                if self._index.sizes[segment]:
                    yield segment, share

    def _followed(self, near: Iterable[_Near], most: int) -> Iterator[Found]:
        """The best surface of each of the best codes, followed down to what can be billed."""
        seen: set[int] = set()
        for item in sorted(near, key=lambda item: (-item.score, item.surface)):
            owner = self._index.owners[item.surface]
            if owner not in seen:
                seen.add(owner)
                found = self._descent.follow(item.surface, item.score / item.share, item.reading)
                yield found._replace(score=found.score * item.share)
            if len(seen) == most:
                return

    def _near(self, reading: Reading, share: float, effort: float) -> Iterator[_Near]:
        """The surfaces that share most with the question, with what each scores."""
        index, weights, terms_of = self._index, self._index.weights, self._index.terms
        for at in self._candidates(reading, effort):
            score = fit(terms_of(at), weights[at], reading) * standing(index, at, reading)
            if score:
                yield _Near(score * share, at, reading, share)

    def _candidates(self, reading: Reading, effort: float) -> Iterable[int]:
        """Surfaces to be read: those that share most of the rare words with the question.

        Words that are known come first: a rare word that was only guessed at must not decide what is looked at.
        """
        index, met = self._index, dict[int, float]()
        touched = 0
        finding = ((slot.guessed, *self._finding(slot, reading.segment)) for slot in reading.slots)
        for _, size, terms in sorted(finding):
            if met and touched + size > TOUCHED * effort:
                break
            touched += size
            for term, gain in terms:
                for at in index.surfaces(term, reading.segment):
                    met[at] = met.get(at, 0.0) + gain
        most = int(REFINED * effort)
        if len(met) <= most:
            return met
        weights, asked = index.weights, UNMET * reading.weight
        least = 0.45 * max(met.values())
        scores = {at: got / (asked + UNSAID * max(weights[at], got)) for at, got in met.items() if got >= least}
        return heapq.nlargest(most, scores, key=scores.__getitem__)

    def _finding(self, slot: Slot, segment: int) -> tuple[int, list[tuple[int, float]]]:
        """The terms that surfaces are found by, and in how many: what only may be meant, and is said often, is none of them."""
        counted = [(self._index.count(term, segment), term, gain) for term, gain in slot.gains]
        kept = [item for item in counted if item[2] >= CLOSE * slot.weight or item[0] <= RARE]
        return sum(count for count, _, _ in kept), [(term, gain) for _, term, gain in kept]

    def _ordered(self, ranked: list[Found]) -> list[Found]:
        """Of those that score as the best does, the one whose title the question says word for word comes first."""
        close = [found for found in ranked[:MOST_CLOSE] if found.score >= ranked[0].score - VERBATIM]
        return sorted(close, key=lambda found: -round(found.score + self._verbatim(found), 4)) + ranked[len(close) :]

    def _verbatim(self, found: Found) -> float:
        titled = [str(self._index.term(term)) for term in wording.terms(found.title)]
        if f",{','.join(titled)}," in found.reading.spoken:
            return VERBATIM
        spoken, title = Counter(found.reading.spoken.strip(",").split(",")), Counter(titled)
        return VERBATIM / 2 * (spoken & title).total() / (spoken | title).total()

    def _hit(self, found: Found) -> Hit:
        held, titled = set(self._index.terms(found.surface)), set(found.terms)
        field = FIELD_NAMES[self._index.fields[found.surface]]
        field = "title" if field == STEM else field
        words = {}
        for slot in found.reading.slots:
            answers = {term for term, _ in slot.gains}
            if answers & held:
                words[slot.word] = field
            elif answers & titled:
                words[slot.word] = "title"
        return Hit(found.code, System(found.system), round(min(found.score, 1.0), 4), found.title, words)
