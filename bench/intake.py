"""Letters a second through the whole intake, beside a server that only writes synced files and a mailbox fetched and dropped.

CONSULTANT_BENCH_LETTERS says how many (300). The servers are those of the tests: `./run test` installs them.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.way import US, free_port, letter, listens
from consultant import codebook

LETTERS = int(os.environ.get("CONSULTANT_BENCH_LETTERS", "300"))
WARM = 64  # letters before the measured ones, enough for every worker to have some: imports and caches are not what is measured
DOORS = min(os.cpu_count() or 1, 4)  # processes that share the SMTP port, where there are several
LINES = 4  # SMTP connections at the same time, as a busy mail server has them
SENDER = "bench@clinic.example"
#: Doors go first: a draft can wait, a mail server does not.
NICE = ["nice", "-n", "15"]
WORKER = ["celery", "-A", "worker", "worker", "--concurrency=1", "--loglevel=ERROR", "--without-mingle", "--without-gossip"]


@dataclass(frozen=True)
class Rate:
    """Letters a second: until the other side heard 250 (or the cursor stood behind them), and until all were drafted."""

    durable: float
    whole: float


def main() -> None:
    try:
        from tests import peers
    except ImportError:
        print("This needs the environment and the servers of the tests: ./run test installs them.")
        return
    print(f"{LETTERS} letters, {LINES} connections, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        codebook.build(folder / "book")
        synced = files_synced(folder / "files", 1)
        said("aiosmtpd, synced files", synced)
        shared = files_synced(folder / "files-shared", DOORS)
        said(f"aiosmtpd in {DOORS} processes, synced files", shared)
        sqlite = on_sqlite(folder / "sqlite", folder / "book")
        said("SQLite, one process: kept", sqlite.durable, synced)
        said("SQLite, one process: kept, read, classified, drafted", sqlite.whole, synced)
        token_server = stack.enter_context(peers.running_token_server())
        dovecot = stack.enter_context(peers.running_dovecot(stack.enter_context(peers.new_certificate()), token_server))
        redis = stack.enter_context(peers.running_redis())
        postgres = stack.enter_context(peers.running_postgres(fsync="on"))
        large = Large(folder / "large", folder / "book", peers.new_database(postgres, "bench"), redis.url, dovecot)
        for name, rate, beside in large.measure(synced, shared):
            said(name, rate, beside)
    print(f"load after: {os.getloadavg()[0]:.1f}")


def said(name: str, rate: float, beside: float = 0) -> None:
    print(f"  {name}: {rate:.0f}/s" + (f", {rate / beside:.2f} of that beside it" if beside else ""), flush=True)


# --- the clients ------------------------------------------------------------------------------------------------------


def hand_in(port: int, first: int = 0, count: int = LETTERS) -> float:
    """Letters a second that the other side took."""
    began = time.perf_counter()
    ways = [range(first + place, first + count, LINES) for place in range(LINES)]
    lines = [threading.Thread(target=_one_line, args=(port, numbers)) for numbers in ways]
    for line in lines:
        line.start()
    for line in lines:
        line.join()
    return count / (time.perf_counter() - began)


def through(port: int, settled: Callable[[], int], first: int = 0) -> Rate:
    """By SMTP into a house that has its process up, until `settled` counts them all."""
    until(lambda: listens(port))
    before = settled()
    hand_in(port, first + LETTERS, WARM)
    until(lambda: settled() == before + WARM)
    began = time.perf_counter()
    durable = hand_in(port, first)
    until(lambda: settled() == before + WARM + LETTERS)
    return Rate(durable, LETTERS / (time.perf_counter() - began))


def _one_line(port: int, numbers: range) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as door:
        for number in numbers:
            door.sendmail(f"{number}.{SENDER}", [US], own_letter(number))


def own_letter(number: int) -> bytes:
    """One of the samples, from a sender of its own, so that no cap holds it back."""
    lines = letter(number).split(b"\n")
    return b"\n".join(b"From: <%d.%s>" % (number, SENDER.encode()) if line.startswith(b"From:") else line for line in lines)


def until(condition: Callable[[], bool], seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the letters did not come through")
        time.sleep(0.05)


# --- what is measured -------------------------------------------------------------------------------------------------


def files_synced(folder: Path, processes: int) -> float:
    folder.mkdir()
    port = free_port()
    with running({}, "bench._fsynced", str(port), str(folder), str(processes)):
        until(lambda: listens(port))
        rate = hand_in(port)
    assert len(list(folder.iterdir())) == LETTERS
    return rate


def on_sqlite(folder: Path, book: Path) -> Rate:
    """`consultant up` as it comes."""
    port = free_port()
    shutil.copytree(book, folder)
    env = settings(folder) | {"CONSULTANT_SMTP_PORT": str(port), "CONSULTANT_HTTP_PORT": str(free_port())}

    def settled() -> int:
        with closing(sqlite3.connect(f"file:{folder / 'casebook.sqlite3'}?mode=ro", uri=True, timeout=20)) as casebook:
            return int(casebook.execute(SETTLED).fetchone()[0])

    with running(env, "consultant", "up"):
        return through(port, settled)


KEPT = "SELECT count(*) FROM consultant_letter"
SETTLED = "SELECT count(*) FROM consultant_case WHERE status NOT IN ('received', 'accepted', 'classified')"


@dataclass(frozen=True)
class Large:
    """PostgreSQL that syncs, Redis, two workers, doors, and a mailbox on Dovecot."""

    folder: Path
    book: Path
    database: str
    broker: str
    dovecot: Any

    def measure(self, synced: float, shared: float) -> Iterator[tuple[str, float, float]]:
        """(what, letters a second, what it is beside) of each."""
        from celery import Celery

        shutil.copytree(self.book, self.folder)
        port, user = free_port(), "bench"
        for number in range(LETTERS):
            self.dovecot.deliver(user, own_letter(LETTERS + WARM + number))
        fetched = self._fetched(user)
        yield "Dovecot, fetched one by one and dropped", fetched, 0
        env = settings(self.folder) | {"CONSULTANT_BROKER_URL": self.broker, "DATABASE_URL": self.database}
        env |= {"CONSULTANT_SMTP_PORT": str(port)}
        subprocess.run([sys.executable, "-m", "consultant", "migrate", "--verbosity", "0"], env=env, check=True)
        with ExitStack() as stack:
            for name in ("one", "two"):
                stack.enter_context(running(env, *WORKER, f"--hostname={name}@%h", before=NICE))
            until(lambda: len(Celery(broker=self.broker).control.ping(timeout=1)) == 2)
            for doors, beside in {1: synced, DOORS: shared}.items():
                with running(env | {"CONSULTANT_DOOR_PROCESSES": str(doors)}, "consultant", "doors"):
                    smtp = through(port, lambda: self._count(SETTLED), first=doors * 10 * LETTERS)
                name = f"PostgreSQL and Redis, two workers, doors in {doors} process{'es' * (doors > 1)}: kept"
                yield name, smtp.durable, synced
                if doors > 1:
                    yield f"{name}, beside as many processes", smtp.durable, beside
                yield f"{name}, read, classified, drafted", smtp.whole, synced
            before = self._count(KEPT)
            with running(env | {"CONSULTANT_MAILBOXES": str(self._mailbox(user))}, "consultant", "doors"):
                imap = self._by_imap(before)
            yield "the same from the mailbox: kept", imap.durable, fetched
            yield "the same from the mailbox: kept, read, classified, drafted", imap.whole, fetched

    def _fetched(self, user: str) -> float:
        from imapclient import IMAPClient

        with IMAPClient(self.dovecot.host, self.dovecot.imap_port, ssl=False) as imap:
            imap.login(user, self.dovecot.password)
            imap.select_folder("INBOX", readonly=True)
            began = time.perf_counter()
            for uid in imap.search():
                imap.fetch([uid], ["BODY.PEEK[]"])
            return LETTERS / (time.perf_counter() - began)

    def _mailbox(self, user: str) -> Path:
        (self.folder / "password").write_text(self.dovecot.password)
        file = self.folder / "mailboxes.toml"
        where = f'host = "{self.dovecot.host}"\nport = {self.dovecot.imap_port}\nsecurity = "plain"\nuser = "{user}"\n'
        file.write_text(f'[[mailbox]]\nname = "{user}"\n{where}password_file = "{self.folder / "password"}"\n')
        return file

    def _by_imap(self, before: int) -> Rate:
        """From the first letter kept on, so that the start of the process does not count."""
        until(lambda: self._count(KEPT) > before)
        began, first = time.perf_counter(), self._count(KEPT) - before
        until(lambda: self._count(KEPT) == before + LETTERS)
        durable = (LETTERS - first) / (time.perf_counter() - began)
        until(lambda: self._count(SETTLED) == before + LETTERS)
        return Rate(durable, (LETTERS - first) / (time.perf_counter() - began))

    def _count(self, query: str) -> int:
        return int(_line(self.database).execute(query).fetchone()[0])


@lru_cache(maxsize=2)
def _line(database: str) -> Any:
    """One for all looks: a new one each time would be a load of its own."""
    import psycopg

    return psycopg.connect(database, autocommit=True)


# --- processes --------------------------------------------------------------------------------------------------------


def settings(folder: Path) -> dict[str, str]:
    return {
        "CONSULTANT_DATA": str(folder),
        "CONSULTANT_SECRET_KEY": "only for this bench",
        "CONSULTANT_ACKNOWLEDGE": "no",
        "CONSULTANT_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "consultant.settings",
    }


@contextmanager
def running(env: dict[str, str], *command: str, before: Sequence[str] = ()) -> Iterator[None]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CONSULTANT_")} | env
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*before, sys.executable, "-m", *command], env=ours, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
