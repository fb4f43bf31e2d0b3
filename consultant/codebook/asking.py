"""Asking a table that a book may not have: a source that was not imported leaves no table, and that is an empty answer."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any, overload


def rows(db: sqlite3.Connection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query; [] when its table is not in the book. Other errors pass."""
    try:
        return db.execute(sql, values).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise


def number(day: date) -> int:
    """A day as the tables keep it: 20250930."""
    return day.year * 10000 + day.month * 100 + day.day


@overload
def day(number: int) -> date: ...
@overload
def day(number: int | None) -> date | None: ...
def day(number: int | None) -> date | None:
    """A day from the tables' number; None when the source tells none."""
    return date(number // 10000, number // 100 % 100, number % 100) if number else None
