"""Which case a letter belongs to: by the signed tag in our address, then by Message-IDs.

Both only point at a case, for both can be copied; whoever wrote the letter must belong to that case already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Model

from consultant import letter as reading
from consultant import models, question, tags
from consultant.models import Acknowledgement, Case, Reply, Taken, rows
from consultant.vocabulary import Envelope, Letter, Status, Triage, Verdict, dump

#: Cases that a further letter of their sender may take up again.
OPEN_TO_MORE = {Status.RECEIVED, Status.ACCEPTED, Status.CLASSIFIED, Status.DRAFTED, Status.APPROVED, Status.SENDING, Status.SENT,
                Status.ASKED, Status.DECLINED, Status.FAILED, Status.UNKNOWN}  # fmt: skip


FORGED = "It was sent to one of our addresses with a forged case tag."
#: Verdicts of letters that a person may have written, or that nobody could read.
BY_PEOPLE = {Verdict.QUESTION, Verdict.FOLLOW_UP, Verdict.REFUSED, Verdict.UNREADABLE, Verdict.BLOCKED, Verdict.FORGED,
             Verdict.TOO_MANY}  # fmt: skip


class Busy(Exception):
    """The case is being sent right now: come back when that is settled."""


def identity(envelope: Envelope, sha256: str) -> str:
    """What makes two deliveries the same: the door's own name for it, bound to the bytes."""
    return f"{envelope.identity}:{sha256}"[:300]


def kept_before(envelope: Envelope, sha256: str) -> models.Letter | None:
    """The letter of the same delivery, or of the same mailbox under an earlier UIDVALIDITY (the server renumbered its folder)."""
    if same := rows.select(models.Letter, {"identity": identity(envelope, sha256)}):
        return same[0]
    if envelope.door != "imap":
        return None
    letters = models.Letter.objects.select_related("case")
    rest, uidvalidity, uid = envelope.identity.rsplit(":", 2)  # imap:mailbox:folder:uidvalidity:uid
    alike = letters.filter(door="imap", mailbox=envelope.mailbox, sha256=sha256)
    # The same bytes may have come twice: then each of the two is found again once, and a third is a new letter.
    numbered = Taken.objects.filter(mailbox=envelope.mailbox, folder=rest.removeprefix(f"imap:{envelope.mailbox}:"))
    found = numbered.filter(uidvalidity=int(uidvalidity)).exclude(uid=int(uid)).values("letter")
    return alike.exclude(identity__startswith=f"{rest}:{uidvalidity}:").exclude(pk__in=found).order_by("pk").first()


def envelope(row: models.Letter) -> Envelope:
    """The envelope of a kept letter."""
    return Envelope(row.door, row.mailbox, row.identity.rpartition(":")[0], row.mail_from, tuple(row.rcpt_to))


def who(letter: Letter, found: Triage) -> dict[str, Any]:
    """The columns of a case that its first letter fills."""
    return {
        "sender_name": letter.sender.name[:200],
        "sender_email": letter.sender.email.lower()[:320],
        "subject": question.mask_subject(letter.subject[:300], letter.reply or letter.text, written_by(letter))[:300],
        "triage": dump(found),
    }


def written_by(letter: Letter) -> tuple[str, str]:
    """Name and address of whoever wrote: nobody's patient."""
    return (letter.sender.name, letter.sender.email)


def asker(case: Case) -> tuple[str, ...]:
    """The same of a case's own letter, and our own addresses: whom no text of the case can mean by a patient."""
    return (case.sender_name, case.sender_email, *settings.ADDRESSES)


def find(case: Case, envelope: Envelope, letter: Letter, found: Triage) -> tuple[Case | None, str]:
    """The older case that this letter goes on with, and a hint for the reviewer when it only seems to.

    The tag in the address it was sent to first, then our own Message-IDs (newest first), then those of the letters that came in.
    """
    found_tags = _tags(envelope, letter)
    hint = FORGED if None in found_tags else ""
    for older in _named(case, letter, found, found_tags):
        if older.pk == case.pk or older.purged_at or Status(older.status) not in OPEN_TO_MORE:
            continue
        if not belongs(older, letter.sender.email):
            hint = hint or f"Looks like a follow-up of {older.number}, but comes from another address."
            continue
        if older.status == Status.SENDING:
            raise Busy(f"{older.number} is being sent")
        return older, ""
    return None, hint


def belongs(case: Case, email: str) -> bool:
    """Whether this address has a part in the case: its letters came from there, or our replies went there."""
    wrote = {case.sender_email, *case.joined.filter(status=Status.JOINED).values_list("sender_email", flat=True)}
    written_to = {to.lower() for reply in case.replies.exclude(sent_at=None) for to in reply.recipients}
    return bool(email) and email.lower() in wrote | written_to


