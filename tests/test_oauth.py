"""Mailboxes that take tokens: a real Dovecot, a token endpoint on loopback, and everything that goes wrong between them."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from imapclient.exceptions import LoginError

from consultant import correspondence, inbox
from consultant.delivery import Outcome, Relay, Result, hand_over
from consultant.inbox import Mailbox, MailboxError, OAuth, TokenError, Tokens, connect, mailboxes, take_in
from tests.fake_relay import FakeRelay, running
from tests.peers import Dovecot, free_port
from tests.test_doors import RAW, Notebook, wait_for
from tests.token_server import TokenServer


@pytest.fixture
def oauth(token_server: TokenServer, tmp_path: Path) -> OAuth:
    (tmp_path / "secret").write_text("s3cret\n")
    (tmp_path / "refresh").write_text("refresh-0\n")
    return OAuth(token_server.url, "consultant-app", "imap", tmp_path / "secret", tmp_path / "refresh")


@pytest.fixture
def box(dovecot: Dovecot, token_server: TokenServer, oauth: OAuth) -> Mailbox:
    token_server.user = f"oauth-{free_port()}"
    return Mailbox("office", "localhost", dovecot.imaps_port, "tls", token_server.user, ca_file=str(dovecot.ca_file), oauth=oauth,
                   poll_seconds=5)  # fmt: skip


# --- with a real server -----------------------------------------------------------------------------------------------


def test_letters_come_in_by_a_token_and_no_password(box: Mailbox, dovecot: Dovecot, token_server: TokenServer) -> None:
    dovecot.deliver(box.user, RAW)
    notebook = Notebook()
    with connect(box) as imap:
        assert take_in(imap, box, notebook) == 1
    assert b"What is the code?" in notebook.kept[0][0]
    assert token_server.asked == [
        {
            "client_id": "consultant-app",
            "client_secret": "s3cret",
            "grant_type": "refresh_token",
            "refresh_token": "refresh-0",
            "scope": "imap",
        }
    ]


def test_a_token_that_is_still_good_is_used_again_and_one_that_ends_soon_is_not(box: Mailbox, token_server: TokenServer) -> None:
    assert box.oauth
    tokens = Tokens(box.oauth)
    for _ in range(2):
        connect(box, tokens).logout()
    assert len(token_server.asked) == 1
    token_server.lasts = 1
    hasty = Tokens(box.oauth)
    connect(box, hasty).logout()
    time.sleep(1)
    connect(box, hasty).logout()
    assert len(token_server.asked) == 3


def test_a_token_withdrawn_before_its_end_is_replaced_without_a_word(box: Mailbox, token_server: TokenServer) -> None:
    assert box.oauth
    tokens = Tokens(box.oauth)
    connect(box, tokens).logout()
    token_server.revoke()
    connect(box, tokens).logout()
    assert len(token_server.asked) == 2


def test_a_mailbox_that_refuses_every_token_is_not_asked_for_ever(box: Mailbox, token_server: TokenServer) -> None:
    with pytest.raises(LoginError):
        connect(replace(box, user="somebody-else"))
    assert len(token_server.asked) == 2


def test_the_watcher_tells_of_a_dead_grant_in_words_and_comes_back_when_it_is_mended(
    box: Mailbox, dovecot: Dovecot, token_server: TokenServer, oauth: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consultant.inbox.imap.LONGEST_BACKOFF_SECONDS", 0.2)
    token_server.refresh_token = "a new one"
    notebook, stop = Notebook(), threading.Event()
    watcher = threading.Thread(target=inbox.watch, args=(box, notebook, stop), daemon=True)
    watcher.start()
    try:
        wait_for(lambda: notebook.signs)
        assert "127.0.0.1 gave no access token (400 invalid_grant). The refresh token is no longer good" in notebook.signs[0]
        assert "refresh-0" not in notebook.signs[0]
        assert oauth.refresh_token_file
        oauth.refresh_token_file.write_text("a new one")
        dovecot.deliver(box.user, RAW)
        wait_for(lambda: notebook.kept)
    finally:
        stop.set()
        watcher.join(10)


# --- the endpoint -----------------------------------------------------------------------------------------------------


def test_a_new_refresh_token_takes_the_place_of_the_old_one_for_us_alone(token_server: TokenServer, oauth: OAuth) -> None:
    token_server.rotates = True
    assert oauth.refresh_token_file
    for number in (1, 2):
        Tokens(oauth).token()  # a process started anew
        assert oauth.refresh_token_file.read_text().strip() == f"refresh-{number}"
    assert oauth.refresh_token_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in oauth.refresh_token_file.parent.iterdir()].count("refresh") == 1


def test_where_the_file_can_not_be_written_the_new_token_lasts_as_long_as_the_process(
    token_server: TokenServer, oauth: OAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_server.rotates = True

    def read_only(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("consultant.oauth.os.open", read_only)
    tokens = Tokens(oauth)
    for _ in range(3):
        tokens.token()
        tokens.refused()
    assert [form["refresh_token"] for form in token_server.asked] == ["refresh-0", "refresh-1", "refresh-2"]


def test_an_application_signs_in_as_itself(token_server: TokenServer, oauth: OAuth) -> None:
    Tokens(replace(oauth, refresh_token_file=None, scope="https://outlook.office365.com/.default")).token()
    assert token_server.asked[0]["grant_type"] == "client_credentials"
    assert "refresh_token" not in token_server.asked[0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((400, {"error": "invalid_grant", "error_description": "AADSTS70008"}), "sign in anew"),
        ((401, {"error": "invalid_client"}), "make a new secret"),
        ((400, {"error": "unheard_of", "error_description": "because\r\nof this"}), "because of this"),
        ((500, b"<html>oops"), "gave no access token (500 )"),
        ((200, b"not json"), "answered without an access token"),
        ((200, b"[" * 100_000), "answered without an access token"),
        ((200, {"access_token": "a\r\nb"}), "answered without an access token"),
        ((200, {"access_token": 7}), "answered without an access token"),
        ((302, {}), "gave no access token (302 )"),
    ],
    ids=["grant", "client", "unknown", "no page", "no json", "deep", "line break", "number", "elsewhere"],
)
def test_a_refusal_says_what_to_do(token_server: TokenServer, oauth: OAuth, answer: tuple[int, object], said: str) -> None:
    token_server.planned.append(answer)
    with pytest.raises(TokenError) as refused:
        Tokens(oauth).token()
    assert said in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_an_endpoint_that_is_not_there_and_a_secret_that_is_not_there(oauth: OAuth, tmp_path: Path) -> None:
    with pytest.raises(TokenError, match=r"could not be asked for an access token: .*refused"):
        Tokens(replace(oauth, token_url=f"http://127.0.0.1:{free_port()}/token")).token()
    with pytest.raises(TokenError, match=r"The secret in .*nowhere can't be read"):
        Tokens(replace(oauth, client_secret_file=tmp_path / "nowhere")).token()


@pytest.mark.parametrize("life", [None, "soon", -5, 10**12])
def test_a_strange_lifetime_is_no_trouble(token_server: TokenServer, oauth: OAuth, life: object) -> None:
    token_server.planned.append((200, {"access_token": "t", "expires_in": life}))
    assert Tokens(oauth).token() == "t"


# --- the mailbox file -------------------------------------------------------------------------------------------------


def written(folder: Path, oauth: str) -> Path:
    path = folder / "boxes.toml"
    path.write_text(f'[[mailbox]]\nhost = "imap.example"\nuser = "coding"\n[mailbox.oauth]\n{oauth}\n')
    return path


@pytest.mark.parametrize(
    ("text", "url", "scope"),
    [
        (
            'provider = "google"\nclient_id = "a"\nrefresh_token_file = "r"',
            "https://oauth2.googleapis.com/token",
            "",
        ),
        (
            'provider = "microsoft"\ntenant = "clinic.example"\nclient_id = "a"\nrefresh_token_file = "r"',
            "https://login.microsoftonline.com/clinic.example/oauth2/v2.0/token",
            "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
        ),
        (
            'provider = "microsoft"\ntenant = "clinic.example"\nclient_id = "a"\nclient_secret_file = "s"',
            "https://login.microsoftonline.com/clinic.example/oauth2/v2.0/token",
            "https://outlook.office365.com/.default",
        ),
        (
            'provider = "other"\ntoken_url = "https://id.example/t"\nscope = "x"\nclient_id = "a"\nrefresh_token_file = "r"',
            "https://id.example/t",
            "x",
        ),
    ],
    ids=["google", "microsoft", "microsoft as an application", "other"],
)
def test_providers_have_names(tmp_path: Path, text: str, url: str, scope: str) -> None:
    [box] = mailboxes(written(tmp_path, text), 1000)
    assert box.oauth
    assert (box.oauth.token_url, box.oauth.scope, box.password) == (url, scope, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('provider = "gogle"\nclient_id = "a"', "provider"),
        ('provider = "microsoft"\nclient_id = "a"\nrefresh_token_file = "r"', "tenant"),
        ('provider = "microsoft"\ntenant = "x/../y"\nclient_id = "a"\nrefresh_token_file = "r"', "tenant"),
        ('provider = "google"\nclient_id = "a"\nclient_secret_file = "s"', "refresh_token_file"),
        ('provider = "other"\nclient_id = "a"\nrefresh_token_file = "r"', "token_url"),
        ('provider = "other"\ntoken_url = "http://id.example"\nclient_id = "a"\nrefresh_token_file = "r"', "https"),
        ('provider = "other"\ntoken_url = "file:///etc/passwd"\nclient_id = "a"\nrefresh_token_file = "r"', "https"),
    ],
)
def test_what_can_not_work_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MailboxError, match=said):
        mailboxes(written(tmp_path, text), 1000)


def test_a_mailbox_has_one_way_in(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("x")
    text = f'[[mailbox]]\nhost = "x"\nuser = "u"\npassword_file = "{tmp_path / "pw"}"\n'
    text += '[mailbox.oauth]\nprovider = "google"\nclient_id = "a"\nrefresh_token_file = "r"\n'
    (tmp_path / "boxes.toml").write_text(text)
    with pytest.raises(MailboxError, match="not both"):
        mailboxes(tmp_path / "boxes.toml", 1000)


# --- the relay --------------------------------------------------------------------------------------------------------


@pytest.fixture
def token_relay(token_server: TokenServer) -> Iterator[FakeRelay]:
    relay = FakeRelay(free_port())
    relay.take_tokens(token_server.good)
    with running(relay):
        yield relay


def handed_over(relay: FakeRelay, tokens: Tokens) -> Result:
    raw = b"From: coding@consultant.example\r\nSubject: x\r\n\r\nx\r\n"
    ours = Relay("127.0.0.1", relay.port, "plain", "coding@clinic.example", tokens=tokens)
    return hand_over(raw, "coding@consultant.example", ("maria@clinic.example",), ours)


def test_a_relay_is_signed_in_to_by_a_token_and_a_withdrawn_one_is_replaced(
    token_relay: FakeRelay, token_server: TokenServer, oauth: OAuth
) -> None:
    tokens = Tokens(oauth)
    for _ in range(2):
        assert handed_over(token_relay, tokens).outcome == Outcome.SENT
    assert (len(token_server.asked), token_relay.messages[0].login) == (1, "coding@clinic.example")
    token_server.revoke()
    assert handed_over(token_relay, tokens).outcome == Outcome.SENT
    assert len(token_server.asked) == 2


def test_a_dead_grant_keeps_the_mail_and_says_what_to_do(token_relay: FakeRelay, token_server: TokenServer, oauth: OAuth) -> None:
    token_server.refresh_token = "another"
    result = handed_over(token_relay, Tokens(oauth))
    assert result.outcome == Outcome.LATER
    assert "sign in anew" in result.response
    assert token_relay.messages == []


def test_a_relay_that_refuses_every_token_refuses_the_mail(token_relay: FakeRelay, oauth: OAuth) -> None:
    class Wrong(Tokens):
        def token(self) -> str:
            return "made-up"

    assert handed_over(token_relay, Wrong(oauth)).outcome == Outcome.REFUSED


@pytest.mark.django_db
def test_the_house_sends_by_the_token_that_its_file_describes(
    token_relay: FakeRelay, token_server: TokenServer, tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "refresh").write_text("refresh-0")
    (tmp_path / "relay.toml").write_text(
        f'provider = "other"\ntoken_url = "{token_server.url}"\nclient_id = "us"\nrefresh_token_file = "{tmp_path / "refresh"}"\n'
    )
    settings.RELAY_OAUTH_FILE = str(tmp_path / "relay.toml")
    settings.RELAY_URL = f"smtp+plain://coding%40clinic.example@127.0.0.1:{token_relay.port}"
    first, second = correspondence.our_relay(), correspondence.our_relay()
    assert first.tokens is second.tokens
    assert hand_over(b"Subject: x\r\n\r\nx\r\n", "", ("maria@clinic.example",), first).outcome == Outcome.SENT
    (tmp_path / "relay.toml").write_text('provider = "microsoft"\nclient_id = "us"\nrefresh_token_file = "r"\n')
    os.utime(tmp_path / "relay.toml", (1, 1))
    assert any("tenant" in message.msg for message in checks.run_checks())
    kept = correspondence.dispatch(b"Subject: x\r\n\r\nx\r\n", "<x@y>", ("maria@clinic.example",), "")
    assert (kept.outcome, "tenant" in kept.response) == (Outcome.LATER, True)
