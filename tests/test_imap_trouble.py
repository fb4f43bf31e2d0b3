"""What mail servers do to a door: renumber, lie, hang, drip, vanish. A real Dovecot, and servers worse than any real one."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client

from consultant import doorkeeper, inbox, processes
from consultant.inbox import Mailbox, connect, take_in
from consultant.inbox import imap as imap_door
from consultant.models import Cursor, Door, Letter, Taken
from tests.guards import unguarded
from tests.peers import Dovecot, free_port
from tests.test_doors import RAW, Notebook, numbered, poll, wait_for

_names = count(1)


@pytest.fixture
def box(dovecot: Dovecot) -> Mailbox:
    user = f"trouble{next(_names)}-{free_port()}"
    return Mailbox(
        user, "localhost", dovecot.imaps_port, "tls", user, dovecot.password, ca_file=str(dovecot.ca_file), poll_seconds=5
    )


@contextmanager
def watching(box: Mailbox, ledger: object) -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=inbox.watch, args=(box, ledger, stop), daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


# --- gaps -------------------------------------------------------------------------------------------------------------


def test_a_letter_below_the_cursor_that_was_never_taken_in_raises_the_alarm_and_comes_in(box: Mailbox, dovecot: Dovecot) -> None:
    notebook = Notebook()
    for number in (1, 2, 3):
        dovecot.deliver(box.user, numbered(number))
    with connect(box) as imap:
        uidvalidity = int(imap.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"])
    notebook.place, notebook.uids = (uidvalidity, 3), {uidvalidity: {1, 3}}
    assert poll(box, notebook) == 1
    assert notebook.alarms == [[2]]
    assert b"question 2" in notebook.kept[0][0]
    assert notebook.place == (uidvalidity, 3)
    assert (poll(box, notebook), len(notebook.alarms)) == (0, 1)


def test_the_counts_alone_find_a_gap_between_two_looks(box: Mailbox, dovecot: Dovecot) -> None:
    notebook = Notebook()
    for number in (1, 2):
        dovecot.deliver(box.user, numbered(number))
    with connect(box) as imap:
        assert take_in(imap, box, notebook) == 2
        notebook.uids[notebook.place[0]].remove(1)
        assert take_in(imap, box, notebook, thorough=False) == 1
    assert notebook.alarms == [[1]]


def test_what_somebody_deleted_after_we_had_it_is_no_gap(box: Mailbox, dovecot: Dovecot) -> None:
    notebook = Notebook()
    for number in (1, 2, 3):
        dovecot.deliver(box.user, numbered(number))
    poll(box, notebook)
    with connect(box) as imap:
        imap.select_folder("INBOX")
        imap.delete_messages([2])
        imap.expunge()
    dovecot.deliver(box.user, numbered(4))
    assert poll(box, notebook) == 1
    assert (notebook.alarms, notebook.present("", "", notebook.place[0])) == ([], 3)


@pytest.mark.django_db(transaction=True)
def test_the_alarm_stands_on_the_health_page_and_in_health_after_one_look(box: Mailbox, dovecot: Dovecot, alice: User) -> None:
    for number in (1, 2):
        dovecot.deliver(box.user, numbered(number))
    poll(box, doorkeeper)  # type: ignore[arg-type]
    doorkeeper.alive(box.name, due_seconds=box.due_seconds)
    client = Client()
    client.force_login(alice)
    assert client.get("/health").json()["doors"][box.name]["status"] == "ok"
    Taken.objects.filter(uid=1).delete()
    assert poll(box, doorkeeper) == 1  # type: ignore[arg-type]
    doorkeeper.alive(box.name, due_seconds=box.due_seconds)
    door = client.get("/health").json()["doors"][box.name]
    assert (door["status"], door["reason"]) == ("trouble", "gap")
    page = client.get("/house").content.decode()
    assert "1 letter was on the server and never taken in (UID 1)." in page
    assert "1 letter was on the server" in client.get("/queue").content.decode()
    assert Letter.objects.count() == 2  # it was there after all, by its bytes


# --- renumbered folders -----------------------------------------------------------------------------------------------


def renumber(box: Mailbox, dovecot: Dovecot, letters: list[bytes]) -> None:
    """What a server does that lost its index: the folder anew, with these letters under other numbers."""
    with connect(box) as imap:
        imap.create_folder("Lost")
        imap.select_folder("INBOX")
        before = int(imap.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"])
        imap.move(imap.search(), "Lost")
        imap.unselect_folder()
    for letter in letters:
        dovecot.deliver(box.user, letter)
    Cursor.objects.filter(mailbox=box.name).update(uidvalidity=before - 1)
    Taken.objects.filter(mailbox=box.name).update(uidvalidity=before - 1)
    for row in Letter.objects.filter(mailbox=box.name):
        _rewrite(row, before)


def _rewrite(row: Letter, uidvalidity: int) -> None:
    """The identity under the numbering of before; the trigger that guards it stands aside."""
    identity = row.identity.replace(f":INBOX:{uidvalidity}:", f":INBOX:{uidvalidity - 1}:")
    with unguarded("letter_update_refused"), connection.cursor() as cursor:
        cursor.execute("UPDATE consultant_letter SET identity = %s WHERE id = %s", [identity, row.pk])


@pytest.mark.django_db(transaction=True)
def test_a_renumbered_folder_is_gone_through_again_and_nothing_is_doubled_or_skipped(
    box: Mailbox, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two letters of the very same bytes are two letters, before and after; a third such is a third."""
    monkeypatch.setattr("consultant.inbox.intake._fetch", _without_delivery_lines)
    twin = RAW.replace(b"a question", b"twins")
    for raw in (numbered(1), twin, twin):
        dovecot.deliver(box.user, raw)
    assert poll(box, doorkeeper) == 3  # type: ignore[arg-type]
    assert Letter.objects.count() == 3

    renumber(box, dovecot, [twin, numbered(1), twin, numbered(2), twin])
    assert poll(box, doorkeeper) == 5  # type: ignore[arg-type]
    assert Letter.objects.count() == 5
    assert sum(b"twins" in bytes(row.raw) for row in Letter.objects.all()) == 3
    assert not Door.objects.exclude(gap="").exists()
    assert poll(box, doorkeeper) == 0  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_lost_its_index_numbers_anew_and_only_the_new_letter_comes_in(box: Mailbox, dovecot: Dovecot) -> None:
    for number in (1, 2, 3):
        dovecot.deliver(box.user, numbered(number))
    assert poll(box, doorkeeper) == 3  # type: ignore[arg-type]
    before = Cursor.objects.get(mailbox=box.name)

    maildir = Path(dovecot.server.command[-1]).parent / "mail" / box.user
    lost = [path for path in maildir.iterdir() if path.name.startswith(("dovecot-uidlist", "dovecot.index"))]
    assert lost
    for path in lost:
        path.unlink()
    dovecot.deliver(box.user, numbered(4))

    assert poll(box, doorkeeper) == 4  # type: ignore[arg-type]
    after = Cursor.objects.get(mailbox=box.name)
    assert after.uidvalidity != before.uidvalidity
    assert Letter.objects.count() == 4
    assert Taken.objects.filter(uidvalidity=after.uidvalidity).values("letter").distinct().count() == 4
    assert not Door.objects.exclude(gap="").exists()


