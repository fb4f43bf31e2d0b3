"""Marks of a patient's identity: names next to patient words, birth dates, SSN, Medicare and record numbers, phones, e-mails.

These are hints for a warning and for redaction, not proof that a letter is clean.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.vocabulary import Span

_MAX = 40
_DATE = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|\d{1,2}\s[A-Z][a-z]{2,8}\s\d{4})"
_NAME = r"[A-Z][a-z'’]{1,20}(?:-[A-Z][a-z]{1,20})?"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("birth date", re.compile(rf"(?i:\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|born(?: on)?))\W{{0,4}}(?P<it>{_DATE})")),
    ("SSN", re.compile(r"(?<![\d-])(?P<it>\d{3}-\d{2}-\d{4})(?![\d-])")),
    ("SSN", re.compile(r"(?i:\b(?:ssn|social security(?: number| no\.?)?))\W{0,4}(?P<it>\d{9})(?!\d)")),
    (
        "Medicare number",
        re.compile(
            r"\b(?P<it>[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2})\b"
        ),
    ),
    (
        "MRN",
        re.compile(
            r"(?i:\b(?:mrn|medical record(?: number| no\.?)?|chart (?:number|no\.?|#)|patient id))\W{0,4}(?P<it>[A-Z0-9-]{0,6}\d[A-Z0-9-]{2,11})"
        ),
    ),
    (
        "account",
        re.compile(
            r"(?i:\b(?:acct|account|member id|policy|subscriber id|claim (?:number|no\.?|#)))\W{0,4}(?:(?i:number|no\.?)\W{0,3})?(?P<it>[A-Z]{0,4}\d[A-Z0-9-]{3,16})"
        ),
    ),
    ("phone", re.compile(r"(?<![\d.-])(?P<it>(?:\+?1[ .-])?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4})(?![\d-])")),
    ("e-mail", re.compile(r"(?<![\w.+-])(?P<it>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")),
    (
        "address",
        re.compile(
            r"\b(?P<it>\d{1,5}\s(?:[A-Z][a-z]{1,20}\s){1,3}(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Lane|Ln|Drive|Court|Ct)\b)"
        ),
    ),
    ("name", re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|MR|MRS|MS)\.?\s(?P<it>{_NAME}(?:\s{_NAME}){{0,2}})")),
    (
        "name",
        re.compile(
            rf"(?i:\b(?:patient|pt|member|beneficiary|client|insured|subscriber))(?i:'s)?(?i:\sname)?(?i:\sis|\snamed|\scalled)?\W{{1,3}}"
            rf"(?P<it>{_NAME}\s(?:[A-Z]\.?\s)?{_NAME}|{_NAME},\s{_NAME})"
        ),
    ),
    ("name", re.compile(rf"\b(?i:named|name is|name:)\W{{1,2}}(?P<it>{_NAME}(?:\s(?:[A-Z]\.?\s)?{_NAME}){{0,2}})")),
    (
        "name",
        re.compile(
            rf"\b(?P<it>{_NAME}\s(?:[A-Z]\.?\s)?{_NAME})(?=,?\s\(?(?i:dob|date of birth|mrn|a \d{{1,3}}|age|born|\d{{1,3}} ?(?:yo|y/o|year)))"
        ),
    ),
)
#: Capitalised words that are no one's name.
_WORDS = """
Medicare Medicaid Advantage Part Blue Cross Shield Aetna Cigna Humana United Healthcare Health Care Home Physical Therapy
Occupational Speech Is Are Was Were Does Do Did Can Could Should Would Will Has Have Had The This That These Our We What Which
When Where Who How Please Thanks Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May
June July August September October November December Doctor Surgeon Emergency Room Hospital Clinic Center Relations Services
Service Status Type Visit Code Codes Diagnosis
"""
_NOT_NAMES = frozenset(_WORDS.split())


def read_phi(text: str) -> list[Span]:
    """The marks in the order of the text, without overlaps; `label` says what each is."""
    found: list[Span] = []
    for label, pattern in _PATTERNS:
        for match, _ in zip(pattern.finditer(text), range(_MAX), strict=False):
            if label != "name" or not _NOT_NAMES & set(re.findall(r"[A-Za-z]+", match.group("it"))):
                found.append(Span(match.start("it"), match.end("it"), match.group("it"), label))
    found.sort(key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
