"""Between the doors and the casebook: keeps what the doors bring, moves their cursors, remembers their last sign of life."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections
from django.utils import timezone

from consultant import pipeline
from consultant.models import Cursor, Door
from consultant.vocabulary import Envelope


@contextmanager
def fresh_connection() -> Iterator[None]:
    """A door's thread lives for weeks, a database connection may not: one that died is dropped before and after use."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


def keep(raw: bytes, envelope: Envelope) -> None:
    """Commit a letter. Raises when the casebook can't be written, so that the door says so."""
    with fresh_connection():
        pipeline.receive(raw, envelope)


def cursor(mailbox: str, folder: str) -> tuple[int, int]:
    """(UIDVALIDITY, last UID) of a folder; (0, 0) when it was never read."""
    with fresh_connection():
        row = Cursor.objects.filter(mailbox=mailbox, folder=folder).first()
        return (row.uidvalidity, row.last_uid) if row else (0, 0)


def advance(mailbox: str, folder: str, uidvalidity: int, uid: int) -> None:
    """Move a folder's cursor, after its letter was kept."""
    with fresh_connection():
        Cursor.objects.update_or_create(mailbox=mailbox, folder=folder, defaults={"uidvalidity": uidvalidity, "last_uid": uid})


def alive(name: str, trouble: str = "") -> None:
    """Remember that the door worked just now, or what kept it from working."""
    now = timezone.now()
    news = {"trouble": trouble, "trouble_at": now} if trouble else {"ok_at": now, "trouble": ""}
    with fresh_connection():
        Door.objects.update_or_create(name=name[:320], defaults=news)
