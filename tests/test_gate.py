"""What may leave, and when: the switch for all sending, the time for second thoughts, the caps. Alice reviews, Dora audits."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from consultant import correspondence, gate, review, steering
from consultant.delivery import Outcome
from consultant.models import Acknowledgement, Case, Flip
from consultant.vocabulary import Status
from tests.conftest import letter, sent_files
from tests.guards import unguarded

Mail = Callable[..., Case]
pytestmark = pytest.mark.django_db(transaction=True)


def at_desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def approved(case: Case, user: User) -> Case:
    review.approve(case, user, version=case.drafts.count(), letters=1)
    return advanced(case)


def advanced(case: Case) -> Case:
    steering.advance(case.pk)
    case.refresh_from_db()
    return case


def another(mail: Mail, number: int, who: str = "maria") -> Case:
    sender = f"{who}@clinic.example"
    return mail(letter(message_id=f"<q{number}@clinic.example>", sender=sender, text=f"Code for N39.{number}?"), mail_from=sender)


# --- the switch -------------------------------------------------------------------------------------------------------


def test_alice_stops_everything_from_the_desk_and_lets_it_go_on(mail: Mail, alice: User, outbox: Path) -> None:
    desk, case = at_desk_of(alice), mail()
    desk.post("/house/switch", {"sending": "off", "why": "a wrong fee schedule"})
    approved(case, alice)
    assert (case.status, case.trouble, sent_files(outbox)) == (Status.APPROVED, gate.HELD, [])
    for address in ("/queue", f"/case/{case.pk}", "/outbox", "/house", "/lookup", "/mine"):
        page = desk.get(address).content.decode()
        assert "Sending is switched off" in page, address
        assert "a wrong fee schedule" in page, address
    assert desk.get("/health").json()["sending"] == "off"

    desk.post("/house/switch", {"sending": "on"})
    advanced(case)
    assert case.status == Status.SENT
    assert desk.get("/health").json()["sending"] == "on"
    assert "Sending is switched off" not in desk.get("/queue").content.decode()


def test_a_switch_turned_while_the_mail_is_being_built_still_stops_it(
    mail: Mail, alice: User, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, outgoing = mail(), correspondence.outgoing

    def turned_meanwhile(reply: object) -> object:
        gate.turn(False, "operator")
        return outgoing(reply)  # type: ignore[arg-type]

    monkeypatch.setattr(correspondence, "outgoing", turned_meanwhile)
    approved(case, alice)
    assert (case.status, sent_files(outbox)) == (Status.APPROVED, [])
    assert gate.HELD in case.trouble


def test_receipts_wait_too_and_leave_when_it_goes_on(mail: Mail, outbox: Path) -> None:
    gate.turn(False, "operator")
    case = mail()
    correspondence.acknowledge(case.pk)
    assert sent_files(outbox) == []
    gate.turn(True, "operator")
    correspondence.acknowledge(case.pk)
    assert len(sent_files(outbox)) == 1


def test_nothing_goes_out_past_the_switch_even_by_the_last_door(outbox: Path, alice: User) -> None:
    gate.turn(False, "user:alice")
    result = correspondence.dispatch(b"Subject: x\r\n\r\nx\r\n", "<x@y>", ("maria@clinic.example",), "")
    assert (result.outcome, result.response, sent_files(outbox)) == (Outcome.LATER, gate.HELD, [])


def test_an_auditor_and_an_asker_see_the_switch_and_can_not_turn_it(dora: User, charlie: User) -> None:
    for user in (dora, charlie):
        assert at_desk_of(user).post("/house/switch", {"sending": "off"}).status_code == 403
    assert gate.standing().on
    assert "Stop all sending" not in at_desk_of(dora).get("/house").content.decode()
    gate.turn(False, "user:erin", "Harold Jenkins")
    page = at_desk_of(charlie).get("/mine").content.decode()
    assert "Answers wait until it is switched on again" in page
    assert "Jenkins" not in page


def test_every_turn_stands_in_a_trail_that_shows_who_changed_it(alice: User) -> None:
    gate.turn(False, "user:alice", "a\r\nwrong\tbook")
    gate.turn(False, "user:bob")
    gate.turn(True, "operator")
    assert [(flip.seq, flip.on, flip.actor, flip.why) for flip in Flip.objects.all()] == [
        (1, False, "user:alice", "a wrong book"),
        (2, True, "operator", ""),
    ]
    assert list(gate.verify()) == []
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        Flip.objects.filter(seq=1).update(actor="user:bob")
    with pytest.raises(TypeError):
        Flip.objects.get(seq=1).delete()
    with unguarded("flip_update_refused"), connection.cursor() as cursor:
        cursor.execute("UPDATE consultant_flip SET actor = 'user:bob' WHERE seq = 1")
        assert ["turn 1" in problem for problem in gate.verify()] == [True]
        cursor.execute("UPDATE consultant_flip SET actor = 'user:alice' WHERE seq = 1")


def test_the_operator_turns_it_by_a_command(settings: pytest.FixtureRequest) -> None:
    def said(*words: str) -> str:
        out = StringIO()
        call_command("sending", *words, stdout=out)
        return out.getvalue().strip()

    assert said() == "Sending is on."
    assert re.fullmatch(r"Sending is off since [\d: -]+, by operator \(a leak\)\.", said("off", "--why", "a leak"))
    assert said("on").startswith("Sending is on since")
    settings.SENDING = False  # type: ignore[attr-defined]
    assert said() == "Sending is off (CONSULTANT_SENDING=no)."
    with pytest.raises(CommandError, match="stays off"):
        said("on")


def test_the_setting_is_stronger_than_the_button(alice: User, settings: pytest.FixtureRequest) -> None:
    settings.SENDING = False  # type: ignore[attr-defined]
    desk = at_desk_of(alice)
    page = desk.post("/house/switch", {"sending": "on"}, follow=True).content.decode()
    assert "Sending stays off" in page
    assert not gate.standing().on


# --- second thoughts --------------------------------------------------------------------------------------------------


@pytest.fixture
def half_a_minute(settings: pytest.FixtureRequest) -> None:
    settings.UNDO_SECONDS = 30  # type: ignore[attr-defined]


@pytest.mark.usefixtures("half_a_minute")
def test_nothing_leaves_before_the_time_is_over_and_then_it_does(mail: Mail, alice: User, outbox: Path) -> None:
    with time_machine.travel("2026-11-16 15:00:00+00:00", tick=False) as clock:
        case = approved(mail(), alice)
        Case.objects.update(retry_after=None)  # whoever wakes it early changes nothing
        advanced(case)
        clock.shift(29)
        steering.sweep()
        advanced(case)
        assert (case.status, sent_files(outbox)) == (Status.APPROVED, [])
        clock.shift(3)
        advanced(case)
        assert (case.status, len(sent_files(outbox))) == (Status.SENT, 1)


@pytest.mark.usefixtures("half_a_minute")
def test_alice_sees_the_seconds_left_and_undoes_it(mail: Mail, alice: User, outbox: Path) -> None:
    desk, case = at_desk_of(alice), mail()
    with time_machine.travel("2026-11-16 15:00:00+00:00", tick=False) as clock:
        said = desk.post(f"/case/{case.pk}/do/approve", {"version": 1, "letters": 1}, follow=True).content.decode()
        assert "leaves in 30 seconds" in said
        assert f'<a href="/case/{case.pk}">look at it, or undo</a>' in said
        clock.shift(10)
        page = desk.get(f"/case/{case.pk}").content.decode()
        assert re.search(r'data-until="2026-11-16T[^"]+">20 s<', page)
        assert ">Undo<" in page
        desk.post(f"/case/{case.pk}/do/take-back")
        clock.shift(60)
        advanced(case)
    assert (case.status, sent_files(outbox)) == (Status.DRAFTED, [])
    assert case.replies.get().voided_at


@pytest.mark.usefixtures("half_a_minute")
def test_a_mail_sent_again_by_hand_can_be_undone_as_well(mail: Mail, alice: User, outbox: Path) -> None:
    with time_machine.travel("2026-11-16 15:00:00+00:00", tick=False) as clock:
        case = approved(mail(), alice)
        clock.shift(600)
        gate.turn(False, "operator")
        Case.objects.update(status=Status.FAILED)
        case.refresh_from_db()
        review.retry(case, alice)
        gate.turn(True, "operator")
        advanced(case)
        assert sent_files(outbox) == []
        clock.shift(31)
        assert advanced(case).status == Status.SENT


@pytest.mark.usefixtures("half_a_minute")
def test_a_worker_is_called_when_the_time_is_over(mail: Mail, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, float]] = []
    case = mail()
    monkeypatch.setattr("consultant.queue._publish", lambda task, case_id, after=0, good_for=None: calls.append((task, after)))
    review.approve(case, alice, version=1, letters=1)
    assert [task for task, after in calls if 29 < after < 31] == ["worker.advance"]


# --- caps -------------------------------------------------------------------------------------------------------------


def test_over_the_hourly_cap_a_mail_waits_says_so_and_leaves_when_the_hour_is_over(
    mail: Mail, alice: User, outbox: Path, settings: pytest.FixtureRequest
) -> None:
    settings.SENDS_PER_HOUR = 2  # type: ignore[attr-defined]
    with time_machine.travel("2026-11-16 15:00:00+00:00", tick=False) as clock:
        for number, who in enumerate(("ann", "ben")):
            assert approved(another(mail, number, who), alice).status == Status.SENT
            clock.shift(600)
        third = approved(another(mail, 2, "cleo"), alice)
        assert (third.status, len(sent_files(outbox))) == (Status.APPROVED, 2)
        assert third.trouble == "The limit of all mail, 2 an hour, is reached. It waits until 11:00."
        assert third.retry_after
        assert timedelta(minutes=39) < third.retry_after - timezone.now() < timedelta(minutes=41)
        assert third.trouble in at_desk_of(alice).get("/outbox").content.decode()
        clock.shift(41 * 60)
        assert advanced(third).status == Status.SENT


def test_one_recipient_is_not_flooded_while_others_get_theirs(mail: Mail, alice: User, settings: pytest.FixtureRequest) -> None:
    settings.SENDS_PER_RECIPIENT = 1  # type: ignore[attr-defined]
    assert approved(another(mail, 0), alice).status == Status.SENT
    held, other = approved(another(mail, 1), alice), approved(another(mail, 2, "dan"), alice)
    assert (held.status, other.status) == (Status.APPROVED, Status.SENT)
    assert "The limit for one recipient, 1 an hour" in held.trouble


def test_a_receipt_over_the_cap_is_kept_back(mail: Mail, outbox: Path, settings: pytest.FixtureRequest) -> None:
    settings.SENDS_PER_HOUR = 1  # type: ignore[attr-defined]
    for number, who in enumerate(("ann", "ben")):
        correspondence.acknowledge(another(mail, number, who).pk)
    assert len(sent_files(outbox)) == 1
    assert Acknowledgement.objects.filter(claimed_at=None).count() == 1


def test_without_caps_everything_leaves(mail: Mail, alice: User, settings: pytest.FixtureRequest) -> None:
    settings.SENDS_PER_HOUR = settings.SENDS_PER_RECIPIENT = 0  # type: ignore[attr-defined]
    assert {approved(another(mail, number), alice).status for number in range(3)} == {Status.SENT}


# --- the defaults -----------------------------------------------------------------------------------------------------


def test_without_a_word_from_the_operator_half_a_minute_and_the_caps_stand(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("CONSULTANT_")}
    ask = "from consultant import settings as s; print([s.UNDO_SECONDS, s.SENDS_PER_HOUR, s.SENDS_PER_RECIPIENT])"
    done = subprocess.run(
        [sys.executable, "-c", ask], env=env | {"CONSULTANT_DATA": str(tmp_path)}, capture_output=True, text=True
    )
    assert json.loads(done.stdout) == [30, 500, 20]
