"""How each door is: for the banner on every page, the House page, and /health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from consultant.models import Door, Letter

#: A gap is taken in as soon as it is found; for so long people are told that there was one.
ALARM = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class State:
    """A door as it stands now. `reason` is "" when it is well, else "error", "silent" or "gap"; `why` says it to people."""

    door: Door
    reason: str
    why: str
    since: datetime | None
    last_letter: datetime | None = None


def state_of(door: Door, now: datetime, last_letter: datetime | None = None) -> State:
    if door.trouble and (door.ok_at is None or door.trouble_at is None or door.trouble_at > door.ok_at):
        return State(door, "error", door.trouble, door.trouble_at, last_letter)
    if door.due_at and door.due_at < now:
        return State(
            door, "silent", "It has given no sign of life for too long: is its process running?", door.ok_at, last_letter
        )
    if door.gap_at and now - door.gap_at < ALARM:
        why = f"{door.gap} What could be fetched is taken in now; tell who runs this house."
        return State(door, "gap", why, door.gap_at, last_letter)
    return State(door, "", "", None, last_letter)


def states() -> list[State]:
    """All doors, with the time of the last letter that came by each."""
    now = timezone.now()
    by_mailbox = dict(Letter.objects.filter(door="imap").order_by().values_list("mailbox").annotate(Max("received_at")))
    by_door = dict(Letter.objects.exclude(door="imap").order_by().values_list("door").annotate(Max("received_at")))
    doors = Door.objects.order_by("name")
    return [state_of(door, now, by_mailbox.get(door.name) or by_door.get(door.name)) for door in doors]


def in_trouble() -> list[State]:
    """The doors that somebody should look after."""
    now = timezone.now()
    return [state for door in Door.objects.order_by("name") if (state := state_of(door, now)).reason]
