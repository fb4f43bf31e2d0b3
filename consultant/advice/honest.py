"""Does the answer hold what was asked? If not, it is no answer, however sure each part of it is."""

from __future__ import annotations

import re

from consultant.advice.cards import gave_verdict
from consultant.advice.diagnoses.tabular import is_diagnosis
from consultant.advice.official.files import named
from consultant.advice.sheet import Sheet
from consultant.vocabulary import Topic

#: At most this sure is an answer that lacks what was asked …
LACKING = 0.45
#: … and one that holds lines and still has to ask: of such answers half were right where others were in seven of ten.
ASKING = 0.7
_ASKS_A_RULE = re.compile(
    r"\b(?:can|may|must|should|do(?:es)?|did|is|are|was|will|who|when|why|what (?:date|day)"
    r"|how (?:long|often|soon|late|many times))\b[^?]{3,200}\?",
    re.IGNORECASE,
)
_NAMES_A_CODE = re.compile(r"\b(?:codes?|icd|cpt|hcpcs|dx|modifiers?|units)\b", re.IGNORECASE)
#: A question of a few words, such as "Incident-to?".
_SHORT = re.compile(r"(?:(?<=[.!?\n] )|^)[^.!?\n]{5,40}\?", re.MULTILINE)
#: "Both are billed: no modifier is needed between them": that is an answer too.
_NONE = re.compile(r"\bno modifiers? (?:is |are )?(?:needed|wanted|required|parts|joins)\b|\bneeds? no modifier\b", re.IGNORECASE)
LEAST_NAME = 8  # letters of words that name a rule


def lacking(sheet: Sheet) -> str:
    """What the letter asks for and the answer has not, in words for the reviewer; "" when nothing is lacking."""
    if sheet.settled:
        return ""
    asked, topic = sheet.asked, sheet.findings.topics[0]
    modifiers = [m for held in sheet.lines.values() for m in held] + sheet.loose
    if not (sheet.lines or sheet.loose or sheet.refused) and (sheet.ask or not sheet.verdict) and not told_by_rule(sheet):
        return "a decided code"
    if wants_diagnosis(sheet) and not any(is_diagnosis(sheet, code) for code in sheet.lines) and (sheet.lines or sheet.loose):
        return "a diagnosis code"
    if topic is Topic.CODE_LOOKUP and "which code" in asked and not (sheet.lines or sheet.loose or sheet.refused):
        return "a code"
    ruled = [code for card in sheet.cards for code in (*card.discuss, *card.report, *card.do_not_report)]
    held = (*modifiers, *sheet.refused, *(ruled if sheet.lines else ()))
    denied = set(sheet.refused).intersection(named(sheet))  # of a code that is never billed beside the rest no modifier is wanted
    none = denied or _wants_none(sheet)
    if topic is Topic.MODIFIER and "which modifier" in asked and not none and not any(code.startswith("-") for code in held):
        return "a modifier"
    if "how many units" in asked and sheet.lines and not sheet.units:
        return "a number of units"
    return ""


def _wants_none(sheet: Sheet) -> bool:
    """Does a card whose codes all stand say that they need no modifier?"""
    ruling = [card for card in sheet.cards if card.report and {*card.report} <= {*sheet.lines}]
    return any(_NONE.search(card.says) for card in ruling)


def told_by_rule(sheet: Sheet) -> bool:
    """Does the letter ask how a thing is done, and a card say it? Then no code is wanted, and nothing need be asked."""
    text = sheet.findings.question.text
    asks = (_ASKS_A_RULE.search(text) or _asks_by_name(sheet)) and not _NAMES_A_CODE.search(text)
    if not asks or sheet.lines or sheet.loose or sheet.refused or sheet.findings.topics[0] is Topic.CODE_LOOKUP:
        return False
    return gave_verdict(sheet)


def _asks_by_name(sheet: Sheet) -> bool:
    """ "Incident-to?": does a question of few words hold words of several letters that brought a card?"""
    told = [word for match in sheet.findings.matches if match.kind == "card" for word in match.words if len(word) >= LEAST_NAME]
    asked = [match.group() for match in _SHORT.finditer(sheet.findings.question.text)]
    return any(word in question for word in told for question in asked)


def wants_diagnosis(sheet: Sheet) -> bool:
    """Does the letter ask for a diagnosis code and for nothing else?"""
    asked = sheet.asked
    return "diagnosis code" in asked and "which code" in asked and "procedure code" not in asked
