"""The way of one letter, door to door, with everything real but the relay: the outbox is a Maildir."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError

from consultant import audit, correspondence, pipeline, review, steering
from consultant.lifecycle import NotAllowed
from consultant.models import Acknowledgement, Case, Letter
from consultant.review import Held, Stale
from consultant.vocabulary import Status
from tests.conftest import envelope, letter, sent_files

Mail = Callable[..., Case]
pytestmark = pytest.mark.django_db(transaction=True)


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)  # type: ignore[return-value]


def approve(case: Case, user: User, **seen: int) -> Case:
    shown = {"version": case.drafts.last().version if case.drafts.exists() else 0, "letters": 1} | seen
    review.approve(case, user, **shown)
    steering.advance(case.pk)
    case.refresh_from_db()
    return case


def whole() -> bool:
    return [problem for case in Case.objects.all() for problem in audit.verify(case)] == []


def test_one_letter_from_the_door_to_the_senders_thread(mail: Mail, alice: User, outbox: Path) -> None:
    case = mail()
    assert case.status == Status.DRAFTED
    assert "90912" in case.drafts.get().text

    approve(case, alice)
    assert case.status == Status.SENT
    answer = parsed(sent_files(outbox)[-1])
    assert answer["To"] == "maria@clinic.example"
    assert answer["In-Reply-To"] == answer["References"] == "<q1@clinic.example>"
    assert answer["Subject"] == "Re: a question"
    assert "90912" in answer.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert answer["Auto-Submitted"] is None

    trail = [(event.kind, event.after, event.actor) for event in audit.trail(case)]
    assert trail == [
        ("received", "received", "door:smtp"),
        ("move", "accepted", "engine"),
        ("move", "classified", "engine"),
        ("move", "drafted", "engine"),
        ("move", "approved", f"user:{alice.username}"),
        ("move", "sending", "engine"),
        ("move", "sent", "engine"),
    ]
    assert whole()


def test_the_same_delivery_twice_is_one_case(mail: Mail) -> None:
    assert mail().pk == mail().pk
    assert (Case.objects.count(), Letter.objects.count()) == (1, 1)


def test_the_same_message_id_with_other_bytes_is_another_letter(mail: Mail) -> None:
    assert mail().pk != mail(text="And what is the code for a walker?").pk


def test_a_letter_with_no_date_and_no_message_id_is_a_question_all_the_same(mail: Mail) -> None:
    case = mail(b"From: maria@clinic.example\r\n\r\nWhat is the code for a fingerstick?\r\n")
    assert case.status == Status.DRAFTED


# --- receipts ---------------------------------------------------------------------------------------------------------


def test_the_sender_gets_a_receipt_with_the_case_number_once_an_hour(mail: Mail, outbox: Path) -> None:
    first, second = mail(), mail(text="And 97140 with 97530?", message_id="<q2@clinic.example>")
    for case in (first, second):
        correspondence.acknowledge(case.pk)
        correspondence.acknowledge(case.pk)
    [receipt] = [parsed(raw) for raw in sent_files(outbox)]
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == "<q1@clinic.example>"
    assert first.number in receipt.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_automatic_mail_gets_neither_an_answer_nor_a_receipt(mail: Mail) -> None:
    case = mail(subject="Automatic reply: coding", Auto_Submitted="auto-replied")
    assert (case.status, case.triage["verdict"]) == (Status.SET_ASIDE, "automatic")
    assert not Acknowledgement.objects.exists()


def test_a_list_letter_is_answered_but_not_acknowledged(mail: Mail) -> None:
    assert mail(Precedence="list").status == Status.DRAFTED
    assert not Acknowledgement.objects.exists()


# --- follow-ups and bounces -------------------------------------------------------------------------------------------


def test_a_reply_to_our_answer_brings_its_case_back_with_both_letters(mail: Mail, alice: User, outbox: Path) -> None:
    case = approve(mail(), alice)
    ours = parsed(sent_files(outbox)[-1])["Message-ID"]
    more = mail(text="It was 40 minutes in all.", message_id="<q2@clinic.example>", In_Reply_To=ours, References=ours)
    assert (more.status, more.joined_to_id) == (Status.JOINED, case.pk)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert (case.status, case.drafts.count()) == (Status.DRAFTED, 2)
    assert "40 minutes" in case.findings["question"]["text"]
    assert whole()


def test_a_stranger_who_knows_the_message_id_opens_a_case_of_his_own(mail: Mail, alice: User, outbox: Path) -> None:
    case = approve(mail(), alice)
    ours = parsed(sent_files(outbox)[-1])["Message-ID"]
    forged = mail(sender="mallory@evil.example", mail_from="mallory@evil.example", message_id="<m@evil.example>", References=ours)
    assert (forged.status, forged.joined_to) == (Status.DRAFTED, None)
    assert case.number in forged.hint
    case.refresh_from_db()
    assert case.status == Status.SENT


def test_a_newer_letter_retires_the_approval_of_an_older_draft(mail: Mail, alice: User, outbox: Path) -> None:
    case = mail()
    review.approve(case, alice, version=1, letters=1)
    mail(text="Wait, it was urodynamics.", message_id="<q2@clinic.example>", In_Reply_To="<q1@clinic.example>")
    steering.advance(case.pk)
    case.refresh_from_db()
    assert (case.status, case.replies.get().voided_at is not None) == (Status.DRAFTED, True)
    assert sent_files(outbox) == []


def test_a_bounce_of_our_answer_reopens_its_case(mail: Mail, alice: User, outbox: Path) -> None:
    case = approve(mail(), alice)
    ours = parsed(sent_files(outbox)[-1])["Message-ID"]
    bounce = mail(dsn(ours), mail_from="")
    assert (bounce.status, bounce.joined_to_id) == (Status.SET_ASIDE, case.pk)
    case.refresh_from_db()
    assert case.status == Status.FAILED
    assert "5.1.1" in case.trouble
    assert whole()


def dsn(message_id: str) -> bytes:
    """A delivery report as RFC 3464 wants it."""
    return f"""From: MAILER-DAEMON@mx.clinic.example\r
