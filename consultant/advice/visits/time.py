""" "How many minutes for 99215?": what a visit that the letter names takes by time, from the table of its family."""

from __future__ import annotations

import math
import re

from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet, sources_of
from consultant.codebook.kept import families_on, owners_on
from consultant.codebook.knowledge import Family
from consultant.codebook.table import parse

SURE = 0.85
MOST = 4  # visits of one question
_ASKED = re.compile(
    r"\bhow (?:many min(?:ute)?s?|much time)\b|\b(?:time|minutes?) (?:requirements?|thresholds?|ranges?|needed|required)\b"
    r"|\b(?:minimum|required|minimal|least) (?:time|minutes|number of minutes)\b"
    r"|\bwhat(?:'s| is| are)? the (?:time|minutes) (?:for|of|on)\b",
    re.IGNORECASE,
)


def visit_time_rule(sheet: Sheet) -> Ruling:
    """The least minutes of each visit that the letter names, where it asks for them and tells none of its own."""
    if sheet.facts("minutes") or not _ASKED.search(sheet.findings.question.text):
        return Ruling()
    least: dict[str, int] = {}
    sayings: list[Saying] = []
    families, owners = families_on(sheet.book, sheet.findings.on), owners_on(sheet.book, sheet.findings.on)
    for code in named(sheet)[:MOST]:
        for family in (families[name] for name in sorted(owners.get(code, ()))):
            if (minutes := _least(family, code)) and code not in least:
                least[code] = minutes
                text = f"{code} by time: at least {minutes} minutes of the practitioner’s own time on the date of the visit."
                sayings.append(Saying("why", text, sources_of(family.source)))
    verdict = " ".join(f"{code} takes {minutes} minutes or more by time." for code, minutes in least.items())
    return Ruling(tuple(least), sayings=tuple(sayings), verdict=verdict, settles=SURE, counts=True) if least else Ruling()


def _least(family: Family, code: str) -> int:
    """The lowest minutes of the code's rows by time; 0 where the family has none."""
    rows = [row.when for row in family.row if row.code == code and row.when.get("basis") == "time" and "minutes" in row.when]
    lows = [parse("minutes", when["minutes"]).low for when in rows]
    return int(min(filter(math.isfinite, lows), default=0))
