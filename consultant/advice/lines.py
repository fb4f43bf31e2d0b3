"""What the lines of the answer still want when their codes stand: the side, the digit, modifiers that fit, and the one unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.advice.bearers import with_addons
from consultant.advice.official.edits import is_visit
from consultant.advice.official.files import indicator, most_units
from consultant.advice.operations.indicators import PAIRED, means
from consultant.advice.sheet import Ruling, Saying, Sheet, is_both, record_source, spoken
from consultant.advice.sides.told import is_after_other_side, is_of_two_parts, sides_of_today
from consultant.advice.sides.two import one_side_each
from consultant.vocabulary import Source, System, Topic

#: Modifiers that say on which side, or on which part of it, a thing was done.
_SIDES = ("-50", "-RT", "-LT", "-E", "-F", "-T")
SURE = 0.8
_OF_RULES = frozenset({Topic.COVERAGE, Topic.PAYMENT, Topic.COMPLIANCE})
#: Whoever is told a rule and asks what then stands on the claim wants the line whole.
_GOES_OUT = re.compile(
    r"\bwhat (?:then )?(?:goes|should go|is|belongs|stays|do (?:i|we) (?:put|send)) (?:out|in|on the (?:claim|bill)|then)\b"
    r"|\bhow (?:do|should) (?:i|we) (?:bill|code|send) (?:it|this|them|these)\b",
    re.IGNORECASE,
)
SIDE = {"left": "-LT", "right": "-RT", "each": "-50"}
_STOP = re.compile(r"[.?!;\n](?:\s|$)")
#: Operations on nails, fingers and toes, and injections of their joints.
_ON_DIGITS = re.compile(r"117[3-6]\d|26\d{3}|28\d{3}|20550|2060[04]|73140|73660|L39\d\d")
_LEFT_DIGITS = frozenset(f"-{limb}{at}" for limb in "FT" for at in "A1234")
#: Modifier → the column of the fee schedule that speaks of it, and the values that let it stand.
_WANTS = {
    "-50": ("bilateral", ("1", "3")),
    "-26": ("pctc", ("1", "6")),
    "-TC": ("pctc", ("1",)),
    "-62": ("cosurgeon", ("1", "2")),
}
#: Behind a count: each of them was done.
_EACH = re.compile(r"[^.?!;]{0,60}?\b(?:each|both|every one|all (?:two|three|four|five|six|[2-6])) (?!other\b)", re.IGNORECASE)
#: Waived tests that are claimed without QW.
_WAIVED_WITHOUT = frozenset({"81002", "81025", "82270", "82272", "82962", "83026", "84830", "85013", "85651"})
#: "We have only a certificate of waiver", "CLIA-waived lab".
_WAIVER = re.compile(
    r"\bcertificate of waiver\b|\bwaiver certificate\b|\bclia[- ]waive\w{1,2}\b|\bwaived (?:\w{2,12} )?(?:lab|test|kit)|\bqw\b",
    re.IGNORECASE,
)
WAIVED = Source(
    "cms-new-waived-tests", "MLN Matters: New Waived Tests (CR 11747)", "2020-07-01", "tests that need QW, and those that don't"
)
#: The adjudication indicators of an edit by the day; that of 1 is by the line, and another line may follow.
_DAILY = frozenset({2, 3})


def is_on_digits(code: str) -> bool:
    """May what a code stands for be done on a finger or toe?"""
    return bool(_ON_DIGITS.match(code))


def line_sides_rule(sheet: Sheet) -> Ruling:
    """50 for both sides of a decided procedure whose indicator allows it; RT or LT for one, line by line."""
    said = sides_of_today(sheet)
    once = [code for code, held in sheet.lines.items() if not _sided(held) and not _per_limb(sheet, code)]
    sides = {code: source for code in once if (source := _twofold(sheet, code))}
    days = len(sheet.facts("date") + sheet.facts("date_of_service"))
    apart = sheet.said("relation") & {"other session"} or (days > 1 and not is_after_other_side(sheet))
    if digits := bool(sheet.facts("digit")):  # fingers and toes have modifiers of their own, and another line its side
        beside = any(map(is_on_digits, sheet.lines))
        free = {code for code in sides if not is_on_digits(code) or _of_other_side(sheet, code)}
        sides = {code: source for code, source in sides.items() if beside and code in free}
    marked = {*sheet.refused, *sheet.loose} & {"-50", "-RT", "-LT"} and not any(_flank_of(sheet, code) for code in sides)
    if apart or marked or not sides or not said:
        return Ruling()
    apiece = one_side_each(sheet)
    parted = bool(apiece) or is_of_two_parts(sheet)
    if not digits and not parted and _is_one_service(sheet, [*sides], said) and is_both(said):
        text = f"The bilateral indicator of {spoken(sides)} allows 50: both sides on one line, one unit."
        told = (Saying("why", text, (next(iter(sides.values())), PAIRED)),)
        return Ruling(modifiers=tuple((one, "-50") for one in sides), units=dict.fromkeys(sides, 1), sayings=told)
    if not wants_marks(sheet):
        return Ruling()
    said_of = {code: _flank_of(sheet, code) or apiece.get(code) or _side_of(sheet, code, said) for code in sides}
    signs = {code: sign for code, side in said_of.items() if (sign := SIDE.get(side, ""))}
    sayings = tuple(
        Saying("why", f"{code} was done on {'both sides' if sign == '-50' else 'one side'}: {sign[1:]} says so.", (sides[code],))
        for code, sign in signs.items()
    )
    return Ruling(modifiers=tuple(signs.items()), sayings=sayings)


def wants_marks(sheet: Sheet) -> bool:
    """Whoever asks whether it is covered, paid or allowed asks for no side and no digit, unless for a modifier too."""
    return (
        sheet.findings.topics[0] not in _OF_RULES
        or sheet.about(Topic.MODIFIER)
        or bool(_GOES_OUT.search(sheet.findings.question.text))
    )


def _flank_of(sheet: Sheet, code: str) -> str:
    """The side under whose heading the letter tells the work of this line; "each" where it is told under both."""
    told = {
        decision.facts["side"]
        for decision in sheet.decisions
        if "side" in decision.facts and "side" not in decision.family.decides and any(code in row.codes for row in decision.rows)
    }
    return "each" if len(told) > 1 else next(iter(told), "")


def _side_of(sheet: Sheet, code: str, said: set[str]) -> str:
    """The one side that the letter tells; of two the one that is told nearest to the words of this line, in their sentence."""
    if len(said) == 1:
        return next(iter(said))
    text = sheet.findings.question.text
    words = [span for c in sheet.candidates("family", "keyword") if c.code == code for span in c.spans_of()]
    ranked = sorted(
        (max(word.start - fact.span.end, fact.span.start - word.end, 0), str(fact.value))
        for word in words
        for fact in sheet.facts("side")
        if word.where == fact.span.where == "text"
        and not _STOP.search(text, min(word.end, fact.span.end), max(word.start, fact.span.start))
    )
    return ranked[0][1] if ranked else ""


def _is_one_service(sheet: Sheet, codes: list[str], said: set[str]) -> bool:
    """Is the side told of one operation, or of it and its add-ons, all done on both sides?"""
    return bool(said) and (len(codes) == 1 or ("bilateral" in said and with_addons(sheet, codes)))


def digits_rule(sheet: Sheet) -> Ruling:
    """Fingers and toes that the letter names, on the one line that is done on them: FA to F9, TA to T9."""
    signs = tuple(sorted({str(fact.value) for fact in sheet.facts("digit")}))
    on = [code for code, held in sheet.lines.items() if _ON_DIGITS.match(code) and (not _sided(held) or {*held} & {*signs})]
    on = [code for code in on if not _of_other_side(sheet, code)]
    if not signs or not (wants_marks(sheet) or len(signs) > 1):
        return Ruling()
    source = record_source(sheet.book, signs[0])
    if len(on) == 2 and on[0] in sheet.book.addon_parents(on[1]):
        shared = tuple((on[min(at, 1)], sign) for at, sign in enumerate(signs))
        told = Saying("why", f"The first digit is {on[0]}, each further one {on[1]}; the modifier says which.", (source,))
        others = tuple((on[0], sign) for sign in signs[1:])
        further = len(signs) - 1
        # "Both big toes and the left second toe" are three, not the two of "both".
        counts = further > sheet.units.get(on[1], further)
        return Ruling(modifiers=shared, units={on[1]: further}, sayings=(told,), unmark=others, counts=counts)
    if not on and sheet.about(Topic.MODIFIER) and len(signs) == 1:
        told = Saying("why", f"{signs[0][1:]} says which digit, in the place of a side.", (source,))
        return Ruling(signs, sayings=(told,), settles=SURE)
    if len(on) > 1 and len(signs) > 1:
        return _in_their_order(sheet, on)
    if not on:
        return Ruling()
    text = f"{on[0]} was done on {len(signs)} digits: a line for each." if len(signs) > 1 else f"{signs[0][1:]} says which digit."
    return Ruling(
        modifiers=tuple((code, sign) for code in on for sign in signs),
        units={on[0]: len(signs)} if len(on) == 1 else {},
        sayings=(Saying("why", text, (source,)),),
        counts=len(on) == 1 and len(signs) > 1,
    )


def _of_other_side(sheet: Sheet, code: str) -> bool:
    """Has the work of this line a side of its own, on which the letter tells no digit?"""
    side = one_side_each(sheet).get(code, "")
    return bool(side) and not any((str(f.value) in _LEFT_DIGITS) is (side == "left") for f in sheet.facts("digit"))


def _in_their_order(sheet: Sheet, on: Sequence[str]) -> Ruling:
    """ "The left big toe …, the right second toe …: 11762 and 11730": as many digits as named codes, each with its own."""
    signs = [str(fact.value) for fact in sheet.facts("digit")]
    named = [*dict.fromkeys(one.code for one in sheet.findings.question.codes if one.code in on)]
    if len({*signs}) != len(signs) or len(signs) != len(on) or {*named} != {*on}:
        return Ruling()
    told = Saying("why", "Each digit is told with its own procedure.", (record_source(sheet.book, signs[0]),))
    return Ruling(modifiers=tuple(zip(named, signs, strict=True)), sayings=(told,))


def fitting_modifiers_rule(sheet: Sheet) -> Ruling:
    """A modifier that the code's own indicator rules out goes from its line, and the letter says why. A diagnosis takes none."""
    if sheet.lines and all(sheet.systems.get(code) is System.ICD10CM for code in sheet.lines):
        return Ruling(unmark=tuple(("", sign) for sign in sheet.loose))
    held = [(code, sign) for code, signs in sheet.lines.items() for sign in signs if sign in _WANTS]
    if len(sheet.lines) == 1:
        held += [("", sign) for sign in sheet.loose if sign in _WANTS]
    unfit: list[tuple[str, str]] = []
    sayings: list[Saying] = []
    for code, sign in held:
        if sign == "-50" and not (sheet.for_medicare or sheet.findings.question.payer == "medicare advantage"):
            continue  # the indicator is Medicare's; others pay both sides of a code that is told of one
        on = code or next(iter(sheet.lines))
        column, allowed = _WANTS[sign]
        told = indicator(sheet, on, column)
        if told and told.value not in allowed:
            unfit.append((code, sign))
            sayings.append(Saying("why", f"{on} takes no {sign[1:]}: {means(column, told.value)}.", (told.source,)))
    return Ruling(unmark=tuple(unfit), sayings=tuple(sayings))


