"""Which line bears a modifier that a card gives without one: the line that the card's own sentence names, the second code of
the only NCCI pair, the one visit, the one operation. A modifier that no line clearly bears is told by its reasons alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.advice.official.edits import is_visit
from consultant.advice.official.files import indicator, pair_release, pairs
from consultant.advice.operations.second import OF_LATER, is_first
from consultant.advice.sheet import Ruling, Sheet
from consultant.vocabulary import System

#: Of two services on one day; of the visit; of an operation and the days round it. Every other one goes with the only line.
_APART = frozenset({"-59", "-XE", "-XP", "-XS", "-XU"})
OF_VISITS = frozenset({"-24", "-25", "-57"})
_OF_OPERATIONS = frozenset(
    {"-22", "-50", "-51", "-52", "-53", "-54", "-55", "-58", "-62", "-66", "-73", "-74", "-76", "-77", "-78", "-79", "-80", "-82"}
)
#: Signs that exclude one another: two of them together are a choice that the letter leaves open.
_EITHER = ({"-52", "-53", "-73", "-74"}, {"-58", "-78", "-79"}, {"-50", "-RT", "-LT"}, {"-93", "-95"}, {"-26", "-TC"})
_NO_OPERATION = re.compile(r"[89]\d{4}|[A-Z]\d{4}")  # laboratory, medicine and visits; drugs and supplies
_COUNSELLING = re.compile(r"9940\d|994(?:11|12|97|98)")
_CHECK_UP = re.compile(r"9938[1-7]|9939[1-7]")
OF_A_PART = frozenset({"-26", "-TC"})  # of a test with a machine and a reading
_OPERATION = re.compile(r"[1-6]\d{4}")
_SERVICES = (System.CPT, System.HCPCS)


def bearers_rule(sheet: Sheet) -> Ruling:
    """Each modifier without a line on the line that bears it, where one alone can."""
    found = [(code, sign) for sign in sheet.loose if (code := bearer_of(sheet, sign))]
    if "-50" in sheet.loose and "-50" not in {sign for _, sign in found}:
        found += [(code, "-50") for code in _both_sided(sheet)]
    idle = [("", sign) for sign in sheet.loose if sign in OF_A_PART and _only_whole(sheet)]
    if _parts_nothing(sheet):
        idle += [(code, sign) for code, signs in [("", sheet.loose), *sheet.lines.items()] for sign in signs if sign in _APART]
    return Ruling(modifiers=tuple(found), unmark=(*(("", sign) for _, sign in found), *idle))


def _parts_nothing(sheet: Sheet) -> bool:
    """Was the other of two named codes refused, so that one line stands alone and has nothing to be parted from?"""
    named = {code.code for code in sheet.findings.question.codes if code.system in _SERVICES}
    signs = {code.code for code in sheet.findings.question.codes if code.system is System.MODIFIER}
    lines = [code for code in sheet.lines if sheet.systems.get(code) in _SERVICES]
    return len(lines) == 1 and lines[0] in named and bool(named & set(sheet.refused)) and not signs & _APART


def _only_whole(sheet: Sheet) -> bool:
    """Are all lines operations that have no part for the machine? Who read the films in theatre changes nothing of them."""
    codes = [code for code in sheet.lines if sheet.systems.get(code) in _SERVICES]
    return bool(codes) and not any(_has_parts(sheet, code) for code in codes)


def _has_parts(sheet: Sheet, code: str) -> bool:
    """Can the code be split into a reading and a machine? Of operations only one that the fee schedule says it of."""
    told = indicator(sheet, code, "pctc")
    return not _OPERATION.fullmatch(code) or (told is not None and told.value == "1")


def bearer_of(sheet: Sheet, sign: str) -> str:
    """The code whose line bears the modifier; "" where several could, or none."""
    lines = [code for code in sheet.lines if sheet.systems.get(code) in _SERVICES]
    if any(sign in held for held in sheet.lines.values()) or any(_contrary(sheet, sign, group) for group in _EITHER):
        return ""
    if sign in OF_VISITS:
        return _the_visit(lines)
    named = _only([code for code in lines if _named_by_card(sheet, code, sign)])
    if named:
        return named
    if sign in _APART:
        return _second_of_pair(sheet, lines)
    if sign in _OF_OPERATIONS:
        lines = [code for code in lines if not is_visit(code) and not _NO_OPERATION.fullmatch(code)]
    if sign in OF_LATER:
        lines = [code for code in lines if not is_first(sheet, code)]
    if sign in OF_A_PART:
        lines = [] if any(map(is_visit, lines)) else [code for code in lines if _has_parts(sheet, code)]
    return _only(lines)


def _both_sided(sheet: Sheet) -> list[str]:
    """The lines of an operation and its add-ons, all of which were done on both sides."""
    lines = [code for code in sheet.lines if sheet.systems.get(code) in _SERVICES and not _NO_OPERATION.fullmatch(code)]
    apart = any(_contrary(sheet, "-50", group) for group in _EITHER)
    return lines if not apart and with_addons(sheet, lines) else []


def with_addons(sheet: Sheet, codes: Sequence[str]) -> bool:
    """Are these one service and what is added to it? Then what is said of its side is said of all."""
    first, *others = codes or ("",)
    return bool(others) and all(first in sheet.book.addon_parents(other) for other in others)


def _the_visit(lines: Sequence[str]) -> str:
    """The visit that has work of its own: counselling and a check-up alone are what that other visit stands beside."""
    visits = [code for code in lines if is_visit(code) and not _COUNSELLING.fullmatch(code)]
    beside = [code for code in visits if not _CHECK_UP.fullmatch(code)]
    return _only(beside or (visits if any(not is_visit(code) for code in lines) else []))


def _contrary(sheet: Sheet, sign: str, group: set[str]) -> bool:
    """Does the answer hold another sign that excludes this one?"""
    return sign in group and len(group & set(sheet.signs)) > 1


def _named_by_card(sheet: Sheet, code: str, sign: str) -> bool:
    """Does a card that gives the modifier say that it goes on this code?"""
    bare = sign.removeprefix("-")
    told = re.compile(rf"\b{code}-{bare}\b|\b{bare} (?:goes |stands )?on {code}\b")
    return any(sign in (card.modifier, *card.report) and told.search(card.says) for card in sheet.cards)


def _second_of_pair(sheet: Sheet, lines: Sequence[str]) -> str:
    """The column 2 code of the pairs of these lines that a modifier opens."""
    if len(lines) < 2 or pair_release(sheet) is None:
        return ""
    return _only(list(dict.fromkeys(edit.column2 for edit in pairs(sheet, list(lines)) if edit.indicator == 1)))


def _only(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else ""
