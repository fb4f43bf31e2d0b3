"""A real SMTP server that keeps what it is given and can be told to fail next, and how."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True)
class Received:
    """One letter that the relay took: who said it is from whom, for whom, and its bytes."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    raw: bytes
    tls: bool
    login: str  # the user name that was given, or ""

    @property
    def letter(self) -> EmailMessage:
        return BytesParser(policy=default).parsebytes(self.raw)  # type: ignore[return-value]


@dataclass
class Plan:
    """What happens next. Everything but the refused recipients is used up by the first letter that meets it."""

    replies: dict[str, list[str]] = field(default_factory=lambda: {"MAIL": [], "RCPT": [], "DATA": []})
    refused: dict[str, str] = field(default_factory=dict)
    drops: list[bool] = field(default_factory=list)  # was the letter kept before the line went dead?
    starttls: bool = True
    tokens: set[str] | None = None  # access tokens that are good
    hidden: set[str] = field(default_factory=set)  # what it can do and does not say at EHLO

    def next_reply(self, command: str) -> str | None:
        return self.replies[command].pop(0) if self.replies[command] else None


class Server(SMTP):
    """aiosmtpd's server, which may offer STARTTLS and then refuse it."""

    plan: Plan

    async def smtp_STARTTLS(self, arg: str) -> None:
        if self.plan.starttls:
            await super().smtp_STARTTLS(arg)
        else:
            await self.push("454 4.7.0 TLS not available just now")


class Handler:
    def __init__(self, plan: Plan, taken: list[Received]) -> None:
        self.plan, self.taken = plan, taken

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [line for line in responses if line[4:].split(" ")[0] not in self.plan.hidden]

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """As Google and Microsoft do it: a refusal is a challenge first, and an error once that was answered."""
        user, bearer = base64.b64decode(args[1]).decode().split("\1")[:2]
        if self.plan.tokens is not None and bearer.removeprefix("auth=Bearer ") in self.plan.tokens:
            return AuthResult(success=True, auth_data=LoginPassword(user.removeprefix("user=").encode(), b""))
        await server.challenge_auth('{"status":"401"}', encode_to_b64=True)
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if reply := self.plan.next_reply("MAIL"):
            return reply
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if reply := self.plan.refused.get(address) or self.plan.next_reply("RCPT"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if reply := self.plan.next_reply("DATA"):
            return reply
        kept = self.plan.drops.pop(0) if self.plan.drops else None
        if kept is not False:
            self.taken.append(received(session, envelope))
        if kept is not None and server.transport is not None:
            server.transport.abort()
        return "250 2.0.0 taken"


def received(session: Session, envelope: Envelope) -> Received:
    login = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else ""
    raw = envelope.original_content or b""
    return Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, session.ssl is not None, login)


class FakeRelay:
    """A relay on a loopback port. `messages` is what it took, oldest first.

    With a TLS context it offers STARTTLS and lets nobody in without; with `login` and `password` it wants them.
    """

    def __init__(self, port: int, tls: ssl.SSLContext | None = None, login: str = "", password: str = "") -> None:
        self.host, self.port = "127.0.0.1", port
        self.messages: list[Received] = []
        self._plan = Plan()
        self._tls, self._login = tls, (login.encode(), password.encode())
        self._controller: Controller | None = None

    def fail_next(self, reply: str, at: str = "DATA") -> None:
        """Answer the next MAIL, RCPT or DATA with this line, such as "451 4.3.0 later"; said twice, it fails twice."""
        self._plan.replies[at].append(reply)

    def refuse(self, recipient: str, reply: str = "550 5.1.1 no such user") -> None:
        """Refuse this recipient, and no other, until `relax`."""
        self._plan.refused[recipient] = reply

    def drop_next(self, *, kept: bool) -> None:
        """Cut the line after the next letter's last dot, without a reply: the sender can't know whether it was `kept`."""
        self._plan.drops.append(kept)

    def refuse_starttls(self) -> None:
        """Offer STARTTLS, and refuse it when asked."""
        self._plan.starttls = False

    def hide(self, *extensions: str) -> None:
        """Don't offer these: "8BITMIME", "SMTPUTF8"."""
        self._plan.hidden |= set(extensions)

    def relax(self) -> None:
        """Forget every plan to fail."""
        self._plan.replies = Plan().replies
        self._plan.refused.clear()
        self._plan.drops.clear()
        self._plan.starttls = True
        self._plan.hidden.clear()

    def take_tokens(self, tokens: set[str]) -> None:
        """Let in whoever has one of these, and nobody else. Before `start`."""
        self._plan.tokens = tokens

    def start(self) -> None:
        options: dict[str, Any] = {"decode_data": False, "enable_SMTPUTF8": True}
        if self._tls:
            options |= {"tls_context": self._tls, "require_starttls": True}
        if self._login[0]:
            options |= {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": self._tls is not None}
        if self._plan.tokens is not None:
            options |= {"auth_required": True, "auth_require_tls": False}
        plan, handler = self._plan, Handler(self._plan, self.messages)

        class OurController(Controller):
            def factory(self) -> SMTP:
                server = Server(handler, **self.SMTP_kwargs)
                server.plan = plan
                return server

        self._controller = OurController(handler, hostname=self.host, port=self.port, **options)
        self._controller.start()

    def stop(self) -> None:
        """No one listens on the port any more; `start` listens on the same one again."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == self._login
        return AuthResult(success=right, handled=right, auth_data=data)


@contextmanager
def running(relay: FakeRelay) -> Iterator[FakeRelay]:
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()
