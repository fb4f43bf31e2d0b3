"""A hospital stay told day by day: the admission, each later day and the discharge, a line for each; and two stays that meet on
one date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from consultant.advice.sheet import Ruling, Saying, Sheet, sources_of, spoken
from consultant.advice.visits.stays import FAMILY, ONE_DATE, SURE, code_of
from consultant.codebook.kept import families_of
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Source

HOSPITALIST = Source("the-hospitalist-2007-11", "The Hospitalist: demystify admissions", "2007-11-01", "intrafacility transfers")
MOST_READ = 1_500  # characters
MOST = 7  # days of one clause
STAGES = ("first", "later", "discharge")  # of a stay; what comes after the discharge is another story
_STAGES = re.compile(
    r"\b(?:(?P<first>admit(?:s|ted)?|admission|h&p|(?:put|placed) in obs\w*)"
    r"|(?P<discharge>discharge[sd]?(?! summary)|sent home|went home)"
    r"|(?P<later>seen|saw|rounded|rounds?|visited|followed(?: up)?|(?:next|second|third|middle) day"
    r"|days? (?:[2-9]|two|three)))\b",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\b(straightforward|low|moderate|high)\b", re.IGNORECASE)
_MINUTES = re.compile(r"\b(\d{1,3}) ?min", re.IGNORECASE)
_DAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b\d{1,2}/\d{1,2}\b|\bday \d\b"
    r"|\b(?:next|second|third) day\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:newborn|nursery|nursing|snf|rehab|psychiatr\w+|critical care|facility|surgery|surgical|consult\w*|office|swing)\b",
    re.IGNORECASE,
)

#: "… Tuesday, moderate; on Wednesday she delivered": the day of the birth is no day of visits.
_BIRTH = re.compile(r"[,;.] ?(?:on |and |then )*(?:\w+day,? )?(?:she |then )*(?:deliver\w*|gave birth)\b", re.IGNORECASE)
_NEXT_STAY = re.compile(
    r"\b(?:rehab(?:ilitation)? (?:hospital|unit|facility|floor|bed)|inpatient rehab|acute rehab|ltach?|long[- ]term acute"
    r"|psych(?:iatric)? (?:hospital|unit|floor|bed))\b",
    re.IGNORECASE,
)
_BY_SAME = re.compile(r"\b(?:same (?:doctor|hospitalist|physician|internist|attending|one)|himself|herself)\b", re.IGNORECASE)
_ONE_CHART = re.compile(r"\b(?:same|one|shared|common) (?:chart|record|medical record)\b|\bnursing|\bsnf\b", re.IGNORECASE)
_THAT_DAY = re.compile(r"\bthat (?:very )?day\b", re.IGNORECASE)


class Day(NamedTuple):
    """One or several days of a stay that are told alike."""

    stage: str  # "first", "later", "discharge"
    level: str  # of decision making, "" where none is told
    minutes: str
    days: int


def days_rule(sheet: Sheet) -> Ruling:
    """The lines of a stay each of whose days is told with its level, or the discharge with its minutes."""
    text = sheet.findings.question.text[:MOST_READ]
    family = families_of(sheet.book).get(FAMILY)
    told = [] if _ELSE.search(text) or ONE_DATE.search(text) else list(_told(text))
    stages = [day.stage for day in told]
    if not family or len({*stages}) < 2 or stages != sorted(stages, key=STAGES.index) or len(_DAY.findall(text)) < 2:
        return Ruling()
    codes = [_code(family, day) for day in told]
    if not all(codes):
        return Ruling()
    units: Counter[str] = Counter()
    for code, day in zip(codes, told, strict=True):
        units[code] += day.days
    wrong = tuple(row.code for row in family.row if row.code and row.code in sheet.lines and row.code not in units)
    said = (Saying("why", _said(told, codes), sources_of(family.source)),)
    verdict = f"Report {spoken(f'{code} × {n}' for code, n in units.items())}."
    return Ruling(tuple(units), withdraw=wrong, units=dict(units), sayings=said, verdict=verdict, settles=SURE, counts=True)


def next_stay_rule(sheet: Sheet) -> Ruling:
    """Discharge and admission of one date by one doctor, where a stay of another kind with its own chart begins: both lines."""
    text = sheet.findings.question.text[:MOST_READ]
    family = families_of(sheet.book).get(FAMILY)
    if not family or not _NEXT_STAY.search(text) or not _BY_SAME.search(text) or _ONE_CHART.search(text):
        return Ruling()
    told = (
        [day for day in _told(text, bare=True) if day.stage != "later"] if ONE_DATE.search(text) or _THAT_DAY.search(text) else []
    )
    codes = [_code(family, day) for day in told]
    if [day.stage for day in told] != ["discharge", "first"] or not all(codes):
        return Ruling()
    why = (
        f"The stay that ended ({codes[0]}) and the one that began elsewhere or in a unit with a chart of its own ({codes[1]}) "
        "may both be billed on one date by one doctor; with one chart the new stay goes on as later days, 99231 to 99233."
    )
    sayings = (Saying("why", why, (HOSPITALIST,)),)
    return Ruling(tuple(codes), sayings=sayings, verdict=f"Report {spoken(codes)}.", settles=SURE)


def _told(text: str, *, bare: bool = False) -> Iterator[Day]:
    """Each stage with the level and the minutes that stand between it and the next one; `bare`: also a discharge of which
    nothing more is told."""
    marks = [*_STAGES.finditer(text)]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=False):
        stage = str(mark.lastgroup)
        clause = _BIRTH.split(text[mark.start() : end].partition("?")[0])[0]
        levels = [level.lower().replace("straightforward", "low") for level in _LEVEL.findall(clause)]
        minutes = _MINUTES.search(clause)
        if stage == "discharge":
            if bare or minutes or levels or _DAY.search(clause):
                yield Day(stage, "", minutes[1] if minutes else "", 1)
        elif stage == "later" and len(levels) == 1:
            yield Day(stage, levels[0], "", max(1, len(_DAY.findall(clause))))
        else:
            yield from (Day(stage, level, "", 1) for level in levels[: MOST if stage == "later" else 1])


def _code(family: Family, day: Day) -> str:
    if day.stage == "discharge":  # by time alone; without minutes in the note the shorter one
        return code_of(family, {"stage": "discharge", "minutes": day.minutes or "30"})
    return code_of(family, {"stage": day.stage, "basis": "decision making", "mdm": day.level})


def _said(told: list[Day], codes: list[str]) -> str:
    names = {"first": "the admission", "later": "a later day", "discharge": "the discharge"}
    steps = []
    for day, code in zip(told, codes, strict=True):
        how = f"{day.minutes} minutes" if day.stage == "discharge" and day.minutes else day.level or "no minutes told"
        steps.append(f"{names[day.stage]} ({how}) {code}{f' × {day.days}' if day.days > 1 else ''}")
    return f"Each day of the stay is a visit of its own: {', '.join(steps)}."
