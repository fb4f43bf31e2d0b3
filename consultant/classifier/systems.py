"""The code system that is asked for: what speaks of procedures does not answer a letter that wants a diagnosis alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from consultant.codebook.codes import readings
from consultant.codebook.knowledge import Card, Family
from consultant.vocabulary import Question, System


def in_force(text: Family | Card, on: date) -> bool:
    """Does the family or card hold on the date of service?"""
    return (text.valid_from is None or text.valid_from <= on) and (text.valid_to is None or on <= text.valid_to)


def fitting(families: Sequence[Family], question: Question, on: date) -> Sequence[Family]:
    """The families in force; only those with diagnoses in their rows when the letter asks for a diagnosis code alone."""
    current = [family for family in families if in_force(family, on)]
    if not wants_diagnosis(question):
        return current
    return [family for family in current if _diagnoses(row.code for row in family.row)]


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
