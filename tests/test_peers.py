"""The real servers that other tests lean on do what those tests take for granted."""

import os
import smtplib
import time

import psycopg
import pytest
import redis
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from tests.fake_relay import FakeRelay
from tests.peers import Certificate, Dovecot, Redis, free_port, program

pytestmark = pytest.mark.peers

ALICE = b"From: Alice <alice@clinic.example>\r\nTo: coding@consultant.example\r\nSubject: 97140\r\n\r\n.Caf\xe9\r\n"


def mail_to(relay: FakeRelay, recipients: tuple[str, ...] = ("bob@clinic.example",)) -> None:
    with smtplib.SMTP(relay.host, relay.port, timeout=10) as smtp:
        smtp.sendmail("coding@consultant.example", recipients, ALICE)


def test_redis_answers(redis_url: str) -> None:
    assert redis.Redis.from_url(redis_url).ping()


def test_a_stopped_redis_comes_back_on_the_same_port(own_redis: Redis) -> None:
    client = redis.Redis.from_url(own_redis.url, retry=None, socket_connect_timeout=2)
    own_redis.server.stop()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    own_redis.server.start()
    assert client.ping()


def test_postgres_keeps_what_is_written(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TEMP TABLE letters (subject text)")
        connection.execute("INSERT INTO letters VALUES ('90912 – biofeedback')")
        assert connection.execute("SELECT subject FROM letters").fetchone() == ("90912 – biofeedback",)


def test_each_test_may_have_a_database_of_its_own(postgres_url: str, own_postgres_url: str) -> None:
    assert own_postgres_url != postgres_url
    with psycopg.connect(own_postgres_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_letter_delivered_to_dovecot_is_read_back_byte_for_byte(dovecot: Dovecot) -> None:
    dovecot.deliver("alice", ALICE)
    with IMAPClient(dovecot.host, dovecot.imap_port, ssl=False, timeout=10) as client:
        client.login("alice", dovecot.password)
        client.select_folder("INBOX")
        (uid,) = client.search()
        assert client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"].endswith(ALICE)


def test_dovecot_wakes_who_is_idle(dovecot: Dovecot) -> None:
    with IMAPClient(dovecot.host, dovecot.imap_port, ssl=False, timeout=10) as client:
        client.login("bob", dovecot.password)
        client.select_folder("INBOX")
        client.idle()
        dovecot.deliver("bob", ALICE)
        answers, deadline = [], time.monotonic() + 10
        while (1, b"EXISTS") not in answers and time.monotonic() < deadline:
            answers += client.idle_check(timeout=1)
        client.idle_done()
    assert (1, b"EXISTS") in answers


@pytest.mark.parametrize("door", ["imaps", "starttls"])
def test_dovecot_speaks_tls_to_those_who_trust_its_certificate(dovecot: Dovecot, certificate: Certificate, door: str) -> None:
    trusting = certificate.client_context()
    port = dovecot.imaps_port if door == "imaps" else dovecot.imap_port
    with IMAPClient("localhost", port, ssl=door == "imaps", ssl_context=trusting, timeout=10) as client:
        if door == "starttls":
            client.starttls(trusting)
        assert client.login("carol", dovecot.password)


def test_a_wrong_password_is_refused_at_once(dovecot: Dovecot) -> None:
    before = time.monotonic()
    with IMAPClient(dovecot.host, dovecot.imap_port, ssl=False, timeout=10) as client, pytest.raises(LoginError):
        client.login("alice", "wrong")
    assert time.monotonic() - before < 5


def test_dovecot_comes_back_with_its_letters(dovecot: Dovecot) -> None:
    dovecot.deliver("dave", ALICE)
    dovecot.server.stop()
    with pytest.raises(OSError, match="refused"):
        IMAPClient(dovecot.host, dovecot.imap_port, ssl=False, timeout=5)
    dovecot.server.start()
    with IMAPClient(dovecot.host, dovecot.imap_port, ssl=False, timeout=10) as client:
        client.login("dave", dovecot.password)
        assert client.select_folder("INBOX")[b"EXISTS"] == 1


def test_the_relay_keeps_envelope_and_bytes(relay: FakeRelay) -> None:
    mail_to(relay, ("bob@clinic.example", "carol@clinic.example"))
    (taken,) = relay.messages
    assert (taken.mail_from, taken.rcpt_to) == ("coding@consultant.example", ("bob@clinic.example", "carol@clinic.example"))
    assert taken.raw == ALICE
    assert taken.letter["Subject"] == "97140"


@pytest.mark.parametrize(("at", "failure"), [("MAIL", smtplib.SMTPSenderRefused), ("DATA", smtplib.SMTPDataError)])
@pytest.mark.parametrize("reply", ["451 4.3.0 later", "554 5.7.1 never"])
def test_the_relay_fails_when_told_and_only_then(relay: FakeRelay, at: str, failure: type[Exception], reply: str) -> None:
    relay.fail_next(reply, at=at)
    with pytest.raises(failure, match=reply[:3]):
        mail_to(relay)
    assert relay.messages == []
    mail_to(relay)
    assert len(relay.messages) == 1


def test_the_relay_refuses_one_recipient_of_two(relay: FakeRelay) -> None:
    relay.refuse("bob@clinic.example")
    mail_to(relay, ("bob@clinic.example", "carol@clinic.example"))
    assert [taken.rcpt_to for taken in relay.messages] == [("carol@clinic.example",)]


@pytest.mark.parametrize("kept", [True, False])
def test_the_relay_cuts_the_line_and_the_sender_cannot_know_why(relay: FakeRelay, kept: bool) -> None:
    relay.drop_next(kept=kept)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        mail_to(relay)
    assert len(relay.messages) == kept


def test_the_relay_wants_tls_and_a_password(tls_relay: FakeRelay, certificate: Certificate) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused, match="STARTTLS"):
        mail_to(tls_relay)
    with smtplib.SMTP("localhost", tls_relay.port, timeout=10) as smtp:
        smtp.starttls(context=certificate.client_context())
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login("consultant", "wrong")
        smtp.login("consultant", "secret")
        smtp.sendmail("coding@consultant.example", ["bob@clinic.example"], ALICE)
    assert [(taken.tls, taken.login) for taken in tls_relay.messages] == [(True, "consultant")]


def test_the_relay_offers_tls_and_refuses_it(tls_relay: FakeRelay) -> None:
    tls_relay.refuse_starttls()
    with smtplib.SMTP("localhost", tls_relay.port, timeout=10) as smtp:
        smtp.ehlo()
        assert smtp.has_extn("starttls")
        with pytest.raises(smtplib.SMTPResponseException, match="not available"):
            smtp.starttls()


def test_a_stopped_relay_comes_back_with_its_letters(relay: FakeRelay) -> None:
    mail_to(relay)
    relay.stop()
    with pytest.raises(ConnectionRefusedError):
        mail_to(relay)
    relay.start()
    mail_to(relay)
    assert len(relay.messages) == 2


@pytest.mark.browser
def test_chromium_reads_a_page(chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        page.set_content("<h1>The desk</h1>")
        assert page.inner_text("h1") == "The desk"
        browser.close()


def test_a_server_that_is_not_installed_fails_the_test_and_names_the_cure() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"no-such-server is not installed; \./run test"):
        program("no-such-server")


def test_two_free_ports_are_two_ports() -> None:
    assert free_port() != free_port()
