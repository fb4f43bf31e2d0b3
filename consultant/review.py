"""The human's part: claim, approve, edit, ask, decline, hand over, retry. Nothing leaves the house but through here.

Every function takes the case as it stood on the reviewer's page, and fails with a sentence when that is no longer so:
`Stale` (look again), `Held` (somebody else has it), `NotAllowed` (not in this status).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consultant import correspondence, drafting, gate, precedents, question, queue, threads
from consultant.lifecycle import NotAllowed, Overtaken, actor_of, move, note
from consultant.models import Case, Draft
from consultant.vocabulary import Answer, Status, load
from consultant.vocabulary import Draft as Composed

#: What waits for a reviewer: a draft to decide on, or something that went wrong.
WAITING = (Status.DRAFTED, Status.FAILED, Status.UNKNOWN, Status.QUARANTINED)


class Stale(Exception):
    """The page shows something that is no longer so."""


class Held(Exception):
    """Another reviewer has claimed the case."""


# --- the queue --------------------------------------------------------------------------------------------------------


def waiting() -> QuerySet[Case]:
    """The cases that wait for a reviewer, oldest first."""
    return Case.objects.filter(status__in=[str(s) for s in WAITING]).select_related("holder").order_by("created_at", "pk")


def holder_of(case: Case) -> User | None:
    """Who holds the case now; nobody once the lease has run out."""
    return case.holder if case.holder and case.held_until and case.held_until > timezone.now() else None


def lease() -> dict[str, Any]:
    return {"held_until": timezone.now() + timedelta(minutes=settings.CLAIM_MINUTES)}


def claim(case: Case, user: User, *, take_over: bool = False) -> None:
    """Hold the case for a while, so that nobody else works on it. `take_over` takes it from its holder, visibly."""
    holder = holder_of(case)
    if holder == user:
        Case.objects.filter(pk=case.pk, holder=user).update(**lease())
        return
    if holder and not take_over:
        raise Held(f"{holder} holds {case.number} until {timezone.localtime(case.held_until):%H:%M}.")
    _noted(case, user, "claimed", {"holder": user, **lease()}, from_=str(holder) if holder else "")


def release(case: Case, user: User) -> None:
    """Put the case back into the queue."""
    _mine(case, user)
    _noted(case, user, "released", {"holder": None, "held_until": None})


def hand_over(case: Case, user: User, to: User, why: str = "") -> None:
    """Give the case to a colleague, with a word why."""
    _mine(case, user)
    _noted(case, user, "handed over", {"holder": to, **lease()}, to=str(to), why=question.mask(why))


# --- decisions --------------------------------------------------------------------------------------------------------


def approve(case: Case, user: User, *, version: int, letters: int) -> None:
    """Send the newest draft as it is. `version` and `letters` are what the reviewer's page showed: the draft's number and
    how many letters the case had."""
    draft = _seen(case, user, version, letters)
    with transaction.atomic():
        _fix_and_move(case, user, "answer", Composed(draft.subject, draft.text, draft.html), draft)


def edit(case: Case, user: User, *, version: int, letters: int, text: str, subject: str = "") -> Draft:
    """Keep the reviewer's text as the next version of the draft. Returns it; the case stays where it is."""
    draft = _seen(case, user, version, letters)
    clean = text.replace("\r\n", "\n").strip() + "\n"
    if not clean.strip():
        raise NotAllowed("An empty letter can't be sent.")
    answer = load(Answer, draft.answer) if draft.answer else None
    composed = Composed(_one_line(subject) or draft.subject, clean, drafting.html_of(clean), answer)
    with transaction.atomic():
        number = correspondence.add_draft(case, composed, user)
        _noted(case, user, "edited", {}, version=number, from_version=draft.version)
    return case.drafts.get(version=number)


def ask(case: Case, user: User, *, version: int, letters: int, what: str) -> None:
    """Ask the sender instead of answering. Their reply brings the case back."""
    _seen(case, user, version, letters)
    if not what.strip():
        raise NotAllowed("Write what you want to ask.")
    letter = drafting.clarify(question=what.strip(), **_about(case))
    with transaction.atomic():
        _fix_and_move(case, user, "question", letter)


def decline(case: Case, user: User, *, version: int, letters: int, reason: str, tell: bool = True) -> None:
    """Don't answer, and say why: to the sender too, unless `tell` is off."""
    _seen(case, user, version, letters)
    if not reason.strip():
        raise NotAllowed("Give a reason: the sender and the trail will have it.")
    told = _for_the_trail(reason)
    with transaction.atomic():
        if tell:
            composed = drafting.decline(reason=reason.strip(), **_about(case))
            _fix_and_move(case, user, "decline", composed, reason=told)
        else:
            move(case, Status.DECLINED, actor_of(user), sets={"holder": None, "held_until": None}, reason=told, told=False)


def take_back(case: Case, user: User) -> None:
    """Undo an approval that has not left yet."""
    with transaction.atomic():
        move(case, Status.DRAFTED, actor_of(user), sets={"holder": user, **lease()}, reason="taken back")
        correspondence.void(case)


# --- when something went wrong ----------------------------------------------------------------------------------------


