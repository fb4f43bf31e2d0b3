"""From what was found down to a code that can be billed.

From a heading, or a code that wants a 7th character, to the code under it that the question describes best, or that adds nothing
the question left open; from a stem of ICD-10-PCS to the code behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from consultant.codebook import told, words
from consultant.codebook.fitting import CONTRARY, OUT_OF_CONTEXT, agreement, fit, in_context, met, standing
from consultant.codebook.index import Index, Rows, Wording
from consultant.codebook.query import UNMET, UNSAID, Reading
from consultant.codebook.told import FIELD_NAMES, NONE, STEM

FULL_LENGTH = 8  # of an ICD-10-CM code with its 7th character and its dot
DEEPEST = 6  # levels
NOTED = ("inclusion term", "includes")  # surfaces that are notes at a code
TITLED = 0.15  # what a title's own extra words count, where another wording brought the code


class Title(NamedTuple):
    """A code under a heading, its title read."""

    row: int
    code: str
    system: str
    title: str
    heading: bool
    terms: tuple[int, ...]
    weight: float
    circumstances: int
    seventh: int  # the term by which official short titles write the 7th character


class Found(NamedTuple):
    score: float
    row: int
    code: str
    system: str
    title: str
    terms: tuple[int, ...]  # of the title
    surface: int
    reading: Reading


class Descent:
    """Follows headings down in an open book. Safe to share between threads."""

    def __init__(self, rows: Rows, index: Index) -> None:
        self._rows = rows
        self._index = index
        self._elsewhere = index.term(words.stem("elsewhere"))
        self._below = lru_cache(maxsize=2048)(self._read_below)
        self._ending = lru_cache(maxsize=1024)(self._read_ending)
        self._base = lru_cache(maxsize=1024)(self._read_base)

    def rows(self, owners: Iterable[int]) -> dict[int, tuple[Any, ...]]:
        """The rows of `code` that surfaces belong to, as `follow` takes them."""
        wanted = [*owners]
        marks = ", ".join("?" * len(wanted))
        sql = f"SELECT id, code, system, title, billable, base FROM code WHERE id IN ({marks})"  # noqa: S608 - marks are "?"
        return {row[0]: row for row in self._rows(sql, *wanted)}

    def is_stem(self, surface: int) -> bool:
        """Does a surface stand for the codes of ICD-10-PCS behind it?"""
        return FIELD_NAMES[self._index.fields[surface]] == STEM

    def follow(self, row: tuple[Any, ...], surface: int, score: float, reading: Reading) -> Found:
        """The code of a surface, or what stands under it, with its score."""
        if self.is_stem(surface):
            return self._behind(surface, score, reading)
        own = top = self._title(row, reading.segment)
        fits = -1.0
        settled = own.heading and self._says_all(surface, reading)
        for _ in range(DEEPEST):
            below = self._below(top.code, top.system, reading.segment) if top.heading else ()
            if not below:
                break
            fits, top = self._plainest(below, reading) if settled else self._likeliest(below, reading)
        if fits < 0:
            fits = self._score(top, reading)
        best = max(score * (0.995 if top is not own else 1.0), fits)
        if top is not own or self._index.title(top.row) != surface:
            best = max(best, self._together(surface, top, reading) * standing(self._index, surface, reading))
        if told.MANIFESTATION in top.title and self._elsewhere not in reading.gains:
            best *= OUT_OF_CONTEXT
        return Found(best, top.row, top.code, top.system, top.title, top.terms, surface, reading)

    def _says_all(self, surface: int, reading: Reading) -> bool:
        """Does a note at a heading say all that was asked, so that nothing is left to choose by among the codes under it?"""
        if FIELD_NAMES[self._index.fields[surface]] not in NOTED:
            return False
        held = set(self._index.terms(surface))
        return not any(held.isdisjoint(slot.terms) for slot in reading.slots)

    def _likeliest(self, titles: Sequence[Title], reading: Reading) -> tuple[float, Title]:
        """Of the codes under a heading the one that the question describes best; of those alike the plainest."""
        said = [title for title in titles if title.seventh in reading.gains] or titles
        scored = [(self._score(title, reading), title) for title in said]
        best = round(max(fits for fits, _ in scored), 3)
        alike = [item for item in scored if round(item[0], 3) == best]
        if len(alike) == 1:
            return alike[0]
        return max(alike, key=lambda item: (self._closes(item[1].title, reading), _plainness(item[1].title)))

    def _plainest(self, titles: Sequence[Title], reading: Reading) -> tuple[float, Title]:
        """Of the codes under a heading that already says all that was asked the plainest, else the one for the rest."""
        scored = [(self._score(title, reading), title) for title in titles]
        return max(scored, key=lambda item: (_plainness(item[1].title) + 2 * ("other" in item[1].title.lower()), item[0]))

    def _closes(self, title: str, reading: Reading) -> bool:
        """Does a question for an "other" end as a title does: in "other fetus", and not in "fetus 1"?"""
        if self._index.other not in reading.gains:
            return False
        closing = [str(self._index.term(term)) for term in words.terms(title)[-2:]]
        return f",{','.join(closing)}," in reading.spoken

    def _together(self, surface: int, title: Title, reading: Reading) -> float:
        """The fit of what brought the code and of its title as one wording."""
        wording = self._index.wording(surface)
        extra = [term for term in title.terms if term not in wording.terms]
        alone, shared = met(wording.terms, reading), met([*wording.terms, *extra], reading)
        unmet = max(0.0, title.weight - met(title.terms, reading))
        said = wording.weight + shared - alone + TITLED * unmet * bool(extra)
        score = shared / (UNMET * reading.weight + UNSAID * max(said, shared))
        return score * agreement(wording.terms, reading) * (1.0 if reading.contraries.isdisjoint(extra) else CONTRARY)

    def _score(self, title: Title, reading: Reading) -> float:
        return fit(title.terms, title.weight, reading) * in_context(title.circumstances, reading)

    def _behind(self, stem: int, score: float, reading: Reading) -> Found:
        """The code of ICD-10-PCS behind a stem that the question describes best."""
        index, is_heard = self._index, reading.heard.__contains__
        lightest: dict[tuple[int, ...], tuple[float, int]] = {}  # of titles that share the same with the question
        for at, weight, terms in index.texts(index.behind(stem)):
            counting = tuple(filter(is_heard, terms))
            known = lightest.get(counting)
            if known is None or weight < known[0]:
                lightest[counting] = weight, at
        fits, at = max([(fit(counting, weight, reading), -at) for counting, (weight, at) in lightest.items()])
        row = index.owners[-at]
        ((code, system, title),) = self._rows("SELECT code, system, title FROM code WHERE id = ?", row)
        return Found(max(fits, score * 0.9), row, code, system, title, tuple(index.terms(-at)), -at, reading)

    def _read_below(self, code: str, system: str, segment: int) -> tuple[Title, ...]:
        sql = (
            "SELECT id, code, system, title, billable, base FROM code "
            "WHERE parent = ? AND system = ? AND ended IS NULL ORDER BY id"
        )
        return tuple(self._title(row, segment) for row in self._rows(sql, code, system))

    def _title(self, found: tuple[Any, ...], segment: int) -> Title:
        row, code, system, title, billable, base = found
        index = self._index
        at = index.title(row)
        if at >= 0:
            wording = index.wording(at)
            terms, weight, circumstances = tuple(wording.terms), wording.weight, wording.circumstances
            circumstances = index.circumstances_of(terms) if circumstances else 0
        else:
            terms, weight, circumstances = self._composed(title, base, segment)
        seventh = index.term(f"7th{code[-1].lower()}") if len(code) == FULL_LENGTH else NONE
        return Title(row, code, system, title, not billable, terms, weight, circumstances, seventh)

    def _composed(self, title: str, base: str, segment: int) -> tuple[tuple[int, ...], float, int]:
        """A title that is that of another code and what the 7th character adds."""
        whole, wording = self._base(base) if base else ("", None)
        if wording is None or not title.startswith(whole):
            return self._ending(title, segment)
        more, weight, circumstances = self._ending(title[len(whole) :], segment)
        terms = (*wording.terms, *[term for term in more if term not in wording.terms])
        return terms, wording.weight + weight, circumstances | wording.circumstances

    def _read_base(self, code: str) -> tuple[str, Wording | None]:
        """The title of a code of ICD-10-CM without its 7th character, and how it reads by itself."""
        sql = "SELECT id, title FROM code WHERE code = ? AND system = 'ICD-10-CM' AND ended IS NULL"
        named = self._rows(sql, code)
        at = self._index.title(named[0][0]) if named else -1
        if at < 0:
            return "", None
        wording = self._index.wording(at)
        own = self._index.circumstances_of(wording.terms) if wording.circumstances else 0
        return named[0][1], wording._replace(circumstances=own)

    def _read_ending(self, text: str, segment: int) -> tuple[tuple[int, ...], float, int]:
        names = dict.fromkeys(words.terms(text))
        found = [self._index.term(name) for name in names]
        weight = sum(told.heaviness(name) * self._index.tells(self._index.term(name), segment) for name in names)
        return tuple(term for term in found if term != NONE), weight, told.circumstances(names)


def _plainness(title: str) -> int:
    """Of two titles that answer alike: the unspecified one, the first encounter, the one that adds nothing; in traffic."""
    held = title.lower()
    return (
        2 * held.count("unspecified")
        - 2 * ("unspecified complication" in held)  # which there are
        + 2 * ("initial encounter" in held)
        + ("without" in held)
        + ("uncomplicated" in held)
        + ("in traffic accident" in held)
        - ("nontraffic" in held)
        - ("other" in held)
    )
