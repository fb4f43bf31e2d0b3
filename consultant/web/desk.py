"""The queue: what waits, and everything else that can be looked up by status, topic, holder, confidence or words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from consultant import review
from consultant.models import Case, Draft
from consultant.triage import RULES
from consultant.vocabulary import Status, Verdict
from consultant.web import roles, shown

PER_PAGE = 25

_MOVING = (Status.RECEIVED, Status.ACCEPTED, Status.CLASSIFIED, Status.APPROVED, Status.SENDING)

#: The tabs: what they are called, and which statuses they show.
TABS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "waiting": ("Waiting", review.WAITING),
    "trouble": ("Trouble", (Status.FAILED, Status.UNKNOWN, Status.QUARANTINED)),
    "moving": ("On the way", _MOVING),
    "asked": ("Asked", (Status.ASKED,)),
    "sent": ("Sent", (Status.SENT,)),
    "declined": ("Declined", (Status.DECLINED,)),
    "aside": ("Set aside", (Status.SET_ASIDE, Status.JOINED)),
    "all": ("All", tuple(Status)),
}
WHOSE = {"": "Anybody’s", "mine": "Mine", "free": "Unclaimed"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the page is asked to show; words that make no sense are as good as none."""

    show: str = "waiting"
    q: str = ""
    topic: str = ""
    whose: str = ""
    low: str = ""
    verdict: str = ""  # of triage
    rule: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wish:
        show, topic, whose = asked.get("show", ""), asked.get("topic", ""), asked.get("whose", "")
        verdict, rule = asked.get("verdict", ""), asked.get("rule", "")
        return cls(
            show if show in TABS else "waiting",
            " ".join(asked.get("q", "").replace("\x00", "").split())[:100],
            topic if topic in shown.TOPICS else "",
            whose if whose in WHOSE else "",
            "1" if asked.get("low") else "",
            verdict if verdict in set(Verdict) else "",
            rule if rule in {one.name for one in RULES} else "",
        )

    def query(self, **but: str | int) -> str:
        """As the part of an address after "?", with some of it changed."""
        mine = {name: getattr(self, name) for name in self.__slots__}
        return urlencode({name: value for name, value in (mine | but).items() if value})

    @property
    def narrow(self) -> bool:
        return bool(self.q or self.topic or self.whose or self.low or self.verdict or self.rule)


@dataclass(frozen=True, slots=True)
class Row:
    case: Case
    age: str
    sure: shown.Sure | None
    topic: str
    tone: str
    stands: str
    holder: User | None


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    title: str
    count: int
    query: str
    here: bool


@require_safe
@roles.for_readers
@vary_on_headers("HX-Request")
def queue(request: HttpRequest) -> HttpResponse:
    """The page, or only its list when htmx asks for that."""
    wish, user = Wish.of(request.GET), roles.user_of(request)
    page = Paginator(found(wish, user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"wish": wish, "tabs": tabs(wish), "rows": rows(page), "page": page, **_pages(wish, page)}
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request:
        return render(request, "queue_list.html", context)
    return render(request, "queue.html", {**context, "topics": shown.TOPICS, "whose": WHOSE, "verdicts": list(Verdict)})


def found(wish: Wish, user: User) -> QuerySet[Case]:
    """The cases that the wish means: what waits with the oldest first, everything else with the newest."""
    cases = Case.objects.select_related("holder").filter(_where(wish, user), status__in=[str(s) for s in TABS[wish.show][1]])
    return cases.order_by("created_at", "pk") if wish.show in {"waiting", "trouble"} else cases.order_by("-created_at", "-pk")


def tabs(wish: Wish) -> list[Tab]:
    """The tabs with how many cases stand in each, whatever the other filters say."""
    counts: dict[str, int] = dict(Case.objects.order_by().values_list("status").annotate(Count("pk")))
    return [
        Tab(name, title, sum(counts.get(str(status), 0) for status in statuses), wish.query(show=name), name == wish.show)
        for name, (title, statuses) in TABS.items()
    ]


def rows(page: Page[Case]) -> list[Row]:
    now = timezone.now()
    return [row(case, now) for case in page]


def row(case: Case, now: datetime) -> Row:
    return Row(
        case,
        shown.age(case.created_at, now),
        shown.sure(case.confidence, case.answered),
        shown.TOPICS.get(case.topic, ""),
        shown.TONES.get(case.status, "calm"),
        shown.STANDS.get(case.status, case.status),
        review.holder_of(case),
    )


def _pages(wish: Wish, page: Page[Case]) -> dict[str, Any]:
    return {
        "here": wish.query(page=page.number if page.number > 1 else ""),
        "newer": wish.query(page=page.previous_page_number()) if page.has_previous() else "",
        "older": wish.query(page=page.next_page_number()) if page.has_next() else "",
    }


# --- what the wish means ----------------------------------------------------------------------------------------------


def _where(wish: Wish, user: User) -> Q:
    held = Q(holder__isnull=False, held_until__gt=timezone.now())
    where = {"": Q(), "mine": held & Q(holder=user), "free": ~held}[wish.whose]
    if wish.topic:
        where &= Q(topic=wish.topic)
    if wish.low:
        where &= Q(confidence__lt=shown.LOW) | Q(answered=False)
    if wish.verdict:
        where &= Q(triage__verdict=wish.verdict)
    if wish.rule:
        where &= Q(triage__rule=wish.rule)
    return where & search(wish.q) if wish.q else where


def search(words: str) -> Q:
    """A case number, or words in the subject, the sender, the question or a draft, or a code among the findings."""
    drafts = Draft.objects.filter(case=OuterRef("pk"), text__icontains=words)
    where = Q(subject__icontains=words) | Q(sender_email__icontains=words) | Q(sender_name__icontains=words)
    where |= Q(findings__question__text__icontains=words) | Q(Exists(drafts))
    if number := re.fullmatch(r"[cC]?-?0{0,9}([1-9][0-9]{0,9})", words):
        where |= Q(pk=int(number[1]))
    if re.fullmatch(r"-?[A-Za-z0-9][A-Za-z0-9.-]{1,9}", words):
        where |= Q(findings__icontains=f'"code": "{words}')  # both databases write their JSON text like that
    return where
