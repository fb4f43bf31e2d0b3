"""The IMAP door: IDLE where the server has it, polling where not, and a cursor that moves only after the letter is kept.

Flags, dates and Message-IDs are the world's; what was taken in is known by UID under a UIDVALIDITY and by nothing else.
"""

from __future__ import annotations

import logging
import random
import ssl
import threading
import time
from imaplib import IMAP4
from typing import Protocol

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from consultant.inbox.mailboxes import Mailbox
from consultant.vocabulary import Envelope

log = logging.getLogger(__name__)
TROUBLES = (IMAPClientError, IMAP4.error, OSError)
CHUNK = 25
IDLE_SLICE_SECONDS = 1.0
#: Servers may drop an IDLE after 30 minutes (RFC 2177): ours is renewed well before.
IDLE_RENEW_SECONDS = 15 * 60
LONGEST_BACKOFF_SECONDS = 120.0


class IdleBroken(OSError):
    """The server went away during IDLE: `idle_check` then returns at once and for ever, so it must be noticed by the clock."""


class Ledger(Protocol):
    """What the door needs of the casebook."""

    def cursor(self, mailbox: str, folder: str) -> tuple[int, int]:
        """(UIDVALIDITY, last UID taken in); (0, 0) at first."""

    def keep(self, raw: bytes, envelope: Envelope) -> object:
        """Commit the bytes, or raise."""

    def advance(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> None:
        """Move the cursor."""

    def alive(self, mailbox: str, trouble: str = "") -> None:
        """A sign of life, or what is wrong."""


def watch(mailbox: Mailbox, ledger: Ledger, stop: threading.Event) -> None:
    """Take letters in until told to stop. Trouble is written to the ledger and tried again with a growing, jittered pause."""
    failures = 0
    while not stop.is_set():
        try:
            with connect(mailbox) as client:
                while not stop.is_set():
                    take_in(client, mailbox, ledger)
                    ledger.alive(mailbox.name)
                    failures = 0
                    _await_news(client, mailbox, stop)
        except Exception as trouble:  # noqa: BLE001  (a door that dies on one server's oddity is a closed door)
            failures += 1
            log.warning("mailbox %s: %s", mailbox.name, type(trouble).__name__)
            _tell(ledger, mailbox, trouble)
            stop.wait(min(2.0**failures, LONGEST_BACKOFF_SECONDS) * random.uniform(0.5, 1.0))  # noqa: S311  (jitter, no secret)


def _tell(ledger: Ledger, mailbox: Mailbox, trouble: Exception) -> None:
    try:
        ledger.alive(mailbox.name, f"{type(trouble).__name__}: {trouble}"[:300])
    except Exception as worse:  # noqa: BLE001  (the casebook is down too: the log has both)
        log.error("mailbox %s: the casebook can't be told: %s", mailbox.name, type(worse).__name__)


def connect(mailbox: Mailbox) -> IMAPClient:
    """A logged-in client with bounded waits. Raises OSError or IMAPClientError."""
    context = ssl.create_default_context(cafile=mailbox.ca_file or None)
    tls = mailbox.security == "tls"
    client = IMAPClient(mailbox.host, mailbox.port, ssl=tls, ssl_context=context if tls else None, timeout=SocketTimeout(10, 60))
    try:
        if mailbox.security == "starttls":
            client.starttls(context)
        client.login(mailbox.user, mailbox.password)
    except BaseException:
        client.shutdown()
        raise
    return client


def take_in(client: IMAPClient, mailbox: Mailbox, ledger: Ledger) -> int:
    """Keep every letter the folder has beyond the cursor. Returns how many."""
    selected = client.select_folder(mailbox.folder, readonly=not mailbox.move_to)
    uidvalidity = int(selected[b"UIDVALIDITY"])
    known, last = ledger.cursor(mailbox.name, mailbox.folder)
    if known != uidvalidity:  # renumbered, or never seen: from the start; what is kept already is known by its bytes
        last = 0
    # by the protocol "n:*" always holds the last message, even when its UID is smaller
    uids = sorted(uid for uid in client.search(["UID", f"{last + 1}:*"]) if uid > last)
    for start in range(0, len(uids), CHUNK):
        _take_chunk(client, mailbox, ledger, uidvalidity, uids[start : start + CHUNK])
    return len(uids)


def _take_chunk(client: IMAPClient, mailbox: Mailbox, ledger: Ledger, uidvalidity: int, uids: list[int]) -> None:
    sizes = {uid: int(answer[b"RFC822.SIZE"]) for uid, answer in client.fetch(uids, ["RFC822.SIZE"]).items()}
    for uid in uids:
        if uid in sizes:  # else it was deleted since the search
            raw, trouble = _fetch(client, uid, sizes[uid], mailbox.max_bytes)
            name = f"imap:{mailbox.name}:{mailbox.folder}:{uidvalidity}:{uid}"
            if raw is not None:
                ledger.keep(raw, Envelope("imap", mailbox.name, name, trouble=trouble))
        ledger.advance(mailbox.name, mailbox.folder, uidvalidity, uid)
    if mailbox.move_to and sizes:
        _move(client, sorted(sizes), mailbox.move_to)


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


def _await_news(client: IMAPClient, mailbox: Mailbox, stop: threading.Event) -> None:
    """Return when there may be new letters, or when it is time to look anyway."""
    if not client.has_capability("IDLE"):
        stop.wait(mailbox.poll_seconds)
        return
    client.idle()
    until = time.monotonic() + min(mailbox.poll_seconds, IDLE_RENEW_SECONDS)
    try:
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            wait = min(IDLE_SLICE_SECONDS, left)
            began = time.monotonic()
            if client.idle_check(timeout=wait):
                break
            if time.monotonic() - began < wait / 2:
                raise IdleBroken("the connection ended while waiting for news")
    finally:
        client.idle_done()
