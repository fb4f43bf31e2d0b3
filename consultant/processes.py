"""The processes of the house in one process: web, worker, beat and doors as threads. For `demo` and small `up`s.

In larger houses each runs by itself (gunicorn, `celery -A worker worker`, `celery -A worker beat`, `consultant doors`).
The main thread watches: when a part dies, all stop and the process ends with an error, for its supervisor to start it anew.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from consultant import codebook, doorkeeper, foreman, inbox, queue, steering

#: How often our own SMTP and LMTP doors are tried, and how long they may take.
KNOCK_SECONDS, KNOCK_TIMEOUT = 60.0, 10.0

#: How long doors that share their ports wait for those of an earlier foreman to be gone.
PORT_SECONDS = 5.0

#: How long a thread that computes may keep the others waiting: with Python's 5 ms a door waits longer for each line of SMTP than
#: it takes to keep the letter.
SWITCH_SECONDS = 0.0005

#: Threads of the worker where the database lets one write at a time: more of them only wait for each other and for the doors.
WORKERS_HERE = {"sqlite": 2}

Part = AbstractContextManager[list[threading.Thread]]


class CannotStart(Exception):
    """One sentence: what is in the way, and what to do."""


# --- before ---------------------------------------------------------------------------------------------------------


def prepare(say: Callable[[str], None]) -> None:
    """The data folder, the secret key, the casebook's tables and a codebook: made where missing, left alone where there."""
    try:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
    except OSError as trouble:
        raise CannotStart(
            f"The data folder {settings.DATA_DIR} can't be written ({trouble.strerror}). CONSULTANT_DATA names another."
        ) from None
    if not settings.SECRET_FILE.exists():
        write_private(settings.SECRET_FILE, settings.SECRET_KEY)
    call_command("migrate", verbosity=0, interactive=False)
    try:
        book = codebook.current(settings.DATA_DIR)
    except codebook.NoCodebook:
        say("Building the codebook (once, some seconds)")
        call_command("codebook", "build")
        book = codebook.current(settings.DATA_DIR)
    say(f"Codebook {book.version}")


def write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf8") as file:  # noqa: PTH123  (mode at creation)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def check_port(host: str, port: int, name: str) -> None:
    """Raise CannotStart when something listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            raise CannotStart(f"Port {port} on {host} can't be used ({trouble.strerror}). {name} chooses another.") from None


# --- the parts ----------------------------------------------------------------------------------------------------------


def ports() -> dict[str, int]:
    """Where our SMTP and LMTP doors are, those that are there."""
    return {name: port for name, port in (("smtp", settings.SMTP_PORT), ("lmtp", settings.LMTP_PORT)) if port}


@contextmanager
def doors(stop: threading.Event, shared: Mapping[str, socket.socket] | None = None) -> Iterator[list[threading.Thread]]:
    """The SMTP door, the LMTP door when it has a port, and a watcher for each mailbox. Closed before anything else stops."""
    with opened(shared or {}):
        for name in ports():
            doorkeeper.alive(name, due_seconds=3 * KNOCK_SECONDS)
        watchers = [_thread(f"mailbox {box.name}", inbox.watch, box, doorkeeper, stop) for box in _mailboxes()]
        yield [*watchers, _thread("knocking", knock_at, ports(), stop)]
        stop.set()


@contextmanager
def opened(shared: Mapping[str, socket.socket]) -> Iterator[list[threading.Thread]]:
    """The SMTP and LMTP doors alone, at sockets that they share with others' where there are such."""
    with ExitStack() as open_doors:
        for name, port in ports().items():
            door = inbox.Door(
                doorkeeper.keep,
                settings.ADDRESSES,
                settings.SMTP_HOST,
                port,
                settings.MAX_LETTER_BYTES,
                lmtp=name == "lmtp",
                listening=shared.get(name),
            )
            door.start()
            open_doors.callback(door.stop)
        yield []


