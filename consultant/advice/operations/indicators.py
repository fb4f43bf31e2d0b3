"""What the fee schedule's indicators say of operations: global periods, assistants, two surgeons, both sides, parts of a test."""

from __future__ import annotations

import re
from collections.abc import Iterable

from consultant.advice.corrections import only_of_others
from consultant.advice.official.edits import GLOBAL, is_visit, relations
from consultant.advice.official.files import Indicator, indicator, named
from consultant.advice.sheet import Ruling, Saying, Sheet, spoken
from consultant.codebook.fee_meanings import MEANINGS
from consultant.vocabulary import Source

SURE = 0.9
DAYS = {"000": 0, "010": 10, "090": 90}
_VISIT = re.compile(r"\b(?:visits?|seen|see|came (?:in|back)|office|follow[ -]?up|e/?m|99\d{3}|emergency|er)\b", re.IGNORECASE)
ASSISTANT = Source("cms-claims-manual-12-20-4-3", "Medicare Claims Processing Manual, chapter 12", "2025-01-01", "§20.4.3")
PAIRED = Source("cms-claims-manual-12-40-7", "Medicare Claims Processing Manual, chapter 12", "2025-01-01", "§40.7 and §40.8")
PARTS = Source("cms-claims-manual-13-20", "Medicare Claims Processing Manual, chapter 13", "2025-01-01", "§20.1 and §20.2")


def told_of(sheet: Sheet, column: str) -> dict[str, Indicator]:
    """Named code → what a column of the fee schedule holds for it, for those that are not refused and have a value.

    Where the facts decide for some of them ("we had 64483 and 64484", and it is one level), the others don't count.
    """
    codes = [code for code in named(sheet) if code not in sheet.refused]
    fitting = [code for code in codes if code in sheet.decided]
    return {code: told for code in fitting or codes if (told := indicator(sheet, code, column))}


def means(column: str, value: str) -> str:
    return MEANINGS[column].get(value, "not explained here")


def gaps(found: Iterable[Indicator]) -> tuple[Saying, ...]:
    return tuple({told.gap: Saying("unchecked", told.gap, (told.source,)) for told in found if told.gap}.values())


def global_rule(sheet: Sheet) -> Ruling:
    """How long the package of a named operation lasts, whether the day lies inside it, and what that means for the claim."""
    related = relations(sheet) & {"return to theatre", "planned", "unrelated", "complication"}
    since = next((float(f.value) for f in sheet.facts("since_surgery")), None)
    asks = "global" in sheet.asked and "which modifier" not in sheet.asked
    packages = {c: told for c, told in told_of(sheet, "global_days").items() if told.value in DAYS}
    if not packages or not (asks or since is not None):
        return Ruling()
    said = " ".join(fact.span.text for fact in sheet.facts("since_surgery"))
    code, told = max(packages.items(), key=lambda item: (item[0] in said, DAYS[item[1].value]))
    kind = told.value
    text = f"{code} has the global period {kind}: {means('global_days', kind)}."
    sayings = (Saying("check", text, (told.source,)), *gaps([told]))
    if asks and since is None and not related and len(named(sheet)) == 1 and not _decided(sheet, named(sheet)):
        verdict = f"{code} has a global period of {DAYS[kind]} days: {means('global_days', kind)}."
        return Ruling((code,), sayings=sayings, verdict=verdict, settles=SURE)
    if since is None:
        return Ruling(sayings=sayings)
    inside = since <= DAYS[kind]
    where = f"Day {since:g} after {code} lies {'inside' if inside else 'outside'} its {DAYS[kind]} days."
    sayings = (Saying("why", where, (told.source, GLOBAL)), *sayings)
    if _decided(sheet, named(sheet)):
        return Ruling(sayings=sayings)
    return _after(sheet, code, sayings, inside=inside, related=related)


def _decided(sheet: Sheet, codes: Iterable[str], *signs: str) -> bool:
    """Has a card ruled on one of these codes, or against one of these modifiers?"""
    return any({*codes} & {*card.report, *card.do_not_report} or {*signs} & {*card.do_not_report} for card in sheet.cards)


