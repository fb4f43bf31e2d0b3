""" "C50 or Z85.3?": of a cancer and its history a letter that asks between them gets the one that is told, or the question back.

While a treatment is aimed at it, hormones after the operation included, a cancer is coded as such; once it is out and no
treatment goes on it is history (ICD-10-CM Official Guidelines, section I.C.2.m).
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet, record_source

_CANCER = re.compile(r"C[0-9]\d")
_HISTORY = re.compile(r"Z85|Z08")
_ASKED = re.compile(
    r"\bC\d\d(?:\.\w{1,4})?(?: code)?,? (?:or|vs\.?|versus) (?:an? |the )?Z85|\bZ85(?:\.\w{1,4})?(?: code)?,? (?:or|vs\.?|versus) (?:an? |the )?C\d\d"
    r"|\b(?:active|current|still) (?:cancer )?(?:or|vs\.?|versus) (?:just |personal |a )?history\b|\bhistory (?:or|vs\.?|versus) (?:active|current)\b",
    re.IGNORECASE,
)
_DRUG = (
    r"(?:chemo\w*|radiation|immunotherapy|tamoxifen|anastrozole|letrozole|exemestane|arimidex|femara|aromasin|lupron|leuprolide|eligard"
    r"|zoladex|herceptin|trastuzumab|hormon\w+|ai\b|adjuvant|treat\w*|infusions?|bcg|gemcitabine|mitomycin)"
)
#: What is given against a cancer that is there, and not to keep it from coming back: it says its aim without "still".
_AIMED = r"(?:lupron|leuprolide|eligard|zoladex|goserelin|firmagon|degarelix|androgen (?:deprivation|blockade)|adt)\b"
_GOES_ON = re.compile(
    rf"\b(?:still|currently|now|presently|undergoing|receiving|continues?)\b[^.;?!\n]{{0,25}}\b{_DRUG}"
    rf"|\b(?:on|gets|getting|has|takes) (?:(?:monthly|quarterly|regular|ongoing) )?{_AIMED}",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:no|not|never|without|off|finished|completed|done|stopped)\b", re.IGNORECASE)
_IS_OVER = re.compile(
    r"\b(?:finished|completed|done with|no (?:more |further |current |active |ongoing )?treatment|off (?:all )?(?:treatment|therapy|meds)"
    r"|surveillance|no evidence of|ned|cancer[- ]free|no sign of)\b|\b(?:treatments?|chemo\w*|radiation)\b[^.;?!]{0,15}\b(?:over|done|finished|completed?)\b",
    re.IGNORECASE,
)
#: A drug that only keeps it from coming back leaves it history, and so does one that nobody says the aim of.
_PREVENTS = re.compile(r"\bproph\w+|\bprevent\w*", re.IGNORECASE)

_WHICH = "Which part of the organ does the cancer sit in, and on which side?"


def over_rule(sheet: Sheet) -> Ruling:
    """Cancer or history, where the letter asks between the two: both are held back unless it tells whether treatment goes on."""
    text = sheet.findings.question.text
    cancers = [code for code in sheet.lines if _CANCER.match(code)]
    past = [code for code in sheet.lines if _HISTORY.match(code)]
    if not (cancers or past) or not _ASKED.search(text) or _PREVENTS.search(text):
        return Ruling()
    if remission := [code for code in cancers if _is_in_remission(sheet, code)]:
        return Ruling(hold=tuple(code for code in (*cancers, *past) if code not in remission))
    if any(not _NOT.search(told.group()) for told in _GOES_ON.finditer(text)):
        named = [c.code for c in sheet.candidates("named") if _CANCER.match(c.code) and _is_billable(sheet, c.code)]
        source = record_source(sheet.book, (cancers or named or past)[0])
        says = Saying("why", "A treatment still goes on: it is coded as the cancer.", (source,))
        return Ruling(
            () if cancers else tuple(named), hold=tuple(past), sayings=(says,), ask=_WHICH if not (cancers or named) else ""
        )
    if _IS_OVER.search(text):
        return Ruling(hold=tuple(cancers)) if past else Ruling()
    asks = (
        "Does any treatment of the cancer still go on (chemotherapy, radiation, hormones), or is it out and all treatment over?"
    )
    return Ruling(hold=(*cancers, *past), ask=asks)


def _is_in_remission(sheet: Sheet, code: str) -> bool:
    """Has the cancer a code of its own for remission, as those of the blood have? It is no history (section I.C.2.n)."""
    record = sheet.book.record(code)
    return record is not None and record.title.lower().endswith("in remission")


def _is_billable(sheet: Sheet, code: str) -> bool:
    record = sheet.book.record(code, sheet.findings.on)
    return record is not None and record.billable
