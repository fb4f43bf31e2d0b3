"""Routine foot care for Medicare: Q7, Q8 or Q9 by what the note found at the feet, counted by class.

One finding of class A is Q7, two of class B are Q8, one of B with two of C is Q9; fewer are no ground to presume coverage.
"""

from __future__ import annotations

import re
from collections import defaultdict

from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.vocabulary import Source

RULE = Source(
    "cms-benefit-policy-manual-15-290-f",
    "Medicare Benefit Policy Manual, chapter 15",
    "2003-10-01",
    "§290 F, findings of class A, B and C",
)
CARE = frozenset({"11055", "11056", "11057", "11719", "11720", "11721", "G0127"})
SIGNS = ("-Q7", "-Q8", "-Q9")
_ASKED = re.compile(r"\bq ?[789]\b|\bq[- ](?:modifier|what)|\bclass[- ]findings?\b|\bmodifiers?\b|\bq\?", re.IGNORECASE)


def class_findings_rule(sheet: Sheet) -> Ruling:
    """The modifier that the findings make, on each line of foot care, where the letter asks for one."""
    found: dict[str, list[str]] = defaultdict(list)
    for fact in sheet.facts("class_finding"):
        kind, _, name = str(fact.value).partition(" ")
        found[kind].append(name)
    lines = [code for code in sheet.lines if code in CARE]
    if not lines or not found or not _ASKED.search(sheet.findings.question.text) or not sheet.for_medicare:
        return Ruling()
    sign = sign_of(found)
    text = f"The findings told make {sign[1:]}" if sign else "The findings told fall short of Q7 (one of A), Q8 (two of B) and Q9"
    told = "; ".join(f"class {kind}: {', '.join(found[kind])}" for kind in sorted(found))
    toes = [str(fact.value) for fact in sheet.facts("digit")] if found.get("A") else []  # the one that is gone was not cared for
    gone = [*_others(sheet, sign), *toes]
    return Ruling(
        modifiers=tuple((code, sign) for code in lines if sign),
        unmark=(*((code, one) for code in ("", *lines) for one in gone), *([("", sign)] if sign else ())),
        sayings=(Saying("why" if sign else "check", f"{text}: {told}.", (RULE,)),),
    )


def _others(sheet: Sheet, sign: str) -> list[str]:
    """The modifiers of the answer that the findings don't make; where they make none, what the note itself names stands."""
    named = {code.code for code in sheet.findings.question.codes}
    return [one for one in SIGNS if one != sign and one in sheet.signs and (sign or one not in named)]


def sign_of(found: dict[str, list[str]]) -> str:
    """The modifier of findings by class ("A" → ["amputation"]); "" when they are too few."""
    if found.get("A"):
        return "-Q7"
    of_b, of_c = len(found.get("B", ())), len(found.get("C", ()))
    return "-Q8" if of_b > 1 else "-Q9" if of_b and of_c > 1 else ""
