"""Regions of the spine that a chiropractor adjusted, as many as a letter counts or names ("lumbar, sacral and the SI joint"), and
whether hands-on therapy of the same visit was given to one of them or elsewhere.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.vocabulary import Fact, Span

_OF_ADJUSTING = re.compile(
    r"\b(?:chiro\w*|cmt|dc|adjust(?:ed|s|ing|ments?)|manipulat\w+|flexion[- ]distraction|9894[0-3*])\b", re.IGNORECASE
)
#: The five regions, each by its names.
_REGIONS = tuple(
    (name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for name, words in (
        ("cervical", r"cervical|neck|c-?spine|c[1-7]"),
        ("thoracic", r"thoracic|mid-?[ -]?back|upper[ -]back|dorsal|t-?spine|t(?:1[0-2]|[1-9])"),
        ("lumbar", r"lumbar|low(?:er)?[ -]back|l-?spine|l[1-5]"),
        ("sacral", r"sacral|sacrum"),
        ("pelvic", r"pelvi[cs]|si(?: joints?)?|sacro-?iliac(?: joints?)?"),
    )
)
#: "C, T and L", "C/T/L/S".
_LETTERS = re.compile(r"\bC(?:[,/& -]+(?:and )?(?:T|L|S|P|SI)){1,4}\b")
#: What is told behind the word of adjusting, or else before it; the pain of the same letter may be elsewhere.
_VERB = r"(?:adjust(?:ed|s|ing|ments?)|manipulat(?:ed|es|ing|ions?)|cmt|flexion[- ]distraction)"
_HANDS_ON = (
    r"(?:manual (?:therapy|traction|work)|myofascial|mfr|soft[- ]tissue|trigger[- ]points?|massages?|massaged|97140|97112|97124)"
)
_BEHIND = re.compile(
    rf"\b(?:{_VERB}|treat(?:ed|s|ing)|did(?! {_HANDS_ON})|9894[0-2])\b(?: (?:to|of|at|in|on|for))?(?P<told>[^.?!;]{{3,140}})",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?P<told>[^.?!;]{3,100})\b(?:was|were|got|been) (?:all )?(?:adjusted|manipulated|treated)\b", re.IGNORECASE
)
_BEFORE = re.compile(rf"(?P<told>[^.?!;]{{3,80}})\b{_VERB}\b", re.IGNORECASE)
_COUNTED = re.compile(
    rf"\b(?:\d-(?P<k>\d)|(?P<n>{NUMBER}|single|both)(?: ?(?:-|to|or) ?(?P<m>{NUMBER}))?) (?:of the five )?(?:\w+ )?(?:regions?|areas?(?: of (?:the|her|his) spine)?)\b",
    re.IGNORECASE,
)
#: "Do I bill 98942 bc five areas?" is what the sender thinks; the places that the letter names tell more.
_BELIEVED = re.compile(
    r"\b(?:bc|because|since|cause|cuz)(?: (?:of|its|it's|it is|that is|that's|there are|we did|he did|she did))?(?: all)? $",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[^.;!?]{0,20}\?")
_THERAPY = re.compile(rf"\b{_HANDS_ON}\b", re.IGNORECASE)
#: Where what is told of the therapy ends: at a sentence, or where the adjusting is told.
_NEXT = re.compile(rf"[.?!;]|\b(?:{_VERB}|9894[0-3])\b", re.IGNORECASE)
_SPARED = re.compile(r"\b(?:can't|cannot|can not|couldn't|could not|not|didn't|without|never) (?:be |been )?$", re.IGNORECASE)
_REACH = 80  # characters behind the word of the therapy
_WORDS = {"single": 1.0, "both": 2.0}


def adjusted_regions(text: str) -> Iterator[Fact]:
    """One count of the regions, of a letter on adjusting the spine; what is counted goes before what is named."""
    if not _OF_ADJUSTING.search(text):
        return
    for counted in found_in(_COUNTED, text):
        told = counted["k"] or counted["m"] or counted["n"]
        number = _WORDS.get(told.lower()) or value_of(told) or 0.0
        believed = _BELIEVED.search(text, 0, counted.start()) and _ASKED.match(text, counted.end())
        if 0 < number <= len(_REGIONS) and not believed:
            yield measure("regions", number, text, counted.start(), counted.end(), "regions")
            return
    told = (_named(match) for pattern in (_PASSIVE, _BEHIND, _BEFORE) for match in found_in(pattern, text))
    number, start, end = next((row for row in told if row[0]), (0, 0, 0))
    if number:
        yield measure("regions", float(number), text, start, end, "regions")


def _named(told: re.Match[str]) -> tuple[int, int, int]:
    """How many regions a stretch names, and its place."""
    start, end = told.span("told")
    if told.re is _BEHIND:
        end = min(end, _ends(_THERAPY, told.string, start))
    if letters := _LETTERS.search(told.string, start, end):
        return len(re.findall(r"[CTLSP]I?", letters.group())), *letters.span()
    named = [found for _, words in _REGIONS if (found := words.search(told.string, start, end))]
    return len(named), min((found.start() for found in named), default=start), end


def region_of_therapy(text: str) -> Iterator[Fact]:
    """ "adjusted" or "other": where manual therapy, massage or re-education was given beside an adjustment, by the names of regions.

    A letter that names no region for one of the two, or some of each, tells nothing.
    """
    therapies = list(found_in(_THERAPY, text))
    if not therapies or not _OF_ADJUSTING.search(text):
        return
    worked = set().union(*(_names(text, m.end(), min(m.end() + _REACH, _ends(_NEXT, text, m.end()))) for m in therapies))
    adjusted = next(filter(None, map(_adjusted, found_in(_BEHIND, text))), set())
    if worked and adjusted and (worked <= adjusted or not worked & adjusted):
        place = therapies[0]
        yield Fact("therapy_region", "adjusted" if worked <= adjusted else "other", Span(*place.span(), place.group()))


def _adjusted(told: re.Match[str]) -> set[str]:
    """The regions behind a word of adjusting, up to the word of the therapy; none of what could not be adjusted."""
    if _SPARED.search(told.string, max(0, told.start() - 20), told.start()):
        return set()
    start, end = told.span("told")
    return _names(told.string, start, min(end, _ends(_THERAPY, told.string, start)))


def _names(text: str, start: int, end: int) -> set[str]:
    letters = found.group() if (found := _LETTERS.search(text, start, end)) else ""
    return {name for name, words in _REGIONS if words.search(text, start, end) or name[0].upper() in letters}


def _ends(pattern: re.Pattern[str], text: str, start: int) -> int:
    return found.start() if (found := pattern.search(text, start)) else len(text)
