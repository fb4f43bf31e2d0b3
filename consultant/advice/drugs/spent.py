"""What was given of a drug and what was thrown away: by the letter's own words for each amount, else by what its vials hold."""

from __future__ import annotations

import math
import re

from consultant.advice.sheet import Ruling, Saying, Second, Sheet
from consultant.vocabulary import Fact, Source

WASTE = re.compile(
    r"\b(?:toss\w{1,3}|wast\w{1,3}|discard\w{0,3}|thrown? (?:away|out)|threw (?:\w+ ){0,3}(?:away|out)"
    r"|left ?over|remaind\w{1,3}|unused)\b",
    re.IGNORECASE,
)
NO_WASTE = re.compile(
    r"\b(?:no|nothing|without|none)\b.{0,20}\b(?:wast\w{1,3}|discard\w{0,3}|thrown|left(?: ?over)?\b)"
    r"|\b(?:whole|entire|full|all of the) vials?\b|\bused it all\b|\bused all\b|\ball (?:of it )?(?:was )?used\b",
    re.IGNORECASE,
)
VIAL = re.compile(r"\b(?:vials?|single[- ](?:dose|use)|ampul\w{0,2})\b", re.IGNORECASE)
_TIMES = re.compile(r"\bvials?,? ?[x×] ?(?P<n>\d{1,2})\b", re.IGNORECASE)

_MULTI = re.compile(r"\bmulti[- ]?(?:dose|use)\b", re.IGNORECASE)


def left_of(sheet: Sheet, code: str, per: float, wasted: float, sources: tuple[Source, ...]) -> Ruling:
    """Medicare's word for the rest of a single-dose vial: a line with JW where a whole unit was thrown away, else JZ.

    A lesser rest is inside the rounded unit of what was given. Nothing where no vial is spoken of, or another payer.
    """
    text = sheet.findings.question.text
    none = NO_WASTE.search(text)
    if not sheet.for_medicare or not (VIAL.search(text) or none or wasted):
        return Ruling()
    if _MULTI.search(text):
        return Ruling(sayings=(Saying("why", "A multi-dose vial takes neither JW nor JZ.", sources),))
    units = 0 if none else math.floor(round(wasted / per, 6))
    if not units:
        told = "Nothing of a single-dose vial thrown away: JZ on the line."
        return Ruling(refuse=("-JW",), modifiers=((code, "-JZ"),), sayings=(Saying("why", told, sources),))
    told = f"Thrown away: {wasted:g}, which is {units} on a second line of {code} with JW; the given units stand on the first."
    return Ruling(refuse=("-JZ",), second={code: Second("-JW", units)}, sayings=(Saying("why", told, sources),))


def given_of(sheet: Sheet, amounts: list[Fact]) -> tuple[float, float]:
    """What went into the patient and what was thrown away."""
    text = sheet.findings.question.text
    of = {label: [float(f.value) for f in amounts if f.span.label == label] for label in ("given", "wasted", "total")}
    plain = [float(f.value) for f in amounts if f.span.label not in ("given", "wasted", "vial")]
    held = _held(sheet, amounts)
    if of["total"] and not (of["given"] or of["wasted"] or held):
        return of["total"][0], 0.0
    if not (of["given"] or of["wasted"] or held):
        return _larger_is_the_vial(text, amounts)
    wasted = of["wasted"][0] if of["wasted"] else 0.0
    given = of["given"] or plain
    if len(given) > 1 and sum(given) + wasted == held:  # "60 units in the neck and 40 in the arm"
        given = [held - wasted]
    used = given[0] if given else held - wasted
    if not wasted and not NO_WASTE.search(text):
        wasted = max(0.0, held - used)
    return max(0.0, used), wasted


def _held(sheet: Sheet, amounts: list[Fact]) -> float:
    """What the vials held that were opened: "one 500 mg vial and two 100 mg vials" 700."""
    vials = [fact for fact in amounts if fact.span.label == "vial"]
    counts = [fact for fact in sheet.facts("count") if "vial" in fact.span.text.lower()]
    times = _TIMES.search(sheet.findings.question.text)
    held = 0.0
    for fact in dict.fromkeys(vials):
        own = [count for count in counts if count.span.meets(fact.span)]
        others = counts if len({vial.value for vial in vials}) == 1 else []
        number = next((float(count.value) for count in [*own, *others]), float(times["n"]) if times else 1.0)
        held += number * float(fact.value)
    return held


def _larger_is_the_vial(text: str, amounts: list[Fact]) -> tuple[float, float]:
    """Two amounts that no word tells apart: the larger is the vial, where the letter speaks of one."""
    values = [float(fact.value) for fact in amounts]
    if len(values) > 1 and VIAL.search(text) and not NO_WASTE.search(text):
        return min(values), max(values) - min(values)
    return values[0], 0.0
