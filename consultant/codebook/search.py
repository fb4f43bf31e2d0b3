"""Search: words in any order and any spelling to codes, the likeliest first, with the words that brought each.

A surface (a title, an inclusion term, a keyword) is scored by what it shares with the question, weighed against what either
says alone. The best surface of a code speaks for it. A heading is followed down to the code under it that the question
describes best, or that adds nothing the question left open.
"""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from consultant.codebook import indexing, numbers, query
from consultant.codebook import words as wording
from consultant.codebook.asked import Lexicon
from consultant.codebook.descent import Descent, Found
from consultant.codebook.finding import EFFORT, candidates, needed
from consultant.codebook.fitting import fit, standing
from consultant.codebook.index import Index, Rows
from consultant.codebook.query import Asked, Reading
from consultant.codebook.said import Said
from consultant.codebook.told import FIELD_NAMES, STEM
from consultant.codebook.words import plain, tokens
from consultant.vocabulary import Hit, System

WEIGHED = 14  # codes that are looked at closely, at least …
BESIDES = 4  # … and besides those that are asked for
VERBATIM = 0.02
MOST_CLOSE = 12
WHOLE = 0.8  # from here on a wording says all that is asked, if not its circumstances
SCATTERED = 5  # words; who says fewer means their order
REORDERED = 0.7  # how far a title is believed that has all words and negates others
UNHINTED = 0.97  # a system that the question does not name, when it names another
COMPOSED = 0.9  # ICD-10-PCS, whose titles have a word for everything, when it is not asked for
HINTS = {
    "cpt": System.CPT, "hcpcs": System.HCPCS, "modifier": System.MODIFIER, "pcs": System.ICD10PCS,
    "dx": System.ICD10CM, "diagnosis": System.ICD10CM, "icd": System.ICD10CM, "pos": System.POS,
}  # fmt: skip
_HINT = re.compile(rf"\b(?:{'|'.join(HINTS)})\b")
SEGMENT = {(one, ended): indexing.segment(one, ended=ended) for one in System for ended in (False, True)}


class _Near(NamedTuple):
    score: float
    surface: int
    reading: Reading
    share: float


def _speaking_of(named: list[Hit], found: list[Hit]) -> list[Hit]:
    """What answers wholly with a wording that itself names the codes: "conditions in B20-B24" are a code of their own."""
    said = {word for hit in named for name in hit.words for word in tokens(name) if word[0].isalpha()}
    return [hit for hit in found if hit.score >= WHOLE and not said.isdisjoint(hit.words)]


def _promise(item: tuple[Asked, float]) -> float:
    """Where an answer is sought first, as it sets what the others must reach: where the words may score most, and where they
    weigh least, as that is the system that always speaks in such words."""
    asked, share = item
    return -asked.best * share / asked.weight


