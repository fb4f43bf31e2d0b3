"""A drug that a family knows by its name, told by the vial: what was given, what was thrown away, and JW or JZ for Medicare."""

from __future__ import annotations

from dataclasses import replace

from consultant.advice.drugs.amounts import DRUGS
from consultant.advice.drugs.spent import VIAL, WASTE, given_of, left_of
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source, spoken
from consultant.codebook.knowledge import Adds
from consultant.codebook.table import added

SUPPLIED = "patient-supplied-drug"  # the card on drugs that somebody else has paid


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
    used, wasted = given_of(sheet, amounts)
    source = (record_source(sheet.book, code), DRUGS)
    units = added(adds, used)
    told = Saying("why", f"Given: {used:g}, at {adds.per:g} to a unit: {units}.", source)
    left = left_of(sheet, code, adds.per, wasted, source) if code[0].isalpha() else Ruling()  # an extract is no bought drug
    return replace(left, report=(code,), units={code: units}, sayings=(told, *left.sayings))


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
