"""The letters of a case, for reading: as text, as HTML in a locked frame, as the bytes that came."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from consultant import letter, models, threads
from consultant.models import Case, Draft
from consultant.vocabulary import Letter, Question
from consultant.web import roles, sandbox, shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as the case page shows it."""

    row: models.Letter
    read: Letter
    reply: list[shown.Piece]  # what the sender wrote now, with its codes and facts marked
    whole: str  # with quotes and signature, when that is more than the reply; else ""


def shown_of(case: Case, question: Question | None) -> list[Shown]:
    """The case's letters, oldest first."""
    found, at = [], 0
    for row in threads.letters_of(case):
        read = letter.read(bytes(row.raw))
        text = read.reply.strip() or read.text.strip()
        reply, at = shown.pieces(text, question, at)
        found.append(Shown(row, read, reply, read.text.strip() if read.text.strip() != text else ""))
    return found


@require_safe
@roles.for_readers
def html(_request: HttpRequest, case_id: int, letter_id: int) -> HttpResponse:
    """The HTML of a letter, cleaned, for a frame."""
    return sandbox.foreign(letter.read(bytes(_row(case_id, letter_id).raw)).html)


@require_safe
@roles.for_readers
def raw(_request: HttpRequest, case_id: int, letter_id: int) -> HttpResponse:
    """The letter, byte for byte."""
    row = _row(case_id, letter_id)
    return sandbox.download(bytes(row.raw), f"{row.case.number}-letter-{row.pk}.eml")


@require_safe
@roles.for_readers
def attachment(_request: HttpRequest, case_id: int, letter_id: int, place: int) -> HttpResponse:
    """One attachment: always a download, whatever it says it is."""
    attachments = letter.read(bytes(_row(case_id, letter_id).raw)).attachments
    if place >= len(attachments):
        raise Http404
    return sandbox.download(attachments[place].content, attachments[place].filename or f"attachment-{place + 1}")


@require_safe
@roles.for_readers
def draft_html(_request: HttpRequest, case_id: int, version: int) -> HttpResponse:
    """A draft's HTML as it would leave, for a frame."""
    return sandbox.our_own(get_object_or_404(Draft, case_id=case_id, version=version).html)


def _row(case_id: int, letter_id: int) -> models.Letter:
    """A letter of this case, or of one that joined it."""
    case = get_object_or_404(Case, pk=case_id)
    found = next((row for row in threads.letters_of(case) if row.pk == letter_id), None)
    if found is None:
        raise Http404
    return found
