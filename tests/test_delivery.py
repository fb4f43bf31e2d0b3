"""What leaves the house, and what is known about it afterwards."""

import socket
import threading
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest

from consultant import delivery
from consultant.delivery import Outcome, Relay
from consultant.vocabulary import Address, Outgoing
from tests.fake_relay import FakeRelay
from tests.peers import Certificate, free_port

TO = ("maria@clinic.example",)
US = "coding@consultant.example"


def mail(**changes: object) -> Outgoing:
    facts: dict[str, object] = {
        "sender": Address("Consultant", US),
        "recipients": TO,
        "subject": "Re: pelvic floor – code?",
        "text": "Report 90912.\n",
        "html": "<p>Report 90912.</p>",
        "message_id": "<c1.abc@consultant.example>",
        "date": datetime(2026, 11, 16, 9, 30, tzinfo=UTC),
        "in_reply_to": "<q@clinic.example>",
        "references": ("<p@clinic.example>", "<q@clinic.example>"),
    }
    return Outgoing(**(facts | changes))  # type: ignore[arg-type]


def plain(relay: FakeRelay) -> Relay:
    return Relay("127.0.0.1", relay.port, "plain")


def sent(relay: FakeRelay) -> delivery.Result:
    return delivery.hand_over(delivery.build(mail()), US, TO, plain(relay))


