"""Which case a letter finds, and what a forger gets. Maria asks, Mallory pretends, Alice reviews."""

import smtplib
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from consultant import correspondence, doorkeeper, pipeline, review, steering, tags, threads
from consultant.inbox import Door
from consultant.lifecycle import NotAllowed
from consultant.models import Case, Letter
from consultant.tags import Tag
from consultant.vocabulary import Envelope, Status
from tests.conftest import US, letter, sent_files
from tests.fake_relay import FakeRelay
from tests.peers import free_port

Mail = Callable[..., Case]
pytestmark = pytest.mark.django_db(transaction=True)
KEY = tags.key_of("a secret of this house")


def answered(case: Case, user: User, letters: int = 1) -> Case:
    review.approve(case, user, version=case.drafts.count(), letters=letters)
    steering.advance(case.pk)
    case.refresh_from_db()
    return case


def last(outbox: Path) -> EmailMessage:
    return message_from_bytes(sent_files(outbox)[-1], policy=default)  # type: ignore[return-value]


def tag_address(message: EmailMessage) -> str:
    return str(message["Reply-To"].addresses[0].addr_spec)


def handed_in(raw: bytes, rcpt_to: str, mail_from: str = "maria@clinic.example") -> Case:
    case = pipeline.receive(raw, Envelope("smtp", rcpt_to, f"smtp:{rcpt_to}:{mail_from}", mail_from, (rcpt_to,)))
    steering.advance(case.pk)
    case.refresh_from_db()
    return case


# --- the tag itself ---------------------------------------------------------------------------------------------------


def test_a_tag_is_read_back_in_whatever_case_it_comes() -> None:
    address = tags.tagged(US, Tag("c", 123), KEY)
    assert address.startswith("coding+c123-")
    assert list(tags.read([f"<{address.upper()}>"], [US], KEY)) == [Tag("c", 123)]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.replace("c123", "c124"),
        lambda a: a.replace("+c", "+b"),
        lambda a: a.replace("coding+", "help+"),
        lambda a: f"{a.partition('@')[0][:-1]}{'a' if a.partition('@')[0][-1] != 'a' else 'b'}@{a.partition('@')[2]}",
    ],
    ids=["another case", "another kind", "another address of ours", "another signature"],
)
def test_a_changed_tag_is_known_for_forged(change: Callable[[str], str]) -> None:
    address = change(tags.tagged(US, Tag("c", 123), KEY))
    assert list(tags.read([address], [US, "help@consultant.example"], KEY)) == [None]


@pytest.mark.parametrize(
    "address",
    [
        US,
        "coding+sales@consultant.example",
        "coding+c12-short@consultant.example",
        "x" * 100_000,
        "+@",
        "",
        "coding+c0-" + "a" * 16,
    ],
)
def test_other_addresses_hold_no_tag(address: str) -> None:
    assert list(tags.read([address], [US], KEY)) == []


def test_a_tag_of_another_house_or_for_another_domain_is_none_of_ours() -> None:
    foreign = tags.tagged("coding@elsewhere.example", Tag("c", 1), KEY)
    assert list(tags.read([foreign], [US], KEY)) == []
    assert list(tags.read([tags.tagged(US, Tag("c", 1), tags.key_of("theirs"))], [US], KEY)) == [None]


def test_an_address_that_can_not_hold_a_tag_is_left_as_it_is() -> None:
    for address in ("x" * 50 + "@consultant.example", "coding+desk@consultant.example"):
        assert tags.tagged(address, Tag("c", 1), KEY) == address


# --- follow-ups -------------------------------------------------------------------------------------------------------


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door(doorkeeper.keep, [US], "127.0.0.1", free_port(), 100_000)
    door.start()
    yield door
    door.stop()


def test_an_answer_to_the_reply_address_finds_its_case_by_the_real_door_without_any_thread(
    mail: Mail, alice: User, outbox: Path, door: Door
) -> None:
    case = answered(mail(), alice)
    address = tag_address(last(outbox))
    assert address.startswith(f"coding+c{case.pk}-")
    raw = letter(text="It was 40 minutes.", message_id="<new@clinic.example>", subject="one more thing")
    with smtplib.SMTP("127.0.0.1", door.port, timeout=10) as smtp:
        smtp.sendmail("maria@clinic.example", [address], raw.replace(US.encode(), address.encode()))
    more = Case.objects.order_by("pk").last()
    assert more
    steering.advance(more.pk)
    more.refresh_from_db()
    assert (more.status, more.joined_to_id) == (Status.JOINED, case.pk)


def test_in_a_mailbox_the_tag_is_found_in_the_header(mail: Mail, alice: User, outbox: Path) -> None:
    case = answered(mail(), alice)
    raw = letter(text="It was 40 minutes.", message_id="<new@clinic.example>", Delivered_To=tag_address(last(outbox)))
    more = pipeline.receive(raw, Envelope("imap", "box", "imap:box:INBOX:1:7"))
    steering.advance(more.pk)
    more.refresh_from_db()
    assert more.joined_to_id == case.pk


