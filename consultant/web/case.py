"""One case on one page: the decision on top, the letter beside the draft, the reasons and the trail below."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from pydantic import ValidationError

from consultant import audit, correspondence, precedents, question, review
from consultant.models import Case, Draft
from consultant.vocabulary import Answer, Candidate, Findings, Status, load
from consultant.web import desk, letters, roles, shown, sorting, told, veils

T = TypeVar("T")

#: What a human may do with a case in this status; the bar shows these and `actions` has a function for each.
DEEDS: dict[str, tuple[str, ...]] = {
    Status.DRAFTED: ("approve", "edit", "ask", "decline", "set-aside"),
    Status.APPROVED: ("take-back",),
    Status.DECLINED: ("back-to-draft",),
    Status.FAILED: ("retry", "back-to-draft"),
    Status.UNKNOWN: ("it-was-sent", "retry", "back-to-draft"),
    Status.QUARANTINED: ("retry", "answer-anyway", "set-aside"),
    Status.SET_ASIDE: ("answer-anyway",),
    Status.JOINED: ("answer-anyway",),
}
#: Statuses that a case leaves by itself.
MOVING = frozenset({Status.RECEIVED, Status.ACCEPTED, Status.CLASSIFIED, Status.APPROVED, Status.SENDING})
#: Statuses in which a claim makes sense.
CLAIMABLE = frozenset(str(status) for status in review.WAITING)


@require_safe
@roles.for_readers
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    return page(request, _case(case_id))


@require_POST
@roles.for_reviewers
def reveal(request: HttpRequest, case_id: int) -> HttpResponse:
    """The same page with patients' data unmasked, for this one view; who looked, and when, is in the trail before it is shown."""
    case = _case(case_id)
    review.reveal(case, roles.user_of(request), "the page with its letters and drafts")
    return page(request, case, lifted=True)


def page(
    request: HttpRequest,
    case: Case,
    *,
    status: int = 200,
    trouble: str = "",
    typed: Mapping[str, str] | None = None,
    lifted: bool = False,
) -> HttpResponse:
    """The case page; with a trouble it shows the case as it is now, and what the reviewer had typed."""
    user, veil = roles.user_of(request), veils.of(case, lifted=lifted)
    findings = _loaded(Findings, case.findings)
    drafts = list(case.drafts.select_related("author").order_by("version"))
    answer = _loaded(Answer, drafts[-1].answer) if drafts else None
    context = {
        "case": case,
        "row": desk.row(case, timezone.now()),
        "trouble": trouble,
        "typed": typed or {},
        "letters": letters.shown_of(case, veil),
        "phi": question.kinds(veil.asked),
        "veil": veil,
        "passport": veils.passport(case, user) if lifted else "",
        "findings": findings,
        "facts": shown.fact_chips(findings.question if findings else None),
        "topics": [shown.TOPICS.get(topic, topic) for topic in findings.topics] if findings else [],
        "drafts": drafts,
        **_candidates(answer, findings),
        "answer": answer,
        "answer_sure": shown.sure(case.confidence, case.answered),
        "undo": _undo(case),
        "replies": list(case.replies.select_related("approved_by").order_by("-pk")),
        "precedents": precedents.like(case, findings, answer) if findings else [],
        "joined": list(case.joined.order_by("pk")),
        "trail": [told.tell(event) for event in audit.trail(case)],
        **_draft(drafts[-1] if drafts else None, veil),
        **_reasons(answer),
        **_hands(case, user),
    }
    return render(request, "case.html", context, status=status)


@require_safe
@roles.for_readers
def pulse(request: HttpRequest, case_id: int) -> HttpResponse:
    """Asked every few seconds by an open page: did anything happen since? A case that moves by itself is shown afresh;
    where somebody may be writing, only a line says so."""
    case = _case(case_id)
    seen, was_moving = request.GET.get("seen", ""), request.GET.get("moving", "")
    if str(case.events_count) != seen and was_moving:
        return HttpResponseClientRefresh()
    changed = str(case.events_count) != seen
    return render(request, "case_pulse.html", {"case": case, "seen": seen, "moving": was_moving, "changed": changed})


