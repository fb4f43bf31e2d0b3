"""What Medicare's physician fee schedule says of a code on a day, with its indicators in our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from consultant.codebook.asking import day, number, rows
from consultant.codebook.fee_meanings import COLUMNS, MEANINGS, PAID

_TEXTS = (
    "status", "pctc", "global_days", "pre", "intra", "post", "multiple", "bilateral", "assistant", "cosurgeon", "team",
    "pricing", "endoscopic_base", "supervision", "imaging", "na_nonfacility", "na_facility", "not_used",
)  # fmt: skip
_AMOUNTS = (
    "work", "pe_nonfacility", "pe_facility", "mp", "total_nonfacility", "total_facility", "conversion_factor",
    "cap_pe_nonfacility", "cap_pe_facility", "cap_mp",
)  # fmt: skip
_SQL = (
    f"SELECT valid_from, valid_to, track, released, source, {', '.join((*_TEXTS, *_AMOUNTS))} "  # noqa: S608 - our own columns
    "FROM fee WHERE code = ? AND modifier = ?"
)
_MODIFIERS = "SELECT DISTINCT modifier FROM fee WHERE code = ?"


@dataclass(frozen=True, slots=True)
class Fee:
    """One row of the schedule: a code with a modifier ("", "26", "TC", "53") in one release. Amounts are relative values."""

    code: str
    modifier: str
    valid_from: date
    valid_to: date  # last day of the release's quarter
    track: str  # since 2026 two factors: "QPP" for qualifying participants in advanced payment models, "nonQPP" for the rest
    source: str
    indicators: Mapping[str, str]  # column → value as published
    work: Decimal
    pe_nonfacility: Decimal
    pe_facility: Decimal
    mp: Decimal
    total_nonfacility: Decimal
    total_facility: Decimal
    conversion_factor: Decimal
    cap_pe_nonfacility: Decimal  # of the outpatient cap on imaging; 0 when there is none
    cap_pe_facility: Decimal
    cap_mp: Decimal

    @property
    def status(self) -> str:
        return self.indicators["status"]

    @property
    def payable(self) -> bool:
        """The schedule itself gives an amount."""
        return self.status in PAID and not self.indicators["not_used"] and bool(self.total_nonfacility or self.total_facility)

    def meanings(self) -> dict[str, str]:
        """What each indicator is about → what it says, in our own words; those that say nothing here are left out."""
        said = ((about, MEANINGS[column].get(self.indicators[column], "")) for column, about in COLUMNS.items())
        return {about: text for about, text in said if text and text != "has no meaning here"}


def fee(db: sqlite3.Connection, code: str, modifier: str = "", on: date | None = None, *, track: str = "") -> Fee | None:
    """The row of exactly this code and modifier in the release in force `on` that day, the newest release without a day.

    Since 2026 `track` chooses between "QPP" and "nonQPP"; "nonQPP" unless told. None when no release in the book has it.
    """
    number_, sign = code.strip().upper(), modifier.strip().lstrip("-").upper()
    found = rows(db, _SQL, number_, sign)
    if on is not None:
        then = number(on)
        found = [row for row in found if row[0] <= then <= row[1]]
    wanted = (track, "") if track else ("nonQPP", "", "QPP")
    best = max((row for row in found if row[2] in wanted), key=lambda row: (row[0], -wanted.index(row[2]), row[3]), default=None)
    return _fee(number_, sign, best) if best else None


def modifiers(db: sqlite3.Connection, code: str) -> tuple[str, ...]:
    """The modifiers with which a code has rows of its own, "" for the code alone; () when the schedule has not the code."""
    return tuple(row[0] for row in rows(db, _MODIFIERS, code.strip().upper()))


def _fee(code: str, modifier: str, row: tuple[Any, ...]) -> Fee:
    valid_from, valid_to, track, _, source, *rest = row
    texts = MappingProxyType(dict(zip(_TEXTS, rest, strict=False)))
    return Fee(code, modifier, day(valid_from), day(valid_to), track, source, texts, *map(Decimal, rest[len(_TEXTS) :]))
