"""What Medicare would pay, with the arithmetic, and the fee schedule's status of the codes: only from the book's own files."""

from __future__ import annotations

from decimal import Decimal

from consultant.advice.official.files import Asked, named, schedule
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source
from consultant.codebook.fee_meanings import MEANINGS
from consultant.vocabulary import Source, System, Topic

SURE = 0.9
MOST = 3
FACILITIES = frozenset({"hospital", "emergency", "surgery center", "skilled nursing"})
_FACILITY_PLACES = frozenset({"POS-19", "POS-21", "POS-22", "POS-23", "POS-24", "POS-26", "POS-31", "POS-34", "POS-41", "POS-51"})
_TOLD = frozenset("BEIMNPTX")  # a status that a coder must know; A, R and J say nothing new


def fee_rule(sheet: Sheet) -> Ruling:
    """The amount of each named code, in and outside a facility unless the letter says which, when it asks for money."""
    if not ("fee" in sheet.asked and sheet.about(Topic.PAYMENT)):
        return Ruling()
    locality = next(iter(sheet.said("locality")), "national")
    wholes = _places_of_service(sheet)
    signs = {c.code: (*c.facts.get("modifiers", "").split(), "")[0] for c in sheet.candidates("named")}
    told = [
        (code, facility, row)
        for code in named(sheet)[:MOST]
        for facility in wholes
        if (row := schedule(sheet, code, signs.get(code, ""), locality, facility=facility))
    ]
    if not told:
        return Ruling()
    sayings = [saying for code, facility, row in told for saying in _sayings(code, facility, row)]
    paid = [(code, facility, row) for code, facility, row in told if row.payment.amount is not None]
    if not paid:
        code, _, row = told[0]
        remarks = " ".join(row.payment.remarks)
        return Ruling(
            sayings=tuple(sayings), verdict=f"No amount can be given for {code}: {remarks}", settles=SURE if remarks else 0.0
        )
    codes = tuple(dict.fromkeys(code for code, _, _ in paid))
    return Ruling(codes, sayings=tuple(sayings), verdict=_verdict(paid), settles=SURE)


def _places_of_service(sheet: Sheet) -> tuple[bool, ...]:
    places = {c.code for c in sheet.candidates("named") if c.system is System.POS}
    said = sheet.said("setting")
    if places:
        return (bool(places & _FACILITY_PLACES),)
    if said & FACILITIES and "office" not in said:
        return (True,)
    return (False,) if "office" in said and not said & FACILITIES else (False, True)


def _verdict(paid: list[tuple[str, bool, Asked]]) -> str:
    place = paid[0][2].payment.place
    where = place.name.title() if place and place.contractor else "national"
    amounts = [f"{code} {dollars(row.payment.amount)} {_where(facility)}" for code, facility, row in paid]
    same = len({(code, row.payment.amount) for code, _, row in paid}) == len({code for code, _, _ in paid}) < len(paid)
    if same:
        amounts = [f"{code} {dollars(row.payment.amount)}" for code, facility, row in paid if not facility]
    year = paid[0][2].fee.valid_from.year
    return f"Medicare's {where} amount of {year}: {', '.join(amounts)}, before deductible and coinsurance."


def _where(facility: bool) -> str:
    return "in a facility" if facility else "outside a facility"


def dollars(amount: Decimal | None) -> str:
    return f"${amount:,.2f}" if amount is not None else "no amount"


def _sayings(code: str, facility: bool, row: Asked) -> list[Saying]:
    """The arithmetic on one line, the remarks of the schedule, and the day it speaks for."""
    sources = (row.source,)
    steps = [step for step in row.payment.steps if step.label != "rounded to cents"]
    arithmetic = "; ".join(f"{step.label} {step.arithmetic} = {step.value.normalize():f}" for step in steps)
    found = [Saying("why", f"{code} {_where(facility)}: {arithmetic}.", sources)] if steps else []
    found += [Saying("check", f"{code}: {remark}", sources) for remark in row.payment.remarks]
    return [*found, *([Saying("unchecked", row.gap, sources)] if row.gap else [])]


def status_rule(sheet: Sheet) -> Ruling:
    """Reported codes that Medicare does not pay by themselves, by the status of the fee schedule or else of our own record."""
    if not sheet.for_medicare:
        return Ruling()
    sayings = []
    for code in sheet.lines:
        status, source = status_of(sheet, code)
        if status in _TOLD:
            said = MEANINGS["status"][status]
            sayings.append(Saying("check", f"{code} has the fee schedule status {status}: {said}.", (source,)))
    return Ruling(sayings=tuple(sayings))


def status_of(sheet: Sheet, code: str) -> tuple[str, Source]:
    """The fee schedule's status of a code and where it stands; "" when neither the file nor our record tells one."""
    if row := schedule(sheet, code):
        return row.fee.status, row.source
    record = sheet.book.starter(code)
    return str(record.facts.get("status", "")) if record else "", record_source(sheet.book, code)
