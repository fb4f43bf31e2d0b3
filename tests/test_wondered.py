"""What a patient only wanted to know, how a work went, an older child's birth: told in a letter beside its matter."""

from __future__ import annotations

from time import perf_counter

import pytest

from consultant import question
from consultant.codebook import Codebook
from consultant.question.wondered import wondered
from tests.asking import answered


def aside(text: str) -> str:
    return " | ".join(fact.span.text for fact in wondered(text))


def denied(text: str) -> str:
    return " | ".join(fact.span.text for fact in question.read(text).facts if fact.dimension == "negated")


def reported(text: str, book: Codebook) -> tuple[str, ...]:
    return answered(text, book).report


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("The patient only wants to know when he can golf again.", "golf again"),
        ("He asked about the shingles shot too but that is for the pharmacy.", "shingles"),
        ("Her son asked whether she could be seen for her ear.", "ear"),
        ("She is upset about a bill from anesthesia.", "anesthesia"),
        ("Mrs. Lund asked about Botox, which we declined.", "Botox"),
    ],
)
def test_what_a_patient_only_wonders_is_beside_the_matter(text: str, beside: str) -> None:
    assert beside in aside(text)


@pytest.mark.parametrize(
    "text",
    [
        "She asked about a mole on her back and the doctor shaved it off.",
        "The patient asked whether Medicare covers a second pair of glasses.",
        "He asked if we could look at his ear, so we flushed it.",
        "Mom wants to know if the circumcision was billed twice.",
        "The patient asked about his knee.",
        "He called about chest pain.",
    ],
)
def test_what_was_then_done_or_is_the_billers_own_is_not(text: str) -> None:
    assert aside(text) == ""


def test_how_it_went_ends_a_denial() -> None:
    assert "B12" not in denied("It was placed without any trouble and a B12 shot followed.")
    assert "urine" not in denied("The coil went in without a hitch the same day we did a urine test.")
    assert "swelling" in denied("No problems or swelling.")


def test_a_problem_that_was_not_found_is_no_manner() -> None:
    assert denied("Well child check, no problems found.").endswith("found")
    assert denied("Knee scoped, no issues were seen.").endswith("seen")


def test_what_is_no_issue_is_denied() -> None:
    assert "rabies" in denied("A dog bite, rabies is not an issue.")
    assert "Money" in denied("Money isn't a concern.")


def test_the_birth_of_an_older_child_is_not_this_one() -> None:
    assert "born" in denied("30 weeks, her first was born in Lisbon.")
    assert "born" not in denied("Twins: the first was born at home.")
    assert "delivered" not in denied("The first was delivered by c-section, this one vaginally.")


def test_a_vaccine_that_was_only_asked_about_was_not_given(book: Codebook) -> None:
    got = reported(
        "Medicare, high dose flu shot for a man of 71, and he also asked about the shingles vaccine but that one is for the "
        "pharmacy. Codes for what we gave?",
        book,
    )
    assert {"G0008", "90662"} <= {*got}
    assert "90471" not in got


def test_the_minutes_of_the_whole_appointment_bring_no_second_therapy(book: Codebook) -> None:
    got = reported(
        "Psychiatrist, established patient, moderate decision making, and 25 minutes of psychotherapy with its own times. Door "
        "to door it was 50 min. He wrote 99215 and 90834. What goes out?",
        book,
    )
    assert {"99214", "90833"} <= {*got}
    assert "90836" not in got


def test_a_scope_that_was_turned_into_the_open_operation_is_not_reported_beside_it(book: Codebook) -> None:
    got = reported(
        "Right carpal tunnel, begun through the scope, no view at all, converted and finished open. The nurse thinks we bill "
        "29848 with 53 besides. What goes out?",
        book,
    )
    assert "64721" in got
    assert "29848" not in got


def test_a_letter_of_nothing_but_wondering_is_read_in_a_moment() -> None:
    text = "the patient, who is here now, only asked whether " * 3000
    began = perf_counter()
    wondered(text)
    assert perf_counter() - began < 5