def _named(case: Case, letter: Letter, found: Triage, found_tags: list[tags.Tag | None]) -> Iterator[Case]:
    """The cases that the letter points at, the strongest sign first."""
    for tag in found_tags:
        if tag and (meant := _case_of_tag(tag)):
            yield meant
    yield from _cases_of(list(dict.fromkeys((*found.concerns, *letter.in_reply_to, *reversed(letter.references)))), case)


# --- tags -------------------------------------------------------------------------------------------------------------


def tag_key() -> bytes:
    return tags.key_of(settings.SECRET_KEY)


def _tags(envelope: Envelope, letter: Letter) -> list[tags.Tag | None]:
    """The tags in the addresses that the letter came for; None for a forged one."""
    kept = [value for name, value in letter.headers if name.lower() in tags.FIELDS]
    written = [address.email for address in (*letter.to, *letter.cc)]
    found = tags.read((*envelope.rcpt_to, *kept, *written), settings.ADDRESSES, tag_key())
    return list(dict.fromkeys(found))


def _case_of_tag(tag: tags.Tag) -> Case | None:
    if tag.kind == "b":
        row = Reply.objects.select_related("case__joined_to").filter(pk=tag.number).first()
        return _root(row.case) if row else None
    case = Case.objects.select_related("joined_to").filter(pk=tag.number).first()
    return _root(case) if case else None


def returned_to(envelope: Envelope, letter: Letter) -> Case | None:
    """The case whose reply came back, by the envelope sender that it left with."""
    return next((_case_of_tag(tag) for tag in _tags(envelope, letter) if tag and tag.kind == "b"), None)


def sent_back(found: Triage, letter: Letter, envelope: Envelope) -> Triage:
    """A letter from nobody to the envelope sender of a reply is that reply coming back, even when no rule can read it so.

    What says of itself that it is automatic stays that: an absence note goes to the same address. A human looks at either.
    """
    tag = next((tag for tag in _tags(envelope, letter) if tag and tag.kind == "b"), None)
    row = Reply.objects.filter(pk=tag.number).first() if tag else None
    if row is None:
        return found
    recipient = found.recipient or ", ".join(row.recipients)
    if found.verdict is Verdict.BOUNCE:
        return replace(found, recipient=recipient)
    if found.verdict in BY_PEOPLE and _from_nobody(letter, envelope):
        reason = "It came from the null sender to the address that only a returned mail can know."
        return Triage(Verdict.BOUNCE, "returned to its envelope sender", reason, recipient=recipient, permanent=True)
    return found


def _from_nobody(letter: Letter, envelope: Envelope) -> bool:
    if envelope.door in {"smtp", "lmtp"}:
        return not envelope.mail_from
    return letter.header("return-path").strip() == "<>"


# --- Message-IDs ------------------------------------------------------------------------------------------------------


def of_reply(message_ids: tuple[str, ...]) -> Case | None:
    """The case of the first of these Message-IDs that is one of our own."""
    return next(_cases(message_ids, _keys(OURS, message_ids)), None)


def _cases_of(message_ids: Sequence[str], but: Case) -> Iterator[Case]:
    """The cases of these Message-IDs in their order, whoever wrote the mail that had it; what we wrote counts before the rest."""
    keys = _keys(((models.Letter, but.pk), *OURS), message_ids)
    yield from _cases(message_ids, keys)


#: Our own mail: table, and the case that is left out.
OURS = ((Acknowledgement, 0), (Reply, 0))


def _keys(kinds: Iterable[tuple[type[Model], int]], message_ids: Sequence[str]) -> dict[str, int]:
    """Message-ID → key of its case. Later kinds outdo earlier ones; among equals the oldest counts."""
    keys: dict[str, int] = {}
    for kind, but in kinds:
        for message_id, key in reversed(rows.among(kind, "message_id", message_ids, ("message_id", "case"))):
            keys |= {message_id: key} if key != but else {}
    return keys


def _cases(message_ids: Sequence[str], keys: Mapping[str, int]) -> Iterator[Case]:
    for message_id in message_ids:
        if message_id in keys:
            yield _root(Case.objects.select_related("joined_to").get(pk=keys[message_id]))


def _root(case: Case) -> Case:
    return case.joined_to if case.status == Status.JOINED and case.joined_to else case


def letters_of(case: Case) -> list[models.Letter]:
    """The case's own letter and those that joined it, oldest first."""
    joined = rows.among(Case, "joined_to", [case], ("pk", "status"))
    keys = [case.pk, *(key for key, status in joined if status == Status.JOINED)]
    found = [row for key in keys for row in rows.select(models.Letter, {"case": key})]
    return sorted(found, key=lambda row: (row.received_at, row.pk))


def conversation(case: Case) -> tuple[str, str]:
    """All that the asker wrote in this case (text, oldest first) and the subject of the first letter, patients and all."""
    read = [reading.read(bytes(row.raw)) for row in letters_of(case)]
    text = "\n\n".join(part for part in (r.reply.strip() or r.text.strip() for r in read) if part)
    return text, read[0].subject[:300] if read else case.subject
