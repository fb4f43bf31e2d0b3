"""What somebody else did, where a letter asks for the codes of one who operated: "what does the surgeon bill?".

"The radiologist put in the wire, then the surgeon took the lump out": the wire is the radiologist's to bill.
"""

from __future__ import annotations

import re
from itertools import islice

_SURGEON = r"(?:surgeons?|urologists?|orthop\w+|gynecologists?|obgyn)"
#: Whose codes are asked for.
_ASKED = re.compile(
    rf"\b(?:what|which|how)\b[^.?!]{{0,40}}\b(?:does|do|should|can|for|is)\b[^.?!]{{0,12}}\b(?:the|our|my) {_SURGEON}\b"
    rf"|\b{_SURGEON}(?:'s?)? codes?\b|\bcodes? for (?:the|our|my) {_SURGEON}\b",
    re.IGNORECASE,
)
_OTHER = r"(?:(?:the|our|an?) )?(?:interventional )?(?:radiologist|radiology|ir|pathologist|anesthesiologist|cardiologist)"
_CLAUSE = r"[^.,;?!\n]"
#: A clause that another one is the doer of.
_DONE = re.compile(
    rf"\b{_OTHER} (?:did|does|placed?|puts?|inserted|performed|gave|marked|localized|drained|biopsied|read|reads)"
    rf"{_CLAUSE}{{0,80}}?(?=[.,;?!\n]|\band\b|\bthen\b|$)"
    rf"|(?<=[.;?!\n]){_CLAUSE}{{0,80}}\bby {_OTHER}\b{_CLAUSE}{{0,40}}|\A{_CLAUSE}{{0,80}}\bby {_OTHER}\b{_CLAUSE}{{0,40}}",
    re.IGNORECASE,
)
_MOST = 12


def of_others(whole: str) -> list[tuple[int, int]]:
    """The stretches of a letter that tell the work of others than the one whose codes it asks for."""
    return [match.span() for match in islice(_DONE.finditer(whole), _MOST)] if _ASKED.search(whole) else []
