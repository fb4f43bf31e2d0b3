"""A look through a scope is part of what was done through the same scope."""

from __future__ import annotations

from consultant.advice.official.edits import relations
from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.vocabulary import Source

RULE = Source(
    "ncci-manual-6", "NCCI Policy Manual for Medicare Services, 2025", "2025-01-01", "chapters 4 to 7, endoscopy and arthroscopy"
)
#: What makes the look a service of its own.
APART = frozenset({"other session", "other side", "other site", "other practitioner"})


def base_scope_rule(sheet: Sheet) -> Ruling:
    """The code to which the fee schedule relates a scope's work (its endoscopic base) is not reported beside that work."""
    if APART & relations(sheet):
        return Ruling()
    spoken_of = {*sheet.lines, *named(sheet)}
    inside = {code: base for code in sheet.lines if (base := base_of(sheet, code)) in spoken_of}
    sayings = tuple(
        Saying(
            "why",
            f"{base} is the look alone: it is part of {code}, its base in the fee schedule.",
            (record_source(sheet.book, code), RULE),
        )
        for code, base in inside.items()
    )
    return Ruling(withdraw=tuple(dict.fromkeys(inside.values())), sayings=sayings)


def base_of(sheet: Sheet, code: str) -> str:
    """The endoscopic base of a code, another code; "" when the fee schedule has none for it."""
    record = sheet.book.starter(code)
    base = str(record.facts.get("endoscopic_base", "")) if record else ""
    return base if base != code else ""
