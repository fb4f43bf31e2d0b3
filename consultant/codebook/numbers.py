"""Codes that a question names by their numbers: whole codes, beginnings of codes, ranges of codes."""

from __future__ import annotations

import re
from datetime import date

from consultant.codebook import codes
from consultant.codebook.index import Rows
from consultant.codebook.query import MOST_WORDS
from consultant.vocabulary import Hit, System

MOST_NAMED = 12  # codes of one question
_NUMBER = r"([A-Z]?\d[0-9A-Z]{1,4}(?:\.[0-9A-Z]{1,4})?)"
_RANGE = re.compile(rf"\b{_NUMBER}\s?(?:-|to\b|through\b|thru\b)\s?{_NUMBER}(?![0-9A-Z.])", re.IGNORECASE)
_NAMED = "SELECT id, title FROM code WHERE code = ? AND system = ? AND kind = 'code' ORDER BY ended IS NULL DESC"


def named(rows: Rows, words: str, system: System | None, limit: int, on: date | None) -> list[Hit]:
    """Codes that the words name in full, then those of ranges; for a lone beginning of a code, those that go on from it."""
    lone = bool(codes.readings(words))
    split = [words] if lone else [word for word in words.split()[:MOST_WORDS] if any(map(str.isdigit, word))][:MOST_NAMED]
    hits: dict[str, Hit] = {}
    for name in split:
        for code, of in codes.readings(name):
            known = [row for row in rows(_NAMED, code, of) if in_force(rows, row[0], on)]
            if known and system in (None, of) and (lone or any(map(str.isalpha, code)) or len(code) > 3):
                hits.setdefault(code, Hit(code, of, 1.0, known[0][1], {name.strip(): "code"}))
                break
    for hit in (*_ranges(rows, words, system, limit, on), *_beginning(rows, words, system, limit, on)):
        hits.setdefault(hit.code, hit)
    return list(hits.values())


def in_force(rows: Rows, row: int, on: date | None) -> bool:
    """Was a row of `code` in force on the day? Always, without a day."""
    if on is None:
        return True
    sql = "SELECT 1 FROM code WHERE id = ?1 AND coalesce(effective, '') <= ?2 AND coalesce(ended, '9999') >= ?2"
    return bool(rows(sql, row, on.isoformat()))


def _ranges(rows: Rows, words: str, system: System | None, limit: int, on: date | None) -> list[Hit]:
    """The codes from one that is named to another of the same system that is: "99202-99205", "M54.1 to M54.5"."""
    found: list[Hit] = []
    for first, last in _RANGE.findall(words[:2000])[:MOST_NAMED]:
        ends = [(a, b, of) for a, of in codes.readings(first) for b, other in codes.readings(last) if of == other]
        for a, b, of in ends[:1]:
            if len(a) == len(b) and a < b and system in (None, of):
                found += _between(rows, a, b + "~", of, limit, on, f"{first}-{last}")
    return found


def _beginning(rows: Rows, words: str, system: System | None, limit: int, on: date | None) -> list[Hit]:
    start = words.strip().upper()
    start = codes.dotted(start) if start[:1].isalpha() and start.isalnum() else start.rstrip("-.")
    if not 3 <= len(start) <= 8 or not start.replace(".", "").isalnum() or not any(map(str.isdigit, start)):
        return []
    return _between(rows, start, start + "~", system, limit + 1, on, start)


def _between(rows: Rows, first: str, last: str, system: System | None, limit: int, on: date | None, said: str) -> list[Hit]:
    sql = (
        "SELECT DISTINCT code, system, title FROM code WHERE code BETWEEN ?1 AND ?2 AND billable AND system LIKE ?3 "
        "AND (?4 IS NULL AND ended IS NULL OR coalesce(effective, '') <= ?4 AND coalesce(ended, '9999') >= ?4) "
        "ORDER BY code LIMIT ?5"
    )
    found = rows(sql, first, last, system or "%", on.isoformat() if on else None, limit)
    return [Hit(code, System(of), 0.9, title, {said: "code"}) for code, of, title in found]
