"""What a verdict of triage does with the case of a letter, each within the transaction that writes the verdict down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from consultant import correspondence, lifecycle, threads
from consultant.lifecycle import ENGINE, move
from consultant.models import Case
from consultant.vocabulary import Envelope, Status, Triage, Verdict
from consultant.vocabulary import Letter as Read


class Judged(NamedTuple):
    """A letter as triage has it in hand: read, with its envelope, and what it was found to be."""

    read: Read
    envelope: Envelope
    found: Triage

    @property
    def who(self) -> dict[str, Any]:
        return threads.who(self.read, self.found)

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.found.told)

    def returned_to(self) -> Case | None:
        """The case whose reply came back with it."""
        return threads.returned_to(self.envelope, self.read) or threads.of_reply(self.found.concerns)


def _accept(case: Case, judged: Judged) -> None:
    """A question: of its own, or the next word in a case that its sender already has."""
    older, hint = threads.find(case, judged.envelope, judged.read, judged.found)
    if older is not None:
        _join(case, older, judged)
        return
    move(case, Status.ACCEPTED, ENGINE, sets={**judged.who, "hint": hint}, **judged.facts, hint=hint)
    if judged.found.acknowledge:
        correspondence.promise_receipt(case)


def _join(case: Case, older: Case, judged: Judged) -> None:
    move(case, Status.JOINED, ENGINE, sets={**judged.who, "joined_to": older}, **judged.facts, joined=older.number)
    if older.status != Status.RECEIVED:
        correspondence.void(older)
        move(
            older,
            Status.ACCEPTED,
            ENGINE,
            sets={"holder": None, "held_until": None},
            reason=f"the sender wrote again ({case.number})",
        )


def _bounced(case: Case, judged: Judged) -> None:
    """A bounce belongs to the case whose reply came back; a permanent one reopens it for the approver."""
    older, found = judged.returned_to(), judged.found
    move(case, Status.SET_ASIDE, ENGINE, sets={**judged.who, "joined_to": older}, **judged.facts)
    if older is not None and found.permanent and Status.FAILED in lifecycle.MOVES[Status(older.status)]:
        words = f"Our reply to {found.recipient or 'the sender'} came back: {found.code or found.reason}"[:300]
        move(
            older,
            Status.FAILED,
            ENGINE,
            sets={"trouble": words},
            bounce=case.number,
            code=found.code,
            recipient=found.recipient,
        )


def _set_aside(case: Case, judged: Judged) -> None:
    move(case, Status.SET_ASIDE, ENGINE, sets={**judged.who, "joined_to": judged.returned_to()}, **judged.facts)


def quarantine(case: Case, judged: Judged) -> None:
    move(case, Status.QUARANTINED, ENGINE, sets={**judged.who, "trouble": judged.found.reason[:300]}, **judged.facts)


_TURNS: dict[Verdict, Callable[[Case, Judged], None]] = {
    Verdict.QUESTION: _accept,
    Verdict.FOLLOW_UP: _accept,
    Verdict.BOUNCE: _bounced,
    Verdict.UNREADABLE: quarantine,
    Verdict.TOO_LARGE: quarantine,
}


def take(case: Case, judged: Judged) -> None:
    """Move the case where its verdict wants it: what has no turn of its own is set aside."""
    _TURNS.get(judged.found.verdict, _set_aside)(case, judged)
