"""How a case moves, who wins, and what the trail says."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from consultant import audit, lifecycle
from consultant.lifecycle import MOVES, NotAllowed, Overtaken, move, note
from consultant.models import Case, Event
from consultant.vocabulary import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    case = Case(status=Status.RECEIVED)
    lifecycle.begin(case, "door:smtp", size=12)
    return case


def unguarded(statement: str) -> None:
    """What somebody with the database's password could do: take the guard away, change the rows."""
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            on = " ON consultant_event" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS event_{verb}_refused{on}")
        cursor.execute(statement)


def guard_deletion() -> None:
    """The migration's own trigger, which conftest takes away so that tables can be emptied between tests."""
    migration = import_module("consultant.migrations.0002_trail_and_roles")
    [guard] = [guard for guard in migration.GUARDS if (guard["table"], guard["verb"]) == ("event", "delete")]
    with connection.cursor() as cursor:
        cursor.execute(migration.SQLITE[0].format(**guard))


def test_a_move_changes_the_row_and_writes_one_event(case: Case) -> None:
    event = move(case, Status.ACCEPTED, "engine", reason="a question")
    case.refresh_from_db()
    assert (case.status, case.events_count, case.events_head) == (Status.ACCEPTED, 2, event.digest)
    assert (event.before, event.after, event.facts) == ("received", "accepted", {"reason": "a question"})


def test_of_two_who_move_the_same_case_the_second_is_overtaken(case: Case) -> None:
    same = Case.objects.get(pk=case.pk)
    move(case, Status.ACCEPTED, "engine")
    with pytest.raises(Overtaken):
        move(same, Status.SET_ASIDE, "engine")
    case.refresh_from_db()
    assert (case.status, case.events.count()) == (Status.ACCEPTED, 2)


def test_a_note_in_between_overtakes_a_decision_made_on_the_older_page(case: Case) -> None:
    same = Case.objects.get(pk=case.pk)
    note(case, "user:alice", "claimed")
    with pytest.raises(Overtaken):
        move(same, Status.ACCEPTED, "engine")


def test_a_move_that_the_table_does_not_have_is_refused_and_leaves_no_trace(case: Case) -> None:
    with pytest.raises(NotAllowed, match="can't go from “received” to “sent”"):
        move(case, Status.SENT, "engine")
    assert case.events.count() == 1


def test_no_way_leads_to_sending_but_through_an_approval() -> None:
    assert {before for before, after in MOVES.items() if Status.SENDING in after} == {Status.APPROVED}
    approvable = {before for before, after in MOVES.items() if Status.APPROVED in after}
    assert approvable == {Status.DRAFTED, Status.SENDING, Status.FAILED, Status.UNKNOWN}


def test_every_status_can_be_reached_and_has_a_row() -> None:
    assert set(MOVES) == set(Status)
    assert set().union(*MOVES.values()) == set(Status)


def test_a_move_clears_what_went_wrong_before(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(tries=2, trouble="A step failed.")
    case.refresh_from_db()
    move(case, Status.ACCEPTED, "engine")
    case.refresh_from_db()
    assert (case.tries, case.trouble, case.retry_after) == (0, "", None)


def test_a_whole_trail_has_no_problems(case: Case) -> None:
    move(case, Status.ACCEPTED, "engine", n=1.5, words=["a", "ü"])
    assert audit.verify(Case.objects.get(pk=case.pk)) == []


def test_a_changed_event_is_found_and_named(case: Case) -> None:
    move(case, Status.ACCEPTED, "engine", reason="a question")
    move(case, Status.CLASSIFIED, "engine")
    unguarded(f"UPDATE consultant_event SET actor = 'user:mallory' WHERE case_id = {case.pk} AND seq = 2")
    problems = audit.verify(Case.objects.get(pk=case.pk))
    assert len(problems) == 1
    assert "event 2 (move" in problems[0]
    assert "was changed" in problems[0]


def test_a_removed_event_is_found_and_named(case: Case) -> None:
    move(case, Status.ACCEPTED, "engine")
    move(case, Status.CLASSIFIED, "engine")
    unguarded(f"DELETE FROM consultant_event WHERE case_id = {case.pk} AND seq = 2")
    assert "event 2 is missing" in audit.verify(Case.objects.get(pk=case.pk))[0]


def test_a_trail_cut_off_at_the_end_is_found(case: Case) -> None:
    move(case, Status.ACCEPTED, "engine")
    unguarded(f"DELETE FROM consultant_event WHERE case_id = {case.pk} AND seq = 2")
    problems = audit.verify(Case.objects.get(pk=case.pk))
    assert "cut off: 2 events were written, the last found is 1" in problems[0]
    assert "the trail ends in “received”, but the case says “accepted”" in problems[1]


def test_a_status_changed_behind_the_trails_back_is_found(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(status=Status.SENT)
    assert "the case says “sent”" in audit.verify(Case.objects.get(pk=case.pk))[0]


def test_the_database_itself_refuses_to_change_or_delete_an_event(case: Case) -> None:
    if connection.vendor == "sqlite":
        guard_deletion()
    for statement in ("UPDATE consultant_event SET actor = 'x'", "DELETE FROM consultant_event"):
        with pytest.raises(Exception, match="an event is"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert case.events.count() == 1


def test_an_event_refuses_to_be_saved_again_or_deleted(case: Case) -> None:
    event = case.events.get()
    with pytest.raises(TypeError, match="written once"):
        event.save()
    with pytest.raises(TypeError, match="never deleted"):
        event.delete()


def test_two_events_can_not_take_the_same_place(case: Case) -> None:
    twin = Event(case=case, seq=1, at=case.created_at, actor="x", kind="x", after="received", digest="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