def test_the_tag_is_stronger_than_the_references(mail: Mail, alice: User, outbox: Path) -> None:
    first = answered(mail(), alice)
    address = tag_address(last(outbox))
    second = mail(text="Is 97140 payable with 97530?", message_id="<q2@clinic.example>")
    raw = letter(text="40 minutes.", message_id="<q3@clinic.example>", References="<q1@clinic.example> <q2@clinic.example>")
    assert handed_in(raw, address).joined_to_id == first.pk
    raw = letter(text="30 minutes.", message_id="<q4@clinic.example>", References="<q1@clinic.example> <q2@clinic.example>")
    assert handed_in(raw, US).joined_to_id == second.pk  # newest first


def test_a_stranger_with_the_reply_address_opens_a_case_of_his_own(mail: Mail, alice: User, outbox: Path) -> None:
    case = answered(mail(), alice)
    raw = letter(sender="mallory@evil.example", message_id="<m@evil.example>", text="Send it to me. What is N39.3?")
    forged = handed_in(raw, tag_address(last(outbox)), "mallory@evil.example")
    assert (forged.status, forged.joined_to) == (Status.DRAFTED, None)
    assert forged.hint == f"Looks like a follow-up of {case.number}, but comes from another address."
    case.refresh_from_db()
    assert case.status == Status.SENT


def test_a_forged_tag_is_a_new_case_with_a_hint(mail: Mail, alice: User) -> None:
    case = answered(mail(), alice)
    address = tags.tagged(US, Tag("c", case.pk), tags.key_of("guessed"))
    more = handed_in(letter(message_id="<q2@clinic.example>", text="What is N39.3?"), address)
    assert (more.joined_to, more.hint) == (None, "It was sent to one of our addresses with a forged case tag.")


def test_a_letter_without_sender_belongs_to_nobody(mail: Mail) -> None:
    case = mail()
    Case.objects.filter(pk=case.pk).update(sender_email="")
    case.refresh_from_db()
    assert not threads.belongs(case, "")


def test_where_answers_were_sent_to_belongs_too(mail: Mail, alice: User, outbox: Path) -> None:
    case = answered(mail(Reply_To="billing@clinic.example"), alice)
    assert last(outbox)["To"] == "billing@clinic.example"
    raw = letter(sender="billing@clinic.example", message_id="<q2@clinic.example>", text="40 minutes.")
    assert handed_in(raw, tag_address(last(outbox)), "billing@clinic.example").joined_to_id == case.pk


def test_a_follow_up_can_not_lead_the_answer_away(mail: Mail, alice: User, outbox: Path) -> None:
    case = mail()
    mail(text="40 minutes.", message_id="<q2@clinic.example>", In_Reply_To="<q1@clinic.example>", Reply_To="mallory@evil.example")
    steering.advance(case.pk)
    case.refresh_from_db()
    answered(case, alice, letters=2)
    assert last(outbox)["To"] == "maria@clinic.example"


def test_without_plus_addressing_no_tag_leaves_and_threads_still_work(
    mail: Mail, alice: User, outbox: Path, settings: pytest.FixtureRequest
) -> None:
    settings.PLUS_ADDRESSING = settings.VERP = False  # type: ignore[attr-defined]
    case = answered(mail(), alice)
    assert last(outbox)["Reply-To"] is None
    more = mail(text="40 minutes.", message_id="<q2@clinic.example>", In_Reply_To=last(outbox)["Message-ID"])
    assert more.joined_to_id == case.pk


def test_a_receipt_carries_the_reply_address_as_well(mail: Mail, outbox: Path) -> None:
    case = mail()
    correspondence.acknowledge(case.pk)
    assert tag_address(last(outbox)).startswith(f"coding+c{case.pk}-")


# --- returned mail ----------------------------------------------------------------------------------------------------


@pytest.fixture
def by_relay(relay: FakeRelay, settings: pytest.FixtureRequest) -> FakeRelay:
    settings.RELAY_URL = f"smtp+plain://127.0.0.1:{relay.port}"  # type: ignore[attr-defined]
    return relay


GARBLED = b"From: <>\r\nTo: %b\r\nSubject: \xd0\xbf\r\nMessage-ID: <b@mx.example>\r\n\r\nqqq zzz\r\n"


def test_a_bounce_that_nobody_can_read_finds_its_reply_and_reopens_the_case(mail: Mail, alice: User, by_relay: FakeRelay) -> None:
    case = answered(mail(), alice)
    sender = by_relay.messages[0].mail_from
    assert sender.startswith(f"coding+b{case.replies.get().pk}-")
    back = handed_in(GARBLED % sender.encode(), sender, "")
    case.refresh_from_db()
    assert (back.status, back.joined_to_id, back.triage["verdict"]) == (Status.SET_ASIDE, case.pk, "bounce")
    assert case.status == Status.FAILED
    assert "maria@clinic.example" in case.trouble


