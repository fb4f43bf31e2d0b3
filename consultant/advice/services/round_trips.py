"""An ambulance that takes somebody there and back: two trips, each with its own line and letters."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.vocabulary import Source

LEGS = Source("fcso-ambulance-faq", "First Coast Service Options, FAQ on ambulance services", "2026-11-29", "round trips")
_LETTERS = re.compile(r"-([DEGHIJNPR])([DEGHIJNPR])")
_BASES = ("A0426", "A0427", "A0428", "A0429", "A0430", "A0431", "A0433", "A0434")


def round_trip_rule(sheet: Sheet) -> Ruling:
    """Both legs: two units of the one base rate, and beside the letters of the way there those of the way back."""
    if not sheet.facts("round_trip"):
        return Ruling()
    bases = [code for code in _BASES if code in sheet.lines]
    there = [told for sign in sheet.signs if (told := _LETTERS.fullmatch(sign)) and told[1] != told[2]]
    back = f"-{there[0][2]}{there[0][1]}" if len(there) == 1 else ""
    if not (bases or back) or back in sheet.refused:
        return Ruling()
    sayings = [Saying("why", "There and back are two trips, each with its own line and letters.", (LEGS,))]
    if back:
        text = f"The way back is {back[1:]}, the letters of the way there turned round."
        sayings.append(Saying("why", text, (record_source(sheet.book, back), LEGS)))
    units = {bases[0]: 2} if len(bases) == 1 else {}
    on = next((code for code, held in sheet.lines.items() if there and there[0].group() in held), "")
    return Ruling(modifiers=((on, back),) if back else (), units=units, sayings=tuple(sayings))
