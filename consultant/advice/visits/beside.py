"""A visit on the day of a small procedure, of a shot or of a check-up: what the visit's line needs."""

from __future__ import annotations

import re

from consultant.advice.official.edits import GLOBAL, RULE, is_visit, relations
from consultant.advice.official.files import global_days, named
from consultant.advice.sheet import Ruling, Saying, Sheet, spoken
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Source, Topic

#: Services without a global period beside which NCCI wants 25 on the visit.
GIVEN = frozenset(
    (
        *("90460", "90471", "90473", "90480", "G0008", "G0009", "G0010", "94640", "20560", "20561", "29540"),
        # counselling that changes what somebody does: the visit's own level may not rest on it (ACEP, FAQ on behaviour change)
        *("99406", "99407", "99408", "99409", "G0396", "G0397", "G2011"),
        *("97810", "97813"),
        *("96360", "96365", "96372", "96374", "96401", "96402", "96409", "96413"),
    )
)
#: Tests without a global period into which NCCI bundles a visit of a problem: hearing (92551 to 92597), breathing with a curve.
_TESTED = re.compile(r"925(?:5[1-9]|6\d|7\d|8[2-8])|94010|94060")
SURE = 0.7  # how sure 25 is where the letter names visit and procedure by their codes
HALF = 0.5  # how sure a small procedure of the letter must be at least
ADD_ON = "ZZZ"  # global days of a code that stands behind another
CHECK_UPS = ("G0402", "G0438", "G0439", "G0101", "G0102")
#: Another modifier that already says how visit and procedure stand to one another.
_SAID = frozenset({"-25", "-57", "-24", "-FT"})
#: Families of visits, whose level a letter that asks for both lines often leaves open.
_VISITS = frozenset({"office-visit", "emergency-visit"})
_BOTH = re.compile(
    r"\bboth\b(?=[^.!?]{0,40}\?)|\b(?:besides?|in addition to|on top of|along with|as well as|separate(?:ly)? from|and also) "
    r"(?:the |an? |his |her |our )?(?:\w+ ){0,2}(?:visit|e/?m|exam)\b|\b(?:visit|e/?m) (?:too|as well|separately|also|on top)\b",
    re.IGNORECASE,
)
#: A visit and a procedure were denied as one.
_BUNDLED = re.compile(
    r"\b(?:denied|rejected|kicked back|paid) as (?:bundled|inclusive|incidental|global|included)\b|\bno modifier\b", re.IGNORECASE
)
#: "May we bill 99406 beside it?", "can both be billed?": of a visit and a small service that the letter names by their codes.
_TOGETHER = re.compile(
    r"\b(?:may|can|could|do|does|should|is|are) (?:we|i|he|she|they|both|these|this|it|the)\b[^?]{0,60}"
    r"\b(?:besides?|both|together|with (?:it|that|the)|in addition|on top|as well|also|too|need|same (?:day|date|visit))\b"
    r"[^?]{0,40}\?",
    re.IGNORECASE,
)
#: What bars or changes the visit, so that the two codes need not stand side by side.
_OR = re.compile(r"\b(?:or|instead|rather)\b", re.IGNORECASE)
#: The visit whose modifier is asked for: "what goes on the 99204?", "payer bundled our 99214".
_OF_VISIT = (
    r"(?:\b(?:on|onto|lets?|pay|bundl\w+|den(?:y|ied)|reject\w*)\b[^.?!]{{0,25}}\b{0}\b"
    r"|\b{0}\b[^.?!]{{0,25}}\b(?:den(?:y|ied)|bundl\w+|reject\w*))"
)
LEVELS = Source("cpt-2025-visits", "CPT 2025 guidelines (facts only, in our own words)", "2025-01-01", "visits: level and time")
TEXT = (
    "A visit on the day of a procedure with a global period of 0 or 10 days, of an injection, a vaccine, a hearing or "
    "breathing test, or a check-up takes 25 on the visit's line, and only when it held significant work of its own."
)


def visit_only_rule(sheet: Sheet) -> Ruling:
    """A patient who came for the procedure alone: the named visit is part of it, and 25 would be wrong."""
    related = relations(sheet)
    visits = tuple(code for code in dict.fromkeys((*named(sheet), *sheet.decided)) if is_seen(code) and not is_check_up(code))
    small = any(is_minor(sheet, c.code) and not is_seen(c.code) for c in sheet.findings.candidates if c.score >= HALF)
    if not (visits and small) or "visit only for the procedure" not in related or "separate visit work" in related:
        return Ruling()
    return Ruling(refuse=(*visits, "-25"), sayings=(_inside(visits),))