To: coding@consultant.example\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <b1@mx.clinic.example>\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
Your mail could not be delivered.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.clinic.example\r
\r
Final-Recipient: rfc822; maria@clinic.example\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 no such user\r
\r
--b\r
Content-Type: message/rfc822\r
\r
Message-ID: {message_id}\r
From: coding@consultant.example\r
To: maria@clinic.example\r
Subject: Re: a question\r
\r
x\r
--b--\r
""".encode()


# --- the human gate ---------------------------------------------------------------------------------------------------


def test_no_worker_ever_moves_a_drafted_case(mail: Mail, outbox: Path) -> None:
    case = mail()
    for _ in range(3):
        steering.advance(case.pk)
        steering.sweep()
    case.refresh_from_db()
    assert case.status == Status.DRAFTED
    assert sent_files(outbox) == []


def test_what_alice_edits_is_what_leaves(mail: Mail, alice: User, outbox: Path) -> None:
    case = mail()
    review.edit(case, alice, version=1, letters=1, text="Dear Maria,\n\nreport 90912 & 90913 <both>.\n")
    approve(case, alice, version=2)
    answer = parsed(sent_files(outbox)[-1])
    assert "report 90912 & 90913 <both>." in answer.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "&amp; 90913 &lt;both&gt;" in answer.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert [draft.author for draft in case.drafts.all()] == [None, alice]


def test_approving_an_older_draft_than_the_newest_is_refused(mail: Mail, alice: User, bob: User) -> None:
    case = mail()
    page = Case.objects.get(pk=case.pk)
    review.edit(case, bob, version=1, letters=1, text="Report 90912 and 90913.")
    with pytest.raises(Stale, match="newer draft"):
        review.approve(page, alice, version=1, letters=1)


def test_of_two_approvals_one_wins(mail: Mail, alice: User, bob: User, outbox: Path) -> None:
    case = mail()
    page = Case.objects.get(pk=case.pk)
    review.approve(case, alice, version=1, letters=1)
    with pytest.raises(Stale):
        review.approve(page, bob, version=1, letters=1)
    steering.advance(case.pk)
    assert (len(sent_files(outbox)), case.replies.count()) == (1, 1)


def test_a_claimed_case_is_not_approved_by_another(mail: Mail, alice: User, bob: User) -> None:
    case = mail()
    review.claim(case, alice)
    with pytest.raises(Held, match="alice"):
        review.approve(case, bob, version=1, letters=1)
    review.claim(case, bob, take_over=True)
    review.approve(case, bob, version=1, letters=1)
    assert [e.kind for e in audit.trail(case)][-3:] == ["claimed", "claimed", "move"]


def test_a_reply_changed_behind_the_approvers_back_is_not_sent(mail: Mail, alice: User, outbox: Path) -> None:
    case = mail()
    review.approve(case, alice, version=1, letters=1)
    case.replies.update(recipients=["mallory@evil.example"])
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.FAILED
    assert sent_files(outbox) == []
    assert "is not what alice@consultant.example approved" in audit.verify(case)[0]


def test_asking_the_sender_waits_for_the_sender(mail: Mail, alice: User, outbox: Path) -> None:
    case = mail()
    review.ask(case, alice, version=1, letters=1, what="How many minutes was it, one-to-one?")
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.ASKED
    asked = parsed(sent_files(outbox)[-1])
    assert "How many minutes" in asked.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    mail(text="30 minutes.", message_id="<q2@clinic.example>", In_Reply_To=asked["Message-ID"])
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.DRAFTED


def test_a_declined_letter_is_told_why_or_is_not(mail: Mail, alice: User, outbox: Path) -> None:
    told, untold = mail(), mail(text="Who wins on Sunday?", message_id="<q2@clinic.example>")
    review.decline(told, alice, version=1, letters=1, reason="This needs the operative report.")
    review.decline(untold, alice, version=1, letters=1, reason="Not about coding.", tell=False)
    for case in (told, untold):
        steering.advance(case.pk)
        case.refresh_from_db()
        assert case.status == Status.DECLINED
    [mail_sent] = sent_files(outbox)
    assert b"operative report" in mail_sent


def test_an_approval_can_be_taken_back_until_it_leaves(mail: Mail, alice: User, settings: object, outbox: Path) -> None:
    settings.SENDING = False  # type: ignore[attr-defined]
    case = approve(mail(), alice)
    assert (case.status, case.trouble) == (Status.APPROVED, "Sending is switched off.")
    review.take_back(case, alice)
    settings.SENDING = True  # type: ignore[attr-defined]
    steering.advance(case.pk)
    assert sent_files(outbox) == []
    approve(case, alice)
    assert len(sent_files(outbox)) == 1
    with pytest.raises(NotAllowed):
        review.take_back(case, alice)


def test_a_robots_letter_can_be_answered_after_all(mail: Mail, alice: User) -> None:
    case = mail(Auto_Submitted="auto-generated")
    review.answer_anyway(case, alice, why="a ticket system writes for people")
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.DRAFTED


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe" * 1000, b"\r\n\r\n", b"Subject: hello\r\n\r\n", bytes(range(256)) * 40])
def test_whatever_comes_in_is_kept_and_has_a_place(mail: Mail, raw: bytes) -> None:
    case = mail(raw)
    assert case.status in {Status.QUARANTINED, Status.SET_ASIDE, Status.DRAFTED}
    assert bytes(case.letters.get().raw) == raw
    assert case.trouble or case.triage["reason"]
    assert whole()


def test_a_letter_that_breaks_a_step_is_tried_thrice_then_waits_for_a_human(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("Harold Jenkins")

    monkeypatch.setitem(pipeline.STEPS, Status.ACCEPTED, broken)
    case = mail()
    for _ in range(3):
        Case.objects.filter(pk=case.pk).update(retry_after=None)
        steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.QUARANTINED
    assert case.trouble == "Three tries failed with RuntimeError."
    assert "Jenkins" in case.trouble_detail


def test_a_casebook_that_is_down_is_no_fault_of_the_letter(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: object) -> None:
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as patch:
        patch.setitem(pipeline.STEPS, Status.RECEIVED, down)
        case = pipeline.receive(letter(), envelope())
        with pytest.raises(OperationalError):
            steering.advance(case.pk)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.DRAFTED


def test_a_letter_that_kills_its_worker_ends_in_quarantine_too(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def deadly(*args: object) -> None:
        raise Killed

    monkeypatch.setitem(pipeline.STEPS, Status.RECEIVED, deadly)
    case = pipeline.receive(letter(), envelope())
    for _ in range(3):
        with pytest.raises(Killed):
            steering.advance(case.pk)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.QUARANTINED


def test_a_missing_codebook_makes_letters_wait_and_loses_none(mail: Mail, settings: object, tmp_path: Path, book: object) -> None:
    real, settings.DATA_DIR = settings.DATA_DIR, tmp_path / "empty"  # type: ignore[attr-defined]
    case = mail()
    assert case.status == Status.ACCEPTED
    assert "codebook" in case.trouble
    settings.DATA_DIR = real  # type: ignore[attr-defined]
    Case.objects.filter(pk=case.pk).update(retry_after=None)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.DRAFTED


def test_a_patients_name_and_birth_date_are_not_mailed_back(mail: Mail) -> None:
    case = mail(text="Patient: Harold Jenkins, DOB 03/14/1951. 80 minutes of critical care: code?")
    draft = case.drafts.get()
    assert "99291" in draft.text
    for secret in ("Harold", "Jenkins", "03/14/1951"):
        assert secret not in draft.text + draft.html
