"""Sorting at the desk: what was set aside and why, and how a reviewer turns it round. Alice and Bob review, Dora audits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from consultant import acquaintances, appeals, audit, letter, pipeline, review, steering, triage
from consultant.lifecycle import NotAllowed
from consultant.models import Acknowledgement, Block, Case, Enclosure
from consultant.review import Held
from consultant.vocabulary import Acquaintance, Envelope, House, Status, Verdict
from tests.conftest import US
from tests.conftest import letter as written

Mail = Callable[..., Case]
HOUSE = House(US, (US,), "consultant.example", trusted=("mx.consultant.example",), per_sender=3, per_thread=2)
needs_casebook = pytest.mark.django_db(transaction=True)


def judged(*headers: str, known: Acquaintance | None = None, door: Envelope | None = None) -> triage.Triage:
    head = "\n".join(("From: Maria <maria@clinic.example>", "Subject: a question", *headers))
    return triage.judge(letter.read(f"{head}\n\nIs 97110 timed?\n".encode()), HOUSE, door, known)


def at_desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, case: Case) -> str:
    return client.get(reverse("case", args=[case.pk])).content.decode()


def do(client: Client, case: Case, deed: str, **typed: str) -> int:
    status = client.post(reverse("act", args=[case.pk, deed]), typed).status_code
    case.refresh_from_db()
    return status


def whole(case: Case) -> bool:
    return list(audit.verify(case)) == []


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_table_can_be_read_aloud() -> None:
    names = [rule.name for rule in triage.RULES]
    assert len(names) == len(set(names))
    assert all(rule.says and triage.HAPPENS[rule.verdict] for rule in triage.RULES)
    assert set(triage.HAPPENS) == set(Verdict) == {rule.verdict for rule in triage.RULES}
    assert names[-1] == "question"


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ("mx.consultant.example; dmarc=fail header.from=clinic.example", Verdict.FORGED),
        ("mx.consultant.example 1; spf=fail smtp.mailfrom=clinic.example; dkim=none", Verdict.FORGED),
        ("mx.consultant.example (policy: strict); spf=pass; dkim=pass; dmarc=fail", Verdict.FORGED),
        ("mx.consultant.example; spf=fail; dkim=pass header.d=clinic.example", Verdict.QUESTION),
        ("mx.consultant.example; spf=fail; dkim=fail; dmarc=pass", Verdict.QUESTION),
        ("mx.consultant.example; spf=softfail; dkim=none", Verdict.QUESTION),
        ("mx.consultant.example; none", Verdict.QUESTION),
        ("mx.evil.example; dmarc=fail", Verdict.QUESTION),
        ("mx.consultant.example.evil.example; dmarc=fail", Verdict.QUESTION),
        ("(mx.consultant.example); dmarc=fail", Verdict.QUESTION),
        ("", Verdict.QUESTION),
    ],
)
def test_only_a_trusted_relay_may_doubt_a_sender(results: str, verdict: Verdict) -> None:
    found = judged(f"Authentication-Results: {results}")
    assert found.verdict is verdict
    assert found.acknowledge == (verdict is Verdict.QUESTION)


def test_a_forged_pass_below_the_relays_own_word_changes_nothing() -> None:
    ours, forged = "mx.consultant.example; dmarc=fail", "mx.consultant.example; dmarc=pass"
    assert judged(f"Authentication-Results: {ours}", f"Authentication-Results: {forged}").verdict is Verdict.FORGED
    assert judged(f"Authentication-Results: {forged}", f"Authentication-Results: {ours}").verdict is Verdict.QUESTION


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (Acquaintance(blocked="maria@clinic.example by alice. spam"), Verdict.BLOCKED),
        (Acquaintance(by_sender=2, in_thread=1), Verdict.QUESTION),
        (Acquaintance(by_sender=3), Verdict.TOO_MANY),
        (Acquaintance(in_thread=2), Verdict.TOO_MANY),
    ],
)
def test_what_the_casebook_knows_of_the_sender_counts(known: Acquaintance, verdict: Verdict) -> None:
    assert judged(known=known).verdict is verdict


def test_a_bounce_from_a_blocked_house_is_a_bounce_all_the_same() -> None:
    report = letter.read(
        b"From: postmaster@clinic.example\nSubject: failed\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n"
        b"\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; b@c.example\n"
        b"Action: failed\nStatus: 5.1.1\n--x--\n"
    )
    found = triage.judge(report, HOUSE, None, Acquaintance(blocked="@clinic.example"))
    assert (found.verdict, found.recipient, found.code, found.permanent) == (Verdict.BOUNCE, "b@c.example", "5.1.1", True)


def test_what_a_door_could_not_take_in_whole_says_so() -> None:
    door = Envelope("imap", US, "1", trouble="Too large: 40,000,000 bytes where 26,214,400 are allowed.")
    assert judged(door=door).verdict is Verdict.TOO_LARGE


# --- blocking ---------------------------------------------------------------------------------------------------------


@needs_casebook
def test_alice_blocks_a_sender_and_lifts_the_block_and_every_step_is_in_the_trail(mail: Mail, alice: User) -> None:
    desk, first = at_desk_of(alice), mail()
    assert do(desk, first, "block", why="sells used desks") == 302
    assert first.status == Status.SET_ASIDE
    second = mail(text="Buy a desk?", message_id="<q2@clinic.example>", subject="another")
    assert (second.status, second.triage["rule"]) == (Status.SET_ASIDE, "sender blocked")
    assert "sells used desks" in second.triage["reason"]
    assert "Unblock maria@clinic.example" in page(desk, second)
    assert "sells used desks" in desk.get("/sorting").content.decode()
    assert "another" in desk.get("/queue", {"show": "aside", "verdict": "sender blocked"}).content.decode()

    assert do(desk, second, "unblock") == 302
    assert do(desk, second, "answer-anyway", why="a real question") == 302
    assert second.status in {Status.ACCEPTED, Status.DRAFTED}
    third = mail(text="Is 97110 timed?", message_id="<q3@clinic.example>")
    assert third.status == Status.DRAFTED
    first.refresh_from_db()
    assert [event.kind for event in audit.trail(first)][-3:] == ["blocked", "move", "unblocked"]
    assert whole(first)
    assert whole(second)


@needs_casebook
def test_a_blocked_domain_holds_for_its_sub_domains_and_for_nobody_else(mail: Mail, alice: User) -> None:
    case = mail()
    appeals.block(case, alice, whole_domain=True, why="a leaked list")
    emails = ("bob@clinic.example", "BOB@Sub.Clinic.example", "bob@notclinic.example", "bob@clinic.example.evil.example", "")
    held = [acquaintances.in_force(email) is not None for email in emails]
    assert held == [True, True, False, False, False]


@needs_casebook
@pytest.mark.parametrize(
    ("sender", "whole_domain"), [("someone@gmail.com", True), (US, False), ("nobody", False), ("a@consultant.example", True)]
)
def test_what_would_block_the_world_or_ourselves_is_refused(mail: Mail, alice: User, sender: str, whole_domain: bool) -> None:
    case = mail()
    Case.objects.filter(pk=case.pk).update(sender_email=sender)
    case.refresh_from_db()
    with pytest.raises(NotAllowed):
        appeals.block(case, alice, whole_domain=whole_domain, why="no")
    assert not Block.objects.exists()


@needs_casebook
def test_a_block_needs_a_reason_and_a_free_case_and_stands_only_once(mail: Mail, alice: User, bob: User) -> None:
    case = mail()
    with pytest.raises(NotAllowed):
        appeals.block(case, alice, whole_domain=False, why="  ")
    review.claim(case, bob)
    case.refresh_from_db()
    with pytest.raises(Held):
        appeals.block(case, alice, whole_domain=False, why="spam")
    appeals.block(case, bob, whole_domain=False, why="spam")
    case.refresh_from_db()
    with pytest.raises(NotAllowed):
        appeals.block(case, bob, whole_domain=False, why="spam")
    assert Block.objects.filter(lifted_at=None).count() == 1


@needs_casebook
def test_dora_sees_the_blocks_and_lifts_none(mail: Mail, alice: User, dora: User) -> None:
    row = appeals.block(mail(), alice, whole_domain=False, why="spam")
    client = at_desk_of(dora)
    assert "maria@clinic.example" in client.get("/sorting").content.decode()
    assert client.post(reverse("unblock", args=[row.pk])).status_code == 403
    assert Block.objects.get().lifted_at is None


# --- caps -------------------------------------------------------------------------------------------------------------


@needs_casebook
def test_a_sender_who_writes_without_end_is_set_aside_visibly(mail: Mail, alice: User, settings: pytest.FixtureRequest) -> None:
    settings.LETTERS_PER_SENDER = 2  # type: ignore[attr-defined]
    cases = [mail(text=f"Is 9711{number} timed?", message_id=f"<q{number}@clinic.example>") for number in range(4)]
    assert [case.status for case in cases] == [Status.DRAFTED, Status.DRAFTED, Status.SET_ASIDE, Status.SET_ASIDE]
    assert "2 are allowed" in cases[3].triage["reason"]
    assert mail(sender="bob@other.example", mail_from="bob@other.example", message_id="<b@x>").status == Status.DRAFTED
    assert do(at_desk_of(alice), cases[3], "answer-anyway", why="they are real") == 302
    assert cases[3].status in {Status.ACCEPTED, Status.DRAFTED}
    assert Acknowledgement.objects.filter(case__in=cases).count() == 1


@needs_casebook
def test_a_conversation_without_end_is_set_aside(mail: Mail, settings: pytest.FixtureRequest) -> None:
    settings.LETTERS_PER_THREAD = 2  # type: ignore[attr-defined]
    mail()
    more = [
        mail(text=f"And {number}?", message_id=f"<r{number}@clinic.example>", In_Reply_To="<q1@clinic.example>")
        for number in range(3)
    ]
    assert [case.status for case in more] == [Status.JOINED, Status.SET_ASIDE, Status.SET_ASIDE]
    assert more[1].triage["rule"] == "too many in one conversation"


# --- other verdicts, and turning them round ---------------------------------------------------------------------------


@needs_casebook
def test_a_forged_sender_is_set_aside_with_the_relays_word_and_gets_no_receipt(
    mail: Mail, alice: User, settings: pytest.FixtureRequest
) -> None:
    settings.TRUSTED_RELAYS = ["mx.consultant.example"]  # type: ignore[attr-defined]
    case = mail(Authentication_Results="mx.consultant.example; dmarc=fail")
    assert (case.status, case.triage["verdict"]) == (Status.SET_ASIDE, "authentication failed")
    assert not Acknowledgement.objects.exists()
    assert "DMARC failed for maria@clinic.example" in page(at_desk_of(alice), case)
    believed = mail(message_id="<q2@clinic.example>", Authentication_Results="mx.elsewhere.example; dmarc=fail")
    assert believed.status == Status.DRAFTED


@needs_casebook
def test_what_is_too_large_waits_in_quarantine_with_its_sender_and_can_be_released(mail: Mail, alice: User, book: object) -> None:
    words = "Too large: 40,000,000 bytes where 26,214,400 are allowed. Only its header was taken in; the mailbox has the rest."
    door = Envelope("imap", US, f"imap:{US}:INBOX:7:1", trouble=words)
    case = pipeline.receive(written().split(b"\r\n\r\n")[0] + b"\r\n\r\n", door)
    assert (case.status, case.sender_email, case.triage["verdict"]) == (Status.QUARANTINED, "maria@clinic.example", "too large")
    client = at_desk_of(alice)
    assert words in page(client, case)
    assert do(client, case, "answer-anyway", why="the subject says enough") == 302
    assert case.status in {Status.ACCEPTED, Status.DRAFTED}
    assert whole(case)


@needs_casebook
def test_alice_sets_a_thank_you_aside_and_takes_it_back(mail: Mail, alice: User, bob: User) -> None:
    case = mail(text="Thank you, that helped a lot.")
    client = at_desk_of(alice)
    assert do(client, case, "set-aside", why="") == 409
    assert do(client, case, "set-aside", why="only says thanks") == 302
    assert case.status == Status.SET_ASIDE
    assert "only says thanks" in page(client, case)
    assert do(client, case, "answer-anyway") == 302
    steering.advance(case.pk)
    case.refresh_from_db()
    review.claim(case, bob)
    assert do(client, case, "set-aside", why="thanks") == 409
    assert case.status == Status.DRAFTED
    assert whole(case)


@needs_casebook
def test_an_unreadable_letter_is_released_or_taken_for_a_question(mail: Mail, alice: User) -> None:
    case = mail(b"%PDF-1.4 no letter at all")
    assert (case.status, case.triage["verdict"]) == (Status.QUARANTINED, "unreadable")
    client = at_desk_of(alice)
    assert "Release, and read it again" in page(client, case)
    assert do(client, case, "retry") == 302
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.QUARANTINED  # it is still no letter
    assert do(client, case, "answer-anyway", why="I asked them by telephone") == 302
    assert do(client, case, "set-aside", why="x") in {302, 409}
    assert whole(case)


@needs_casebook
def test_the_page_counts_what_each_rule_met_and_leads_there(mail: Mail, alice: User) -> None:
    robot = mail(subject="Automatic reply: knee", Auto_Submitted="auto-replied")
    client = at_desk_of(alice)
    assert "says%20it%20is%20automatic" in client.get("/sorting").content.decode()
    listed = client.get("/queue", {"show": "all", "rule": "says it is automatic"}).content.decode()
    assert robot.number in listed
    assert robot.number not in client.get("/queue", {"show": "all", "rule": "question"}).content.decode()


# --- attachments ------------------------------------------------------------------------------------------------------


def with_file(name: str, content: str, message_id: str) -> bytes:
    head = (
        written(message_id=message_id).split(b"\r\n\r\n")[0].replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=x")
    )
    body = "--x\r\n\r\nPlease see the note.\r\n--x\r\nContent-Type: application/pdf\r\n"
    body += f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{content}\r\n--x--\r\n'
    return head + b"\r\n\r\n" + body.encode()


@needs_casebook
def test_the_same_file_in_two_letters_is_known_by_its_hash(mail: Mail, alice: User) -> None:
    first = mail(with_file("note.pdf", "%PDF one", "<f1@clinic.example>"))
    second = mail(with_file("other-name.pdf", "%PDF one", "<f2@clinic.example>"))
    third = mail(with_file("note.pdf", "%PDF two", "<f3@clinic.example>"))
    assert Enclosure.objects.count() == 3
    assert len(set(Enclosure.objects.values_list("sha256", flat=True))) == 2
    client = at_desk_of(alice)
    assert f'<a href="/case/{first.pk}">{first.number}</a>' in page(client, second)
    assert "the same file as in" not in page(client, third)
