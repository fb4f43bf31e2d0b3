"""Hospital visits that the clock decides: a stay of one date by its hours, a visit that two practitioners share by minutes."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet, sources_of
from consultant.codebook.choice import choose
from consultant.codebook.kept import families_of
from consultant.codebook.knowledge import Family
from consultant.codebook.table import added
from consultant.vocabulary import Fact, Source

FAMILY = "hospital-visit"
HOURS = Source(
    "cms-claims-manual-12-30-6-9", "Medicare Claims Processing Manual, chapter 12", "2025-01-01", "§30.6.9.1, stays of one date"
)
SHARED = Source(
    "cms-claims-manual-12-30-6-18",
    "Medicare Claims Processing Manual, chapter 12",
    "2025-01-01",
    "§30.6.18, split (or shared) visits",
)
SURE = 0.85
LEAST = 8  # hours of a stay on one date for which Medicare takes the admission-and-discharge codes
_STAY = re.compile(r"\b(?:obs|observation|inpatient|hospitali[sz]\w{1,4}|admi(?:ts?|tted|ssion))\b", re.IGNORECASE)
_LEFT = re.compile(
    r"\b(?:discharg\w{0,3}|sent home|went home|let go|released|left|home (?:at|by) (?=\d))\b|\d ?[ap]\.?m\.? to \d", re.IGNORECASE
)
ONE_DATE = re.compile(
    r"\bsame[ -](?:calendar )?(?:day|date)\b|\bthat (?:evening|night|afternoon|same day)\b|\bone (?:calendar )?(?:day|date)\b"
    r"|\bsingle (?:day|date)\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:newborn|nursery|nursing (?:home|facility)|snf|infus\w{1,4}|hydrat\w{1,4}|condition code|facility (?:fee|side)|surgery"
    r"|next (?:day|morning)|midnight|post-?op\w{0,8}|g037[89])\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b(?P<h>\d{1,2})(?::(?P<m>[0-5]\d))?(?P<p>\s?[ap]\.?m|[ap])\b", re.IGNORECASE)
_HOURS = re.compile(r"\bh(?:ou)?rs?\b", re.IGNORECASE)
_MDM = re.compile(
    r"\b(?P<mdm>straightforward|low|moderate|high)\b(?=[^.;?!]{0,24}\b(?:mdm|complexity|decision|level)\b)"
    r"|\b(?:mdm|decision[ -]making|complexity)(?: was| is| of)? (?P<after>straightforward|low|moderate|high)\b",
    re.IGNORECASE,
)
_HOME = re.compile(r"\b(?:discharg\w{0,3}|home|let go|released|left)\b", re.IGNORECASE)
_DISCHARGE = re.compile(r"\b(?:discharg\w{0,3}|d/?c)\b", re.IGNORECASE)
_LONGER = ("G0316", "99418")
_HELPER = re.compile(r"\b(?:nps?|nurse practitioner|pa-?c?|physician(?:'s)? assistant|aprn|app)\b", re.IGNORECASE)
_DOCTOR = re.compile(
    r"\b(?:doctor|physician(?!'?s? assistant)|hospitalist|attending|m\.?d|d\.?o|cardiologist|surgeon)\b", re.IGNORECASE
)
_NOT_SHARED = re.compile(
    r"\b(?:critical care|an[ae]{1,2}sth\w+|office|clinic|incident|together|jointly|same minutes|assist(?:ed|ing)? (?:at|in))\b",
    re.IGNORECASE,
)


def same_date_rule(sheet: Sheet) -> Ruling:
    """In and out on one date: by hours and payer the first visit alone, or the codes for both; the level by decision making."""
    text, payer = sheet.findings.question.text, sheet.findings.question.payer
    stay = all(sign.search(text) for sign in (_STAY, _LEFT)) and not _ELSE.search(text)
    mdm = _level(sheet)
    hours = _hours(sheet) if stay and (ONE_DATE.search(text) or _by_the_clock(sheet)) else None
    family = families_of(sheet.book).get(FAMILY)
    if hours is None or not mdm or not family or (hours < LEAST and not payer):
        return Ruling()
    short = hours < LEAST and payer == "medicare"
    code = code_of(family, {"stage": "first" if short else "same day", "basis": "decision making", "mdm": mdm})
    if not code:
        return Ruling()
    both = tuple(c for c in _codes(family, "same day") if c != code)
    wrong = (*both, *_codes(family, "discharge"), *(c for c in _codes(family, "first") if c != code))
    told = f"{hours:g} hours on one date"
    why = (
        f"{told}: under {LEAST}, so Medicare takes the first visit alone, {code}, and no discharge code."
        if short
        else f"{told}: one code for admission and discharge, {code}."
    )
    return Ruling((code,), wrong, sayings=(Saying("why", why, (HOURS,)),), verdict=f"Report {code}.", settles=SURE)


def over_midnight_rule(sheet: Sheet) -> Ruling:
    """In at eleven at night and home at two: two dates, so a first visit and a discharge, not the codes for one date. Medicare
    takes the first visit alone when it lasted less than eight hours."""
    text, payer = sheet.findings.question.text, sheet.findings.question.payer
    hours, mdm, family = _night(text), _level(sheet), families_of(sheet.book).get(FAMILY)
    if hours is None or not mdm or not family or not _STAY.search(text) or not _HOME.search(text) or _ELSE.search(text):
        return Ruling()
    first = code_of(family, {"stage": "first", "basis": "decision making", "mdm": mdm})
    leaving = code_of(family, {"stage": "discharge", "minutes": _leaving(sheet)})
    alone = hours < LEAST and payer == "medicare"
    codes = (first,) if alone else (first, leaving)
    found = [code for stage in ("first", "same day", "discharge") for code in _codes(family, stage)]
    why = f"{hours:g} hours over midnight are two dates, not one: {' and '.join(codes)}."
    if alone:
        why = f"{hours:g} hours over midnight: under {LEAST}, so Medicare takes {first} alone and no discharge code."
    wrong = tuple(code for code in (*found, *_LONGER) if code not in codes)
    verdict = f"Report {' and '.join(codes)}."
    return Ruling(codes, wrong, sayings=(Saying("why", why, (HOURS,)),), verdict=verdict, settles=SURE)


def _night(text: str) -> float | None:
    """The hours from a time of the evening to one of the morning, where the letter tells these two alone."""
    clocks = [(m["p"].lstrip()[0].lower(), 60 * (int(m["h"]) % 12) + int(m["m"] or 0)) for m in _CLOCK.finditer(text)]
    if [half for half, _ in clocks] != ["p", "a"]:
        return None
    return (12 * 60 - clocks[0][1] + clocks[1][1]) / 60


def _leaving(sheet: Sheet) -> str:
    """The minutes that the letter gives to the discharge; half an hour where it tells none."""
    text = sheet.findings.question.text
    told = [f for f in sheet.facts("minutes") if not _HOURS.search(f.span.text)]
    near = [f for f in told if _DISCHARGE.search(text[max(0, f.span.start - 40) : f.span.end + 40])]
    return f"{float(near[0].value):g}" if near else "30"


def _level(sheet: Sheet) -> str:
    """The decision making of the stay: in the words of the letter, or as the family of hospital visits has read it alone
    ("10 hours, moderate"); what is straightforward counts as low."""
    if told := level_told(sheet.findings.question.text):
        return told.replace("straightforward", "low")
    read = {decision.facts.get("mdm", "") for decision in sheet.decisions if decision.family.id == FAMILY}
    level = read.pop() if len(read) == 1 else ""
    return "" if "|" in level else level.replace("straightforward", "low")


def level_told(text: str) -> str:
    """The decision making as the letter words it; "" where it does not."""
    told = _MDM.search(text)
    return (told["mdm"] or told["after"]).lower() if told else ""


def levels_told(text: str) -> set[str]:
    """Every decision making that the letter words."""
    return {(told["mdm"] or told["after"]).lower() for told in _MDM.finditer(text)}


def shared_rule(sheet: Sheet) -> Ruling:
    """A hospital visit of two practitioners told in minutes: the sum gives the level, who has more of it bills, with FS."""
    text = sheet.findings.question.text
    minutes = [f for f in sheet.facts("minutes") if f.span.label not in ("total", "part", "each")]
    found = next(((family, facts) for family, facts in sheet.families if family.id == FAMILY), None)
    if not found or len(minutes) != 2 or _NOT_SHARED.search(text):
        return Ruling()
    who = [_who(text, fact) for fact in minutes]
    if set(who) != {"practitioner", "physician"}:
        return Ruling()
    family, facts = found
    spent = sum(float(f.value) for f in minutes)
    choice = choose(family, {**facts, "basis": "time", "minutes": f"{spent:g}"})
    rows = [family.row[place] for place in choice.decided if family.row[place].code]
    if len(rows) != 1 or not rows[0].code:
        return Ruling()
    row, code = rows[0], rows[0].code
    units = {row.adds.code: added(row.adds, spent)} if row.adds else {}
    more = max(zip((float(f.value) for f in minutes), who, strict=True))[1]
    sayings = (
        Saying(
            "why", f"{' + '.join(f'{float(f.value):g}' for f in minutes)} = {spent:g} minutes: {code}.", sources_of(family.source)
        ),
        Saying("why", f"The {more} had more than half of the minutes and bills the visit, with FS.", (SHARED,)),
    )
    other = tuple(c for c in sheet.lines if c != code and c in {r.code for r in family.row})
    return Ruling(
        (code, *units), withdraw=other, modifiers=((code, "-FS"),), units=units, sayings=sayings, settles=SURE, counts=True
    )


def _hours(sheet: Sheet) -> float | None:
    """The hours between the first and the last time of day, else those that the letter counts itself."""
    text = sheet.findings.question.text
    clocks = [60 * (int(m["h"]) % 12 + 12 * (m["p"].lstrip()[0] in "pP")) + int(m["m"] or 0) for m in _CLOCK.finditer(text)]
    if len(clocks) > 1 and clocks[-1] > clocks[0]:
        return (clocks[-1] - clocks[0]) / 60
    told = [float(f.value) / 60 for f in sheet.facts("minutes") if _HOURS.search(f.span.text) and not f.span.label]
    return told[0] if len(told) == 1 else None


def _by_the_clock(sheet: Sheet) -> bool:
    """ "In at 10a, discharged at 4p": two times of day, the second later, and no two dates."""
    times = [match.group("p").strip()[0].lower() for match in _CLOCK.finditer(sheet.findings.question.text)]
    dates = {str(fact.value) for fact in (*sheet.facts("date"), *sheet.facts("date_of_service"))}
    return len(times) == 2 and times == sorted(times) and len(dates) < 2


def _who(text: str, fact: Fact) -> str:
    """Whose minutes they are: the nearest of the two who is named, before them or right behind."""
    before, after = text[max(0, fact.span.start - 60) : fact.span.start], text[fact.span.end : fact.span.end + 30]
    ends = {who: max((m.end() for m in sign.finditer(before)), default=-1) for who, sign in _WHO.items()}
    if max(ends.values()) >= 0:
        return max(ends, key=lambda who: ends[who])
    return next((who for who, sign in _WHO.items() if sign.search(after)), "")


_WHO = {"practitioner": _HELPER, "physician": _DOCTOR}


def code_of(family: Family, facts: dict[str, str]) -> str:
    choice = choose(family, facts)
    return next((family.row[place].code or "" for place in choice.decided), "")


def _codes(family: Family, stage: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.code for row in family.row if row.code and row.when.get("stage") == stage))