def visit_beside_rule(sheet: Sheet) -> Ruling:
    """25 on the visit that is reported beside a minor procedure, something given, or a check-up."""
    mine = _named_pair(sheet)
    said = {*sheet.signs, *sheet.refused}
    if "visit only for the procedure" in relations(sheet):
        return _without_visits(sheet)
    if said & _SAID and not mine:
        return Ruling()
    line = _line([*sheet.lines, *mine], sheet) or _asked_visit(sheet) or _doubted_visit(sheet)
    if not line and not _leaves_level_open(sheet):
        return Ruling()
    reported = tuple(mine) or (line,) if line else ()
    told = (Saying("why", TEXT, (RULE, GLOBAL)),)
    return Ruling(reported, modifiers=((line, "-25"),), sayings=told, settles=SURE if len(mine) > 1 else 0.0)


def _asked_visit(sheet: Sheet) -> str:
    """The one visit that the letter names, asking for its modifier, where a small procedure was done whose code is still open."""
    visits = [code for code in named(sheet) if is_seen(code) and code not in sheet.refused]
    if len(visits) != 1 or sheet.abstains or "which modifier" not in sheet.asked:
        return ""
    is_open = any(decision.choice.open and _is_of_small_work(sheet, decision.family) for decision in sheet.decisions)
    large = any(global_days(sheet, code) == "090" for code in sheet.lines)
    return visits[0] if is_open and not large else ""


def _doubted_visit(sheet: Sheet) -> str:
    """The one visit that the letter names and whose own modifier it asks for, beside tests and treatments without global days."""
    visits = [code for code in named(sheet) if is_seen(code) and not is_check_up(code) and code not in sheet.refused]
    beside = [code for code in sheet.lines if not is_seen(code) and _wants_apart(sheet, code)]
    if len(visits) != 1 or sheet.abstains or not beside or any(is_visit(code) for code in sheet.lines):
        return ""
    text = sheet.findings.question.text
    large = any(global_days(sheet, code) == "090" for code in sheet.lines)
    asks = "which modifier" in sheet.asked
    asked = asks and any("-25" in card.discuss for card in sheet.cards)
    said = re.search(_OF_VISIT.format(visits[0]), text, re.IGNORECASE)
    asked = asked or (bool(said) and (asks or sheet.about(Topic.MODIFIER)))
    return visits[0] if asked and not large else ""


def _wants_apart(sheet: Sheet, code: str) -> bool:
    """Is it something done to the patient: no blood drawn or tested, no picture, no supply?"""
    done = len(code) == 5 and code.isdigit() and not "70010" <= code <= "89398" and code not in ("36415", "36416")
    return done and (is_minor(sheet, code) or global_days(sheet, code) in ("", "XXX"))


def _is_of_small_work(sheet: Sheet, family: Family) -> bool:
    """Does the family lead to small procedures, and to no operation of 90 days and no visit?"""
    codes = {row.code for row in family.row if row.code}
    large = any(is_seen(code) or global_days(sheet, code) == "090" for code in codes)
    return not large and any(is_minor(sheet, code) for code in codes)


def _leaves_level_open(sheet: Sheet) -> bool:
    """Does the letter ask for a visit beside a small procedure, and not tell its level? Then 25 stands without a line."""
    is_open = any(decision.family.id in _VISITS and not decision.rows for decision in sheet.decisions)
    small = any(is_minor(sheet, code) for code in sheet.lines)
    large = any(is_seen(code) or global_days(sheet, code) == "090" for code in sheet.lines)
    return is_open and small and not large and bool(_BOTH.search(sheet.findings.question.text))


def higher_level_rule(sheet: Sheet) -> Ruling:
    """A visit whose level the letter tells twice, by decision making and by time: the higher of the two counts."""
    for decision in sheet.decisions:
        levels = sorted({row.code for row in decision.rows if row.code and row.code in sheet.lines and is_seen(row.code)})
        if len(levels) == 2 and "|" in decision.facts.get("basis", ""):
            text = f"Decision making or time, whichever supports more: {levels[1]}, not {levels[0]}."
            return Ruling(hold=(levels[0],), sayings=(Saying("why", text, (LEVELS,)),))
    return Ruling()


def borne_out_rule(sheet: Sheet) -> Ruling:
    """A visit whose level the letter tells as what the note bears out is reported, in the place of one that was worked out."""
    told = [c.code for c in sheet.candidates("named") if "supported" in c.facts and c.code not in sheet.refused]
    if len(told) != 1 or sheet.abstains or "visit only for the procedure" in relations(sheet):
        return Ruling()
    others = tuple(c for c in sheet.lines if is_seen(c) and not is_check_up(c) and c not in told and c not in named(sheet))
    text = f"The letter says that the note bears out {told[0]}: the level is taken from it, and was not checked."
    return Ruling(tuple(told), hold=others, sayings=(Saying("unchecked", text, (LEVELS,)),))


