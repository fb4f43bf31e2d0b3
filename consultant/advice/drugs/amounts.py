"""Arithmetic on what the letter measures: drug units and waste from the official dose, miles, the three-year rule."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from consultant.advice.drugs.spent import given_of, left_of
from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.vocabulary import Source, System, milligrams

SURE = 0.9
DRUGS = Source(
    "cms-claims-manual-17",
    "Medicare Claims Processing Manual, chapter 17",
    "2025-01-01",
    "§10 and §40, units and discarded drugs",
)
NEW = Source(
    "cms-claims-manual-12-30-6-7", "Medicare Claims Processing Manual, chapter 12", "2025-01-01", "§30.6.7, new patients"
)
MILEAGE = Source(
    "cms-claims-manual-15-30", "Medicare Claims Processing Manual, chapter 15", "2025-01-01", "§30.1.2, fractional mileage"
)
#: "…, 10 mg", "per 1 mg", "1 mcg" at the end of the official text of a drug, "600,000 units" of a record.
_DOSE = re.compile(
    r"(?:,|\bper|^)\s?(?:up to\s)?(?:(?P<n>\d{1,5}(?:,\d{3})?(?:\.\d{1,3})?)\s?)?"
    r"(?P<unit>mg|mcg|milligrams?|micrograms?|(?:usp )?units?|iu|g|gm|grams?|ml|cc)$",
    re.IGNORECASE,
)
MILES = ("A0425", "A0435", "A0436")  # on the ground, by plane, by helicopter
_MILES = re.compile(
    r"\b(?P<n>\d{1,4}(?:\.\d{1,2})?) (?:loaded |statute )?miles?\b"
    r"|\b(?:odometer|loaded (?:miles|mileage)|mileage)"
    r"(?: (?:by|per|the|odometer|showed|shows|read|reads|was|is|of|came to)){0,3}:? (?P<shown>\d{1,3}(?:\.\d{1,2})?)\b",
    re.IGNORECASE,
)
_EACH_WAY = re.compile(r"[^.?!;\d]{0,16}\b(?:each|per|one|either|every) (?:way|leg|trip|direction)\b", re.IGNORECASE)
WHOLE_MILES = 100  # from here on miles are whole
_PER_DAY = 365
THREE_YEARS = 3 * _PER_DAY


def drug_rule(sheet: Sheet) -> Ruling:
    """Units of a named drug code from the amount given and the dose in its official text; JW or JZ when a vial is told."""
    doses = [(code, dose) for code in named(sheet) if (dose := dose_of(sheet, code))]
    if len(doses) != 1:
        return Ruling()
    code, (per, unit) = doses[0]
    counted = {row.code for family, _ in sheet.families for row in family.row if row.adds and row.adds.code == row.code}
    if code in counted or _has_another_code(sheet, code):
        return Ruling()
    amounts = [f for f in sheet.facts("units" if unit == "unit" else unit) if f.span.label != "part"]
    if not amounts:
        return Ruling()
    given, wasted = given_of(sheet, amounts)
    units = math.ceil(round(given / per, 6))
    source = (record_source(sheet.book, code), DRUGS)
    text = (
        f"{given:g} {unit} at {per:g} {unit} to a unit: {given / per:g}"
        + ("" if given % per == 0 else f", rounded up to {units}")
        + "."
    )
    left = left_of(sheet, code, per, wasted, source)
    return replace(left, report=(code,), units={code: units}, sayings=(Saying("why", text, source), *left.sayings), settles=SURE)


def _has_another_code(sheet: Sheet, code: str) -> bool:
    """Does a family lead to another code for the very drug that the title names? So of a code that has ended meanwhile."""
    record = sheet.book.record(code)
    title = {*re.findall(r"\w+", record.title.lower())} if record else set()
    drugs = [(one.facts.get("drug", ""), {row.code for row in one.rows}) for one in sheet.decisions]
    return any(drug and {*drug.split()} <= title and codes and code not in codes for drug, codes in drugs)


def dose_of(sheet: Sheet, code: str) -> tuple[float, str] | None:
    """(amount, "mg", "ml" or "unit") that a unit of a HCPCS drug code stands for, by the end of its official text or by ours."""
    record = sheet.book.record(code)
    if record is None or record.system is not System.HCPCS:
        return None
    ours = sheet.book.starter(code)
    told = record.title if record.official else str(ours.facts.get("per_unit", "")) if ours else ""
    match = _DOSE.search(told.strip().rstrip("."))
    if not match:
        return None
    unit = match["unit"].lower()
    named = "unit" if unit.endswith(("unit", "units", "iu")) else "ml" if unit in ("ml", "cc") else "mg"
    return float((match["n"] or "1").replace(",", "")) * milligrams(unit), named


def miles_rule(sheet: Sheet) -> Ruling:
    """Loaded miles of an ambulance: one unit each, to the next tenth below a hundred, from there on to the next mile."""
    told = _MILES.search(sheet.findings.question.text)
    code = next((one for one in MILES if one in sheet.lines), None)
    if code is None or not told:
        return Ruling()
    miles = float(told["n"] or told["shown"])
    units = math.ceil(miles) if miles >= WHOLE_MILES else math.ceil(round(miles * 10, 6)) / 10
    twice = bool(sheet.facts("round_trip") and _EACH_WAY.match(sheet.findings.question.text, told.end()))
    units *= 1 + twice
    units = int(units) if units == int(units) else round(units, 1)
    rounded = "" if miles * (1 + twice) == units else f", rounded up to the next {'mile' if miles >= WHOLE_MILES else 'tenth'}"
    saying = Saying(
        "why",
        f"{miles:g} loaded miles{rounded}{' on each of two trips' if twice else ''}: {units:g} units of {code}.",
        (record_source(sheet.book, code), MILEAGE),
    )
    return Ruling(units={code: units}, sayings=(saying,))


def new_patient_rule(sheet: Sheet) -> Ruling:
    """New or established by the days since the last face-to-face service, when the letter tells them."""
    since = [float(f.value) for f in sheet.facts("since_visit")]
    asks = re.search(r"\bnew\b|\bestablished\b|\b99[23]\d\d\b", sheet.findings.question.text, re.IGNORECASE)
    if not since or not asks or sheet.facts("since_surgery"):
        return Ruling()
    days = min(since)
    other = sheet.said("relation") & {"other practitioner"}
    new = days > THREE_YEARS or bool(other and re.search(r"specialt", sheet.findings.question.text, re.IGNORECASE))
    years = f"{days / _PER_DAY:.1f}".rstrip("0").rstrip(".")
    where = "more" if days > THREE_YEARS else "not more"
    text = f"The last face-to-face service lies about {years} years back, {where} than three years."
    text += " Same group and same specialty: that makes the patient " + ("new." if days > THREE_YEARS else "established.")
    change = (
        "Another specialty, or another group: the patient is new there."
        if not new
        else "Seen meanwhile by the same specialty of the group: established."
    )
    kind = "new" if new else "established"
    sayings = (Saying("why", text, (NEW,)), Saying("change", change, (NEW,)))
    if any(decision.choice.decided for decision in sheet.decisions):
        return Ruling(sayings=sayings)  # the family has used it
    return Ruling(sayings=sayings, verdict=f"The patient counts as {kind}.", settles=0.8)
