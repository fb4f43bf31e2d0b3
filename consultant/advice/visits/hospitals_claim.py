"""A letter about the hospital's own claim: hours of observation, a condition code, a bill type. No visit of a doctor is asked for.

"Billing wants condition code 44", "how many hours of observation", "our UB": the words "discharged" and "admitted" tell the stay
there, and the visits on those days are on the doctor's claim.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.operations.anaesthesia import is_anaesthesia
from consultant.advice.sheet import Ruling, Sheet

#: What stands on a hospital's claim alone.
_HOSPITALS = re.compile(
    r"\bG037[89]\b|\bcondition code\b|\bub-?0?4\b|\bbill type\b|\btype of bill\b|\brev(?:enue)? codes?\b|\bc-?apcs?\b|\bopps\b"
    r"|\bobs(?:ervation)? hours\b|\bhours of obs(?:ervation)?\b|\bobs(?:ervation)? units\b|\bunits of obs(?:ervation)?\b"
    r"|\bobs(?:ervation)? order\b[^?]{0,200}\bhow many hours\b|\b(?:hospital|facility)(?:'s)? (?:claim|side|bill)\b"
    r"|\binpatient[- ]only\b|\b(?:two|2)[- ]midnights?\b",
    re.IGNORECASE,
)
#: Who asks for the doctor all the same.
_DOCTORS = re.compile(
    r"\b(?:professional|pro[- ]?fees?|1500|hospitalist'?s?|mdm|decision[- ]making|(?:doctor|physician|attending|surgeon|dr)(?:'s|s)? (?:claims?|codes?|visits?|bills?|side|charges?)"
    r"|(?:we|i) (?:saw|rounded|admitted|discharged)|our (?:doctor|doc|physician|internist|np|pa|group|practice)|shared)\b|\b99[23]\d\d\b",
    re.IGNORECASE,
)
_VISIT = re.compile(r"992(?:2[1-3]|3[1-9])")
#: A centre that bills for its rooms: "both planned under propofol" tells how the patient slept.
_CENTRE = re.compile(
    r"\basc\b|\b(?:endoscopy|surgery|surgical) (?:cent(?:er|re)|suite)(?:'s)?\b(?: here| claims?| bills?|,|:|\.)", re.IGNORECASE
)
_SLEEP = re.compile(r"\b(?:crnas?|an[ae]{1,2}sth\w+|q[zkxys]|base units|asa code)\b", re.IGNORECASE)


def hospitals_claim_rule(sheet: Sheet) -> Ruling:
    """Without the doctor's hospital visits in a letter that speaks of the hospital's claim and of no doctor's; and without the
    anaesthetic in one of a surgery centre that tells it as sedation alone."""
    text = sheet.findings.question.text
    if _CENTRE.search(text) and not _SLEEP.search(text):
        asleep = tuple(code for code in sheet.lines if is_anaesthesia(code))
        return Ruling(hold=asleep) if len(asleep) < len(sheet.lines) else Ruling()
    if not _HOSPITALS.search(text) or _DOCTORS.search(text):
        return Ruling()
    told = {code for card in sheet.cards for code in card.report}
    return Ruling(hold=tuple(code for code in sheet.lines if _VISIT.fullmatch(code) and code not in told))
