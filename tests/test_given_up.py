"""What a story thinks of and gives up, what desks guess, and what is another one's: none of it is this patient's diagnosis."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from consultant.question.scopes import read_scopes
from tests.asking import answered


def reported(text: str, book: Codebook) -> set[str]:
    return {*answered(text, book).report}


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("The ER first thought it was a kidney stone, the scan showed appendicitis.", "kidney stone"),
        ("Pneumonia was considered but not found, so it is bronchitis.", "Pneumonia"),
        ("They suspected flu, test negative.", "flu"),
        ("The scribe wrote shingles, but the doctor crossed that out.", "shingles"),
        ("Pulmonary embolism ruled out, pleurisy it is.", "Pulmonary embolism"),
        ("He injected nothing this time.", "injected"),
    ],
)
def test_what_was_thought_of_and_given_up_is_denied(text: str, guess: str) -> None:
    denied = [fact.span.text for fact in read_scopes(text) if fact.dimension == "negated"]
    assert any(guess in span for span in denied)


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("Assessment: acute bronchitis. The biller wants pneumonia on it. Which diagnosis code?", "J20.9", "J18.9"),
        ("Final diagnosis gout. The triage nurse wrote cellulitis. Diagnosis code?", "M10.9", "L03.90"),
        ("Hypothyroidism today. Another patient that day had gout. Dx codes?", "E03.9", "M10.9"),
        ("Gestational diabetes at 30 weeks, diet only. Her sister had it and took insulin. Dx codes?", "O24.410", "O24.414"),
        ("Alcohol dependence with withdrawal, no delirium, no seizures. Dx?", "F10.230", "F10.231"),
        ("No fracture, a sprain of the left ankle. What is the injury code?", "S93.402A", "S82.892A"),
        ("Came with fever and confusion. The attending documented sepsis. Dx codes?", "A41.9", "R50.9"),
    ],
)
def test_what_is_not_this_patients_brings_no_diagnosis(text: str, wanted: str, unwanted: str, book: Codebook) -> None:
    codes = reported(text, book)
    assert wanted in codes
    assert unwanted not in codes


def test_a_desks_word_counts_where_the_letter_tells_nothing_else(book: Codebook) -> None:
    assert "I10" in reported("My coder listed hypertension for the visit. Which diagnosis code is that?", book)


def test_a_disease_without_a_family_history_of_its_own_brings_no_arthritis(book: Codebook) -> None:
    assert "Z82.61" not in reported("Panic disorder, his brother has bipolar. Which dx codes?", book)


def test_a_condition_that_families_and_words_name_alike_is_an_answer_in_a_story(book: Codebook) -> None:
    text = (
        "Good morning, we had an old gentleman on Sunday who slipped on the ice by the church. The emergency doctor reads a"
        " displaced intertrochanteric fracture of the left femur, closed. His daughter complained about the parking, of course."
        " A coder here swears it must be pathological at his age. First time he is seen for it. Fracture code only please."
    )
    assert "S72.142A" in reported(text, book)


@pytest.mark.parametrize(
    "text",
    [
        "Back to the OR tomorrow for a washout. Today he did an I&D of the abscess of the thigh. Code?",
        "Taking her back to the OR next week for the flap. Today debrided muscle, 18 sq cm. Code and modifier?",
    ],
)
def test_a_return_that_is_to_come_is_none_of_today(text: str, book: Codebook) -> None:
    assert "-78" not in reported(text, book)


@pytest.mark.parametrize(
    ("letter", "visit", "kept_out"),
    [
        ("Established patient with cough, moderate MDM, chest x-ray and CBC ordered. Code for the visit?", "99214", "85025"),
        ("ED patient with fever, high MDM; cultures and a spinal tap ordered. Which code?", "99285", "62270"),
        ("Heart clinic, new patient, moderate MDM, echo and stress test ordered for next week. Codes?", "99204", "93306"),
    ],
)
def test_what_a_visit_only_ordered_is_no_line(letter: str, visit: str, kept_out: str, book: Codebook) -> None:
    report = answered(letter, book).report
    assert visit in report
    assert kept_out not in report


def test_a_test_that_was_ordered_and_run_here_stays(book: Codebook) -> None:
    letter = "Established patient, sore throat, low MDM, rapid strep ordered, our nurse ran it. Codes?"
    assert "87880" in answered(letter, book).report
