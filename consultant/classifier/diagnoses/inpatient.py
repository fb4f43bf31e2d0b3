"""Whether a letter is of a hospital stay: there a disease still in doubt at the discharge is coded as if it were there."""

from __future__ import annotations

import re

_INPATIENT = re.compile(
    r"\b(?:inpatient|admitted|admission|discharge summary|discharge diagnosis|at discharge|hospital stay|principal)\b",
    re.IGNORECASE,
)
#: An outpatient, or a doubt that no longer stands at the discharge.
_NOT_TO_THE_END = re.compile(
    r"\boutpatient\b|\bobservation\b|\bdischarge summary (?:never|does not|doesn't|did not|didn't|is silent)\b"
    r"|\bnot (?:in|on|at|mentioned (?:in|on|at)|carried to) (?:the )?discharge\b|\b(?:never|not) mention\w* again\b",
    re.IGNORECASE,
)


def is_inpatient(text: str) -> bool:
    """Is it a hospital stay, at whose end a doubted disease is coded as if it were there?"""
    return bool(_INPATIENT.search(text)) and not _NOT_TO_THE_END.search(text)
