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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "He was here 14 months ago with a sprained ankle. Today a sore throat, low decision making. Is he a new patient?",
            "99213",
        ),
        ("She came to us two years ago for her knee. Now a cough, moderate MDM. New patient code?", "99214"),
        ("Last treated in our clinic 4 years ago, moderate MDM today. Which visit code?", "99204"),
    ],
)
def test_who_was_here_within_three_years_is_known(text: str, code: str, book: Codebook) -> None:
    assert answered(text, book).report == (code,)


def test_who_was_here_for_some_weeks_tells_no_earlier_visit() -> None:
    asked = question.read("Her sister was here for two weeks. New patient, low MDM.", today=TODAY)
    assert not [fact for fact in asked.facts if fact.dimension == "since_visit"]


def test_an_advantage_plan_goes_by_medicares_table(book: Codebook) -> None:
    answer = answered(
        "Medicare Advantage, established patient, office visit by time, 75 minutes of the doctor on that date. Codes?", book
    )
    assert {"99215", "G2212"} <= set(answer.report)


def test_a_discharge_that_begins_transitional_care_is_no_line(book: Codebook) -> None:
    told = "Discharged from hospital observation. Our nurse called the next day, doctor saw her on day 6, high MDM. TCM code?"
    assert answered(told, book).report == ("99496",)


def test_a_medical_assistant_is_no_assistant_at_surgery() -> None:
    told = question.read("Our medical assistant took the pressure, may 99211 go out?", today=TODAY)
    assert not [fact for fact in told.facts if (fact.dimension, fact.value) == ("ask", "assistant")]
    helped = question.read("Dr. Lee was assistant surgeon, 27130.", today=TODAY)
    assert [fact for fact in helped.facts if (fact.dimension, fact.value) == ("ask", "assistant")]


def test_another_diagnosis_for_the_visit_asks_for_no_code_of_it() -> None:
    told = question.read("Does 99213-25 need a different diagnosis than the injection?", today=TODAY)
    assert not [fact for fact in told.facts if (fact.dimension, fact.value) == ("ask", "diagnosis code")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            "Hospitalist discharged her from acute, 35 min. Same doctor admitted her that day to the rehab hospital, high MDM.",
            {"99239", "99223"},
        ),
        (
            "Same internist discharged him from the hospital and that day admitted him to the psychiatric unit, moderate MDM.",
            {"99238", "99222"},
        ),
    ],
)
def test_two_stays_that_meet_on_one_day_are_two_lines(text: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) == codes


def test_one_chart_makes_no_new_admission(book: Codebook) -> None:
    told = (
        "Same internist discharged him from acute care, 35 minutes, and that day admitted him to the rehab unit, same chart,"
        " high MDM. Both?"
    )
    assert not {"99239", "99223"} <= set(answered(told, book).report)


def test_the_day_of_the_birth_is_no_later_day_of_the_stay(book: Codebook) -> None:
    told = (
        "Our OB admitted her Monday at 31 weeks for preterm labor, moderate MDM, saw her Tuesday, moderate MDM; on Wednesday she"
        " delivered vaginally. Commercial. What besides 59400?"
    )
    assert answered(told, book).units["99232"] == 1
