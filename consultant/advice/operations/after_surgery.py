"""A modifier that is asked for on a service in the days after an operation, where no card or family has given one.

What is asked about is the code in the question itself ("modifier on 10060?"). How it stands to the operation the letter tells in
a few ways: planned from the start, a return to the operating room, or another problem, side or lesion.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.lines import SIDE
from consultant.advice.named import is_put_into_global
from consultant.advice.official.edits import GLOBAL, is_visit, relations
from consultant.advice.official.files import global_days, named
from consultant.advice.operations import LONGEST
from consultant.advice.operations.body_parts import is_of_another_part
from consultant.advice.operations.indicators import DAYS, of_relation
from consultant.advice.operations.second import OF_LATER, is_first, is_told_later
from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.advice.sides.told import is_after_other_side, is_of_two_parts, sides_of_today
from consultant.vocabulary import System, Topic

SURE = 0.7
#: An operation lies some days back.
_AFTER = re.compile(
    r"\b(?:inside|within|in|during) (?:the |her |his |a |our )?(?:\w+[- ])?(?:\d\d[- ]?day )?global\b|\b(?:10|90)[- ]day(?:s)? global\b|\bglobal is \d\d days\b|\b(?:in|inside|within) (?:the|her|his|its|those) (?:10|90) days\b"
    r"|\bpost-?op(?:erative)?(?: day| week| month|,? \d)|\b\d{1,2} (?:days?|weeks?|wks?|months?) post-?op"
    r"|\b(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten) (?:days?|weeks?|wks?|months?) (?:after|later|ago|earlier|before|from|out from|following|since)\b"
    r"|\b(?:to|into|of|as|for|because of) (?:(?:the|an?|our|that) )?(?:\w+[- ]){0,2}?global\b"
    r"|\b(?:day|week) (?:\d{1,2}|two|three|four|five|six) (?:she|he|we|they|the|after|post)\b",
    re.IGNORECASE,
)
#: Another problem, part or side than that of the operation.
_OTHER = re.compile(
    r"\bunrelated\b|\bnothing to do with\b|\b(?:other|opposite|another|different|new) (?:\w+ ){0,2}(?:ear|eye|lid|eyelid|knee|hip|shoulder|side|leg|arm|hand|foot|breast|problem|complaint"
    r"|condition|lesion|spot|site|bcc|scc|melanoma|pain|injury|fracture|organ|toe|finger)s?\b",
    re.IGNORECASE,
)
#: Planned when the first operation was.
_PLANNED = re.compile(
    r"\bfrom the (?:start|beginning)\b|\ball along\b|\bstaged\b|\bserial\b|\bsecond stage\b|\bplanned (?:from the start|at the time|return|second|\w+ (?:closure|grafting|revision|re-?look|washout))"
    r"|\b(?:note|plan|report)\b[^.?!]{0,30}\b(?:already )?(?:said|stated|told)\b[^.?!]{0,40}\bwould\b"
    r"|\bas (?:stated|planned|documented|written|noted) in the (?:first|original|initial)\b|\bplanned\b[^.?!]{0,60}\b(?:later|from the start|second)\b|(?<!not )\bplanned(?=[.,;)!])|\bmore extensive\b",
    re.IGNORECASE,
)
_RETURN = re.compile(
    r"\b(?:back|return\w*|took|taken)\b[^.?!]{0,20}\bto (?:the )?(?:or|operating room|surgery)\b|\bunplanned return\b"
    r"|\bre-?(?:opened|explored|operated)\b|\bagain\b[^.?!]{0,20}\b(?:in|to) the (?:or|operating room)\b",
    re.IGNORECASE,
)
_VISIT = re.compile(r"\be/?m\b|\bvisit\b|\b(?:eye )?exam\b", re.IGNORECASE)
_ASKS = re.compile(r"[^.?!]{0,160}\b(?:modifiers?|append)\b[^.?!]{0,160}\?", re.IGNORECASE)
_FOR_PROCEDURE = re.compile(
    r"\bmodifiers? (?:for|on) (?:the|this|that) (?:\w+ )?(?:procedure|removal|excision|operation|surgery|injection|biopsy)\b",
    re.IGNORECASE,
)
_TRIED = frozenset({"-58", "-78", "-79"})  # "denied as global, I had put 78" asks for the right one
_PERIODS = (10.0, 90.0)
#: What is refused of visits and of handing over says nothing of an operation.
_OF_VISITS = frozenset({"-24", "-25", "-54", "-55"})
#: Lines that words on global days bring, where an operation is asked about.
_AFTERCARE = frozenset({"99024", "G0559"})
_OF_DAYS = frozenset({"-24", "-25", "-54", "-55", "-57", "-58", "-76", "-77", "-78", "-79", "-FT", "-53", "-52", "-73", "-74"})


def after_surgery_rule(sheet: Sheet) -> Ruling:
    """24, 58, 78 or 79 on the code that the letter asks the modifier of; nothing where the answer has a modifier of that kind."""
    text = sheet.findings.question.text[:LONGEST]
    if not _is_asked(sheet, text) or not _AFTER.search(text):
        return Ruling()
    target = _asked_code(sheet, text)
    visit = is_visit(target) if target else bool(_VISIT.search(text))
    if target and not visit and is_put_into_global(sheet, target) and (ruling := _of_denied(sheet, text, target)):
        return ruling
    refused = {*sheet.refused} - (_OF_VISITS if target and not visit else set())
    loose = [sign for sign in sheet.loose if sign in OF_LATER]
    if {*sheet.signs, *refused} & _OF_DAYS:
        apart = target and (target not in sheet.lines or is_told_later(sheet, target))
        given = loose if apart and not visit and len(loose) == 1 else []
        return Ruling((target,), modifiers=((target, given[0]),), hold=_others(sheet, target)) if given else Ruling()
    related = _relation(sheet, text, target)
    if not related or not (target or visit):
        return Ruling()
    sign, why = of_relation({related}, visit=visit)
    if not sign:
        return Ruling()
    verdict = f"Report {target}, with modifier {sign}." if target else f"Modifier {sign}: {why}"
    return Ruling(
        (target,) if target else (),
        modifiers=((target, f"-{sign}"), *_later_side(sheet, target)),
        hold=_others(sheet, target),
        sayings=(Saying("why", why, (GLOBAL,)),),
        verdict=verdict,
        settles=SURE if target else 0.0,
    )


def _of_denied(sheet: Sheet, text: str, target: str) -> Ruling | None:
    """An operation that was denied for the days of an earlier one: what words on those days said of visits is not meant."""
    loose = [sign for sign in sheet.loose if sign in OF_LATER]
    related = _relation(sheet, text, target)
    sign, why = of_relation({related}, visit=False) if related else (loose[0][1:], "") if len(loose) == 1 else ("", "")
    of_visits = {other for card in sheet.cards if "-24" in card.report for other in card.do_not_report}
    refused = {f"-{sign}"} & {*sheet.refused}
    if not sign or refused - of_visits:
        return None
    return Ruling(
        (target, *refused),
        modifiers=((target, f"-{sign}"), *_later_side(sheet, target)),
        hold=_others(sheet, target),
        unmark=tuple(("", other) for other in sheet.loose if other in _OF_DAYS),
        sayings=(Saying("why", why, (GLOBAL,)),) if why else (),
        verdict=f"Report {target}, with modifier {sign}.",
        settles=SURE,
        counts=True,
    )


def _others(sheet: Sheet, target: str) -> tuple[str, ...]:
    """The lines of the first operation and of visits after it, where the code of the later one is asked about."""
    others = (code for code in sheet.lines if code != target)
    first = (code for code in others if code in _AFTERCARE or (_is_first_of_two(sheet, code) and not is_told_later(sheet, code)))
    return tuple(first) if target else ()


def _is_first_of_two(sheet: Sheet, code: str) -> bool:
    return _is_operation(sheet, code) or global_days(sheet, code) == "MMM"  # a birth has its days too


def _later_side(sheet: Sheet, target: str) -> list[tuple[str, str]]:
    """The side of today on a code that no line had yet, where the other side was done before."""
    if not target or target in sheet.lines or target not in _second_sides(sheet):
        return []
    return [(target, SIDE[side]) for side in sides_of_today(sheet) if side in SIDE]


def _is_asked(sheet: Sheet, text: str) -> bool:
    tried = {candidate.code for candidate in sheet.candidates("named")} & _TRIED
    return "which modifier" in sheet.asked or (sheet.about(Topic.MODIFIER) and bool(tried or _ASKS.search(text)))


def _asked_code(sheet: Sheet, text: str) -> str:
    """The one code of the question that asks for the modifier, else the one that the letter names; of a letter that names none
    the operation whose other side is still in its days; "" for none or several."""
    codes = [code for code in named(sheet) if code not in sheet.refused] or _second_sides(sheet) or _later_operations(sheet)
    codes = codes or _only_procedure(sheet, text)
    asking = " ".join(match.group() for match in _ASKS.finditer(text))
    asked = [code for code in codes if code in asking] or codes
    asked = asked if len(asked) == 1 else [code for code in asked if not is_first(sheet, code)]
    return asked[0] if len(asked) == 1 else ""


def _later_operations(sheet: Sheet) -> list[str]:
    """The operation told behind "a month later", where the letter names no code."""
    return [code for code in sheet.lines if _is_operation(sheet, code) and is_told_later(sheet, code)]


def _only_procedure(sheet: Sheet, text: str) -> list[str]:
    """ "Modifier for the nail procedure?": the one line that is no visit."""
    lines = [code for code in sheet.lines if not is_visit(code) and sheet.systems.get(code) is System.CPT]
    return lines if len(lines) == 1 and _FOR_PROCEDURE.search(text) else []


def _second_sides(sheet: Sheet) -> list[str]:
    """The operations of the answer that were done on the other side no longer ago than their own global days."""
    since = [float(fact.value) for fact in sheet.facts("days")]
    since = [days for days in since if days not in _PERIODS] or since  # "(90 days)" is the period and no day in it
    if len(since) != 1 or not (is_after_other_side(sheet) or is_of_two_parts(sheet)):
        return []
    globals_of = {code: global_days(sheet, code) for code in (*sheet.lines, *named(sheet)) if not is_visit(code)}
    return [code for code, days in globals_of.items() if days in DAYS and since[0] <= int(days)]


def _is_operation(sheet: Sheet, code: str) -> bool:
    return global_days(sheet, code) in DAYS and not is_visit(code)


def _relation(sheet: Sheet, text: str, target: str) -> str:
    """How the service stands to the operation; "" where the letter does not tell."""
    told = relations(sheet)
    if "return to theatre" in told or _RETURN.search(text):
        return "return to theatre"
    if "planned" in told or _PLANNED.search(text):
        return "planned"
    other = bool(told & {"unrelated", "other side", "separate visit work"} or _OTHER.search(text) or _second_sides(sheet))
    other = other or ((is_visit(target) if target else bool(_VISIT.search(text))) and is_after_other_side(sheet))
    if not other and _is_operation(sheet, target) and "complication" not in told:
        first = [code for code in (*sheet.lines, *named(sheet)) if code != target and _is_operation(sheet, code)]
        other = is_of_another_part(target, text, first)
    return "unrelated" if other else ""