class Searcher:
    """Search in an open book. `rows(sql, *values)` runs a query on it; safe to share between threads."""

    def __init__(self, rows: Rows, path: Path, said: Said) -> None:
        self._rows = rows
        self._said = said
        self._index = Index(rows, path)
        self._lexicon = Lexicon(said, self._index)
        self._descent = Descent(rows, self._index)
        self._reorders = bool(rows("SELECT 1 FROM sqlite_master WHERE name = 'reordered'"))  # a book made before has it not

    def search(self, words: str, system: System | None = None, limit: int = 10, on: date | None = None) -> list[Hit]:
        """At most `limit` hits, the best first; scores are 0..1. [] when no word of the question is in the book."""
        titled = self._by_title(words, system, on)
        named = numbers.named(self._rows, words, system, limit, on)
        by_words = len(titled) < limit and (not named or len(words.split()) > 1)
        found = self._by_words(words, system, limit, on) if by_words else []
        hits: dict[str, Hit] = {}
        reordered = self._reordered(words, system, on)
        # No other title has just these words.
        alone = reordered if len(reordered) == 1 and len(words.split()) >= SCATTERED else []
        for hit in (*titled, *alone, *_speaking_of(named, found), *named, *found[:1], *reordered, *found[1:]):
            hits.setdefault(hit.code, hit)
        return [*hits.values()][:limit]

    def _by_title(self, title: str, system: System | None, on: date | None) -> list[Hit]:
        """The code whose very title this is, or another wording of it."""
        sql = "SELECT c.id, c.code, c.system, c.title, exact.field FROM exact JOIN code c ON c.id = exact.code WHERE text = ?"
        return self._whole(self._rows(sql, plain(title)), title, 1.0, system, on)

    def _reordered(self, words: str, system: System | None, on: date | None) -> list[Hit]:
        """The codes whose titles have just these words, "without" or "not" among them: they may be meant, whatever is negated."""
        if not self._reorders or not (said := wording.reordered(words)):
            return []
        sql = "SELECT c.id, c.code, c.system, c.title, 'title' FROM reordered r JOIN code c ON c.id = r.code WHERE words = ?"
        return self._whole(self._rows(sql, said), words, REORDERED, system, on)

    def _whole(self, rows: list[tuple[Any, ...]], said: str, score: float, system: System | None, on: date | None) -> list[Hit]:
        return [
            Hit(code, System(of), score, own, {word: field for word, _ in wording.meaning(tokens(said))})
            for row, code, of, own, field in rows
            if system in (None, of) and numbers.in_force(self._rows, row, on)
        ]

    def _by_words(self, words: str, system: System | None, limit: int, on: date | None) -> list[Hit]:
        hinted = {HINTS[word] for word in _HINT.findall(words.lower())}
        shares = dict(self._segments(system, hinted, on))
        ways = [query.words_of(way, self._lexicon, tuple(shares)) for way in query.turns(words, self._said)]
        most = max(WEIGHED, limit + BESIDES)
        near: dict[int, _Near] = {}
        effort = 1.0 if system else EFFORT
        found = [(query.asked(way, segment), share) for segment, share in shares.items() for way in ways]
        for asked, share in sorted([(asked, share) for asked, share in found if asked], key=_promise):
            self._take_up(near, asked, share, effort, most)
        best = self._followed(near, most, limit, on)
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
                segment = SEGMENT[one, ended]
                if self._index.sizes[segment]:
                    yield segment, share

    def _followed(self, near: Mapping[int, _Near], most: int, shown: int, on: date | None) -> dict[str, Found]:
        """The best surface of each of the `most` best codes, followed down to what can be billed: by code, the best of each.

        Stems of ICD-10-PCS come last, as no code behind one scores more than the stem: few need be looked behind.
        """
        likeliest = sorted([(-item.score, item.surface, owner) for owner, item in near.items()])[:most]
        first = {owner: near[owner] for _, _, owner in likeliest}
        is_stem, rows = self._descent.is_stem, self._descent.rows(first)
        best: dict[str, Found] = {}
        stems = [owner for owner, item in [*first.items()][:shown] if is_stem(item.surface)]
        for owner in (*(owner for owner, item in first.items() if not is_stem(item.surface)), *stems):
            item = first[owner]
            if owner in stems and len(best) >= shown and item.score < sorted([one.score for one in best.values()])[-shown]:
                break
            found = self._descent.follow(rows[owner], item.surface, item.score / item.share, item.reading)
            if item.share < 1:
                found = found._replace(score=found.score * item.share)
            if (found.code not in best or best[found.code].score < found.score) and numbers.in_force(self._rows, found.row, on):
                best[found.code] = found
        return best

    def _take_up(self, near: dict[int, _Near], asked: Asked, share: float, effort: float, most: int) -> None:
        """Adds to `near`, by code, the surfaces that share most with the question and can come among the `most` best."""
        index, weights, owners, terms_of = self._index, self._index.weights, self._index.owners, self._index.terms
        best = sorted([item.score for item in near.values()])[-most:]
        full = len(best) == most
        likely = candidates(index, asked, effort, needed(asked, best[0] / share) if full else 0.0)
        if not likely:
            return
        reading = query.read(asked, index)
        for reach, at in likely:
            believed = standing(index, at, reading) * share
            if full and reach * believed < best[0]:
                continue
            score = fit(terms_of(at), weights[at], reading) * believed
            owner = owners[at]
            known = near.get(owner)
            if not score or (known and (known.score, -known.surface) >= (score, -at)):
                continue
            near[owner] = _Near(score, at, reading, share)
            if known and known.score in best:
                best.remove(known.score)
            insort(best, score)
            del best[:-most]
            full = len(best) == most

    def _ordered(self, ranked: list[Found]) -> list[Found]:
        """Of those that score as the best does, the one whose title the question says word for word comes first."""
        close = [found for found in ranked[:MOST_CLOSE] if found.score >= ranked[0].score - VERBATIM]
        if len(close) < 2:
            return ranked
        return sorted(close, key=lambda found: -round(found.score + self._verbatim(found), 4)) + ranked[len(close) :]

    def _verbatim(self, found: Found) -> float:
        titled = [str(self._index.term(term)) for term in wording.terms(found.title)]
        if f",{','.join(titled)}," in found.reading.spoken:
            return VERBATIM
        spoken, title = Counter(found.reading.spoken.strip(",").split(",")), Counter(titled)
        both = (spoken & title).total()
        return VERBATIM / 2 * both / (spoken.total() + title.total() - both)

    def _hit(self, found: Found) -> Hit:
        held, titled = set(self._index.terms(found.surface)), set(found.terms)
        field = FIELD_NAMES[self._index.fields[found.surface]]
        field = "title" if field == STEM else field
        words = {}
        for slot in found.reading.slots:
            if not held.isdisjoint(slot.terms):
                words[slot.word] = field
            elif not titled.isdisjoint(slot.terms):
                words[slot.word] = "title"
        return Hit(found.code, System(found.system), round(min(found.score, 1.0), 4), found.title, words)
