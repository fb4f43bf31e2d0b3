"""Infusions, pushes and fluids of one encounter: one first service, all others as its add-ons."""

from __future__ import annotations

from consultant.advice.sheet import Ruling, Saying, Sheet, spoken
from consultant.vocabulary import Source

RULE = Source(
    "ncci-manual-11", "NCCI Policy Manual for Medicare Services, 2025", "2025-01-01", "chapter 11, infusions and injections"
)

#: First-service codes in the order in which a facility ranks them, each with the code that it becomes beside a higher one.
FIRST = {"96413": "96417", "96409": "96411", "96365": "96367", "96374": "96375", "96360": "96361"}


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
