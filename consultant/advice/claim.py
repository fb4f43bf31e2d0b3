"""The lines as a claim wants them: each add-on behind its first service, and the dose that the units of a drug come from."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from consultant.advice.drugs.amounts import dose_of
from consultant.advice.drugs.spent import given_of
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source

MOST_DOSES = 4
#: Modifiers of fingers and toes: the first finger of the left hand is FA, the others F1 to F9.
_DIGIT = re.compile(r"-[FT][A1-9]")
_ARTERY = re.compile(r"-(?:L[DCM]|R[CI])")  # of the heart
_BEHIND = 12  # characters between the name of a drug and its dose


def claim_order_rule(sheet: Sheet) -> Ruling:
    """Each add-on code directly behind the service that it is added to; everything else stays where it is."""
    parents = {code: [p for p in sheet.book.addon_parents(code) if p in sheet.lines] for code in sheet.lines}
    order = in_claim_order(list(sheet.lines), parents)
    return Ruling(order=tuple(order)) if order != list(sheet.lines) else Ruling()


def in_claim_order(codes: Sequence[str], parents: Mapping[str, Sequence[str]]) -> list[str]:
    """The codes in their order, but for add-ons, which follow the first of their parents there that is no add-on itself."""
    first = {code: next((p for p in codes if p in parents[code] and not parents[p]), "") for code in codes if parents[code]}
    placed = []
    for code in codes:
        if not first.get(code):
            placed += [code, *(addon for addon, parent in first.items() if parent == code)]
    return placed


def by_place(held: Sequence[str], units: float | None) -> list[tuple[tuple[str, ...], float | None]]:
    """(modifiers, units) of each claim line of a code: one a finger or toe, where its units are as many, and one an artery."""
    places = [sign for sign in held if names_digit(sign) or _ARTERY.fullmatch(sign)]
    if len(places) < 2 or (units not in (None, len(places)) and any(map(names_digit, places))):
        return [(tuple(held), units)]
    others = [sign for sign in held if sign not in places]
    return [((*others, sign), 1) for sign in sorted(places, key=_from_the_thumb)]


def names_digit(sign: str) -> bool:
    """Does a modifier say which finger or toe?"""
    return bool(_DIGIT.fullmatch(sign))


def _from_the_thumb(sign: str) -> tuple[str, bool, str]:
    """Fingers before toes, FA and TA before those with a number."""
    return sign[1], sign[2].isdigit(), sign


def dose_rule(sheet: Sheet) -> Ruling:
    """A drug without units: counted from the dose that the letter tells of it, else what one unit is, for the claim needs it."""
    sayings: list[Saying] = []
    units: dict[str, int] = {}
    drugs = [code for code in sheet.lines if code not in sheet.units and _unit_of(sheet, code)][:MOST_DOSES]
    for code in drugs:
        source = (record_source(sheet.book, code),)
        dose = dose_of(sheet, code)
        if dose and (given := _told(sheet, code, dose[1], alone=len(drugs) == 1)):
            units[code] = math.ceil(round(given / dose[0], 6))
            sayings.append(Saying("why", f"{code} × {units[code]}: {given:g} {dose[1]}, {dose[0]:g} to a unit.", source))
        else:
            text = f"Units of {code}: one for each {_unit_of(sheet, code)}. "
            text += "The letter tells no dose to count them from, and the claim needs it."
            sayings.append(Saying("change", text, source))
    return Ruling(units=units, sayings=tuple(sayings))


def _told(sheet: Sheet, code: str, unit: str, *, alone: bool) -> float:
    """How much of the drug the letter tells: all that it tells of the one drug; of several the amount right behind the name."""
    amounts = [fact for fact in sheet.facts("units" if unit == "unit" else unit) if fact.span.label != "part"]
    if alone:
        return given_of(sheet, amounts)[0] if amounts else 0.0
    ends = [span.end for c in sheet.candidates("keyword") if c.code == code for span in c.spans_of()]
    near = [fact for fact in amounts if any(0 <= fact.span.start - end <= _BEHIND for end in ends)]
    return float(near[0].value) if near else 0.0


def _unit_of(sheet: Sheet, code: str) -> str:
    """The dose that one unit of a drug stands for, in words; "" of what is no drug."""
    if dose := dose_of(sheet, code):
        return f"{dose[0]:g} {dose[1]}"
    record = sheet.book.starter(code)
    return str(record.facts.get("per_unit", "")) if record and code[0].isalpha() else ""