def _without_delivery_lines(client: object, uid: int, size: int, limit: int) -> tuple[bytes | None, str]:
    """The letter as it was handed in: Dovecot's Received line with its time would make each delivery unlike the other."""
    raw = bytes(client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"])  # type: ignore[attr-defined]
    return raw[raw.index(b"From: maria") :], ""


@pytest.mark.django_db(transaction=True)
def test_two_pollers_on_one_mailbox_keep_each_letter_once(box: Mailbox, dovecot: Dovecot) -> None:
    for number in range(20):
        dovecot.deliver(box.user, numbered(number))

    def look() -> None:
        for _ in range(100):  # the tests' own database lies in memory and knows no waiting: try again, as the door does
            with suppress(OperationalError):
                poll(box, doorkeeper)  # type: ignore[arg-type]
                return

    pollers = [threading.Thread(target=look) for _ in range(2)]
    for poller in pollers:
        poller.start()
    for poller in pollers:
        poller.join(60)
    assert not Door.objects.exclude(gap="").exists()
    assert (Letter.objects.count(), Taken.objects.count()) == (20, 20)
    assert Cursor.objects.get().last_uid == 20


# --- lines that hang --------------------------------------------------------------------------------------------------


@contextmanager
def bad_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Listens, and does to each caller what `talk` does, until the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        gone = threading.Event()

        def serve() -> None:
            while not gone.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    continue
                threading.Thread(target=_quietly, args=(talk, connection), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            gone.set()


def _quietly(talk: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection, suppress(OSError):
        talk(connection)


def silent(connection: socket.socket) -> None:
    connection.recv(1)


def dripping(connection: socket.socket) -> None:
    for letter in b"* OK " + b"x" * 10_000:
        connection.sendall(bytes([letter]))
        time.sleep(0.05)


def greets_and_drips(connection: socket.socket) -> None:
    connection.sendall(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
    connection.recv(1000)
    dripping(connection)


def says_bye(connection: socket.socket) -> None:
    connection.sendall(b"* BYE out of order\r\n")


def talks_nonsense(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize("talk", [silent, dripping, greets_and_drips, says_bye, talks_nonsense])
def test_a_server_that_keeps_us_waiting_is_given_up_and_tried_again(
    talk: Callable[[socket.socket], None], box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_door, "READ_SECONDS", 0.5)
    monkeypatch.setattr(imap_door, "LONGEST_BACKOFF_SECONDS", 0.1)
    monkeypatch.setattr("consultant.inbox.watchdog.PATIENCE_SECONDS", 0.6)
    notebook = Notebook()
    with bad_server(talk) as port, watching(replace(box, host="127.0.0.1", port=port, security="plain"), notebook):
        wait_for(lambda: len(notebook.signs) >= 2, 15)
    assert all(notebook.signs[:2])


def test_a_connection_that_dies_in_idle_is_noticed_when_it_is_renewed(
    box: Mailbox, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-open: the server's end hears nothing and says nothing, as behind a firewall that forgot us."""
    monkeypatch.setattr(imap_door, "READ_SECONDS", 1.0)
    monkeypatch.setattr(imap_door, "IDLE_RENEW_SECONDS", 1.0)
    monkeypatch.setattr(imap_door, "LONGEST_BACKOFF_SECONDS", 0.1)
    notebook = Notebook()
    plain = replace(box, host="127.0.0.1", security="plain")
    with Wire(dovecot.imap_port) as wire, watching(replace(plain, port=wire.port), notebook):
        wait_for(lambda: notebook.signs)
        time.sleep(0.5)
        wire.cut.set()
        wait_for(lambda: any(notebook.signs), 15)
        wire.cut.clear()
        dovecot.deliver(box.user, RAW)
        wait_for(lambda: notebook.kept, 15)
    assert notebook.signs[0] == "", "it was well at first"
    assert any(notebook.signs), "and the trouble was told"
    assert [b"a question" in raw for raw, _ in notebook.kept] == [True], "the letter came once"


class Wire:
    """A wire to a server that can be cut without either end noticing."""

    def __init__(self, to: int) -> None:
        self.to, self.cut, self.gone = to, threading.Event(), threading.Event()

    def __enter__(self) -> "Wire":
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gone.set()
        self.server.close()

    def _serve(self) -> None:
        while not self.gone.is_set():
            try:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        dead = False
        try:
            while data := source.recv(65536):
                dead = dead or self.cut.is_set()  # once cut, a connection stays so
                if not dead:
                    target.sendall(data)
        except OSError:
            pass
        finally:
            if not dead:
                target.close()


def test_idle_is_renewed_before_the_server_may_drop_it(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert imap_door.IDLE_RENEW_SECONDS < 29 * 60
    monkeypatch.setattr(imap_door, "IDLE_RENEW_SECONDS", 0.3)
    rounds = []
    idle = imap_door.Client.idle
    monkeypatch.setattr(imap_door.Client, "idle", lambda self: (rounds.append(1), idle(self))[1])
    with watching(replace(box, poll_seconds=3600), Notebook()):
        wait_for(lambda: len(rounds) >= 3)


def test_one_dead_mailbox_does_not_keep_the_others_from_their_letters(box: Mailbox, dovecot: Dovecot) -> None:
    well, ill = Notebook(), Notebook()
    dead = replace(box, name="dead", port=free_port())
    with watching(dead, ill), watching(box, well):
        dovecot.deliver(box.user, RAW)
        wait_for(lambda: well.kept and ill.signs)
    assert "refused" in ill.signs[0]
    assert not any(well.signs)


def test_pauses_grow_to_two_minutes_and_are_never_in_step() -> None:
    pauses = [[imap_door.pause(n) for _ in range(50)] for n in (1, 2, 5, 9, 10_000)]
    assert [max(some) <= limit for some, limit in zip(pauses, (2, 4, 32, 120, 120), strict=True)] == [True] * 5
    assert all(min(some) >= limit / 2 for some, limit in zip(pauses, (2, 4, 32, 120, 120), strict=True))
    assert len(set(pauses[4])) > 40


# --- what the doors tell ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_door_that_falls_silent_is_in_trouble_though_nobody_said_so(alice: User) -> None:
    doorkeeper.alive("coding", due_seconds=1)
    client = Client()
    client.force_login(alice)
    assert client.get("/health").json()["doors"]["coding"]["status"] == "ok"
    Door.objects.update(due_at=Door.objects.get().ok_at)
    assert client.get("/health").json()["doors"]["coding"]["reason"] == "silent"
    assert "given no sign of life" in client.get("/house").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_trouble_says_since_when_and_ends_with_the_next_success() -> None:
    doorkeeper.alive("coding", "LoginError: no")
    since = Door.objects.get().trouble_at
    doorkeeper.alive("coding", "LoginError: still no")
    door = Door.objects.get()
    assert (door.trouble_at, door.trouble) == (since, "LoginError: still no")
    doorkeeper.alive("coding", due_seconds=60)
    assert Door.objects.get().trouble == ""
    doorkeeper.alive("coding", "timed out")
    assert Door.objects.get().trouble_at != since


@pytest.mark.django_db(transaction=True)
def test_our_own_door_is_knocked_at_and_one_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "KNOCK_SECONDS", 0.05)
    monkeypatch.setattr(processes, "KNOCK_TIMEOUT", 0.5)
    door = inbox.Door(lambda *_: None, ["coding@consultant.example"], "127.0.0.1", free_port(), 1000)
    door.start()

    def knock() -> Door:
        processes.knock_at({"smtp": door.port}, OneRound())
        return Door.objects.get(name="smtp")

    try:
        assert (knock().trouble, Door.objects.get().due_at is not None) == ("", True)
    finally:
        door.stop()
    assert "does not answer on port" in knock().trouble
    with bad_server(says_bye) as port:
        processes.knock_at({"lmtp": port}, OneRound())
    assert "does not greet" in Door.objects.get(name="lmtp").trouble


class OneRound(threading.Event):
    """Set after the first wait: one round."""

    def __init__(self) -> None:
        super().__init__()
        self.rounds = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.rounds += 1
        return self.rounds > 1
