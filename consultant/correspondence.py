"""Our side of the thread: drafts and replies as rows, the bytes that leave, and the relay they leave by."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import tomli
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultant import audit, delivery, drafting, gate, letter, question, queue, signing, tags, threads
from consultant.delivery import Outcome, Relay, Result
from consultant.lifecycle import NotAllowed
from consultant.models import Acknowledgement, Case, Draft, Letter, Reply, rows
from consultant.oauth import OAuthEntry, Tokens
from consultant.vocabulary import Address, House, Outgoing, Status, dump
from consultant.vocabulary import Draft as Composed
from consultant.vocabulary import Letter as Read

log = logging.getLogger(__name__)


def house() -> House:
    """Who we are, to the rooms."""
    return House(
        settings.ADDRESS,
        tuple(settings.ADDRESSES),
        settings.MAIL_DOMAIN,
        trusted=tuple(settings.TRUSTED_RELAYS),
        per_sender=settings.LETTERS_PER_SENDER,
        per_thread=settings.LETTERS_PER_THREAD,
    )


def add_draft(case: Case, composed: Composed, author: User | None = None) -> int:
    """Keep the next version of the case's draft; returns its number."""
    version = rows.count(Draft, {"case": case}) + 1
    draft = Draft(
        case=case,
        version=version,
        author=author,
        subject=composed.subject[:300],
        text=composed.text,
        html=composed.html,
        answer=dump(composed.answer) if composed.answer else None,
        created_at=timezone.now(),
    )
    rows.add(draft)
    return version


def fix(case: Case, kind: str, composed: Composed, user: User, draft: Draft | None = None) -> Reply:
    """What the user approves, fixed: from here on any change shows, because the digest no longer fits.

    Raises NotAllowed when the sender has no address that can be written to.
    """
    newest = letter.read(bytes(threads.letters_of(case)[-1].raw))
    now = timezone.now()
    reply = Reply(
        case=case,
        draft=draft,
        kind=kind,
        recipients=[_recipient(case, newest)],
        subject=composed.subject[:300],
        text=composed.text,
        html=composed.html,
        message_id=delivery.new_message_id(case.pk, settings.MAIL_DOMAIN),
        in_reply_to=newest.message_id,
        references=list(delivery.thread(newest.message_id, newest.references)),
        approved_by=user,
        approved_at=now,
        leaves_at=gate.leaves_at(now),
    )
    reply.digest = audit.digest_of(reply)
    reply.save(force_insert=True)
    return reply


def _recipient(case: Case, newest: Read) -> str:
    """Where the answer goes: to Reply-To, else to the sender. A follow-up can't lead it away from those who belong to the case:
    whoever sent that one knew a Message-ID, which is not much."""
    first = not case.joined.filter(status=Status.JOINED).exists()
    wished = [address.email for address in newest.reply_to[:1] if first or threads.belongs(case, address.email)]
    to = (wished or [newest.sender.email])[0]
    if not delivery.is_address(to):
        raise NotAllowed(f"“{to[:100]}” is no address that mail can be sent to.")
    return to


def approved(case: Case) -> Reply | None:
    """The reply that a human approved and nothing has voided since."""
    return case.replies.filter(voided_at=None, sent_at=None).order_by("pk").last()


def void(case: Case) -> None:
    """Take back what was approved and not sent."""
    case.replies.filter(voided_at=None, sent_at=None).update(voided_at=timezone.now())


def outgoing(reply: Reply) -> Outgoing:
    """The reply as the mail it will be."""
    return Outgoing(
        sender=Address(settings.SENDER_NAME, settings.ADDRESS),
        recipients=tuple(reply.recipients),
        subject=reply.subject,
        text=reply.text,
        html=reply.html,
        message_id=reply.message_id,
        date=timezone.localtime(reply.approved_at),
        in_reply_to=reply.in_reply_to,
        references=tuple(reply.references),
        reply_to=reply_address(reply.case_id),
    )


def reply_address(case_id: int) -> str:
    """The address that brings an answer back to its case; "" where the server has no plus-addressing."""
    return tags.tagged(settings.ADDRESS, tags.Tag("c", case_id), threads.tag_key()) if settings.PLUS_ADDRESSING else ""


def return_path(reply: Reply) -> str:
    """The envelope sender, by which a bounce finds its reply whatever it says."""
    return tags.tagged(settings.ADDRESS, tags.Tag("b", reply.pk), threads.tag_key()) if settings.VERP else settings.ADDRESS


def bytes_of(mail: Outgoing) -> bytes:
    """The mail as it will leave, signed when a key is set. Raises signing.SigningError."""
    raw = delivery.build(mail)
    return signing.signed(raw, signer) if (signer := our_signer()) else raw


