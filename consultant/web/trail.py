"""For auditors: every case's trail, whether it is whole, and all of it to take along. Nothing here changes a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from consultant import audit
from consultant import export as exporting
from consultant.models import Case
from consultant.vocabulary import Status
from consultant.web import desk, roles, sandbox, shown, told

PER_PAGE = 50
#: So many cases are checked in one request; `consultant audit verify` checks them all.
MOST_CHECKED = 2000


@dataclass(frozen=True, slots=True)
class Wish:
    since: str = ""
    until: str = ""
    status: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wish:
        status = asked.get("status", "")
        words = " ".join(asked.get("q", "").replace("\x00", "").split())[:100]
        return cls(_day(asked.get("since")), _day(asked.get("until")), status if status in set(Status) else "", words)

    @property
    def query(self) -> str:
        return urlencode({name: value for name in self.__slots__ if (value := getattr(self, name))})


@require_safe
@roles.for_auditors
def trail(request: HttpRequest) -> HttpResponse:
    """The cases, the newest first."""
    return _list(request, Wish.of(request.GET))


@require_POST
@roles.for_auditors
def verify_all(request: HttpRequest) -> HttpResponse:
    """Check every trail in the list, and say sentence by sentence what is wrong."""
    wish = Wish.of(request.POST)
    cases = list(_found(wish)[: MOST_CHECKED + 1])
    checked = cases[:MOST_CHECKED]
    problems = [sentence for case in checked for sentence in audit.verify(case)]
    return _list(request, wish, checked=len(checked), cut=len(cases) > MOST_CHECKED, problems=problems)


def _list(request: HttpRequest, wish: Wish, **more: object) -> HttpResponse:
    page = Paginator(_found(wish), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "trail.html", {"wish": wish, "page": page, "statuses": shown.STANDS, **more})


@require_safe
@roles.for_auditors
def one(request: HttpRequest, case_id: int) -> HttpResponse:
    """The whole trail of a case, with everything that its digests cover."""
    return _one(request, _case(case_id))


@require_POST
@roles.for_auditors
def verify_one(request: HttpRequest, case_id: int) -> HttpResponse:
    case = _case(case_id)
    return _one(request, case, checked=1, problems=audit.verify(case))


def _one(request: HttpRequest, case: Case, **more: object) -> HttpResponse:
    trail = [told.tell(event) for event in audit.trail(case)]
    return render(request, "trail_case.html", {"case": case, "row": desk.row(case, timezone.now()), "trail": trail, **more})


@require_safe
@roles.for_auditors
def export(_request: HttpRequest, case_id: int) -> HttpResponse:
    """The zip: letters, drafts, replies, events, and a manifest of hashes; patients masked."""
    case = _case(case_id)
    return sandbox.download(exporting.masked(case), f"{case.number}.zip", "application/zip")


@require_POST
@roles.for_admins
def export_revealed(request: HttpRequest, case_id: int) -> HttpResponse:
    """The same with everything as written. The trail says who took it."""
    case = _case(case_id)
    return sandbox.download(exporting.revealed(case, roles.user_of(request)), f"{case.number}-unmasked.zip", "application/zip")


def _found(wish: Wish) -> QuerySet[Case]:
    cases = Case.objects.order_by("-created_at", "-pk")
    if wish.since:
        cases = cases.filter(created_at__date__gte=wish.since)
    if wish.until:
        cases = cases.filter(created_at__date__lte=wish.until)
    if wish.status:
        cases = cases.filter(status=wish.status)
    return cases.filter(desk.search(wish.q)) if wish.q else cases


def _case(case_id: int) -> Case:
    return get_object_or_404(Case.objects.select_related("holder"), pk=case_id)


def _day(text: str | None) -> str:
    """The day as written, when it is one."""
    try:
        return date.fromisoformat(text or "").isoformat()
    except ValueError:
        return ""
