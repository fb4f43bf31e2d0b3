"""Infusions, pushes and fluids of one encounter: one first service, all others as its add-ons."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet, spoken
from consultant.vocabulary import Source

RULE = Source(
    "ncci-manual-11", "NCCI Policy Manual for Medicare Services, 2025", "2025-01-01", "chapter 11, infusions and injections"
)

AGAIN = "96376"
HALF_HOUR = 30
OFFICE = re.compile(
    r"\b(?:our|the|doctor's|physician|private) (?:office|practice|clinic)\b|\bphysician practice\b"
    r"|\b(?:freestanding|free-standing|private)\b"
    r"|\b(?:not|no) (?:an? |part of (?:an? |the )?)?hospital\b|\b(?:in|at) (?:office|clinic)\b|\bpos[ -]?11\b",
    re.IGNORECASE,
)
_APART = re.compile(r"\b(?P<n>\d{1,3}) min(?:ute)?s? (?:later|apart|after|between)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(?P<h>\d{1,2}):(?P<m>[0-5]\d)\b")
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


def repeat_push_rule(sheet: Sheet) -> Ruling:
    """The same drug pushed again: a unit of its own only in a facility, and only more than half an hour after the last push."""
    text = sheet.findings.question.text
    gap = _gap(text)
    if AGAIN not in sheet.lines or (not OFFICE.search(text) and (gap is None or gap > HALF_HOUR)):
        return Ruling()
    why = f"{gap} minutes lie between the pushes" if gap is not None else "a practice reports no repeat of a push"
    first = () if {*FIRST, *FIRST.values()} & set(sheet.lines) else ("96374",)
    said = Saying(
        "why", f"{AGAIN} is for facilities, more than {HALF_HOUR} minutes after the last push of the drug: {why}.", (RULE,)
    )
    return Ruling(first, withdraw=(AGAIN,), units=dict.fromkeys(first, 1), sayings=(said,))


def _gap(text: str) -> int | None:
    """Minutes between the pushes, told as such or by two times of day."""
    if told := _APART.search(text):
        return int(told["n"])
    times = [60 * int(m["h"]) + int(m["m"]) for m in _TIME.finditer(text)]
    return times[1] - times[0] if len(times) == 2 and times[1] > times[0] else None