def our_signer() -> signing.Signer | None:
    """Who signs what leaves; nobody without a key."""
    if not settings.DKIM_KEY_FILE:
        return None
    return signing.Signer(settings.DKIM_DOMAIN, settings.DKIM_SELECTOR, Path(settings.DKIM_KEY_FILE))


def dispatch(raw: bytes, message_id: str, recipients: tuple[str, ...], mail_from: str) -> Result:
    """Hand the bytes to the relay, or keep them in the outbox when none is configured. The one way out of this house."""
    if not gate.standing().on:  # somebody turned the switch since the case was taken up
        return Result(Outcome.LATER, gate.HELD)
    if not settings.RELAY_URL:
        return delivery.keep(raw, settings.OUTBOX_DIR, message_id, timezone.now())
    try:
        relay = our_relay()
    except (OSError, ValueError) as trouble:  # a setting was changed for the worse while we run
        return Result(Outcome.LATER, f"The relay's settings can't be read: {trouble}"[:300])
    return delivery.hand_over(raw, mail_from, recipients, relay, otherwise=settings.ADDRESS if mail_from else "")


def our_relay() -> Relay:
    """The relay of the settings. Raises ValueError when they can't be read."""
    path = settings.RELAY_OAUTH_FILE
    tokens = _tokens(path, Path(path).stat().st_mtime) if path else None
    return Relay.from_url(settings.RELAY_URL, settings.RELAY_PASSWORD, settings.RELAY_CA_FILE, tokens)


@lru_cache(maxsize=4)
def _tokens(path: str, _changed: float) -> Tokens:
    """One for all mails, so that a token is fetched once in its life and not once a mail."""
    return Tokens(OAuthEntry.model_validate(tomli.loads(Path(path).read_text(encoding="utf8"))).oauth("smtp"))


# --- receipts ---------------------------------------------------------------------------------------------------------


def promise_receipt(case: Case) -> None:
    """Owe the sender a receipt, unless one was promised within the hour. Call inside the transaction that accepts the case."""
    now = timezone.now()
    hour_ago = now - timedelta(hours=1)
    if not settings.ACKNOWLEDGE or Acknowledgement.objects.filter(recipient=case.sender_email, created_at__gt=hour_ago).exists():
        return
    try:
        with transaction.atomic():
            Acknowledgement.objects.create(
                case=case,
                recipient=case.sender_email,
                hour=f"{now:%Y-%m-%dT%H}",
                message_id=delivery.new_message_id(case.pk, settings.MAIL_DOMAIN),
                created_at=now,
            )
    except IntegrityError:  # another worker promised one this hour
        return
    queue.acknowledge(case.pk)


def receipt(row: Acknowledgement) -> Outgoing:
    """The receipt as a mail: automatic, and it says so."""
    [kept] = rows.select(Letter, {"case": row.case_id})
    asked = letter.read(bytes(kept.raw))
    words = f"{asked.subject}\n{asked.reply or asked.text}"
    composed = drafting.acknowledge(
        case_number=row.case.number,
        asker_name=row.case.sender_name,
        subject=row.case.subject,
        masked=question.kinds_in(words, threads.written_by(asked)),
        template_dirs=settings.LETTER_TEMPLATES,
    )
    return Outgoing(
        sender=Address(settings.SENDER_NAME, settings.ADDRESS),
        recipients=(asked.sender.email,),
        subject=composed.subject,
        text=composed.text,
        html="",
        message_id=row.message_id,
        date=timezone.localtime(row.created_at),
        in_reply_to=asked.message_id,
        references=delivery.thread(asked.message_id, asked.references),
        reply_to=reply_address(row.case_id),
        automatic=True,
    )


def acknowledge(case_id: int) -> None:
    """Send the receipt of a case, once. Best effort: a receipt that can't be sent now is not sent later."""
    row = Acknowledgement.objects.select_related("case").filter(case_id=case_id).first()
    if row is None or not gate.receipt_may_leave(row.recipient):
        return
    mail = receipt(row)
    try:
        raw = bytes_of(mail)
    except signing.SigningError as unsigned:
        log.error("no receipt for case %s: %s", case_id, unsigned)
        return
    if not Acknowledgement.objects.filter(pk=row.pk, claimed_at=None).update(claimed_at=timezone.now()):
        return
    result = dispatch(raw, row.message_id, mail.recipients, "")
    sent_at, trouble = (timezone.now(), "") if result.outcome == Outcome.SENT else (None, result.response)
    rows.swap(Acknowledgement, {"pk": row.pk}, {"sent_at": sent_at, "trouble": trouble})
