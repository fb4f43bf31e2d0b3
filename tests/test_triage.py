"""Triage: which letters are questions, which are not, and what is found out about bounces."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from consultant import letter, triage
from consultant.vocabulary import Envelope, House, Triage, Verdict

HOUSE = House("coding@consultant.example", ("coding@consultant.example", "desk@consultant.example"), "consultant.example")


def judged(header: str, body: str = "Is 97110 timed?", envelope: Envelope | None = None) -> Triage:
    given = header if "From:" in header else f"From: Alice <alice@clinic.example>\n{header}"
    return triage.judge(letter.read(f"{given}\n\n{body}\n".encode()), HOUSE, envelope)


def by_smtp(mail_from: str) -> Envelope:
    return Envelope("smtp", "coding@consultant.example", "1", mail_from)


def test_alices_question_is_a_question_and_may_be_acknowledged() -> None:
    found = judged("Subject: Therapy", envelope=by_smtp("alice@clinic.example"))
    assert (found.verdict, found.acknowledge) == (Verdict.QUESTION, True)


def test_every_verdict_says_why_in_a_sentence() -> None:
    for header in (
        "Subject: x",
        "Auto-Submitted: auto-replied",
        "From: MAILER-DAEMON@x.example",
        "References: <a@consultant.example>",
    ):
        found = judged(header)
        assert found.rule in {rule.name for rule in triage.RULES}
        assert found.reason.endswith("."), found.reason


@pytest.mark.parametrize(
    "header",
    [
        "Precedence: bulk",
        "Precedence: list",
        "List-Id: <coders.lists.example>",
        "X-Auto-Response-Suppress: All",
        "Return-Path: <>",
        "From: no-reply@clinic.example",
        "From: donotreply@clinic.example",
    ],
)
def test_a_letter_that_nobody_waits_behind_is_a_case_without_acknowledgement(header: str) -> None:
    found = judged(header)
    assert (found.verdict, found.acknowledge) == (Verdict.QUESTION, False)


def test_the_null_envelope_sender_is_never_acknowledged() -> None:
    assert not judged("Subject: x", envelope=by_smtp("")).acknowledge


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied (vacation)",
        "Auto-Submitted: auto-generated",
        "X-Autoreply: yes",
        "X-Autorespond: x",
        "Precedence: auto_reply",
        "X-MS-Exchange-Inbox-Rules-Loop: alice@clinic.example",
        "Subject: Automatic reply: Knee",
        "Subject: Out of Office",
        "Subject: Out of office: back on Monday",
        "Subject: Abwesenheitsnotiz: Knie",
        "Subject: =?utf-8?Q?R=C3=A9ponse_automatique_:_genou?=",
        "Subject: Respuesta =?utf-8?Q?autom=C3=A1tica?=: rodilla",
        "Subject: Resposta =?utf-8?Q?autom=C3=A1tica?=: joelho",
    ],
)
def test_a_robots_reply_is_automatic(header: str) -> None:
    found = judged(header)
    assert (found.verdict, found.acknowledge) == (Verdict.AUTOMATIC, False)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: DR, RN, NRN",
        "Subject: Out of office procedures, which place of service?",
        "Subject: Automatic reply settings for our biller",
        "Subject: Re: Automatic reply: Knee",
        "Subject: Mail delivery failed - what can I do?",
        "Subject: Vacation coverage and incident-to billing",
        "From: Postmaster <paul@clinic.example>",
    ],
)
def test_a_human_is_never_taken_for_a_robot(header: str) -> None:
    assert judged(header, "The claim was rejected, user unknown. What now?").verdict is Verdict.QUESTION


def test_a_letter_that_names_ours_is_a_follow_up_newest_first() -> None:
    found = judged(
        "References: <1@consultant.example> <x@clinic.example> <2@consultant.example>\nIn-Reply-To: <2@consultant.example>"
    )
    assert found.verdict is Verdict.FOLLOW_UP
    assert found.concerns == ("<2@consultant.example>", "<1@consultant.example>")


def test_a_letter_that_names_only_strangers_is_no_follow_up() -> None:
    assert judged("References: <1@not-consultant.example>").verdict is Verdict.QUESTION


@pytest.mark.parametrize(
    "header", ["Message-ID: <9@consultant.example>", "X-Consultant-Loop: 1", "From: desk@consultant.example"]
)
def test_our_own_letters_go_round_only_once(header: str) -> None:
    assert judged(header).verdict is Verdict.OWN_LOOP


def test_a_question_from_the_web_may_carry_our_own_message_id() -> None:
    found = judged("Message-ID: <9@consultant.example>", envelope=Envelope("web", "coding@consultant.example", "9"))
    assert found.verdict is Verdict.QUESTION


@pytest.mark.parametrize(
    ("body", "recipient", "code", "permanent"),
    [
        ("<gone@clinic.example>: host said: 550 5.1.1 User unknown", "gone@clinic.example", "5.1.1", True),
        ("gone@clinic.example\n  550 no such user here", "gone@clinic.example", "5.0.0", True),
        ("<full@clinic.example>: 452 4.2.2 mailbox full", "full@clinic.example", "4.2.2", False),
    ],
)
def test_a_bounce_in_words_tells_whom_and_why(body: str, recipient: str, code: str, permanent: bool) -> None:
    found = judged("From: MAILER-DAEMON@mx.example\nSubject: failure notice", body)
    assert (found.verdict, found.recipient, found.code, found.permanent) == (Verdict.BOUNCE, recipient, code, permanent)


def test_a_letter_from_nobody_is_refused() -> None:
    assert judged("From: \nSubject: x").verdict is Verdict.REFUSED


def test_an_empty_letter_is_unreadable() -> None:
    assert triage.judge(letter.read(b""), HOUSE).verdict is Verdict.UNREADABLE


SHARED = Path(__file__).parents[1].parent / "shared" / "mail"


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the corpus of real bounces is not here ({os.path.relpath(SHARED)})")
def test_no_real_letter_of_the_corpus_is_a_mistaken_bounce() -> None:
    humans = [path for folder in ("talon", "django_helpdesk") for path in (SHARED / folder).rglob("*.eml")]
    verdicts = {path.name: triage.judge(letter.read(path.read_bytes()), HOUSE).verdict for path in humans}
    assert {name for name, verdict in verdicts.items() if verdict in {Verdict.BOUNCE, Verdict.AUTOMATIC}} == set()
