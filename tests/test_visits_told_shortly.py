"""Visits that letters tell in few words: by what was decided, by a day, by one level in brackets."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import TODAY, answered


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("F/U for knee OA, doc changes meds, orders PT (moderate), then injects the right knee. Codes?", "99214"),
        ("F/u of her blood pressure, doc refilled the lisinopril, moderate. Visit code?", "99214"),
        ("25 min visit (moderate), established, what code?", "99214"),
        ("Est pt, 15 min visit (low). Code?", "99213"),
        ("Established, straightforward. Splinter pulled with tweezers, no cut. 10120?", "99212"),
        ("Established, moderate. He also burned off a wart on the hand. Codes?", "99214"),
    ],
)
def test_a_level_in_one_word_behind_what_was_decided_is_the_visit_s(letter: str, code: str, book: Codebook) -> None:
    assert code in answered(letter, book).report


def test_a_degree_of_what_ails_is_no_level_of_a_visit(book: Codebook) -> None:
    assert "99214" not in answered("F/U for asthma (moderate). Dx code?", book).report


def test_an_est_pt_is_a_patient_and_no_therapy(book: Codebook) -> None:
    answer = answered("est pt 32 min visit, level?", book)
    assert (answer.report, answer.ask_back) == (("99214",), "")


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("Discharged on 10/5, called 10/6, seen 10/11, high complexity MDM. What TCM code?", "99496"),
        ("dc 10/1 from hospital, nurse called 10/2, seen 10/13 moderate mdm. tcm?", "99495"),
        ("TCM: discharged 11/1, contacted 11/2, saw him 11/11, high mdm", "99495"),
        ("Discharged Friday, nurse called Monday, was in our office Wednesday, high complexity MDM. TCM code?", "99496"),
        (
            "Home from the hospital 9/8/26, nurse called 9/9/26. He was in our office 9/19/26. The MDM was high. TCM code?",
            "99495",
        ),
        ("TCM. Discharged Monday, called Tuesday. Was in our office on day 3. Moderate decision making. Code?", "99495"),
    ],
)
def test_days_without_a_year_tell_how_long_after_a_stay_the_visit_was(letter: str, code: str, book: Codebook) -> None:
    assert answered(letter, book).report == (code,)


def test_a_day_without_a_year_that_tells_of_no_stay_is_no_date() -> None:
    facts = question.read("Seen with 20/40 vision, called about lesion 2/3 healed.", today=TODAY).facts
    assert not any(fact.dimension in ("date", "date_of_service") for fact in facts)


@pytest.mark.parametrize(
    "letter",
    [
        "hospital visits: rounded in the am 99232 and again in the pm 99233 same day same doc. bill both?",
        "two hospital visits same day, 99232 in the morning and 99233 in the evening, which one?",
    ],
)
def test_two_hospital_visits_of_a_day_are_one_of_the_higher_level(letter: str, book: Codebook) -> None:
    answer = answered(letter, book)
    assert answer.report == ("99233",)
    assert "99232" in answer.do_not_report
    assert not answer.ask_back


def test_hospital_visits_of_two_specialties_are_two(book: Codebook) -> None:
    letter = "Hospitalist 99232 and the cardiologist of another group 99233, same day. Both?"
    assert "99232" not in answered(letter, book).do_not_report


def test_psychotherapy_hears_that_there_was_a_visit(book: Codebook) -> None:
    answer = answered("moderate MDM and 25 min psychotherapy, how do we code it", book)
    assert answer.report == ("90833",)
    assert any("99214" in statement.text for statement in answer.statements)


@pytest.mark.parametrize(
    ("letter", "visit"),
    [
        (
            "Six weeks after our surgeon fixed her hernia she is back with a new breast lump, moderate decision making. Bill?",
            "99214",
        ),
        (
            "Her carpal tunnel was released by us a month ago. Now she has another problem, gout in the toe, low MDM. Code?",
            "99213",
        ),
        ("Two months after we put in a new hip he comes with back pain, same doctor, moderate MDM. Is the visit paid?", "99214"),
    ],
)
def test_whoever_comes_back_to_the_surgeon_with_something_else_is_known_there(letter: str, visit: str, book: Codebook) -> None:
    assert visit in answered(letter, book).report


def test_a_check_after_an_operation_is_no_visit_for_something_else(book: Codebook) -> None:
    asked = answered(
        "Four weeks after we replaced her knee she comes in, it is stiff, doctor looks at it, low MDM. Bill a visit?", book
    )
    assert not {"99212", "99213", "99203"} & {*asked.report}


@pytest.mark.parametrize(
    ("letter", "visit"),
    [
        ("New patient, 5 yr old, well check, and an ear infection, antibiotic, moderate MDM. Codes?", "99204"),
        ("Established patient, 5 yr old, well check, and an ear infection, antibiotic, moderate MDM. Codes?", "99214"),
    ],
)
def test_the_visit_that_the_letter_decides_takes_the_place_of_an_example(letter: str, visit: str, book: Codebook) -> None:
    asked = answered(letter, book)
    assert visit in asked.report
    assert "99213" not in asked.report


def test_she_is_twelve_and_has_a_childs_examination(book: Codebook) -> None:
    asked = answered("She is 12, established with us, full physical. CPT and dx?", book)
    assert {"99394", "Z00.129"} <= {*asked.report}
    assert "Z00.00" not in asked.report


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("Office visit, established, moderate, and 5 minutes of smoking talk. commercial. Codes?", "99214"),
        ("Established patient, office visit moderate with 12 minutes of smoking counseling. Codes?", "99214"),
        ("New patient, office visit, low, and a mole shaved off the arm, 0.4 cm. Codes?", "99203"),
    ],
)
def test_a_level_between_commas_is_the_visit_s_whatever_stands_beside_it(letter: str, code: str, book: Codebook) -> None:
    assert code in answered(letter, book).report


def test_a_visit_for_high_blood_pressure_has_no_level_yet(book: Codebook) -> None:
    assert "99215" not in answered("Office visit, high blood pressure and a cough, established. Code?", book).report


@pytest.mark.parametrize(
    ("letter", "report"),
    [
        ("Seen in the ER last week. Today in the clinic, established, low decision making. Code?", ("99213",)),
        ("She was in the nursing home last month. Now in our office, established, low decision making. Which E/M?", ("99213",)),
        ("Discharged from the hospital three months ago. Today office visit, established, moderate MDM. Code?", ("99214",)),
        ("ER visit, moderate decision making. He was in the hospital last week. Code for our ER doctor?", ("99284",)),
    ],
)
def test_where_a_patient_was_before_is_no_place_of_today_s_visit(letter: str, report: tuple[str, ...], book: Codebook) -> None:
    assert answered(letter, book).report == report
