"""What answers a letter by its code system: what speaks of procedures does not answer one that wants a diagnosis alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.classifier.hearing.words import Hit, Reading, inside
from consultant.classifier.systems import (
    names_services,
    speaks_of_services,
    wants_diagnosis,
    wants_diagnosis_and_pcs,
    wants_pcs,
)
from consultant.codebook.knowledge import Card, Family
from consultant.vocabulary import Candidate, Question, System, Topic

#: "Which code for the refusal?": what the code is wanted for.
_CODE_FOR = re.compile(r"\bcodes? for (?P<what>[^.?!\n]{3,80})", re.IGNORECASE)


def fitting(families: Sequence[Family], question: Question, reading: Reading) -> Sequence[Family]:
    """All families; only those with diagnoses in their rows when the letter asks for a diagnosis code alone, and so for PCS."""
    if wants_pcs(question):
        both = wants_diagnosis_and_pcs(question)
        return [family for family in families if System.ICD10PCS in family.leads_to or (both and of_diagnoses(family))]
    families = [family for family in families if System.ICD10PCS not in family.leads_to]
    diagnoses = [family for family in families if of_diagnoses(family)]
    if wants_diagnosis(question) or _asks_for_one_of(diagnoses, families, question, reading):
        return diagnoses
    return families


def of_diagnoses(family: Family) -> bool:
    """Does the family lead to diagnoses?"""
    return System.ICD10CM in family.leads_to


def _asks_for_one_of(some: Sequence[Family], families: Sequence[Family], question: Question, reading: Reading) -> bool:
    """ "Which code for refusal?": are the words behind the wish those of one of these, and of no other family?"""
    if not some or speaks_of_services(question):
        return False
    asked = [match.span("what") for match in _CODE_FOR.finditer(reading.whole)]
    if not asked:
        return False
    met = {family.id for family in families if any(inside(hit, asked) for hit in reading.of((*family.act, *family.object)))}
    return bool(met) and met <= {family.id for family in some}


def fitting_keywords(candidates: Sequence[Candidate], question: Question) -> Sequence[Candidate]:
    """The same for what keywords brought: a word of a test or a supply answers nobody who wants a diagnosis and no billing."""
    pcs = wants_pcs(question)
    if not pcs and (not wants_diagnosis(question) or names_services(question)):
        return candidates
    return [candidate for candidate in candidates if candidate.system not in (System.CPT, System.HCPCS)]


def asked_diagnoses(question: Question, reading: Reading) -> list[Hit]:
    """The diagnosis codes that a letter about diagnoses names, each as a word of it."""
    if not wants_diagnosis(question):
        return []
    return [Hit(code.code, *reading.place(code.span)) for code in question.codes if code.system is System.ICD10CM]


def fitting_cards(cards: Sequence[Card], question: Question) -> Sequence[Card]:
    """The same for cards; one without codes speaks of conduct and stays, unless it is about pairs of services."""
    if wants_pcs(question):
        return [
            card for card in cards if System.ICD10PCS in card.leads_to or not (card.report or card.do_not_report or card.modifier)
        ]
    if not wants_diagnosis(question):
        return cards
    named = any(code.system is System.MODIFIER for code in question.codes)
    others = {Topic.NCCI.value} if named else {Topic.NCCI.value, Topic.MODIFIER.value}
    return [card for card in cards if (System.ICD10CM in card.leads_to if card.report else not others & set(card.topic[:1]))]
