"""Of two codes that an amount sets apart in one table, the letter leads to one: the other, that came as half of a pair, is held.

A card on a pair of codes speaks of 20552 beside a joint and of 20553 beside it; where the table knows how many muscles the letter
tells, its row stands. What a card reports on other grounds stays: it may have counted better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from consultant.advice.official.files import named
from consultant.advice.sheet import Decision, Ruling, Saying, Sheet, sources_of
from consultant.codebook.choice import still_possible
from consultant.codebook.knowledge import COUNTED, MEASURED

_AMOUNTS = COUNTED | MEASURED


def overruled_rule(sheet: Sheet) -> Ruling:
    """What only cards on pairs report, though the amount of a family that has it leads to a sibling that is reported too.

    A sign that the card puts on the one that goes stands on the sibling: -59 on 90832 beside a group, where 45 minutes are told.
    """
    held: dict[str, Saying] = {}
    moved: list[tuple[str, str]] = []
    earned = (code for decision in sheet.decisions for row in decision.rows for code in row.codes)
    spoken_of = {*named(sheet), *earned}
    for decision in sheet.decisions:
        for code, stays in _ruled_out(sheet, decision):
            if code not in spoken_of:
                text = f"{code} is of the same table as {stays}, and what the letter tells leads to {stays}."
                held.setdefault(code, Saying("why", text, sources_of(decision.family.source)))
                moved += [(stays, sign) for sign in sheet.lines[code]]
    return Ruling(hold=tuple(held), modifiers=tuple(moved), sayings=tuple(held.values()))


def _ruled_out(sheet: Sheet, decision: Decision) -> Iterator[tuple[str, str]]:
    """(a line that the amount rules out, the sibling that it leads to and that no card reports along with it)."""
    leading = [row for row in decision.rows if row.code and row.code in sheet.lines]
    rows = decision.family.row if leading else ()
    possible = {rows[at].code for at in still_possible(decision.family, decision.facts)} if leading else set()
    for row in rows:
        if not row.code or row.code not in sheet.lines or row.code in possible:
            continue
        speaking = [card for card in sheet.cards if row.code in card.report]
        together = {other for card in speaking for other in card.report}
        stays = next((one.code for one in leading if one.code not in together and _by_amount(row.when, one.when)), None)
        if stays and all(card.verdict == "pair" for card in speaking):
            yield row.code, stays


def _by_amount(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Do two rows differ in amounts alone?"""
    apart = {name for name in {*one, *other} if one.get(name) != other.get(name)}
    return bool(apart) and apart <= _AMOUNTS
