"""What classifying needs of a book, made once per book."""

from __future__ import annotations

import gc
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from consultant.classifier.diagnoses.turns import Turns, turns_of
from consultant.classifier.families import rarity_of
from consultant.classifier.hearing.words import Lexicon, Shorthand
from consultant.classifier.likeness import Likeness, Name
from consultant.codebook import Codebook
from consultant.codebook.knowledge import Card, Family
from consultant.codebook.words import stem, tokens
from consultant.vocabulary import System

#: A term of this many texts and examples is common talk.
COMMON = 60


def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words, whether it affirms them or not."""
    return frozenset(map(stem, {*tokens(text)}))


@dataclass(frozen=True, slots=True)
class Prepared:
    lexicon: Lexicon
    rarity: Mapping[str, float]  # phrase → what it weighs
    keywords: Mapping[str, tuple[str, ...]]  # phrase → codes of records that have it
    modifier_words: Mapping[str, tuple[str, ...]]  # phrase → modifiers
    acts: Mapping[str, tuple[str, ...]]  # phrase → families that it may bring
    triggers: Mapping[str, tuple[str, ...]]  # phrase → cards that it may bring
    wordless: frozenset[str]  # cards that codes alone bring
    texts: Mapping[Name, frozenset[str]]  # "family" or "card" and its id → the terms of its text
    telling: Mapping[str, float]  # term → 0..1: how much it tells; what most texts use tells nothing
    names: frozenset[str]  # stems of the words of codes' keywords and families' objects: what the knowledge names things by
    likeness: Likeness
    turns: Turns  # of the rules on diagnoses that stand together


@lru_cache(maxsize=4)
def prepared(book: Codebook) -> Prepared:
    """The lexicon of a book's families, cards, records and modifiers."""
    with _left_alone():
        return _made(book)


def _made(book: Codebook) -> Prepared:
    keywords = _owners(book.keywords())
    modifier_words = _owners((phrase, modifier.code) for modifier in book.modifiers.values() for phrase in modifier.keywords)
    # What hospitals report in ICD-10-PCS is asked for by name, and takes no weight from the words of other services.
    inpatient = {family.id for family in book.families if System.ICD10PCS in family.leads_to}
    groups: list[list[str]] = [[*family.act, *family.object] for family in book.families if family.id not in inpatient]
    said = [phrase for family in book.families for phrase in (*family.act, *family.object, *family.value_words)]
    apart = [phrase for family in book.families for phrase in (*family.unless, *family.less)]
    carded = [phrase for card in book.cards for phrase in (*card.when.words, *card.when.also, *card.when.unless)]
    phrases = {*said, *apart, *carded, *keywords, *modifier_words}
    named = {phrase for family in book.families for phrase in family.object}
    acts = _owners((phrase, family.id) for family in book.families for phrase in family.act)
    triggers = _owners((phrase, card.id) for card in book.cards for phrase in card.when.words)
    wordless = frozenset(card.id for card in book.cards if not card.when.words)
    texts = {
        **{("family", family.id): stems_of(_said_by_family(family)) for family in book.families},
        **{("card", card.id): stems_of(_said_by_card(card)) for card in book.cards},
    }
    examples = [((kind, name), stems_of(text)) for kind, name, text in book.examples()]
    telling = _telling(texts, examples)
    likeness = Likeness([(name, terms) for name, terms in (*texts.items(), *examples) if name[1] not in inpatient])
    shorthand = Shorthand(book.terms)
    return Prepared(
        *(Lexicon(phrases, shorthand), rarity_of(groups), keywords, modifier_words, acts, triggers, wordless, texts, telling),
        *(stems_of(" ".join((*keywords, *named)).replace("*", "")), likeness, turns_of(book, shorthand)),
    )


@contextmanager
def _left_alone() -> Iterator[None]:
    """What a book is made of lives as long as the process: the collector's walks through it would take half as long again while
    it is made, and cost some letter 0.2 s later."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()


def _owners(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for phrase, owner in pairs:
        found[phrase] = (*found.get(phrase, ()), owner)
    return found


def _said_by_family(family: Family) -> str:
    words = (*family.act, *family.object, *family.value_words)
    return " ".join((family.title, family.why, family.plain, *family.instead, *words)).replace("*", "")


def _said_by_card(card: Card) -> str:
    return " ".join((card.title, card.says, *card.change, *card.when.words, *card.when.also)).replace("*", "")


def _telling(texts: Mapping[Name, frozenset[str]], examples: Iterable[tuple[Name, frozenset[str]]]) -> dict[str, float]:
    """1 for a term of one text, less the more use it; 0 for what every second letter says."""
    asked: dict[Name, set[str]] = {}
    for name, terms in examples:
        asked.setdefault(name, set()).update(terms)
    used = Counter(term for terms in (*texts.values(), *asked.values()) for term in terms)
    whole = math.log(len(texts) or 1) or 1.0
    return {term: max(0.0, 1 - math.log(n) / whole) if n < COMMON else 0.0 for term, n in used.items()}
