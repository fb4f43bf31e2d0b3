"""The doors alone: real SMTP, LMTP and IMAP on one side, a notebook instead of the casebook on the other."""

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from imapclient import IMAPClient

from consultant import inbox
from consultant.inbox import Door, Mailbox, MailboxError, mailboxes, take_in
from consultant.inbox.imap import connect
from consultant.vocabulary import Envelope
from tests.peers import Dovecot, free_port

US = "coding@consultant.example"
RAW = b"From: maria@clinic.example\r\nSubject: a question\r\n\r\nWhat is the code?\r\n"


@dataclass
class Notebook:
    """A Ledger that writes down what it is told, and may be told to fail."""

    kept: list[tuple[bytes, Envelope]] = field(default_factory=list)
    place: tuple[int, int] = (0, 0)
    signs: list[str] = field(default_factory=list)
    failing: bool = False
    uids: dict[int, set[int]] = field(default_factory=dict)
    alarms: list[list[int]] = field(default_factory=list)

    def keep(self, raw: bytes, envelope: Envelope) -> None:
        if self.failing:
            raise RuntimeError("the casebook is down; and here is Harold Jenkins' birth date")
        self.kept.append((raw, envelope))

    def cursor(self, mailbox: str, folder: str) -> tuple[int, int]:
        return self.place

    def advance(self, mailbox: str, folder: str, uidvalidity: int, uid: int, kept: object) -> None:
        last = self.place[1] if self.place[0] == uidvalidity else 0
        self.place = (uidvalidity, max(uid, last))
        self.uids.setdefault(uidvalidity, set()).add(uid)

    def present(self, mailbox: str, folder: str, uidvalidity: int) -> int:
        return len(self.uids.get(uidvalidity, set()))

    def taken(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        return set(self.uids.get(uidvalidity, set()))

    def gone(self, mailbox: str, folder: str, uidvalidity: int, uids: set[int]) -> None:
        self.uids[uidvalidity] -= uids

    def passed_over(self, mailbox: str, uids: list[int]) -> None:
        self.alarms.append(uids)

    def alive(self, name: str, trouble: str = "", due_seconds: float | None = None) -> None:
        self.signs.append(trouble)


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


# --- SMTP and LMTP ----------------------------------------------------------------------------------------------------


@pytest.fixture(params=[False, True], ids=["smtp", "lmtp"])
def door(request: pytest.FixtureRequest, notebook: Notebook) -> Iterator[Door]:
    door = Door(notebook.keep, [US], "127.0.0.1", free_port(), 100_000, lmtp=request.param)
    door.start()
    yield door
    door.stop()


def client(door: Door) -> smtplib.SMTP:
    kind = smtplib.LMTP if "lmtp" in str(door.protocol).lower() else smtplib.SMTP
    return kind("127.0.0.1", door.port, timeout=10)


def test_a_letter_is_kept_byte_for_byte_with_its_envelope(door: Door, notebook: Notebook) -> None:
    with client(door) as smtp:
        smtp.sendmail("maria@clinic.example", [US], RAW)
    [(raw, envelope)] = notebook.kept
    assert raw == RAW
    assert (envelope.mail_from, envelope.rcpt_to, envelope.mailbox) == ("maria@clinic.example", (US,), US)


def test_the_same_transaction_has_the_same_identity_and_another_sender_another(door: Door, notebook: Notebook) -> None:
    with client(door) as smtp:
        for sender in ("maria@clinic.example", "maria@clinic.example", "dan@clinic.example"):
            smtp.sendmail(sender, [US], RAW)
    first, second, third = (envelope.identity for _, envelope in notebook.kept)
    assert first == second != third


def test_a_stranger_among_the_recipients_is_refused(door: Door, notebook: Notebook) -> None:
    with client(door) as smtp, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        smtp.sendmail("maria@clinic.example", ["somebody@else.example"], RAW)
    assert refused.value.recipients["somebody@else.example"][0] == 550
    assert notebook.kept == []


def test_a_tag_after_our_name_is_still_us(door: Door, notebook: Notebook) -> None:
    with client(door) as smtp:
        smtp.sendmail("maria@clinic.example", ["Coding+C-12@Consultant.Example"], RAW)
    assert len(notebook.kept) == 1


def test_the_null_sender_is_let_in_for_that_is_how_bounces_come(door: Door, notebook: Notebook) -> None:
    with client(door) as smtp:
        smtp.sendmail("", [US], RAW)
    assert notebook.kept[0][1].mail_from == ""


def test_our_own_trouble_is_a_451_that_tells_nothing(door: Door, notebook: Notebook) -> None:
    notebook.failing = True
    with client(door) as smtp:
        with pytest.raises(smtplib.SMTPDataError) as later:
            smtp.sendmail("maria@clinic.example", [US], RAW)
        assert later.value.smtp_code == 451
        assert b"Jenkins" not in later.value.smtp_error
        notebook.failing = False
        smtp.sendmail("maria@clinic.example", [US], RAW)
    assert len(notebook.kept) == 1


def test_a_letter_over_the_limit_is_refused_before_and_after_it_is_sent(door: Door, notebook: Notebook) -> None:
    big = RAW + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 2000
    with client(door) as smtp:
        smtp.ehlo_or_helo_if_needed()
        assert smtp.mail("maria@clinic.example", ["size=999999"])[0] == 552
        smtp.rset()
        smtp.mail("maria@clinic.example")
        smtp.rcpt(US)
        assert smtp.data(big)[0] == 552
    assert notebook.kept == []


def test_each_lmtp_recipient_gets_an_answer_of_its_own(notebook: Notebook) -> None:
    other = "help@consultant.example"
    door = Door(notebook.keep, [US, other], "127.0.0.1", free_port(), 100_000, lmtp=True)
    door.start()
    try:
        with socket.create_connection(("127.0.0.1", door.port), 10) as line, line.makefile("rwb", buffering=0) as talk:
            for command in (
                b"",
                b"LHLO me\r\n",
                b"MAIL FROM:<m@x.example>\r\n",
                b"RCPT TO:<%b>\r\n" % US.encode(),
                b"RCPT TO:<%b>\r\n" % other.encode(),
                b"DATA\r\n",
            ):
                talk.write(command)
                while talk.readline()[3:4] == b"-":
                    pass
            talk.write(RAW + b".\r\n")
            assert [talk.readline()[:3], talk.readline()[:3]] == [b"250", b"250"]
    finally:
        door.stop()
    assert len(notebook.kept) == 1


def test_binary_junk_is_a_letter_like_any_other(door: Door, notebook: Notebook) -> None:
    junk = bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"")
    with client(door) as smtp:
        smtp.sendmail("maria@clinic.example", [US], junk)
    assert notebook.kept[0][0].rstrip(b"\r\n") == junk


