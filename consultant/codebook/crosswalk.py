"""From one code to others: between ICD-9-CM and ICD-10-CM, to CCSR groups, and to risk categories (HCC)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from consultant.codebook.asking import rows
from consultant.codebook.codes import dotted

KINDS = ("icd10-icd9", "icd9-icd10", "ccsr", "hcc", "hcc-hierarchy")

_CODES = "SELECT target, flags, source, '' FROM crosswalk WHERE kind = ? AND source_code = ?"
_GROUPS = (
    "SELECT c.target, c.flags, c.source, (SELECT title FROM crosswalk_group g WHERE g.kind = substr(c.kind || '-', 1, "
    "instr(c.kind || '-', '-') - 1) AND g.target = c.target AND g.flags IN (c.flags, '') ORDER BY g.source DESC LIMIT 1) "
    "FROM crosswalk c WHERE c.kind = ? AND c.source_code = ?"
)
_GROUPED = {"ccsr", "hcc", "hcc-hierarchy"}  # their titles stand with the part of the name before the dash
_ICD9_SOURCE, _NUMBERS = "icd9-icd10", "hcc-hierarchy"
_DEFAULTS = {"Y": "the default", "N": "one of several, not the default", "X": "not to be used as the first diagnosis"}


@dataclass(frozen=True, slots=True)
class Crossing:
    """One way across. `target` is "" when the table says that there is none."""

    kind: str
    code: str
    target: str
    title: str  # of a CCSR group or risk category; "" for codes
    flags: str  # as published; the model for risk categories
    meaning: str  # the flags, in our words
    source: str


def across(db: sqlite3.Connection, kind: str, code: str) -> tuple[Crossing, ...]:
    """Where a code leads in the newest release of a table (`KINDS`); () when the book or the table does not have it."""
    bare = code.strip().upper().replace(".", "")
    written = bare if kind in {_ICD9_SOURCE, _NUMBERS} else dotted(bare)
    found = rows(db, _GROUPS if kind in _GROUPED else _CODES, kind, written)
    newest = max((row[2] for row in found), key=lambda source: (not source.endswith("-undated"), source), default="")
    return tuple(
        Crossing(kind, written, "" if target == "NoDx" else target, title or "", flags, _meaning(kind, flags), source)
        for target, flags, source, title in found
        if source == newest
    )


def _meaning(kind: str, flags: str) -> str:
    if kind == "ccsr":
        return f"inpatient: {_DEFAULTS.get(flags[:1], '?')}; outpatient: {_DEFAULTS.get(flags[1:], '?')}"
    if kind == "hcc":
        return f"counts in the model {flags}"
    if kind == "hcc-hierarchy":
        return f"does not count beside the category asked for in the model {flags}"
    return _equivalence(flags)


def _equivalence(flags: str) -> str:
    """The five GEM flags: approximate, no map, combination, scenario, choice list."""
    approximate, no_map, combination, scenario, choice = (flags[place] for place in range(5))
    if no_map == "1":
        return "nothing corresponds"
    sort = "close, not equal" if approximate == "1" else "equal"
    if combination == "1":
        return f"{sort}; only together with others: scenario {scenario}, one of list {choice}"
    return sort
