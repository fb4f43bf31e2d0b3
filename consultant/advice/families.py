"""What the matched families rule: the decided rows, the units of their add-on codes, or the one question that decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from consultant.advice.cards import gave_verdict
from consultant.advice.claim import names_digit
from consultant.advice.lines import is_on_digits
from consultant.advice.official.edits import is_visit
from consultant.advice.operations.anaesthesia import is_anaesthesia
from consultant.advice.services.minutes import is_timed
from consultant.advice.sheet import Decision, Ruling, Saying, Sheet, sources_of, spoken
from consultant.codebook.choice import Choice
from consultant.codebook.knowledge import COUNTED, MEASURED, Family, Row
from consultant.codebook.table import added
from consultant.vocabulary import Source, System, Topic

MOST_CONDITIONS = 6
#: A row chosen by one of these is reported once, whatever the amount.
AMOUNTS = COUNTED | MEASURED
MOST_DENIALS = 2
_DENIED = re.compile(r"\bden(?:y|ied|ies|ial|ials|ying)\b|\breject(?:ed|s|ion)?\b|\bCO-?\d{1,3}\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:another|other|different|separate|second|two) (?:\w+ )?(?:lesion|spot|site|place|cancer|mole|cyst|wound|cut|leg)s?\b"
    r"|\belsewhere\b",
    re.IGNORECASE,
)
_OF_VISITS = re.compile(r"\b(?:visits?|e ?/? ?m|em|levels?|consult\w*|rounds|exams?|992\d\d|evaluation)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow many\b|\bunits?\b", re.IGNORECASE)


def families_rule(sheet: Sheet) -> Ruling:
    """Every matched family, unless a card that is met as closely reports another code of it."""
    ruling = Ruling()
    by_id = {m.id: m.score for m in sheet.findings.matches}
    timed = {c.code for c in sheet.findings.candidates if "minutes" in c.facts and is_timed(sheet, c.code)}
    asks = _HOW_MANY.search(sheet.findings.question.text)
    counted = {c.code for c in sheet.findings.candidates if not is_anaesthesia(c.code)} if asks else set()
    inside = _included(sheet)
    for decision in sheet.decisions:
        family = decision.family
        if family.id in inside:
            refused = tuple(row.code for row in decision.rows if row.code and row.code not in ruling.report)
            ruling = replace(ruling, refuse=(*ruling.refuse, *refused))
            continue
        codes = {row.code for row in family.row if row.code}
        decided = {row.code for row in decision.rows}
        rivals = [card for card in sheet.cards if codes & set(card.report) and by_id[card.id] + 0.1 >= by_id[family.id]]
        if any(not decided & set(card.report) for card in rivals):
            ruling = _joined(ruling, _told(family))
        else:
            own = family_ruling(decision, counted=counted - timed)
            settled = own.ask and (_elsewhere(sheet, decision) or _beside_the_point(sheet, decision))
            ruling = _joined(ruling, replace(own, ask="") if settled else own)
        ruling = _joined(ruling, Ruling(sayings=denials_told(family, sheet.findings.question.text)))
    return replace(ruling, units={**ruling.units, **_lesions_of_one_code(sheet)})


def _lesions_of_one_code(sheet: Sheet) -> dict[str, int]:
    """Lesions that are services of their own and have one code: the code's units are their number."""
    codes = Counter(row.code for one in sheet.decisions if one.family.each for row in one.rows if row.code)
    return {code: n for code, n in codes.items() if n > 1}


def _elsewhere(sheet: Sheet, decision: Decision) -> bool:
    """Has another family decided on a code that this one leaves open? Then its question is answered."""
    open_codes = {decision.family.row[place].code for place in decision.choice.open}
    others = (row.code for other in sheet.decisions if other.family is not decision.family for row in other.rows)
    return any(code in open_codes for code in others if code)


