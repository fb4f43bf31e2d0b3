"""What the casebook knows of whoever wrote: blocked or not, and how much came from there and in that conversation lately."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet

from consultant.models import Acknowledgement, Block, Case, Reply
from consultant.models import Letter as Row
from consultant.vocabulary import Acquaintance, Letter

HOUR = timedelta(hours=1)
#: Message-IDs of a letter that are looked up, the newest.
MOST_NAMED = 50


def of(case: Case, letter: Letter) -> Acquaintance:
    """What was known when this case's letter came in."""
    email = letter.sender.email.lower()
    block = in_force(email)
    return Acquaintance(
        blocked=f"{block.pattern} by {block.by}. {block.why}".strip() if block else "",
        by_sender=_within_the_hour(case).filter(sender_email=email).count() if email else 0,
        in_thread=_in_thread(case, letter),
    )


def in_force(email: str) -> Block | None:
    """The block that holds for this address: its own, else its domain's, else that of a domain above."""
    local, at, domain = email.lower().rpartition("@")
    if not at:
        return None
    labels = domain.split(".")[-20:]
    domains = ["@" + ".".join(labels[place:]) for place in range(len(labels))]
    found = {block.pattern: block for block in Block.objects.filter(pattern__in=[f"{local}@{domain}", *domains], lifted_at=None)}
    return next((found[pattern] for pattern in (f"{local}@{domain}", *domains) if pattern in found), None)


def _within_the_hour(case: Case) -> QuerySet[Case]:
    return Case.objects.filter(created_at__gt=case.created_at - HOUR, created_at__lte=case.created_at).exclude(pk=case.pk)


def _in_thread(case: Case, letter: Letter) -> int:
    named = [*letter.references, *letter.in_reply_to][-MOST_NAMED:]
    if not named:
        return 0
    cases = {
        *Reply.objects.filter(message_id__in=named).values_list("case_id", flat=True),
        *Acknowledgement.objects.filter(message_id__in=named).values_list("case_id", flat=True),
        *Row.objects.filter(message_id__in=named).exclude(case=case).values_list("case_id", flat=True),
    }
    roots = {*cases, *Case.objects.filter(pk__in=cases, joined_to__isnull=False).values_list("joined_to_id", flat=True)}
    return _within_the_hour(case).filter(Q(pk__in=roots) | Q(joined_to__in=roots)).count()
