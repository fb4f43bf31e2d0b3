"""Two surgeons who each did another operation of one session: no 62, which is for two who share one code."""

from __future__ import annotations

import re

from consultant.advice.operations import LONGEST
from consultant.advice.operations.indicators import PAIRED
from consultant.advice.sheet import Ruling, Saying, Sheet

_WHO = (
    r"(?:(?:general|plastic|vascular|spine|trauma|colorectal|thoracic|cardiac|heart|breast|transplant|oral|ent) surgeon"
    r"|neurosurgeon|neurosurgery|orthopedist|orthopod|ortho|urologist|urology|gynecologist|gyn(?:-?onc)?|ob-?gyn|ent|plastics"
    r"|surgical oncologist)"
)
_DID = (
    r"(?:did|does|fixe[ds]|took out|takes out|removed|repair(?:ed|s)|performed|put in|placed|reconstruct(?:ed|s)"
    r"|resect(?:ed|s)|sewed)"
)
#: "General surgeon fixed the bowel, urologist the bladder"; "neurosurgeon did the laminectomy, then ortho did the fusion".
_EACH = re.compile(rf"\b(?P<one>{_WHO}) {_DID} [^.?!;]{{3,80}}?\b(?P<other>{_WHO}) (?:{_DID}|the|her|his)\b", re.IGNORECASE)
#: What they share, or what one does only for the other's work.
_SHARED = re.compile(
    r"\bsame (?:code|fusion|procedure|operation)\b|\bexpos\w+|\bapproach\w*|\bopen(?:s|ed|ing)? \b|\bhalf\b"
    r"|\btogether\b|\bshare\w*|\balif\b|\baccess\b|\bassist\w*|\bhelp\w*",
    re.IGNORECASE,
)
_SIXTY_TWO = re.compile(r"(?<![\d.$])62(?!\d|\.\d|[ -]?(?:years?|yrs?|y/?o|f|m|min\w*|%)\b)", re.IGNORECASE)


def own_operations_rule(sheet: Sheet) -> Ruling:
    """No 62 where the letter asks for it and tells two specialists with an operation each."""
    text = sheet.findings.question.text[:LONGEST]
    asked = "co-surgeons" in sheet.asked or _SIXTY_TWO.search(text)
    told = _EACH.search(text) if asked and not _SHARED.search(text) else None
    if not told or told["one"].lower() == told["other"].lower():
        return Ruling()
    why = (
        "62 is for two surgeons who share one code: where each did an operation of his own, each reports his own code without it."
    )
    return Ruling(refuse=("-62", "-80"), sayings=(Saying("why", why, (PAIRED,)),))