def _beside_the_point(sheet: Sheet, decision: Decision) -> bool:
    """Would the answer to the family's question change nothing that the letter asks?

    So where a card has ruled on a letter that wants no code; where a place such as the emergency room, or a stay of which a
    card only explains how it is paid, brings a visit that the letter does not speak of; and where a letter on services only
    tells a diagnosis.
    """
    codes = [row.code for row in decision.family.row if row.code]
    others = [other for other in sheet.decisions if other.family is not decision.family and other.rows]
    holds = bool(sheet.lines or sheet.loose or sheet.refused)
    unnamed = "procedure code" in sheet.asked and not (sheet.lines or sheet.loose)
    wants_code = sheet.findings.topics[0] is Topic.CODE_LOOKUP or "which code" in sheet.asked or unnamed
    if holds and not wants_code and gave_verdict(sheet):
        return True
    if (holds or others or gave_verdict(sheet)) and all(map(is_visit, codes)):
        return not _OF_VISITS.search(sheet.findings.question.text)
    if "diagnosis code" in sheet.asked or not any(row.code not in codes for other in others for row in other.rows):
        return False
    return decision.family.leads_to <= {System.ICD10CM}


def _included(sheet: Sheet) -> set[str]:
    """The families whose work is part of another one's, unless the letter tells of another place."""
    if _ELSEWHERE.search(sheet.findings.question.text):
        return set()
    return {name for decision in sheet.decisions if decision.choice.decided for name in decision.family.includes}


def denials_told(family: Family, text: str) -> tuple[Saying, ...]:
    """What to do about the denial that the letter tells of: those whose words stand in it, else the family's most common one."""
    if not family.denials or not _DENIED.search(text):
        return ()
    lower = text.lower()
    named = [denial for denial in family.denials if any(words.lower() in lower for words in denial.words)]
    told = named or [denial for denial in family.denials if not denial.words][:1]
    return tuple(Saying("why", f"{denial.says} {denial.do}", sources_of(family.source)) for denial in told[:MOST_DENIALS])


def family_ruling(decision: Decision, *, counted: Collection[str] = ()) -> Ruling:
    """The codes of the decided rows with their arithmetic; for open rows the family's question and the conditional answers.

    `counted`: codes of a letter that asks how many, so that a code that is reported once says so.
    """
    (family, facts, choice), rows = decision, decision.rows
    stands_on = sources_of(family.source)
    report: dict[str, None] = {}
    units: dict[str, int] = {}
    sayings = [Saying("why", family.why, stands_on)]
    sayings += [
        Saying("why", f"{words_of(name[:-2]).removesuffix(' is').capitalize()}: {worked} = {facts[name[:-2]]}.", stands_on)
        for name, worked in facts.items()
        if name.endswith(" =") and name[:-2] in facts
    ]
    for row in rows:
        if row.note:
            sayings.append(Saying("why", row.note, stands_on))
        if row.code:
            report |= dict.fromkeys((row.code, *row.also))
            extra, text = _addon(row, facts)
            report |= dict.fromkeys(extra)
            units |= extra
            if extra or row.code in counted or AMOUNTS & set(row.when) & set(facts):
                units = dict.fromkeys((row.code, *row.also), 1) | units
            sayings += [Saying("why", text, stands_on)] if text else []
    sayings += _conditions(family, choice, stands_on=stands_on)
    sayings += [Saying("change", text, stands_on) for text in family.instead[:3]]
    sayings += [Saying("change", d.told, stands_on) for d in family.differs]
    sayings += [Saying("document", text, stands_on) for text in family.document[:3]]
    marks = _marks(family, facts)
    modifiers = tuple((row.code, sign) for row in rows if row.code for sign in (*row.modifiers, *_fitting(marks, row.code)))
    asks = bool(choice.missing) and (bool(choice.open) or not report)
    verdict = f"Report {spoken(report)}." if report else rows[0].note if rows else ""
    return Ruling(tuple(report), (), modifiers, units, tuple(sayings), "" if asks else verdict, family.ask if asks else "")