def _sided(modifiers: list[str]) -> bool:
    return any(m.startswith(_SIDES) and m != "-TC" for m in modifiers)


def _per_limb(sheet: Sheet, code: str) -> bool:
    """Is it an add-on that is counted already: one unit a limb, and no sign for both?"""
    return sheet.units.get(code, 1) > 1 and bool(sheet.book.addon_parents(code))


def _twofold(sheet: Sheet, code: str) -> Source | None:
    """Where it stands that the code may be done on both sides of the body (indicator 1 or 3); None when it may not."""
    told = indicator(sheet, code, "bilateral")
    return told.source if told and told.value in _WANTS["-50"][1] else None


def once_rule(sheet: Sheet) -> Ruling:
    """A service that is counted neither by time nor by what one unit holds is reported once, unless something says how often.

    Anaesthesia is left out: its units are base units and time. What Medicare allows once a day is once, whatever is counted, and
    so is the first service whose add-ons are counted.
    """
    many = any(float(f.value) > 1 for d in ("count", "levels", "units") for f in sheet.facts(d))
    uncounted = [code for code in (*_services(sheet), *_devices(sheet)) if code not in sheet.units]
    first = {parent for code in sheet.units if code in sheet.lines for parent in sheet.book.addon_parents(code)}
    once = [code for code in uncounted if code in first or _at_most_one(sheet, code) or (not many and _is_one(sheet, code))]
    return Ruling(units=dict.fromkeys(once, 1))


