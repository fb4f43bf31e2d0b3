"""What became of HCPCS Level II codes: their successors, and what each release changed. Answers () where a book knows nothing."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from consultant.codebook import asking

_STEPS = 8  # from successor to successor; the longest chain seen has three

_DIRECT = (
    "SELECT DISTINCT successor FROM hcpcs_successor WHERE code = ?1 "
    "AND release = (SELECT max(release) FROM hcpcs_successor WHERE code = ?1) ORDER BY successor"
)
#: A code whose newest row ended before that day; one that the book has not (a CPT code, say) counts as living.
_OVER = "SELECT ended < ?2 FROM code WHERE code = ?1 AND kind = 'code' ORDER BY ended IS NULL DESC, ended DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Change:
    action: str  # a letter of ACTIONS
    release: str  # the first day of the release, ISO; "" when it isn't known
    source: str

    @property
    def meaning(self) -> str:
        return ACTIONS.get(self.action, self.action)


ACTIONS = {
    "A": "added",
    "B": "coverage and long text changed",
    "C": "long text changed",
    "D": "discontinued",
    "F": "coverage changed",
    "N": "unchanged",
    "P": "payment changed",
    "R": "reactivated",
    "S": "short text changed",
    "T": "type of service or BETOS changed",
}


def successors(db: sqlite3.Connection, code: str, on: date | None = None) -> tuple[str, ...]:
    """The codes that took the place of an ended HCPCS code (or modifier, "-XX"); () when none is told.

    With `on`, one that had itself ended by that day gives way to its own successors, as far as they are told.
    """
    found = _direct(db, code)
    seen = {code, *found}
    for _ in range(_STEPS if on else 0):
        following: list[str] = []
        for successor in found:
            later = [one for one in _direct(db, successor) if one not in seen] if _over(db, successor, str(on)) else []
            seen.update(later)
            following.extend(later or [successor])
        if following == found:
            break
        found = following
    return tuple(found)


def _direct(db: sqlite3.Connection, code: str) -> list[str]:
    return [row[0] for row in asking.rows(db, _DIRECT, code)]


def _over(db: sqlite3.Connection, code: str, on: str) -> bool:
    found = asking.rows(db, _OVER, code, on)
    return bool(found and found[0][0])


def changes(db: sqlite3.Connection, code: str) -> tuple[Change, ...]:
    """What the transaction reports say of a code, the newest release first."""
    sql = "SELECT action, release, source FROM hcpcs_change WHERE code = ? ORDER BY release DESC, action"
    return tuple(Change(action, _iso(release), source) for action, release, source in asking.rows(db, sql, code))


def _iso(day: int) -> str:
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}" if day else ""
