"""The payment localities of Medicare's physician fee schedule: their indices, anaesthesia factors and counties."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from consultant.codebook.asking import number, rows

_COLUMNS = "SELECT contractor, locality, state, name, work, pe, mp, source, valid_from, valid_to FROM gpci"
_BY_NUMBER = f"{_COLUMNS} WHERE contractor = ? AND locality = ?"
_BY_STATE = f"{_COLUMNS} WHERE state = ?"
_BY_STATE_AND_LOCALITY = f"{_COLUMNS} WHERE state = ? AND locality = ?"
_BY_NAME = f"{_COLUMNS} WHERE name = ? COLLATE NOCASE"
_FACTOR = (
    "SELECT factor, track FROM anesthesia WHERE contractor = ? AND locality = ? AND valid_from <= ? AND ? <= valid_to "
    "ORDER BY valid_from DESC"
)
_COUNTIES = (
    "SELECT counties FROM locality WHERE contractor = ? AND locality = ? AND valid_from <= ? AND ? <= valid_to "
    "ORDER BY length(counties) DESC"
)
_NUMBERED = re.compile(r"([0-9]{5})[ /-]?([0-9]{2})")
_IN_STATE = re.compile(r"([A-Z]{2})[ /-]([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Place:
    """A payment locality with its indices, 1 everywhere for the nation."""

    contractor: str  # five digits, "" for the nation
    locality: str  # two digits
    state: str
    name: str
    work: Decimal
    pe: Decimal
    mp: Decimal
    source: str


NATION = Place("", "", "", "national", Decimal(1), Decimal(1), Decimal(1), "")


def places(db: sqlite3.Connection, locality: str, on: date | None = None) -> tuple[Place, ...]:
    """The localities that a text names on a day (the newest year without one), in the order of their numbers.

    `10112-00`, `1011200`, `AL 00`, a state (`AL`, all of its localities), a locality's name, or `national`.
    """
    text = " ".join(locality.upper().split())
    if text in {"", "NATIONAL", "US", "USA"}:
        return (NATION,)
    numbered, in_state = _NUMBERED.fullmatch(text), _IN_STATE.fullmatch(text)
    if numbered:
        found = rows(db, _BY_NUMBER, numbered[1], numbered[2])
    elif in_state:
        found = rows(db, _BY_STATE_AND_LOCALITY, in_state[1], in_state[2])
    elif len(text) == 2:
        found = rows(db, _BY_STATE, text)
    else:
        found = rows(db, _BY_NAME, text)
    return tuple(_place(row) for row in sorted(_of_the_day(found, on)))


def anesthesia_factor(db: sqlite3.Connection, place: Place, on: date, *, track: str = "") -> Decimal | None:
    """Dollars per unit (base units and units of 15 minutes) at a place; None when the book does not have it."""
    found = rows(db, _FACTOR, place.contractor, place.locality, number(on), number(on))
    wanted = (track, "") if track else ("nonQPP", "", "QPP")
    factors = {told: Decimal(factor) for factor, told in reversed(found)}
    return next((factors[told] for told in wanted if told in factors), None)


def counties(db: sqlite3.Connection, place: Place, on: date) -> str:
    """The counties of a locality as published; "" when the book does not have them."""
    found = rows(db, _COUNTIES, place.contractor, place.locality, number(on), number(on))
    return str(found[0][0]) if found else ""


def _of_the_day(found: list[tuple[Any, ...]], on: date | None) -> list[tuple[Any, ...]]:
    if on is not None:
        return [row for row in found if row[8] <= number(on) <= row[9]]
    newest = max((row[8] for row in found), default=0)
    return [row for row in found if row[8] == newest]


def _place(row: tuple[Any, ...]) -> Place:
    contractor, locality, state, name, work, pe, mp, source, _, _ = row
    return Place(contractor, locality, state, name, Decimal(work), Decimal(pe), Decimal(mp), source)
