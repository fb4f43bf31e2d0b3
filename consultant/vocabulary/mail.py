"""Letters: as they come to the door, as they are read, as they leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from consultant.vocabulary.states import Verdict


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    email: str  # as written, not lower-cased; "" when there is none


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content_type: str
    size: int  # bytes after transfer decoding
    sha1: str
    sha256: str
    content: bytes = field(repr=False, default=b"")
    inside: str = ""  # the attached letter or winmail.dat that it was packed in; "" for the letter's own


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A letter that is attached to another one."""

    sender: Address
    subject: str
    date: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as read. Reading never raises; what had to be guessed stands in `defects`."""

    message_id: str  # "<…>", or "" when missing
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  # oldest first, as the header has them
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None  # aware
    text: str  # the whole body as readable text
    html: str  # the HTML part as it came: hostile until sanitised
    reply: str  # what the sender wrote now: no quotes, no signature
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # decoded, bounded, in order
    report_type: str = ""  # of multipart/report: "delivery-status", "feedback-report", …
    report: tuple[Mapping[str, str], ...] = ()  # fields of the machine-readable report, one mapping per block
    defects: tuple[str, ...] = ()
    nature: str = ""  # "a calendar invitation", "only a picture": what it is when it is no ordinary text; else ""
    enclosed: tuple[Enclosed, ...] = ()  # the letters attached to it
    unreadable: str = ""  # why nothing sensible could be read; "" when something could

    def header(self, name: str) -> str:
        """The first header of that name (any case), or ""."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a letter came to the door: who handed it in, for whom, and what makes this delivery the same delivery."""

    door: str  # "imap", "smtp", "lmtp", "web", "api"
    mailbox: str  # the mailbox or the recipient it was taken for
    identity: str  # (mailbox, UIDVALIDITY, UID) or the SMTP transaction
    mail_from: str = ""  # the envelope sender; "" is the null sender
    rcpt_to: tuple[str, ...] = ()
    trouble: str = ""  # why the door could not hand over the whole letter ("too large: 31457280 bytes"); "" when it could


@dataclass(frozen=True, slots=True)
class House:
    """What triage and delivery must know of ourselves."""

    address: str  # the address that letters are answered from
    addresses: tuple[str, ...]  # all addresses that are ours
    domain: str  # the right-hand side of our Message-IDs
    trusted: tuple[str, ...] = ()  # authserv-ids whose Authentication-Results count
    per_sender: int = 0  # letters an hour of one sender; 0: no cap
    per_thread: int = 0  # letters an hour in one conversation; 0: no cap


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What the casebook knows of whoever wrote, before this letter."""

    blocked: str = ""  # which block holds, and why; "" when none does
    by_sender: int = 0  # letters of this sender within the hour before
    in_thread: int = 0  # letters within the hour before, in the conversation that this one names


@dataclass(frozen=True, slots=True)
class Triage:
    verdict: Verdict
    rule: str  # the name of the rule that decided
    reason: str  # the same in a sentence, for the desk
    acknowledge: bool = False  # may an automatic acknowledgement be sent?
    concerns: tuple[str, ...] = ()  # our Message-IDs this letter answers or reports on, newest first
    recipient: str = ""  # bounce: the address that failed
    permanent: bool = False  # bounce: 5.x.x
    code: str = ""  # bounce: "5.1.1"

    @property
    def told(self) -> Mapping[str, str]:
        """What the trail says of it."""
        return {"verdict": self.verdict, "rule": self.rule, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail as it will leave: all that the bytes are made of."""

    sender: Address
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime  # aware
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""  # where answers to it are to go; "" is the sender
    automatic: bool = False  # True: nobody approved it word by word (a receipt); says so and has a null envelope sender
