"""The IMAP mailboxes: name, line, encryption, login, folder, and whether all it holds was taken in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from consultant import doorkeeper, inbox
from consultant.doctor.finding import Finding, Grade, note, well, wrong
from consultant.doctor.line import no_tls, reach
from consultant.inbox import Mailbox, TokenError
from consultant.inbox.imap import TROUBLES

GUIDE = "docs/mailboxes.md shows how."


def mailboxes() -> Iterator[Finding]:
    if not settings.MAILBOXES_FILE:
        yield note("mailboxes", "No IMAP mailbox is configured: letters come by SMTP or LMTP alone.")
        return
    try:
        boxes = inbox.mailboxes(Path(settings.MAILBOXES_FILE), settings.MAX_LETTER_BYTES)
    except inbox.MailboxError as trouble:
        yield wrong("mailboxes", str(trouble), GUIDE)
        return
    for box in boxes:
        yield from _examined(box)


def _examined(box: Mailbox) -> Iterator[Finding]:
    subject = f"mailbox {box.name}"
    for finding in reach(subject, box.host, box.port, box.security == "tls", box.ca_file):
        yield finding
        if finding.grade == Grade.WRONG:
            return
    try:
        with inbox.connect(box) as client:
            yield well(f"{subject}: login", f"{box.user} may sign in.")
            yield from _inside(subject, box, client)
    except TokenError as trouble:
        yield wrong(f"{subject}: login", str(trouble), f"When the token is mended, run the doctor again. {GUIDE}")
    except LoginError as trouble:
        yield _refused(subject, box, trouble)
    except TROUBLES as trouble:
        if box.security == "starttls" and isinstance(trouble, OSError):
            yield no_tls(subject, box.host, box.port, trouble)
        else:
            do = "Try again in a minute; if it stays so, ask who runs that server."
            yield wrong(subject, f"{box.host} ended the conversation: {trouble}"[:300], do)


def _refused(subject: str, box: Mailbox, trouble: LoginError) -> Finding:
    said = " ".join(str(trouble).split())[:160]
    if box.oauth:
        do = "Look whether the token is for this user and for IMAP, and whether IMAP is switched on for the mailbox."
        return wrong(f"{subject}: login", f"{box.host} does not take our access token for {box.user}: {said}", do)
    do = f"Put the right password into its file and start the doors anew. Gmail and Microsoft 365 want a token: {GUIDE}"
    return wrong(f"{subject}: login", f"{box.host} refused the password of {box.user}: {said}", do)


def _inside(subject: str, box: Mailbox, client: IMAPClient) -> Iterator[Finding]:
    if not client.folder_exists(box.folder):
        names = ", ".join(str(name) for _, _, name in client.list_folders()[:10])
        do = f"Set folder to one of: {names}."
        yield wrong(f"{subject}: folder", f"There is no folder {box.folder}.", do)
        return
    selected = client.select_folder(box.folder, readonly=True)
    holds, uidvalidity = int(selected[b"EXISTS"]), int(selected[b"UIDVALIDITY"])
    yield _counted(f"{subject}: folder", box, holds, uidvalidity, {int(uid) for uid in client.search(["ALL"])})
    if not client.has_capability("IDLE"):
        yield note(f"{subject}: IDLE", f"The server can't tell of new letters: we look every {box.poll_seconds} seconds.")


def _counted(subject: str, box: Mailbox, holds: int, uidvalidity: int, server: set[int]) -> Finding:
    """Whether all that the folder holds was taken in."""
    try:
        taken = len(doorkeeper.taken(box.name, box.folder, uidvalidity) & server)
    except DatabaseError:
        return well(subject, f"{box.folder} holds {holds} letters.")
    says = f"{box.folder} holds {holds} letters; {taken} of them were taken in."
    if taken < holds:
        return note(subject, says, "The doors take in the others while they run: consultant up, or consultant doors.")
    return well(subject, says)
