"""Codes near the ones that were found: rows beside the decided ones, and what the texts lead to that the letter sounds like.

They are for the reviewer's eye: nothing of them is recommended. Where the right code was not found, it stands among twelve of
these in four cases of ten (180 such letters of strangers).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from consultant.classifier.candidates import candidate_of
from consultant.classifier.likeness import Like, Likeness
from consultant.classifier.prepared import prepared
from consultant.codebook import Codebook
from consultant.codebook.choice import choose
from consultant.codebook.kept import cards_on, families_of, families_on
from consultant.codebook.knowledge import Card, Family, Row
from consultant.codebook.words import terms
from consultant.vocabulary import Candidate, Evidence, Match, Question

#: Codes that are handed over, texts that are looked at for them, and the best score of one: behind all that was found.
MOST, TEXTS, BEST = 10, 5, 0.1
#: What a row counts by itself, and what a code of a card does, beside the weight of the words that it shares with the letter.
BASE, OF_CARD = 10.0, 35.0
#: A row beside a decided one counts half of what a row of a text does that is wholly like the letter.
BESIDE = 0.5
#: Characters of the letter that are compared.
COMPARED = 2000


class _Near(NamedTuple):
    value: float
    code: str
    why: str
    evidence: Evidence


def near(question: Question, matches: Sequence[Match], likes: Sequence[Like], book: Codebook, on: date) -> tuple[Candidate, ...]:
    """At most MOST codes, the nearest first. `likes`: the texts that the letter is most like."""
    told = frozenset(terms(f"{question.subject} {question.text}"[:COMPARED]))
    families, cards, likeness = families_on(book, on), cards_on(book, on), prepared(book).likeness
    found: list[_Near] = []
    for match in matches:
        if match.kind == "family" and match.id in families:
            found += _beside(families[match.id], match, told, likeness, book)
    for like in likes:
        kind, name = like.name
        if kind == "family" and name in families:
            found += _of_family(families[name], like, told, likeness, book)
        elif name in cards:
            found += _of_card(cards[name], like)
    best: dict[str, _Near] = {}
    for one in sorted(found, key=lambda one: -one.value):
        best.setdefault(one.code, one)
    top = [*best.values()][:MOST]
    return tuple(candidate_of(one.code, BEST * one.value / top[0].value, one.why, (one.evidence,), book) for one in top)


def _beside(family: Family, match: Match, told: frozenset[str], likeness: Likeness, book: Codebook) -> Iterator[_Near]:
    """The rows that the facts did not lead to; those that differ in one fact from a decided row count most."""
    chosen = [family.row[place] for place in choose(family, match.facts).decided]
    decided = {row.code for row in chosen}
    for row, weight in _weighed(family, told, likeness, book):
        if row.code not in decided:
            differs = min((_differs(row, other) for other in chosen), key=len, default=())
            why = f"beside: {family.title}{_told(row, differs)}"
            yield _Near(BESIDE * weight / (1 + len(differs)), str(row.code), why, Evidence("near", (), family.id))


def _of_family(family: Family, like: Like, told: frozenset[str], likeness: Likeness, book: Codebook) -> Iterator[_Near]:
    evidence = Evidence("near", like.words, family.id)
    for row, weight in _weighed(family, told, likeness, book):
        yield _Near(like.score * weight, str(row.code), f"sounds like: {family.title}{_told(row, tuple(row.when))}", evidence)


def _of_card(card: Card, like: Like) -> Iterator[_Near]:
    codes = (*card.report, *((card.modifier,) if card.modifier else ()), *card.do_not_report, *card.discuss)
    evidence = Evidence("near", like.words, card.id)
    return (_Near(like.score * OF_CARD, code, f"sounds like the card: {card.title}", evidence) for code in codes)


def _weighed(family: Family, told: frozenset[str], likeness: Likeness, book: Codebook) -> Iterator[tuple[Row, float]]:
    """The rows that lead to a code, each with what the words weigh that it shares with the letter."""
    for row, words in zip(family.row, _words(book, family.id), strict=True):
        if row.code:
            # The exact sum: a set has no order, and two rows that weigh the same must stay equal in every process.
            yield row, BASE + math.fsum(likeness.weight(term) for term in told & words)


@lru_cache(maxsize=1024)
def _words(book: Codebook, name: str) -> tuple[frozenset[str], ...]:
    """The terms of each row of a family: of its facts, and of what its code is called."""
    rows = families_of(book)[name].row
    titles = [record.title if row.code and (record := book.record(row.code)) else "" for row in rows]
    return tuple(frozenset(terms(" ".join((*row.when.values(), title)))) for row, title in zip(rows, titles, strict=True))


def _differs(row: Row, other: Row) -> tuple[str, ...]:
    return tuple(name for name in row.when if row.when[name] != other.when.get(name))


def _told(row: Row, names: Sequence[str]) -> str:
    words = " and ".join(f"{name.replace('_', ' ')} {row.when[name].replace('|', ' or ')}" for name in names)
    return f", if {words}" if words else ""
