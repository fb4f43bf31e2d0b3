"""What can be counted or measured: minutes and clock times, sizes and areas, counts, ages, days, levels, drug amounts.

Values: minutes; centimetres; square centimetres; years (whole, an infant is 0); milligrams; grams. `span.label` says how a number is meant:
"under", "over", "least", "first", "each", "additional", "part", "apart", "between", "margins", "width", "excised", "clock", "total", "about",
or the noun.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.question.ages import ages
from consultant.question.amounts.apiece import for_each
from consultant.question.amounts.assistants import helped, worked_units
from consultant.question.amounts.bare_minutes import bare_minutes
from consultant.question.amounts.counts import counts, on_top
from consultant.question.amounts.labels import IN_ALL, found_in, measure
from consultant.question.amounts.numbers import A_NUMBER, FRACTION, NUMBER, fraction_of, value_of
from consultant.question.amounts.parts import has_passed, parted
from consultant.question.amounts.sizes import of_what, rim_of, wounds_across
from consultant.question.amounts.vials import laid_on, vialed
from consultant.question.amounts.watched import watched
from consultant.vocabulary import BETWEEN, Fact

_MOST_JOINED = 6

_PART_OF_HOUR = re.compile(
    rf"\b(?:(?P<h>\d{{1,2}})\s?(?:h|hrs?)\s?(?P<m>[0-5]\d)(?:\s?m(?:in(?:ute)?s?)?)?(?![\w:/]|\.\d|\s?(?:mg|ml|mcg|units?|cm|mm|x|%))|(?P<said>an|one|two|three|four|five|six|\d{{1,2}}) (?:hours?|hrs?)(?: and)? (?P<past>[1-5]\d)(?= ?(?:[,.;:)?!\n]|$|(?:of|in|for|with|total|altogether|long|then|so|on|at|by)\b))|(?P<whole>an|one|\d{{1,2}}) (?:hours?|hrs?) and (?:a half|½)|(?P<more>{NUMBER}) and a half (?:hours?|hrs?)|(?P<and>(?:hour|hr) and a half)"
    r"|(?P<half>half an? ?(?:hour|hr)|half[- ](?:hour|hr))|(?P<quarters>(?:three[- ]quarters?|an? quarter|quarter) (?:of an? )?(?:hour|hr)))\b",
    re.IGNORECASE,
)
#: "The 30-minute therapy add-on": a code by its name; "10 minutes into the session", "an hour after it ended": when, not how long.
_NOT_SPENT = re.compile(
    r"(?<![sS])[- ](?:\w+[- ]){,2}?(?:code|add-?on)s?\b| into\b|(?<=rs) later"
    r"| after (?:\w+ ){1,3}?(?:finished|ended|stopped|was (?:done|over|finished))\b",
    re.IGNORECASE,
)
#: "mintues", "miuntes", "minuets": what tired fingers make of minutes.
_MISTYPED = r"(?!minus|mines|mint\b)m(?:in|ni|iu|n)[inu]{0,2}[tues]{2,6}"
_TIME = re.compile(
    rf"(?P<n>{NUMBER}|\ban?(?= (?:full |whole |solid )?h))(?:\s?-\s?|\s)?(?P<more>(?:more|additional|extra|further)\s)?(?:(?:timed|total|billable|documented|full|whole|straight)\s)?(?P<unit>hours?|hrs?\.?|(?-i:h)(?![/&-])|minutes?|mins?\.?|{_MISTYPED})\b",
    re.IGNORECASE,
)
#: "A 5-10 minute call", "45-60 min": what lasted so long at most.
_SPAN_OF_TIME = re.compile(r"(?<![\w.,:/-])\d{1,3}-(?=\d{1,3}[ -]?(?:min(?:ute)?s?|hours?|hrs?)\b)", re.IGNORECASE)
#: "One or two extra hours?": what is asked, and was not spent.
_EITHER = re.compile(r"\b(?:one|an?|\d) or $", re.IGNORECASE)
_JOINT = re.compile(r"\s?,?\s?(?:and|&)?\s?$")
_HOUR = r"(?P<{0}h>\d{{1,2}})(?::(?P<{0}m>\d\d))?\s?(?P<{0}p>[ap]\.?m\b\.?)?"
_CLOCK = re.compile(
    r"(?<![\w.:/-])" + _HOUR.format("a") + r"\s?(?:to|until|till|through|and|-|–)\s?" + _HOUR.format("b") + r"(?![\w:/]|\.\d)",
    re.IGNORECASE,
)
#: "Infused 1000-1035", "anesthesia 0730 to 0915": four digits are times of day beside a word of time, or with a nought before them.
_PLAIN_CLOCK = re.compile(
    r"(?<![\w.:$/-])(?P<ah>[01]\d|2[0-3])(?P<am>[0-5]\d)\s?(?:hrs?|h)?\s?(?:to|until|till|through|-|–)\s?(?P<bh>[01]\d|2[0-3])(?P<bm>[0-5]\d)\b"
    r"(?P<ap>)(?P<bp>)(?![-/.:]\d)(?! ?(?:m[lg]|mcg|cc|units?|iu|gm?|grams?|calories|kcal|miles)\b)",
    re.IGNORECASE,
)
_OF_TIME = re.compile(
    r"\b(?:from|times?|start\w{0,3}|began|hung|infus\w{0,4}|ran|drip|iv|an(?:a)?esth\w{3,5}|anes|or|room|session|face to face|between)\b[^.;\d]{0,24}$",
    re.IGNORECASE,
)
_TIME_BEHIND = re.compile(r",? ?(?:\w+ )?(?:infus|drip|iv\b|hrs?\b|hours\b|an(?:a)?esth)", re.IGNORECASE)
_AREA = re.compile(
    rf"(?P<n>{NUMBER})\s?(?:sq\.?\s?cm|square\s(?:cm|centimet\w{{2,4}})|cm2|cm²|sq\s?centimet\w{{2,4}})", re.IGNORECASE
)
_SIZE = re.compile(
    rf"(?P<n>{FRACTION}(?=\s?-?[cmi])|{NUMBER})\s?(?:cm\s?)?(?:[x×]\s?(?P<m>\d{{1,3}}(?:\.\d{{1,2}})?|{NUMBER})\s?(?:cm\s?)?)?(?:[x×]\s?(?:\d{{1,3}}(?:\.\d{{1,2}})?|{NUMBER})\s?)?-?(?P<unit>cm|centimet(?:ers?|res?)|mm|millimet(?:ers?|res?)|inch(?:es)?)\b(?!2|²)",
    re.IGNORECASE,
)
#: "An ellipse of 4 x 1.2 cm", "4 x 1.2 cm, a long ellipse"; the # stands for the measure.
_ELLIPSE = re.compile(
    r"\b(?:ellip\w+|fusiform)[^.;,#]{0,30}#|#[^\w.;]{0,4}(?:an? )?(?:long |narrow )?(?:ellip|fusiform)", re.IGNORECASE
)
#: "15 and 12 sq cm": a number that takes its unit from the next one.
_SHARES_UNIT = re.compile(rf"(?P<n>{NUMBER})(?: ?,)? ?(?:and|&|\+|,) ?$", re.IGNORECASE)
#: "pressurisation began 9:02, finished 10:42", but no stay: "obs started 10:30 pm, released 3 am"; a plain number is a time of day only with its minutes or its half of the day.
_START = r"\b(?<!\bobs )(?<!\bobservation )(?:began|begun|begins?|start(?:ed|s|ing)?|hung|on table|first (?:bite|dose|sip)|(?:clocked |checked |came |was )?in(?= at \d))\b[^.;\d\n]{0,24}"
_END = r"\b(?:end(?:ed|s|ing)?|finish(?:ed|es)?|stop(?:ped|s)?|done|completed|out|until|off|surfaced|released|let go)\b[^.;\d\n]{0,24}"
_BEGAN = re.compile(
    _START + _HOUR.format("a") + rf"\b[^;\d\n]{{0,40}}?{_END}" + _HOUR.format("b") + r"(?![\w:/])",
    re.IGNORECASE,
)
#: "Dive started 0902, surfaced 1042".
_BEGAN_PLAIN = re.compile(
    rf"{_START}(?P<ah>[01]\d|2[0-3])(?P<am>[0-5]\d)\b(?! ?(?:m[lg]|mcg|cc|units?)\b)[^;\d\n]{{0,40}}?{_END}(?P<bh>[01]\d|2[0-3])(?P<bm>[0-5]\d)"
    r"(?P<ap>)(?P<bp>)(?![\w:/])",
    re.IGNORECASE,
)
#: "2 cm margins" is their width; "margins 2 cm" may be told of the whole that went out.
_MARGIN_AFTER = re.compile(
    r"\s(?:skin\s|narrowest\s|free\s|clear\s|surgical\s)?(?:margins?\b(?!\s?(?:of|were|was|=|:)?\s?\d)|(?:on )?each side\b|all around\b)",
    re.IGNORECASE,
)
#: "0.8 cm with 0.3 margins", "margins of 0.3".
_BARE_MARGIN = re.compile(
    rf"(?P<n>{NUMBER})\s(?:skin\s|narrowest\s|free\s|clear\s|surgical\s)?margins?\b(?!\s?(?:of|were|was|=|:)?\s?\d)"
    rf"|\bmargins?(?: of| were| was| at|:)?\s(?P<m>{NUMBER})(?=[,;)]|\.(?!\d)|$| (?:each|all|on|around)\b)",
    re.IGNORECASE,
)
#: "1.2 cm …, total excised diameter now 2.4": a size without a unit beside one that has it.
_BARE_SIZE = re.compile(
    r"\b(?:(?:total|final|excised|greatest|whole) ){0,3}(?:diameter|size|length|width)(?: (?:is|was|of|now|then|at|came to|measured|=)){0,2}:?"
    r" (?P<n>\d{1,2}\.\d{1,2})(?=[,;)]|\.(?!\d)|$| (?:and|with|after|by)\b)",
    re.IGNORECASE,
)
_MARGIN = re.compile(r"\bmargins?\b", re.IGNORECASE)
#: "4 cm apart": what lies between two things is the size of neither.
_BETWEEN = re.compile(
    r" (?:apart\b|of (?:\w+ ){1,3}between\b|between (?:them|the (?:two|defects|hernias|gaps))\b)", re.IGNORECASE
)
#: "Prevnar 20 and Tdap": the number is the product's.
_NAMED = re.compile(
    r"\b(?:prevnar|pneumovax|pneumococcal|pcv|ppsv|gardasil|hpv|capvaxive|vaxneuvance|conjugate|valent|synagis|botox|covid)[- ]?$",
    re.IGNORECASE,
)
#: The diameter that went out, margins and all.
_EXCISED = re.compile(r"\bexcision came\b|\bexcised diameter\b|\b(?:including|counting|plus) (?:the )?margins\b", re.IGNORECASE)


def read_measures(text: str) -> list[Fact]:
    """Every measure in the text, at most 120 of a kind."""
    found = for_each(text, vialed(text, laid_on(text, [*_minutes(text), *_sizes(text), *_ages(text), *counts(text)])))
    found += worked_units(text, found)
    found += [*on_top(text, found), *helped(text, found)]
    return found + _numbers(text, found)


def _minutes(text: str) -> list[Fact]:
    """Durations; "one hour and 45 minutes" is one of 105."""
    text = _SPAN_OF_TIME.sub(lambda match: match.group().replace("-", " "), text)
    found: list[Fact] = []
    for match in found_in(_PART_OF_HOUR, text):
        if clock := match["h"] or match["said"]:  # "1h55", "one hour 55 of chemo"
            told = 60 * (value_of(clock) or 1) + int(match["m"] or match["past"])
            found.append(measure("minutes", told, text, match.start(), match.end()))
            continue
        hours = match.group("whole") or match.group("more")
        whole = 60 * (value_of(hours) or 1) if hours else 60 if match.group("and") else 0
        part = (45 if match["quarters"].lower().startswith("three") else 15) if match["quarters"] else 30
        found.append(measure("minutes", whole + part, text, match.start(), match.end()))
    taken = [(f.span.start, f.span.end) for f in found]
    for match in found_in(_TIME, text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        amount = (value_of(match.group("n")) or 0) * (60 if match.group("unit")[0] in "hH" else 1)
        last = found[-1] if found else None
        if (
            last
            and amount < 60
            and float(last.value) >= 60
            and 0 <= match.start() - last.span.end < 6
            and _JOINT.match(text[last.span.end : match.start()])
        ):
            found[-1] = measure("minutes", float(last.value) + amount, text, last.span.start, match.end(), last.span.label)
        else:
            label = "total" if IN_ALL.match(text, match.end()) else "additional" if match["more"] else None
            found.append(measure("minutes", amount, text, match.start(), match.end(), label))
    found = [f for f in (*found, *bare_minutes(text), *_by_the_clock(text), *watched(text)) if not has_passed(text, f.span)]
    spent = [f for f in found if not _NOT_SPENT.match(text, f.span.end) and not _is_asked(text, f)]
    return parted(text, spent or found)


def _by_the_clock(text: str) -> list[Fact]:
    """What lasted from one time of day to another."""
    clocks = [
        *found_in(_CLOCK, text),
        *found_in(_BEGAN, text),
        *found_in(_BEGAN_PLAIN, text),
        *(m for m in found_in(_PLAIN_CLOCK, text) if _is_time(text, m)),
    ]
    return [fact for match in clocks if (fact := _clock(text, match))]


def _is_asked(text: str, fact: Fact) -> bool:
    start, end = fact.span.start, fact.span.end
    return bool(_EITHER.search(text, max(0, start - 8), start)) and text[end : end + 3].lstrip().startswith("?")


def _is_time(text: str, match: re.Match[str]) -> bool:
    before, behind = _OF_TIME.search(text, max(0, match.start() - 40), match.start()), _TIME_BEHIND.match(text, match.end())
    return match.group().startswith("0") or bool(before or behind)


def _clock(text: str, match: re.Match[str]) -> Fact | None:
    """Minutes between two clock times: "8:05 until 9:50", "7 pm to 7 am". Plain numbers ("2 to 4") are no clock times."""
    if not (match["am"] or match["bm"] or match["ap"] or match["bp"]):
        return None
    start = _minute_of_day(
        match["ah"], match["am"], match["ap"] or (match["bp"] if int(match["ah"]) <= int(match["bh"]) else None)
    )
    end = _minute_of_day(match["bh"], match["bm"], match["bp"])
    if start is None or end is None:
        return None
    span = (end - start) % (1440 if match["bp"] or match["ap"] else 720 if int(match["ah"]) <= 12 else 1440)
    return measure("minutes", span or 1440, text, match.start(), match.end(), "clock")


def _minute_of_day(hour: str, minute: str | None, half: str | None) -> int | None:
    h, m = int(hour), int(minute or 0)
    if h > 24 or m > 59:
        return None
    if half:
        h = h % 12 + (12 if half[0] in "pP" else 0)
    return 60 * h + m


def _sizes(text: str) -> list[Fact]:
    """Sizes and areas. "Another 16 sq cm" is one more of them, not an addition to the one before."""
    found: list[Fact] = []
    for match in found_in(_AREA, text):
        found += [measure("area_sq_cm", value, text, start, end) for value, start, end in _joined(text, match.start())]
        found.append(measure("area_sq_cm", value_of(match["n"]) or 0, text, match.start(), match.end()))
    for match in found_in(_SIZE, text):
        scale = {"m": 0.1, "i": 2.54}.get(match["unit"][0].lower(), 1.0) if match["unit"].lower() != "cm" else 1.0
        sides = [fraction_of(side) * scale for side in (match["n"], match["m"]) if side]
        label = _size_label(text, match)
        if len(sides) == 1:
            found += [measure("size_cm", n * scale, text, start, end, label) for n, start, end in _joined(text, match.start())]
        found.append(measure("size_cm", _across(sides, text, match), text, match.start(), match.end(), label))
        if len(sides) == 2:
            found.append(measure("area_sq_cm", sides[0] * sides[1], text, match.start(), match.end(), "computed"))
    found += _bare(text) if found else wounds_across(text)
    found = of_what(text, found)
    return [f.labelled("") if f.span.label == "additional" else f for f in found]


def _bare(text: str) -> list[Fact]:
    """Sizes and margins told without a unit beside a size that has one: they are centimetres, and less than one or a part of one."""
    told = ((match, match["n"] or match["m"]) for match in found_in(_BARE_MARGIN, text))
    sizes = [
        measure("size_cm", float(m["n"]), text, m.start(), m.end(), "excised" if "excised" in m.group().lower() else "")
        for m in found_in(_BARE_SIZE, text)
    ]
    return sizes + [
        measure("size_cm", value_of(written) or 0, text, match.start(), match.end(), "width" if match["n"] else "margins")
        for match, written in told
        if "." in written
    ]


def _across(sides: Sequence[float], text: str, match: re.Match[str]) -> float:
    """The longer side; of an ellipse the shorter one, since its tips are cut only so that the wound lies flat."""
    round_it = f"{text[max(0, match.start() - 40) : match.start()]}#{text[match.end() : match.end() + 30]}"
    return min(sides) if _ELLIPSE.search(round_it) else max(sides)


def _joined(text: str, end: int) -> list[tuple[float, int, int]]:
    """The numbers before a measure that share its unit, each with its place: "2, 3 and 5 cm"."""
    found: list[tuple[float, int, int]] = []
    while len(found) < _MOST_JOINED and (match := _SHARES_UNIT.search(text, max(0, end - 24), end)):
        found.append((value_of(match["n"]) or 0, match.start("n"), match.end("n")))
        end = match.start("n")
    return found[::-1]


def _size_label(text: str, match: re.Match[str]) -> str | None:
    """ "excised", "margins" or the "width" of a margin, by the words between the last number (or 40 characters back) and the unit's next few."""
    pieces = re.split(
        r"\d[^.]{0,3}[cm]m\b|[;.]\s|,\s(?=(?:then|and|the|wound|(?:\w+ )?(?:clos|repair)|defect|lesion|tumou?r))|\band\s(?=(?:then |the )?(?:clos|repair|sew|sutur|layered|intermediate|complex))",
        text[max(0, match.start() - 40) : match.start()],
    )
    own = _MARGIN_AFTER.match(pieces[-1]) if len(pieces) > 1 else None  # the margin behind another number is that number's
    before = pieces[-1][own.end() :] if own else pieces[-1]
    after = text[match.end() : match.end() + 30]
    if _EXCISED.search(before) or re.match(r"\s(?:including|counting)\s(?:the\s)?margins\b", after):
        return "excised"
    if _BETWEEN.match(after):
        return BETWEEN
    if rim := rim_of(text, match.end()):
        return rim
    return "width" if _MARGIN_AFTER.match(after) else "margins" if _MARGIN.search(before) else None


def _ages(text: str) -> list[Fact]:
    found = []
    for age in ages(text):
        found.append(measure("age", age.years, text, age.start, age.end, age.bound or age.unit))
        found.append(measure("age_days", age.days, text, age.start, age.end, age.bound or age.unit))
    return found


def _numbers(text: str, known: list[Fact]) -> list[Fact]:
    """Numbers that measure nothing known: "froze 5 AKs". What they count is for the reader of the words after them."""
    edges = {place for fact in known for place in range(fact.span.start, min(fact.span.end, fact.span.start + 12))}
    free = (
        match
        for match in found_in(A_NUMBER, text)
        if match.start() not in edges and not _NAMED.search(text, max(0, match.start() - 16), match.start())
    )
    return [
        measure("number", value, text, m.start(), m.end(), "")
        for m in free
        if (value := value_of(m.group())) is not None and value < 1000
    ]
