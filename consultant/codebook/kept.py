"""What every letter asks of a book's text knowledge, made once: texts by their id, and those in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from consultant.codebook.knowledge import Card, Family
from consultant.codebook.store import Codebook

BOOKS = 4  # books of one process: the one in use, and those that old answers stood on
DAYS = 64


@lru_cache(maxsize=BOOKS)
def families_of(book: Codebook) -> Mapping[str, Family]:
    return MappingProxyType({family.id: family for family in book.families})


@lru_cache(maxsize=BOOKS)
def cards_of(book: Codebook) -> Mapping[str, Card]:
    return MappingProxyType({card.id: card for card in book.cards})


@lru_cache(maxsize=DAYS)
def families_on(book: Codebook, on: date) -> Mapping[str, Family]:
    return MappingProxyType({family.id: family for family in book.families if in_force(family, on)})


@lru_cache(maxsize=DAYS)
def cards_on(book: Codebook, on: date) -> Mapping[str, Card]:
    return MappingProxyType({card.id: card for card in book.cards if in_force(card, on)})


@lru_cache(maxsize=DAYS)
def owners_on(book: Codebook, on: date) -> Mapping[str, frozenset[str]]:
    """Code → the families that have it in a row, as an add-on of one, or beside one."""
    found: dict[str, set[str]] = {}
    for family in families_on(book, on).values():
        for row in family.row:
            for code in row.codes:
                found.setdefault(code, set()).add(family.id)
    return MappingProxyType({code: frozenset(names) for code, names in found.items()})


def in_force(text: Family | Card, on: date) -> bool:
    """Does the family or card hold on the date of service?"""
    return (text.valid_from is None or text.valid_from <= on) and (text.valid_to is None or on <= text.valid_to)