def knock_at(ports: dict[str, int], stop: threading.Event) -> None:
    """Knock at our own doors once a minute, as a mail server would, and write down whether they answered."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.SMTP_HOST, settings.SMTP_HOST)  # noqa: S104
    while not stop.wait(KNOCK_SECONDS):
        for name, port in ports.items():
            trouble = ""
            try:
                with socket.create_connection((host, port), KNOCK_TIMEOUT) as line:
                    trouble = "" if line.recv(4).startswith(b"220") else "It takes callers and does not greet them."
            except OSError as silent:
                trouble = f"It does not answer on port {port}: {silent.strerror or silent}."
            with suppress(DatabaseError):  # then the casebook is in trouble, and says so elsewhere
                doorkeeper.alive(name, trouble, due_seconds=3 * KNOCK_SECONDS)


def _mailboxes() -> list[inbox.Mailbox]:
    path = settings.MAILBOXES_FILE
    return inbox.mailboxes(Path(path), settings.MAX_LETTER_BYTES) if path else []


@contextmanager
def worker() -> Iterator[list[threading.Thread]]:
    """A Celery worker with a few threads, so that a relay that hangs holds up nobody else's draft."""
    from celery.worker import state

    from consultant.queue import app

    controller = app.WorkController(
        pool="threads",
        concurrency=WORKERS_HERE.get(connection.vendor, 4),
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
        loglevel="WARNING",
    )
    thread = _thread("worker", controller.start)
    try:
        yield [thread]
    finally:
        state.should_stop = 0
        thread.join(30)
        state.should_stop = None


@contextmanager
def beat() -> Iterator[list[threading.Thread]]:
    """Celery's beat, for the sweep."""
    from celery.beat import EmbeddedService

    from consultant.queue import app

    service = EmbeddedService(app, thread=True, schedule_filename=settings.CELERY_BEAT_SCHEDULE_FILENAME)
    service.daemon = True
    service.start()
    try:
        yield [service]
    finally:
        service.stop()


@contextmanager
def web() -> Iterator[list[threading.Thread]]:
    """The desk, by waitress."""
    from waitress.server import create_server

    from consultant.web.wsgi import application

    server: Any = create_server(application, host=settings.HTTP_HOST, port=settings.HTTP_PORT, threads=8, ident=None)
    thread = _thread("web", server.run)
    try:
        yield [thread]
    finally:
        server.close()


def _thread(name: str, work: Callable[..., object], *args: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=args, name=name, daemon=True)
    thread.start()
    return thread


# --- all of it ----------------------------------------------------------------------------------------------------------


def run(ready: Callable[[], None]) -> None:
    """Everything until a signal, or until a part dies: then raises CannotStart."""
    stop = _stopped_by_signal()
    memory = settings.CELERY_BROKER_URL.startswith("memory")

    def all_ready() -> None:
        if memory:
            steering.sweep(patience=timedelta(0))  # the nudges of the last run died with its memory, and its workers too
        ready()

    _run((worker(), beat(), web(), doors(stop)), stop, all_ready)


def run_doors(ready: Callable[[], None], shared: Mapping[str, socket.socket] | None = None, place: int = 0) -> None:
    """The doors alone, in the same way. Of those that share their sockets only the first watches the mailboxes."""
    stop = _stopped_by_signal()
    queue.give_behind()
    _run((doors(stop, shared) if place == 0 else opened(shared or {}),), stop, ready)


def run_doors_together(ready: Callable[[], None], count: int) -> None:
    """The doors in that many processes, one beside the other. Raises CannotStart when one of them can't do its work."""
    shared = {name: _listening(port) for name, port in ports().items()}

    def one(place: int) -> None:
        run_doors(ready if place == 0 else _say_nothing, shared, place)

    try:
        foreman.lead(count, one)
    except foreman.CrewLost as trouble:
        raise CannotStart(str(trouble)) from None


def _listening(port: int) -> socket.socket:
    """Those before us may be on their way out: their ports are waited for."""
    until = time.monotonic() + PORT_SECONDS
    while True:
        try:
            return inbox.listening(settings.SMTP_HOST, port)
        except OSError as trouble:
            if time.monotonic() > until:
                raise CannotStart(f"Port {port} on {settings.SMTP_HOST} can't be used ({trouble.strerror}).") from None
        time.sleep(0.1)


def _say_nothing() -> None:
    pass


def _stopped_by_signal() -> threading.Event:
    stop = threading.Event()
    sys.setswitchinterval(SWITCH_SECONDS)

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    return stop


def _run(parts: Iterable[Part], stop: threading.Event, ready: Callable[[], None]) -> None:
    with ExitStack() as running:
        threads: list[threading.Thread] = []
        for part in parts:
            threads += running.enter_context(part)
        ready()
        while not stop.wait(0.5):
            if dead := [thread.name for thread in threads if not thread.is_alive()]:
                raise CannotStart(f"A part of the house stopped by itself: {', '.join(dead)}. The log above says why.")
