"""What is counted: lesions, tests, vials, views, levels, days; grams of an organ; doses of a drug."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.question.amounts.allergens import doses_of_a_vial, named_allergens
from consultant.question.amounts.doses import doses
from consultant.question.amounts.labels import IN_ALL, found_in, measure
from consultant.question.amounts.listed import listed_by_place
from consultant.question.amounts.numbers import A_NUMBER, NUMBER, value_of
from consultant.question.amounts.one_more import one_more
from consultant.question.amounts.percents import percents
from consultant.question.amounts.stages import numbered_stages
from consultant.question.amounts.studies import named_studies
from consultant.question.amounts.weights import weights
from consultant.question.body.regions import adjusted_regions
from consultant.question.body.teeth import teeth
from consultant.vocabulary import MORE, Fact

_MORE_THAN_ONE = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
#: Neither a code ("64483 at two levels") nor a number before another one is what is counted.
_COUNT = re.compile(
    rf"(?P<n>(?!\d{{5}}\b(?! units?\b)){NUMBER}|\bboth)[\s-](?:or (?:more|greater) )?"
    rf"(?:(?!{_MORE_THAN_ONE}\b|and\b|or\b|of\b|for\b|times\b|same\b|every\b|per\b|each\b|k?cals?\b|k?calories\b|cm\b|mm\b|sq\b|inch|mg\b|mcg\b|cc\b|mls?\b|min|hours?\b|years?\b|(?:legs|arms|limbs|extremities|hands|feet)\b)[a-z-]{{2,16}}\s){{0,3}}?"
    r"(?P<noun>lesions?|polyps?|moles?|spots?|keratos[ei]s|warts?|tags?|wounds?|ulcers?|lacerations?"
    r"|biops(?:y|ies)|bxs?|specimens?|extracts?|tests?|sticks?|injections?|shots?|vaccines?|vials?|muscles?|joints?|nerves?|vertebra[el]?|interspaces?|segments?"
    r"|mass(?:es)?|lumps?|nodules?|cysts?|abscess(?:es)?|stages?|blocks?|columns?|hernias?|plaques?|sites?|clips?|slides?|cores?|cultures?|isolates?|organisms?|germs?|bugs?(?! bites?)"
    r"|chambers?|allergens?|antigens?|discs?|disks?|markers?|antibod(?:y|ies)|stains?|passes|tubes?(?!(?:,| and| &|/) ?(?:both )?ovar)|cycles?|fractions?|ribs?|tendons?|screws?|electrodes?"
    r"|doses?|regions?|areas?|films?|arter(?:y|ies)|vessels?|stents?|implants?|teeth|nails?|fingers?|toes?|drugs?|bags?|units?|views?|vws?|v|levels?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
#: "3-4 body regions" is a band of a table: its upper end.
_BAND = re.compile(r"\b\d-(?P<n>\d{1,2}) (?:body |spinal )?regions\b", re.IGNORECASE)
#: "Ribs 4, 5 and 6", "ribs 3 through 8", by their numbers.
_RIBS = re.compile(
    r"\bribs? (?P<first>\d{1,2})(?: ?(?:-|to|through|thru) ?(?P<last>\d{1,2})\b|(?P<listed>(?:(?:,| and| &|, and) ?\d{1,2}\b){1,11}))",
    re.IGNORECASE,
)
#: "Hand xray 3v bilateral".
_VIEWS = re.compile(r"(?<=[a-z)] )(?P<n>[1-9])v\b(?![-/])|(?<=[a-z], )(?P<m>[1-9])v\b(?![-/])", re.IGNORECASE)
#: "Seen on day 6": the days since what the letter counts from.
_ON_DAY = re.compile(
    r"\b(?:(?:seen|saw (?:her|him|them|the patient)|visit\w{0,3}|came|face[- ]to[- ]face|appointment)"
    r"(?: (?:at|in) (?:the |her |his )?(?:home|office|clinic|snf))? (?:was )?(?:only )?(?:on )?day"
    r"|on day(?= \d{1,2} (?:after|post|from)\b)) (?P<n>\d{1,2})\b",
    re.IGNORECASE,
)
#: "Data on 10 of 30 days": the ten count.
_OUT_OF = re.compile(
    rf"\b(?P<n>{NUMBER}) (?:days )?(?:of|out of) (?:(?:the|those|a|last|past) ){{0,3}}(?:30|thirty)[- ]days?\b", re.IGNORECASE
)
#: "8 of the doubtful ones repeated", "8 doubtful ones"; "warts, 5 of them, frozen", but not "5 of them were frozen".
_OF_THEM = re.compile(
    rf"(?P<n>{NUMBER}) (?:of (?:the|those|these) (?:\w+ ){{0,2}}|(?:(?!of\b)\w+ ){{1,2}})ones\b|(?:(?<=, )|(?<=snipped )|(?<=froze )|(?<=frozen )|(?<=removed )|(?<=shaved )|(?<=treated )|(?<=burned )|(?<=zapped )"
    rf"|(?<=excised )|(?<=biopsied )|(?<=injected )|(?<=took off ))(?P<all>{NUMBER}) of (?:them|these)(?=[,.;:?!)]|$)",
    re.IGNORECASE,
)
#: "4 sensory, 3 motor": the studies of both kinds are counted together; "nerve conduction 8 studies".
_NERVES = re.compile(
    rf"(?P<a>{NUMBER}) (?:sensory|motor)\b[^.;\d]{{0,24}}?(?P<b>{NUMBER}) (?:sensory|motor)\b|\bconductions?,? (?P<all>{NUMBER}) studies\b",
    re.IGNORECASE,
)
_TRIGGER_POINT = re.compile(r"\btrigger[- ]?points?\b|\btpis?\b|\bdry needl", re.IGNORECASE)
_SIDES = r"both(?! (?:muscles|of|were|are|injected))|bilateral(?:ly)?|left and right|right and left|b/l"
_MUSCLE = re.compile(
    rf"(?:\b(?P<before>{_SIDES}) (?:the |upper |lower |middle |cervical |lumbar )*)?"
    r"\b(?P<muscle>trapez\w{2,4}|traps?|levator(?: scap\w*)?|rhomboids?|splenius|scalenes?|sternocleidomastoids?|scm"
    r"|supraspinatus|infraspinatus|subscapularis|deltoids?|pectoralis|latissimus|quadratus(?: lumborum)?|ql|piriformis"
    r"|gluteus (?:medius|maximus|minimus)|iliocostalis|multifidus|erector spinae|longissimus|paraspinals?|masseters?|temporalis"
    r"|teres (?:major|minor)|psoas|iliopsoas|semispinalis|gastrocnemius|soleus)\b"
    rf"(?P<behind>,? (?:on )?(?:{_SIDES}|each side)\b)?",
    re.IGNORECASE,
)
#: "6 more under the arm", "another 7 burned off", "9 on the knee and 6 on the hand": on top of the count before, unless it is
#: for another day.
_MORE = re.compile(
    rf"(?:(?P<n>{NUMBER}) (?:more|others)\b(?! than)|\banother (?P<m>{NUMBER})(?![\w-])"
    r"|\banother(?= (?:(?:punch|shave|bx|biopsy|polyp|lesion|one) )?(?:on|from|under) (?:the|her|his)\b)"
    rf"|(?<=\band )(?P<k>{NUMBER})(?= (?:on|from|under) (?:the|her|his)\b))"
    r"(?! (?:\w+ ){0,2}(?:scheduled|planned|next|tomorrow|later|(?<!the )left"
    r"|to (?:go|come)|due|needed|minutes?|hours?|days?|weeks?|months?)\b)",
    re.IGNORECASE,
)
_ON_TOP = re.compile(r"(?<!\bor )\b(?:more|additional|extra|further)\s", re.IGNORECASE)
_ANOTHER = re.compile(r"\banother $", re.IGNORECASE)
#: "One unit in the morning and another unit in the evening".
_ANOTHER_UNIT = re.compile(
    r"\b(?:another|a second|one more) unit\b"
    r"(?! (?:\w+ ){0,2}(?:scheduled|planned|tomorrow|the next day|on hold|held|cancell?ed|not)\b)",
    re.IGNORECASE,
)
_LOOK_BACK = 160  # characters between a count and what comes on top of it
#: "Shave biopsy x2".
_TIMES = re.compile(
    r"(?<=[a-z)] )x(?P<n>\d{1,2})\b"
    r"(?! ?(?:d|wks?|mos?|yrs?|hrs?|min\w{0,4}|[cm]m|days?|weeks?|months?|years?|hours?|[x×])\b)",
    re.IGNORECASE,
)
#: "Is the F-wave one more study to count?" asks, and counts nothing.
_IS_IT = re.compile(
    r"\b(?:is|are|does|do|was|would|could|should|can) (?:the|it|that|this|these|those)\b[^.?!;]{0,24}$", re.IGNORECASE
)
_ASKS = re.compile(r"[^.?!;]*\?")
_WRITTEN_OUT = {"v": "view", "vw": "view", "vws": "views", "bx": "biopsies", "bxs": "biopsies"}
_DIMENSION = {
    "view": "views",
    "level": "levels",
    "interspace": "levels",
    "vertebra": "levels",
    "segment": "levels",
    "disc": "levels",
    "disk": "levels",
    "unit": "units",
    "day": "days",
    "region": "levels",
}
#: "Is that one or two levels?" counts nothing.
_IN_DOUBT = re.compile(r"\b(?:one|1) or $", re.IGNORECASE)
_MILLION = re.compile(r"\smil(?:lion)?\s", re.IGNORECASE)
#: "Two bags of leukoreduced red cells": blood is counted by the unit, whatever it hangs in.
_OF_BLOOD = re.compile(
    r" (?:of )?(?:[\w-]+ ){0,2}?(?:p?rbcs?|red|packed|platelets?|plasma|ffp|cryo\w*|(?:whole )?blood)\b", re.IGNORECASE
)
MIN_MUSCLES = 2  # muscles that make a list of them
_DAYS = {"week": 7, "month": 30, "year": 365}


def counts(text: str) -> list[Fact]:
    """Everything that the letter counts by a noun, weighs, or measures out of a drug."""
    found = [measure(dose.dimension, dose.value, text, dose.start, dose.end, dose.label) for dose in doses(text)]
    found += [measure("grams", n, text, start, end, label) for n, start, end, label in weights(text)]
    found += [measure("days", float(m["n"]), text, m.start("n"), m.end()) for m in found_in(_ON_DAY, text)]
    found += [
        measure("count", (value_of(m["a"] or m["all"]) or 0) + (value_of(m["b"] or "") or 0), text, m.start(), m.end(), "studies")
        for m in found_in(_NERVES, text)
    ]
    found += [
        measure("count", value_of(m["n"] or m["all"]) or 0, text, m.start(), m.end(), "ones") for m in found_in(_OF_THEM, text)
    ]
    found += [measure("views", float(m["n"] or m["m"]), text, m.start(), m.end(), "views") for m in found_in(_VIEWS, text)]
    found += _by_name(text)
    if made := list(doses_of_a_vial(text)):  # the vials are told for what they hold
        found = [fact for fact in found if fact.span.label != "vials"]
    listed = [*listed_by_place(text, _COUNT), *made]
    some = [(match.start(), match.end(), value_of(match["n"]) or 0) for match in found_in(_OUT_OF, text)]
    found += [*listed, *(measure("days", days, text, start, end) for start, end, days in some)]
    taken = [*((start, end) for start, end, _ in some), *((fact.span.start, fact.span.end) for fact in listed)]
    for match in found_in(_COUNT, text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        noun = _WRITTEN_OUT.get(short := match["noun"].lower(), short)
        stem = next((s for s in (*_DIMENSION, *_DAYS) if noun.startswith(s)), "")
        number = (value_of(match["n"]) or 0) * _DAYS.get(stem, 1)
        number *= 1_000_000 if stem == "unit" and _MILLION.search(match.group()) else 1
        after = text[match.end() : match.end() + 6].lower()
        if not after.startswith((" old", "-old")) and not _is_doubted(text, match, stem, number):
            dimension = "days" if stem in _DAYS else _DIMENSION.get(stem, "count")
            dimension = "units" if noun.startswith("bag") and _OF_BLOOD.match(text, match.end()) else dimension
            another = _ANOTHER.search(text, max(0, match.start() - 9), match.start())
            if dimension == "count" and (another or _ON_TOP.search(match.group())):
                noun = f"{MORE} {noun}"
            elif dimension == "units" and another:
                noun = "additional"
            found.append(measure(dimension, number, text, match.start(), match.end(), noun))
    found += [measure("units", 1.0, text, m.start(), m.end(), "additional") for m in found_in(_ANOTHER_UNIT, text)]
    return [_in_all(fact, found, text) for fact in found]


def _is_doubted(text: str, match: re.Match[str], stem: str, number: float) -> bool:
    """ "Is that one or two levels?", "so is that one biopsy?" count nothing."""
    if stem in _DIMENSION:
        return bool(_IN_DOUBT.search(text, max(0, match.start() - 8), match.start()))
    asked = number == 1 and not stem and _IS_IT.search(text, max(0, match.start() - 30), match.start())
    return bool(asked and _ASKS.match(text, match.end()))


def _in_all(fact: Fact, found: Sequence[Fact], text: str) -> Fact:
    """ "KUB one view, three views in total": the three are what was shot of it all; "2 of the chest, 3 of the belly, 5 views in
    all" are two films of their own."""
    if fact.dimension != "views" or not IN_ALL.match(text, fact.span.end):
        return fact
    others = [float(other.value) for other in found if other.dimension == "views" and other is not fact]
    return fact.labelled("total") if others and sum(others) != float(fact.value) else fact


