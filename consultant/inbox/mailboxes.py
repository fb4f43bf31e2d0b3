"""The IMAP mailboxes to watch, from a TOML file that an operator can read aloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import tomli
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from consultant.oauth import OAuth, OAuthEntry


class MailboxError(Exception):
    """The mailbox file can't be used; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    name: str  # what the casebook calls it: never changes once letters came in by it
    host: str
    port: int
    security: str  # "tls", "starttls" or "plain"
    user: str
    password: str = field(repr=False, default="")  # "" with oauth
    folder: str = "INBOX"
    move_to: str = ""  # a folder to move letters to once they are kept; "" leaves them where they are
    poll_seconds: int = 60
    ca_file: str = ""
    max_bytes: int = 25 * 1024 * 1024
    oauth: OAuth | None = None

    @property
    def due_seconds(self) -> int:
        """So long without a successful look, and something is wrong: two rounds missed, and time to connect and to time out."""
        return 2 * self.poll_seconds + 180


class Entry(BaseModel):
    """One [[mailbox]] of the file."""

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    host: str
    port: int | None = None
    security: str = Field(default="tls", pattern="^(tls|starttls|plain)$")
    user: str
    password_file: Path | None = None
    oauth: OAuthEntry | None = None
    folder: str = "INBOX"
    move_to: str = ""
    poll_seconds: int = Field(default=60, ge=5, le=3600)
    ca_file: str = ""

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.password_file is None) == (self.oauth is None):
            raise ValueError("give it a password_file or a [mailbox.oauth] table, and not both")
        return self


def mailboxes(path: Path, max_bytes: int) -> list[Mailbox]:
    """The mailboxes of the file. Raises MailboxError with file, place and reason."""
    try:
        tables = tomli.loads(path.read_text(encoding="utf8")).get("mailbox", [])
        found = [_mailbox(Entry.model_validate(table), max_bytes) for table in tables]
    except (OSError, tomli.TOMLDecodeError) as wrong:
        raise MailboxError(f"The mailbox file {path} can't be read: {wrong}") from wrong
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        said = f"{place}: {first['msg']}" if place else first["msg"]
        raise MailboxError(f"The mailbox file {path} says something that can't be used: {said}") from wrong
    names = [mailbox.name for mailbox in found]
    if len(set(names)) != len(names):
        raise MailboxError(f"The mailbox file {path} names a mailbox twice: give each its own name.")
    return found


def _mailbox(entry: Entry, max_bytes: int) -> Mailbox:
    port = entry.port or (993 if entry.security == "tls" else 143)
    return Mailbox(
        name=entry.name or f"{entry.user}@{entry.host}",
        host=entry.host,
        port=port,
        security=entry.security,
        user=entry.user,
        password=entry.password_file.read_text(encoding="utf8").strip() if entry.password_file else "",
        folder=entry.folder,
        move_to=entry.move_to,
        poll_seconds=entry.poll_seconds,
        ca_file=entry.ca_file,
        max_bytes=max_bytes,
        oauth=entry.oauth.oauth("imap") if entry.oauth else None,
    )
