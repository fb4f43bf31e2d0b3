"""Everything given in one encounter, counted: one first service, what else ran or was pushed as its add-ons, shots apart."""

from __future__ import annotations

import re
from collections import Counter

from consultant.advice.drugs.givings import PUMP, Giving, givings
from consultant.advice.drugs.infusion import AGAIN, DRIPS, FLUIDS, OFFICE, PUSHES, RULE
from consultant.advice.drugs.pushed_again import Again, pushed_again
from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.codebook.kept import families_of
from consultant.vocabulary import Source

TIMES = Source(
    "cpt-2025-infusions", "CPT 2025 guidelines (facts only, in our own words)", "2025-01-01", "infusions: order and time"
)
COMPLEX = "complex-drug-given"  # the family that knows which drugs take the chemotherapy codes
SURE = 0.85
HOUR, HALF = 60, 31  # a further hour is earned by more than half of it, and fluids at all by more than half an hour
SHOTS = {"chemo": "96401", "drug": "96372"}
TOGETHER = "96368"
STARTED = "96416"  # a drip of a cancer drug that runs on at home
GIVES = frozenset(
    {TOGETHER, STARTED, *FLUIDS, *SHOTS.values(), *(code for of in (DRIPS, PUSHES) for codes in of.values() for code in codes)}
)
#: Givings with rules of their own.
_ELSE = re.compile(
    r"\b(?:vaccin|immuni[sz]|flu shot|tdap|tetanus|joint|knee|trigger|epidural|block|allergen|allergy (?:shot|inject|serum|vial)"
    r"|bladder|intrathecal|transfus|botox|lesion|eye|while (?:not|she|he|they)\b"
    r"|lupron|faslodex|zoladex|eligard|firmagon)",
    re.IGNORECASE,
)
#: A pump is a giving of its own only where it is started with a cancer drug and goes home with the patient.
_PUMP = re.compile(r"\bpump", re.IGNORECASE)
_PUMP_ELSE = re.compile(
    r"\b(?:un-?hook\w*|dis-?connect\w*|refill\w*|remov\w+|return\w*|de-?access\w*|insulin|implant\w*|pain pump"
    r"|our (?:own )?pump)\b",
    re.IGNORECASE,
)
#: What the patient came for.
_FOR_FLUIDS = re.compile(
    r"\b(?:came|come|comes|here|seen|sent)(?: in| to us)? (?:only )?(?:for|with|because of) (?:\w+ )?"
    r"(?:dehydrat\w+|hydration|(?:iv )?fluids)\b|\b(?:came|come|comes|walked|was brought|brought) in (?:\w+ )?dehydrated\b",
    re.IGNORECASE,
)
#: The letter wants the drugs' own codes, and not those of the giving.
_DRUG_CODES = re.compile(r"\bj[ -]?codes?\b|\bhcpcs\b|\bdrug codes?\b", re.IGNORECASE)

#: The letter wants the codes of the giving, and not the drugs' own.
_GIVING_CODES = re.compile(
    r"\badmin(?:istration)? (?:codes?|only)\b|\bcodes? for (?:the )?(?:giving|administration)\b"
    r"|\b(?:only|just) (?:the )?admin(?:istration)?\b",
    re.IGNORECASE,
)


def encounter_rule(sheet: Sheet) -> Ruling:
    """Several things given, each told with its way and, where that decides, its minutes: all lines of giving, with the sum."""
    text = sheet.findings.question.text
    named = {candidate.code for candidate in sheet.candidates("named")}
    if _is_else(text) or (_DRUG_CODES.search(text) and not GIVES & named):
        return Ruling()
    family = families_of(sheet.book).get(COMPLEX)
    given = givings(sheet, (word.rstrip("*") for word in (family.object if family else ())))
    if _PUMP.search(text) and not any(one.way == PUMP for one in given):
        return Ruling()
    several = sum(one.count for one in given) > 1 or any(one.is_mixed for one in given)
    if not all(one.told for one in given) or not several:
        return Ruling()
    if not (GIVES | {AGAIN}) & {*sheet.lines, *named} and not all(one.is_drug for one in given):
        return Ruling()
    again = pushed_again(text, given)
    if again is None:
        return Ruling()
    tally = _of_the_day(again.first, bool(OFFICE.search(text) and _FOR_FLUIDS.search(text)))
    _repeats(tally, again)
    drugs = () if not _GIVING_CODES.search(text) else tuple(code for code in sheet.lines if code[0] == "J")
    open_to = GIVES if again.minutes is None else GIVES | {AGAIN}
    wrong = (*(code for code in sheet.lines if code in open_to and code not in tally.units), *drugs)
    sayings = tuple(Saying("why", text, (TIMES, RULE)) for text in tally.said)
    settles = SURE if tally.units else 0.0
    return Ruling(tuple(tally.units), withdraw=wrong, units=tally.units, sayings=sayings, settles=settles, counts=True)


