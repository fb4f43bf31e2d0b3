"""Unit limits that the book knows, payer differences, and what was not checked."""

from __future__ import annotations

from consultant.advice.official.files import limit, most_units, named
from consultant.advice.sheet import Ruling, Saying, Sheet, book_source, record_source, release_source, spoken
from consultant.vocabulary import System, Topic

_MAI = {
    1: "a line edit: units above it may pass on another line with a modifier that is right, and a denial may be appealed",
    2: "an absolute limit for the day, set by policy: no modifier and no appeal brings more",
    3: "a limit for the day that proof of need may lift: bill what was done, then appeal with the record",
}
_BILATERAL = {
    "0": "modifier 50 does not apply to it",
    "2": "the code covers both sides already",
    "9": "the idea of sides does not apply to it",
}
_SETTINGS = {"outpatient": "a hospital outpatient department", "dme": "a supplier"}
SURE = 0.9


def units_rule(sheet: Sheet) -> Ruling:
    """Units against the medically unlikely edit (units a day, with its adjudication indicator); the limit itself, when asked."""
    asked = "units limit" in sheet.asked and not sheet.lines.keys() - set(named(sheet))
    wanted = [c.code for c in sheet.candidates("named") if c.system in (System.CPT, System.HCPCS)]
    claimed = {c.code: int(c.facts["units"]) for c in sheet.candidates("named") if c.facts.get("units", "").isdigit()}
    fixed = {code for card in sheet.cards for code in card.units}  # what a rule says outranks what the letter proposes
    sayings: list[Saying] = []
    verdict = ""
    capped: dict[str, int] = {}
    for code in dict.fromkeys([*(wanted if asked else ()), *sheet.units, *claimed]):
        units = sheet.units.get(code, claimed.get(code, 0))
        most, indicator, source = most_units(sheet, code)
        if most is None:
            continue
        kind = _MAI.get(indicator, "a limit for the day")
        above = f"{units} units of {code} are more than its MUE of {most}" if units > most else ""
        if above:
            sayings.append(Saying("check", f"{above}, {kind}.", (source,)))
            verdict = verdict or f"{above} (MAI {indicator}: {kind.partition(':')[0]})."
            capped |= {} if code in fixed else {code: most if indicator == 2 else units}
        elif asked:
            sayings.append(Saying("why", f"{code}: at most {most} {_unit(most)} a day; MAI {indicator}, {kind}.", (source,)))
            sayings += _elsewhere(sheet, code, most)
        if asked and code in wanted:
            verdict = verdict or f"The MUE of {code} is {most} {_unit(most)} a day (MAI {indicator})."
    sayings += _snapshot(sheet) if sayings else []
    ruled = {code for card in sheet.cards for code in card.do_not_report}
    asked = asked or bool(capped and sheet.said("denied_for") & {"too many units"})
    mine = tuple(code for code in wanted if asked and verdict and code not in ruled)
    return Ruling(
        mine[:1],
        units=capped,
        sayings=tuple(sayings),
        verdict=verdict if asked else "",
        settles=SURE if asked and verdict else 0.0,
    )


def _unit(number: int) -> str:
    return "unit" if number == 1 else "units"


def _elsewhere(sheet: Sheet, code: str, most: int) -> list[Saying]:
    """The limits of hospitals and suppliers, where they are others."""
    found = ((where, limit(sheet, code, setting)) for setting, where in _SETTINGS.items())
    return [
        Saying("change", f"For {where} it is {told[0].units}.", (told[1],))
        for where, told in found
        if told and told[0].units != most
    ]


def _snapshot(sheet: Sheet) -> list[Saying]:
    """The newest snapshot of limits may be years older than the day."""
    held = [s for s in sheet.book.sources if s.id.startswith("ncci-mue-practitioner") and s.valid_to]
    if not held or any(s.covers(sheet.findings.on) for s in held):
        return []
    newest = max(held, key=lambda s: str(s.valid_to))
    on = sheet.findings.on.isoformat()
    text = f"The newest unit limits in this book are of {newest.version}: the quarter of {on} was not checked."
    return [Saying("unchecked", text, (release_source(sheet.book, newest.id),))]


