"""Diagnoses that a letter on services only tells as their reason: the answer holds the services that were asked for."""

from __future__ import annotations

import re

from consultant.advice.diagnoses.tabular import is_diagnosis
from consultant.advice.sheet import Ruling, Sheet
from consultant.vocabulary import System

_DONE = frozenset({System.CPT, System.HCPCS})
#: What shows that a service stands in the letter; a keyword of it may stand there by chance.
_SHOWN = frozenset({"named", "title", "family", "card"})
_BEHIND = re.compile(r"\W?(?: \w+)? codes?\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:codes? (?:is |it )?(?:for|of)|is (?:it|this|that)) (?:the |an? |his |her |this )?(?:\w+ ){0,2}$", re.IGNORECASE
)
#: Whoever writes one of these asks for something.
_ASKS = re.compile(r"\?|\b(?:cod(?:es?|ed|ing)|cpt|hcpcs|bill\w*|charg\w+|claims?|modifiers?|units?|report\w*)\b", re.IGNORECASE)
#: "Dx code too?", "codes incl. diagnosis", "what is reportable and what diagnosis": services are asked for as well.
_TOO = re.compile(
    r"\b(?:dx|diagnos[ei]s)(?: codes?)? (?:too|also|as well)\b|\bincl\w*\.? (?:the )?(?:dx|diag)"
    r"|\b(?:with the|and what|and which|and with what) (?:dx|diag)|\bcpts?\b|\bhow (?:to|do (?:we|i|you)|should (?:we|i)) bill\b",
    re.IGNORECASE,
)
#: A scope that was turned into open surgery.
_OF_THE_WORK = ("Z53.3",)


def unasked_rule(sheet: Sheet) -> Ruling:
    """Without the diagnoses of a letter that asks for none, where its services are decided, and the other way round.

    A diagnosis that a text reports together with a service goes with that service: Z00.110 with a newborn's check.
    """
    if sheet.findings.only_ails and not _TOO.search(sheet.findings.question.text):
        return Ruling(hold=_services(sheet))
    told = [code for code in sheet.lines if is_diagnosis(sheet, code)]
    if not sheet.findings.only_work or not any(_is_done(sheet, code) for code in sheet.lines):
        return Ruling()
    if any(_asked_by_name(sheet, code) for code in told):
        return Ruling()
    together = _with_services(sheet)
    return Ruling(hold=tuple(code for code in told if code not in together))


def _services(sheet: Sheet) -> tuple[str, ...]:
    """The services beside a diagnosis that is decided: a rule on both has brought them ("nursemaid's elbow, ICD-10?")."""
    if not any(is_diagnosis(sheet, code) for code in sheet.lines):
        return ()
    return tuple(code for code in sheet.lines if sheet.systems.get(code) in _DONE)


def _asked_by_name(sheet: Sheet, code: str) -> bool:
    """ "Which concussion code?", "one code for the hypothyroidism": is the disease what a code is asked for?"""
    text = sheet.findings.question.text
    spans = [span for span in sheet.spans_of(code) if span.where == "text"]
    return any(_BEHIND.match(text, span.end) or _BEFORE.search(text, 0, span.start) for span in spans)


def _is_done(sheet: Sheet, code: str) -> bool:
    found = [c for c in sheet.findings.candidates if c.code == code and c.system in _DONE]
    return any(evidence.kind in _SHOWN for candidate in found for evidence in candidate.evidence)


def _with_services(sheet: Sheet) -> set[str]:
    """The codes beside a service in a row or a modifier in a rule, those that are named, and what tells how the work went."""
    systems = sheet.systems
    rows = [{row.code or "", *row.also} for decision in sheet.decisions for row in decision.rows]
    marked = [{*card.report} for card in sheet.cards if any(code.startswith("-") for code in card.report)]
    kept = (
        _ruled(sheet)
        | {c.code for c in sheet.candidates("named")}
        | {code for code in sheet.lines if code.startswith(_OF_THE_WORK)}
    )
    return kept.union(*marked, *(codes for codes in rows if any(systems.get(code) in _DONE for code in codes)))


def _ruled(sheet: Sheet) -> set[str]:
    """The diagnoses of rules on nothing else, where the letter only tells ("BRCA gene, here to talk about removal")."""
    if _ASKS.search(sheet.findings.question.text):
        return set()
    return {code for card in sheet.cards if all(is_diagnosis(sheet, one) for one in card.report) for code in card.report}
