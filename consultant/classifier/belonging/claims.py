"""Whose claim a letter is about: a hospital's or a surgery centre's has no visits and no anaesthetic of a practitioner.

"Billing wants condition code 44", "how many hours of observation", "our UB": the words "discharged" and "admitted" tell the stay
there, and the visits on those days are on the doctor's claim. "Endoscopy center, EGD under propofol" tells how the patient slept.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.codebook.knowledge import Family

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
_STAYS = "hospital-visit"
#: A centre that bills for its rooms, and who asks for the one who put the patient to sleep.
_CENTRE = re.compile(
    r"\basc\b|\b(?:endoscopy|surgery|surgical) (?:cent(?:er|re)|suite)(?:'s)?(?: (?:here|claims?|bills?)\b|[,:.])", re.IGNORECASE
)
_SLEEP = re.compile(r"\b(?:crnas?|an[ae]{1,2}sthe\w+|q[zkxys]|base units|asa code)\b", re.IGNORECASE)


def is_of_another_claim(family: Family, whole: str) -> bool:
    """Is what the family codes on the claim of somebody else than the hospital or the centre that the letter bills for?"""
    if family.id == _STAYS:
        return bool(_HOSPITALS.search(whole)) and not _DOCTORS.search(whole)
    if family.specialty[:1] == ("anesthesia",):
        return bills_for_rooms(whole)
    return False


def bills_for_rooms(whole: str) -> bool:
    """Is it a centre's letter, and does nobody ask for the one who put the patient to sleep?"""
    return bool(_CENTRE.search(whole)) and not _SLEEP.search(whole)
