"""Formula for a feeding tube: a unit for each 100 calories of a day, times the days."""

from __future__ import annotations

import math
import re

from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source

_FORMULA = re.compile(r"B41(?:49|5\d|6[0-2])")
_CALORIES = re.compile(
    r"(?P<n>\d{1,2},\d{3}|\d{3,5}) ?(?:k?cals?|k?calories)\b"
    r"(?P<daily> ?(?:/|a |per |each |every |in a )?(?:day|d\b|24 ?h)| daily)?",
    re.IGNORECASE,
)
SURE = 0.7
PER = 100  # calories to a unit
#: "300 units of one and 200 of the other": two formulas under one code.
_OF_TWO = re.compile(
    r"\b(?P<one>\d{1,4}) units? of (?:the )?(?:one|first)\b[^.;?\d]{0,16}\b(?P<other>\d{1,4}) (?:units? )?of (?:the )?"
    r"(?:an)?(?:other|second)\b",
    re.IGNORECASE,
)


def feeding_rule(sheet: Sheet) -> Ruling:
    """The units of the one formula of the answer, where the letter tells its calories: by the day with the days, or in all."""
    codes = [code for code in sheet.lines if _FORMULA.fullmatch(code)]
    if both := _OF_TWO.search(sheet.findings.question.text):
        return _of_both(sheet, codes or [code for code in named(sheet) if _FORMULA.fullmatch(code)], both)
    told = _CALORIES.search(sheet.findings.question.text)
    days = [float(fact.value) for fact in sheet.facts("days")]
    if len(codes) != 1 or not told or (told["daily"] and not days):
        return Ruling()
    calories = float(told["n"].replace(",", ""))
    whole = calories * (max(days) if told["daily"] else 1)
    units = math.ceil(whole / PER)
    times = f" × {max(days):g} days" if told["daily"] else ""
    text = f"{calories:g} calories{times}, {PER} to a unit: {units}."
    kept = {code: n for code, n in sheet.units.items() if code in sheet.lines}
    saying = Saying("why", text, (record_source(sheet.book, codes[0]),))
    return Ruling(units={**kept, codes[0]: units}, counts=True, sayings=(saying,))


def _of_both(sheet: Sheet, codes: list[str], told: re.Match[str]) -> Ruling:
    """Two formulas of one code are one line, with the units of both."""
    if len(codes) != 1 or codes[0] in sheet.refused:
        return Ruling()
    units = int(told["one"]) + int(told["other"])
    text = f"Both formulas are {codes[0]}: one line with {told['one']} + {told['other']} = {units} units."
    kept = {code: n for code, n in sheet.units.items() if code in sheet.lines}
    saying = Saying("why", text, (record_source(sheet.book, codes[0]),))
    verdict = f"Report {codes[0]} × {units}, on one line."
    return Ruling((codes[0],), units={**kept, codes[0]: units}, counts=True, sayings=(saying,), verdict=verdict, settles=SURE)
