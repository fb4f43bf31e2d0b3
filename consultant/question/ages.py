"""How old the patient is."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from consultant.question.amounts.numbers import NUMBER, value_of

_MAX = 120
_OLDEST = 110
_DAYS = {"y": 365.25, "m": 30.4375, "w": 7.0, "d": 1.0}
_PERSON = r"(?:adult|woman|man|male|female|lady|gentleman|patient|pt|boy|girl|child|kid|son|daughter|toddler|teen(?:ager)?)"
_OWN = r"(?:adult|woman|man|male|female|lady)"
#: A number with its unit is an age before "old", "y/o", "yo", "y.o.", "of age", "well" or a yearly check, and behind who it is of.
_AGE = re.compile(
    rf"(?P<n>{NUMBER})[\s-]?(?P<unit>years?|yrs?|months?|mths?|mos?|m(?=\s(?:old|wc[cv]|well)\b)|weeks?|wks?|days?|y(?!\w*\d))(?:[\s-]old|/o|\.?o\b|\sof age\b|(?=[\s-](?:well|wc[cv])\b)"
    r"|(?=\s(?:shots|vaccines|vaccinations|immuni[sz]ations)\b)"
    r"|(?:(?<=[ -]year)|(?<=[ -]yr))(?=[\s-](?:check|physical|wellness|vaccines|shots)(?![^.;,\n]{0,12}\b(?:after|post|since|from|following)\b)))"
    rf"|\b(?:aged?|age of|(?:{_PERSON}|baby|infant) (?:of|aged|is)) (?P<young>{NUMBER})[\s-](?P<small>months?|mths?|mos?|weeks?|wks?|days?)\b(?! (?:post|after|out|status|since|into|ago|later))"
    # "annual physical, 52, established"
    r"|\b(?:physical|check-?up|wellness|preventive|well woman|annual|yearly|est\w{0,9}|new)\b[^.;:,\d\n]{0,30}, (?P<lone>\d{1,2})(?=[,.;?](?!\d)|$| (?:est\w{0,9}|new|commercial|medicare)\b)"
    rf"|\b(?:aged?|age of|(?:teen\w{{0,5}}|boy|girl|child|kid|man|woman|lady) (?:of|aged)|(?:{_OWN},?|{_PERSON},)(?=\s\d{{2}}(?:[,.;)]|\s(?:with|has|had|who|here|gets|got|came|is|was)\b|$)))\s(?P<bare>\d{{1,3}})(?!\w|\s?-?\d)"
    rf"|\b{_PERSON} \((?P<held>\d{{2}})(?: ?[mf])?\)",
    re.IGNORECASE,
)
#: "18-month checkup", where the letter is of a child.
_CHECK_UP = re.compile(
    rf"(?P<n>{NUMBER})[\s-](?P<unit>months?|mos?)[\s-](?:check-?ups?|check up|physical|visit|exam|check(?! (?:on|of|for|after|post)\b))\b",
    re.IGNORECASE,
)
_OF_A_CHILD = re.compile(
    r"\b(?:toddlers?|bab(?:y|ies)|infants?|child\w{0,4}|kids?|m-?chat|asq|vaccin\w+|shots|pediatric\w*|peds|newborn|well[ -](?:child|baby|visit))\b",
    re.IGNORECASE,
)
#: "Established patient 45 years", "new pt, 42 yrs": years behind who they are of, and of nothing else.
_YEARS = re.compile(
    rf"\b{_PERSON},?\s(?P<n>{NUMBER})[\s-]?(?:years|yrs?)(?![\s-](?:\w+[\s-])?(?:after|post|ago|of|since|from|later|out|history|status|follow|smok)\w*|\w)",
    re.IGNORECASE,
)
#: "The boy is eight", "she is 12, established": a number alone, where nothing behind it measures something else.
_IS = re.compile(
    rf"\b(?:boy|girl|child|kid|son|daughter|toddler|teen|patient|pt|man|woman|s?he) is (?:now |only )?(?P<n>{NUMBER})(?=[,.;:)]|$| (?:and|now|but|with|so|or)\b)",
    re.IGNORECASE,
)
#: "45 F established", "72M here for": a sex in a capital letter behind a number, never the gauge of a tube or a temperature.
_LETTERED = re.compile(
    r"(?<![\d.] )(?<![\d.])\b(?P<n>\d{1,2}) ?[FM],? (?=(?:est|new\b|here\b|presents?\b|comes?\b|came\b|pt\b|patient\b|commercial|[Mm]edica|annual|physical|seen\b|in for\b|for (?:annual|physical|a physical|awv|AWV|wellness)))"
)
#: "Turned 18 last week", "a physical at 38", "new adult 52, annual".
_BEHIND = r"(?=[,.;:?)](?!\d)|$| (?:last|this|in|on|and|but|with|so|yesterday|today|annual|physical|preventive|commercial|medicare|medicaid)\b)"
_TURNED = re.compile(
    rf"\b(?:turn(?:ed|s|ing)|(?:physical|check-?up|(?:wellness|preventive|well) (?:visit|exam|check)) at(?: age)?|(?:new|est\w{{0,9}}) (?:adult|patient|pt),?)"
    rf" (?P<n>\d{{1,3}}){_BEHIND}",
    re.IGNORECASE,
)
#: "A child under 12", "patients over 65": a limit of years.
_LIMIT = re.compile(
    r"\b(?:child|children|kids?|patients?|pts?|boys?|girls?|teens?|infants?|adults?|anyone|those|someone|somebody|he|she|they|son|daughter)"
    rf" (?:is |was |are |who is |who are |aged? )?(?P<how>under|below|younger than|less than|over|above|older than|at least) (?:age )?(?P<n>{NUMBER})"
    r"(?! ?(?!y(?:ea)?rs?\b|yo\b|y/o|and\b|with\b|for\b|who\b|is\b|in\b|at\b|so\b|has\b|had\b|but\b|by\b|got\b|gets\b)[a-z%/$])",
    re.IGNORECASE,
)
_OR_OLDER = re.compile(r"(?: ?(?:years?|yrs?))?(?: of age)? (?:or|and) (?:older|over|up|above)\b", re.IGNORECASE)
_YOUNGER = re.compile(r"\b(?:under|younger than|less than|below) $", re.IGNORECASE)
_UNDER = ("under", "below", "younger", "less")
_BACK_THEN = re.compile(r"\b(?:at|since|from|before|until) $", re.IGNORECASE)


class Age(NamedTuple):
    """An age of the text: its years (whole, an infant is 0), its days, the unit it is told in, its place.

    `bound`: "under" or "least" where it is a limit, else "".
    """

    years: float
    days: int
    unit: str
    start: int
    end: int
    bound: str = ""


def ages(text: str) -> list[Age]:
    """Every age; what somebody had "at age four" only where the letter tells no other."""
    limits = list(_limits(text))
    once = {age.end: age for age in (*_bare(text), *_checked_up(text), *_told(text))}
    kept = [age for age in once.values() if not any(age.start < limit.end and limit.start < age.end for limit in limits)]
    found = [*limits, *kept]
    now = [age for age in found if not _BACK_THEN.search(text, max(0, age.start - 8), age.start)]
    return sorted(now or found, key=lambda age: age.start)


def _told(text: str) -> Iterator[Age]:
    for match in islice(_AGE.finditer(text), _MAX):
        number = value_of(match["bare"] or match["held"] or match["young"] or match["lone"] or match["n"]) or 0
        unit = (match["unit"] or match["small"] or "year").lower()
        years = number if unit[0] == "y" else number // 12 if unit[0] == "m" else 0.0
        kind = "years" if unit[0] == "y" else unit.rstrip("s")
        days = next(n for stem, n in _DAYS.items() if unit.startswith(stem))
        yield Age(years, round(number * days), kind, match.start(), match.end(), _bound(text, match.start(), match.end()))


def _checked_up(text: str) -> Iterator[Age]:
    for match in islice(_CHECK_UP.finditer(text), _MAX) if _OF_A_CHILD.search(text) else ():
        months = value_of(match["n"]) or 0
        yield Age(months // 12, round(months * _DAYS["m"]), "month", match.start(), match.end())


def _bare(text: str) -> Iterator[Age]:
    for match in (found for pattern in (_IS, _YEARS, _TURNED, _LETTERED) for found in islice(pattern.finditer(text), _MAX)):
        years = value_of(match["n"]) or 0
        if years <= _OLDEST:
            start, end = match.start("n"), match.end()
            yield Age(years, round(years * _DAYS["y"]), "years", start, end, _bound(text, start, end))


def _limits(text: str) -> Iterator[Age]:
    for match in islice(_LIMIT.finditer(text), _MAX):
        years = value_of(match["n"]) or 0
        bound = "under" if match["how"].lower().startswith(_UNDER) else "least"
        if years <= _OLDEST:
            yield Age(years, round(years * _DAYS["y"]), "years", match.start("n"), match.end(), bound)


def _bound(text: str, start: int, end: int) -> str:
    if _YOUNGER.search(text, max(0, start - 16), start):
        return "under"
    return "least" if _OR_OLDER.match(text, end) else ""
