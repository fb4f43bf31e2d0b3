"""What became of each amount of a drug: what its vial holds, what was given of it, what was thrown away; and of a graft's sheet."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from consultant.question.amounts.apiece import PAIRED
from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.vocabulary import Fact, Span

_MAX = 60
_REACH = 48  # characters between an amount and the word that tells what became of it
_AMOUNTS = ("mg", "units", "ml")
_SPEAKS = re.compile(
    r"\b(?:vials?|[sm]dv|ampul\w{0,2}|single[- ](?:dose|use)|wast\w{1,3}|discard\w{0,3}|thr(?:own?|ew) (?:away|out)|toss\w{1,3})\b",
    re.IGNORECASE,
)
_WASTED = (
    r"(?<!no[ -])wast(?:ed?|ing)|discard(?:ed|ing)?|thr(?:own?|ew) (?:away|out)|toss(?:ed)?|left ?over|unused|dumped|disposed"
)
_USED = r"used|given|injected|infused|administered|applied|put on|laid on"
_GIVEN = rf"{_USED}|gave|giving|injects|pushed|received|went in|ordered(?: dose)?|dose (?:was|is|of)|needed"
_HOLDS = re.compile(
    r"\s?-?\s?\(?(?:[sm]dv\b|(?:single[- ](?:dose|use|patient)|sdv|multi[- ]?(?:dose|use))?[- ]?(?:vials?|ampul\w{0,2}|pens?|syringes?|kits?)\b)",
    re.IGNORECASE,
)
_HELD = re.compile(r"\b(?:vials?|ampul\w{0,2})(?: of|:| \(| at| with| is| was| were)? ?$", re.IGNORECASE)
#: "100 mg each" is what a vial holds, "2 mg in each eye" what was given.
_EACH = re.compile(rf"\s?(?:(?:in )?each(?! (?:(?:right|left) )?{PAIRED}\b)|apiece|per vial|/vial)\b", re.IGNORECASE)
#: Where the talk of one amount ends and that of the next begins.
_CUT = re.compile(
    rf"[.;,:?!()](?!\d)|\b(?:and|but|then|with|plus|of which)\b|&|(?!single[- ](?:dose|use)){NUMBER}", re.IGNORECASE
)
_AHEAD = re.compile(rf"\b(?:(?P<wasted>{_WASTED})|(?P<given>{_GIVEN}))\b", re.IGNORECASE)
_BEHIND = re.compile(rf"\b(?:(?P<wasted>{_WASTED})|(?P<given>{_GIVEN}|from|out of))\b", re.IGNORECASE)
#: "75 used", "25 were wasted", "used 320", "threw out 80": plain numbers in the unit of the other amounts.
_PLAIN = re.compile(
    rf"(?P<n>{NUMBER}) (?:(?:was|were|is|got) )?(?P<after>{_WASTED}|{_USED})\b"
    rf"|\b(?P<before>{_WASTED}|gave|{_USED}) (?:(?:only|about|the other) )?(?P<m>{NUMBER})(?=[,.;:)]|$| (?:and|&|of (?:it|them|which)|from|out)\b)",
    re.IGNORECASE,
)
_IS_WASTE = re.compile(_WASTED, re.IGNORECASE)


def vialed(text: str, found: Sequence[Fact]) -> list[Fact]:
    """The facts, amounts of drugs labelled "vial", "given" or "wasted" where the letter tells of vials or of waste.

    Plain numbers that were used or thrown away are amounts too, in the unit of those that have one.
    """
    amounts = sorted((f for f in found if f.dimension in _AMOUNTS), key=lambda fact: fact.span.start)
    if not amounts or not _SPEAKS.search(text):
        return list(found)
    told: dict[Fact, Fact] = {}
    style, behind = "", 0
    for fact in amounts:
        label, style = _what_of(text, fact, behind, style)
        told[fact] = fact.labelled(label) if label else fact
        behind = fact.span.end
    same = {fact.dimension for fact in amounts} == {amounts[0].dimension}
    return [*(told.get(fact, fact) for fact in found), *(_plain(text, found, amounts[0].dimension) if same else ())]


def laid_on(text: str, found: Sequence[Fact]) -> list[Fact]:
    """The facts; of a graft cut to fit what was laid on stays, what its sheet held and what was thrown away goes.

    "A 36 sq cm sheet, put on 30 and tossed 6" is 30 sq cm, and so is "36 sq cm, 6 wasted".
    """
    areas = sorted((f for f in found if f.dimension == "area_sq_cm"), key=lambda fact: fact.span.start)
    if not areas or not _SPEAKS.search(text) or any(f.dimension in _AMOUNTS for f in found):
        return list(found)
    plain = _plain(text, found, "area_sq_cm")
    told: dict[Fact, str] = {fact: fact.span.label for fact in plain}
    style, behind = "", 0
    for fact in areas:
        told[fact], style = _what_of(text, fact, behind, style)
        behind = fact.span.end
    wasted = [fact for fact, label in told.items() if label == "wasted"]
    given = [fact for fact, label in told.items() if label == "given"]
    sheet = max((fact for fact in areas if told[fact] not in ("given", "wasted")), key=lambda f: float(f.value), default=None)
    if not wasted or not (given or sheet):
        return list(found)
    rest = 0.0 if given or not sheet else float(sheet.value) - sum(float(fact.value) for fact in wasted)
    gone = {*wasted, *([sheet] if sheet else [])}
    left = [replace(sheet, value=rest)] if sheet and rest > 0 else []
    return [*(fact for fact in found if fact not in gone), *(fact.labelled("") for fact in given if fact in plain), *left]


def _what_of(text: str, fact: Fact, begin: int, style: str) -> tuple[str, str]:
    """(label, where its word stands: "ahead" or "behind"); where both could be, as with the amount before."""
    start, end = fact.span.start, fact.span.end
    before = text[max(begin, start - _REACH) : start]
    if _HOLDS.match(text, end) or _HELD.search(before) or _EACH.match(text, end):
        return "vial", style
    cut = _CUT.search(text, end, end + _REACH)
    after = _BEHIND.search(text, end, cut.start() if cut else end + _REACH)
    clause = max((m.end() for m in _CUT.finditer(before)), default=0)
    ahead = [*_AHEAD.finditer(before, clause)][-1:]
    said = after if after and (style == "behind" or not ahead) else next(iter(ahead), None)
    if not said:
        return "", style
    return "wasted" if said["wasted"] else "given", "behind" if said is after else "ahead"


def _plain(text: str, found: Sequence[Fact], dimension: str) -> list[Fact]:
    taken = [(fact.span.start, fact.span.end) for fact in found]
    plain = []
    for match in islice(_PLAIN.finditer(text), _MAX):
        group = "n" if match["n"] else "m"
        start, end = match.span(group)
        if not any(first <= start < last for first, last in taken):
            label = "wasted" if _IS_WASTE.match(match["after"] or match["before"]) else "given"
            plain.append(Fact(dimension, value_of(match[group]) or 0.0, Span(start, end, match[group], label)))
    return plain
