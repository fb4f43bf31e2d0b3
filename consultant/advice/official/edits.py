"""NCCI's procedure pairs among the codes of the answer and of the letter: what is paid, and whether a modifier is right.

Indicator 0: no modifier helps. Indicator 1: the letter's facts decide. Distinct services earn a modifier on the column 2 code,
the same service does not, and where the letter is silent the answer stays conditional.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from consultant.advice.official.files import named, pair_release, pairs, procedures, schedule
from consultant.advice.sheet import Ruling, Saying, Sheet, release_source, spoken
from consultant.codebook.edits import Edit
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Source, Topic

MEANING = {
    0: "no modifier helps, and the column 2 code is not paid beside it",
    1: "a modifier such as 59 or an X modifier on the column 2 code is right only when the services were distinct",
}
VISIT_MEANING = "modifier 25 on the visit, or 57 before a major operation, is right only when the visit had work of its own"
RULE = Source(
    "ncci-manual-1", "NCCI Policy Manual for Medicare Services, 2025", "2025-01-01", "chapter 1, modifiers and NCCI edits"
)
GLOBAL = Source("cms-claims-manual-12-40", "Medicare Claims Processing Manual, chapter 12", "2025-01-01", "§40.1 to §40.4")
SURE, LIKELY = 0.9, 0.8
MOST_ASKED = 4  # codes of a letter that asks whether they go together; more are a claim to look at, and no such question

#: What makes two services distinct → the X modifier that says so, and the words for it.
DISTINCT = {
    "other session": ("XE", "another session"),
    "other practitioner": ("XP", "another practitioner"),
    "other side": ("XS", "the other side"),
    "other site": ("XS", "another site"),
    "other compartment": ("XS", "another compartment"),
    "other minutes": ("XU", "minutes of its own"),
}
SAME = {"same side": "side", "same site": "site", "same compartment": "compartment", "same minutes": "minutes"}
#: What the letter says against a second service outranks a card that speaks of the two codes in general.
_AGAINST = frozenset({*SAME, "visit only for the procedure"})
_CONTRARY = {f"{one} {what}": f"{other} {what}" for one, other in (("same", "other"), ("other", "same")) for what in (
    "side", "site", "session", "compartment", "practitioner", "minutes")}  # fmt: skip
#: A word with a capital: "Misuse of Column Two code", but not CPT.
_CAPITAL = re.compile(r"\b[A-Z][a-z]+")
_CODE = r"(?:\d{4}[0-9A-Z]|[A-Z]\d{4})"
_WRITTEN = re.compile(_CODE)
#: Codes with "or" before the last: at most a dozen, so that a letter full of codes takes no longer.
_OR_LIST = re.compile(rf"\b{_CODE}(?:, ?{_CODE}){{0,12}},? (?:or|vs\.?|versus) {_CODE}\b", re.IGNORECASE)
#: Whoever asks whether two codes are bundled is told with which modifier they are not.
_OF_BUNDLING = re.compile(r"\b(?:un)?bundl\w{1,4}\b|\bncci\b|\bcci\b|\bedits?\b", re.IGNORECASE)
ASK = "Were the two services distinct: another side, site, session, compartment or practitioner, or minutes of their own?"
ASK_VISIT = "Did the visit hold significant work of its own, beyond the usual preparation and aftercare of the procedure?"


def asked_edits_rule(sheet: Sheet) -> Ruling:
    """The pairs among the codes that the letter names: what they say, and what they decide."""
    codes = [code for code in procedures(sheet) if code in named(sheet)]
    return _checked(sheet, codes)


def edits_rule(sheet: Sheet) -> Ruling:
    """The same with the codes of the answer, when it holds others than the letter names."""
    codes = procedures(sheet)
    return _checked(sheet, codes) if set(codes) - set(named(sheet)) else Ruling()


def _checked(sheet: Sheet, codes: list[str]) -> Ruling:
    release = pair_release(sheet)
    if len(codes) < 2 or release is None:
        return Ruling()
    source, gap = release
    unchecked = (Saying("unchecked", gap, (source,)),) if gap else ()
    found = pairs(sheet, codes)
    if not found:
        return _none(sheet, codes, source, unchecked)
    told = tuple(Saying("check", _told(edit), (release_source(sheet.book, edit.source),)) for edit in found)
    ruling = next((r for edit in found if (r := _ruled(sheet, edit)) != Ruling()), Ruling())
    ruling = _with_others(sheet, ruling, found) if ruling.verdict else ruling
    return replace(ruling, sayings=(*ruling.sayings, *told, *unchecked))


def _with_others(sheet: Sheet, ruling: Ruling, found: Sequence[Edit]) -> Ruling:
    """With the codes that the letter names besides, which no pair binds: who asks for three is told of three."""
    paired = {code for edit in found for code in (edit.column1, edit.column2)}
    mine = [code for code in named(sheet) if code in procedures(sheet)]
    others = [code for code in mine if code not in paired and _may_stand(sheet, code)] if len(mine) <= MOST_ASKED else []
    if not others:
        return ruling
    verdict = (
        f"{ruling.verdict} {spoken(others)} besides: no NCCI pair joins {'it' if len(others) == 1 else 'them'} to the others."
    )
    return replace(ruling, report=(*ruling.report, *others), verdict=verdict)


def _may_stand(sheet: Sheet, code: str) -> bool:
    return (
        code not in sheet.refused and not _led_elsewhere(sheet, code) and bool(sheet.book.record(code) or schedule(sheet, code))
    )


def _none(sheet: Sheet, codes: list[str], source: Source, unchecked: tuple[Saying, ...]) -> Ruling:
    """No pair: both may be reported, when the letter asks about two codes that somebody knows."""
    on = sheet.findings.on.isoformat()
    text = f"No NCCI procedure pair for practitioners joins {spoken(codes)} on {on}, by the edits in this book."
    sayings = (Saying("check", text, (source,)), *unchecked)
    mine = [code for code in named(sheet) if code in codes]
    if not 2 <= len(mine) <= MOST_ASKED or not _asks(sheet) or _carded(sheet, mine):
        return Ruling(sayings=sayings)
    known = {*sheet.decided} & set(mine)  # that the facts lead to one of two is no yes to the other
    if len(known) == 1 or set(mine) <= _choice(sheet) or not all(_may_stand(sheet, code) for code in mine):
        return Ruling(sayings=sayings)
    why = f"{spoken(mine)} are not bundled with one another; each stands on its own documentation."
    verdict = f"Report {spoken(mine)}: no NCCI pair joins them."
    return Ruling(tuple(mine), sayings=(Saying("why", why, (source,)), *sayings), verdict=verdict, settles=LIKELY)


def _ruled(sheet: Sheet, edit: Edit) -> Ruling:
    """What one pair makes of the answer, unless a card has looked at the very codes."""
    both = [edit.column1, edit.column2]
    asked = _asks(sheet) and set(both) <= set(named(sheet)) and not set(both) <= _choice(sheet)
    if not (asked or set(both) <= set(sheet.lines)) or edit.column1 in sheet.refused or sheet.facts("since_surgery"):
        return Ruling()  # or days apart: a pair binds one day
    refused = any(set(both) & set(card.do_not_report) for card in sheet.cards)
    # A card that reports the two of them, as of one knee's menisci, knows of the one side.
    against = _AGAINST - {"same side"} if any(set(both) <= set(card.report) for card in sheet.cards) else _AGAINST
    if refused or (_carded(sheet, both) and not relations(sheet) & against):
        return Ruling()
    if not is_visit(edit.column2) and (lesser := _passed_over(sheet, both)):
        return Ruling(refuse=tuple(lesser))
    source = release_source(sheet.book, edit.source)
    if edit.indicator == 0:
        text = f"Indicator 0: {edit.column2} is part of {edit.column1} on the same day; no modifier changes that."
        return Ruling(
            (edit.column1,),
            sayings=(Saying("why", text, (source, RULE)),),
            verdict=f"Report {edit.column1}, not {edit.column2}: the pair has indicator 0, so no modifier helps.",
            withdraw=(edit.column2,),
            settles=SURE,
        )
    if not asked:
        return Ruling()
    return _visit(sheet, edit, source) if is_visit(edit.column2) else _distinct(sheet, edit, source)


def _distinct(sheet: Sheet, edit: Edit, source: Source) -> Ruling:
    """Indicator 1: do the facts of the letter make the services distinct?"""
    one, two = edit.column1, edit.column2
    related = relations(sheet)
    reasons = [DISTINCT[r] for r in DISTINCT if r in related]
    same = [SAME[r] for r in SAME if r in related]
    if reasons:
        sign, words = reasons[0]
        text = f"The letter tells of {words}, so the services were distinct: modifier 59 on {two}, or {sign}, which says more."
        text += " The record must show it."
        sayings = (Saying("why", text, (source, RULE)), *_sides(sheet, related))
        return Ruling((one, two), modifiers=((two, "-59"),), sayings=sayings, verdict=f"Report {one} and {two}-59.", settles=SURE)
    asks_how = _asks_how(sheet)
    if (same or not asks_how) and two in sheet.decided and one not in sheet.decided:
        return Ruling((two,), refuse=(one,))
    if same:
        text = f"The letter tells of the same {spoken(same)}, so {two} is part of {one} and a modifier would be wrong."
        verdict = f"Report {one}, not {two}: the same {spoken(same)} makes them one service."
        return Ruling(
            (one,), sayings=(Saying("why", text, (source, RULE)),), verdict=verdict, withdraw=(two, "-59"), settles=SURE
        )
    text = f"{one} is paid. {two} is paid beside it only with modifier 59 (or XE, XS, XP, XU), and only when the record shows "
    text += "that the services were distinct."
    if not asks_how and not {one, two} <= {*sheet.decided}:
        return _part_of(sheet, edit, text, source)
    change = f"Same side, site, session and practitioner: {one} alone."
    return Ruling(
        (one, two),
        modifiers=((two, "-59"),),
        sayings=(Saying("why", text, (source, RULE)), Saying("change", change, (RULE,))),
        verdict=f"Report {one}; {two}-59 only when the services were distinct.",
        ask=ASK,
        settles=LIKELY,
    )


def _part_of(sheet: Sheet, edit: Edit, text: str, source: Source) -> Ruling:
    """The letter asks whether the second code may be billed too, and tells of nothing that makes it distinct."""
    one, two = edit.column1, edit.column2
    if sheet.decided and one not in sheet.decided:
        return Ruling(refuse=(one, two))
    return Ruling(
        (one,),
        sayings=(Saying("why", text, (source, RULE)),),
        verdict=f"Report {one}, not {two}, unless the services were distinct.",
        withdraw=(two, "-59"),
        ask=ASK,
        settles=LIKELY,
    )


def _passed_over(sheet: Sheet, codes: list[str]) -> list[str]:
    """Those of two codes of one family that the letter's facts don't lead to, where they lead to one of its codes.

    "Five views of a hand, 73120 along with 73130?": no pair of codes says what was done, the table of the family does.
    """
    for decision in sheet.decisions:
        led = {row.code for row in decision.rows if row.code}
        if led and not decision.choice.open and set(codes) <= {row.code for row in decision.family.row}:
            return [code for code in codes if code not in led]
    return []


def _choice(sheet: Sheet) -> set[str]:
    """The codes among which the letter asks for one: "27278, 27279 or 27280?" asks of no pair."""
    lists = _OR_LIST.findall(sheet.findings.question.text)
    return {code for told in lists for code in _WRITTEN.findall(told.upper())}


def _led_elsewhere(sheet: Sheet, code: str) -> bool:
    """Does a family that knows the code lead to others by the letter's facts, or count it by itself?"""
    return any(
        code in _held(decision.family) - {row.code for row in decision.rows}
        for decision in sheet.decisions
        if decision.rows and not decision.choice.open
    )


