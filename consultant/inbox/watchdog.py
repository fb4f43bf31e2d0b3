"""Cuts a connection that has been silent for too long, from another thread: timeouts see a dead server, not one that drips."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

log = logging.getLogger(__name__)
#: The longest that one command may take: a letter of the greatest size over a slow line.
PATIENCE_SECONDS = 300.0


class Watchdog:
    """`beat` says that something was achieved; `mind` names the socket to cut when no beat came for too long."""

    def __init__(self, name: str, patience: float) -> None:
        self.name, self.patience = name, patience
        self._beat = time.monotonic()
        self._socket: socket.socket | None = None
        self._gone = threading.Event()

    def beat(self) -> None:
        self._beat = time.monotonic()

    def mind(self, connection: socket.socket | None) -> None:
        self._socket = connection
        self.beat()

    def _look(self) -> None:
        while not self._gone.wait(self.patience / 20):
            connection = self._socket
            if connection is not None and time.monotonic() - self._beat > self.patience:
                log.warning("mailbox %s: nothing achieved for %d s, the connection is cut", self.name, self.patience)
                self._socket = None
                with suppress(OSError):  # of the plain socket: TLS has nothing more to say to a server like that
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


@contextmanager
def watched(name: str) -> Iterator[Watchdog]:
    """A watchdog for the length of the block."""
    dog = Watchdog(name, PATIENCE_SECONDS)
    thread = threading.Thread(target=dog._look, name=f"watchdog of {name}", daemon=True)
    thread.start()
    try:
        yield dog
    finally:
        dog._gone.set()
        thread.join(5)
