"""Which diagnosis each line of a claim points to: "A" for the first diagnosis of the answer, "B" for the second."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from consultant.advice.official.edits import is_visit
from consultant.advice.sheet import Sheet
from consultant.vocabulary import System

MOST = 4  # a line of a professional claim points to at most four diagnoses
_SCREENING = re.compile(r"\bscreen", re.IGNORECASE)
#: Vaccines and their giving are there for the one diagnosis that says so.
_VACCINE = re.compile(r"90(?:3[89]|4[67]|[56]\d|7[0-4])\d|91[23]\d\d|G00(?:08|09|10)|M02\d\d")


def pointers(sheet: Sheet) -> dict[str, str]:
    """Code → its letter, or the letters its line points to; {} when the answer has no diagnosis or no service.

    The answer holds the diagnoses in the order of the claim. A screening points from the test that screens alone, a vaccination
    from the vaccine and its giving; what no rule gives to a single line every line has, the first four of it.
    """
    diagnoses = [code for code in sheet.lines if sheet.systems.get(code) is System.ICD10CM]
    services = [code for code in sheet.lines if sheet.systems.get(code) in (System.CPT, System.HCPCS)]
    if not diagnoses or not services:
        return {}
    letters = dict(zip(diagnoses, ascii_uppercase, strict=False))
    told = {code: ", ".join(letters[d] for d in _supporting(sheet, code, diagnoses, services)[:MOST]) for code in services}
    return {**letters, **told}


def _supporting(sheet: Sheet, service: str, diagnoses: Sequence[str], services: Sequence[str]) -> list[str]:
    """The diagnoses that may support the service; all of them where nothing better is known."""
    vaccination = [code for code in diagnoses if code == "Z23"]
    if vaccination and _VACCINE.fullmatch(service):
        return vaccination
    held = [code for code in diagnoses if not _elsewhere(sheet, code, service, services)]
    return held or list(diagnoses)


def _elsewhere(sheet: Sheet, diagnosis: str, service: str, services: Sequence[str]) -> bool:
    """Does the diagnosis belong to other lines of the answer than this one?"""
    if diagnosis == "Z23":
        return any(_VACCINE.fullmatch(one) for one in services)
    if diagnosis.startswith(("Z11", "Z12", "Z13")):
        return not _screens(sheet, service) and (is_visit(service) or any(_screens(sheet, one) for one in services))
    return False


def _screens(sheet: Sheet, service: str) -> bool:
    """Is it a test that screens, by its name or by its modifier?"""
    record = sheet.book.record(service)
    signs = {*sheet.lines[service], *(() if is_visit(service) else sheet.loose)}
    return bool({"-33", "-PT"} & signs or (record and _SCREENING.search(record.title)))
