"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    WELL = "well"
    NOTE = "note"  # not wrong, and worth knowing
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str  # what was looked at: "mailbox coding: login"
    grade: Grade
    says: str  # one sentence
    do: str = ""  # what to do next; "" when there is nothing to do


def well(subject: str, says: str) -> Finding:
    return Finding(subject, Grade.WELL, says)


def note(subject: str, says: str, do: str = "") -> Finding:
    return Finding(subject, Grade.NOTE, says, do)


def wrong(subject: str, says: str, do: str) -> Finding:
    return Finding(subject, Grade.WRONG, says, do)