def _services(sheet: Sheet) -> list[str]:
    """The lines that are services and no anaesthesia: of CPT, or of the G codes."""
    systems = {code: sheet.systems.get(code) for code in sheet.lines if code >= "02000"}
    return [c for c, system in systems.items() if system is System.CPT or (system is System.HCPCS and c.startswith("G"))]


def _devices(sheet: Sheet) -> list[str]:
    """The lines of equipment and braces, which are delivered one by one; what a pair has of is left to the letter."""
    both = is_both(sheet.said("side"))
    return [code for code in sheet.lines if sheet.systems.get(code) is System.HCPCS and code[0] in "EKL" and not both]


def _is_one(sheet: Sheet, code: str) -> bool:
    record = sheet.book.starter(code)
    return is_visit(code) or not {"timed_minutes", "per_unit"} & set(record.facts if record else {})


def _at_most_one(sheet: Sheet, code: str) -> bool:
    """Does a medically unlikely edit that holds for the whole day allow a single unit?"""
    most, indicator, _ = most_units(sheet, code)
    return most == 1 and indicator in _DAILY


def each_rule(sheet: Sheet) -> Ruling:
    """As many units as the letter counts, where each was done and Medicare's edit allows so many: "three toes, each".

    One procedure alone, and none that is done on a side: there the modifier tells.
    """
    counts = [fact for fact in sheet.facts("count") if float(fact.value) > 1]
    codes = _services(sheet)
    text = sheet.findings.question.text
    if len(counts) != 1 or len(codes) != 1 or not _EACH.match(text, counts[0].span.end):
        return Ruling()
    (code,), number = codes, int(float(counts[0].value))
    most, _, source = most_units(sheet, code)
    if code in sheet.units or (most or 0) < number or is_visit(code) or not _is_one(sheet, code) or _twofold(sheet, code):
        return Ruling()
    told = Saying("why", f"{code} × {number}: {counts[0].span.text}, each by itself.", (source,))
    return Ruling(units={code: number}, sayings=(told,))


def waived_rule(sheet: Sheet) -> Ruling:
    """QW on each waived test of a laboratory that has a certificate of waiver, except for the few tests that need none."""
    text = sheet.findings.question.text
    if not _WAIVER.search(text) or "-QW" in sheet.refused:
        return Ruling()
    tests = [code for code in sheet.lines if (record := sheet.book.starter(code)) and record.facts.get("waived")]
    if not tests and (plain := [code for code in sheet.lines if code in _WAIVED_WITHOUT]):
        why = f"{spoken(plain)}: one of the few waived tests that take no QW."
        marks = tuple((code, "-QW") for code in ("", *plain))
        return Ruling(unmark=marks, refuse=("-QW",), sayings=(Saying("why", why, (WAIVED,)),))
    said = tuple(
        Saying("why", f"{code} is a waived test: QW from a laboratory with a certificate of waiver.", (WAIVED,)) for code in tests
    )
    return Ruling(modifiers=tuple((code, "-QW") for code in tests), sayings=said)
