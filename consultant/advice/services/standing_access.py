"""The access that a dialysis patient has: where the dialysis claim tells it by V5, V6 or V7, nobody put it in today.

"He runs through the tunneled catheter, the new fistula is maturing": words of operations that tell how he is dialysed.
"""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Sheet

_TOLD = {"-V5", "-V6", "-V7"}
#: Lines put in, changed or taken out, and accesses made, revised or tied off.
_MADE = re.compile(r"36(?:5[5-9]\d|8[0-3]\d)|37607")


def standing_access_rule(sheet: Sheet) -> Ruling:
    """Without operations on lines and accesses that the letter does not name, beside such a modifier."""
    if not _TOLD.intersection(sheet.signs):
        return Ruling()
    named = {one.code for one in sheet.findings.question.codes}
    return Ruling(hold=tuple(code for code in sheet.lines if _MADE.fullmatch(code) and code not in named))
