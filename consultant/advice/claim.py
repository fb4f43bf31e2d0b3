"""The lines as a claim wants them: each add-on behind its first service, and the dose that the units of a drug come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consultant.advice.amounts import dose_of
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source

MOST_DOSES = 4


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


def dose_rule(sheet: Sheet) -> Ruling:
    """A drug without units: what one unit is, and that the claim needs the dose."""
    sayings = []
    for code in sheet.lines:
        if code not in sheet.units and (unit := _unit_of(sheet, code)):
            text = f"Units of {code}: one for each {unit}. The letter tells no dose to count them from, and the claim needs it."
            sayings.append(Saying("change", text, (record_source(sheet.book, code),)))
    return Ruling(sayings=tuple(sayings[:MOST_DOSES]))


def _unit_of(sheet: Sheet, code: str) -> str:
    """The dose that one unit of a drug stands for, in words; "" of what is no drug."""
    if dose := dose_of(sheet, code):
        return f"{dose[0]:g} {dose[1]}"
    record = sheet.book.starter(code)
    return str(record.facts.get("per_unit", "")) if record and code[0].isalpha() else ""