def unrelated_visit_rule(sheet: Sheet) -> Ruling:
    """24 stands on the one visit of the answer; the operation whose global days it falls into was billed before."""
    visits = [code for code in sheet.lines if is_seen(code)]
    visits = visits or [code for code in named(sheet) if is_seen(code) and code not in sheet.refused]
    if "-24" not in sheet.loose or len(visits) != 1:
        return Ruling()
    told = {*named(sheet)}
    before = tuple(
        code for code in sheet.lines if code not in told and not is_seen(code) and global_days(sheet, code) in ("010", "090")
    )
    text = f"24 goes on {visits[0]}, for a problem that has nothing to do with the operation."
    gone = ["-24"] if _has_operation(sheet, before) else ["-24", "-58", "-78", "-79"]  # those are for an operation of today
    return Ruling(
        (visits[0],),
        modifiers=((visits[0], "-24"),),
        unmark=tuple(("", sign) for sign in gone if sign in sheet.loose),
        withdraw=before,
        sayings=(Saying("why", text, (RULE, GLOBAL)),),
    )


def _has_operation(sheet: Sheet, before: tuple[str, ...]) -> bool:
    """Is an operation of today among the lines, beside those of before?"""
    lines = (code for code in sheet.lines if code not in before and not is_seen(code))
    return any(global_days(sheet, code) in ("000", "010", "090") for code in lines)


def _without_visits(sheet: Sheet) -> Ruling:
    """A patient who came for the small procedure alone: a visit that a level or a word has brought goes, and 25 with it."""
    visits = tuple(code for code in sheet.lines if is_seen(code) and not is_check_up(code))
    if not visits or "separate visit work" in relations(sheet) or not any(is_minor(sheet, code) for code in sheet.lines):
        return Ruling()
    return Ruling(withdraw=visits, unmark=(("", "-25"),), sayings=(_inside(visits),))


def _inside(visits: tuple[str, ...]) -> Saying:
    text = f"The patient came for the procedure alone: the usual look before and after it is part of it, not {spoken(visits)}."
    return Saying("why", text, (RULE, GLOBAL))


def _named_pair(sheet: Sheet) -> list[str]:
    """The two services that the letter names by their codes, where a card rules that 25 joins them; or the one visit that it
    names beside a small procedure that is reported."""
    joined = any(card.verdict == "pair" and card.modifier == "-25" for card in sheet.cards)
    mine = [code for code in named(sheet) if is_seen(code) or is_minor(sheet, code) or code in CHECK_UPS] if joined else []
    if len(mine) > 1:
        return mine
    small = [code for code in named(sheet) if is_minor(sheet, code) and code not in sheet.refused]
    if len(small) == 1 and sheet.about(Topic.MODIFIER) and any(is_seen(code) for code in sheet.lines):
        return small
    visits = [code for code in named(sheet) if is_seen(code) and code not in sheet.refused and global_days(sheet, code) != ADD_ON]
    text = sheet.findings.question.text
    asked = "which modifier" in sheet.asked or bool(_BUNDLED.search(text)) or _asks_both(text)
    if len(small) == len(visits) == 1 and asked and not is_seen(small[0]):
        return [*visits, *small]
    return visits if len(visits) == 1 and any(is_minor(sheet, code) for code in sheet.lines if not is_seen(code)) else []


def _asks_both(text: str) -> bool:
    return bool(_TOGETHER.search(text)) and not _OR.search(text)


def _line(codes: list[str], sheet: Sheet) -> str:
    """The visit that carries 25; "" where none does, or where an operation of 90 days wants another modifier."""
    visits = [code for code in codes if is_seen(code)]
    problem = [code for code in visits if not is_check_up(code)]
    beside = [code for code in codes if code not in visits and is_minor(sheet, code)]
    check_up = any(is_check_up(code) or code in CHECK_UPS or _TESTED.fullmatch(code) for code in codes)
    if any(global_days(sheet, code) == "090" for code in codes):
        return ""
    return problem[0] if problem and (beside or check_up) else visits[0] if visits and beside else ""


def is_seen(code: str) -> bool:
    """A visit at which the patient is seen: office, hospital, emergency, critical care, nursing home, home, check-up, eye."""
    return len(code) == 5 and code.isdigit() and ("99202" <= code <= "99350" or is_check_up(code) or "92002" <= code <= "92014")


def is_check_up(code: str) -> bool:
    return "99381" <= code <= "99397"


def is_minor(sheet: Sheet, code: str) -> bool:
    return code in GIVEN or global_days(sheet, code) in ("000", "010")