def _after(sheet: Sheet, code: str, sayings: tuple[Saying, ...], *, inside: bool, related: set[str]) -> Ruling:
    """What a service after an operation takes: nothing outside its days; inside them by how it is related."""
    others = [c for c in named(sheet) if c != code]
    visit = any(map(is_visit, others)) or (not others and bool(_VISIT.search(sheet.findings.question.text)))
    if not inside:
        verdict = f"Outside the global period of {code}: bill it without a modifier for the package."
        return Ruling(tuple(others), sayings=sayings, verdict=verdict, settles=SURE)
    sign, text = of_relation(related, visit=visit)
    if _decided(sheet, (), f"-{sign}"):
        return Ruling(sayings=sayings)
    if not sign:
        payers = Saying("change", "By CPT a visit for a complication may be billed; many commercial plans follow it.", (GLOBAL,))
        told = (Saying("why", text, (GLOBAL,)), *sayings, *((payers,) if "complication" in related else ()))
        refused = tuple(c for c in others if is_visit(c))
        verdict = f"Do not report {spoken(refused) or 'the visit'}: it belongs to the package of {code}."
        return Ruling(sayings=told, verdict=verdict, withdraw=refused, settles=SURE)
    on = next(iter(others), "")
    verdict = f"Report {on}, with modifier {sign}." if on else f"Modifier {sign}: {text}"
    return Ruling(
        (on,) if on else (),
        tuple(other for other in ("-24", "-58", "-78", "-79") if other != f"-{sign}") if related else (),
        modifiers=((on, f"-{sign}"),),
        sayings=(Saying("why", text, (GLOBAL,)), *sayings),
        verdict=verdict,
        settles=SURE,
    )


def of_relation(related: set[str], *, visit: bool) -> tuple[str, str]:
    """The modifier of a service inside the global period by how it is related, and why; ("", why) for what is part of it."""
    if "return to theatre" in related and not visit:
        return (
            "78",
            "An unplanned return to the operating room for a related problem takes 78, and only the operation itself is paid.",
        )
    if "planned" in related and not visit:
        return (
            "58",
            "A procedure that was planned, or is more extensive than the first, takes 58, and a new global period begins.",
        )
    if "unrelated" in related:
        kind = "visit" if visit else "procedure"
        return ("24" if visit else "79"), f"An unrelated {kind} inside the global period takes {'24' if visit else '79'}."
    if visit:
        return (
            "",
            "A related visit inside the global period is part of the package, and so is a complication without an operation.",
        )
    return "79", "Inside the global period an unrelated procedure takes 79, a planned one 58, a return to the operating room 78."


def helpers_rule(sheet: Sheet) -> Ruling:
    """May an assistant or a second surgeon be billed with the named operation?"""
    asked = sheet.asked
    signs = {c.code for c in sheet.candidates("named")}
    if ("co-surgeons" in asked or "-62" in signs) and "-62" not in sheet.refused:
        return _helper(sheet, "cosurgeon", ("-62",), "two surgeons", yes="2", maybe="1", source=PAIRED)
    if "assistant" in asked or signs & {"-80", "-81", "-82", "-AS"}:
        own = "-AS" if "practitioner" in sheet.said("performed_by") else "-80"
        others = tuple(s for s in ("-80", "-81", "-82", "-AS") if s != own)
        return _helper(sheet, "assistant", (own, *others), "an assistant", yes="2", maybe="0", source=ASSISTANT)
    return Ruling()


def _helper(sheet: Sheet, column: str, signs: tuple[str, ...], who: str, *, yes: str, maybe: str, source: Source) -> Ruling:
    found = {c: told for c, told in told_of(sheet, column).items() if told.value in "012"}
    if not found or _decided(sheet, found, signs[0]):
        return Ruling()
    sayings = [
        Saying("check", f"{c}: indicator {told.value} for {who}: {means(column, told.value)}.", (told.source, source))
        for c, told in found.items()
    ]
    sayings += gaps(found.values())
    kinds = {told.value for told in found.values()}
    codes = tuple(found)
    if not kinds & {yes, maybe}:
        return Ruling(codes, signs, sayings=tuple(sayings), verdict=f"No: {who} is not paid with {spoken(codes)}.", settles=SURE)
    held = tuple((c, signs[0]) for c, told in found.items() if told.value in (yes, maybe))
    need = "" if yes in kinds else ", only when the record shows the need"
    verdict = f"Report {spoken(c + sign for c, sign in held)}{need}."
    instead = signs[1:] if signs[0] == "-AS" else ()
    return Ruling(codes, instead, modifiers=held, sayings=tuple(sayings), verdict=verdict, settles=SURE)


