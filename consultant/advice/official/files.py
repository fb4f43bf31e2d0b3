"""The official files of the book as the rules ask them: fee schedule, unit limits, procedure pairs, and for which day they speak.

A book may lack the file of the day. Then the nearest release stands in, and `Asked.gap` is the sentence that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from consultant.advice.sheet import Sheet, record_source, release_source
from consultant.codebook.edits import Edit, Mue
from consultant.codebook.fees import Fee, Payment
from consultant.vocabulary import Source, System

_LEARNED = {"pctc": "pc_tc"}  # columns that records know by another name
MOST_CODES = 6  # 15 pairs: a letter that names more asks for a table, not for a sentence each


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the fee schedule, where it stands, and what must be said of its day ("" when it is the day's own release)."""

    payment: Payment
    source: Source
    gap: str

    @property
    def fee(self) -> Fee:
        return self.payment.fee


def schedule(sheet: Sheet, code: str, modifier: str = "", locality: str = "national", *, facility: bool = False) -> Asked | None:
    """The fee schedule's row of a code on the day, or of the release nearest to it; None when the book has none."""
    on = sheet.findings.on
    for day in _days(sheet, "pfs", on):
        found = sheet.book.payment(code, modifier, locality, day, facility=facility)
        if found:
            source = release_source(sheet.book, found.fee.source)
            gap = "" if day == on else f"The fee schedule of {on.isoformat()} is not in this book: {source.version} was used."
            return Asked(found, source, gap)
    return None


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a column of the fee schedule holds for a code, where that stands, and what must be said of its day."""

    value: str
    source: Source
    gap: str = ""


def indicator(sheet: Sheet, code: str, column: str) -> Indicator | None:
    """By the schedule's row of the code, else as its record has learned it; None when neither knows."""
    if row := schedule(sheet, code):
        return Indicator(row.fee.indicators[column], row.source, row.gap)
    record = sheet.book.starter(code)
    learned = record.facts.get(_LEARNED.get(column, column)) if record else None
    return Indicator(str(learned), record_source(sheet.book, code)) if learned else None


def limit(sheet: Sheet, code: str, setting: str = "practitioner") -> tuple[Mue, Source] | None:
    """The unit limit of a code by the newest snapshot that had begun on the day."""
    found = sheet.book.mue(code, sheet.findings.on, setting)
    return (found, release_source(sheet.book, found.source)) if found else None


def most_units(sheet: Sheet, code: str) -> tuple[int | None, int, Source]:
    """The limit of a code, its indicator and where that stands: the official file of the day, else our own record."""
    if official := limit(sheet, code):
        return official[0].units, official[0].mai, official[1]
    record = sheet.book.starter(code)
    most = record.facts.get("mue") if record else None
    indicator = int(record.facts.get("mue_mai", 0)) if record else 0
    return most if isinstance(most, int) else None, indicator, record_source(sheet.book, code)


def pairs(sheet: Sheet, codes: Iterable[str]) -> list[Edit]:
    """The practitioner pairs in force among the codes, each once."""
    listed = list(dict.fromkeys(codes))[:MOST_CODES]
    joined = ((a, b) for at, a in enumerate(listed) for b in listed[at + 1 :])
    found = (edit for a, b in joined for edit in sheet.book.edits(a, b, sheet.findings.on))
    return [edit for edit in found if edit.in_force and edit.setting == "practitioner"]


def pair_release(sheet: Sheet) -> tuple[Source, str] | None:
    """The newest release of practitioner pairs, and what must be said when the day lies after it."""
    held = [s for s in sheet.book.sources if s.id.startswith("ncci-ptp-practitioner")]
    if not held:
        return None
    newest = max(held, key=lambda s: (s.valid_to or date.min, s.id))
    on = sheet.findings.on
    late = newest.valid_to is not None and on > newest.valid_to
    gap = (
        f"The newest NCCI pairs in this book end on {newest.valid_to}: the quarter of {on.isoformat()} was not checked."
        if late
        else ""
    )
    return release_source(sheet.book, newest.id), gap


def procedures(sheet: Sheet) -> list[str]:
    """The procedure and supply codes that the letter names, then those of the answer."""
    wanted = (*named(sheet), *sheet.lines)
    return [code for code in dict.fromkeys(wanted) if sheet.systems.get(code) in (System.CPT, System.HCPCS)]


def named(sheet: Sheet) -> list[str]:
    """The codes that the letter names, in its order, modifiers and places left out; the ends of a range don't count."""
    kept = [c for c in sheet.candidates("named") if "range" not in c.facts]
    places = {c.code: min(span.start for span in c.spans_of("named")) for c in kept}
    return sorted((c.code for c in kept if c.system not in (System.MODIFIER, System.POS)), key=lambda code: places[code])


def global_days(sheet: Sheet, code: str) -> str:
    """The global period of a code by its record: "000", "010", "090" …; "" where the record tells none."""
    record = sheet.book.starter(code)
    return str(record.facts.get("global_days", "")) if record else ""


def _days(sheet: Sheet, kind: str, on: date) -> list[date]:
    """The day, then a day in each release of that kind, the nearest first."""
    held = [s for s in sheet.book.sources if s.id.partition("-")[0] == kind and s.valid_from and s.valid_to]
    nearest = sorted(held, key=lambda s: (_distance(on, s.valid_from, s.valid_to), s.id))
    return [on, *(s.valid_from for s in nearest if s.valid_from)]


def _distance(on: date, first: date | None, last: date | None) -> timedelta:
    if first is None or last is None:
        return timedelta.max
    return max(first - on, on - last, timedelta(0))
