"""Questions that need two codes, or a code and its units: NCCI's procedure pairs, medically unlikely edits and add-on codes.

Pure functions over an open book; codes are taken as the book writes them. A book without these files answers () and None.

A deletion date is the last day on which an edit applied: the dates are ends of quarters (31 December 2023), and read otherwise an
edit and its successor, which begins on 1 January, would leave a day without either. Indicator 9 marks an edit that was deleted
as of the day it began, so it never applied, whatever its dates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from consultant.codebook import asking
from consultant.codebook.sources.ncci_addon import CONTRACTOR
from consultant.codebook.sources.ncci_ptp import SETTINGS

# The newest release in the book that has the first code speaks alone for it: releases carry their history, and are split into
# parts by the first code, so that a part which was not added yet leaves the older release in use for its codes.
_EDITS = """
SELECT p.setting, p.effective, p.deleted, p.indicator, t.text, r.source
FROM ptp_release r
CROSS JOIN ptp p ON p.column1 = ?1 AND p.setting = r.setting AND p.release = r.release AND p.column2 = ?2
LEFT JOIN ptp_rationale t ON t.id = p.rationale
WHERE r.release / 10 = (SELECT max(q.release) FROM ptp q WHERE q.column1 = ?1 AND q.setting = r.setting) / 10
"""
_MUE = """
SELECT code, setting, units, mai, rationale, effective, source FROM mue
WHERE setting = ?2 AND code = ?1 AND effective = (SELECT max(effective) FROM mue WHERE setting = ?2 AND effective <= ?3)
"""
_PAIRS = """
SELECT addon, primary_code, kind, effective, deleted, addon_deleted, primary_deleted, note, source
FROM addon_pair JOIN addon_release USING (release)
WHERE {column} = ? AND release = (SELECT max(release) FROM addon_release) ORDER BY addon, primary_code, effective DESC
"""
_ADDONS_OF = _PAIRS.format(column="primary_code")
_PARENTS_OF = _PAIRS.format(column="addon")


@dataclass(frozen=True, slots=True)
class Edit:
    """One row of a pair: `column1` is paid, `column2` is not unless a modifier is allowed and right."""

    column1: str
    column2: str
    setting: str  # "practitioner", "outpatient"
    effective: date
    deleted: date | None  # the last day on which it applied
    indicator: int  # 0 no modifier helps, 1 a modifier may be used when the services are distinct, 9 never applied
    rationale: str
    in_force: bool  # on the day that was asked for
    source: str  # id of the release


@dataclass(frozen=True, slots=True)
class Mue:
    """The most units of a code for one patient, by the snapshot in force."""

    code: str
    setting: str  # "practitioner", "outpatient", "dme"
    units: int
    mai: int  # 1 each claim line, 2 a day, by policy and absolute, 3 a day, clinical: more can be paid when proven
    rationale: str
    effective: date  # the first day of the snapshot
    source: str


@dataclass(frozen=True, slots=True)
class AddonPair:
    """An add-on code and one primary code it may join. Dates of deletion are last days; None is "not told"."""

    addon: str
    primary_code: str  # CCCCC: the contractor defines which
    kind: int  # 1 closed list, 2 no list, 3 list that the contractor may extend
    effective: date | None
    deleted: date | None
    addon_deleted: date | None
    primary_deleted: date | None
    note: str
    source: str

    @property
    def contractor_defined(self) -> bool:
        return self.primary_code == CONTRACTOR

    def in_force(self, on: date) -> bool:
        ends = (self.deleted, self.addon_deleted, self.primary_deleted)
        return (self.effective is None or self.effective <= on) and all(end is None or on <= end for end in ends)


def edits(db: sqlite3.Connection, a: str, b: str, on: date) -> tuple[Edit, ...]:
    """All edits between two codes, either way round: those in force `on` that day first, then the newest; () when none."""
    day = asking.number(on)
    found = [
        Edit(
            column1=one,
            column2=other,
            setting=SETTINGS[setting],
            effective=_date(effective) or date.min,
            deleted=_date(deleted),
            indicator=indicator,
            rationale=rationale or "",
            in_force=indicator != 9 and effective <= day and (not deleted or day <= deleted),
            source=source,
        )
        for one, other in dict.fromkeys(((a, b), (b, a)))
        for setting, effective, deleted, indicator, rationale, source in asking.rows(db, _EDITS, one, other)
    ]
    return tuple(sorted(found, key=_rank))


def mue(db: sqlite3.Connection, code: str, setting: str, on: date) -> Mue | None:
    """The limit of a code by the newest snapshot that had begun `on` that day.

    None when that snapshot lacks the code (not every limit is published) or the book has no snapshot that old.
    """
    for number, place, units, mai, rationale, effective, source in asking.rows(db, _MUE, code, setting, asking.number(on)):
        return Mue(number, place, units, mai, rationale, _date(effective) or date.min, source)
    return None


def addon_pairs(db: sqlite3.Connection, code: str, on: date | None = None) -> tuple[AddonPair, ...]:
    """The add-on codes that may join this primary code, in their order; `on` a day only the pairs in force, else all."""
    return _pairs(asking.rows(db, _ADDONS_OF, code), on)


def parents(db: sqlite3.Connection, code: str, on: date | None = None) -> tuple[AddonPair, ...]:
    """The primary codes that this add-on code may join, in their order; () when it is no add-on code."""
    return _pairs(asking.rows(db, _PARENTS_OF, code), on)


def _pairs(rows: Iterable[tuple[Any, ...]], on: date | None) -> tuple[AddonPair, ...]:
    found = (
        AddonPair(one, other, kind, _date(effective), _date(ends), _date(addon_ends), _date(primary_ends), note, source)
        for one, other, kind, effective, ends, addon_ends, primary_ends, note, source in rows
    )
    return tuple(pair for pair in found if on is None or pair.in_force(on))


def _rank(edit: Edit) -> tuple[bool, bool, int, int, int]:
    """In force first, never in force last, the newest before the older, practitioners before hospitals."""
    last = (edit.deleted or date.max).toordinal()
    return not edit.in_force, edit.indicator == 9, -edit.effective.toordinal(), -last, SETTINGS.index(edit.setting)


@lru_cache(maxsize=4096)
def _date(number: int | None) -> date | None:
    return asking.day(number)
