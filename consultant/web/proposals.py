"""Cards that reviewers propose: write one from a case, look at a colleague's, accept or decline it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultant import proposals as cards
from consultant.lifecycle import NotAllowed, Overtaken
from consultant.models import Case, Proposal
from consultant.web import roles

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@roles.for_reviewers
def propose(request: HttpRequest, case_id: int) -> HttpResponse:
    """The form with a card made of the case's answer; what is wrong with the one that was sent comes back with it as 422."""
    case = get_object_or_404(Case, pk=case_id)
    try:
        text = request.POST.get("card") or cards.suggested(case)
        if request.method != "POST":
            return render(request, "propose.html", {"case": case, "card": text})
        cards.propose(case, roles.user_of(request), text)
    except (NotAllowed, Overtaken) as why:
        shown = {"case": case, "card": request.POST.get("card", ""), "trouble": str(why)}
        return render(request, "propose.html", shown, status=422)
    messages.success(request, "Your card waits for a colleague.")
    return redirect("proposals")


@require_safe
@roles.for_readers
def proposals(request: HttpRequest) -> HttpResponse:
    """Those that wait first, then the newest decisions."""
    found = Proposal.objects.select_related("case", "author", "decided_by")
    waiting = list(found.filter(standing="waiting").order_by("created_at"))
    decided = list(found.exclude(standing="waiting").order_by("-decided_at")[:SHOWN])
    return render(request, "proposals.html", {"waiting": waiting, "decided": decided})


@require_safe
@roles.for_readers
def one(request: HttpRequest, proposal_id: int) -> HttpResponse:
    return _page(request, _proposal(proposal_id))


@require_POST
@roles.for_reviewers
def decide(request: HttpRequest, proposal_id: int, deed: str) -> HttpResponse:
    proposal, user = _proposal(proposal_id), roles.user_of(request)
    try:
        if deed == "accept":
            cards.accept(proposal, user)
            messages.success(request, "Accepted: it joins the book at the next build (consultant codebook build).")
        elif deed == "decline":
            cards.decline(proposal, user, request.POST.get("why", ""))
            messages.success(request, "Declined, with your reason.")
        else:
            raise Http404
    except (NotAllowed, Overtaken) as why:
        return _page(request, _proposal(proposal_id), trouble=str(why), status=409)
    return redirect("proposals")


def _page(request: HttpRequest, proposal: Proposal, *, trouble: str = "", status: int = 200) -> HttpResponse:
    user = roles.user_of(request)
    _, wrong = cards.checked(proposal.text) if proposal.standing == "waiting" else (None, [])
    may = roles.may_act(user) and proposal.standing == "waiting"
    shown = {"proposal": proposal, "wrong": wrong, "trouble": trouble, "may": may, "own": proposal.author == user}
    return render(request, "proposal.html", shown, status=status)


def _proposal(proposal_id: int) -> Proposal:
    return get_object_or_404(Proposal.objects.select_related("case", "author", "decided_by"), pk=proposal_id)
