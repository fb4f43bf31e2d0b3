"""What may leave now: the switch that stops all sending, the time for second thoughts, the caps.

`pipeline.deliver` asks before it moves a case to SENDING, and `correspondence.dispatch` asks the switch once more before a socket
is opened. Whatever is held stays approved, says on its page why and until when, and leaves by itself once it may.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultant import audit, queue
from consultant.models import Acknowledgement, Case, Flip, Reply, rows
from consultant.vocabulary import Status

HELD = "Sending is switched off."
HOUR = timedelta(hours=1)
#: How long a mail that the switch holds sleeps when nobody turns it; turning it wakes them all.
HELD_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """How the switch stands."""

    on: bool
    fixed: bool = False  # by CONSULTANT_SENDING=no, which no button undoes
    actor: str = ""  # who turned it last: "user:alice", "operator"; "" when nobody ever did
    at: datetime | None = None
    why: str = ""

    @property
    def who(self) -> str:
        """The actor as people say it."""
        return self.actor.removeprefix("user:") or "nobody"


class Hold(NamedTuple):
    """Why a mail does not leave now, in a sentence, and after how many seconds to look again."""

    why: str
    seconds: int


# --- the switch -------------------------------------------------------------------------------------------------------


def standing() -> Standing:
    """Whether anything may leave at all. The setting is the stronger of the two."""
    newest = Flip.objects.order_by("seq").last()
    if not settings.SENDING:
        return Standing(on=False, fixed=True)
    return Standing(newest.on, False, newest.actor, newest.at, newest.why) if newest else Standing(on=True)


def turn(on: bool, actor: str, why: str = "") -> Standing:
    """Turn the switch, and wake what it held. Turned to where it stands it stays, without a line in its trail."""
    while True:
        newest = Flip.objects.order_by("seq").last()
        if (newest.on if newest else True) == on:
            break
        try:
            with transaction.atomic():
                _append(newest, on, actor, why)
        except IntegrityError:  # somebody else turned it at this moment: look again
            continue
    if on:
        _wake()
    return standing()


def _append(newest: Flip | None, on: bool, actor: str, why: str) -> None:
    flip = Flip(
        seq=newest.seq + 1 if newest else 1,
        at=timezone.now(),
        on=on,
        actor=actor[:200],
        why=" ".join(why.split())[:300],
        previous=newest.digest if newest else "",
    )
    flip.digest = seal(flip)
    flip.save(force_insert=True)


def _wake() -> None:
    held = Case.objects.filter(status=Status.APPROVED, trouble__endswith=HELD)
    ids = list(held.values_list("pk", flat=True)[:1000])
    held.update(retry_after=None, trouble="")
    for case_id in ids:
        queue.nudge(case_id)


def seal(flip: Flip) -> str:
    """The digest of a turn: SHA-256 hex over its fields and the digest before it."""
    names = ("seq", "on", "actor", "why", "previous")
    fields = {name: getattr(flip, name) for name in names}
    return hashlib.sha256(audit.canonical({**fields, "at": audit.stamp(flip.at)})).hexdigest()


def verify() -> Iterator[str]:
    """What is wrong with the trail of the switch: one sentence each, none when it is whole."""
    previous, expected = "", 1
    for flip in Flip.objects.order_by("seq"):
        if flip.seq != expected or flip.previous != previous:
            yield f"the switch: turn {expected} is missing (the next one found is {flip.seq})"
        if seal(flip) != flip.digest:
            yield f"the switch: turn {flip.seq} ({flip.at:%Y-%m-%d %H:%M}) was changed after it was written"
        previous, expected = flip.digest, flip.seq + 1


# --- one mail ---------------------------------------------------------------------------------------------------------


def leaves_at(now: datetime) -> datetime:
    """When a mail approved now may leave: until then a click takes it back."""
    return now + timedelta(seconds=settings.UNDO_SECONDS)


def hold(reply: Reply) -> Hold | None:
    """Why this reply must wait, or None when it may leave now."""
    now = timezone.now()
    if not standing().on:
        return Hold(HELD, HELD_SECONDS)
    if reply.leaves_at and reply.leaves_at > now:
        return Hold("It can still be undone.", _seconds(reply.leaves_at - now))
    return _over_the_cap(tuple(reply.recipients), now)


def receipt_may_leave(recipient: str) -> bool:
    """The same for a receipt, which has no time for second thoughts: it is not worth a mail over the cap."""
    return standing().on and _over_the_cap((recipient,), timezone.now()) is None


def _over_the_cap(recipients: tuple[str, ...], now: datetime) -> Hold | None:
    """Workers that ask at the same moment may pass together: over the cap by as many as there are workers, at most."""
    if not (settings.SENDS_PER_HOUR or settings.SENDS_PER_RECIPIENT):
        return None
    if not _may_be_over(recipients, now):
        return None
    left = _left_within_the_hour(now)
    if wait := _wait([at for at, _ in left], settings.SENDS_PER_HOUR, now):
        return Hold(f"The limit of all mail, {settings.SENDS_PER_HOUR} an hour, is reached. {_until(now, wait)}", wait)
    for recipient in recipients:
        theirs = [at for at, to in left if recipient.lower() in to]
        if wait := _wait(theirs, settings.SENDS_PER_RECIPIENT, now):
            why = f"The limit for one recipient, {settings.SENDS_PER_RECIPIENT} an hour, is reached."
            return Hold(f"{why} {_until(now, wait)}", wait)
    return None


def _may_be_over(recipients: tuple[str, ...], now: datetime) -> bool:
    """A cheap look before the dear one: whether so many left, or so many receipts to these, that a cap can be reached."""
    hour = {"claimed_at__gt": now - HOUR}
    answers = rows.count(Reply, {"sent_at__gt": now - HOUR}) + rows.count(Case, {"status": Status.SENDING})
    if settings.SENDS_PER_HOUR and answers + rows.count(Acknowledgement, hour) >= settings.SENDS_PER_HOUR:
        return True
    most = settings.SENDS_PER_RECIPIENT
    return bool(most) and any(
        answers + rows.count(Acknowledgement, {**hour, "recipient": to.lower()}) >= most for to in recipients
    )


def _left_within_the_hour(now: datetime) -> list[tuple[datetime, frozenset[str]]]:
    """When, and to whom, oldest first. A mail in the relay's hands counts, and so do receipts."""
    sent = Reply.objects.filter(sent_at__gt=now - HOUR).values_list("sent_at", "recipients")
    sending = Reply.objects.filter(case__status=Status.SENDING, sent_at=None, voided_at=None).values_list("recipients", flat=True)
    receipts = Acknowledgement.objects.filter(claimed_at__gt=now - HOUR).values_list("claimed_at", "recipient")
    found = [(at, frozenset(one.lower() for one in to)) for at, to in sent if at]
    found += [(now, frozenset(one.lower() for one in to)) for to in sending]
    found += [(at, frozenset({to.lower()})) for at, to in receipts if at]
    return sorted(found, key=lambda one: one[0])


def _wait(times: list[datetime], limit: int, now: datetime) -> int:
    """Seconds until fewer than `limit` of these times lie within the last hour; 0 when that is so now, or without a limit."""
    return _seconds(times[len(times) - limit] + HOUR - now) if limit and len(times) >= limit else 0


def _seconds(delta: timedelta) -> int:
    return max(1, int(delta.total_seconds()) + 1)


def _until(now: datetime, seconds: int) -> str:
    return f"It waits until {timezone.localtime(now + timedelta(seconds=seconds)):%H:%M}."
