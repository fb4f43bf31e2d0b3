"""My questions: what an asker sees of the own cases, in plain words, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from consultant import question
from consultant.models import Case, Reply
from consultant.vocabulary import Status
from consultant.web import roles, shown, veils

PER_PAGE = 25

_HAVE = "We have your question and are looking things up."
_LOOKING = "A reviewer is looking at your question."
_LEAVING = "The reply is on its way to you."

WORDS: dict[str, tuple[str, str]] = {
    Status.RECEIVED: ("In hand", _HAVE),
    Status.ACCEPTED: ("In hand", _HAVE),
    Status.CLASSIFIED: ("In hand", _HAVE),
    Status.DRAFTED: ("With a reviewer", _LOOKING),
    Status.QUARANTINED: ("With a reviewer", _LOOKING),
    Status.APPROVED: ("On its way", _LEAVING),
    Status.SENDING: ("On its way", _LEAVING),
    Status.FAILED: ("With a reviewer", "Our reply could not be delivered by mail; a reviewer is looking at it."),
    Status.UNKNOWN: ("With a reviewer", "A reviewer is making sure that our reply reached you."),
    Status.SENT: ("Answered", "Here is our answer."),
    Status.ASKED: ("We need a word from you", "We asked you something: please reply to our mail."),
    Status.DECLINED: ("Closed", "We can’t answer this one."),
}


@dataclass(frozen=True, slots=True)
class Mine:
    case: Case
    short: str
    long: str


@require_safe
@roles.for_everybody
def mine(request: HttpRequest) -> HttpResponse:
    page = Paginator(_own(roles.user_of(request)).order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mine.html", {"page": page, "cases": [_told(case) for case in page]})


@require_safe
@roles.for_everybody
def one(request: HttpRequest, case_id: int) -> HttpResponse:
    """One's own question and what was sent in reply. Anybody else's is as good as not there: 404."""
    case = get_object_or_404(_own(roles.user_of(request)), pk=case_id)
    veil = veils.of(case)
    sent = Reply.objects.filter(case=case, sent_at__isnull=False).order_by("sent_at", "pk")
    replies = [{"kind": reply.kind, "sent_at": reply.sent_at, "flowing": shown.flowing(veil.over(reply.text))} for reply in sent]
    return render(request, "mine_case.html", {"mine": _told(case), "asked": question.masked(veil.asked), "replies": replies})


def _own(user: User) -> QuerySet[Case]:
    """The cases that came from the user's own address; follow-ups are part of theirs, robots' letters are nobody's question."""
    if not user.email:
        return Case.objects.none()
    return Case.objects.filter(sender_email=user.email.lower(), status__in=[str(status) for status in WORDS])


def _told(case: Case) -> Mine:
    return Mine(case, *WORDS[case.status])