def _held(family: Family) -> set[str | None]:
    """The codes of a family, with the add-on codes that it counts."""
    return {row.code for row in family.row} | {row.adds.code for row in family.row if row.adds}


def _asks_how(sheet: Sheet) -> bool:
    """Does the letter ask with which modifier both are paid, or whether they are bundled, or tell that one was denied?"""
    asked = sheet.findings.question
    return (
        sheet.about(Topic.MODIFIER)
        or bool(sheet.facts("denied_for") or _OF_BUNDLING.search(asked.text))
        or any(code.denied for code in asked.codes)
    )


def _sides(sheet: Sheet, related: set[str]) -> tuple[Saying, ...]:
    text = "Where the sides differ, RT and LT on the two lines say it too, and many payers want those first."
    return (Saying("change", text, (RULE,)),) if "other side" in related else ()


def _visit(sheet: Sheet, edit: Edit, source: Source) -> Ruling:
    """A visit in column 2: 25 beside a minor procedure, 57 when it held the decision for a major one, else it is part of it."""
    one, two = edit.column1, edit.column2
    row = schedule(sheet, one)
    major = bool(row and row.fee.indicators["global_days"] == "090")
    sign = "57" if major else "25"
    related = relations(sheet)
    stands_on = (source, GLOBAL, *((row.source,) if row else ()))
    supported = "decision for surgery" in related if major else "separate visit work" in related
    if "visit only for the procedure" in related and not supported:
        text = f"The patient came for the procedure alone: the usual look before and after it is part of {one}, not {two}."
        verdict = f"Report {one}, not {two}: the visit was part of the procedure."
        return Ruling(
            (one,), sayings=(Saying("why", text, stands_on),), verdict=verdict, withdraw=(two, f"-{sign}"), settles=SURE
        )
    need = "it held the decision for the operation" if major else "it held significant work of its own"
    text = f"{two} beside {one} takes modifier {sign}, not 59, and only when {need}; deciding on a minor procedure is part of it."
    text = f"{two} beside {one}, which has a global period of 90 days, takes modifier 57 when {need}." if major else text
    verdict = f"Report {one} and {two}-{sign}." if supported else f"Report {one}; {two}-{sign} only when {need}."
    return Ruling(
        (one, two),
        modifiers=((two, f"-{sign}"),),
        sayings=(Saying("why", text, stands_on),),
        verdict=verdict,
        ask="" if supported else ASK_VISIT,
        settles=SURE if supported else LIKELY,
    )


