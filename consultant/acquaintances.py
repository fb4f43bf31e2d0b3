"""What the casebook knows of whoever wrote: blocked or not, and how much came from there and in that conversation lately."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from consultant.models import Acknowledgement, Block, Case, Reply, rows
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
        by_sender=rows.count(Case, {**_within_the_hour(case), "sender_email": email}) if email else 0,
        in_thread=_in_thread(case, letter),
    )


def in_force(email: str) -> Block | None:
    """The block that holds for this address: its own, else its domain's, else that of a domain above."""
    local, at, domain = email.lower().rpartition("@")
    if not at:
        return None
    labels = domain.split(".")[-20:]
    domains = ["@" + ".".join(labels[place:]) for place in range(len(labels))]
    patterns = (f"{local}@{domain}", *domains)
    blocks = rows.among(Block, "pattern", patterns, ("pattern", "pk", "lifted_at"))
    found = {pattern: key for pattern, key, lifted_at in blocks if lifted_at is None}
    narrowest = next((found[pattern] for pattern in patterns if pattern in found), None)
    return Block.objects.select_related("by").filter(pk=narrowest, lifted_at=None).first() if narrowest else None


def _within_the_hour(case: Case) -> dict[str, Any]:
    """The other cases that began in the hour before this one."""
    return {"created_at__gt": case.created_at - HOUR, "created_at__lte": case.created_at, "pk__not": case.pk}


def _in_thread(case: Case, letter: Letter) -> int:
    named = [*letter.references, *letter.in_reply_to][-MOST_NAMED:]
    if not named:
        return 0
    found = [rows.among(kind, "message_id", named, ("case",)) for kind in (Reply, Acknowledgement, Row)]
    cases = {key for kind in found for (key,) in kind} - {case.pk}
    if not cases:
        return 0
    roots = {*cases, *Case.objects.filter(pk__in=cases, joined_to__isnull=False).values_list("joined_to_id", flat=True)}
    near = Case.objects.filter(created_at__gt=case.created_at - HOUR, created_at__lte=case.created_at).exclude(pk=case.pk)
    return near.filter(Q(pk__in=roots) | Q(joined_to__in=roots)).count()
