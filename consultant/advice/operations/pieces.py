"""Services that are counted by the bone, tendon, finger or toe: as many units as the letter names of them."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.vocabulary import System

_SYSTEMS = (System.CPT, System.HCPCS)
#: What a piece may be called: a bone of a finger is told by its finger.
_CALLED = {"finger": {"finger", "phalanx"}, "toe": {"toe", "phalanx"}}


#: Medicare pays one treatment of breaks that nobody set and one cast holds (NCCI Policy Manual, chapter 4).
_ONE_CAST = re.compile(
    r"\b(?:one|a single|single|the same|same) (?:short |long |walking |arm |leg |hand )*(?:cast|splint|boot|strapping)\b",
    re.IGNORECASE,
)
NOT_SET = frozenset({"26600", "26720", "26740", "26750", "28450", "28470", "28490", "28510"})


def pieces_rule(sheet: Sheet) -> Ruling:
    """A unit for each piece that a letter counts or lists, where the code stands for one of them ("each" of its facts)."""
    fixed = {code for card in sheet.cards for code in card.units}
    units: dict[str, int] = {}
    sayings = []
    for code in sheet.lines:
        number = _named(sheet, code)
        if code in NOT_SET and (sheet.findings.question.payer == "medicare" or _ONE_CAST.search(sheet.findings.question.text)):
            continue
        if number > 1 and sheet.units.get(code, 1) == 1 and code not in fixed:
            units[code] = number
            text = f"{code} counts each {_each(sheet, code)}: {number} of them are {number} units."
            sayings.append(Saying("why", text, (record_source(sheet.book, code),)))
    return Ruling(units=units, sayings=tuple(sayings), counts=bool(units))


def _each(sheet: Sheet, code: str) -> str:
    record = sheet.book.starter(code) if sheet.systems.get(code) in _SYSTEMS else None
    return str(record.facts.get("each", "")) if record else ""


def _named(sheet: Sheet, code: str) -> int:
    """How many of its pieces the letter tells of; 0 where it tells of none, or of several numbers."""
    piece = _each(sheet, code)
    called = _CALLED.get(piece, {piece})
    told = {int(float(fact.value)) for fact in sheet.facts("pieces") if fact.span.label in called} if piece else set()
    return told.pop() if len(told) == 1 else 0
