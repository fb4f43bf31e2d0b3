"""Conduction studies that a letter tells by their nerves: "right median and ulnar motor", "sensory: sural, radial"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.vocabulary import Fact

_KIND = r"(?:motors?|sensor(?:y|ies)|mixed)"
_JOINED = r"(?:, ?(?:and |plus )?| and | & | plus | ?/ ?| ?\+ ?)"
_SIDE = r"(?:bilateral|bilat|b/l|both|left and right|right and left|right|left|rt|lt|r|l)"
_NERVE = (
    rf"(?:(?:the )?{_SIDE} )?(?:(?:common|deep|superficial|posterior|medial|lateral|dorsal) )?"
    r"(?:median|ulnar|radial|peroneal|fibular|tibial|sural|femoral|facial|axillary|saphenous|plantar|musculocutaneous|antebrachial"
    r"|accessory)s?(?: cutaneous)?(?: nerves?)?"
)
_SIDED = r"(?P<sided>,? (?:on )?(?:both (?:sides|legs|arms)|bilaterally|right and left|left and right))"
_KINDS = rf"{_KIND}(?:(?: and |/|, | & ){_KIND})*"
_NERVES = rf"{_NERVE}(?:{_JOINED}{_NERVE}){{0,9}}"
#: "Median motor with F wave, ulnar motor and sensory", "motor studies of the median and ulnar nerves", "an H reflex".
_STUDIED = re.compile(
    rf"\b(?:(?P<nerves>{_NERVES}) (?P<kinds>{_KINDS}){_SIDED}?"
    rf"|(?P<first>{_KINDS})(?: nerves?)?(?: conductions?)?(?: stud(?:y|ies)| ncs| responses?)?(?: of| on| for|:)?(?: the)? (?P<behind>{_NERVES})"
    rf"|(?P<pure>{_SIDE} surals?)(?= ?(?:[,;.+&/)]|and\\b|plus\\b|$))"
    rf"|(?P<sole>surals?){_SIDED.replace('sided', 'soled')}"
    r"|(?P<reflex>h[- ]?reflex|h[- ]wave))\b",
    re.IGNORECASE,
)
_ONE = re.compile(_NERVE, re.IGNORECASE)
_A_KIND = re.compile(_KIND, re.IGNORECASE)
_BOTH = re.compile(
    r"\b(?:bilat(?:eral\w{0,2})?|b/l|both|each (?:side|arm|leg|limb)|left and right|right and left)\b", re.IGNORECASE
)
_A_SIDE = re.compile(rf"(?:the )?{_SIDE}\b", re.IGNORECASE)
_CONDUCTION = re.compile(r"\bconduction\b|\bnc[sv]\b|\bemg\b", re.IGNORECASE)
MIN_STUDIES = 2  # studies that make a list


def named_studies(text: str) -> Iterator[Fact]:
    """One count of the studies that the letter lists by their nerves, each kind of each nerve once, an H reflex once more.

    Twice as many where both sides are told of the whole list, or of the nerve where each tells its side; none where some tell
    theirs inside the list. A sural nerve is told without its kind, since it has one only.
    """
    listed = list(found_in(_STUDIED, text))
    told = [match for match in listed if not match["reflex"]]
    nerves = [(_with_side(one, m), len(_A_KIND.findall(m["kinds"] or m["first"] or "")) or 1) for m in told for one in _each(m)]
    if not nerves or (len(nerves) < MIN_STUDIES and not _CONDUCTION.search(text)):
        return
    each = [2 if _BOTH.search(nerve) else 1 if _A_SIDE.match(nerve) else 0 for nerve, _ in nerves]
    own = [bool(_BOTH.search(nerve)) for nerve, _ in nerves]
    if own[-1] and not any(each[:-1]):  # behind the last one it is of the whole list: "median and ulnar motor on both sides"
        each, own = [2] * len(nerves), [False] * len(nerves)
    behind_the_first = bool(told[0]["sided"]) and len(told) > 1
    inside = behind_the_first or any(own[1:]) or _BOTH.search(text, told[0].end(), told[-1].start())
    if inside and not all(each):
        return
    sides = each if inside else [2 if _BOTH.search(text) else 1] * len(nerves)
    studies = sum(side * kinds for side, (_, kinds) in zip(sides, nerves, strict=True)) + (len(listed) > len(told))
    if studies >= MIN_STUDIES:
        yield measure("count", float(studies), text, listed[0].start(), listed[-1].end(), "studies")


def _each(match: re.Match[str]) -> Iterator[re.Match[str]]:
    return _ONE.finditer(match["nerves"] or match["behind"] or match["pure"] or match["sole"])


def _with_side(nerve: re.Match[str], match: re.Match[str]) -> str:
    """The nerve with the sides that stand behind it or its kind: "peroneal motor both sides, sural bilaterally"."""
    return nerve.group() + (match["sided"] or match["soled"] or "")
