"""Of an area whose it is: "cut down to muscle, 14 sq cm, and a vac put on the whole wound of 60 sq cm" has one for each act."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from consultant.classifier.hearing.words import STOP, Hit, Reading
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Fact, Question

#: "The wound is 65 sq cm, we debrided only 5", "of which 20 were debrided".
_ONLY_A_PART = re.compile(r"[^.?!;]{0,60}\b(?:only|just|of which|of (?:it|that)(?: we)?)\b[^.?!;]{0,24}$", re.IGNORECASE)
_CLAUSE = re.compile(r"[.;?!\n](?!\d)|,(?!\d)|\b(?:and|plus|then|but|while|after|before|followed by)\b", re.IGNORECASE)
#: "The bed was prepared, 80 sq cm, and 80 sq cm of skin grafted": the bed and what was laid on it are one area.
_BED = re.compile(r"\b(?:bed|site|prep\w*|excis\w*|eschar|cut (?:away|off|clean))\b[^.?!]{0,80}$", re.IGNORECASE)
_LAID = re.compile(r"(?!.{0,80}\b(?:an)?other\b)[^?!]{0,80}\b(?:graft\w*|stsg|ftsg|substitute|matrix)\b", re.IGNORECASE)
#: What stands between a size and the kind of closure that its sentence ends with.
_COMMA = re.compile(r"[^,&+/;]{0,60}, ?(?:(?:all|just|only|closed|done|sewn|in|with|by) ){0,3}", re.IGNORECASE)
#: "A 21 sq cm sheet", "from a piece of 16 sq cm": what was bought, not what was covered.
_BOUGHT_AFTER = re.compile(r"[ -](?:sheet|package|pack|box|product|card|sized? (?:sheet|piece))\b", re.IGNORECASE)
_BOUGHT_BEFORE = re.compile(r"\b(?:from|out of) (?:an?|the|one) (?:sheet|package|piece|product)(?: of)? $", re.IGNORECASE)
_PRODUCT = "skin-substitute-product"  # who counts what was bought
_FAR = 120  # characters between an area and what was told of it before


def areas_of_others(family: Family, question: Question, reading: Reading) -> list[Fact]:
    """The areas that are told of what a word of `less` names; [] where the letter tells no other area.

    An area is of the act in its clause, or else of the act told last before it.
    """
    areas = [fact for fact in question.facts if fact.dimension == "area_sq_cm" and not fact.negated]
    bought = [fact for fact in areas if family.id != _PRODUCT and _was_bought(fact, reading)]
    if 0 < len(bought) < len(areas):
        return bought
    others = reading.spoken(family.less)
    if len(areas) < 2 or not others:
        return []
    own = [hit for hit in reading.of(family.act) if not any(hit.meets(other) for other in others)]
    apart = [fact for fact in areas if _is_of(fact, others, own, reading)]
    return apart if len(apart) < len(areas) else []


def _was_bought(fact: Fact, reading: Reading) -> bool:
    start, end = reading.place(fact.span)
    before = reading.whole[max(0, start - 24) : start]
    return bool(_BOUGHT_AFTER.match(reading.whole, end) or _BOUGHT_BEFORE.search(before))


def _is_of(fact: Fact, others: Sequence[Hit], own: Sequence[Hit], reading: Reading) -> bool:
    start, end = reading.place(fact.span)
    begin = max((m.end() for m in _CLAUSE.finditer(reading.whole, max(0, start - _FAR), start)), default=max(0, start - _FAR))
    stop = found.start() if (found := _CLAUSE.search(reading.whole, end)) else len(reading.whole)
    here, mine = ([hit for hit in hits if begin <= hit.start < stop] for hits in (others, own))
    if here or mine:
        return bool(here) and not mine
    before = max((hit.end for hit in others if hit.end <= start), default=-1)
    return before > max((hit.end for hit in own if hit.end <= start), default=-1) and start - before <= _FAR


def said_at_the_end(fact: Fact, sizes: Sequence[Fact], others: Sequence[Hit], own: Sequence[Hit], reading: Reading) -> bool:
    """Is it the only size of its sentence, and are words of another kind all that is said of it behind a comma: "a 1 cm nick of
    the lid, one layer"?"""
    end = reading.place(fact.span)[1]
    begin = max((m.end() for m in STOP.finditer(reading.whole, max(0, end - _FAR), end)), default=0)
    stop = found.start() if (found := STOP.search(reading.whole, end)) else len(reading.whole)
    if sum(begin <= reading.place(size.span)[0] < stop for size in sizes) != 1:
        return False
    here, mine = ([hit for hit in hits if begin <= hit.start < stop and not hit.negated] for hits in (others, own))
    return not mine and any(_COMMA.fullmatch(reading.whole, end, hit.start) for hit in here)


def area_of(facts: list[Fact], question: Question) -> str:
    """Areas add up; an area worked out from two sides stands in only where none is given. Of an area only a part of which was
    worked on, that part counts."""
    told = [f for f in question.facts if f.dimension == "area_sq_cm" and f.span.label in ("", "part") and not f.negated]
    parts = {part for one, part in pairwise(told) if _ONLY_A_PART.match(question.text, one.span.end, part.span.start)}
    facts = [f for f in told if f in parts] or facts
    facts = [f for f in facts if f not in {laid for bed, laid in pairwise(facts) if _covers(laid, bed, question.text)}]
    worked = [f for f in question.facts if f.dimension == "area_sq_cm" and f.span.label == "computed" and not f.negated]
    total = next((f for f in facts if f.span.label == "total"), None)
    summed = [total] if total else facts or worked
    return f"{round(sum(float(f.value) for f in summed), 2):g}" if summed else ""


def _covers(laid: Fact, bed: Fact, text: str) -> bool:
    """Is the second area the graft that was laid on the bed of the same size, told before?"""
    begins, ends = max(0, bed.span.start - _FAR), laid.span.end + 40
    prepared = _BED.search(text, begins, bed.span.start)
    return laid.value == bed.value and bool(prepared and _LAID.match(text, bed.span.end, ends))
