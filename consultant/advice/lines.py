"""What the lines of the answer still want when their codes stand: the side, and the one unit."""

from __future__ import annotations

from consultant.advice.edits import is_visit
from consultant.advice.official import schedule
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.advice.surgery import PAIRED
from consultant.vocabulary import Source, System, Topic

#: Modifiers that say on which side, or on which part of it, a thing was done.
_SIDES = ("-50", "-RT", "-LT", "-E", "-F", "-T")
_SIDE = {"left": "-LT", "right": "-RT"}


def line_sides_rule(sheet: Sheet) -> Ruling:
    """Both sides of a decided procedure whose indicator allows it: 50. One side: RT or LT, where a modifier is asked for."""
    said = sheet.said("side")
    sides = {code: source for code in sheet.lines if (source := _twofold(sheet, code)) and not _sided(sheet.lines[code])}
    if len(sides) != 1 or not said or {*sheet.refused, *sheet.loose} & {"-50", "-RT", "-LT"}:
        return Ruling()
    (code, source), both = next(iter(sides.items())), "bilateral" in said or {"left", "right"} <= said
    if both:
        text = f"{code} has the bilateral indicator 1: both sides on one line with 50, one unit."
        told = (Saying("why", text, (source, PAIRED)),)
        return Ruling(modifiers=((code, "-50"),), units={code: 1}, sayings=told)
    sign = _SIDE.get(next(iter(said)), "")
    if not sign or not sheet.about(Topic.MODIFIER):
        return Ruling()
    return Ruling(
        modifiers=((code, sign),), sayings=(Saying("why", f"{code} was done on one side: {sign[1:]} says which.", (source,)),)
    )


def _sided(modifiers: list[str]) -> bool:
    return any(m.startswith(_SIDES) and m != "-TC" for m in modifiers)


def _twofold(sheet: Sheet, code: str) -> Source | None:
    """Where it stands that the code may be done on both sides of the body (indicator 1); None when it may not."""
    if row := schedule(sheet, code):
        return row.source if row.fee.indicators["bilateral"] == "1" else None
    record = sheet.book.starter(code)
    return record_source(sheet.book, code) if record and str(record.facts.get("bilateral")) == "1" else None


def once_rule(sheet: Sheet) -> Ruling:
    """A service that is counted neither by time nor as an addition is reported once, unless something says how often.

    Anaesthesia is left out: its units are base units and time.
    """
    systems = {c.code: c.system for c in sheet.findings.candidates}
    many = any(float(f.value) > 1 for d in ("count", "levels", "units") for f in sheet.facts(d))
    once = [c for c in sheet.lines if c not in sheet.units and _is_one(sheet, c, systems.get(c))]
    return Ruling() if many else Ruling(units=dict.fromkeys(once, 1))


def _is_one(sheet: Sheet, code: str, system: System | None) -> bool:
    if code < "02000" or (system is not System.CPT and not (system is System.HCPCS and code.startswith("G"))):
        return False
    record = sheet.book.starter(code)
    facts = record.facts if record else {}
    return is_visit(code) or not {"timed_minutes", "addon", "per_unit"} & set(facts)
