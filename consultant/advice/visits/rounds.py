"""Two hospital visits of one day that the letter names by their codes: one line, of the level that both together bear out."""

from __future__ import annotations

import re

from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.advice.visits.stays import ONE_DATE
from consultant.vocabulary import Source

SOURCE = Source(
    "cms-claims-manual-12-30-6-9-b", "Medicare Claims Processing Manual, chapter 12", "2025-07-24", "§30.6.9 B, visits of one day"
)
SURE = 0.85
#: Visits of a later day in hospital, the lowest level first.
LEVELS = ("99231", "99232", "99233")
_TWICE = re.compile(
    r"\btwice\b|\b(?:in the |this )?(?:am|a\.m\.|morning)\b[^.?!]{0,60}\b(?:pm|p\.m\.|evening|afternoon|night)\b", re.IGNORECASE
)
#: Somebody else's visit, another day's, or more than visits.
_ELSE = re.compile(
    r"\b(?:different|another|other|separate) (?:special\w+|group|provider|doctor|physician)|\bspecialties\b|\bcritical care\b"
    r"|\b9929[12]\b|\bnext (?:day|morning)\b|\bconsult\w*|\badmi(?:t|ss)\w*|\bdischarg\w*|\bnewborn\b|\bnursery\b"
    r"|\b(?:cardiolog|nephrolog|pulmonolog|surgeon|neurolog)\w*",
    re.IGNORECASE,
)


def one_visit_a_day_rule(sheet: Sheet) -> Ruling:
    """Of the levels that the letter names for one day the highest, which the work of all visits bears out."""
    text = sheet.findings.question.text
    told = [code for code in LEVELS if code in named(sheet)]
    if len(told) < 2 or _ELSE.search(text) or not (ONE_DATE.search(text) or _TWICE.search(text)):
        return Ruling()
    *lower, code = told
    why = f"One hospital visit a day and practitioner: the work of both visits together gives the one code, here {code}."
    verdict = f"Report {code} once for the day, not {' and '.join(lower)} besides."
    sayings = (Saying("why", why, (SOURCE,)),)
    return Ruling(
        (code,), tuple(lower), units={code: 1}, sayings=sayings, verdict=verdict, withdraw=tuple(lower), settles=SURE, counts=True
    )
