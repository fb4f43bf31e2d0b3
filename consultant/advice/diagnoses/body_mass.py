"""The body mass index beside an obesity that a family has decided, where the letter tells it in words that no table has."""

from __future__ import annotations

from consultant.advice.diagnoses.measured import measured
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source

_WEIGHT, _INDEX = "E66", "Z68"


def body_mass_rule(sheet: Sheet) -> Ruling:
    """Z68.- by its number; then nobody need ask for it."""
    if not any(code.startswith(_WEIGHT) for code in sheet.lines) or any(code.startswith(_INDEX) for code in sheet.lines):
        return Ruling()
    found = [code for code in measured(sheet.findings.question.text, [*sheet.lines]) if code.startswith(_INDEX)]
    if not found:
        return Ruling()
    why = f"The body mass index that the letter tells is {found[0]}, beside the diagnosis of weight."
    return Ruling((found[0],), sayings=(Saying("why", why, (record_source(sheet.book, found[0]),)),), counts="BMI" in sheet.ask)
