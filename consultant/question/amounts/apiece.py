"""An amount that is told for each of several places: "40 mg in each knee" is 80 mg, "two ulcers, 15 sq cm each" 30 sq cm."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import NamedTuple

from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.question.circumstances import BOTH_PARTS
from consultant.vocabulary import Fact, Span

_MAX = 40
_MOST = 30  # places
_DRUGS = ("mg", "ml")
_AMOUNTS = (*_DRUGS, "area_sq_cm")
_GIVEN = (*_AMOUNTS, "units")  # units that were given are a drug's; others may be those of a claim
_SUMMED = (*_DRUGS, "units")  # of a drug, over both sides
_PLAIN = ("", "each", "units")  # labels of an amount that is not a part or a total
_REACH = 60  # characters between an amount and the word that says it is for each
#: What a body has two of.
PAIRED = (
    r"(?:knees?|shoulders?|hips?|eyes?|ears?|wrists?|ankles?|elbows?|hands?|foot|feet|arms?|legs?|thighs?|breasts?|buttocks?|glut\w*|deltoids?|heels?"
    r"|thumbs?|calf|calves|forearms?|axillae?|armpits?|palms?|soles?|cheeks?|lungs?|sides?|subacromial (?:spaces?|bursas?|bursae)|si joints?|sacroiliac joints?)"
)
#: What a letter counts that is injected, one by one.
_COUNTED = (
    r"(?:joints?|wounds?|ulcers?|points?|muscles?|sites?|areas?|lesions?|keloids?|scars?|spots?|plaques?|nodules?|levels?|facets?|nerves?|fingers?|toes?|tendons?"
    r"|injections?|shots?|cysts?|digits?|places?|bursa\w?|trigger points?|interspaces?|quadrants?|doses|pushes|" + PAIRED + ")"
)
_FOR_EACH = (
    rf"(?:\b(?:each|every|per|either) (?:of (?:the )?)?(?:(?:right|left|large|small|single) )?(?P<part>{_COUNTED})\b"
    r"|\b(?P<eyes>both eyes|ou)\b"
    r"|\b(?:each|apiece)\b(?! (?:vial|ampul|syringe|pen|tablet|pill|unit|ml|cc|mg|day|week|month|year|time|visit|session|\w+ (?:day|week|visit)|for \d)))"
)
_BEHIND = re.compile(rf"(?:[^.;:?!\d]|(?<=[a-z])-\d){{0,{_REACH}}}?{_FOR_EACH}", re.IGNORECASE)
_AHEAD = re.compile(rf"\b(?:each|every|either) (?P<part>{_COUNTED})\b[^.;:?!\d]{{0,{_REACH}}}$", re.IGNORECASE)
#: "Each 15 sq cm", but not "each additional 20 sq cm".
_RIGHT_BEFORE = re.compile(r"\beach(?: (?:was|were|is|about|measuring|measured|of))? $", re.IGNORECASE)
_HELD = re.compile(r" ?-?(?:\([^)]*\) ?)?(?:vials?|ampul\w*|syringes?|pens?|kits?|tablets?|/|per m)", re.IGNORECASE)
#: "A 40 mg vial for each".
_A_VIAL_EACH = re.compile(
    rf" ?-?(?:vial|ampule?|syringe) (?:(?:for|in|into|to|per|on) )?(?:each|every|per)\b(?: (?P<part>{PAIRED})\b)?", re.IGNORECASE
)
#: "500 mg as two shots, one in each cheek": what was given is divided, and not multiplied.
_DIVIDED = re.compile(r"\b(?:one|half|split|divid\w{1,3}|evenly|spread|shared|between|shots|injections)\b", re.IGNORECASE)
_COUNT = re.compile(
    rf"\b(?P<n>{NUMBER})\s(?:(?!of\b|mg\b|units?\b|ml\b|cc\b|vials?\b)[a-z-]+ ){{0,2}}(?P<what>{_COUNTED})\b", re.IGNORECASE
)
_BOTH = re.compile(
    rf"\b(?:bilat(?:eral(?:ly)?)?|b/l|{BOTH_PARTS}|both {_COUNTED}|left and right|right and left)\b", re.IGNORECASE
)
_PAIR = re.compile(rf"{PAIRED}", re.IGNORECASE)
#: "The right knee and right shoulder", "knee and hip".
_TWO = re.compile(rf"\b{PAIRED},? (?:and|&|plus) (?:(?:the|her|his|a) )?(?:(?:right|left|rt|lt|r|l) )?{PAIRED}\b", re.IGNORECASE)
_SIDED = re.compile(
    rf"(?:[^.;?!\d]|(?<=[a-z])-\d){{0,30}}?\b(?:in|into|to|for|on)? ?(?:the )?(?P<side>right|left|rt|lt)\b(?: (?P<part>{PAIRED}))?",
    re.IGNORECASE,
)
#: The amount of the other side, told without its unit.
_BARE = re.compile(rf",? (?:and|plus|&|then) (?P<n>{NUMBER})(?= (?:in|into|to|for|on|the|right|left)\b)", re.IGNORECASE)


class _Counted(NamedTuple):
    counts: list[tuple[float, str]]  # how many of which places the letter counts
    both: bool  # does it tell of both, or of two?


def for_each(text: str, found: Sequence[Fact]) -> list[Fact]:
    """The facts, an amount that is told for each of several places made the amount of all, its words widened to say so.

    Nothing is multiplied where the letter tells the total itself, nor what a vial holds.
    """
    apiece = {fact: match for fact in _amounts(found) if (match := _said_apiece(text, fact))}
    counted = _counted(text) if apiece else _Counted([], False)
    told = {fact: _in_all(text, fact, match, places) for fact, match in apiece.items() if (places := _places(match, counted)) > 1}
    gone: set[Fact] = set()
    sided = sorted((f for f in found if f.dimension in _SUMMED and f.span.label in _PLAIN), key=lambda f: f.span.start)[:_MAX]
    for one, other in pairwise([*sided, None]):
        if one is None or one in told or one in gone or other in told:
            continue
        if both := _of_both_sides(text, one, other) or _of_the_other_side(text, one):
            told[one] = both
            gone |= {other} if other and other.span.start < both.span.end else set()
    return [told.get(fact, fact) for fact in found if fact not in gone]


def _amounts(found: Sequence[Fact]) -> list[Fact]:
    """The amounts that may be told for each of several places, in the letter's order; none of a kind whose total is told."""
    summed = {fact.dimension for fact in found if fact.span.label == "total"}
    wasted = any(fact.span.label == "wasted" and fact.value for fact in found)  # then what was given is told as a whole
    of_label = dict.fromkeys(("", "each", "vial"), _AMOUNTS) | ({} if wasted else {"given": _GIVEN})
    amounts = (f for f in found if f.dimension in of_label.get(f.span.label, ()) and f.dimension not in summed)
    return sorted(amounts, key=lambda fact: fact.span.start)[:_MAX]