def _marks(family: Family, facts: Mapping[str, str]) -> list[str]:
    """The modifiers that the facts put on every line of the family, such as the side's."""
    told = [(marks, value) for name, marks in family.marks.items() for value in facts.get(name, "").split("|")]
    return [marks[value] for marks, value in told if value in marks]


def _fitting(marks: list[str], code: str) -> list[str]:
    """The marks without a finger or toe on what is done to neither."""
    return [mark for mark in marks if not names_digit(mark) or is_on_digits(code)]


def _addon(row: Row, facts: Mapping[str, str]) -> tuple[dict[str, int], str]:
    """The add-on code's units for what goes beyond the base, and the arithmetic in a sentence."""
    if row.adds is None or row.adds.over not in facts:
        return {}, ""
    try:
        amount = float(facts[row.adds.over])
    except ValueError:
        return {}, ""
    units = added(row.adds, amount)
    if row.adds.code == row.code:  # a code that is counted, such as a drug by the milligram
        total = units + (1 if row.adds.beyond else 0)
        return {row.adds.code: total}, f"{row.code} × {total}: {row.adds.over} {amount:g}, {row.adds.per:g} to a unit."
    unit = {"area_sq_cm": "sq cm", "minutes": "minutes"}.get(row.adds.over, "")
    beyond = amount - row.adds.beyond
    each = f"one {row.adds.code} for each {row.adds.per:g}"
    text = f"{amount:g} {unit} less the first {row.adds.beyond:g} leaves {beyond:g}; {each}: {units}."
    return ({row.adds.code: units}, " ".join(text.split())) if units else ({}, "")


def _conditions(family: Family, choice: Choice, stands_on: tuple[Source, ...]) -> list[Saying]:
    """The conditional answers: "If depth is bone: 11044." Rows that lead to the same code are one answer."""
    by_code: dict[str, list[dict[str, str]]] = {}
    for row in (family.row[place] for place in choice.open):
        if row.code:
            by_code.setdefault(row.code, []).append({name: row.when[name] for name in choice.missing if name in row.when})
    sayings = []
    for code, told in list(by_code.items())[:MOST_CONDITIONS]:
        # Of a code with several rows only what they have in common matters.
        common = {name: cell for name, cell in told[0].items() if all(other.get(name) == cell for other in told)} or told[0]
        if common:
            words = " and ".join(f"{words_of(name)} {range_of(cell)}" for name, cell in common.items())
            sayings.append(Saying("change", f"If {words}: {code}.", stands_on))
    if len(by_code) > MOST_CONDITIONS:
        sayings.append(Saying("change", f"{len(by_code) - MOST_CONDITIONS} more codes of this family are possible.", stands_on))
    return sayings


def words_of(dimension: str) -> str:
    return {"size_cm": "size in cm is", "area_sq_cm": "area in sq cm is", "age": "age is"}.get(
        dimension, f"{dimension.replace('_', ' ')} is"
    )


def range_of(cell: str) -> str:
    """A cell of a table in words: "8..22" → "8 to 22", "53.." → "53 or more"."""
    low, dots, high = cell.partition("..")
    if not dots:
        return cell.replace("|", " or ")
    return f"{low} to {high}" if low and high else f"{low} or more" if low else f"up to {high}"


def _told(family: Family) -> Ruling:
    return Ruling(sayings=(Saying("why", family.why, sources_of(family.source)),))


def _joined(one: Ruling, other: Ruling) -> Ruling:
    """Both together; of units those of the first, unless it has one where the other has counted."""
    report = tuple(dict.fromkeys((*one.report, *other.report)))
    verdict = f"Report {spoken(report)}." if one.report and other.report else one.verdict or other.verdict
    return Ruling(
        report,
        (*one.refuse, *other.refuse),
        (*one.modifiers, *other.modifiers),
        {**other.units, **{code: n for code, n in one.units.items() if n > 1 or other.units.get(code, 1) == 1}},
        (*one.sayings, *other.sayings),
        verdict,
        one.ask or other.ask,
    )