@require_safe
@roles.for_readers
def version(request: HttpRequest, case_id: int, version: int) -> HttpResponse:
    """One version of the draft, and how it differs from the engine's."""
    case = _case(case_id)
    draft = get_object_or_404(Draft.objects.select_related("author"), case=case, version=version)
    engine = case.drafts.filter(author=None, version__lte=version).order_by("version").last()
    veil = veils.of(case)
    text = veil.over(draft.text)
    lines = shown.difference(veil.over(engine.text), text) if engine and engine.pk != draft.pk else []
    context = {"case": case, "draft": draft, "engine": engine, "lines": lines, "text": text, "subject": veil.over(draft.subject)}
    return render(request, "draft.html", context)


def _case(case_id: int) -> Case:
    return get_object_or_404(Case.objects.select_related("holder", "joined_to", "contradicts"), pk=case_id)


def _loaded(kind: type[T], data: Any) -> T | None:
    """What was kept as JSON; None when there is nothing, or when an older release kept it in another shape."""
    try:
        return load(kind, data) if data else None
    except ValidationError:
        return None


def _draft(draft: Draft | None, veil: veils.Veil) -> dict[str, Any]:
    """The newest draft as the veil lets it be seen, and what of patients it repeats."""
    if draft is None:
        return {"draft": None, "flowing": [], "repeats": ()}
    text, subject = veil.over(draft.text), veil.over(draft.subject)
    hidden = veil.hidden_in(draft.text)
    return {"draft": draft, "draft_text": text, "draft_subject": subject, "flowing": shown.flowing(text), "repeats": hidden}


def _reasons(answer: Answer | None) -> dict[str, Any]:
    """The statements of the answer by section, each with the letters of its sources: numbers are the draft's own."""
    said: dict[str, list[dict[str, Any]]] = {}
    sources = [(f"{chr(97 + n)}" if n < 26 else f"{n + 1}", source) for n, source in enumerate(answer.sources if answer else ())]
    letter = {source.id: name for name, source in sources}
    for statement in answer.statements if answer else ():
        cited = [letter[source] for source in statement.sources if source in letter]
        said.setdefault(statement.section, []).append({"text": statement.text, "cited": cited})
    return {"said": said, "sources": sources}


def _candidates(answer: Answer | None, findings: Findings | None) -> dict[str, list[Candidate]]:
    """What is to be reported first, then the rest in the engine's order; and apart from both what is only near."""
    found = (answer.candidates if answer else ()) or (findings.candidates if findings else ())
    report = answer.report if answer else ()
    candidates = sorted((c for c in found if not c.is_near), key=lambda candidate: candidate.code not in report)
    return {"candidates": candidates, "near": [c for c in found if c.is_near]}


def _undo(case: Case) -> dict[str, Any] | None:
    """Until when an approval can be undone, and the seconds left; None when nothing is about to leave."""
    reply = correspondence.approved(case) if case.status == Status.APPROVED else None
    left = (reply.leaves_at - timezone.now()).total_seconds() if reply and reply.leaves_at else 0
    return {"until": reply.leaves_at, "seconds": ceil(left)} if reply and left > 0 else None


def _hands(case: Case, user: Any) -> dict[str, Any]:
    """Who holds the case, and what this user may do with it now."""
    holder = review.holder_of(case)
    may = roles.may_act(user)
    others = holder is not None and holder != user
    return {
        "holder": holder,
        "mine": holder is not None and holder == user,
        "others": others,
        "claimable": may and case.status in CLAIMABLE and not case.purged_at,
        "deeds": DEEDS.get(case.status, ()) if may and not case.purged_at else (),
        "moving": case.status in MOVING,
        "colleagues": list(roles.colleagues(user)) if may else [],
        **sorting.of(case),
    }