def _in_all(text: str, fact: Fact, match: re.Match[str], places: int) -> Fact:
    """The amount of all places, with the words that say so."""
    first, last = min(fact.span.start, match.start()), max(fact.span.end, match.end())
    return replace(
        fact, value=round(float(fact.value) * places, 4), span=Span(first, last, text[first:last], "total", fact.span.where)
    )


def _said_apiece(text: str, fact: Fact) -> re.Match[str] | None:
    """What says that each place got the amount; `None` where nothing does."""
    start, end = fact.span.start, fact.span.end
    if _HELD.match(text, end) or fact.span.label == "vial":
        return _A_VIAL_EACH.match(text, end) if fact.dimension == "mg" else None
    match = (
        _RIGHT_BEFORE.search(text, max(0, start - _REACH), start)
        or _BEHIND.match(text, end)
        or _AHEAD.search(text, max(0, start - _REACH - 30), start)
    )
    return match if match and not _DIVIDED.search(match.group()) else None


def _counted(text: str) -> _Counted:
    counts = [(value_of(match["n"]) or 1, match["what"].lower()) for match in islice(_COUNT.finditer(text), _MAX)]
    return _Counted(counts, bool(_BOTH.search(text) or _TWO.search(text)))


def _places(match: re.Match[str], counted: _Counted) -> int:
    """How many there are of what each got so much; 1 where the letter does not tell."""
    told = match.groupdict()
    part = (told.get("part") or "").lower()
    if told.get("eyes") or _PAIR.fullmatch(part):
        return 2
    of_these = [number for number, what in counted.counts if _same(part, what)]
    if of_these:
        return int(min(max(of_these), _MOST))
    return 2 if counted.both else 1


def _same(part: str, counted: str) -> bool:
    """Is what is counted what each of is told? A bare "each" is of anything."""
    return not part or part.rstrip("s") in counted or counted.rstrip("s") in part


def _of_both_sides(text: str, one: Fact, other: Fact | None) -> Fact | None:
    """ "40 mg in the right knee and 40 mg in the left": the amount of both sides of one part."""
    if other is None or one.dimension != other.dimension:
        return None
    first, second = _SIDED.match(text, one.span.end), _SIDED.match(text, other.span.end)
    if not first or not second or first.end() > other.span.start:
        return None
    return _summed(text, one, float(other.value), first, second)


def _of_the_other_side(text: str, one: Fact) -> Fact | None:
    """ "50 units in the right calf and 50 in the left": the second number has no unit of its own."""
    first = _SIDED.match(text, one.span.end)
    bare = first and _BARE.match(text, first.end())
    second = bare and _SIDED.match(text, bare.end())
    return _summed(text, one, value_of(bare["n"]) or 0, first, second) if first and bare and second else None


def _summed(text: str, one: Fact, more: float, first: re.Match[str], second: re.Match[str]) -> Fact | None:
    """The amounts of both sides together, when it is two sides, and of one part."""
    parts = {(m["part"] or "").lower().rstrip("s") for m in (first, second)} - {""}
    if first["side"][0].lower() == second["side"][0].lower() or len(parts) > 1 or not (parts or one.dimension == "units"):
        return None
    start, end = one.span.start, second.end()
    value = round(float(one.value) + more, 4)
    return replace(one, value=value, span=Span(start, end, text[start:end], "total", one.span.where))
