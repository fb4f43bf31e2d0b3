"""Modifiers and places of service named on their own: "modifier 59", "modifiers 54 and 55", "put 62 on …", "RT/LT", "POS 22"."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from consultant.vocabulary import NamedCode, Span, System

#: The numeric modifiers in use; a two-digit number that is none of them is a number.
_NUMERIC = """
22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92 93 95 96
97 99
"""
NUMERIC = frozenset(_NUMERIC.split())
#: Two letters that are English words; as modifiers they must be written in capitals in a text that is not all capitals.
_ENGLISH = frozenset(
    (
        "AM",
        "AN",
        "AS",
        "AT",
        "BE",
        "BY",
        "DO",
        "GO",
        "HE",
        "IF",
        "IN",
        "IS",
        "IT",
        "ME",
        "MY",
        "NO",
        "OF",
        "ON",
        "OR",
        "SO",
        "TO",
        "UP",
        "US",
        "WE",
    )
)
_MAX = 60

_ONE = r"[-–]?(?:\d{2}|[A-Za-z][A-Za-z0-9])(?!\w)"
_AFTER = re.compile(
    rf"\b(?:modifiers?|mods?\.?)\s(?:code\s)?(?P<list>\(?{_ONE}(?:\s?(?:,|/|&|and|or|and/or|,\s?and|,\s?or)\s?{_ONE}){{0,5}})",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?<![\w.$-])(?P<list>{_ONE}(?:\s?(?:/|&|and|or|,)\s?{_ONE}){{0,3}})\s(?:modifiers?|mods?)\b")
_DASHED = re.compile(r"(?<![\w.,)\]–-])[-–](?P<list>\d{2}|[A-Z][A-Z0-9])(?![\w.-]|\.\d)")
_SIDES = re.compile(r"(?<![\w-])(?P<list>RT\s?/\s?LT|LT\s?/\s?RT|RT|LT|X[EPSU]|TC)(?![\w-])")
_VERB = re.compile(
    r"\b(?:append|put|add|attach|use|with|needs?|carr(?:y|ies|ied)|bill with)(?:ing|ed|s)?\s(?:a\s|an\s|the\s)?(?P<list>\d{2})"
    r"(?=\s(?:on|to|for|or|and|instead|as|appended|modifier|just|because|when|if|here|since)\b|[?.,;)\n]|$)",
    re.IGNORECASE,
)
#: "Is 59 put on column two?", "25 or 57?", a lone "57?": numbers of modifiers that ask for no unit.
_ASKED = re.compile(
    r"\b(?:is|does|can|do|was|should|would|whether|why)\s(?P<list>\d{2})"
    r"(?=\s(?:put|needed|required|allowed|appropriate|enough|right|correct|denied|goe?s?|also|still|used"
    r"|appended|on the|ok|okay|fine)\b)"
    r"|(?<![\w.$/-])(?P<pair>\d{2}\s(?:or|vs\.?|versus)\s\d{2}|(?<=[.!?;:] )\d{2})(?=\s?\?)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:POS|place of service)\s(?:code\s)?(?P<n>\d{2})(?!\d)", re.IGNORECASE)
_TOKEN = re.compile(r"\d{2}|[A-Za-z][A-Za-z0-9]")


def read_modifiers(text: str, taken: list[Span]) -> list[NamedCode]:
    """Modifiers written `-59` and places of service written `POS-22`, each once per place, in the order of the text."""
    shouting = text.isupper()
    edges = sorted((s.start, s.end) for s in taken)
    found: dict[int, NamedCode] = {}
    for pattern in (_AFTER, _BEFORE, _DASHED, _SIDES, _VERB, _ASKED):
        for match in islice(pattern.finditer(text), _MAX):
            for start, code in _listed(match, shouting):
                if start not in found and not _covered(start, edges):
                    found[start] = NamedCode(
                        f"-{code}", System.MODIFIER, Span(start, start + 2, text[start : start + 2], "named")
                    )
    for match in islice(_PLACE.finditer(text), _MAX):
        found[match.start()] = NamedCode(f"POS-{match.group('n')}", System.POS, Span(*match.span(), match.group(), "named"))
    return [found[start] for start in sorted(found)]


def _listed(match: re.Match[str], shouting: bool) -> list[tuple[int, str]]:
    listed = []
    group = "list" if match.group("list") else "pair"
    for token in _TOKEN.finditer(match.group(group)):
        written = token.group()
        if _is_modifier(written, shouting):
            listed.append((match.start(group) + token.start(), written.upper()))
    return listed


def _is_modifier(written: str, shouting: bool) -> bool:
    if written.isdigit():
        return written in NUMERIC
    if written.upper() in _ENGLISH:
        return written.isupper() and not shouting and written in ("AS", "AT")
    return written.isupper() or (written[0].isalpha() and written[1].isdigit())


def _covered(place: int, edges: list[tuple[int, int]]) -> bool:
    at = bisect_right(edges, (place, 1 << 30))
    return any(start <= place < end for start, end in edges[max(0, at - 3) : at])
