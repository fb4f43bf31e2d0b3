"""The letters of a case, for reading: as text, as HTML in a locked frame, as the bytes that came."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from consultant import enclosures, letter, models, review, threads
from consultant.models import Case, Draft
from consultant.vocabulary import Letter
from consultant.web import roles, sandbox, shown, veils

MOST_ENCLOSED = 100_000  # characters of an attached letter


@dataclass(frozen=True, slots=True)
class File:
    """An attachment in the list under a letter."""

    name: str
    content_type: str
    size: int
    inside: str  # the attached letter or winmail.dat it was packed in
    elsewhere: list[tuple[str, int]]  # other cases that the same file came with: number and key


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as the case page shows it."""

    row: models.Letter
    read: Letter
    subject: str  # when it is not the case's
    reply: list[shown.Piece]  # what the sender wrote now, with its codes and facts marked
    whole: str  # with quotes and signature, when that is more than the reply; else ""
    files: list[File]
    enclosed: list[tuple[str, str]]  # attached letters: what they are, and their text


def shown_of(case: Case, veil: veils.Veil) -> list[Shown]:
    """The case's letters, oldest first, as the veil lets them be seen."""
    found, at = [], 0
    for row in [] if case.purged_at else threads.letters_of(case):
        read = letter.read(bytes(row.raw))
        text = read.reply.strip() or read.text.strip()
        reply, at = shown.pieces(text, veil.asked, at)
        whole = veil.over(read.text.strip() if read.text.strip() != text else "")
        subject = veil.over(read.subject)
        pieces = reply if veil.lifted else shown.masked(reply)
        own = subject if subject != case.subject else ""
        found.append(Shown(row, read, own, pieces, whole, _files(case, read, veil), _enclosed(read, veil)))
    return found


def _files(case: Case, read: Letter, veil: veils.Veil) -> list[File]:
    same = {sha256: [(other.number, other.pk) for other in others] for sha256, others in enclosures.elsewhere(case, read).items()}
    return [
        File(veil.over(file.filename), file.content_type, file.size, veil.over(file.inside), same.get(file.sha256, []))
        for file in read.attachments
    ]


def _enclosed(read: Letter, veil: veils.Veil) -> list[tuple[str, str]]:
    return [
        (
            veil.over(f"{inner.subject or 'no subject'}, from {inner.sender.email or 'nobody'}"),
            veil.over(inner.text.strip()[:MOST_ENCLOSED]),
        )
        for inner in read.enclosed
    ]


@require_safe
@roles.for_readers
def html(request: HttpRequest, case_id: int, letter_id: int) -> HttpResponse:
    """The HTML of a letter, cleaned and masked, for a frame."""
    case, row = _row(case_id, letter_id)
    veil = veils.of(case, lifted=veils.may_pass(request, case))
    return sandbox.foreign(letter.read(bytes(row.raw)).html, None if veil.lifted else veil.over_html)


@require_POST
@roles.for_reviewers
def raw(request: HttpRequest, case_id: int, letter_id: int) -> HttpResponse:
    """The letter, byte for byte, which reveals whatever it holds: so the trail says who took it."""
    case, row = _row(case_id, letter_id)
    review.reveal(case, roles.user_of(request), f"letter {row.pk} as it came")
    return sandbox.download(bytes(row.raw), f"{row.case.number}-letter-{row.pk}.eml")


@require_POST
@roles.for_reviewers
def attachment(request: HttpRequest, case_id: int, letter_id: int, place: int) -> HttpResponse:
    """One attachment: always a download, whatever it says it is. Nobody masked it, so this is a reveal as well."""
    case, row = _row(case_id, letter_id)
    attachments = letter.read(bytes(row.raw)).attachments
    if place >= len(attachments):
        raise Http404
    review.reveal(case, roles.user_of(request), f"attachment {place + 1} of letter {row.pk}")
    return sandbox.download(attachments[place].content, attachments[place].filename or f"attachment-{place + 1}")


@require_safe
@roles.for_readers
def draft_html(request: HttpRequest, case_id: int, version: int) -> HttpResponse:
    """A draft's HTML as it would leave but for the marks of patients, for a frame."""
    draft = get_object_or_404(Draft.objects.select_related("case"), case_id=case_id, version=version)
    return sandbox.our_own(veils.of(draft.case, lifted=veils.may_pass(request, draft.case)).over_html(draft.html))


def _row(case_id: int, letter_id: int) -> tuple[Case, models.Letter]:
    """The case, and a letter of it or of one that joined it."""
    case = get_object_or_404(Case, pk=case_id)
    found = next((row for row in threads.letters_of(case) if row.pk == letter_id), None)
    if found is None:
        raise Http404
    return case, found
