"""Of two codes of one table the letter's facts lead to one: the other one, that a card brought along, is held back.

A card that speaks of a service in general may name the longest discharge or the hardest decision. Where the table knows what the
letter tells, its row stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from consultant.advice.official import named
from consultant.advice.sheet import Decision, Ruling, Saying, Sheet, sources_of
from consultant.codebook.choice import still_possible


def overruled_rule(sheet: Sheet) -> Ruling:
    """What only cards report, though the facts of a family that has it lead to a sibling that is reported too."""
    held: dict[str, Saying] = {}
    spoken_of = {*named(sheet), *sheet.decided, *_besides(sheet)}
    for decision in sheet.decisions:
        for code, stays in _ruled_out(sheet, decision):
            if code not in spoken_of:
                text = f"{code} is of the same table as {stays}, and the letter’s facts lead to {stays}."
                held.setdefault(code, Saying("why", text, sources_of(decision.family.source)))
    return Ruling(hold=tuple(held), sayings=tuple(held.values()))


def _ruled_out(sheet: Sheet, decision: Decision) -> Iterator[tuple[str, str]]:
    """(a line that the facts rule out, the sibling that they lead to and that no card reports along with it)."""
    family, leading = decision.family, [row.code for row in decision.rows if row.code and row.code in sheet.lines]
    places = {code: {at for at, row in enumerate(family.row) if row.code == code} for code in sheet.lines}
    possible = still_possible(family, decision.facts) if leading else set()
    for code, own in places.items():
        if not own or own & possible or not leading:
            continue
        together = {other for card in sheet.cards if code in card.report for other in card.report}
        if apart := next((stays for stays in leading if stays not in together), ""):
            yield code, apart


def _besides(sheet: Sheet) -> set[str]:
    """The codes that decided rows add to their own."""
    rows = [row for decision in sheet.decisions for row in decision.rows]
    return {code for row in rows for code in (*row.also, *([row.adds.code] if row.adds else []))}
