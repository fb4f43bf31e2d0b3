"""Minutes that a therapist's assistant worked alone: "PTA 13 min therex, PT 22 min manual"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from consultant.question.reach import since
from consultant.vocabulary import Fact

_REACH = 60  # characters between who worked and the minutes
_STOP = re.compile(r"[.;\n](?!\d)")
_ASSISTANT = (
    r"\b(?:ptas?|c?otas?|(?:physical |occupational )?therap(?:y|ist)(?:'s)? assistants?|(?<!not an )(?<!no )assistants?)\b"
)
#: In small letters "pt" is the patient, unless it is told what the pt did, or how long.
_THERAPIST = (
    r"\b(?:(?-i:PTs?|OTs?|SLPs?)|(?:pt|ot)(?= (?:did|does|gave|spent|then|\d))|(?:physical |occupational )?therapists?)\b"
)
_WHO = re.compile(rf"(?P<assistant>{_ASSISTANT})|(?P<therapist>{_THERAPIST})", re.IGNORECASE)
_BY = re.compile(
    rf"[^.,;\d]{{0,40}}?\b(?:by|with) (?:the |an? |her |his |our )?(?:(?P<assistant>{_ASSISTANT})|{_THERAPIST})", re.IGNORECASE
)
_WORKER = re.compile(_THERAPIST, re.IGNORECASE)
_QUARTER, _MOST_UNITS = 15, 8  # minutes of a unit; no day of one patient has more units of one code
_HELPER = re.compile(_ASSISTANT, re.IGNORECASE)
#: Minutes that are not told of each of the two by themselves.
_TOGETHER = re.compile(r"\bthe rest\b|\btogether\b|\bjointly\b|\bco-?treat", re.IGNORECASE)


def worked_units(text: str, found: Sequence[Fact]) -> list[Fact]:
    """ "1 unit of manual therapy, the assistant 1 more of exercise": each unit as its quarter of an hour, where a letter on a
    therapist and an assistant tells no minutes.
    """
    if any(fact.dimension == "minutes" for fact in found) or not (_HELPER.search(text) and _WORKER.search(text)):
        return []
    told = {fact.span.start: fact for fact in found if fact.dimension == "units" and 0 < float(fact.value) <= _MOST_UNITS}
    return [Fact("minutes", _QUARTER * float(fact.value), replace(fact.span, label="")) for fact in told.values()]


def helped(text: str, minutes: Sequence[Fact]) -> list[Fact]:
    """For each of the minutes that an assistant worked, a fact "assistant" at their place: minutes told by who worked them."""
    if not _HELPER.search(text) or _TOGETHER.search(text):
        return []
    told = (fact for fact in minutes if fact.dimension == "minutes" and _by_assistant(text, fact))
    return [Fact("assistant", fact.value, fact.span) for fact in told]


def _by_assistant(text: str, fact: Fact) -> bool:
    behind = _BY.match(text, fact.span.end)
    if behind:
        return bool(behind["assistant"])
    begin = since(_STOP, text, fact.span.start, max(0, fact.span.start - _REACH))
    before = [*_WHO.finditer(text, begin, fact.span.start)]
    return bool(before and before[-1]["assistant"])
