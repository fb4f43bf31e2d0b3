"""The code system that is asked for: what speaks of procedures does not answer a letter that wants a diagnosis alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consultant.codebook.codes import readings
from consultant.codebook.knowledge import Card, Family
from consultant.vocabulary import Question, System


def fitting(families: Sequence[Family], question: Question) -> Sequence[Family]:
    """All families; only those with diagnoses in their rows when the letter asks for a diagnosis code alone."""
    if not wants_diagnosis(question):
        return families
    return [family for family in families if _diagnoses(row.code for row in family.row)]


def fitting_cards(cards: Sequence[Card], question: Question) -> Sequence[Card]:
    """The same for cards; a card without codes speaks of conduct and stays."""
    if not wants_diagnosis(question):
        return cards
    return [card for card in cards if not card.report or _diagnoses(card.report)]


def wants_diagnosis(question: Question) -> bool:
    asked = {str(fact.value) for fact in question.facts if fact.dimension == "ask"}
    return {"diagnosis code", "which code"} <= asked and "procedure code" not in asked and not question.codes


def _diagnoses(codes: Iterable[str | None]) -> bool:
    return any(code and readings(code) and readings(code)[0][1] is System.ICD10CM for code in codes)
