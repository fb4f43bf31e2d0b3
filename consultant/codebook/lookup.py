"""What a lookup says of a code: the record, whether it may be billed, and where that is known from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from consultant.codebook.schema import SourceInfo, day
from consultant.codebook.sources.ncci_addon import CONTRACTOR
from consultant.vocabulary import CodeRecord, Hit, Note, System


class Standing(StrEnum):
    BILLABLE = "billable"
    HEADER = "header"  # a heading: a code below it must be chosen
    NOT_YET = "not yet valid"
    ENDED = "ended"
    UNKNOWN = "unknown"  # written like a code, not in the book
    NO_CODE = "no code"  # not written like a code of any system


@dataclass(frozen=True, slots=True)
class Child:
    code: str
    title: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Lookup:
    """The answer to "what is this code?". `status` is a sentence fit for a letter."""

    asked: str  # as it was written
    code: str  # normalised; "" when no system writes its codes like that
    system: System | None
    standing: Standing
    status: str
    record: CodeRecord | None = None
    above: tuple[tuple[str, str], ...] = ()  # (code, title): chapter, section, category … from the top
    children: tuple[Child, ...] = ()
    notes: tuple[Note, ...] = ()
    addons: tuple[str, ...] = ()  # add-on codes that may join this one
    addon_parents: tuple[str, ...] = ()  # codes that this add-on may join; CCCCC: those that the payer lists
    successors: tuple[str, ...] = ()  # of a code that ended: what took its place, as far as the files tell
    nearest: tuple[Hit, ...] = ()  # for a code that is not in the book
    on: date | None = None

    @property
    def joins(self) -> tuple[str, ...]:
        """The codes by name that this add-on may join."""
        return tuple(code for code in self.addon_parents if code != CONTRACTOR)

    @property
    def joins_what_the_payer_lists(self) -> bool:
        return CONTRACTOR in self.addon_parents


def standing_of(record: CodeRecord, on: date) -> Standing:
    """Whether the code may be billed on the day, by the dates of its record."""
    if record.ended and record.ended < on:
        return Standing.ENDED
    if record.effective and record.effective > on:
        return Standing.NOT_YET
    return Standing.BILLABLE if record.billable else Standing.HEADER


def status(record: CodeRecord, standing: Standing, source: SourceInfo, on: date) -> str:
    """A sentence or two: what the code is, by which source, and what that source does not say of the day."""
    what = {
        Standing.BILLABLE: f"{record.code} is {'a valid, billable code' if record.official else 'in use'}",
        Standing.HEADER: f"{record.code} is a heading and can't be billed: a code under it must be chosen",
        Standing.ENDED: f"{record.code} ended on {spoken(record.ended)}",
        Standing.NOT_YET: f"{record.code} is valid from {spoken(record.effective)}, not yet on {spoken(on)}",
    }[standing]
    if not record.official:
        own = f"{what}, as far as our own summary goes ({source.title}, {source.version})."
        return f"{own} No official file of {record.system} is in this book."
    return f"{what}, as of the {source.title}.{_outside(source, on)}"


def unknown(code: str, system: System | None, titles: tuple[str, ...]) -> str:
    """What is said of a code that the book has not."""
    if system is None:
        return "This is not written like a code of any system in the book."
    article = "an" if system in {System.ICD10CM, System.ICD10PCS} else "a"
    held = " and ".join(titles) or "which is empty"
    return f"{code} is written like {article} {system} code, but it is not in this book ({held})."


def spoken(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "a date that is not told"


def _outside(source: SourceInfo, on: date) -> str:
    if source.valid_from is None or source.valid_to is None or source.valid_from <= on <= source.valid_to:
        return ""
    return (
        f" That release is for {spoken(source.valid_from)} to {spoken(source.valid_to)}; {spoken(on)} lies outside it, "
        "so check the release in force on that day."
    )


def in_force(effective: str | None, ended: str | None, on: date) -> bool:
    """Was a row of the book with these days in force on that one?"""
    first, last = day(effective), day(ended)
    return (first is None or first <= on) and (last is None or on <= last)