def sides_rule(sheet: Sheet) -> Ruling:
    """Both sides of a named procedure, by its bilateral indicator: 50 on one line, each side in full, or no 50 at all."""
    signs = {c.code for c in sheet.candidates("named")}
    if not ("both sides" in sheet.asked or "-50" in signs):
        return Ruling()
    by_code = told_of(sheet, "bilateral").items()
    found = {c: told for c, told in by_code if told.value in "01239" and not is_visit(c)}
    if not found or _decided(sheet, found, "-50"):
        return Ruling()
    sayings = [
        Saying("why", f"{c} has the bilateral indicator {told.value}: {_side(told.value)}.", (told.source, PAIRED))
        for c, told in found.items()
    ]
    sayings += gaps(found.values())
    codes = tuple(found)
    if all(told.value == "1" for told in found.values()):
        text = "Some payers want two lines with RT and LT in place of one line with 50."
        told = (*sayings, Saying("change", text, (PAIRED,)))
        verdict = f"Report {spoken(f'{c}-50' for c in codes)}, one line and one unit."
        return Ruling(
            codes,
            modifiers=tuple((c, "-50") for c in codes),
            units=dict.fromkeys(codes, 1),
            sayings=told,
            verdict=verdict,
            settles=SURE,
        )
    if all(told.value == "3" for told in found.values()):
        verdict = f"Report {spoken(codes)} for each side, with RT and LT or as two units."
        return Ruling(codes, sayings=tuple(sayings), verdict=verdict, settles=SURE)
    none = tuple(c for c, told in found.items() if told.value not in "13")
    return Ruling(
        codes,
        ("-50",),
        sayings=tuple(sayings),
        verdict=f"Report {spoken(codes)} without modifier 50: it does not apply to {spoken(none)}.",
        settles=SURE,
    )


def _side(kind: str) -> str:
    return means("bilateral", kind) if kind != "9" else "the idea of sides does not apply to it"


def component_rule(sheet: Sheet) -> Ruling:
    """26 and TC on a named test, by its PC/TC indicator."""
    signs = {c.code for c in sheet.candidates("named")} & {"-26", "-TC"}
    parts = sheet.said("component")
    wanted = "-TC" if "technical only" in parts or signs == {"-TC"} else "-26"
    if not signs and not parts:
        return Ruling()
    found = {c: told for c, told in told_of(sheet, "pctc").items() if not is_visit(c)}
    if {*sheet.decided} - {*found}:  # what was done leads elsewhere than to what somebody wants
        found = {c: told for c, told in found.items() if c in sheet.decided or not only_of_others(sheet, c)}
    if not found or _decided(sheet, found, wanted):
        return Ruling()
    sayings = [
        Saying("why", f"{c} has the PC/TC indicator {told.value}: {means('pctc', told.value)}.", (told.source, PARTS))
        for c, told in found.items()
    ]
    sayings += gaps(found.values())
    codes = tuple(found)
    split = [c for c, told in found.items() if told.value == "1" or (told.value == "6" and wanted == "-26")]
    if not split:
        verdict = f"Report {spoken(codes)} without modifiers 26 and TC."
        return Ruling(codes, ("-26", "-TC"), sayings=tuple(sayings), verdict=verdict, settles=SURE)
    verdict = f"Report {spoken(f'{c}{wanted}' for c in split)}."
    return Ruling(codes, modifiers=tuple((c, wanted) for c in split), sayings=tuple(sayings), verdict=verdict, settles=SURE)
