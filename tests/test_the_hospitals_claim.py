"""Letters about the claim of a hospital, a surgery centre or a dialysis unit, and what their words do not ask for."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    "text",
    [
        "Hospital claim: observation order 3:20 pm Tuesday, she was discharged Wednesday 11:10 am. Units of observation?",
        "UB for observation: order at 8 pm, care over and discharged at 6 am. How many hours of observation?",
    ],
)
def test_a_hospital_that_counts_observation_is_given_no_discharge_visit(text: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert "G0378" in answer.report
    assert not {"99238", "99239"} & set(answer.report)


def test_the_hospitalists_visits_stay_beside_the_hospitals_hours(book: Codebook) -> None:
    text = "Hospital claim has 30 observation hours. What does our hospitalist bill for the discharge, 40 minutes?"
    assert "99239" in answered(text, book).report


@pytest.mark.parametrize(
    "text",
    [
        "Inpatient rehab hospital: he went to acute care on Friday and returned to us Sunday. New admission?",
        "IRF patient went to the acute hospital for two nights and came back. Is it a second admission for payment?",
    ],
)
def test_a_stay_that_a_card_explains_is_not_asked_for_its_visits(text: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert answer.answered
    assert "interrupted stay" in answer.verdict


@pytest.mark.parametrize(
    "text",
    [
        "Endoscopy center, facility claim. She had propofol. Diagnostic colonoscopy and EGD in one session. Codes?",
        "Endoscopy center, Medicare. Both were planned under propofol. Diagnostic EGD and colonoscopy were done. Codes?",
    ],
)
def test_a_centre_that_tells_propofol_is_given_no_anaesthetic(text: str, book: Codebook) -> None:
    assert not any(code.startswith("00") for code in answered(text, book).report)


def test_the_anaesthetist_of_a_centre_has_her_line(book: Codebook) -> None:
    text = "Endoscopy center. Our CRNA gave propofol for a diagnostic EGD. Anesthesia code?"
    assert "00731" in answered(text, book).report


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (
            "Hemodialysis line of our unit: he runs by his tunneled catheter, a fistula was created in May. Access modifier?",
            "-V5",
        ),
        ("ESRD claim, she had a loop graft placed last year and runs by it. Which access modifier on the dialysis line?", "-V6"),
    ],
)
def test_an_access_that_the_dialysis_claim_tells_is_not_made_today(text: str, sign: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert {"90999", sign} <= set(answer.report)
    assert not any(code.startswith("36") for code in answer.report)


@pytest.mark.parametrize(
    "text",
    [
        "Home health agency: LPN spent 30 minutes teaching the wife to give the insulin shots. G code?",
        "Home health RN, 45 minutes, taught him how to give his heparin injections. Which G code?",
    ],
)
def test_a_shot_that_is_taught_is_not_given(text: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert {"G0495", "G0496"} & set(answer.report)
    assert "96372" not in answer.report
    assert not any(code.startswith("J") for code in answer.report)


@pytest.mark.parametrize(
    "text",
    [
        "99213 with our doctor for the sugar, then 45 minutes of psychotherapy with our LCSW, 90834. Both payable?",
        "NP visit 99214 and an hour later a 45 minute counseling session by our therapist, 90834, same day.",
    ],
)
def test_what_takes_the_place_of_a_line_is_not_refused(text: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert "90834" in answer.report
    assert "90834" not in answer.do_not_report
    assert "90836" not in answer.report


@pytest.mark.parametrize(
    "letter",
    [
        "Scope and propofol: ASC claim, EGD with biopsy under propofol. Code for the ASC?",
        "We are an ASC. EGD under deep sedation, biopsies of the stomach. CPT?",
    ],
)
def test_how_a_patient_slept_sends_no_work_away_at_a_centre(letter: str, book: Codebook) -> None:
    assert set(answered(letter, book).report) == {"43239"}


def test_the_one_who_gave_the_propofol_there_still_gets_a_code(book: Codebook) -> None:
    assert "00731" in answered("CRNA gave propofol for EGD in an ASC, what anesthesia code?", book).report
