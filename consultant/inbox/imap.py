"""The IMAP door: a connection that is kept alive, signed in by password or token, and given up when nothing comes of it.

IDLE where the server has it, polling where not; what a look brings in is `intake`'s. Trouble goes to the ledger: we try again.
"""

from __future__ import annotations

import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from imaplib import IMAP4

from imapclient import IMAPClient, SocketTimeout, imap4, tls
from imapclient.exceptions import IMAPClientError, LoginError

from consultant.inbox.intake import Ledger, take_in
from consultant.inbox.mailboxes import Mailbox
from consultant.inbox.watchdog import Watchdog, watched
from consultant.oauth import Tokens

log = logging.getLogger(__name__)
TROUBLES = (IMAPClientError, IMAP4.error, OSError)
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
IDLE_SLICE_SECONDS = 1.0
#: Servers may drop an IDLE after 30 minutes (RFC 2177): ours is renewed well before 29.
IDLE_RENEW_SECONDS = 15 * 60
LONGEST_BACKOFF_SECONDS = 120.0


class IdleBroken(OSError):
    """The server went away during IDLE: `idle_check` then returns at once and for ever, so it must be noticed by the clock."""


def watch(mailbox: Mailbox, ledger: Ledger, stop: threading.Event) -> None:
    """Take letters in until told to stop. Trouble is written to the ledger and tried again with a growing, jittered pause."""
    failures = 0
    tokens = Tokens(mailbox.oauth) if mailbox.oauth else None
    while not stop.is_set():
        try:
            with watched(mailbox.name) as dog, connect(mailbox, tokens, dog) as client:
                thorough = True
                while not stop.is_set():
                    take_in(client, mailbox, ledger, thorough=thorough, beat=dog.beat)
                    ledger.alive(mailbox.name, due_seconds=mailbox.due_seconds)
                    failures, thorough = 0, False
                    _await_news(client, mailbox, stop, dog)
        except Exception as trouble:  # noqa: BLE001  (a door that dies on one server's oddity is a closed door)
            failures += 1
            log.warning("mailbox %s: %s", mailbox.name, type(trouble).__name__)
            _tell(ledger, mailbox, trouble)
            stop.wait(pause(failures))


def pause(failures: int) -> float:
    """Seconds to wait after that many failures in a row: doubled each time, up to two minutes, and never in step with others."""
    longest: float = min(2.0 ** min(failures, 20), LONGEST_BACKOFF_SECONDS)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  (jitter, no secret)


def _tell(ledger: Ledger, mailbox: Mailbox, trouble: Exception) -> None:
    try:
        ledger.alive(mailbox.name, f"{type(trouble).__name__}: {trouble}"[:300])
    except Exception as worse:  # noqa: BLE001  (the casebook is down too: the log has both)
        log.error("mailbox %s: the casebook can't be told: %s", mailbox.name, type(worse).__name__)


# --- the connection ---------------------------------------------------------------------------------------------------


class Client(IMAPClient):  # type: ignore[misc]  # untyped
    """imapclient's, whose socket is handed out as soon as there is one: a greeting may drip for ever."""

    def __init__(self, opened: Callable[[socket.socket], None], *args: object, **options: object) -> None:
        self._opened = opened
        super().__init__(*args, **options)

    def _create_IMAP4(self) -> IMAP4:  # noqa: N802  (its name)
        kind: type[IMAP4] = tls.IMAP4_TLS if self.ssl else imap4.IMAP4WithTimeout
        opened = self._opened

        class Known(kind):  # type: ignore[valid-type, misc]
            def _create_socket(self, timeout: float | None = None) -> socket.socket:
                connection: socket.socket = super()._create_socket(timeout)
                connection.settimeout(READ_SECONDS)
                opened(connection)
                return connection

        security = (self.ssl_context,) if self.ssl else ()
        return Known(self.host, self.port, *security, CONNECT_SECONDS)


def connect(mailbox: Mailbox, tokens: Tokens | None = None, dog: Watchdog | None = None) -> IMAPClient:
    """A logged-in client with bounded waits. Raises OSError or IMAPClientError.

    A token that the server refuses before its end is replaced, once.
    """
    tokens = tokens or (Tokens(mailbox.oauth) if mailbox.oauth else None)
    try:
        return _signed_in(mailbox, tokens, dog)
    except LoginError:
        if tokens is None:
            raise
        tokens.refused()
        return _signed_in(mailbox, tokens, dog)


def _signed_in(mailbox: Mailbox, tokens: Tokens | None, dog: Watchdog | None) -> IMAPClient:
    secret = tokens.token() if tokens else mailbox.password
    client = opened(mailbox, dog)
    try:
        if tokens:
            client.oauth2_login(mailbox.user, secret)
        else:
            client.login(mailbox.user, secret)
    except BaseException:
        closed(client)
        raise
    return client


def opened(mailbox: Mailbox, dog: Watchdog | None = None) -> IMAPClient:
    """A connected client, encrypted as the mailbox says, not yet signed in. Raises OSError or IMAPClientError."""
    context = ssl.create_default_context(cafile=mailbox.ca_file or None)
    secure = mailbox.security == "tls"
    mind = dog.mind if dog else _nobody_minds
    timeout = SocketTimeout(CONNECT_SECONDS, READ_SECONDS)
    client = Client(mind, mailbox.host, mailbox.port, ssl=secure, ssl_context=context if secure else None, timeout=timeout)
    if mailbox.security == "starttls":
        try:
            client.starttls(context)
            mind(client.socket())
        except BaseException:
            closed(client)
            raise
    return client


def closed(client: IMAPClient) -> None:
    """Hang up, whatever state the line is in."""
    with suppress(*TROUBLES):
        client.shutdown()


def _nobody_minds(_: socket.socket) -> None:
    pass


# --- waiting ----------------------------------------------------------------------------------------------------------


def _await_news(client: IMAPClient, mailbox: Mailbox, stop: threading.Event, dog: Watchdog) -> None:
    """Return when there may be new letters, or when it is time to look anyway."""
    if not client.has_capability("IDLE"):
        _sleep(mailbox.poll_seconds, stop, dog)
        return
    client.idle()
    until = time.monotonic() + min(mailbox.poll_seconds, IDLE_RENEW_SECONDS)
    try:
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            dog.beat()
            wait = min(IDLE_SLICE_SECONDS, left)
            began = time.monotonic()
            if client.idle_check(timeout=wait):
                break
            if time.monotonic() - began < wait / 2:
                raise IdleBroken("the connection ended while waiting for news")
    finally:
        client.idle_done()
        dog.beat()


def _sleep(seconds: float, stop: threading.Event, dog: Watchdog) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not stop.wait(min(left, IDLE_SLICE_SECONDS)):
        dog.beat()
