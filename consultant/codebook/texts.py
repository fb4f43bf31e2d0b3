"""The text knowledge as it stands in a book. Examples are there to weigh words by: no letter needs them kept as objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from consultant.codebook.knowledge import Card, Drug, Family, Modifier, Record, Term
from consultant.codebook.together import Together

Text = TypeVar("Text", Family, Card)
Texts = Callable[[str], Iterable[str]]
Rows = Callable[..., Iterable[Any]]


def families(texts: Texts) -> tuple[Family, ...]:
    """All families, without their examples."""
    return tuple(_without_examples(Family.model_validate_json(text)) for text in texts("family"))


def cards(texts: Texts) -> tuple[Card, ...]:
    """All cards, without their examples."""
    return tuple(_without_examples(Card.model_validate_json(text)) for text in texts("card"))


def _without_examples(text: Text) -> Text:
    return text.model_copy(update={"example": ()})


def together(texts: Texts) -> tuple[Together, ...]:
    """The rules over diagnoses that stand together, in their order."""
    return tuple(Together.model_validate_json(text) for text in texts("together"))


def drugs(texts: Texts) -> tuple[Drug, ...]:
    """The drugs by name."""
    return tuple(Drug.model_validate_json(text) for text in texts("drug"))


def modifiers(texts: Texts) -> Mapping[str, Modifier]:
    """Our own words on modifiers, by the modifier."""
    found = (Modifier.model_validate_json(text) for text in texts("modifier"))
    return MappingProxyType({modifier.code: modifier for modifier in found})


def terms(texts: Texts) -> Mapping[str, tuple[str, ...]]:
    """Abbreviation or lay word → what the books call it."""
    found = (Term.model_validate_json(text) for text in texts("term"))
    return MappingProxyType({term.term: term.means for term in found if term.means})


def record(rows: Rows, code: str) -> Record | None:
    """Our own-words record of a code."""
    found = [*rows("SELECT json FROM knowledge WHERE kind = 'record' AND id = ?", code)]
    return Record.model_validate_json(found[0][0]) if found else None


def examples(rows: Rows) -> Iterator[tuple[str, str, str]]:
    """("family" or "card", id, question) of each example that its text answers; some only say what it must not answer."""
    columns = "SELECT k.kind, k.id, json_extract(e.value, '$.question') FROM knowledge k, json_each(k.json, '$.example') e"
    answered = "coalesce(json_extract(e.value, '$.report', '$.discuss', '$.asks'), '[null,null,null]') <> '[null,null,null]'"
    return iter(rows(f"{columns} WHERE k.kind IN ('family', 'card') AND {answered} ORDER BY k.kind, k.id, e.key"))


def keywords(rows: Rows) -> Iterator[tuple[str, str]]:
    """(words by which people call it, code) of our own records, in the order of the codes."""
    words = "SELECT w.value, k.id FROM knowledge k, json_each(k.json, '$.keywords') w WHERE k.kind = 'record'"
    return ((word, code) for word, code in rows(f"{words} ORDER BY k.id, w.key"))