def _is_else(text: str) -> bool:
    return bool(_ELSE.search(text) or (_PUMP.search(text) and _PUMP_ELSE.search(text)))


class Tally:
    """Units by code, and each step of the count as a sentence."""

    def __init__(self) -> None:
        self.units: Counter[str] = Counter()
        self.said: list[str] = []

    @property
    def is_begun(self) -> bool:
        """Has the encounter its first service? A shot is none."""
        return any(code not in SHOTS.values() for code in self.units)

    def add(self, one: Giving, code: str, why: str, units: int = 1) -> None:
        self.units[code] += units
        told = f"{one.title}, {one.minutes} minutes" if one.minutes else one.title
        self.said.append(f"{told}: {why}, {code}{f' × {units}' if units > 1 else ''}.")


def _of_the_day(given: list[Giving], came_for_fluids: bool) -> Tally:
    """The encounters of one day, each with a first service of its own: what was given before the patient left, and later."""
    tally = count([one for one in given if not one.is_later], came_for_fluids)
    second = count([one for one in given if one.is_later])
    if second.units and tally.units:
        tally.said.append("The patient left and came back: a second encounter, with its own first service (-59 or XE).")
    tally.units.update(second.units)
    tally.said.extend(second.said)
    return tally


def count(given: list[Giving], came_for_fluids: bool = False) -> Tally:
    """Strong drugs go before others, drips before pushes, fluids come last; the order of the day does not matter.

    In a practice the reason for the encounter goes first: `came_for_fluids`.
    """
    tally = Tally()
    fluids = [one for one in given if one.kind == "fluid"]
    for one in fluids if came_for_fluids else ():
        _fluid(tally, one)
    for kind in DRIPS:
        for one in given:
            if (one.kind, one.way) == (kind, "drip"):
                _drip(tally, one)
        for one in given:
            if (one.kind, one.way) == (kind, "push"):
                _pushes(tally, one)
    for one in () if came_for_fluids else fluids:
        _fluid(tally, one)
    _beside_the_rest(tally, given)
    return tally


def _beside_the_rest(tally: Tally, given: list[Giving]) -> None:
    """What stands by itself whatever else was given: a pump that is started, and shots."""
    for one in given:
        if one.way == PUMP:
            tally.add(one, STARTED, "started here, runs on at home")
        elif one.kind != "fluid" and one.way == "shot":
            tally.add(one, SHOTS[one.kind], "under the skin or into a muscle, one unit for each", one.count)


def _repeats(tally: Tally, again: Again) -> None:
    """The same drug pushed anew, after `again.minutes`."""
    if again.counted:
        tally.units[AGAIN] += again.counted
        tally.said.append(f"The same drug was pushed anew in a hospital after {again.minutes} minutes: {AGAIN}.")
    elif again.minutes is not None:
        why = "a practice reports no repeat of a push" if again.in_practice else f"only {again.minutes} minutes lie between"
        tally.said.append(f"The same drug was pushed anew: {why}, so {AGAIN} is not reported.")


def _drip(tally: Tally, one: Giving) -> None:
    first, further, hour = DRIPS[one.kind]
    if one.together and tally.is_begun:
        if TOGETHER not in tally.units:
            tally.add(one, TOGETHER, "at the same time as another drug, once and not by time")
        return
    tally.add(one, further if tally.is_begun else first, "a further drip" if tally.is_begun else "the first service")
    if hours := _hours(one.minutes - HOUR):
        tally.add(one, hour, f"{one.minutes - HOUR} minutes beyond the first hour", hours)


def _pushes(tally: Tally, one: Giving) -> None:
    first, further = PUSHES[one.kind]
    if not tally.is_begun:
        tally.add(one, first, "a push, and the first service")
        one = Giving(one.kind, one.name, one.way, count=one.count - 1)
    if one.count:
        tally.add(one, further, "a push of a further drug", one.count)


def _fluid(tally: Tally, one: Giving) -> None:
    first, further = FLUIDS
    if one.together or one.minutes < HALF:
        why = "at the same time as a drug" if one.together else f"{one.minutes} minutes, and {HALF} are needed"
        tally.said.append(f"{one.title}: {why}, so not reported.")
    elif tally.is_begun:
        tally.add(one, further, "behind the first service", 1 + _hours(one.minutes - HOUR))
    else:
        tally.add(one, first, "the first service")
        if hours := _hours(one.minutes - HOUR):
            tally.add(one, further, f"{one.minutes - HOUR} minutes beyond the first hour", hours)


def _hours(minutes: int) -> int:
    """Hours earned by minutes beyond the first hour: each by 31 minutes of its own at least."""
    return max(0, minutes + HOUR - HALF) // HOUR if minutes >= HALF else 0