def relations(sheet: Sheet) -> set[str]:
    """How the letter says the services stand to one another; "not the same site" is another site."""
    facts = [f for f in sheet.findings.question.facts if f.dimension == "relation"]
    return {_CONTRARY.get(str(f.value), "") if f.negated else str(f.value) for f in facts} - {""}


def is_visit(code: str) -> bool:
    """An evaluation and management service, or one of the eye visits."""
    return len(code) == 5 and code.isdigit() and ("99202" <= code <= "99499" or "92002" <= code <= "92014")


def _asks(sheet: Sheet) -> bool:
    return "pair" in sheet.asked or sheet.about(Topic.NCCI) or sheet.about(Topic.MODIFIER)


def _carded(sheet: Sheet, codes: list[str]) -> bool:
    """Does a matched card rule on one of the codes?"""
    ruled = {code for card in sheet.cards for code in (*card.report, *card.do_not_report, *card.when.all_codes, card.on or "")}
    return bool(ruled & set(codes))


def _told(edit: Edit) -> str:
    meaning = VISIT_MEANING if edit.indicator == 1 and is_visit(edit.column2) else MEANING[edit.indicator]
    return (
        f"NCCI procedure pair: column 1 {edit.column1}, column 2 {edit.column2}, modifier indicator {edit.indicator} "
        f"({meaning}); its reason: {_CAPITAL.sub(lambda word: word[0].lower(), edit.rationale) or 'not told'}."
    )
