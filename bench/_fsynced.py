"""What an SMTP door must do at the least: aiosmtpd that says 250 once the letter is a synced file. PORT FOLDER PROCESSES."""

from __future__ import annotations

import os
import socket
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        with (self.folder / uuid.uuid4().hex).open("wb") as file:
            file.write(envelope.content)
            file.flush()
            os.fsync(file.fileno())
        return "250 2.0.0 Kept"


class Shared(Controller):
    """One of several at the same socket."""

    listening: socket.socket

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.listening)

    def _trigger_server(self) -> None:
        self._factory_invoker()


if __name__ == "__main__":
    Shared.listening = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=100)
    first = os.getpid()
    for _ in range(int(sys.argv[3]) - 1):
        if os.getpid() == first:
            os.fork()
    Shared(Files(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1])).start()
    while first in (os.getpid(), os.getppid()):
        time.sleep(0.2)
