"""How letters are sorted: the table of triage to be read aloud, who is blocked, and the verdict on one letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from pydantic import ValidationError

from consultant import appeals
from consultant.lifecycle import NotAllowed, Overtaken
from consultant.models import Block, Case
from consultant.review import Stale
from consultant.triage import HAPPENS, RULES, Rule
from consultant.vocabulary import Triage, load
from consultant.web import roles

DAYS = 30
LIFTED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as the page reads it out."""

    rule: Rule
    happens: str
    count: int  # of the last DAYS days


def of(case: Case) -> dict[str, Any]:
    """For the page of one case: the verdict with its reason, and the block that holds for its sender."""
    try:
        found = load(Triage, case.triage) if case.triage else None
    except ValidationError:  # kept by an older release in another shape
        found = None
    return {"sorted": found, "blocked": appeals.block_on(case)}


@require_safe
@roles.for_readers
def sorting(request: HttpRequest) -> HttpResponse:
    """The rules in their order, with what they met lately; the caps; the blocked senders."""
    since = timezone.now() - timedelta(days=DAYS)
    counts = dict(Case.objects.filter(created_at__gt=since).order_by().values_list("triage__rule").annotate(Count("pk")))
    blocks = Block.objects.select_related("by", "lifted_by", "case")
    context = {
        "rules": [Row(rule, HAPPENS[rule.verdict], counts.get(rule.name, 0)) for rule in RULES],
        "days": DAYS,
        "blocks": list(blocks.filter(lifted_at=None)),
        "lifted": list(blocks.exclude(lifted_at=None).order_by("-lifted_at")[:LIFTED_SHOWN]),
        "per_sender": settings.LETTERS_PER_SENDER,
        "per_thread": settings.LETTERS_PER_THREAD,
        "trusted": settings.TRUSTED_RELAYS,
    }
    return render(request, "sorting.html", context)


@require_POST
@roles.for_reviewers
def unblock(request: HttpRequest, block_id: int) -> HttpResponse:
    """Lift a block."""
    block = get_object_or_404(Block.objects.select_related("case"), pk=block_id)
    try:
        appeals.unblock(block, roles.user_of(request))
    except (NotAllowed, Stale, Overtaken) as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"{block.pattern} is no longer blocked.")
    return redirect("sorting")
