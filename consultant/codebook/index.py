"""The search index of a book: what is written when the book is built, and how it is read.

Every wording by which a code can be found is a surface. A posting is the ascending array of the surfaces that hold a term;
beside it stand, per surface, its code, system, kind, weight (the sum of the weights of its terms) and the circumstances it
speaks of, so that a question is scored by adding numbers, without reading a single title. Words have an index of their own by
letter triples, for slips of the pen.
"""

from __future__ import annotations

import math
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from consultant.codebook import spelling, words
from consultant.codebook.schema import SurfaceRow
from consultant.codebook.words import NO, stem
from consultant.vocabulary import System

SYSTEMS = tuple(System)
#: Kinds of surfaces, and how well each stands for its code.
FIELDS = {"title": 1.0, "inclusion term": 0.99, "keyword": 0.97, "includes": 0.98, "plain words": 0.85, "index": 0.98}
FIELD_NAMES = tuple(FIELDS)

_CONTEXT = """
newborn perinatal infant birth; congenital; history; family; sequela; subsequent; underdosing; assault; pathological;
maternal pregnancy pregnant fetus puerperium childbirth postpartum obstetric labor delivery gestational trimester;
hereditary; secondary; postprocedural; malignant; drug; personal; screening; rheumatic; remission"""
#: Circumstances that a question would name if it meant them: term → bit.
CONTEXT = {stem(word): 1 << at for at, group in enumerate(_CONTEXT.split(";")) for word in group.split()}
#: Circumstances that 7th characters add, so that titles need not tell them.
_ENDINGS = CONTEXT[stem("sequela")] | CONTEXT[stem("subsequent")]
#: Chapters of ICD-10-CM that are a circumstance, whatever their titles say.
_CHAPTERS = {letter: CONTEXT[stem(word)] for letter, word in {"O": "pregnancy", "P": "newborn", "Q": "congenital"}.items()}

_FAINT = frozenset(map(stem, words.FAINT))
_FAINT_SHARE = 0.3
_NEGATED_SHARE = 0.12  # what "without …" weighs against a title when the question does not speak of it
_OPTIONAL_SHARE = 0.05  # and what words in brackets do, which change nothing by the book's own rule
_UNKNOWN = 0.5  # what an unknown word weighs, as a share of the rarest known one

Rows = Callable[..., list[tuple[Any, ...]]]


