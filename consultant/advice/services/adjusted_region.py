"""Hands-on therapy beside a chiropractic adjustment: inside it on a region that was adjusted, with -59 on another one."""

from __future__ import annotations

from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.vocabulary import Source

_ADJUSTMENTS = frozenset({"98940", "98941", "98942"})
_THERAPIES = ("97140", "97112", "97124")
_SIGNS = frozenset({"-59", "-XS", "-XE", "-XP", "-XU"})
RULE = Source("ncci-ptp-chiropractic", "NCCI PTP edits for practitioners, 2024 Q3", "2024-07-01", "98940 with 97140")


def adjusted_region_rule(sheet: Sheet) -> Ruling:
    """What becomes of the therapy's line where the letter names the regions of both; Medicare pays a chiropractor no therapy."""
    told = sheet.said("therapy_region")
    codes = [code for code in _THERAPIES if code in sheet.lines]
    if len(told) != 1 or not codes or not _ADJUSTMENTS & sheet.lines.keys() or sheet.findings.question.payer == "medicare":
        return Ruling()
    named = " and ".join(codes)
    if told == {"adjusted"}:
        said = f"{named} on a region that was adjusted is inside the adjustment: no -59, and no line of its own."
        gone = [(code, sign) for code in codes for sign in sheet.lines[code] if sign in _SIGNS]
        return Ruling(
            withdraw=tuple(codes), refuse=("-59",), unmark=(*gone, ("", "-59")), sayings=(Saying("why", said, (RULE,)),)
        )
    bare = [code for code in codes if not _SIGNS & set(sheet.lines[code])]
    said = f"{named} on another region than the one adjusted takes -59 (or -XS), with a note of both regions."
    return Ruling(modifiers=tuple((code, "-59") for code in bare), sayings=(Saying("why", said, (RULE,)),) if bare else ())
