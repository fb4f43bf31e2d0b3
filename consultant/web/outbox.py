"""What left the house, what could not leave, and what is not known to have left."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from consultant import review
from consultant.models import Reply
from consultant.vocabulary import Status
from consultant.web import roles, sandbox, shown, veils

PER_PAGE = 25


@require_safe
@roles.for_readers
def outbox(request: HttpRequest) -> HttpResponse:
    """Trouble first, then what is on its way, then what was sent, the newest on top."""
    page = Paginator(_replies().filter(sent_at__isnull=False).order_by("-sent_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    open_ones = _replies().filter(sent_at=None, voided_at=None)
    context = {
        "trouble": _replies().filter(case__status__in=[str(Status.FAILED), str(Status.UNKNOWN)], voided_at=None).order_by("-pk"),
        "leaving": open_ones.filter(case__status__in=[str(Status.APPROVED), str(Status.SENDING)]).order_by("pk"),
        "page": page,
        "folder": settings.OUTBOX_DIR,
    }
    return render(request, "outbox.html", context)


@require_safe
@roles.for_readers
def reply(request: HttpRequest, reply_id: int) -> HttpResponse:
    """One reply: the words and where they went."""
    found = get_object_or_404(_replies(), pk=reply_id)
    veil = veils.of(found.case)
    context = {"reply": found, "flowing": shown.flowing(veil.over(found.text)), "hidden": veil.hidden_in(found.text)}
    return render(request, "reply.html", context)


@require_safe
@roles.for_readers
def html(_request: HttpRequest, reply_id: int) -> HttpResponse:
    """Its HTML, masked, for a frame."""
    found = get_object_or_404(_replies(), pk=reply_id)
    return sandbox.our_own(veils.of(found.case).over_html(found.html))


@require_POST
@roles.for_reviewers
def raw(request: HttpRequest, reply_id: int) -> HttpResponse:
    """The bytes as handed to the relay, or kept in the outbox. A reveal: the trail says who took them."""
    found = get_object_or_404(_replies(), pk=reply_id)
    if found.raw is None:
        raise Http404
    review.reveal(found.case, roles.user_of(request), f"reply {found.pk} as it left")
    return sandbox.download(bytes(found.raw), f"{found.case.number}-reply-{found.pk}.eml")


def _replies() -> QuerySet[Reply]:
    return Reply.objects.select_related("case", "approved_by", "draft")