def test_a_taken_port_is_said_at_start(notebook: Notebook) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        door = Door(notebook.keep, [US], "127.0.0.1", taken.getsockname()[1], 1000)
        with pytest.raises(OSError, match="in use"):
            door.start()
        door.pool.shutdown()


# --- IMAP -------------------------------------------------------------------------------------------------------------

_names = count(1)


@pytest.fixture
def box(dovecot: Dovecot) -> Mailbox:
    """A new, empty mailbox on a real Dovecot, by TLS."""
    user = f"box{next(_names)}-{free_port()}"
    return Mailbox(
        user, "localhost", dovecot.imaps_port, "tls", user, dovecot.password, ca_file=str(dovecot.ca_file), poll_seconds=5
    )


def poll(box: Mailbox, notebook: Notebook) -> int:
    with connect(box) as imap:
        return take_in(imap, box, notebook)


def numbered(number: int) -> bytes:
    return RAW.replace(b"a question", b"question %d" % number)


def test_letters_come_in_once_in_order_and_unseen(box: Mailbox, dovecot: Dovecot, notebook: Notebook) -> None:
    for number in (1, 2, 3):
        dovecot.deliver(box.user, numbered(number))
    assert [poll(box, notebook), poll(box, notebook)] == [3, 0]
    dovecot.deliver(box.user, numbered(4))
    assert poll(box, notebook) == 1
    assert [b"question %d" % n in raw for n, (raw, _) in enumerate(notebook.kept, 1)] == [True] * 4
    with connect(box) as imap:
        imap.select_folder("INBOX", readonly=True)
        assert len(imap.search(["UNSEEN"])) == 4


def test_flags_say_nothing_about_what_was_taken_in(box: Mailbox, dovecot: Dovecot, notebook: Notebook) -> None:
    dovecot.deliver(box.user, RAW)
    with connect(box) as imap:
        imap.select_folder("INBOX")
        imap.add_flags(imap.search(), [b"\\Seen", b"\\Answered"])
    assert poll(box, notebook) == 1


def test_the_cursor_stays_when_the_letter_could_not_be_kept(box: Mailbox, dovecot: Dovecot, notebook: Notebook) -> None:
    dovecot.deliver(box.user, RAW)
    notebook.failing = True
    with pytest.raises(RuntimeError):
        poll(box, notebook)
    assert notebook.place == (0, 0)
    notebook.failing = False
    assert poll(box, notebook) == 1


def test_a_letter_over_the_limit_comes_in_as_its_header_and_says_why(box: Mailbox, dovecot: Dovecot, notebook: Notebook) -> None:
    dovecot.deliver(box.user, RAW + b"x" * 5000)
    assert poll(replace(box, max_bytes=2000), notebook) == 1
    [(raw, envelope)] = notebook.kept
    assert b"Subject: a question" in raw
    assert b"xxx" not in raw
    assert "Too large" in envelope.trouble


def test_kept_letters_are_moved_when_a_folder_is_named(box: Mailbox, dovecot: Dovecot, notebook: Notebook) -> None:
    for number in (1, 2):
        dovecot.deliver(box.user, numbered(number))
    moving = replace(box, move_to="Taken in")
    assert poll(moving, notebook) == 2
    with connect(box) as imap:
        assert imap.select_folder("INBOX")[b"EXISTS"] == 0
        assert imap.select_folder("Taken in")[b"EXISTS"] == 2


