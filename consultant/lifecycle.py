"""How a case may move, and the one function that moves it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from consultant import audit, queue
from consultant.casebook import alone
from consultant.models import Case, Event, Letter, at_once, rows
from consultant.models.at_once import DIGEST, KEY, New
from consultant.vocabulary import Status as S

#: How the trail names our own steps.
ENGINE = "engine"

#: From → to. Everything a case can ever do stands in this table.
MOVES: dict[S, frozenset[S]] = {
    S.RECEIVED: frozenset({S.ACCEPTED, S.JOINED, S.SET_ASIDE, S.QUARANTINED}),
    S.ACCEPTED: frozenset({S.CLASSIFIED, S.ACCEPTED, S.QUARANTINED}),
    S.CLASSIFIED: frozenset({S.DRAFTED, S.ACCEPTED, S.QUARANTINED}),
    S.DRAFTED: frozenset({S.APPROVED, S.DECLINED, S.ACCEPTED, S.SET_ASIDE}),
    S.APPROVED: frozenset({S.SENDING, S.DRAFTED, S.ACCEPTED, S.FAILED}),
    S.SENDING: frozenset({S.SENT, S.ASKED, S.DECLINED, S.APPROVED, S.FAILED, S.UNKNOWN}),
    S.SENT: frozenset({S.ACCEPTED, S.FAILED}),
    S.ASKED: frozenset({S.ACCEPTED, S.FAILED}),
    S.DECLINED: frozenset({S.ACCEPTED, S.DRAFTED, S.FAILED}),
    S.FAILED: frozenset({S.APPROVED, S.DRAFTED, S.ACCEPTED}),
    S.UNKNOWN: frozenset({S.APPROVED, S.SENT, S.ASKED, S.DECLINED, S.DRAFTED, S.ACCEPTED}),
    S.JOINED: frozenset({S.ACCEPTED}),
    S.SET_ASIDE: frozenset({S.ACCEPTED}),
    S.QUARANTINED: frozenset({S.RECEIVED, S.ACCEPTED, S.SET_ASIDE}),
}

#: A case that moved got through: what stopped it before is history (and stands in the trail).
CLEAN: dict[str, Any] = {"tries": 0, "trouble": "", "trouble_detail": "", "retry_after": None}
#: Where the worker that brought a case there does the next step without being called again.
GOES_ON = {S.ACCEPTED, S.CLASSIFIED}


class Overtaken(Exception):
    """Somebody else moved the case first; whoever lost looks at it afresh, or lets it be."""


class NotAllowed(Exception):
    """The table of moves has no such row."""


def actor_of(user: User) -> str:
    """How the trail names somebody who acts at the desk or on the command line."""
    return f"user:{user.get_username()}"


def move(case: Case, to: S, actor: str, *, sets: dict[str, Any] | None = None, **facts: Any) -> Event:
    """Move the case, or raise Overtaken or NotAllowed and leave everything as it was.

    All or nothing: compare-and-swap on the row, the event, and a nudge once it is committed. `sets` are columns of the case
    that change with the status; `facts` are what the trail says about it.
    """
    if case.purged_at:
        raise NotAllowed(f"{case.number} was purged: only its trail is left.")
    before = S(case.status)
    if to not in MOVES[before]:
        raise NotAllowed(f"{case.number} can't go from “{before}” to “{to}”")
    return _append(case, actor, "move", to, CLEAN | (sets or {}) | _taken_up(case, to), facts)


def _taken_up(case: Case, to: S) -> dict[str, Any]:
    """The worker that moves a case to its next step goes on at once: that try is counted with the move, before it is made."""
    return {"tries": 1, "worked_at": timezone.now()} if to in GOES_ON and queue.is_in_hand(case.pk) else {}


def note(case: Case, actor: str, kind: str, *, sets: dict[str, Any] | None = None, **facts: Any) -> Event:
    """Write into the trail what a human did without moving the case: a claim, an edit, a look at something masked."""
    return _append(case, actor, kind, S(case.status), sets or {}, facts)


def _append(case: Case, actor: str, kind: str, to: S, sets: dict[str, Any], facts: dict[str, Any]) -> Event:
    event = audit.record(case, actor, kind, case.status, to, facts)
    changes = {**sets, "status": to, "events_count": event.seq, "events_head": event.digest}
    if to != case.status or kind == "move":
        changes["changed_at"] = event.at
    as_it_was = {"pk": case.pk, "status": case.status, "events_count": case.events_count}
    with alone():
        won = rows.swap_and_insert(Case, as_it_was, changes, event)
        if won and kind == "move":
            queue.nudge(case.pk)
    if not won:
        raise Overtaken(f"{case.number} is no longer “{case.status}” as it was a moment ago")
    for name, value in changes.items():
        setattr(case, name, value)
    return event


def begin(case: Case, actor: str, **facts: Any) -> Event:
    """Save a new case with the first event of its trail. Call inside the transaction that keeps its letter."""
    case.created_at = case.changed_at = timezone.now()
    case.events_count, case.events_head = 0, ""
    rows.insert(case)
    event = audit.record(case, actor, "received", "", case.status, facts)
    rows.add(event)
    case.events_count, case.events_head = event.seq, event.digest
    rows.put(Case, {"pk": case.pk}, {"events_count": event.seq, "events_head": event.digest})
    queue.nudge(case.pk)
    return event


def begin_at_once(actor: str, letter: dict[str, Any], **facts: Any) -> Case | None:
    """The same and the case's letter (its columns) in one statement of PostgreSQL: when this returns it is committed. None where
    that letter is kept already. Of the new case only the key is in hand.
    """
    at = timezone.now()
    told, hashed = audit.opening(at, actor, S.RECEIVED, facts)
    key = at_once.insert(
        New(Case, {"status": S.RECEIVED, "created_at": at, "changed_at": at, "events_count": 1, "events_head": DIGEST}),
        New(Event, {**told, "case": KEY, "digest": DIGEST}),
        New(Letter, {**letter, "case": KEY, "received_at": at}),
        hashed=hashed,
        but=(Letter, "identity", letter["identity"]),
    )
    if key is None:
        return None
    queue.nudge(key)
    return Case.from_db(DEFAULT_DB_ALIAS, ["id"], [key])