class Index:
    """The index of an open book. `rows(sql, *values)` runs a query on it. Safe to share between threads."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        found: dict[str, bytes] = dict(rows("SELECT name, data FROM array"))
        self.weights = array("f", found["weight"])
        self.codes = array("I", found["code"])
        self.systems = found["system"]
        self.fields = found["field"]
        self.circumstances = array("I", found["circumstances"])
        self.unknown = _UNKNOWN * _told(0, len(self.weights))
        self.posting = lru_cache(maxsize=512)(self._posting)
        self.held = lru_cache(maxsize=8192)(self._held)
        self.guesses = lru_cache(maxsize=1024)(self._guesses)
        self._holders = lru_cache(maxsize=1024)(self._read_holders)

    def asked(self, term: str) -> float:
        """What a term of a question tells; 0.0 when no surface has it."""
        count = self.posting(term)[0]
        told = _told(count, len(self.weights)) if count else 0.0
        return told * _FAINT_SHARE if term in _FAINT else told

    def _held(self, term: str) -> float:
        """What a term of a title weighs against it when the question has it not. "Without …" weighs little."""
        told = self.asked(term)
        return told * _NEGATED_SHARE if term.startswith(NO) else told

    def _posting(self, term: str) -> tuple[int, array[int]]:
        found = self._rows("SELECT count, surfaces FROM posting WHERE term = ?", term)
        return (found[0][0], array("I", found[0][1])) if found else (0, array("I"))

    def _read_holders(self, gram: str) -> array[int]:
        found = self._rows("SELECT words FROM gram WHERE gram = ?", gram)
        return array("I", found[0][0] if found else b"")

    def _guesses(self, word: str) -> list[spelling.Guess]:
        return spelling.guesses(word, self._holders, self._known)

    def _known(self, ids: list[int]) -> list[tuple[Any, ...]]:
        marks = ", ".join("?" * len(ids))
        return self._rows(f"SELECT word, count FROM word WHERE id IN ({marks})", *ids)  # noqa: S608 - marks are "?"


def write(
    db: sqlite3.Connection,
    surfaces: Sequence[SurfaceRow],
    endings: Mapping[str, int],
    code_ids: Mapping[tuple[str, str], int],
) -> None:
    """The index of the book that `db` is building.

    `endings`: what 7th characters add to titles → how many codes; searched for in titles only, not as surfaces.
    `code_ids`: (code, system) → row of `code`.
    """
    told: Counter[str] = Counter()
    held = [_terms_of(row.text, told) for row in surfaces]
    postings = _postings(held)
    counts = Counter({term: len(ids) for term, ids in postings.items()})
    for text, times in endings.items():
        counts.update(dict.fromkeys(_terms_of(text, told), times))
    weights = {term: _heaviness(term, count, len(surfaces)) for term, count in counts.items()}
    owners = [code_ids[row.code, row.system] for row in surfaces]
    db.executemany(
        "INSERT INTO surface VALUES (?, ?, ?, ?)",
        ((at, owner, row.field, row.text) for at, (owner, row) in enumerate(zip(owners, surfaces, strict=True))),
    )
    none: array[int] = array("I")
    db.executemany(
        "INSERT INTO posting VALUES (?, ?, ?)",
        ((term, counts[term], postings.get(term, none).tobytes()) for term in sorted(counts)),
    )
    arrays = {
        "weight": array("f", (_weight(row.text, terms, weights) for row, terms in zip(surfaces, held, strict=True))).tobytes(),
        "code": array("I", owners).tobytes(),
        "system": bytes(SYSTEMS.index(System(row.system)) for row in surfaces),
        "field": bytes(FIELD_NAMES.index(row.field) for row in surfaces),
        "circumstances": array("I", (_circumstances(row, terms) for row, terms in zip(surfaces, held, strict=True))).tobytes(),
    }
    db.executemany("INSERT INTO array VALUES (?, ?)", arrays.items())
    _words(db, told)


def astray(told: int, asked: int) -> int:
    """The circumstances that a surface tells and the question has not, or the other way round where that counts."""
    return (told & ~asked) | (asked & ~told & ~_ENDINGS)


def circumstances(terms: Iterable[str]) -> int:
    """The circumstances that terms speak of, a bit each."""
    found = 0
    for term in terms:
        found |= CONTEXT.get(term, 0)
    return found


def _circumstances(row: SurfaceRow, terms: Iterable[str]) -> int:
    chapter = _CHAPTERS.get(row.code[0], 0) if row.system == System.ICD10CM else 0
    return chapter | circumstances(set(terms) - words.optional(row.text))


def _weight(text: str, terms: Iterable[str], weights: Mapping[str, float]) -> float:
    loose = words.optional(text)
    return sum(weights[term] * (_OPTIONAL_SHARE if term in loose else 1.0) for term in terms)


def _terms_of(text: str, told: Counter[str]) -> tuple[str, ...]:
    found = words.meaning(words.tokens(text))
    told.update({word for word, _ in found})
    return tuple(dict.fromkeys(term for _, term in found))


def _told(count: int, total: int) -> float:
    """What a term tells: little when many surfaces have it, most when one has."""
    return math.log(1 + total / (count + 1))


def _heaviness(term: str, count: int, total: int) -> float:
    share = _NEGATED_SHARE if term.startswith(NO) else _FAINT_SHARE if term in _FAINT else 1.0
    return _told(count, total) * share


def _postings(held: Sequence[Sequence[str]]) -> dict[str, array[int]]:
    postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for at, terms in enumerate(held):
        for term in terms:
            postings[term].append(at)
    return dict(postings)


def _words(db: sqlite3.Connection, told: Counter[str]) -> None:
    by_gram: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    known = sorted(word for word in told if word.isalpha() and len(word) > 2)
    for at, word in enumerate(known):
        for gram in spelling.grams(word):
            by_gram[gram].append(at)
    db.executemany("INSERT INTO word VALUES (?, ?, ?)", ((at, word, told[word]) for at, word in enumerate(known)))
    db.executemany("INSERT INTO gram VALUES (?, ?)", ((gram, ids.tobytes()) for gram, ids in sorted(by_gram.items())))
