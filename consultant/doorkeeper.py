"""Between the doors and the casebook: keeps what the doors bring, moves their cursors, remembers their last sign of life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultant import pipeline
from consultant.casebook import fresh_connection
from consultant.models import Cursor, Door, Letter, Taken
from consultant.vocabulary import Envelope

BATCH = 500


def keep(raw: bytes, envelope: Envelope) -> int:
    """Commit a letter; returns the key of its case. Raises when the casebook can't be written, so that the door says so."""
    with fresh_connection():
        return int(pipeline.receive(raw, envelope).pk)


# --- what an IMAP folder has given us ---------------------------------------------------------------------------------


def cursor(mailbox: str, folder: str) -> tuple[int, int]:
    """(UIDVALIDITY, highest UID) of a folder; (0, 0) when it was never read."""
    with fresh_connection():
        row = Cursor.objects.filter(mailbox=mailbox, folder=folder).first()
        return (row.uidvalidity, row.last_uid) if row else (0, 0)


def advance(mailbox: str, folder: str, uidvalidity: int, uid: int, kept: object) -> None:
    """Write down that a UID is done, and move the folder's cursor: forward, or to a new numbering."""
    place: dict[str, Any] = {"mailbox": mailbox, "folder": folder}
    with fresh_connection(), transaction.atomic():
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
