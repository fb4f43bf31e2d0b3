"""Visits as letters tell them: whose patient it is, which payer, which place, and what an earlier operation leaves of it."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import TODAY, answered


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("Medicare patient, is it 95 like the commercial ones?", "medicare"),
        ("A Cigna plan. Same as with Medicare, or does 99417 go?", "commercial"),
        ("Medicare first and a commercial plan second", ""),
    ],
)
def test_a_payer_that_is_only_compared_with_is_no_second_one(text: str, payer: str) -> None:
    assert question.read(text, today=TODAY).payer == payer


def test_a_place_that_is_put_right_leaves_the_visit_on_its_line(book: Codebook) -> None:
    answer = answered("Medicare patient, 99203 by video from her home. Do we put 95 with POS 11?", book)
    assert {"99203", "POS-10"} <= set(answer.report)
    assert {"-95", "POS-11"} <= set(answer.do_not_report)


def test_reading_and_technical_part_never_stand_on_one_line(book: Codebook) -> None:
    answer = answered("SNF resident in a Part A stay, hip film 73502 made and read in our office. Global to Medicare?", book)
    assert [line.modifiers for line in answer.lines if line.code == "73502"] == [("-26",)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TKA three weeks ago, same surgeon sees him in the office for new shoulder pain, low complexity", "99213"),
        ("Hip replaced 2 weeks ago, the same surgeon saw her in clinic for new elbow pain, moderate MDM", "99214"),
    ],
)
def test_an_operation_of_weeks_ago_is_no_line_of_the_surgeons_visit(text: str, code: str, book: Codebook) -> None:
    assert [(line.code, line.modifiers) for line in answered(text, book).lines] == [(code, ("-24",))]


def test_in_at_seven_and_home_at_six_is_a_stay_of_one_date(book: Codebook) -> None:
    assert answered("Obs patient in at 7 am and home at 6 pm the same date, moderate mdm", book).report == ("99235",)


def test_a_visit_has_its_code_under_whosever_number_it_goes(book: Codebook) -> None:
    letter = "NP saw est Medicare patient for 99213 under incident to, doctor in the suite. Who bills and what?"
    assert answered(letter, book).report == ("99213",)
    assert "99213" not in answered("Can a PA bill 99213 incident-to in the hospital?", book).report


@pytest.mark.parametrize(
    "letter",
    [
        "99213 for her asthma plus two allergy shots same day. Which modifier?",
        "Seen for asthma, 99213, and got two allergy shots. Modifier?",
    ],
)
def test_the_visit_that_is_named_has_the_25_beside_a_service_that_is_only_told(letter: str, book: Codebook) -> None:
    answer = answered(letter, book)
    assert {"95117", "99213", "-25"} <= set(answer.report)


def test_a_code_that_is_never_billed_beside_the_visit_wants_no_modifier(book: Codebook) -> None:
    answer = answered("Medicare, office 99214, pulse ox by the nurse. The 94760 keeps denying. Any modifier?", book)
    assert answer.answered
    assert "94760" in answer.do_not_report
