"""Triggers that meet letters of other matters: found in the texts, before a letter finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from consultant.codebook.knowledge import Card, Family
from consultant.codebook.words import without_articles

#: A word that stands in the examples of more other texts than that tells nobody what a letter is about.
MOST_OTHERS = 8
_WORD = re.compile(r"[a-z0-9]+")


def problems(families: Mapping[str, Family], cards: Mapping[str, Card]) -> Iterator[str]:
    """What is wrong with the triggers of these texts, as sentences."""
    for family in families.values():
        phrases = (*family.act, *family.object, *family.unless, *family.less, *family.value_words)
        yield from (f"family {family.id}: {sentence}" for sentence in _shrinking(phrases))
    for card in cards.values():
        yield from (
            f"card {card.id}: {sentence}" for sentence in _shrinking((*card.when.words, *card.when.also, *card.when.unless))
        )
    told = _told(families, cards)
    for card in cards.values():
        yield from (f"card {card.id}: {sentence}" for sentence in _everyday(card, told))


def _shrinking(phrases: Sequence[str]) -> Iterator[str]:
    """Phrases of which one word is left without articles: "reads the" is met by every "read"."""
    for phrase in dict.fromkeys(phrases):
        parts = phrase.lower().split()
        if len(parts) > 1 and len(left := without_articles(parts)) == 1:
            yield f"{phrase!r} is met by {left[0]!r} alone; write that, or a longer phrase"


def _everyday(card: Card, told: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Single words that bring the card with nothing else, and that the examples of many other texts hold."""
    when = card.when
    if when.also or when.codes or when.all_codes or when.payer or when.topic:
        return
    for word in (word for word in when.words if " " not in word):
        others = len(_holders(word, told) - {f"card {card.id}"})
        if others > MOST_OTHERS:
            yield f"{word!r} alone brings it, and {others} other texts have that word in their examples; ask for one beside it"


def _holders(word: str, told: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The texts whose examples hold the word."""
    if word.endswith("*"):
        return frozenset().union(*(texts for one, texts in told.items() if one.startswith(word[:-1])))
    return frozenset().union(*(told.get(one, frozenset()) for one in (word, f"{word}s")))


def _told(families: Mapping[str, Family], cards: Mapping[str, Card]) -> dict[str, frozenset[str]]:
    """Each word of the examples, and the texts that hold it."""
    examples = [(f"family {name}", family.example) for name, family in families.items()]
    examples += [(f"card {name}", card.example) for name, card in cards.items()]
    found: dict[str, set[str]] = {}
    for name, told in examples:
        for word in (word for example in told for word in _WORD.findall(example.question.lower())):
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}
