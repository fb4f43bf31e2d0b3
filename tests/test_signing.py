"""DKIM, and what becomes of a mail where the relay can do less than it needs. Alice reviews, Maria asks."""

from collections.abc import Callable
from pathlib import Path

import dkim
import pytest
from django.contrib.auth.models import User
from django.core import checks

from consultant import correspondence, delivery, review, steering
from consultant.delivery import Outcome, Relay
from consultant.models import Case
from consultant.vocabulary import Status
from tests.conftest import US, letter, sent_files
from tests.fake_relay import FakeRelay
from tests.peers import program
from tests.test_delivery import mail as a_mail

Mail = Callable[..., Case]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import subprocess

    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run([program("openssl"), "genrsa", "-out", str(path), "2048"], check=True, capture_output=True)
    return path


def record(key: Path) -> bytes:
    """The TXT record that an operator would publish for this key."""
    import base64
    import subprocess

    command = [program("openssl"), "rsa", "-in", str(key), "-pubout", "-outform", "DER"]
    public = subprocess.run(command, check=True, capture_output=True).stdout
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def verified(raw: bytes, key: Path) -> bool:
    def published(name: bytes, timeout: float = 5) -> bytes | None:
        return record(key) if name == b"desk._domainkey.consultant.example." else None

    return bool(dkim.verify(raw, dnsfunc=published))


@pytest.fixture
def signing_house(key: Path, settings: pytest.FixtureRequest) -> None:
    settings.DKIM_KEY_FILE, settings.DKIM_SELECTOR = str(key), "desk"  # type: ignore[attr-defined]


def approved(case: Case, user: User) -> Case:
    review.approve(case, user, version=1, letters=1)
    steering.advance(case.pk)
    case.refresh_from_db()
    return case


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("signing_house")
def test_what_leaves_is_signed_and_any_change_shows(
    mail: Mail, alice: User, relay: FakeRelay, key: Path, settings: pytest.FixtureRequest
) -> None:
    settings.RELAY_URL = f"smtp+plain://127.0.0.1:{relay.port}"  # type: ignore[attr-defined]
    case = approved(mail(subject="naïve question – ü"), alice)
    raw = relay.messages[0].raw
    assert verified(raw, key)
    assert bytes(case.replies.get().raw) == raw
    assert not verified(raw.replace(b"90912", b"90913"), key)
    assert not verified(raw.replace(b"Subject: ", b"Subject: not "), key)
    assert not verified(raw.replace(b"\r\nFrom: ", b"\r\nFrom: ceo@consultant.example\r\nFrom: ", 1), key)
    assert not verified(raw.replace(b"\r\nReply-To: ", b"\r\nReply-To: mallory@evil.example\r\nX-Was: ", 1), key)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("signing_house")
def test_receipts_are_signed_too(mail: Mail, outbox: Path, key: Path) -> None:
    case = mail()
    correspondence.acknowledge(case.pk)
    assert verified(sent_files(outbox)[0], key)


@pytest.mark.django_db(transaction=True)
def test_a_key_that_can_not_be_used_holds_the_mail_and_says_so(
    mail: Mail, alice: User, outbox: Path, tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    (tmp_path / "key.pem").write_text("no key at all")
    settings.DKIM_KEY_FILE, settings.DKIM_SELECTOR = str(tmp_path / "key.pem"), "desk"  # type: ignore[attr-defined]
    case = approved(mail(), alice)
    assert (case.status, case.tries, sent_files(outbox)) == (Status.APPROVED, 0, [])
    assert case.trouble.startswith("It can't be signed with the DKIM key")
    correspondence.acknowledge(case.pk)
    assert sent_files(outbox) == []


@pytest.mark.parametrize(
    ("key_file", "selector", "said"),
    [("key.pem", "", "one is missing"), ("", "desk", "one is missing"), ("nowhere.pem", "desk", "can't be read")],
)
def test_half_a_dkim_setting_is_said_at_start(
    key_file: str, selector: str, said: str, settings: pytest.FixtureRequest, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_text("x")
    settings.DKIM_KEY_FILE = str(tmp_path / key_file) if key_file else ""  # type: ignore[attr-defined]
    settings.DKIM_SELECTOR = selector  # type: ignore[attr-defined]
    assert any(said in message.msg for message in checks.run_checks())


# --- what the relay can do --------------------------------------------------------------------------------------------


def handed_over(relay: FakeRelay, *recipients: str) -> delivery.Result:
    raw = delivery.build(a_mail(recipients=recipients, text="naïve – 10 µg\n", subject="müde"))
    return delivery.hand_over(raw, US, recipients, Relay("127.0.0.1", relay.port, "plain"))


def test_a_relay_without_8bitmime_and_smtputf8_gets_seven_bits(relay: FakeRelay) -> None:
    relay.hide("8BITMIME", "SMTPUTF8")
    assert handed_over(relay, "maria@clinic.example").outcome == Outcome.SENT
    [received] = relay.messages
    assert received.raw.isascii()
    assert "naïve – 10 µg" in received.letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert received.letter["Subject"] == "müde"


def test_an_address_with_an_umlaut_before_the_at_goes_by_smtputf8(relay: FakeRelay) -> None:
    assert handed_over(relay, "jörg@clinic.example").outcome == Outcome.SENT
    [received] = relay.messages
    assert received.rcpt_to == ("jörg@clinic.example",)
    assert "To: jörg@clinic.example\r\n".encode() in received.raw


def test_a_relay_that_can_not_take_it_is_named_in_a_plain_sentence(relay: FakeRelay) -> None:
    relay.hide("SMTPUTF8")
    result = handed_over(relay, "jörg@clinic.example")
    assert result.outcome == Outcome.REFUSED
    assert result.response == (
        "“jörg@clinic.example” has letters that the relay 127.0.0.1 can't handle (it does not offer SMTPUTF8). "
        "Ask the sender for another address."
    )
    assert relay.messages == []


def test_an_umlaut_after_the_at_needs_nothing(relay: FakeRelay) -> None:
    relay.hide("8BITMIME", "SMTPUTF8")
    assert handed_over(relay, "maria@müller.example").outcome == Outcome.SENT
    assert relay.messages[0].rcpt_to == ("maria@xn--mller-kva.example",)
    assert b"To: maria@xn--mller-kva.example\r\n" in relay.messages[0].raw
    assert relay.messages[0].raw.isascii()


@pytest.mark.django_db(transaction=True)
def test_the_desk_shows_that_the_relay_can_not_take_the_address(
    mail: Mail, alice: User, relay: FakeRelay, settings: pytest.FixtureRequest
) -> None:
    settings.RELAY_URL = f"smtp+plain://127.0.0.1:{relay.port}"  # type: ignore[attr-defined]
    relay.hide("SMTPUTF8")
    case = approved(mail(letter(sender="Jörg <jörg@clinic.example>")), alice)
    assert case.status == Status.FAILED
    assert "Ask the sender for another address." in case.trouble
