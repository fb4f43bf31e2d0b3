"""The trail: events chained by hash. Written by `lifecycle`, read by auditors, believed by nobody: it can be checked.

An event's digest is SHA-256 over its own fields and the digest before it, as canonical JSON. The case keeps the count and the
last digest, so that a trail cut off at the end shows as well as one changed in the middle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from consultant.models import Case, Event, Reply

FIELDS = ("case", "seq", "at", "actor", "kind", "before", "after", "facts", "previous")


def canonical(value: Any) -> bytes:
    """JSON bytes that are the same for the same value, whatever wrote it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def seal(event: Event) -> str:
    """The digest of an event: SHA-256 hex over all its fields and the digest before it."""
    fields: dict[str, Any] = {name: getattr(event, name) for name in FIELDS if name not in {"case", "at"}}
    return hashlib.sha256(canonical({**fields, "case": event.case_id, "at": stamp(event.at)})).hexdigest()


def stamp(at: datetime) -> str:
    """UTC, to the microsecond: what SQLite and PostgreSQL both give back unchanged."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def record(case: Case, actor: str, kind: str, before: str, after: str, facts: dict[str, Any]) -> Event:
    """The next event of the case, sealed and not yet saved: `lifecycle` saves it once it has won the row."""
    event = Event(
        case=case,
        seq=case.events_count + 1,
        at=timezone.now(),
        actor=actor,
        kind=kind,
        before=before,
        after=after,
        facts=json.loads(canonical(facts)),
        previous=case.events_head,
    )
    event.digest = seal(event)
    return event


def opening(at: datetime, actor: str, after: str, facts: dict[str, Any]) -> tuple[dict[str, Any], tuple[bytes, bytes]]:
    """The first event of a case whose key is not drawn yet: its columns, and what `seal` would hash before and after that key."""
    columns = {"seq": 1, "at": at, "actor": actor, "kind": "received", "after": after, "facts": json.loads(canonical(facts))}
    whole = canonical({**columns, "at": stamp(at), "before": "", "previous": "", "case": None})
    before, behind = whole.split(b'"case":null', 1)  # no text before it can hold this: a quote in a text has a backslash
    return columns, (before + b'"case":', behind)


# --- checking ---------------------------------------------------------------------------------------------------------


def verify(case: Case) -> list[str]:
    """What is wrong with the case's trail, letters and replies: one sentence each, none when all is whole."""
    if case.purged_at or case.events.filter(kind="purged").exists():
        return [*_broken_chain(case), *_not_purged(case)]
    return [*_broken_chain(case), *_changed_letters(case), *_changed_replies(case)]


def _broken_chain(case: Case) -> Iterator[str]:
    previous, expected, last = "", 1, ""
    for event in case.events.order_by("seq"):
        if event.seq != expected:
            yield f"{case.number}: event {expected} is missing (the next one found is {event.seq})"
        elif event.previous != previous:
            yield f"{case.number}: event {event.seq} ({event.kind}) does not follow the event before it"
        if seal(event) != event.digest:
            yield f"{case.number}: event {event.seq} ({event.kind}, {event.at:%Y-%m-%d %H:%M}) was changed after it was written"
        previous, expected, last = event.digest, event.seq + 1, event.after
    if expected - 1 < case.events_count:
        yield f"{case.number}: the trail was cut off: {case.events_count} events were written, the last found is {expected - 1}"
    elif previous != case.events_head:
        yield f"{case.number}: the last event is not the one that the case remembers"
    if last != case.status:
        yield f"{case.number}: the trail ends in “{last}”, but the case says “{case.status}”"


def _not_purged(case: Case) -> Iterator[str]:
    """A purge is an event, and it names by hash what it took: words that are gone without one, or that are still there, show."""
    event = case.events.filter(kind="purged").order_by("seq").last()
    if event is None or not case.purged_at:
        yield (
            f"{case.number}: its words are gone, and no event says that they were purged"
            if event is None
            else (f"{case.number}: it was purged, but the case does not say so")
        )
        return
    letters = list(case.letters.all())
    if sorted(letter.sha256 for letter in letters) != sorted(event.facts.get("letters", [])):
        yield f"{case.number}: the letters are not the ones that were purged"
    if any(letter.raw for letter in letters) or case.replies.exclude(raw=None).exists():
        yield f"{case.number}: it was purged, and bytes of a letter are there again"


def _changed_letters(case: Case) -> Iterator[str]:
    for letter in case.letters.all():
        if hashlib.sha256(bytes(letter.raw)).hexdigest() != letter.sha256:
            yield f"{case.number}: the bytes of letter {letter.pk} are not the ones that came in"


def _changed_replies(case: Case) -> Iterator[str]:
    for reply in case.replies.all():
        if digest_of(reply) != reply.digest:
            yield f"{case.number}: reply {reply.message_id} is not what {reply.approved_by} approved"


def digest_of(reply: Reply) -> str:
    """What an approval binds: recipients, subject, text, HTML, Message-ID and place in the thread. SHA-256 hex."""
    names = ("kind", "recipients", "subject", "text", "html", "message_id", "in_reply_to", "references")
    return hashlib.sha256(canonical({name: getattr(reply, name) for name in names})).hexdigest()


# --- showing ----------------------------------------------------------------------------------------------------------


def trail(case: Case) -> list[Event]:
    """The case's events, oldest first."""
    return list(case.events.order_by("seq"))


def as_json(event: Event) -> dict[str, Any]:
    """An event as an auditor gets it: every field that its digest covers, and the digest."""
    fields: dict[str, Any] = {name: getattr(event, name) for name in FIELDS if name not in {"case", "at"}}
    return {"case": event.case_id, "at": stamp(event.at), **fields, "digest": event.digest}
