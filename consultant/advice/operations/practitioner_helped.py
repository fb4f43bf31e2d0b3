"""A PA, NP or nurse specialist who did a helper's part in an operation, and whose own line the letter asks about: AS."""

from __future__ import annotations

import re

from consultant.advice.official.files import global_days
from consultant.advice.operations import LONGEST
from consultant.advice.operations.indicators import ASSISTANT
from consultant.advice.sheet import Ruling, Saying, Sheet

_WHO = r"(?:pas?|pa-c|np|physician assistant|nurse practitioner|clinical nurse specialist|cns)"
#: What a helper does at the table: "our NP ran the camera", "the PA did the closing", "PA took the leg vein".
_HELPED = re.compile(
    rf"\b{_WHO}\b (?:\w+ ){{0,2}}?(?:held|(?:ran|drove) the camera|retract\w*|clos(?:ed|ing)|suction\w*|harvest\w*|scrubbed"
    r"|helped|first-?assist\w*|assist(?:ed|s|ing)|(?:took|takes) (?:\w+ ){0,2}?(?:vein|graft|radial)"
    r"|did (?:the |all )?(?:closing|closure|retracting))\b",
    re.IGNORECASE,
)
#: "What does the NP bill?", "how is the PA billed", "on the PA's line", "what does the surgeon bill, what the PA?"
_OWN = re.compile(
    rf"\bwhat (?:does|do|can|should|would|may) (?:the |our |his |her )?{_WHO}\b[^.?!]{{0,12}}\b(?:bill|report|code|get|charge)"
    rf"|\bhow (?:is|are|do we bill|should|does) (?:the |our |his |her )?{_WHO}\b|\b{_WHO}'?s? (?:own )?(?:line|claim)\b"
    rf"|,? (?:and )?what (?:about )?(?:the |our )?{_WHO}\?",
    re.IGNORECASE,
)
#: Plans that take another sign for a helper.
_OTHERWISE = re.compile(r"\bcommercial\b|\b8[012]\b", re.IGNORECASE)
_HELPERS = frozenset({"-AS", "-80", "-81", "-82"})


def practitioner_helped_rule(sheet: Sheet) -> Ruling:
    """AS on the one operation of the answer, or beside several; nothing where a card has ruled on helpers."""
    text = sheet.findings.question.text[:LONGEST]
    if {*sheet.signs, *sheet.refused} & _HELPERS or not (_HELPED.search(text) and _OWN.search(text)):
        return Ruling()
    if _OTHERWISE.search(text):
        return Ruling()
    operations = [code for code in sheet.lines if global_days(sheet, code) == "090"]
    if not operations:
        return Ruling()
    on = operations[0] if len(operations) == 1 else ""
    why = "For Medicare a PA, NP or nurse specialist who helps at an operation reports the surgeon's code with AS, not 80."
    return Ruling(modifiers=((on, "-AS"),), sayings=(Saying("why", why, (ASSISTANT,)),))
