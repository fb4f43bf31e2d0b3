"""What a reviewer does to a case: one address, one table, and `review` for everything that matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from consultant import appeals, keeping, review
from consultant.lifecycle import NotAllowed, Overtaken
from consultant.models import Case
from consultant.vocabulary import Status
from consultant.web import case as case_page
from consultant.web import roles

Deed = Callable[[Case, User, QueryDict], "Done"]


@dataclass(frozen=True, slots=True)
class Done:
    """What to say now, and whether the reviewer is through with this case."""

    said: str
    through: bool = False
    leaves: bool = False  # a mail was approved: it can be undone for a while


@require_POST
@roles.for_reviewers
def act(request: HttpRequest, case_id: int, deed: str) -> HttpResponse:
    """Do it and go on; or show the case as it is now, with the reason why not and what was typed, as 409."""
    if deed not in DEEDS:
        raise Http404
    case = get_object_or_404(Case.objects.select_related("holder"), pk=case_id)
    try:
        done = DEEDS[deed](case, roles.user_of(request), request.POST)
    except (review.Stale, review.Held, NotAllowed, Overtaken) as why:
        fresh = Case.objects.select_related("holder", "joined_to").get(pk=case_id)
        typed = {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"} | {"deed": deed}
        return case_page.page(request, fresh, status=409, trouble=str(why), typed=typed)
    said = _with_undo(case, done.said) if done.leaves and settings.UNDO_SECONDS else done.said
    messages.success(request, said, extra_tags=f"case-{case.pk}" if done.through else "")
    return redirect("queue") if done.through else redirect("case", case_id=case.pk)


def _with_undo(case: Case, said: str) -> str:
    """The way back, for the seconds that it is open."""
    link = '{} It leaves in {} seconds: <a href="{}">look at it, or undo</a>.'
    return format_html(link, said, settings.UNDO_SECONDS, reverse("case", args=[case.pk]))


def _seen(post: QueryDict) -> dict[str, int]:
    """What the reviewer's page showed: the draft's version and how many letters. What is no number is never current."""
    return {
        name: int(value) if (value := post.get(name, "")).isascii() and value.isdigit() else -1 for name in ("version", "letters")
    }


# --- holding ----------------------------------------------------------------------------------------------------------


def claim(case: Case, user: User, post: QueryDict) -> Done:
    review.claim(case, user, take_over=bool(post.get("take_over")))
    return Done(f"You hold {case.number} now.")


def release(case: Case, user: User, _post: QueryDict) -> Done:
    review.release(case, user)
    return Done(f"{case.number} is back in the queue.")


def hand_over(case: Case, user: User, post: QueryDict) -> Done:
    chosen = post.get("to", "")
    to = roles.colleagues(user).filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    if to is None:
        raise NotAllowed("Choose a colleague to hand it over to.")
    review.hand_over(case, user, to, post.get("why", "").strip())
    return Done(f"{case.number} is with {to} now.", through=True)


# --- deciding ---------------------------------------------------------------------------------------------------------


def approve(case: Case, user: User, post: QueryDict) -> Done:
    review.approve(case, user, **_seen(post))
    return Done(f"{case.number} is approved and about to leave.", through=True, leaves=True)


def edit(case: Case, user: User, post: QueryDict) -> Done:
    """Keep the text as a new version, and send that when the button said so."""
    seen = _seen(post)
    draft = review.edit(case, user, **seen, text=post.get("text", ""), subject=post.get("subject", ""))
    if post.get("then") != "approve":
        return Done(f"Kept as draft {draft.version}. Nothing was sent.")
    review.approve(case, user, version=draft.version, letters=seen["letters"])
    return Done(f"{case.number} is approved with your text and about to leave.", through=True, leaves=True)


def ask(case: Case, user: User, post: QueryDict) -> Done:
    review.ask(case, user, **_seen(post), what=post.get("question", ""))
    said = f"Your question for {case.number} is about to leave. The sender’s reply brings the case back."
    return Done(said, through=True, leaves=True)


def decline(case: Case, user: User, post: QueryDict) -> Done:
    tell = bool(post.get("tell"))
    review.decline(case, user, **_seen(post), reason=post.get("reason", ""), tell=tell)
    how = "and the sender is told why" if tell else "without a letter to the sender"
    return Done(f"{case.number} is declined, {how}.", through=True, leaves=tell)


def take_back(case: Case, user: User, _post: QueryDict) -> Done:
    review.take_back(case, user)
    return Done(f"Taken back: {case.number} has not left, and waits for a decision again.")


# --- when something went wrong ----------------------------------------------------------------------------------------


def retry(case: Case, user: User, _post: QueryDict) -> Done:
    review.retry(case, user)
    return Done(f"{case.number} is tried again.", leaves=case.status == Status.APPROVED)


def it_was_sent(case: Case, user: User, post: QueryDict) -> Done:
    how_known = post.get("how_known", "").strip()
    if not how_known:
        raise NotAllowed("Say how you know: the trail will have it.")
    review.it_was_sent(case, user, how_known=how_known)
    return Done(f"{case.number} is settled: it was sent.", through=True)


def back_to_draft(case: Case, user: User, _post: QueryDict) -> Done:
    review.back_to_draft(case, user)
    return Done(f"{case.number} waits for a decision again, and you hold it.")


def answer_anyway(case: Case, user: User, post: QueryDict) -> Done:
    review.answer_anyway(case, user, why=post.get("why", "").strip())
    return Done(f"{case.number} is taken for a question after all.")


def hold(case: Case, user: User, post: QueryDict) -> Done:
    keeping.hold(case, user, on=True, why=post.get("why", ""))
    return Done(f"{case.number} is on legal hold: nothing of it is purged.")


def lift_hold(case: Case, user: User, post: QueryDict) -> Done:
    keeping.hold(case, user, on=False, why=post.get("why", ""))
    return Done(f"The legal hold on {case.number} is lifted.")


def set_aside(case: Case, user: User, post: QueryDict) -> Done:
    appeals.set_aside(case, user, post.get("why", ""))
    return Done(f"{case.number} is set aside. Nobody was told.", through=True)


def block(case: Case, user: User, post: QueryDict) -> Done:
    row = appeals.block(case, user, whole_domain=bool(post.get("domain")), why=post.get("why", ""))
    return Done(f"{row.pattern} is blocked: what comes from there is set aside, and can be seen there.")


def unblock(case: Case, user: User, _post: QueryDict) -> Done:
    row = appeals.block_on(case)
    if row is None:
        raise NotAllowed("Its sender is not blocked.")
    appeals.unblock(row, user)
    return Done(f"{row.pattern} is no longer blocked. This letter is where it was: take it for a question if it is one.")


DEEDS: dict[str, Deed] = {
    "hold": hold,
    "lift-hold": lift_hold,
    "claim": claim,
    "release": release,
    "hand-over": hand_over,
    "approve": approve,
    "edit": edit,
    "ask": ask,
    "decline": decline,
    "take-back": take_back,
    "retry": retry,
    "it-was-sent": it_was_sent,
    "back-to-draft": back_to_draft,
    "answer-anyway": answer_anyway,
    "set-aside": set_aside,
    "block": block,
    "unblock": unblock,
}
