"""How long what was written is kept, and under which key: the purge, the legal hold, the change of keys.

A purge takes the words and leaves the skeleton: events with their hashes, statuses, times, sizes and hashes of the letters. The
chain of events still verifies; that a letter's bytes are gone is itself an event.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from consultant import question
from consultant.lifecycle import NotAllowed, Overtaken, actor_of, note
from consultant.models import Acknowledgement, Case, Draft, Letter, Reply
from consultant.vocabulary import Status

#: Where nothing waits for anybody. A joined letter goes with the case it belongs to.
CLOSED = (Status.SENT, Status.ASKED, Status.DECLINED, Status.SET_ASIDE)
#: Where the sender is being mailed right now: its reply is left to the next run.
LEAVING = (Status.APPROVED, Status.SENDING)

_EMPTY_CASE: dict[str, Any] = {
    "sender_name": "",
    "sender_email": "",
    "subject": "",
    "triage": {},
    "hint": "",
    "findings": None,
    "trouble": "",
    "trouble_detail": "",
    "holder": None,
    "held_until": None,
}


# --- the purge --------------------------------------------------------------------------------------------------------


def due(now: datetime | None = None, days: int | None = None) -> QuerySet[Case]:
    """The closed cases that did not change for so many days (the setting's; 0: none), oldest first, without those on hold."""
    limit = settings.RETENTION_DAYS if days is None else days
    if limit <= 0:
        return Case.objects.none()
    old = Q(changed_at__lt=(now or timezone.now()) - timedelta(days=limit))
    held = Case.objects.filter(status=Status.JOINED, legal_hold=True, joined_to__isnull=False).values("joined_to")
    closed = Case.objects.filter(old, status__in=[str(s) for s in CLOSED], purged_at=None, legal_hold=False)
    return closed.exclude(pk__in=held).order_by("changed_at", "pk")


def purge_all(actor: str = "engine", days: int | None = None) -> int:
    """Purge what is due. A case that somebody moves meanwhile is left. Returns how many cases were purged."""
    done = 0
    for case in due(days=days).iterator(200):
        try:
            purge(case, actor)
        except (Overtaken, NotAllowed):
            continue
        done += 1
    return done


def purge(case: Case, actor: str) -> None:
    """Take the words and names of a closed case and of the letters that joined it; leave the skeleton. All of it or nothing.

    Raises NotAllowed for a case on hold or one that still waits, Overtaken when somebody was faster.
    """
    if case.legal_hold or case.purged_at or case.status not in CLOSED:
        raise NotAllowed(f"{case.number} is not to be purged: it is “{case.status}”{' and on legal hold' * case.legal_hold}.")
    with transaction.atomic():
        for one in (case, *case.joined.filter(status=Status.JOINED, purged_at=None)):
            if one.legal_hold:
                raise NotAllowed(f"{one.number}, which belongs to {case.number}, is on legal hold.")
            _empty(one, actor)


def _empty(case: Case, actor: str) -> None:
    now = timezone.now()
    letters = [letter.sha256 for letter in case.letters.defer("raw")]
    facts = {"letters": letters, "drafts": case.drafts.count(), "replies": [reply.digest for reply in case.replies.all()]}
    note(case, actor, "purged", sets={**_EMPTY_CASE, "purged_at": now}, **facts)
    Letter.objects.filter(case=case).update(raw=b"", mail_from="", rcpt_to=[])
    Draft.objects.filter(case=case).update(subject="", text="", html="", answer=None)
    Reply.objects.filter(case=case).update(recipients=[], subject="", text="", html="", raw=None, response="")
    for row in Acknowledgement.objects.filter(case=case):  # one address an hour: the number keeps the rows apart
        Acknowledgement.objects.filter(pk=row.pk).update(recipient=f"purged-{row.pk}", trouble="")
    sent = [rows.filter(case=case).values_list("message_id", flat=True) for rows in (Reply.objects, Acknowledgement.objects)]
    ours = {message_id for ids in sent for message_id in ids}
    transaction.on_commit(lambda: _forget_files(ours))


def _forget_files(message_ids: set[str]) -> None:
    """Take the mails out of the outbox, where they lie when no relay is configured; their names hold their Message-IDs."""
    names = [message_id.strip("<>").replace("/", "_").replace(":", "_") for message_id in message_ids]
    for folder in ("new", "cur"):
        for path in (settings.OUTBOX_DIR / folder).glob("*"):
            if any(name in path.name for name in names):
                path.unlink(missing_ok=True)


def hold(case: Case, user: User, *, on: bool, why: str) -> None:
    """Put a legal hold on a case, or lift it: nothing of it is purged while it lasts. The reason stands in the trail."""
    if not why.strip():
        raise NotAllowed("Say why: the trail will have it.")
    if case.legal_hold == on:
        raise NotAllowed(f"{case.number} {'is on legal hold already' if on else 'is not on legal hold'}.")
    kind = "legal hold" if on else "hold lifted"
    note(case, actor_of(user), kind, sets={"legal_hold": on}, why=question.mask(why.strip()))


# --- the change of keys -----------------------------------------------------------------------------------------------


def rekey() -> int:
    """Seal everything anew with the first key of the file, what was plain too. Returns how many rows. Raises sealed.NoKey.

    Safe to break off and to run again, and while the house is at work: a mail that is leaving is left to the next run.
    """
    return sum(_sealed_anew(rows, names) for rows, names in _sealed_columns())


def _sealed_columns() -> Iterator[tuple[QuerySet[Any], tuple[str, ...]]]:
    yield Letter.objects.order_by("pk"), ("raw",)
    yield Draft.objects.order_by("pk"), ("text", "html")
    yield Reply.objects.exclude(case__status__in=[str(s) for s in LEAVING]).order_by("pk"), ("text", "html", "raw")


def _sealed_anew(rows: QuerySet[Any], names: tuple[str, ...]) -> int:
    done = 0
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            row = rows.model.objects.only(*names).get(pk=pk)
            values = {name: value for name in names if (value := getattr(row, name)) is not None}
            done += rows.model.objects.filter(pk=pk).update(**values)
    return done