def test_a_renumbered_folder_is_read_again_from_the_start(box: Mailbox, dovecot: Dovecot, notebook: Notebook) -> None:
    dovecot.deliver(box.user, RAW)
    poll(box, notebook)
    notebook.place = (notebook.place[0] - 1, 99)
    assert poll(box, notebook) == 1


@pytest.mark.parametrize("security", ["plain", "starttls"])
def test_the_other_ways_to_connect(box: Mailbox, dovecot: Dovecot, notebook: Notebook, security: str) -> None:
    dovecot.deliver(box.user, RAW)
    assert poll(replace(box, port=dovecot.imap_port, security=security), notebook) == 1


def test_idle_hears_of_a_new_letter_long_before_the_next_poll(box: Mailbox, dovecot: Dovecot, notebook: Notebook) -> None:
    stop = threading.Event()
    watcher = threading.Thread(target=inbox.watch, args=(replace(box, poll_seconds=3600), notebook, stop), daemon=True)
    watcher.start()
    wait_for(lambda: notebook.signs)
    time.sleep(0.3)
    dovecot.deliver(box.user, RAW)
    wait_for(lambda: notebook.kept, 8)
    stop.set()
    watcher.join(10)
    assert (len(notebook.kept), watcher.is_alive()) == (1, False)


def test_a_server_without_idle_is_polled(
    box: Mailbox, dovecot: Dovecot, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: False)
    stop = threading.Event()
    watcher = threading.Thread(target=inbox.watch, args=(replace(box, poll_seconds=1), notebook, stop), daemon=True)
    watcher.start()
    wait_for(lambda: notebook.signs)
    dovecot.deliver(box.user, RAW)
    wait_for(lambda: notebook.kept, 8)
    stop.set()
    watcher.join(10)
    assert len(notebook.kept) == 1


def test_a_server_that_goes_away_is_waited_for(box: Mailbox, dovecot: Dovecot, notebook: Notebook) -> None:
    stop = threading.Event()
    watcher = threading.Thread(target=inbox.watch, args=(box, notebook, stop), daemon=True)
    watcher.start()
    try:
        wait_for(lambda: notebook.signs)
        dovecot.server.stop()
        wait_for(lambda: any(notebook.signs), 20)
        dovecot.server.start()
        dovecot.deliver(box.user, RAW)
        wait_for(lambda: notebook.kept, 20)
    finally:
        if dovecot.server._process is None:
            dovecot.server.start()
        stop.set()
        watcher.join(20)
    assert len(notebook.kept) == 1


def test_a_wrong_password_is_said_in_the_ledger_and_without_the_password(box: Mailbox, notebook: Notebook) -> None:
    stop = threading.Event()
    watcher = threading.Thread(target=inbox.watch, args=(replace(box, password="not-it"), notebook, stop), daemon=True)
    watcher.start()
    wait_for(lambda: notebook.signs)
    stop.set()
    watcher.join(10)
    assert "LoginError" in notebook.signs[0]
    assert "not-it" not in notebook.signs[0]
    assert "not-it" not in repr(replace(box, password="not-it"))


def wait_for(condition: object, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


# --- the mailbox file -------------------------------------------------------------------------------------------------


def test_mailboxes_are_read_from_a_file_and_their_passwords_from_files(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("secret\n")
    (tmp_path / "boxes.toml").write_text(
        f'[[mailbox]]\nhost = "imap.example"\nuser = "coding"\npassword_file = "{tmp_path / "pw"}"\nmove_to = "Done"\n'
    )
    [box] = mailboxes(tmp_path / "boxes.toml", 1000)
    assert (box.name, box.port, box.password, box.move_to, box.max_bytes) == ("coding@imap.example", 993, "secret", "Done", 1000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[mailbox]", "can't be read"),
        ('[[mailbox]]\nhost = "x"', "user: Field required"),
        ('[[mailbox]]\nhost = "x"\nuser = "u"\npassword_file = "pw"\nsecurty = "tls"', "securty: Extra inputs"),
        ('[[mailbox]]\nhost = "x"\nuser = "u"\npassword_file = "nowhere"', "can't be read"),
    ],
)
def test_a_mailbox_file_that_can_not_be_used_says_what_to_mend(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "boxes.toml").write_text(text)
    with pytest.raises(MailboxError, match=said):
        mailboxes(tmp_path / "boxes.toml", 1000)


def test_two_mailboxes_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("secret")
    entry = f'[[mailbox]]\nname = "a"\nhost = "x"\nuser = "u"\npassword_file = "{tmp_path / "pw"}"\n'
    (tmp_path / "boxes.toml").write_text(entry * 2)
    with pytest.raises(MailboxError, match="twice"):
        mailboxes(tmp_path / "boxes.toml", 1000)