def test_a_reply_stays_in_the_senders_thread_and_carries_both_texts() -> None:
    message = BytesParser(policy=default).parsebytes(delivery.build(mail()))
    assert message["In-Reply-To"] == "<q@clinic.example>"
    assert message["References"] == "<p@clinic.example> <q@clinic.example>"
    assert message["Message-ID"] == "<c1.abc@consultant.example>"
    assert message["Subject"] == "Re: pelvic floor – code?"
    assert message["Auto-Submitted"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content().split() == ["Report", "90912."]  # type: ignore[union-attr]


def test_only_a_receipt_says_that_it_is_automatic() -> None:
    message = BytesParser(policy=default).parsebytes(delivery.build(mail(automatic=True)))
    assert message["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("header", ["subject", "message_id", "in_reply_to"])
def test_a_line_break_in_a_header_is_refused_instead_of_sent(header: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)header|linefeed|newline"):
        delivery.build(mail(**{header: "x\r\nBcc: victim@example.org"}))


def test_every_line_is_seven_bit_so_that_any_relay_can_take_it() -> None:
    raw = delivery.build(mail(text="naïve – 10 µg\n" * 3, subject="ü" * 200))
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_a_long_thread_keeps_its_first_and_its_newest_twenty_letters() -> None:
    chain = tuple(f"<{n}@x>" for n in range(100))
    kept = delivery.thread("<new@x>", chain)
    assert (len(kept), kept[0], kept[-1]) == (21, "<0@x>", "<new@x>")
    assert delivery.thread("<a@x>", ("<a@x>",)) == ("<a@x>",)


def test_the_relay_takes_it_once(relay: FakeRelay) -> None:
    result = sent(relay)
    assert result.outcome == Outcome.SENT
    assert [(m.mail_from, m.rcpt_to) for m in relay.messages] == [(US, TO)]


def test_a_receipt_leaves_with_the_null_sender(relay: FakeRelay) -> None:
    delivery.hand_over(delivery.build(mail(automatic=True)), "", TO, plain(relay))
    assert relay.messages[0].mail_from == "<>"  # as aiosmtpd writes it


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("reply", "outcome"), [("451 4.3.0 later", Outcome.LATER), ("554 5.7.1 never", Outcome.REFUSED)])
def test_a_refusal_at_any_command_is_told_apart(relay: FakeRelay, command: str, reply: str, outcome: Outcome) -> None:
    relay.fail_next(reply, at=command)
    result = sent(relay)
    assert (result.outcome, result.response, relay.messages) == (outcome, reply, [])


@pytest.mark.parametrize("kept", [True, False])
def test_a_line_that_dies_after_the_data_is_unknown_whatever_the_relay_did(relay: FakeRelay, *, kept: bool) -> None:
    relay.drop_next(kept=kept)
    assert sent(relay).outcome == Outcome.UNKNOWN
    assert len(relay.messages) == int(kept)


def test_no_relay_at_all_is_tried_later() -> None:
    result = delivery.hand_over(b"x", US, TO, Relay("127.0.0.1", free_port(), "plain"))
    assert result.outcome == Outcome.LATER
    assert "ConnectionRefusedError" in result.response


def test_a_relay_that_never_speaks_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = delivery.hand_over(b"x", US, TO, Relay("127.0.0.1", silent.getsockname()[1], "plain"))
    assert result.outcome == Outcome.LATER


def test_a_bad_word_at_goodbye_does_not_unsend_a_mail() -> None:
    """The mail is accepted; then QUIT is answered with nonsense. It must not be sent again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_rude_relay, args=(server,), daemon=True).start()
        relay = Relay("127.0.0.1", server.getsockname()[1], "plain")
        assert delivery.hand_over(b"Subject: x\r\n\r\nx\r\n", US, TO, relay).outcome == Outcome.SENT


def _rude_relay(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection, connection.makefile("rwb", buffering=0) as line:
        line.write(b"220 hello\r\n")
        while command := line.readline():
            if command.upper().startswith(b"DATA"):
                line.write(b"354 go\r\n")
                while line.readline() not in {b".\r\n", b""}:
                    pass
            line.write(b"421 4.0.0 and good riddance\r\n" if command.upper().startswith(b"QUIT") else b"250 ok\r\n")


def test_tls_and_login_are_used_when_the_relay_wants_them(tls_relay: FakeRelay, certificate: Certificate) -> None:
    relay = Relay("localhost", tls_relay.port, "starttls", "consultant", "secret", str(certificate.file))
    result = delivery.hand_over(delivery.build(mail()), US, TO, relay)
    assert result.outcome == Outcome.SENT, result
    assert (tls_relay.messages[0].tls, tls_relay.messages[0].login) == (True, "consultant")


def test_a_relay_with_a_certificate_nobody_vouches_for_gets_nothing(tls_relay: FakeRelay) -> None:
    relay = Relay("localhost", tls_relay.port, "starttls", "consultant", "secret")
    assert delivery.hand_over(delivery.build(mail()), US, TO, relay).outcome == Outcome.LATER
    assert tls_relay.messages == []


def test_a_wrong_password_is_refused_and_said(tls_relay: FakeRelay, certificate: Certificate) -> None:
    relay = Relay("localhost", tls_relay.port, "starttls", "consultant", "wrong", str(certificate.file))
    result = delivery.hand_over(delivery.build(mail()), US, TO, relay)
    assert result.outcome == Outcome.REFUSED
    assert result.response.startswith("535")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://bill%40x@mail.example", ("mail.example", 587, "starttls", "bill@x")),
        ("smtps://mail.example:4465", ("mail.example", 4465, "tls", "")),
        ("smtp+plain://127.0.0.1:25", ("127.0.0.1", 25, "plain", "")),
    ],
)
def test_a_relay_is_written_as_a_url(url: str, expected: tuple[object, ...]) -> None:
    relay = Relay.from_url(url)
    assert (relay.host, relay.port, relay.security, relay.user) == expected


@pytest.mark.parametrize("url", ["mail.example:25", "http://mail.example", "smtp://"])
def test_a_relay_that_can_not_be_read_is_said_so(url: str) -> None:
    with pytest.raises(ValueError, match="a relay is written"):
        Relay.from_url(url)


def test_without_a_relay_the_mail_is_a_file_in_a_maildir_and_twice_the_same_is_one(tmp_path: Path) -> None:
    when = datetime(2026, 11, 16, tzinfo=UTC)
    for _ in range(2):
        assert delivery.keep(b"mail", tmp_path, "<c1.abc@x>", when).outcome == Outcome.SENT
    assert [file.read_bytes() for file in (tmp_path / "new").iterdir()] == [b"mail"]
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_waits_grow_and_then_stay() -> None:
    waits = [delivery.backoff(n) for n in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (60, 14400)
