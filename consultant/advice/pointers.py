"""Which diagnosis each line of a claim points to: "A" for the first diagnosis of the answer, "B" for the second."""

from __future__ import annotations

from string import ascii_uppercase

from consultant.advice.sheet import Sheet
from consultant.vocabulary import System

MOST = 4  # a line of a professional claim points to at most four diagnoses


def pointers(sheet: Sheet) -> dict[str, str]:
    """Code → its letter, or the letters its line points to; {} when the answer has no diagnosis or no service.

    The answer holds the diagnoses in the order of the claim, and no rule gives one to a single line: each has the first four.
    """
    systems = {c.code: c.system for c in sheet.findings.candidates}
    diagnoses = [code for code in sheet.lines if systems.get(code) is System.ICD10CM]
    services = [code for code in sheet.lines if systems.get(code) in (System.CPT, System.HCPCS)]
    if not diagnoses or not services:
        return {}
    letters = dict(zip(diagnoses, ascii_uppercase, strict=False))
    shared = ", ".join(list(letters.values())[:MOST])
    return {**letters, **dict.fromkeys(services, shared)}
