"""Minutes (and sizes) of a letter that were spent on something else than the work a family counts, and those that are its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from consultant.classifier.hearing.heard import JOINT
from consultant.classifier.hearing.words import Hit, Reading
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Fact, Question

_FAR = 60  # characters between minutes and what they were spent on
#: "43 minutes apart from procedures": minutes of everything but that.
_BUT_FOR = re.compile(
    r"\b(?:apart from|exclusive of|exclud(?:ing|es)|outside(?: of)?|separate(?:ly)? from|besides|without"
    r"|not (?:counting|including))(?: (?:any|all|the|his|her|other|billable|separate(?:ly)?|billed)){0,3} $"
)
#: How a table names what a visit's level was chosen by: its time, or only its decisions, as beside minutes of another service.
_BASIS, _TIME, _BESIDE = "basis", "time", "beside psychotherapy"
#: Beside psychotherapy a visit never goes by time.
_THERAPY = re.compile(r"therap|9083[368]", re.IGNORECASE)


def spent_apart(family: Family, facts: Iterable[Fact], reading: Reading) -> list[Fact]:
    """The minutes (or sizes) that the letter says were of what a word of `less` names: another service, a note, a wait.

    Nothing was spent on what there was not ("without E/M 45 minutes"), unless it is said of a part.
    """
    return [f for f in facts if any(is_of(hit, f, reading) for hit in reading.spoken(family.less))]


def is_of(hit: Hit, fact: Fact, reading: Reading) -> bool:
    """Are the minutes said of the word: near it when they are a part of others, else in the same piece of the sentence?"""
    start, end = reading.place(fact.span)
    if fact.span.label == "part":
        return abs(hit.start - start) <= _FAR
    if hit.negated and hit.end <= start:
        return False
    if hit.start >= end and _BUT_FOR.search(reading.whole, max(0, hit.start - _FAR), hit.start):
        return False
    return not JOINT.search(reading.whole, min(hit.end, end), max(hit.start, start)) and abs(hit.start - start) <= _FAR


def by_own_time(family: Family, told: Mapping[str, str], question: Question, reading: Reading) -> dict[str, str]:
    """A visit beside a talk of advance care planning goes by time where the letter gives it minutes of its own ("40 minutes of
    visit, 20 of planning"); where the only minutes are those of the talk, by its decisions."""
    values = told.get(_BASIS, "").split("|")
    if _BESIDE not in values or _THERAPY.search(reading.whole):
        return {}
    spent = [f for f in question.facts if f.dimension == "minutes" and not f.negated]
    others = spent_apart(family, spent, reading)
    own = any(f not in others and f.span.label != "taken" for f in spent)
    return {_BASIS: "|".join([*(value for value in values if value != _BESIDE), _TIME])} if own else {}
