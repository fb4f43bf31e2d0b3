"""A token endpoint that hands out access tokens, and the introspection by which Dovecot asks whether one is good."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class TokenServer:
    """`asked` are the forms it was sent; `planned` are answers that come before the usual ones: (status, JSON)."""

    port: int
    user: str = "consult"
    refresh_token: str = "refresh-0"
    lasts: int = 3600  # seconds that a token is said to be good
    rotates: bool = False  # a new refresh token each time, and the old one dies
    asked: list[dict[str, str]] = field(default_factory=list)
    planned: list[tuple[int, Any]] = field(default_factory=list)
    good: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    def revoke(self) -> None:
        """No token that was handed out is good any more."""
        self.good.clear()

    def reset(self) -> None:
        self.refresh_token, self.lasts, self.rotates = "refresh-0", 3600, False
        self.asked.clear()
        self.planned.clear()
        self.good.clear()

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        self.asked.append(form)
        if self.planned:
            return self.planned.pop(0)
        if form.get("grant_type") == "refresh_token" and form.get("refresh_token") != self.refresh_token:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        token = f"access-{len(self.asked)}-{self.port}"
        self.good.add(token)
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts}
        if self.rotates:
            self.refresh_token = f"refresh-{len(self.asked)}"
            answer["refresh_token"] = self.refresh_token
        return 200, answer

    def introspect(self, token: str) -> tuple[int, Any]:
        known = token in self.good
        return 200, {"active": known, "username": self.user, "sub": self.user} if known else {"active": False}


def handler(server: TokenServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            if self.path.startswith("/token"):
                self._answer(*server.token(form))
            else:
                asked = parse_qs(urlsplit(self.path).query)
                self._answer(*server.introspect(form.get("token") or asked.get("token", [""])[0]))

        do_GET = do_POST  # noqa: N815

        def _answer(self, status: int, answer: Any) -> None:
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            if status in {301, 302, 307}:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def running_token_server() -> Iterator[TokenServer]:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server = TokenServer(listening.server_address[1])
    listening.RequestHandlerClass = handler(server)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(5)
