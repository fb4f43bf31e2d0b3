"""What Medicare's physician fee schedule would pay for a code at a place, with the arithmetic shown.

Payment = (work × its index + practice expense × its index + malpractice × its index) × conversion factor. Exact decimals all the
way; only the last step rounds, half up, to cents. What the schedule leaves to others is said in words, with no amount then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from consultant.codebook.fee_meanings import MEANINGS, adjustment
from consultant.codebook.fee_rows import Fee, fee
from consultant.codebook.places import Place, anesthesia_factor, places

__all__ = ("Fee", "Payment", "Step", "fee", "payment")

_CENT = Decimal("0.01")
_SPLIT = {"1", "3", "4"}  # PC/TC: there is a technical part, which a facility is paid for itself


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: "work", "1.30 × 1.000", 1.30000."""

    label: str
    arithmetic: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """`amount` in dollars before deductible, coinsurance and sequestration; None when the schedule gives none: see `remarks`."""

    code: str
    modifier: str
    on: date
    facility: bool
    amount: Decimal | None
    steps: tuple[Step, ...]
    remarks: tuple[str, ...]
    fee: Fee
    place: Place | None


def payment(
    db: sqlite3.Connection, code: str, modifier: str, locality: str, on: date, facility: bool, *, track: str = ""
) -> Payment | None:
    """The amount for one unit of a code; None when the schedule in force that day has not the code.

    `locality`: what `places` takes. A modifier without a row of its own is worked out on the row of the code alone.
    """
    sign = modifier.strip().lstrip("-").upper()
    own = fee(db, code, sign, on, track=track)
    row = own or fee(db, code, "", on, track=track)
    if row is None:
        return None
    found = places(db, locality, on)
    place = found[0] if len(found) == 1 else None
    remarks = list(_remarks(row, facility))
    steps: list[Step] = []
    amount: Decimal | None = None
    if place is None:
        remarks.append(_which(locality, found))
    elif row.payable:
        steps = list(_steps(row, place, facility))
        amount = _adjusted(row, "" if own else sign, steps, remarks)
        steps = [] if amount is None else steps
    elif row.status == "J":
        remarks.append(_anesthesia(db, place, on, track))
    return Payment(row.code, sign, on, facility, amount, tuple(steps), tuple(remarks), row, place)


def _remarks(row: Fee, facility: bool) -> Iterator[str]:
    """What keeps the schedule from giving an amount, or should be known beside it."""
    if row.indicators["not_used"]:
        yield "Medicare does not use these values."
    if not row.payable:
        yield f"Status {row.status}: {MEANINGS['status'].get(row.status, 'not explained here')}."
        if not row.total_nonfacility and not row.total_facility and row.status in "AR":
            yield "It has no relative values: the contractor sets the price."
    if row.indicators["na_facility" if facility else "na_nonfacility"]:
        yield f"{MEANINGS['na_facility' if facility else 'na_nonfacility']['NA'].capitalize()}."
    if facility and row.indicators["pctc"] in _SPLIT and row.modifier != "26":
        yield "In a facility the technical part is not paid to the practitioner."


def _which(locality: str, found: tuple[Place, ...]) -> str:
    if not found:
        return f"No locality {locality.strip()[:60]!r} is in the book for that day."
    names = ", ".join(f"{place.contractor}-{place.locality} {place.name}" for place in found[:40])
    return f"{locality.strip()} has {len(found)} localities; one must be named: {names}."


def _steps(row: Fee, place: Place, facility: bool) -> Iterator[Step]:
    """The relative values at the place, capped for imaging, times the conversion factor."""
    pe, cap = (row.pe_facility, row.cap_pe_facility) if facility else (row.pe_nonfacility, row.cap_pe_nonfacility)
    parts = [
        _times("work", row.work, place.work),
        _times("practice expense", pe, place.pe),
        _times("malpractice", row.mp, place.mp),
    ]
    total = _sum("relative values at the place", parts)
    yield from (*parts, total)
    if cap:
        capped = [
            parts[0],
            _times("practice expense under the outpatient cap", cap, place.pe),
            _times("malpractice under the outpatient cap", row.cap_mp, place.mp),
        ]
        limit = _sum("relative values under the outpatient cap on imaging", capped)
        if limit.value < total.value:
            yield from (*capped[1:], limit)
            total = limit
    yield _times("times the conversion factor", total.value, row.conversion_factor)


def _times(label: str, one: Decimal, other: Decimal) -> Step:
    return Step(label, f"{one} × {other}", one * other)


def _sum(label: str, parts: list[Step]) -> Step:
    return Step(label, " + ".join(str(part.value) for part in parts), sum((part.value for part in parts), Decimal(0)))


def _adjusted(row: Fee, modifier: str, steps: list[Step], remarks: list[str]) -> Decimal | None:
    """Adds the modifier's step and the rounding. None when the modifier leaves no amount."""
    value = steps[-1].value
    if modifier:
        factor, why = adjustment(modifier, row.indicators)
        remarks.append(f"Modifier {modifier}: {why}.")
        if factor is None:
            return None
        if factor != 1:
            steps.append(_times(f"modifier {modifier}", value, factor))
            value = steps[-1].value
    cents = value.quantize(_CENT, ROUND_HALF_UP)
    steps.append(Step("rounded to cents", f"{value}", cents))
    return cents


def _anesthesia(db: sqlite3.Connection, place: Place, on: date, track: str) -> str:
    factor = anesthesia_factor(db, place, on, track=track)
    if factor is None:
        return "The book has no anaesthesia factor for the place and day."
    return f"(base units + minutes ÷ 15) × {factor} at this place; base units are published elsewhere."
