"""THE WAY of one letter. Read this file, then the rooms in the order of the way, then `lifecycle.py`.

    doors ─► receive ─► triage ─► classify ─► draft ─► [ a human ] ─► deliver ─► relay

`STEPS` says which step a case in a given status is ready for. The human gate is the row that is missing: no worker ever moves
a drafted case, `review.py` does. Every step may run twice, by two workers or after a crash: the first to move the row wins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from consultant import (
    acquaintances,
    advice,
    casebook,
    classifier,
    correspondence,
    delivery,
    drafting,
    enclosures,
    gate,
    letter,
    lifecycle,
    precedents,
    question,
    threads,
    turns,
)
from consultant import triage as sorting
from consultant.audit import digest_of
from consultant.casebook import together, writing
from consultant.codebook import current
from consultant.delivery import Outcome, Result
from consultant.lifecycle import ENGINE, Overtaken, move
from consultant.models import Case, Letter, Reply, rows
from consultant.signing import SigningError
from consultant.vocabulary import Envelope, Findings, Status, dump, load


class NotNow(Exception):
    """Not the letter's fault: the step can't be done yet. Tried again after that many seconds, and not counted."""

    def __init__(self, why: str, seconds: int = 30) -> None:
        super().__init__(why)
        self.seconds = seconds


# --- in by a door -----------------------------------------------------------------------------------------------------


def receive(raw: bytes, envelope: Envelope) -> Case:
    """Keep the bytes. When this returns they are committed, and the door may say 250 or move its cursor.

    The same delivery handed in twice is one letter. Raises only when the casebook can't be written: then the door says 451.
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    row = _row(raw, sha256, envelope)
    in_one = casebook.in_one_statement() and not envelope.trouble
    if (not in_one or envelope.door == "imap") and (kept := threads.kept_before(envelope, sha256)):
        return kept.case
    try:
        if case := _keep_at_once(row, envelope) if in_one else _keep(row, envelope):
            return case
    except IntegrityError:  # another door was faster with the same delivery
        pass
    return Letter.objects.select_related("case").get(identity=row["identity"]).case


def _row(raw: bytes, sha256: str, envelope: Envelope) -> dict[str, Any]:
    """The columns of the letter that this delivery is."""
    return {
        "identity": threads.identity(envelope, sha256),
        "door": envelope.door,
        "mailbox": envelope.mailbox[:320],
        "mail_from": envelope.mail_from[:320],
        "rcpt_to": list(envelope.rcpt_to),
        "raw": raw,
        "sha256": sha256,
        "size": len(raw),
    }


def _told(row: dict[str, Any], envelope: Envelope) -> dict[str, Any]:
    """What the trail says of it."""
    return {"mailbox": envelope.mailbox, "sha256": row["sha256"], "size": row["size"], "trouble": envelope.trouble}


def _keep_at_once(row: dict[str, Any], envelope: Envelope) -> Case | None:
    return lifecycle.begin_at_once(f"door:{envelope.door}", row, **_told(row, envelope))


def _keep(row: dict[str, Any], envelope: Envelope) -> Case:
    case = Case(status=Status.RECEIVED)
    with writing(), together():
        lifecycle.begin(case, f"door:{envelope.door}", **_told(row, envelope))
        rows.add(Letter(case=case, received_at=case.created_at, **row))
        if envelope.trouble:  # what the door could not take in whole waits for a human with what there is of it
            read = letter.read(row["raw"])
            turns.quarantine(case, turns.Judged(read, envelope, sorting.judge(read, correspondence.house(), envelope)))
    return case


# --- the steps --------------------------------------------------------------------------------------------------------


def triage(case: Case) -> None:
    """What kind of letter is this, and whose?"""
    [row] = rows.select(Letter, {"case": case})
    read = letter.read(bytes(row.raw))
    envelope = threads.envelope(row)
    judged = sorting.judge(read, correspondence.house(), envelope, acquaintances.of(case, read))
    found = threads.sent_back(judged, read, envelope)
    found = replace(found, reason=question.mask(found.reason, threads.written_by(read)))
    with writing(), together():
        rows.put(Letter, {"pk": row.pk}, {"message_id": read.message_id[:500]})
        enclosures.index(row, read)
        turns.take(case, turns.Judged(read, envelope, found))


