"""The relay: name, line, encryption, login, what it can do and whether it lets us send; and the DKIM key with its record."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from consultant import correspondence, delivery, signing, tags, threads
from consultant.delivery import Relay
from consultant.doctor.finding import Finding, Grade, note, well, wrong
from consultant.doctor.line import no_tls, reach
from consultant.oauth import TokenError

PROBE = b"From: doctor@consultant.example\r\nSubject: a probe\r\n\r\nIs this signature good?\r\n"


def relay() -> Iterator[Finding]:
    if not settings.RELAY_URL:
        yield note("relay", "No relay is configured: answers are kept in the outbox folder and don't leave this machine.")
        return
    try:
        ours = correspondence.our_relay()
    except (ValueError, OSError) as trouble:
        says = f"CONSULTANT_RELAY_URL or CONSULTANT_RELAY_OAUTH can't be read: {trouble}"[:300]
        yield wrong("relay", says, "Write them as docs/mailboxes.md shows.")
        return
    for finding in reach("relay", ours.host, ours.port, ours.security == "tls", ours.ca_file):
        yield finding
        if finding.grade == Grade.WRONG:
            return
    yield from _spoken_to(ours)


def _spoken_to(ours: Relay) -> Iterator[Finding]:
    try:
        smtp = delivery.connected(ours)
    except TokenError as trouble:
        yield wrong("relay: login", str(trouble), "When the token is mended, run the doctor again. docs/mailboxes.md shows how.")
        return
    except smtplib.SMTPAuthenticationError as refused:
        do = "Put the right password into CONSULTANT_RELAY_PASSWORD_FILE, or the right user into the relay's URL."
        yield wrong("relay: login", f"{ours.host} refused the login of {ours.user}: {_words(refused)}", do)
        return
    except smtplib.SMTPNotSupportedError as lacking:
        do = "Look whether scheme and port belong together: smtp:// and 587, smtps:// and 465, smtp+plain:// and 25."
        yield wrong("relay", f"{ours.host} lacks what we need: {lacking}", do)
        return
    except smtplib.SMTPResponseException as refused:
        yield wrong("relay", f"{ours.host} turned us away: {_words(refused)}", "Ask who runs the relay.")
        return
    except (OSError, smtplib.SMTPException) as trouble:
        yield no_tls("relay", ours.host, ours.port, trouble if isinstance(trouble, OSError) else OSError(str(trouble)))
        return
    try:
        yield well("relay: login", f"{ours.host} lets us in" + (f" as {ours.user}." if ours.user else " without a login."))
        yield from _what_it_can(ours, smtp)
        yield from _whether_we_may_send(ours, smtp)
    finally:
        delivery.goodbye(smtp)


def _what_it_can(ours: Relay, smtp: smtplib.SMTP) -> Iterator[Finding]:
    if ours.security == "plain" and ours.host not in {"127.0.0.1", "::1", "localhost"}:
        yield note("relay: TLS", f"What we send travels to {ours.host} unencrypted.", "Use smtp:// or smtps://.")
    if not smtp.has_extn("smtputf8"):
        says = f"{ours.host} can't send to addresses with letters beyond ASCII before the @. Such an answer fails, and says so."
        yield note("relay: SMTPUTF8", says)


def _whether_we_may_send(ours: Relay, smtp: smtplib.SMTP) -> Iterator[Finding]:
    """Up to the recipient, and then taken back: nothing is sent."""
    tagged = tags.tagged(settings.ADDRESS, tags.Tag("b", 1), threads.tag_key()) if settings.VERP else settings.ADDRESS
    code, words = smtp.mail(tagged)
    if code >= 500 and tagged != settings.ADDRESS:
        says = f"{ours.host} does not let us send with a tag in the envelope sender: {_text(code, words)}"
        yield note("relay: sender", says, "We use the plain address then. CONSULTANT_VERP=no saves the try.")
        smtp.rset()
        code, words = smtp.mail(settings.ADDRESS)
    if code != 250:
        do = "Ask who runs the relay to let this login send from this address."
        yield wrong("relay: sender", f"{ours.host} won't send for {settings.ADDRESS}: {_text(code, words)}", do)
        return
    code, words = smtp.rcpt(settings.ADDRESS)
    smtp.rset()
    if code not in {250, 251}:
        do = "Look whether the relay lets us send anywhere at all; mail to ourselves it should take."
        yield note("relay: recipient", f"{ours.host} does not take mail for {settings.ADDRESS}: {_text(code, words)}", do)
        return
    yield well("relay: sender", f"{ours.host} sends for {settings.ADDRESS}.")


def _words(refused: smtplib.SMTPResponseException) -> str:
    return _text(refused.smtp_code, refused.smtp_error)


def _text(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"[:200]


# --- DKIM -------------------------------------------------------------------------------------------------------------


def dkim_key() -> Iterator[Finding]:
    if not settings.DKIM_KEY_FILE:
        says = "We don't sign what leaves. Many relays do that for you; if yours does not, answers may land among the spam."
        yield note("DKIM", says, "docs/mailboxes.md says how to make a key.")
        return
    signer = signing.Signer(settings.DKIM_DOMAIN, settings.DKIM_SELECTOR, Path(settings.DKIM_KEY_FILE))
    try:
        signed = signing.signed(PROBE, signer)
    except signing.SigningError as trouble:
        yield wrong(
            "DKIM", str(trouble), "Put an RSA key in PEM there: openssl genrsa -out FILE 2048. Until then nothing leaves."
        )
        return
    name = f"{signer.selector}._domainkey.{signer.domain}"
    try:
        good = signing.verified(signed)
    except signing.NoRecord as trouble:
        do = f"Publish the public half of the key as TXT record {name}: docs/mailboxes.md. What leaves is signed all the same."
        yield wrong("DKIM", f"The record {name} can't be found: {trouble}.", do)
        return
    if good:
        yield well("DKIM", f"What leaves is signed, and {name} fits the key.")
    else:
        yield wrong(
            "DKIM", f"The record {name} is of another key.", "Publish the one of this key, or use the key of that record."
        )
