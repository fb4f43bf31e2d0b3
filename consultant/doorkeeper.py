"""Between the doors and the casebook: keeps what the doors bring, moves their cursors, remembers their last sign of life."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any

from django.db import connection
from django.utils import timezone

from consultant import pipeline
from consultant.casebook import fresh_connection, writing
from consultant.models import Cursor, Door, Letter, Taken
from consultant.vocabulary import Envelope

BATCH = 500


@dataclass(eq=False, slots=True)
class _Handed:
    """A letter that a door has handed in, and what became of it."""

    raw: bytes
    envelope: Envelope
    case: int | None = None
    trouble: Exception | None = None


_waiting: deque[_Handed] = deque()
_committing = Lock()


def keep(raw: bytes, envelope: Envelope) -> int:
    """Commit a letter; returns the key of its case. Raises when the casebook can't be written, so that the door says so.

    Where the database lets one write at a time, whoever's turn it is commits the letters of all that wait with its own: a disk
    that is asked once to sync them is as good for each of them, and none is told "kept" before.
    """
    if connection.vendor != "sqlite":
        with fresh_connection():
            return int(pipeline.receive(raw, envelope).pk)
    mine = _Handed(raw, envelope)
    _waiting.append(mine)
    with _committing:
        if mine.case is None and mine.trouble is None:
            with fresh_connection():
                _keep_all(_together(mine))
    if mine.trouble:
        raise mine.trouble
    return mine.case or 0


def _together(mine: _Handed) -> list[_Handed]:
    """All letters that wait, and this one."""
    handed = [_waiting.popleft() for _ in range(len(_waiting))]
    return handed if mine in handed else [mine, *handed]


def _keep_all(handed: list[_Handed]) -> None:
    """In one transaction; and each in its own when that fails, so that no letter suffers from another's trouble."""
    if len(handed) > 1:
        try:
            with writing():
                cases = [int(pipeline.receive(one.raw, one.envelope).pk) for one in handed]
        except Exception:  # noqa: BLE001  (whatever it was, it is undone, and shows again in whose letter it lies)
            cases = []
        for one, case in zip(handed, cases, strict=False):
            one.case = case
    for one in handed:
        if one.case is None:
            try:
                one.case = int(pipeline.receive(one.raw, one.envelope).pk)
            except Exception as trouble:  # noqa: BLE001  (raised to its own door)
                one.trouble = trouble


# --- what an IMAP folder has given us ---------------------------------------------------------------------------------


def cursor(mailbox: str, folder: str) -> tuple[int, int]:
    """(UIDVALIDITY, highest UID) of a folder; (0, 0) when it was never read."""
    with fresh_connection():
        row = Cursor.objects.filter(mailbox=mailbox, folder=folder).first()
        return (row.uidvalidity, row.last_uid) if row else (0, 0)


def advance(mailbox: str, folder: str, uidvalidity: int, uid: int, kept: object) -> None:
    """Write down that a UID is done, and move the folder's cursor: forward, or to a new numbering."""
    place: dict[str, Any] = {"mailbox": mailbox, "folder": folder}
    with fresh_connection(), writing():
        if isinstance(kept, int):
            facts = {"letter": Letter.objects.defer("raw").get(case=kept), "gone": False}
            Taken.objects.update_or_create(**place, uidvalidity=uidvalidity, uid=uid, defaults=facts)
        row = Cursor.objects.filter(**place).first()
        if row is None or row.uidvalidity != uidvalidity:
            Cursor.objects.update_or_create(**place, defaults={"uidvalidity": uidvalidity, "last_uid": uid})
        elif uid > row.last_uid:
            Cursor.objects.filter(pk=row.pk, uidvalidity=uidvalidity, last_uid__lt=uid).update(last_uid=uid)


def present(mailbox: str, folder: str, uidvalidity: int) -> int:
    """How many of the letters taken in should still be in the folder."""
    with fresh_connection():
        return Taken.objects.filter(mailbox=mailbox, folder=folder, uidvalidity=uidvalidity, gone=False).count()


def taken(mailbox: str, folder: str, uidvalidity: int) -> set[int]:
    """Their UIDs."""
    with fresh_connection():
        rows = Taken.objects.filter(mailbox=mailbox, folder=folder, uidvalidity=uidvalidity, gone=False)
        return set(rows.values_list("uid", flat=True))


def gone(mailbox: str, folder: str, uidvalidity: int, uids: set[int]) -> None:
    """These left the folder after they were taken in: moved by us, or moved or deleted by somebody."""
    rows = Taken.objects.filter(mailbox=mailbox, folder=folder, uidvalidity=uidvalidity)
    ordered = sorted(uids)
    with fresh_connection():
        for start in range(0, len(ordered), BATCH):
            rows.filter(uid__in=ordered[start : start + BATCH]).update(gone=True)


# --- how the doors are ------------------------------------------------------------------------------------------------


def passed_over(mailbox: str, uids: list[int]) -> None:
    """The alarm: the server has letters that were never taken in though the cursor is beyond them. They are taken in now."""
    some = ", ".join(str(uid) for uid in uids[:5]) + (", …" if len(uids) > 5 else "")
    what = "1 letter was" if len(uids) == 1 else f"{len(uids)} letters were"
    news = {"gap": f"{what} on the server and never taken in (UID {some}).", "gap_at": timezone.now()}
    with fresh_connection():
        Door.objects.update_or_create(name=mailbox[:320], defaults=news)


def alive(name: str, trouble: str = "", due_seconds: float | None = None) -> None:
    """Remember that the door worked just now and when it is due again; or what keeps it from working, and since when."""
    now = timezone.now()
    with fresh_connection():
        door = Door.objects.filter(name=name[:320]).first()
        if trouble:
            since = door.trouble_at if door and door.trouble and door.trouble_at else now
            news = {"trouble": trouble[:300], "trouble_at": since}
        else:
            due_at = now + timedelta(seconds=due_seconds) if due_seconds else None
            news = {"ok_at": now, "trouble": "", "due_at": due_at}
        Door.objects.update_or_create(name=name[:320], defaults=news)
