"""Units of anaesthesia: base units, time by the quarter of an hour, and what some payers add for a patient's severe illness."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.official.files import named, schedule
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.vocabulary import Source

SURE = 0.9
TIME = Source("cms-claims-manual-12-50", "Medicare Claims Processing Manual, chapter 12", "2025-01-01", "§50, anaesthesia time")
QUARTER = 15  # minutes of a time unit
FIRST, LAST = "00100", "01999"
#: What payers that pay the physical status add for it; Medicare adds nothing.
STATUS_UNITS = {"-P3": 1, "-P4": 2, "-P5": 3}
_BASE = re.compile(r"\b(\d{1,2})(?:\s|-)base\s?units?\b|\bbase\s?units?(?:\s(?:are|is|of|=|:))?\s(\d{1,2})\b", re.IGNORECASE)
#: Several operations that somebody sleeps through once; what began anew later is another anaesthetic.
_ONCE = re.compile(
    r"\b(?:one|same|single|a) (?:general |long )?(?:ana?esthe(?:tic|sia)|general|session|sitting|setting|operative session|trip to the or)\b"
    r"|\btogether\b|\b(?:while|still) (?:asleep|under)\b|\b(?:an?|each|two|both) ana?esthesia codes?\b|\bana?esthesia codes? for (?:each|both)\b",
    re.IGNORECASE,
)
_ANEW = re.compile(
    r"\b(?:second|another|new|separate|two) ana?esthetics?\b|\bback to (?:the )?or\b|\breturn\w* to (?:the )?or\b|\bnext (?:day|morning)\b"
    r"|\blater (?:that|the same) day\b|\btwo patients\b|\bboth patients\b",
    re.IGNORECASE,
)
#: Add-ons beside a first anaesthesia code: burns, and a birth that ends by operation.
_BESIDE_FIRST = frozenset({"01953", "01968", "01969"})
_ASKS = re.compile(r"\bunits?\b", re.IGNORECASE)


def anaesthesia_rule(sheet: Sheet) -> Ruling:
    """Time units of a named anaesthesia code, minutes by 15 to one decimal; with its base units where somebody tells them."""
    codes = [code for code in named(sheet) if is_anaesthesia(code)]
    spent = _minutes(sheet)
    if len(codes) != 1 or not spent:
        return Ruling()
    code, time = codes[0], _time_units(spent)
    verdict = f"Report {code} with {spent:g} minutes: {time:g} time units."
    return Ruling((code,), sayings=_arithmetic(sheet, code, spent), verdict=verdict, settles=SURE)


def one_anaesthetic_rule(sheet: Sheet) -> Ruling:
    """Of several operations under one anaesthetic the code with the most base units alone, with the whole time."""
    codes = [code for code in sheet.lines if is_anaesthesia(code) and code not in _BESIDE_FIRST]
    text = sheet.findings.question.text
    bases = {code: _base_units(sheet, code) for code in codes}
    most = [code for code in codes if bases[code] == max(bases.values())]
    if len(codes) < 2 or len(most) != 1 or not all(bases.values()) or not _ONCE.search(text) or _ANEW.search(text):
        return Ruling()
    others = tuple(code for code in codes if code != most[0])
    why = (
        f"One anaesthetic is one code, that with the most base units: {most[0]} with {bases[most[0]]:g}; the time is that of all."
    )
    saying = Saying("why", why, (TIME, record_source(sheet.book, most[0])))
    return Ruling((most[0],), withdraw=others, sayings=(saying,))


def anaesthesia_units_rule(sheet: Sheet) -> Ruling:
    """The same arithmetic for the one anaesthesia code that the operation led to, where the letter asks for units."""
    codes = [code for code in sheet.lines if is_anaesthesia(code)]
    spent = _minutes(sheet)
    if len(codes) != 1 or not spent or codes[0] in named(sheet) or not _ASKS.search(sheet.findings.question.text):
        return Ruling()
    time, base = _time_units(spent), _base_units(sheet, codes[0])
    total = (
        f"Units: {base:g} base and {time:g} for the time, {base + time:g} in all." if base else f"Units for the time: {time:g}."
    )
    return Ruling(sayings=_arithmetic(sheet, codes[0], spent), reckoned=total, settles=0.0 if sheet.abstains else SURE)


def is_anaesthesia(code: str) -> bool:
    return code.isdigit() and FIRST <= code <= LAST


def _minutes(sheet: Sheet) -> float:
    """How long the anaesthesia took; 0 when the letter does not tell."""
    told = [fact for fact in sheet.facts("minutes") if fact.span.label in ("", "clock", "total")]
    return float(next((fact for fact in told if fact.span.label == "total"), told[0]).value) if told else 0.0


def _time_units(spent: float) -> float:
    return round(spent / QUARTER + 1e-9, 1)


def _arithmetic(sheet: Sheet, code: str, spent: float) -> tuple[Saying, ...]:
    """How the units come about, and what the place pays for them where the book knows it."""
    time, record = _time_units(spent), record_source(sheet.book, code)
    sayings = [Saying("why", f"Time: {spent:g} minutes ÷ {QUARTER} = {time:g} units, to one decimal.", (TIME,))]
    if base := _base_units(sheet, code):
        total = round(base + time, 1)
        sayings.append(Saying("why", f"{base:g} base units + {time:g} time units = {total:g} units.", (TIME, record)))
        sayings += _by_status(sheet, total)
    else:
        text = f"The base units of {code} are not in this book: add them to the {time:g} time units."
        sayings.append(Saying("unchecked", text, (record,)))
    locality = next(iter(sheet.said("locality")), "")
    if locality and (row := schedule(sheet, code, "", locality)):
        sayings += [Saying("check", f"{code}: {remark}", (row.source,)) for remark in row.payment.remarks]
    return tuple(sayings)


def _base_units(sheet: Sheet, code: str) -> float:
    """Those of the record, else those that the letter tells; 0 when neither does."""
    record = sheet.book.starter(code)
    if record and "base_units" in record.facts:
        return float(record.facts["base_units"])
    told = _BASE.search(sheet.findings.question.text)
    return float(told[1] or told[2]) if told else 0.0


def _by_status(sheet: Sheet, total: float) -> list[Saying]:
    """What the total is with a payer that pays for the patient's physical status."""
    sign = next((sign for sign in STATUS_UNITS if sign in sheet.signs), "")
    if not sign or sheet.findings.question.payer == "medicare":
        return []
    more = STATUS_UNITS[sign]
    text = f"A payer that pays the physical status adds {more} for {sign[1:]}: {total + more:g} units. Medicare adds none."
    return [Saying("change", text, (record_source(sheet.book, sign),))]
