"""A diagnosis that a letter on services only tells as the reason: no line of the answer, unless it is asked for."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered as answer


def diagnoses(text: str, book: Codebook) -> list[str]:
    return [code for code in answer(text, book).report if "." in code]


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("34 weeks, decreased fetal movement. NST in the office, reactive, read by our OB. Codes?", "59025"),
        ("7 month old got nirsevimab 100 mg, mom counseled by the doctor. What do we bill?", "90381"),
        ("Cigarette smoker, LDCT lung screening and the G0296 talk. Codes?", "71271"),
        ("Breast reduction on both sides for macromastia, back pain. What codes?", "19318"),
        ("Aranesp 60 mcg given for anemia of kidney disease, not on dialysis. Drug code and units?", "J0881"),
    ],
)
def test_the_reason_of_a_service_is_no_line(text: str, service: str, book: Codebook) -> None:
    assert service in answer(text, book).report
    assert not diagnoses(text, book)


@pytest.mark.parametrize(
    ("text", "diagnosis"),
    [
        ("Cigarette smoker, low dose CT for lung cancer screening. CPT and dx?", "F17.210"),
        ("High school player seen in the ED. Out about 20 minutes, CT clean. Which concussion code?", "S06.0X1A"),
        ("Lap appendectomy, turned out ruptured, converted to open. What do we bill?", "Z53.31"),
        ("Newborn check at 15 days old in the office, our group rounded on the baby in the nursery", "Z00.111"),
    ],
)
def test_what_is_asked_for_or_goes_with_the_service_stays(text: str, diagnosis: str, book: Codebook) -> None:
    assert diagnosis in answer(text, book).report


def test_a_code_alone_in_a_question_sends_no_family_away(book: Codebook) -> None:
    assert "99484" in answer("General BHI, 20 minutes of clinical staff time this month. 99492?", book).report


def test_a_letter_that_only_tells_keeps_what_a_rule_says_of_its_diagnosis(book: Codebook) -> None:
    assert "Z15.01" in answer("BRCA positive, healthy breasts still in, came to talk over prophylactic removal.", book).report
    assert "Z86.0101" in answer("Three year surveillance colonoscopy, adenomatous polyps last time, all clean", book).report


def test_a_cold_does_not_explain_a_limb(book: Codebook) -> None:
    told = answer("Cough and left knee pain, assessment URI. Is the knee coded too?", book).report
    assert "M25.562" in told
    assert "M25.562" not in answer("Left knee pain, final diagnosis osteoarthritis of the left knee. Dx?", book).report
