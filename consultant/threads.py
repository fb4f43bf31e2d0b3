"""Which case a letter belongs to. Message-IDs thread letters together; they identify nothing, for anyone can write them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from consultant import letter as reading
from consultant import models
from consultant.models import Acknowledgement, Case, Reply
from consultant.vocabulary import Envelope, Letter, Status, Triage, dump

#: Cases that a further letter of their sender may take up again.
OPEN_TO_MORE = {Status.RECEIVED, Status.ACCEPTED, Status.CLASSIFIED, Status.DRAFTED, Status.APPROVED, Status.SENDING, Status.SENT,
                Status.ASKED, Status.DECLINED, Status.FAILED, Status.UNKNOWN}  # fmt: skip


class Busy(Exception):
    """The case is being sent right now: come back when that is settled."""


def identity(envelope: Envelope, sha256: str) -> str:
    """What makes two deliveries the same: the door's own name for it, bound to the bytes."""
    return f"{envelope.identity}:{sha256}"[:300]


def kept_before(envelope: Envelope, sha256: str) -> models.Letter | None:
    """The letter of the same delivery, or of the same mailbox under an earlier UIDVALIDITY (the server renumbered its folder)."""
    letters = models.Letter.objects.select_related("case")
    if same := letters.filter(identity=identity(envelope, sha256)).first():
        return same
    if envelope.door != "imap":
        return None
    numbering = envelope.identity.rpartition(":")[0] + ":"  # imap:mailbox:folder:uidvalidity:
    return letters.filter(door="imap", mailbox=envelope.mailbox, sha256=sha256).exclude(identity__startswith=numbering).first()


def envelope(row: models.Letter) -> Envelope:
    """The envelope of a kept letter."""
    return Envelope(row.door, row.mailbox, row.identity.rpartition(":")[0], row.mail_from, tuple(row.rcpt_to))


def who(letter: Letter, found: Triage) -> dict[str, Any]:
    """The columns of a case that its first letter fills."""
    return {
        "sender_name": letter.sender.name[:200],
        "sender_email": letter.sender.email.lower()[:320],
        "subject": letter.subject[:300],
        "triage": dump(found),
    }


def find(case: Case, letter: Letter, found: Triage) -> tuple[Case | None, str]:
    """The older case that this letter goes on with, and a hint for the reviewer when it only seems to.

    Our own Message-IDs first (newest first), then those of the letters that came in. The sender must be the case's own.
    """
    named = (*found.concerns, *letter.in_reply_to, *reversed(letter.references))
    hint = ""
    for message_id in dict.fromkeys(named):
        older = _case_of(message_id, case)
        if older is None or Status(older.status) not in OPEN_TO_MORE:
            continue
        if older.sender_email != letter.sender.email.lower():
            hint = hint or f"Looks like a follow-up of {older.number}, but comes from another address."
            continue
        if older.status == Status.SENDING:
            raise Busy(f"{older.number} is being sent")
        return older, ""
    return None, hint


def of_reply(message_ids: tuple[str, ...]) -> Case | None:
    """The case of the first of these Message-IDs that is one of our own."""
    for message_id in message_ids:
        if ours := _case_of_ours(message_id):
            return ours
    return None


def _case_of(message_id: str, but: Case) -> Case | None:
    if ours := _case_of_ours(message_id):
        return ours
    theirs = models.Letter.objects.select_related("case__joined_to").filter(message_id=message_id).exclude(case=but).first()
    return _root(theirs.case) if theirs else None


def _case_of_ours(message_id: str) -> Case | None:
    for kind in (Reply, Acknowledgement):
        if row := kind.objects.select_related("case__joined_to").filter(message_id=message_id).first():
            return _root(row.case)
    return None


def _root(case: Case) -> Case:
    return case.joined_to if case.status == Status.JOINED and case.joined_to else case


def letters_of(case: Case) -> list[models.Letter]:
    """The case's own letter and those that joined it, oldest first."""
    own = Q(case=case) | Q(case__joined_to=case, case__status=Status.JOINED)
    return list(models.Letter.objects.filter(own).order_by("received_at", "pk"))


def conversation(case: Case) -> tuple[str, str]:
    """All that the asker wrote in this case (text, oldest first) and the subject of the first letter."""
    read = [reading.read(bytes(row.raw)) for row in letters_of(case)]
    return "\n\n".join(part for part in (r.reply.strip() or r.text.strip() for r in read) if part), case.subject
