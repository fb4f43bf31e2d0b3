"""What was answered before is found again, with the facts that differ; a draft that contradicts it says so."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from consultant import precedents, review, steering
from consultant.models import Case, Precedent
from consultant.vocabulary import Answer, Findings, Status, load
from tests.conftest import letter

pytestmark = pytest.mark.django_db(transaction=True)
Mail = Callable[..., Case]

HEEL = "Heel ulcer, 12 sq cm debrided down to fat with a curette. Which code?"


def asked(mail: Mail, text: str, name: str) -> Case:
    return mail(
        letter(text, message_id=f"<{name}@x>", sender=f"{name} <{name}@clinic.example>"), mail_from=f"{name}@clinic.example"
    )


def approve(case: Case, by: User) -> Case:
    review.approve(case, by, version=case.drafts.count(), letters=1)
    steering.advance(case.pk)
    case.refresh_from_db()
    assert case.status == Status.SENT
    return case


def likeness(case: Case) -> list[precedents.Likeness]:
    answer = case.drafts.last().answer  # type: ignore[union-attr]
    return precedents.like(case, load(Findings, case.findings), load(Answer, answer))


def test_a_letter_like_an_answered_one_shows_it_with_the_fact_that_differs(mail: Mail, alice: User) -> None:
    first = approve(asked(mail, HEEL, "ana"), alice)
    second = asked(mail, "Heel ulcer, 45 sq cm debrided down to fat with a curette. Which code?", "ben")
    (found,) = likeness(second)
    assert found.precedent.case == first
    assert [(d.dimension, d.here, d.there) for d in found.differences] == [("area_sq_cm", "45", "12")]
    assert found.contradiction == ""
    assert second.contradicts is None


def test_the_same_question_again_agrees_and_nothing_is_flagged(mail: Mail, alice: User) -> None:
    approve(asked(mail, HEEL, "ana"), alice)
    second = asked(mail, HEEL, "ben")
    (found,) = likeness(second)
    assert (found.score, found.differences, found.contradiction) == (1.0, (), "")


def test_a_letter_about_something_else_finds_nothing(mail: Mail, alice: User) -> None:
    approve(asked(mail, HEEL, "ana"), alice)
    assert likeness(asked(mail, "What is the CPT code for pelvic floor biofeedback, first 15 minutes?", "ben")) == []


def test_what_was_declined_or_is_only_approved_is_no_precedent(mail: Mail, alice: User) -> None:
    case = asked(mail, HEEL, "ana")
    review.decline(case, alice, version=1, letters=1, reason="not ours", tell=False)
    assert not Precedent.objects.exists()


def test_a_draft_that_says_otherwise_on_the_same_facts_is_flagged_in_the_trail_and_on_the_page(
    mail: Mail, alice: User, client: Client
) -> None:
    first = approve(asked(mail, HEEL, "ana"), alice)
    Precedent.objects.filter(case=first).update(report=["97597"])  # as if the book had known it otherwise then
    second = asked(mail, HEEL, "ben")
    assert second.contradicts == first
    drafted = second.events.get(after=Status.DRAFTED)
    assert drafted.facts["contradicts"] == first.number
    client.force_login(alice)
    assert f"On the same facts {first.number} was answered with 97597." in client.get(f"/case/{second.pk}").content.decode()
    assert f"Not what {first.number} was answered on the same facts" in client.get("/queue").content.decode()


def test_the_draft_that_a_reviewer_put_right_by_hand_is_flagged_when_it_comes_again(mail: Mail, alice: User) -> None:
    first = asked(mail, HEEL, "ana")
    review.edit(first, alice, version=1, letters=1, text="Hello Ana,\n\nReport 97597: only slough was removed.")
    approve(first, alice)
    second = asked(mail, HEEL, "ben")
    assert second.contradicts == first
    assert likeness(second)[0].contradiction == f"On the same facts the same draft was put right by hand in {first.number}."


def test_the_page_shows_the_facts_side_by_side(mail: Mail, alice: User, client: Client) -> None:
    approve(asked(mail, HEEL, "ana"), alice)
    second = asked(mail, "Heel ulcer, 45 sq cm debrided down to fat with a curette. Which code?", "ben")
    client.force_login(alice)
    page = client.get(f"/case/{second.pk}").content.decode()
    assert "Answered before" in page
    assert "<td>45</td><td>12</td>" in page


def test_an_unanswered_draft_contradicts_nobody(mail: Mail, alice: User) -> None:
    first = approve(asked(mail, HEEL, "ana"), alice)
    Precedent.objects.filter(case=first).update(report=["97597"])
    second = asked(mail, HEEL, "ben")
    answer = load(Answer, second.drafts.last().answer)  # type: ignore[union-attr]
    from dataclasses import replace

    findings = load(Findings, second.findings)
    assert precedents.contradicted(second, findings, replace(answer, answered=False)) is None
    assert precedents.contradicted(second, findings, answer) == first
