"""Skin biopsies of several techniques on one day: one first code, all others as add-ons of their own technique."""

from __future__ import annotations

from collections import Counter

from consultant.advice.sheet import Ruling, Saying, Sheet, sources_of
from consultant.vocabulary import Source

#: The techniques by rank: the first code, and the add-on of each further biopsy.
RANKED = (("incisional", "11106", "11107"), ("punch", "11104", "11105"), ("tangential", "11102", "11103"))


def biopsies_rule(sheet: Sheet) -> Ruling:
    """The highest technique holds the one first code; what is counted besides takes add-ons, with the arithmetic."""
    counted: Counter[str] = Counter()
    source: tuple[Source, ...] = ()
    for family, facts in sheet.families:
        if family.id == "skin-biopsy":
            techniques, count = facts.get("technique", "").split("|"), facts.get("count", "1")
            if not count.isdigit() or (len(techniques) > 1 and count != "1"):
                return Ruling()  # "five in all": nothing says how many of each
            counted.update(dict.fromkeys(techniques, int(count)))
            source = sources_of(family.source)
    used = [row for row in RANKED if counted[row[0]]]
    if len(used) < 2:
        return Ruling()
    highest, first, own = used[0]
    further = {own: counted[highest] - 1} | {addon: counted[name] for name, _, addon in used[1:]}
    units = {first: 1} | {addon: n for addon, n in further.items() if n}
    told = ", ".join(f"{n} × {code}" for code, n in units.items())
    text = f"One first code a day, that of the highest technique ({highest}); every other biopsy is an add-on: {told}."
    refused = tuple(code for _, code, _ in used[1:])
    verdict = f"Report {told}."
    return Ruling((*units,), refused, units=units, sayings=(Saying("why", text, source),), verdict=verdict)