def bilateral_rule(sheet: Sheet) -> Ruling:
    """-50 is refused when every code that the letter speaks of has a bilateral indicator that does not allow it."""
    spoken_of = [c.code for c in sheet.findings.candidates if any(e.kind in ("named", "keyword") for e in c.evidence)]
    told = {code: kind for code in spoken_of if (kind := _indicator(sheet, code))}
    if not told or not set(told.values()) <= set(_BILATERAL):
        return Ruling()
    if not any(c.code == "-50" for c in sheet.findings.candidates) or any(card.modifier == "-50" for card in sheet.cards):
        return Ruling()
    sayings = [
        Saying("why", f"{code} has the bilateral indicator {kind}: {_BILATERAL[kind]}.", (record_source(sheet.book, code),))
        for code, kind in told.items()
    ]
    return Ruling(refuse=("-50",), sayings=tuple(sayings), verdict=f"No modifier 50 on {spoken(told)}.")


def _indicator(sheet: Sheet, code: str) -> str:
    """The bilateral indicator of a code; a paid operation that the letter names with -50 has 0 where none is learnt."""
    record = sheet.book.starter(code)
    facts = record.facts if record else {}
    named = {candidate.code for candidate in sheet.candidates("named")}
    plain = facts.get("status") == "A" and facts.get("global_days") in ("000", "010", "090") and {code, "-50"} <= named
    return str(facts.get("bilateral", "0" if plain else ""))


def modifiers_rule(sheet: Sheet) -> Ruling:
    """When each modifier of the answer applies, and who sees it differently."""
    sayings = []
    for code in sheet.signs:
        known = sheet.book.modifiers.get(code)
        if known and not any(known.use == s.text for s in sheet.sayings):
            source = (record_source(sheet.book, code),)
            sayings.append(Saying("why", f"Modifier {code[1:]}: {known.use}", source))
            sayings += [Saying("change", d.told, source) for d in known.differs[:2]]
    return Ruling(sayings=tuple(sayings))


def unchecked_rule(sheet: Sheet) -> Ruling:
    """What this book can't say. Always said, so that nobody takes silence for a check."""
    source = (book_source(sheet.book),)
    procedures = [c.code for c in sheet.findings.candidates if c.code in sheet.lines and c.system in (System.CPT, System.HCPCS)]
    named = [c.code for c in sheet.candidates("named") if c.system in (System.CPT, System.HCPCS)]
    texts = []
    if (procedures or named or sheet.findings.topics[0] is Topic.NCCI) and not sheet.book.has_edits():
        texts.append("No NCCI edit file is in this book: whether these codes are bundled with one another was not checked.")
    brought = {source.id.partition("-")[0] for source in sheet.book.sources}
    if {Topic.COVERAGE} & set(sheet.findings.topics[:2]) and "mcd" not in brought:
        texts.append("No coverage documents (NCD, LCD, articles) are in this book beyond what is cited above.")
    if {Topic.PAYMENT} & set(sheet.findings.topics[:2]) and "pfs" not in brought:
        texts.append("No fee schedule is in this book: amounts were not checked.")
    unknown = [code for code in sheet.lines if sheet.book.record(code) is None]
    if unknown:
        texts.append(
            f"{spoken(unknown)}: no record in this book, so check that it is in force on {sheet.findings.on.isoformat()}."
        )
    if not sheet.findings.question.payer and sheet.lines:
        texts.append("The letter names no payer; its own policy may differ.")
    if sheet.findings.question.date_of_service is None and sheet.lines:
        texts.append(f"The letter gives no date of service: the answer is for {sheet.findings.on.isoformat()}.")
    return Ruling(sayings=tuple(Saying("unchecked", text, source) for text in texts))


def records_rule(sheet: Sheet) -> Ruling:
    """One sentence that the codes of the answer and those that the letter names stand in the book on the date."""
    named = [c.code for c in sheet.candidates("named") if c.title and c.system is not System.MODIFIER]
    told = " ".join(s.text.split(" is ")[0] for s in sheet.sayings if s.section == "check")
    spoken_of = [code for code in dict.fromkeys([*sheet.lines, *named]) if code not in told.split()]
    known = [code for code in spoken_of if (record := sheet.book.record(code, sheet.findings.on)) and record.billable]
    sayings = []
    if known:
        sources = tuple({(s := record_source(sheet.book, code)).id: s for code in known}.values())
        verb = "stands" if len(known) == 1 else "stand"
        sayings.append(
            Saying("check", f"{spoken(known)} {verb} in this book as reportable on {sheet.findings.on.isoformat()}.", sources)
        )
    return Ruling(sayings=tuple(sayings))
