"""A drug that a family knows by its name, told by the vial: what was given, what was thrown away, and JW or JZ for Medicare."""

from __future__ import annotations

import math
import re

from consultant.advice.amounts import DRUGS, MULTI, NO_WASTE, VIAL, WASTE, given_of
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source, spoken
from consultant.codebook.knowledge import Adds
from consultant.codebook.table import added
from consultant.vocabulary import Fact

SUPPLIED = "patient-supplied-drug"  # the card on drugs that somebody else has paid
#: "3 vials of 100 mg", "2 vials 100 mg each", "five 100 mg vials".
_EACH = re.compile(
    r"\bvials?\s(?:of\s|\(|at\s)?\d{1,5}(?:\.\d+)?\s?(?:mg|mcg|units?)\b"
    r"|\d\s?-?(?:mg|mcg|units?)\s(?:single[- ](?:dose|use)\s)?vials\b|\beach\b",
    re.IGNORECASE,
)


def vials_rule(sheet: Sheet) -> Ruling:
    """Units and JW or JZ of the one drug that a family has decided, where the letter speaks of its vial or of waste."""
    text = sheet.findings.question.text
    drugs = _drugs(sheet)
    if len(drugs) != 1 or not (VIAL.search(text) or WASTE.search(text)):
        return Ruling()
    ((code, adds),) = drugs.items()
    amounts = [f for f in sheet.facts(adds.over) if f.span.label != "part"]
    if not amounts:
        return Ruling()
    used, wasted = _by_vials(sheet, amounts) or given_of(sheet, amounts)
    source = (record_source(sheet.book, code), DRUGS)
    units = added(adds, used)
    said = [Saying("why", f"Given: {used:g}, at {adds.per:g} to a unit: {units}.", source)]
    sign = "" if MULTI.search(text) or sheet.findings.question.payer not in ("", "medicare") else _sign(text, wasted, adds)
    if sign == "-JW":
        left = math.floor(round(wasted / adds.per, 6))
        said.append(Saying("why", f"Thrown away: {wasted:g}, which is {left} on a second line of {code} with JW.", source))
    if sign == "-JZ":
        said.append(Saying("why", "Nothing of a single-dose vial thrown away: JZ on the line.", source))
    other = {"-JW": ("-JZ",), "-JZ": ("-JW",)}.get(sign, ())
    signs = ((code if sign == "-JZ" else "", sign),) if sign else ()
    return Ruling((code,), other, signs, {code: units}, tuple(said))


def supplied_rule(sheet: Sheet) -> Ruling:
    """A drug that the practice did not buy is on no line of its claim."""
    drugs = tuple(code for code in sheet.lines if code[0] == "J") if any(card.id == SUPPLIED for card in sheet.cards) else ()
    if not drugs:
        return Ruling()
    text = f"The practice did not buy the drug, so {spoken(drugs)} is not on its claim; the giving is."
    return Ruling(withdraw=drugs, sayings=(Saying("why", text, (DRUGS,)),))


def _drugs(sheet: Sheet) -> dict[str, Adds]:
    """Code → how it is counted, for the decided rows of families of drugs."""
    rows = [row for decision in sheet.decisions for row in decision.rows]
    return {
        row.code: row.adds
        for row in rows
        if row.code and row.adds and row.adds.code == row.code and row.adds.over in ("mg", "ml", "units")
    }


def _by_vials(sheet: Sheet, amounts: list[Fact]) -> tuple[float, float] | None:
    """Vials of one size: their number times the size, less what the letter says was given of it."""
    number = next((float(f.value) for f in sheet.facts("count") if "vial" in f.span.text.lower()), 0.0)
    text = sheet.findings.question.text
    if number < 2 or not _EACH.search(text):
        return None
    values = sorted({float(f.value) for f in amounts})
    size = next((float(f.value) for f in amounts if _EACH.search(text[max(0, f.span.start - 12) : f.span.end + 24])), values[0])
    others = [value for value in values if value != size]
    if not others:
        return number * size, 0.0
    used = max(others)
    return (used, number * size - used) if used <= number * size else None


def _sign(text: str, wasted: float, adds: Adds) -> str:
    """JW where at least one whole unit was thrown away, JZ where nothing was; a lesser rest is inside the rounded unit."""
    if NO_WASTE.search(text) or wasted <= 0:
        return "-JZ" if VIAL.search(text) or NO_WASTE.search(text) else ""
    return "-JW" if math.floor(round(wasted / adds.per, 6)) else "-JZ"
