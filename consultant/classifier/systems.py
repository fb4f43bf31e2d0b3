"""The code system that is asked for: what speaks of procedures does not answer a letter that wants a diagnosis alone."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from consultant.codebook.codes import readings
from consultant.codebook.knowledge import Card, Family
from consultant.vocabulary import NO_DEVICE, Question, System

_ICD = rf"icd{NO_DEVICE}\w{{0,6}}"
_LONG_TERM = r"long[- ]term (?:\w+ )?(?:use|drug|therapy|medication)s?(?: \w+)? codes?|long[- ]term use\b.{0,20}\bcoded"
#: What a letter about diagnoses says, and what one about services does.
_OF_DIAGNOSES = re.compile(
    r"\b(?:dx\w{0,2}|diagnos(?:[ei]s|ed?|ing)|"
    rf"{_ICD}"
    r"|principal(?! (?:care|illness|physician|investigator|illnesses))|first[- ]listed|sequenced?(?! of)|sequencing(?= (?:rule|guideline|question|order|of (?:codes|dx|diag)|for|between)|\?)|z[- ]?codes?|combination code|excludes ?[12]"
    r"|codes? in order|codes? and order|order of codes|which (?:goes|comes|is|one is|code goes|do we (?:list|code|put)) first|7th character"
    r"|seventh character|(?:cancer|history|complication|aftercare|injury|sequela|underdosing|external cause|status) codes?|underdos\w{2,3}|(?:could ?n.t|can.?t|can ?not|unable to) (?:pay|afford)|says (?:probable|possible|likely|suspected|rule out)|code first|(?:poa|present on admission)|coding clinic|index"
    rf"|{_LONG_TERM})\b",
    re.IGNORECASE,
)
_WANTS_DIAGNOSES = re.compile(
    r"\b(?:which|what|correct|right|proper|how)\b[^.?!]{0,40}\b(?:dx|diagnos(?:[ei]s|ed?|ing)|"
    rf"{_ICD}"
    r"|z[- ]?codes?)\b|\b(?:dx|icd[- ]?10\w{0,3}|diagnosis|z79|z)[- ]codes?\b"
    r"|\b(?:principal(?! (?:care|illness|physician|investigator|illnesses))|sequenced?(?! of)|sequencing(?= (?:rule|guideline|question|order|of (?:codes|dx|diag)|for|between)|\?)|first[- ]listed)\b"
    rf"|\b(?:{_LONG_TERM})\b",
    re.IGNORECASE,
)
_WANTS_BOTH = re.compile(
    r"\b(?:cpt|hcpcs|(?:procedure|administration) codes?|modifiers?|codes?)\b[^.?!]{0,30}(?:\band\b|,|&|\bplus\b|\+)[^.?!]{0,25}\b(?:dx|diagnos[ei]s|icd(?:-?10)?)\b"
    r"|\b(?:dx|diagnosis|icd(?:-?10)?)(?: codes?)?(?: and|,|&| plus)[^.?!]{0,20}\b(?:cpt|hcpcs|procedure)\b|\bdiagnosis order\b"
    r"|\b(?:bill|charge)\b[^.!?]{0,40}\? (?:and |also )?(?:what|which)\b[^.?!]{0,20}\b(?:dx|diagnos(?:[ei]s|ed?|ing)|"
    rf"{_ICD}"
    r")\b",
    re.IGNORECASE,
)
_OF_SYSTEMS = re.compile(
    r"\b(?:cpt|hcpcs|modifiers?|pcs|j[- ]?codes?|units|ncci|(?:administration|procedure|supply|service) codes?)\b", re.IGNORECASE
)
_OF_SERVICES = re.compile(
    r"\b(?:e/?m|bundl\w{1,4}|global|reimburs\w{1,6}|abn|cover(?:s|ed|age)|administration"
    r"|bill(?:ed|ing|s|able)?|charge[sd]?|paid|pays?|fee|add-?on|office visit|place of service)\b",
    re.IGNORECASE,
)

#: What was done, not what ails: such a letter wants no diagnosis unless it says so.
_DONE = re.compile(
    r"\b(?:\w+(?:ectomy|otomy|ostomy|plasty|scopy|pexy|desis|rrhaphy|centesis|graphy|gram)|biops\w{1,4}|excis\w{1,4}|repair\w{0,3}"
    r"|remov\w{2,3}|drain\w{0,4}|inject\w{0,4}|infus\w{1,4}|implant\w{0,4}|insert\w{0,4}|ablat\w{2,3}|graft\w{0,3}|fixation|orif"
    r"|reduction|cast\w{0,3}|splint\w{0,3}|brace|x-?rays?|films?|mri|ct scan|ultrasound|lab|draw|vaccin\w{1,4}|shots?|surgery|operat\w{2,4}"
    r"|procedure|therapy|wheelchair|walker|supplies|device|anesth\w{3,6}|cauter\w{2,4}|dress\w{3,4}|unna|suture\w{0,2}|closure|closed with"
    r"|minutes|mg|ml|mcg|cm|ekg|ecg|eeg|emg|visit level|counsel\w{0,4}|telehealth|consult\w{0,6}|rounds|critical care time)\b",
    re.IGNORECASE,
)


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
    if wants_both(question):
        return False
    if (
        {"diagnosis code", "which code"} <= asked
        and "procedure code" not in asked
        and all(code.system is System.ICD10CM for code in question.codes)
    ):
        return True
    if speaks_of_services(question):
        return False
    return bool(_WANTS_DIAGNOSES.search(_asked(question)))


def speaks_of_services(question: Question) -> bool:
    """Does the letter name a procedure, a supply, a modifier, or one of their code systems?"""
    done = (System.CPT, System.HCPCS, System.MODIFIER, System.ICD10PCS)
    return any(code.system in done for code in question.codes) or bool(_OF_SYSTEMS.search(_asked(question)))


def speaks_of_diagnoses(question: Question) -> bool:
    """Does the letter say that it asks for diagnoses?"""
    return bool(_OF_DIAGNOSES.search(_asked(question))) or any(code.system is System.ICD10CM for code in question.codes)


def wants_both(question: Question) -> bool:
    """Does the letter ask for procedure codes and for the diagnoses that go with them?"""
    return bool(_WANTS_BOTH.search(_asked(question)))


def speaks_of_work(question: Question) -> bool:
    """Does the letter tell what was done, or speak of billing it?"""
    return bool(_OF_SERVICES.search(_asked(question)) or _DONE.search(_asked(question)))


def _asked(question: Question) -> str:
    return f"{question.subject} {question.text}"[:1500]


def _diagnoses(codes: Iterable[str | None]) -> bool:
    return any(code and readings(code) and readings(code)[0][1] is System.ICD10CM for code in codes)
