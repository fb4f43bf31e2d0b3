""" "H0015 or S9480?": of two codes between which a letter asks one is reported, the one that more of its words speak for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.vocabulary import NamedCode, System

_OR = re.compile(r"[\s,)]*(?:or|vs\.?|versus|/)[\s,(]*(?:is it |just |maybe |do we use |should it be )?", re.IGNORECASE)
_ASKED = re.compile(r"[^.?!\n]{0,80}\?")


def either_rule(sheet: Sheet) -> Ruling:
    """The code of such a pair that fewer words speak for is held back, where both have come into the answer."""
    for one, other in _pairs(sheet):
        if one not in sheet.lines or other not in sheet.lines:
            continue
        words = {code: _words_for(sheet, code) for code in (one, other)}
        if words[one] == words[other]:
            continue
        stays, goes = (one, other) if words[one] > words[other] else (other, one)
        text = f"The letter asks for {stays} or {goes}: its other words speak for {stays}."
        return Ruling(hold=(goes,), sayings=(Saying("why", text, (record_source(sheet.book, stays),)),))
    return Ruling()


def _pairs(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Two codes joined by "or" in a question."""
    text = sheet.findings.question.text
    told = sorted((c for c in sheet.findings.question.codes if _is_service(c)), key=lambda code: code.span.start)
    for one, other in pairwise(told):
        joined = _OR.fullmatch(text, one.span.end, other.span.start)
        if joined and one.code != other.code and _ASKED.match(text, other.span.end):
            yield one.code, other.code


def _is_service(named: NamedCode) -> bool:
    return named.span.where == "text" and named.system not in (System.MODIFIER, System.POS)


def _words_for(sheet: Sheet, code: str) -> int:
    """How many words of the letter, codes left out, the best card or family that reports the code was met by."""
    cards = {card.id for card in sheet.cards if code in card.report}
    families = {one.family.id for one in sheet.decisions if code in {row.code for row in one.rows}}
    met = [match.words for match in sheet.findings.matches if match.id in (cards if match.kind == "card" else families)]
    return max((sum(not any(map(str.isdigit, word)) for word in words) for words in met), default=0)
