"""Taking in what an IMAP folder holds: every UID once, and a look whether any was passed over.

Flags, dates and Message-IDs are the world's; what was taken in is known by UID under a UIDVALIDITY and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from imapclient import IMAPClient

from consultant.inbox.mailboxes import Mailbox
from consultant.vocabulary import Envelope

CHUNK = 25


class Ledger(Protocol):
    """What the door needs of the casebook."""

    def cursor(self, mailbox: str, folder: str) -> tuple[int, int]:
        """(UIDVALIDITY, highest UID taken in); (0, 0) at first."""

    def keep(self, raw: bytes, envelope: Envelope) -> object:
        """Commit the bytes, or raise. What it returns goes to `advance`."""

    def advance(self, mailbox: str, folder: str, uidvalidity: int, uid: int, kept: object) -> None:
        """This UID is done: its letter was kept, or (None) the server had it no more. The cursor never goes back."""

    def present(self, mailbox: str, folder: str, uidvalidity: int) -> int:
        """How many of the UIDs taken in should still be in the folder."""

    def taken(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """Those UIDs."""

    def gone(self, mailbox: str, folder: str, uidvalidity: int, uids: set[int]) -> None:
        """These were moved or deleted since."""

    def passed_over(self, mailbox: str, uids: list[int]) -> None:
        """The alarm: the server has these below the cursor, and they were never taken in."""

    def alive(self, name: str, trouble: str = "", due_seconds: float | None = None) -> None:
        """A sign of life and when the next is due; or what is wrong."""


def take_in(
    client: IMAPClient, mailbox: Mailbox, ledger: Ledger, *, thorough: bool = True, beat: Callable[[], None] = lambda: None
) -> int:
    """Keep every letter the folder has beyond the cursor, and any that was passed over. Returns how many UIDs were done.

    The server's count is compared with ours each time; `thorough` compares UID by UID even when the counts agree.
    """
    selected = client.select_folder(mailbox.folder, readonly=not mailbox.move_to)
    beat()
    uidvalidity = int(selected[b"UIDVALIDITY"])
    known, last = ledger.cursor(mailbox.name, mailbox.folder)
    if known != uidvalidity:  # renumbered, or never seen: from the start; what is kept already is known by its bytes
        last = 0
    # by the protocol "n:*" always holds the last message, even when its UID is smaller
    uids = sorted(uid for uid in client.search(["UID", f"{last + 1}:*"]) if uid > last)
    _take(client, mailbox, ledger, uidvalidity, uids, beat)
    if thorough or int(selected[b"EXISTS"]) != ledger.present(mailbox.name, mailbox.folder, uidvalidity):
        return len(uids) + _reconcile(client, mailbox, ledger, uidvalidity, beat)
    return len(uids)


def _reconcile(client: IMAPClient, mailbox: Mailbox, ledger: Ledger, uidvalidity: int, beat: Callable[[], None]) -> int:
    """Compare the server's UIDs with ours. One below the cursor that we don't have raises the alarm, and is taken in now."""
    place = (mailbox.name, mailbox.folder, uidvalidity)
    server = set(client.search(["ALL"]))
    known, last = ledger.cursor(mailbox.name, mailbox.folder)  # before our UIDs: another poller may be going on just now
    ours = ledger.taken(*place)
    beat()
    if vanished := ours - server:
        ledger.gone(*place, vanished)
    missed = sorted(uid for uid in server - ours if uid <= last) if known == uidvalidity else []
    if missed:
        ledger.passed_over(mailbox.name, missed)
        _take(client, mailbox, ledger, uidvalidity, missed, beat)
    return len(missed)


def _take(
    client: IMAPClient, mailbox: Mailbox, ledger: Ledger, uidvalidity: int, uids: list[int], beat: Callable[[], None]
) -> None:
    for start in range(0, len(uids), CHUNK):
        _take_chunk(client, mailbox, ledger, uidvalidity, uids[start : start + CHUNK], beat)
        if start:  # a long way: say between that we are on it
            ledger.alive(mailbox.name, due_seconds=mailbox.due_seconds)


def _take_chunk(
    client: IMAPClient, mailbox: Mailbox, ledger: Ledger, uidvalidity: int, uids: list[int], beat: Callable[[], None]
) -> None:
    place = (mailbox.name, mailbox.folder, uidvalidity)
    sizes = {uid: int(answer[b"RFC822.SIZE"]) for uid, answer in client.fetch(uids, ["RFC822.SIZE"]).items()}
    for uid in uids:
        kept = None
        if uid in sizes:  # else it was deleted since the search
            raw, trouble = _fetch(client, uid, sizes[uid], mailbox.max_bytes)
            name = f"imap:{mailbox.name}:{mailbox.folder}:{uidvalidity}:{uid}"
            if raw is not None:
                kept = ledger.keep(raw, Envelope("imap", mailbox.name, name, trouble=trouble))
        ledger.advance(*place, uid, kept)
        beat()
    if mailbox.move_to and sizes:
        _move(client, sorted(sizes), mailbox.move_to)
        ledger.gone(*place, set(sizes))


def _fetch(client: IMAPClient, uid: int, size: int, limit: int) -> tuple[bytes | None, str]:
    """The letter's bytes without setting \\Seen; only its header, and why, when it is larger than the limit."""
    if size > limit:
        part, key = "BODY.PEEK[HEADER]", b"BODY[HEADER]"
        trouble = (
            f"Too large: {size:,} bytes where {limit:,} are allowed. Only its header was taken in; the mailbox has the rest."
        )
    else:
        part, key, trouble = "BODY.PEEK[]", b"BODY[]", ""
    answer = client.fetch([uid], [part]).get(uid)
    return (bytes(answer[key]), trouble) if answer and key in answer else (None, "")


def _move(client: IMAPClient, uids: list[int], folder: str) -> None:
    if not client.folder_exists(folder):
        client.create_folder(folder)
    if client.has_capability("MOVE"):
        client.move(uids, folder)
        return
    client.copy(uids, folder)
    client.delete_messages(uids)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)