def classify(case: Case) -> None:
    """Which codes, topics and facts does the question hold?"""
    book = current(settings.DATA_DIR)
    text, subject = threads.conversation(case)
    came = timezone.localdate(case.created_at)
    asked = question.read(text, subject, today=came, asker=threads.asker(case))
    unnamed = question.veiled(asked, quiet=True)  # nothing behind this line knows a patient
    findings = classifier.classify(unnamed, book, asked.date_of_service or came)
    veiled = question.veiled(asked)
    findings = replace(findings, question=veiled)
    move(
        case,
        Status.CLASSIFIED,
        ENGINE,
        sets={
            "subject": veiled.subject[:300],
            "findings": dump(findings),
            "topic": findings.topics[0] if findings.topics else "",
            "confidence": findings.confidence,
            "codebook": book.version,
        },
        codebook=book.version,
        confidence=round(findings.confidence, 3),
        codes=[candidate.code for candidate in findings.candidates[:5]],
    )


def draft(case: Case) -> None:
    """Advice from the findings, and a letter from the advice."""
    findings, book = load(Findings, case.findings), current(settings.DATA_DIR)
    if findings.codebook != book.version:
        move(case, Status.ACCEPTED, ENGINE, reason="the codebook was replaced meanwhile")
        return
    answer = advice.advise(findings, book)
    composed = drafting.compose(
        answer,
        case_number=case.number,
        asker_name=case.sender_name,
        quoted=question.masked(findings.question),
        subject=case.subject,
        masked=question.kinds(findings.question),
        template_dirs=settings.LETTER_TEMPLATES,
    )
    against = precedents.contradicted(case, findings, answer)
    with writing(), together():
        version = correspondence.add_draft(case, composed)
        sets = {"answered": answer.answered, "confidence": answer.confidence, "contradicts": against}
        facts = {"template": composed.template, **({"contradicts": against.number} if against else {})}
        move(case, Status.DRAFTED, ENGINE, sets=sets, version=version, answered=answer.answered, **facts)


def deliver(case: Case) -> None:
    """Send what a human approved, and only that. From SENDING on, only a known outcome moves the case."""
    reply = correspondence.approved(case)
    if reply is None or digest_of(reply) != reply.digest:
        move(
            case, Status.FAILED, ENGINE, sets={"trouble": "What would be sent is not what was approved."}, reason="approval void"
        )
        return
    if held := gate.hold(reply):
        raise NotNow(held.why, held.seconds)
    try:
        raw = correspondence.bytes_of(correspondence.outgoing(reply))
    except SigningError as trouble:
        raise NotNow(str(trouble), seconds=60) from None
    move(case, Status.SENDING, ENGINE, reply=reply.message_id)
    Reply.objects.filter(pk=reply.pk).update(raw=raw, attempts=F("attempts") + 1)
    result = correspondence.dispatch(raw, reply.message_id, tuple(reply.recipients), correspondence.return_path(reply))
    _settle(case, reply, result)


STEPS: dict[Status, Callable[[Case], None]] = {
    Status.RECEIVED: triage,
    Status.ACCEPTED: classify,
    Status.CLASSIFIED: draft,
    # DRAFTED: a human
    Status.APPROVED: deliver,
}


# --- the outcome of a delivery ------------------------------------------------------------------------------------------


_SENT_AS = {"answer": Status.SENT, "question": Status.ASKED, "decline": Status.DECLINED}


def _settle(case: Case, reply: Reply, result: Result) -> None:
    """Write down what became of it. A note that came between must not leave a sent mail in SENDING: so insist."""
    to, sets = _outcome(reply, result)
    facts = {"reply": reply.message_id, "response": result.response}
    while case.status == Status.SENDING:
        try:
            with transaction.atomic():
                sent_at = timezone.now() if result.outcome == Outcome.SENT else None
                Reply.objects.filter(pk=reply.pk).update(response=result.response, sent_at=sent_at)
                move(case, to, ENGINE, sets=sets, **facts)
                if to == Status.SENT:
                    precedents.remember(case, reply)
        except Overtaken:
            case.refresh_from_db()


def _outcome(reply: Reply, result: Result) -> tuple[Status, dict[str, Any]]:
    match result.outcome:
        case Outcome.SENT:
            return _SENT_AS[reply.kind], {"holder": None, "held_until": None}
        case Outcome.LATER if reply.attempts + 1 < delivery.MOST_ATTEMPTS:
            later = timezone.now() + timedelta(seconds=delivery.backoff(reply.attempts + 1))
            return Status.APPROVED, {
                "retry_after": later,
                "trouble": f"Not sent yet, will be tried again: {result.response}"[:300],
            }
        case Outcome.UNKNOWN:
            return Status.UNKNOWN, {"trouble": f"It is not known whether this was sent: {result.response}"[:300]}
        case _:
            return Status.FAILED, {"trouble": f"The relay did not take it: {result.response}"[:300]}
