"""Timed therapy units: the eight-minute rule, with its arithmetic shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet, spoken
from consultant.vocabulary import Source

UNIT = 15
LEAST = 8
COUNTED = 0.85  # how sure the units are where the letter gives minutes to each of the codes that it names
RULE = Source(
    "cms-claims-manual-5-20-2",
    "Medicare Claims Processing Manual, chapter 5",
    "2025-01-01",
    "§20.2, counting minutes for timed codes",
)
MIDPOINT = Source("cpt-time-2025", "CPT 2025 guidelines (facts only, in our own words)", "2025-01-01", "time: past the midpoint")

_LEFT_OVER = (
    "{} minutes that the letter tells belong to no service that it names: as timed one-to-one service they would count in the "
    "day's total. Say what they were spent on."
)

#: The letter says how its payer counts.
_BY_MIDPOINT = re.compile(
    r"\bmid-?point\b|\bsubstantial portion\b|\bspm\b|\brule of (?:8|eight)s\b"
    r"|\b(?:ama|cpt)(?:'s)? (?:time )?(?:rule|way|method)\b",
    re.IGNORECASE,
)
_ASKS_UNITS = re.compile(r"\bunits?\b|\bhow many\b", re.IGNORECASE)
_BY_TOTAL = re.compile(r"\b(?:8|eight)[- ]minute\b|\bmedicare\b", re.IGNORECASE)


def eight_minute(minutes: Mapping[str, float]) -> dict[str, int]:
    """Units per timed code from the day's minutes per code.

    Total minutes earn one unit at 8, two at 23, three at 38 and so on. Each code has its full quarters of an hour; what is left
    of the total goes to the codes with the most minutes left, the first named first when they are equal.
    """
    total = int(sum(minutes.values()))
    earned = 0 if total < LEAST else (total + UNIT - LEAST) // UNIT
    units = {code: int(spent // UNIT) for code, spent in minutes.items()}
    left = sorted(minutes, key=lambda code: -(minutes[code] % UNIT))
    for code in left[: max(0, earned - sum(units.values()))]:
        units[code] += 1
    return units


def arithmetic(minutes: Mapping[str, float], units: Mapping[str, int]) -> str:
    """The sum in a sentence: "33 (97110) + 7 (97140) = 40 minutes, which is 3 units: …"."""
    total = int(sum(minutes.values()))
    parts = " + ".join(f"{spent:g} ({code})" for code, spent in minutes.items())
    earned = sum(units.values())
    shares = "; ".join(_share(code, spent, units[code]) for code, spent in minutes.items())
    return f"{parts} = {total} timed minutes, which earn {earned} unit{'' if earned == 1 else 's'}. {shares}."


def midpoint(minutes: Mapping[str, float]) -> dict[str, int]:
    """Units per code where each service counts by itself: a unit at 8 minutes, two at 23, and no minutes lent to another."""
    return {code: 0 if spent < LEAST else int((spent + UNIT - LEAST) // UNIT) for code, spent in minutes.items()}


def by_midpoint(minutes: Mapping[str, float], units: Mapping[str, int]) -> str:
    """What a payer that counts by the midpoint gives, beside the eight-minute rule."""
    other = midpoint(minutes)
    said = ", ".join(f"{code} {n}" for code, n in other.items())
    same = "the same here" if other == dict(units) else "other units here"
    return f"Payers that count each service by its midpoint (8 minutes of its own for a unit) give {same}: {said}."


def _share(code: str, spent: float, units: int) -> str:
    full = int(spent // UNIT)
    return f"{code}: {full} full quarter{'' if full == 1 else 's'} and {spent % UNIT:g} left, {units} in all"


def timed_rule(sheet: Sheet) -> Ruling:
    """Units for the timed codes of the letter whose minutes it gives."""
    spent = _spent(sheet)
    if not spent:
        return Ruling()
    in_order = {code: spent[code] for code in sorted(spent, key=lambda code: _place(sheet, code))}
    units = eight_minute(in_order)
    by_total, each_by_itself = arithmetic(in_order, units), by_midpoint(in_order, units)
    text = sheet.findings.question.text
    if _BY_MIDPOINT.search(text) and not _BY_TOTAL.search(text):
        units = midpoint(in_order)
        sayings = [Saying("why", each_by_itself, (MIDPOINT,)), Saying("change", by_total, (RULE,))]
    else:
        sayings = [Saying("why", by_total, (RULE,)), Saying("change", each_by_itself, (MIDPOINT,))]
    if other := _left_over(sheet):
        sayings.append(Saying("change", _LEFT_OVER.format(other), (RULE,)))
    unearned = tuple(code for code, n in units.items() if n == 0)
    sayings += [Saying("why", f"No unit is left for {code}: its minutes count in the total only.", (RULE,)) for code in unearned]
    earned = {code: n for code, n in units.items() if n}
    verdict = "" if earned else f"No unit of {spoken(unearned)}: fewer than {LEAST} minutes in all."
    settles = 0.9 if verdict else COUNTED if len(spent) > 1 and {*spent} == {*named(sheet)} else 0.0
    return Ruling(tuple(earned), units=earned, sayings=tuple(sayings), verdict=verdict, withdraw=unearned, settles=settles)


def told_units_rule(sheet: Sheet) -> Ruling:
    """Units of timed codes that the letter tells itself and gives no minutes to."""
    told = [c for c in sheet.findings.candidates if "told_units" in c.facts and "minutes" not in c.facts]
    units = {c.code: round(float(c.facts["told_units"])) for c in told if is_timed(sheet, c.code)}
    sayings = [
        Saying("why", f"{code} × {n} is what the letter tells; the record must show the minutes for it.", (RULE,))
        for code, n in units.items()
    ]
    return Ruling(units=units, sayings=tuple(sayings))


def _spent(sheet: Sheet) -> dict[str, float]:
    """The minutes of each timed code; those of one that is named and refused were spent on what takes its place."""
    told = {
        c.code: float(c.facts["minutes"])
        for c in sheet.findings.candidates
        if "minutes" in c.facts and is_timed(sheet, c.code) and (c.code in sheet.lines or _named(sheet, c.code))
    }
    spent = {code: minutes for code, minutes in told.items() if code not in sheet.refused}
    others = [minutes for code, minutes in told.items() if code in sheet.refused]
    bare = [code for code in sheet.lines if code not in spent and is_timed(sheet, code)]
    others = others or (_only_minutes(sheet) if not told else [])
    return {**spent, bare[0]: others[0]} if len(others) == len(bare) == 1 else spent


def _only_minutes(sheet: Sheet) -> list[float]:
    """The one duration of a letter that asks for units: the code of a card has the minutes of no family."""
    question = sheet.findings.question
    facts = [fact for fact in question.facts if fact.dimension == "minutes" and not fact.negated]
    return [float(fact.value) for fact in facts] if len(facts) == 1 and _ASKS_UNITS.search(question.text) else []


def _left_over(sheet: Sheet) -> int:
    """Minutes that the letter tells and no code of it was given; 0 where it also tells their sum."""
    told = [fact for fact in sheet.findings.question.facts if fact.dimension == "minutes" and not fact.negated]
    if any(fact.span.label for fact in told):
        return 0
    given = sum(float(c.facts["minutes"]) for c in sheet.findings.candidates if "minutes" in c.facts)
    return max(0, int(sum(float(fact.value) for fact in told) - given))


def is_timed(sheet: Sheet, code: str) -> bool:
    """Is it a code that is counted in quarters of an hour from the day's total, with no threshold of its own?"""
    record = sheet.book.starter(code)
    return bool(record and record.facts.get("timed_minutes") == UNIT and not {"addon", "least_minutes"} & set(record.facts))


def _named(sheet: Sheet, code: str) -> bool:
    return any(c.code == code for c in sheet.candidates("named"))


def _place(sheet: Sheet, code: str) -> int:
    candidate = next(c for c in sheet.findings.candidates if c.code == code)
    return min((span.start for span in candidate.spans_of()), default=0)
