"""What classifying needs of a book, made once per book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from consultant.classifier.families import rarity_of
from consultant.classifier.words import Lexicon
from consultant.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Prepared:
    lexicon: Lexicon
    rarity: Mapping[str, float]  # phrase → what it weighs
    keywords: Mapping[str, tuple[str, ...]]  # phrase → codes of records that have it
    modifier_words: Mapping[str, tuple[str, ...]]  # phrase → modifiers


@lru_cache(maxsize=4)
def prepared(book: Codebook) -> Prepared:
    """The lexicon of a book's families, cards, records and modifiers."""
    keywords: dict[str, tuple[str, ...]] = {}
    for record in book.starters:
        for phrase in record.keywords:
            keywords[phrase] = (*keywords.get(phrase, ()), record.code)
    modifier_words: dict[str, tuple[str, ...]] = {}
    for modifier in book.modifiers.values():
        for phrase in modifier.keywords:
            modifier_words[phrase] = (*modifier_words.get(phrase, ()), modifier.code)
    groups: list[list[str]] = [[*family.act, *family.object] for family in book.families]
    said = [
        phrase for family in book.families for values in family.values.values() for words in values.values() for phrase in words
    ]
    unless = [phrase for family in book.families for phrase in family.unless]
    carded = [phrase for card in book.cards for phrase in (*card.when.words, *card.when.also, *card.when.unless)]
    phrases = {*(phrase for group in groups for phrase in group), *said, *unless, *carded, *keywords, *modifier_words}
    return Prepared(Lexicon(phrases, book.terms), rarity_of(groups), keywords, modifier_words)
