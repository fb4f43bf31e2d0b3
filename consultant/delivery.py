"""Draft → bytes in the sender's thread → the relay, or a Maildir where there is none.

`hand_over` never raises on what a relay can do; it says what is known afterwards. "Unknown" is an answer of its own: a
connection lost after the last byte may or may not have delivered the mail, and only a human may decide to send it again.
"""

from __future__ import annotations

import os
import re
import secrets
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, formataddr
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from consultant.oauth import Tokens
from consultant.vocabulary import Outgoing

CONNECT_SECONDS = 15.0
#: Waits between tries after a 4xx or no connection: a minute, then longer, at last every four hours.
BACKOFF_SECONDS = (60, 300, 900, 3600, 7200, 14400)
#: After this many tries (about three days) a human decides.
MOST_ATTEMPTS = 24
#: local@domain without quotes, comments, lists, blanks and control characters. RFC 5321 allows quoted local parts; only attackers
#: use them.
ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f-\x9f]{1,64}@[^\s@<>()\\,;\"\x00-\x1f\x7f-\x9f]{1,255}")


class Outcome(StrEnum):
    SENT = "sent"  # the relay said 250 after the data
    LATER = "later"  # 4xx or no connection, before the data was accepted
    REFUSED = "refused"  # 5xx
    UNKNOWN = "unknown"  # the line went dead after the data


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    response: str  # the relay's words, or what happened to the line
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Relay:
    host: str
    port: int
    security: str  # "starttls", "tls" or "plain"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    tokens: Tokens | None = field(default=None, repr=False, compare=False)  # instead of a password

    @classmethod
    def from_url(cls, url: str, password: str = "", ca_file: str = "", tokens: Tokens | None = None) -> Relay:
        """From `smtp://user@host:587` (STARTTLS), `smtps://host:465` or `smtp+plain://host:25`. Raises ValueError."""
        parts = urlsplit(url)
        kinds = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("plain", 25)}
        if parts.scheme not in kinds or not parts.hostname:
            raise ValueError("a relay is written smtp://user@host:587, smtps://user@host:465 or smtp+plain://host:25")
        security, port = kinds[parts.scheme]
        user = unquote(parts.username or "")
        return cls(parts.hostname, parts.port or port, security, user, password or unquote(parts.password or ""), ca_file, tokens)


def new_message_id(case_id: int, domain: str) -> str:
    """A Message-ID nobody can guess, with the case in it for people who read headers."""
    return f"<c{case_id}.{secrets.token_hex(12)}@{domain}>"


def is_address(address: str) -> bool:
    """Whether that is one address, and nothing that a header or an SMTP command could take for more than one."""
    return len(address) <= 320 and ADDRESS.fullmatch(address) is not None


def needs_smtputf8(recipients: tuple[str, ...]) -> bool:
    """Whether one of them has letters beyond ASCII before the @ (RFC 6531). After it, they have an ASCII form."""
    return not all(recipient.rpartition("@")[0].isascii() for recipient in recipients)