def _by_name(text: str) -> list[Fact]:
    """What is counted by the names of its things, or as one and another one."""
    named = [*named_studies(text), *_named_muscles(text), *named_allergens(text)]
    return [*one_more(text), *numbered_stages(text), *named, *_regions_and_ribs(text), *percents(text), *teeth(text)]


def _regions_and_ribs(text: str) -> list[Fact]:
    """The regions that were adjusted, the upper end of a band of regions, and the ribs of a list or a range."""
    bands = [*adjusted_regions(text)]
    bands += [measure("levels", float(m["n"]), text, m.start(), m.end(), "regions") for m in found_in(_BAND, text)]
    return bands + [measure("count", _ribs(m), text, m.start(), m.end(), "ribs") for m in found_in(_RIBS, text)]


def _ribs(told: re.Match[str]) -> float:
    """How many ribs a list or a range of their numbers has."""
    if told["listed"]:
        return float(len(re.findall(r"\d{1,2}", told.group())))
    return float(max(1, int(told["last"]) - int(told["first"]) + 1))


def _named_muscles(text: str) -> list[Fact]:
    """The muscles that a letter about trigger points names, as one count; one of both sides is two of them."""
    if not _TRIGGER_POINT.search(text):
        return []
    named = list(found_in(_MUSCLE, text))
    muscles = {match["muscle"].lower().rstrip("s"): 2 if match["before"] or match["behind"] else 1 for match in reversed(named)}
    told = max((value_of(match["n"]) or 0 for match in found_in(_COUNT, text) if match["noun"].lower() == "muscles"), default=0)
    if sum(muscles.values()) < max(MIN_MUSCLES, told):  # "4 muscles, traps and rhomboids": each is named once, and is two
        return []
    return [measure("count", float(sum(muscles.values())), text, named[0].start(), named[-1].end(), "muscles")]


def on_top(text: str, known: Sequence[Fact]) -> list[Fact]:
    """Plain numbers on top of what was counted before, and signs of how many times ("x2"). `known`: what is measured."""
    ends = sorted((fact.span.end, fact.dimension) for fact in known)
    taken = [(fact.span.start, fact.span.end) for fact in known]
    found = [measure("number", float(m["n"]), text, m.start("n"), m.end(), "") for m in found_in(_TIMES, text)]
    for match in found_in(_MORE, text):
        last = [(end, dimension) for end, dimension in ends if match.start() - _LOOK_BACK < end <= match.start()][-1:]
        if match["k"] and last and A_NUMBER.search(text, last[0][0], match.start()):
            continue  # "11 nails, 6 on the right foot and 5 on the left": both are of the eleven
        before = [dimension for _, dimension in last]
        asked = _IS_IT.search(text, max(0, match.start() - 48), match.start()) and _ASKS.match(text, match.end())
        follows = before == ["count"] or (not before and not match["k"])
        if follows and not asked and not any(start <= match.start() < end for start, end in taken):
            number = value_of(match["n"] or match["m"] or match["k"] or "one") or 0.0
            found.append(measure("count", number, text, match.start(), match.end(), MORE))
    return found