def retry(case: Case, user: User) -> None:
    """Try again what failed: a delivery is approved anew by this very act, a quarantined letter starts from its bytes."""
    if case.status == Status.QUARANTINED:
        move(case, Status.RECEIVED, actor_of(user), reason="tried again")
        return
    reply = case.replies.order_by("pk").last()
    if case.status not in {Status.FAILED, Status.UNKNOWN} or reply is None or reply.voided_at:
        raise NotAllowed(f"{case.number} has nothing to try again.")
    with transaction.atomic():
        if reply.sent_at:  # it left once and came back: the second mail is another mail
            _fix_and_move(
                case, user, reply.kind, Composed(reply.subject, reply.text, reply.html), reply.draft, again=reply.message_id
            )
        else:  # the same Message-ID: should both arrive, mail programs show one
            leaves_at = gate.leaves_at(timezone.now())
            case.replies.filter(pk=reply.pk).update(leaves_at=leaves_at)
            sets = _release(case, leaves_at)
            move(case, Status.APPROVED, actor_of(user), sets=sets, kind=reply.kind, reply=reply.message_id, reason="try again")


def it_was_sent(case: Case, user: User, *, how_known: str) -> None:
    """Settle an unknown delivery by what a human found out (the relay's log, the asker's word)."""
    reply = correspondence.approved(case)
    if case.status != Status.UNKNOWN or reply is None:
        raise NotAllowed(f"{case.number} is not in doubt.")
    to = {"question": Status.ASKED, "decline": Status.DECLINED}.get(reply.kind, Status.SENT)
    sets = {"holder": None, "held_until": None}
    with transaction.atomic():
        move(case, to, actor_of(user), sets=sets, reply=reply.message_id, how_known=_for_the_trail(how_known))
        if to == Status.SENT:
            precedents.remember(case, reply)


def back_to_draft(case: Case, user: User) -> None:
    """Take up a failed, doubtful or declined case again from its newest draft."""
    with transaction.atomic():
        correspondence.void(case)
        move(case, Status.DRAFTED, actor_of(user), sets={"holder": user, **lease()}, reason="taken up again")


def answer_anyway(case: Case, user: User, *, why: str = "") -> None:
    """Triage was wrong: this letter is a question."""
    if case.status not in {Status.SET_ASIDE, Status.JOINED, Status.QUARANTINED}:
        raise NotAllowed(f"{case.number} is a question already.")
    move(case, Status.ACCEPTED, actor_of(user), sets={"joined_to": None}, reason=_for_the_trail(why) or "a question after all")


def reveal(case: Case, user: User, what: str) -> None:
    """Write down that this user now sees patients' data of the case unmasked: `what` of it. Show it only after this returned."""
    for _ in range(20):
        try:
            note(case, actor_of(user), "revealed", what=what)
            return
        except Overtaken:  # somebody acted meanwhile, which takes nothing from the fact that this user looked
            case.refresh_from_db()
    raise Stale(f"{case.number} does not come to rest. Look at it again.")


# --- inside -----------------------------------------------------------------------------------------------------------


def _mine(case: Case, user: User) -> None:
    holder = holder_of(case)
    if holder and holder != user:
        raise Held(f"{holder} holds {case.number} until {timezone.localtime(case.held_until):%H:%M}.")


def _seen(case: Case, user: User, version: int, letters: int) -> Draft:
    """The newest draft, if it is the one the reviewer saw, with no newer letter, and nobody else holds the case."""
    _mine(case, user)
    if case.status != Status.DRAFTED:
        raise Stale(f"{case.number} is “{case.status}” now: somebody or something was faster. Look at it again.")
    draft = case.drafts.order_by("version").last()
    if draft is None or draft.version != version:
        raise Stale(f"There is a newer draft of {case.number} than the one on your page. Look at it again.")
    if len(threads.letters_of(case)) != letters:
        raise Stale(f"The sender wrote again while you were reading {case.number}. Look at it again.")
    return draft


def _fix_and_move(case: Case, user: User, kind: str, composed: Composed, draft: Draft | None = None, **facts: Any) -> None:
    reply = correspondence.fix(case, kind, composed, user, draft)
    facts |= {"kind": kind, "version": draft.version if draft else None, "digest": reply.digest, "reply": reply.message_id}
    try:
        move(case, Status.APPROVED, actor_of(user), sets=_release(case, reply.leaves_at), **facts)
    except Overtaken as late:
        raise Stale(f"{case.number} changed while you were deciding. Look at it again.") from late


def _release(case: Case, leaves_at: datetime | None) -> dict[str, Any]:
    """Let a worker come when the time for second thoughts is over. The columns that keep it away until then."""
    wait = (leaves_at - timezone.now()).total_seconds() if leaves_at else 0
    if wait <= 0:
        return {}
    queue.nudge(case.pk, after=wait + 0.2)  # timers run early by a hair, and who comes early waits for the sweep
    return {"retry_after": leaves_at}


def _noted(case: Case, user: User, kind: str, sets: dict[str, Any], **facts: Any) -> None:
    try:
        note(case, actor_of(user), kind, sets=sets, **{name.rstrip("_"): value for name, value in facts.items()})
    except Overtaken as late:
        raise Stale(f"{case.number} changed meanwhile. Look at it again.") from late


def _about(case: Case) -> dict[str, Any]:
    text, subject = threads.conversation(case)
    asked = question.read(text, subject, asker=threads.asker(case))
    return {
        "case_number": case.number,
        "asker_name": case.sender_name,
        "quoted": question.masked(asked),
        "masked": question.kinds(asked),
        "subject": case.subject,
        "template_dirs": settings.LETTER_TEMPLATES,
    }


def _for_the_trail(words: str) -> str:
    """The trail can't be changed later, so nobody's patient gets into it."""
    return question.mask(words.strip())


def _one_line(text: str) -> str:
    return " ".join(text.split())