def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII (müller.example → xn--mller-kva.example). Raises ValueError when it has none."""
    local, at, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}{at}{domain.encode('idna').decode('ascii')}"


def _has_wire_form(address: str) -> bool:
    try:
        return bool(on_the_wire(address))
    except ValueError:
        return False


def backoff(attempts: int) -> int:
    """Seconds to wait after that many failed tries."""
    return BACKOFF_SECONDS[min(attempts, len(BACKOFF_SECONDS)) - 1]


def build(mail: Outgoing) -> bytes:
    """The mail's bytes (CRLF), all of them 7 bit unless a recipient's address is not.

    Raises ValueError when a header holds a line break: that is how an injection ends.
    """
    message = EmailMessage(policy=SMTPUTF8 if needs_smtputf8(mail.recipients) else SMTP)
    message["From"] = formataddr((mail.sender.name, mail.sender.email))
    message["To"] = ", ".join(on_the_wire(recipient) for recipient in mail.recipients)
    if mail.reply_to:
        message["Reply-To"] = formataddr((mail.sender.name, mail.reply_to))
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = mail.message_id
    if mail.in_reply_to:
        message["In-Reply-To"] = mail.in_reply_to
    if mail.references:
        message["References"] = " ".join(mail.references)
    if mail.automatic:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message["X-Consultant-Loop"] = mail.sender.email
    message.set_content(mail.text, cte="quoted-printable")  # 7 bits pass every relay, whatever it advertises
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def thread(message_id: str, references: tuple[str, ...]) -> tuple[str, ...]:
    """The References of an answer: the thread so far and the letter it answers, the first and the newest twenty kept."""
    chain = (*(r for r in references if r != message_id), *((message_id,) if message_id else ()))
    return chain if len(chain) <= 21 else (chain[0], *chain[-20:])


# --- over SMTP --------------------------------------------------------------------------------------------------------


def hand_over(raw: bytes, mail_from: str, recipients: tuple[str, ...], relay: Relay, otherwise: str = "") -> Result:
    """Speak SMTP once. `mail_from` "" is the null sender; `otherwise` is the sender to try when a relay refuses that one.

    All recipients or none: a refused one refuses the mail.
    """
    for recipient in recipients:
        if not is_address(recipient) or not _has_wire_form(recipient):
            return Result(Outcome.REFUSED, f"“{recipient[:100]}” is no address that mail can be sent to.", recipient)
    try:
        smtp = connected(relay)
        try:
            return _fits(smtp, recipients, relay) or _envelope(smtp, mail_from, recipients, otherwise) or _data(smtp, raw)
        finally:
            goodbye(smtp)
    except smtplib.SMTPResponseException as refusal_of_all:
        return _judge(refusal_of_all.smtp_code, refusal_of_all.smtp_error)
    except (OSError, smtplib.SMTPException, ValueError) as trouble:
        return Result(Outcome.LATER, f"{relay.host}:{relay.port}: {type(trouble).__name__}: {trouble}"[:500])


def connected(relay: Relay) -> smtplib.SMTP:
    """A conversation with the relay, encrypted and signed in as it says. Raises OSError or smtplib.SMTPException."""
    context = ssl.create_default_context(cafile=relay.ca_file or None)
    name = socket.gethostname()
    if relay.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, name, timeout=CONNECT_SECONDS, context=context)
    else:
        smtp = smtplib.SMTP(relay.host, relay.port, name, timeout=CONNECT_SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if relay.security == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
        if relay.user:
            _sign_in(smtp, relay)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _sign_in(smtp: smtplib.SMTP, relay: Relay) -> None:
    """By password, or by a token; one that is refused before its end is replaced, once."""
    if relay.tokens is None:
        smtp.login(relay.user, relay.password)
        return
    try:
        _with_token(smtp, relay.user, relay.tokens.token())
    except smtplib.SMTPAuthenticationError:
        relay.tokens.refused()
        _with_token(smtp, relay.user, relay.tokens.token())


def _with_token(smtp: smtplib.SMTP, user: str, token: str) -> None:
    def said(challenge: bytes | None = None) -> str:
        """What to say first; and to the challenge in which a server tells why it refuses, nothing."""
        return f"user={user}\1auth=Bearer {token}\1\1" if challenge is None else ""

    smtp.auth("XOAUTH2", said)


def goodbye(smtp: smtplib.SMTP) -> None:
    """QUIT is courtesy: whatever comes of it must not change what is known about the mail."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def _fits(smtp: smtplib.SMTP, recipients: tuple[str, ...], relay: Relay) -> Result | None:
    """What the mail needs and the relay does not have: there is no way round it, so a human must know."""
    beyond = [recipient for recipient in recipients if needs_smtputf8((recipient,))]
    if not beyond or smtp.has_extn("smtputf8"):
        return None
    why = f"“{beyond[0]}” has letters that the relay {relay.host} can't handle (it does not offer SMTPUTF8)."
    return Result(Outcome.REFUSED, f"{why} Ask the sender for another address.", beyond[0])


def _envelope(smtp: smtplib.SMTP, mail_from: str, recipients: tuple[str, ...], otherwise: str) -> Result | None:
    options = ("SMTPUTF8", "BODY=8BITMIME") if needs_smtputf8(recipients) else ()
    code, words = smtp.mail(mail_from, options)
    if code >= 500 and otherwise:
        smtp.rset()
        code, words = smtp.mail(otherwise, options)
    if code != 250:
        return _judge(code, words)
    for recipient in recipients:
        code, words = smtp.rcpt(on_the_wire(recipient))
        if code not in {250, 251}:
            return _judge(code, words, recipient)
    return None


def _data(smtp: smtplib.SMTP, raw: bytes) -> Result:
    """From here on a dead line is "unknown": the relay may have taken the mail and died before saying so."""
    try:
        code, words = smtp.data(raw)
    except smtplib.SMTPDataError as refused:  # DATA itself was refused: nothing was handed over
        return _judge(refused.smtp_code, refused.smtp_error)
    except (OSError, smtplib.SMTPException) as trouble:
        return Result(Outcome.UNKNOWN, f"the connection ended after the data: {type(trouble).__name__}: {trouble}"[:500])
    return _judge(code, words)


def _judge(code: int, words: bytes | str, recipient: str = "") -> Result:
    text = f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"[:500]
    if 200 <= code < 300:
        return Result(Outcome.SENT, text, recipient)
    return Result(Outcome.REFUSED if 500 <= code < 600 else Outcome.LATER, text, recipient)


# --- without a relay --------------------------------------------------------------------------------------------------


def keep(raw: bytes, folder: Path, message_id: str, when: datetime) -> Result:
    """Put the mail into a Maildir: written and synced under tmp/, then renamed into new/. The name is the Message-ID's own,
    so that the same reply handed over twice would be one file."""
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    unique = f"{int(when.timestamp())}.{message_id.strip('<>').replace('/', '_').replace(':', '_')}"
    path = folder / "tmp" / unique
    try:
        with path.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        path.rename(folder / "new" / unique)
    except OSError as trouble:
        return Result(Outcome.LATER, f"the outbox can't be written: {trouble}"[:500])
    return Result(Outcome.SENT, "kept in the outbox: no relay is configured")