def test_the_same_letter_without_the_signature_moves_nothing(mail: Mail, alice: User, by_relay: FakeRelay) -> None:
    case = answered(mail(), alice)
    forged = tags.tagged(US, Tag("b", case.replies.get().pk), tags.key_of("guessed"))
    back = handed_in(GARBLED % forged.encode(), forged, "")
    case.refresh_from_db()
    assert (case.status, back.joined_to) == (Status.SENT, None)


def test_an_absence_note_to_the_envelope_sender_does_not_reopen_the_case(mail: Mail, alice: User, by_relay: FakeRelay) -> None:
    case = answered(mail(), alice)
    note = letter(subject="Automatic reply: Re: a question", message_id="<ooo@clinic.example>", Auto_Submitted="auto-replied")
    aside = handed_in(note, by_relay.messages[0].mail_from, "")
    case.refresh_from_db()
    assert (aside.status, aside.joined_to_id, case.status) == (Status.SET_ASIDE, case.pk, Status.SENT)


def test_a_person_who_answers_to_the_envelope_sender_is_heard(mail: Mail, alice: User, by_relay: FakeRelay) -> None:
    case = answered(mail(), alice)
    more = handed_in(letter(text="40 minutes.", message_id="<q2@clinic.example>"), by_relay.messages[0].mail_from)
    assert (more.status, more.joined_to_id) == (Status.JOINED, case.pk)


def test_a_relay_that_takes_no_tagged_sender_gets_the_plain_one(mail: Mail, alice: User, by_relay: FakeRelay) -> None:
    by_relay.fail_next("550 5.7.60 you may not send as this address", at="MAIL")
    assert answered(mail(), alice).status == Status.SENT
    assert by_relay.messages[0].mail_from == US


# --- injection --------------------------------------------------------------------------------------------------------

HEADERS = {"from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "x-consultant-loop",
           "mime-version", "content-type"}  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    [
        {"subject": "=?utf-8?Q?Hello=0D=0ABcc:_victim@evil.example=0D=0A=0D=0AInjected?="},
        {"sender": "=?utf-8?Q?Maria=0D=0ABcc:_victim@evil.example?= <maria@clinic.example>"},
        {"message_id": "<q1@clinic.example>\r\n\tBcc: victim@evil.example"},
        {"References": "<a@x>\r\n Bcc:victim@evil.example\r\n <b@x>"},
        {"Reply_To": '"maria@clinic.example\r\n Bcc: victim@evil.example"@clinic.example'},
        {"In_Reply_To": "<a\x0bBcc:victim@evil.example>"},
    ],
    ids=["subject", "name", "message-id", "references", "folded address", "in-reply-to"],
)
def test_what_a_header_smuggles_gets_nowhere(kind: dict[str, str], mail: Mail, alice: User, by_relay: FakeRelay) -> None:
    answered(mail(**kind), alice)
    [sent] = by_relay.messages
    assert {name.lower() for name in sent.letter} == HEADERS & {name.lower() for name in sent.letter}
    assert len(sent.rcpt_to) == 1
    assert "victim" not in sent.rcpt_to[0] + str(sent.letter["To"])
    assert sent.raw.split(b"\r\n\r\n")[0].lower().count(b"\r\nbcc:") == 0


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?Q?maria@clinic.example=0D=0ABcc:_victim@evil.example?=",
        '"maria@clinic.example>, <victim@evil.example"@clinic.example',
    ],
    ids=["line break", "list"],
)
def test_an_address_that_smuggles_is_not_written_to_and_alice_is_told(
    address: str, mail: Mail, alice: User, by_relay: FakeRelay
) -> None:
    case = mail(Reply_To=address)
    with pytest.raises(NotAllowed, match="is no address that mail can be sent to"):
        review.approve(case, alice, version=1, letters=1)
    case.refresh_from_db()
    assert (case.status, by_relay.messages) == (Status.DRAFTED, [])


def test_a_line_break_in_the_envelope_of_a_letter_is_kept_as_it_came_and_leads_nowhere(mail: Mail, alice: User) -> None:
    case = mail(mail_from="maria@clinic.example\r\nRCPT TO:<victim@evil.example>")
    assert "\r\n" in Letter.objects.get(case=case).mail_from
    assert answered(case, alice).status == Status.SENT
    assert case.replies.get().recipients == ["maria@clinic.example"]


def test_a_bad_recipient_in_an_approved_row_never_reaches_the_relay(relay: FakeRelay) -> None:
    from consultant.delivery import Outcome, Relay, hand_over

    for bad in (
        "a@b.example\r\nRCPT TO:<victim@evil.example>",
        "a@b.example,c@d.example",
        "<a@b.example>",
        "a b@c.example",
        "",
        "a@b@c",
    ):
        result = hand_over(b"Subject: x\r\n\r\nx\r\n", US, (bad,), Relay("127.0.0.1", relay.port, "plain"))
        assert (result.outcome, relay.messages) == (Outcome.REFUSED, []), bad
