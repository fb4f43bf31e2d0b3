"""The human's word on a verdict of triage: it is no question after all, its sender is to be blocked, or not any more.

That a letter set aside is a question after all, or starts again from its bytes, is said in `review`. Every word is a line in the
trail of the case that it was said about.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultant import acquaintances, question, review
from consultant.lifecycle import NotAllowed, Overtaken, actor_of, move, note
from consultant.models import Block, Case
from consultant.vocabulary import Status

#: Cases whose letter a human may set aside.
SETTABLE = frozenset({Status.DRAFTED, Status.QUARANTINED})
#: Domains where strangers share a house: blocking one would block the world.
SHARED = frozenset(
    """aol.com fastmail.com gmail.com gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com me.com msn.com outlook.com
    proton.me protonmail.com qq.com t-online.de web.de yahoo.com ymail.com zoho.com 163.com 126.com orange.fr free.fr""".split()  # noqa: SIM905
)


def set_aside(case: Case, user: User, why: str) -> None:
    """Triage was wrong: this letter asks nothing. Nobody is told; the sender may write again."""
    _free(case, user)
    if case.status not in SETTABLE:
        raise NotAllowed(f"{case.number} is “{case.status}”: only a draft or a quarantined letter can be set aside.")
    if not why.strip():
        raise NotAllowed("Say why it is no question: the trail will have it.")
    move(case, Status.SET_ASIDE, actor_of(user), sets={"holder": None, "held_until": None}, reason=_line(why))


def block(case: Case, user: User, *, whole_domain: bool, why: str) -> Block:
    """Set aside what this case's sender writes from now on, and this letter too when it still waits."""
    _free(case, user)
    pattern = _pattern(case.sender_email, whole_domain)
    if not why.strip():
        raise NotAllowed("Say why: the trail will have it, and so will the reason of every letter that is set aside.")
    with transaction.atomic():
        row = Block(pattern=pattern, case=case, why=_line(why), by=user, at=timezone.now())
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise NotAllowed(f"{pattern} is blocked already.") from None
        _noted(case, user, "blocked", pattern, row.why)
        if case.status in SETTABLE:
            set_aside(case, user, f"its sender is blocked: {row.why}")
    return row


def unblock(row: Block, user: User) -> None:
    """Let letters from there in again. What was set aside meanwhile stays where it is; each can be taken for a question."""
    with transaction.atomic():
        lifted = Block.objects.filter(pk=row.pk, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=user)
        if not lifted:
            raise NotAllowed(f"{row.pattern} is not blocked any more.")
        _noted(row.case, user, "unblocked", row.pattern, "")


def block_on(case: Case) -> Block | None:
    """The block that holds for the sender of this case now."""
    return acquaintances.in_force(case.sender_email) if case.sender_email else None


def _pattern(email: str, whole_domain: bool) -> str:
    email = email.strip().lower()
    domain = email.rpartition("@")[2]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise NotAllowed("It names no sender that could be blocked.")
    if email in {address.lower() for address in settings.ADDRESSES}:
        raise NotAllowed(f"{email} is our own address.")
    if whole_domain and (domain in SHARED or domain == settings.MAIL_DOMAIN.lower() or "." not in domain):
        raise NotAllowed(f"{domain} is a house that many share: block the address alone.")
    return f"@{domain}" if whole_domain else email


def _free(case: Case, user: User) -> None:
    holder = review.holder_of(case)
    if holder and holder != user:
        raise review.Held(f"{holder} holds {case.number}.")


def _noted(case: Case, user: User, kind: str, pattern: str, why: str) -> None:
    try:
        note(case, actor_of(user), kind, sender=pattern, why=why)
    except Overtaken as late:
        raise review.Stale(f"{case.number} changed meanwhile. Look at it again.") from late


def _line(why: str) -> str:
    """One line, without what is a patient's: it will stand in the trail and in reasons."""
    return question.mask(" ".join(why.split()))[:200]
