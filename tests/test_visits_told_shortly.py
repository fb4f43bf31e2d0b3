"""Visits that letters tell in few words: by what was decided, by a day, by one level in brackets."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("F/U for knee OA, doc changes meds, orders PT (moderate), then injects the right knee. Codes?", "99214"),
        ("F/u of her blood pressure, doc refilled the lisinopril, moderate. Visit code?", "99214"),
        ("25 min visit (moderate), established, what code?", "99214"),
        ("Est pt, 15 min visit (low). Code?", "99213"),
    ],
)
def test_a_level_in_one_word_behind_what_was_decided_is_the_visit_s(letter: str, code: str, book: Codebook) -> None:
    assert code in answered(letter, book).report


def test_a_degree_of_what_ails_is_no_level_of_a_visit(book: Codebook) -> None:
    assert "99214" not in answered("F/U for asthma (moderate). Dx code?", book).report


def test_an_est_pt_is_a_patient_and_no_therapy(book: Codebook) -> None:
    answer = answered("est pt 32 min visit, level?", book)
    assert (answer.report, answer.ask_back) == (("99214",), "")
