"""The SMTP and LMTP door: a thin shell round `keep`, which commits the bytes before we say 250."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as Transaction

from consultant.vocabulary import Envelope

log = logging.getLogger(__name__)
Keep = Callable[[bytes, Envelope], object]
MOST_RECIPIENTS = 50


class Handler:
    """What aiosmtpd calls. An exception that left this class would be a permanent 500 and a lost letter: none does."""

    def __init__(self, keep: Keep, addresses: Iterable[str], pool: ThreadPoolExecutor, door: str) -> None:
        self.keep, self.pool, self.door = keep, pool, door
        self.addresses = {address.lower() for address in addresses}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Transaction, address: str, options: list[str]) -> str:
        if _plain(address) not in self.addresses:
            return "550 5.1.1 No such mailbox here"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Transaction) -> str:
        raw = (
            envelope.content
            if isinstance(envelope.content, bytes)
            else (envelope.content or "").encode("utf8", "surrogateescape")
        )
        try:
            work = partial(self.keep, raw, _envelope(envelope, self.door))
            await asyncio.get_running_loop().run_in_executor(self.pool, work)
        except Exception as trouble:  # noqa: BLE001  (whatever it is, it is ours: the sender keeps the letter and tries again)
            log.error("a letter could not be kept: %s", type(trouble).__name__)
            return self._each(envelope, "451 4.3.0 We could not store this letter now, please try again")
        return self._each(envelope, "250 2.0.0 Kept")

    def _each(self, envelope: Transaction, answer: str) -> str:
        """LMTP wants one answer for each recipient (RFC 2033 §4.2); SMTP wants one."""
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.door == "lmtp" else answer


def _plain(address: str) -> str:
    """The address without a +tag, in lower case."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _envelope(envelope: Transaction, door: str) -> Envelope:
    rcpt_to = tuple(envelope.rcpt_tos)
    mail_from = "" if envelope.mail_from in {None, "<>"} else envelope.mail_from  # aiosmtpd's way to write the null sender
    transaction = "\n".join((mail_from, *sorted(rcpt_to)))
    name = hashlib.sha256(transaction.encode("utf8", "surrogateescape")).hexdigest()[:24]
    return Envelope(door, rcpt_to[0].lower(), f"{door}:{name}", mail_from, rcpt_to)


class Door(Controller):
    """An SMTP (or, with lmtp=True, LMTP) server in a thread of its own: `start()`, `stop()`. OSError when the port is taken.

    With a `listening` socket it takes callers there, beside others that have the same one: whoever is free is first.
    """

    def __init__(
        self,
        keep: Keep,
        addresses: Iterable[str],
        host: str,
        port: int,
        max_bytes: int,
        *,
        lmtp: bool = False,
        listening: socket.socket | None = None,
    ) -> None:
        self.pool = ThreadPoolExecutor(8, thread_name_prefix="door")
        self.protocol = LMTP if lmtp else SMTP
        self.listening = listening
        handler = Handler(keep, addresses, self.pool, "lmtp" if lmtp else "smtp")
        super().__init__(handler, hostname=host, port=port, data_size_limit=max_bytes, ident="Consultant", enable_SMTPUTF8=True)

    def factory(self) -> SMTP:
        return self.protocol(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        if self.listening is None:
            return super()._create_server()
        return self.loop.create_server(self._factory_invoker, sock=self.listening)

    def _trigger_server(self) -> None:
        """aiosmtpd calls at its own door, to see that it can be answered; at a shared one another might answer."""
        if self.listening is None:
            super()._trigger_server()  # type: ignore[no-untyped-call]
        else:
            self._factory_invoker()

    def stop(self, no_assert: bool = False) -> None:
        super().stop(no_assert=no_assert)
        self.pool.shutdown(wait=True)


def listening(host: str, port: int) -> socket.socket:
    """A socket for doors that share it. Raises OSError when the port is taken."""
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=100)
