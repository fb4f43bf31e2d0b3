"""Infusions, pushes and fluids of one encounter: one first service, all others as its add-ons."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet, spoken
from consultant.vocabulary import Source

RULE = Source(
    "ncci-manual-11", "NCCI Policy Manual for Medicare Services, 2025", "2025-01-01", "chapter 11, infusions and injections"
)

_PUSH = re.compile(r"\bpush\w{0,3}\b", re.IGNORECASE)
#: Of each kind: the first drip, a further one, each further hour; the first push, a further one. Fluids: the first hour, others.
DRIPS = {"chemo": ("96413", "96417", "96415"), "drug": ("96365", "96367", "96366")}
PUSHES = {"chemo": ("96409", "96411"), "drug": ("96374", "96375")}
FLUIDS = ("96360", "96361")
#: First-service codes in the order in which a facility ranks them, each with the code that it becomes beside a higher one.
FIRST = {codes[0]: codes[1] for codes in (DRIPS["chemo"], PUSHES["chemo"], DRIPS["drug"], PUSHES["drug"], FLUIDS)}


def pushes_rule(sheet: Sheet) -> Ruling:
    """Several drugs pushed: the first is 96374, each other drug one 96375, beside a drip of a drug all of them."""
    text = sheet.findings.question.text
    drugs = [code for code in sheet.lines if code in _pushed(sheet)]
    if not {"96374", "96375"} & set(sheet.lines) or len(drugs) < 2 or len(_PUSH.findall(text)) < 2:
        return Ruling()
    dripped = bool({"96365", "96367", "96413", "96417"} & set(sheet.lines))
    pushes = len(drugs) - dripped
    first = not dripped
    further = pushes - first
    text = (
        f"{pushes} drugs were pushed: {'the first 96374, ' if first else ''}each {'further one' if first else 'of them'} 96375."
    )
    codes = (*(("96374",) if first else ()), *(("96375",) if further else ()))
    return Ruling(codes, units={"96375": further} if further else {}, sayings=(Saying("why", text, (RULE,)),))


def _pushed(sheet: Sheet) -> set[str]:
    """The codes of drugs by name; bags of fluid are none."""
    families = [family for family, _ in sheet.families if "drugs" in family.specialty and family.id != "fluid-bag"]
    return {row.code for family in families for row in family.row if row.code and row.code[0].isalpha()}


def one_first_rule(sheet: Sheet) -> Ruling:
    """Of several first-service codes the highest stays; the others become the add-on of their kind."""
    first = [code for code in FIRST if code in sheet.lines]
    later = [code for code, addon in FIRST.items() if addon in sheet.lines]
    if not first and len(later) > 1:
        text = f"One service of the encounter comes first: {later[0]} takes the place of {FIRST[later[0]]}."
        return Ruling(replace={FIRST[later[0]]: later[0]}, sayings=(Saying("why", text, (RULE,)),))
    beside = first[1:]
    if not beside:
        return Ruling()
    replace = {code: FIRST[code] for code in beside}
    text = f"One encounter has one first service: {first[0]} stays, so {spoken(beside)} gives way to {spoken(replace.values())}."
    return Ruling(replace=replace, sayings=(Saying("why", text, (RULE,)),))
