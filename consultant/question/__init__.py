"""The question in a letter: codes named, facts with their places, payer, dates, doubts, and marks of a patient's identity.

`read` runs in linear time on hostile text: every pattern is bounded, and so is the number of things that are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from consultant.question.amounts.measures import read_measures
from consultant.question.body.digits import read_digits
from consultant.question.body.feet import read_feet
from consultant.question.body.pieces import named_pieces
from consultant.question.body.regions import region_of_therapy
from consultant.question.circumstances import dates_of, payer_of, read_circumstances
from consultant.question.codes import read_codes, units_behind
from consultant.question.doing import read_doing
from consultant.question.flow import Flow, flow
from consultant.question.localities import read_localities
from consultant.question.overcome import read_overcome
from consultant.question.privacy.marks import read_phi
from consultant.question.privacy.veil import MAX_SHOWN, kinds, kinds_in, mask, mask_html, mask_subject, masked, patients, veiled
from consultant.question.relations import read_relations
from consultant.question.scopes import mark, read_scopes
from consultant.question.slips import read_slips
from consultant.question.trips import read_trip
from consultant.vocabulary import Fact, NamedCode, Question, Span, mended

#: Characters that are read. What comes after them is kept in the text and not looked at.
MAX_READ = 30_000
#: Characters in which relations, circumstances of the work and reasons of a denial are looked for.
MAX_TOLD = 12_000
MAX_CODES = 60
MAX_FACTS = 240

__all__ = [
    "MAX_CODES",
    "MAX_FACTS",
    "MAX_READ",
    "flow",
    "kinds",
    "kinds_in",
    "mask",
    "mask_html",
    "mask_subject",
    "masked",
    "patients",
    "read",
    "veiled",
]


def read(text: str, subject: str = "", today: date | None = None, asker: Sequence[str] = ()) -> Question:
    """A letter's visible text and subject as a Question. Never raises.

    The question's text is the letter's in one flow, and spans count characters of it; what only the subject says has
    `where="subject"` and counts characters of the subject. `today` anchors dates without a year; without it such dates are
    left out. `asker` (name, address) is nobody's patient.
    Marks of patients are looked for in far more than what is read, because what is kept of the text is shown.
    """
    flowing = flow(text)
    marks = _marks(flowing, subject, asker)
    whole, shift = (f"{subject}\n{flowing.text}", len(subject) + 1) if subject else (flowing.text, 0)
    begin = whole[:MAX_READ]
    slips = read_slips(begin)[:MAX_FACTS]
    codes, facts = _told(mended(begin, slips), marks, today)
    kept = tuple(replace(fact, span=_placed(fact.span, whole, shift)) for fact in (*facts, *slips))
    return Question(
        text=flowing.text,
        subject=subject,
        codes=tuple(replace(code, span=_placed(code.span, whole, shift)) for code in codes),
        facts=kept,
        phi=tuple(_placed(mark, whole, shift) for mark in marks),
        payer=payer_of(kept),
        date_of_service=next((date.fromisoformat(str(f.value)) for f in kept if f.dimension == "date_of_service"), None),
    )


def _marks(flowing: Flow, subject: str, asker: Sequence[str]) -> list[Span]:
    """Marks of patients, looked for where the writer's own lines tell a signature, and placed in the flow behind the subject."""
    whole, shift = (f"{subject}\n{flowing.written}", len(subject) + 1) if subject else (flowing.written, 0)
    found = read_phi(whole[:MAX_SHOWN], asker)
    return [mark if mark.start < shift else _moved(flowing.forth(_moved(mark, -shift)), shift) for mark in found]


def _told(whole: str, private: list[Span], today: date | None) -> tuple[list[NamedCode], list[Fact]]:
    """Codes and facts in the order of the text, bounded."""
    scopes = read_scopes(whole)
    codes = read_codes(whole, private=private)[:MAX_CODES]
    taken = [(span.start, span.end) for span in private] + [(c.span.start, units_behind(whole, c.span)) for c in codes]
    measures = [fact for fact in read_measures(whole) if not _inside(fact.span.start, taken)]
    near = whole[:MAX_TOLD]
    found = [
        *measures,
        *read_circumstances(whole),
        *read_relations(near),
        *read_doing(near),
        *read_digits(near),
        *named_pieces(near),
        *read_localities(near),
        *read_trip(near),
        *read_overcome(near),
        *region_of_therapy(near),
    ]
    facts = [*scopes, *mark(found, scopes), *read_feet(near, scopes), *dates_of(whole, private, today)]
    return codes, sorted(facts, key=lambda fact: fact.span.start)[:MAX_FACTS]


def _inside(place: int, taken: list[tuple[int, int]]) -> bool:
    """Digits of a code, a date of birth or a record number measure nothing."""
    return any(start <= place < end for start, end in taken)


def _moved(span: Span, by: int) -> Span:
    return replace(span, start=span.start + by, end=span.end + by)


def _placed(span: Span, whole: str, shift: int) -> Span:
    """With its words as written, counted from the start of the text; a span of the subject line says so."""
    span = replace(span, text=whole[span.start : span.end])
    return replace(span, where="subject") if span.start < shift else _moved(span, -shift)
