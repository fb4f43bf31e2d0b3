"""The own line of a PA or NP who did a helper's part in an operation."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("Our PA held retractors through a total hip, 27130. How is the PA billed to Medicare?", "27130"),
        ("The NP ran the camera at a lap chole, 47562, no dye. What does the NP bill?", "47562"),
        ("LIMA and two vein grafts; PA took the leg vein. What does the surgeon bill, what the PA?", "33533"),
    ],
)
def test_what_the_helper_bills_is_the_operation_with_as(letter: str, code: str, book: Codebook) -> None:
    report = answered(letter, book).report
    assert code in report
    assert "-AS" in report


@pytest.mark.parametrize(
    "letter",
    [
        "Our PA took the history before a total hip, 27130. How is the PA billed?",
        "Our PA held retractors through a total hip, 27130. What does the surgeon bill?",
        "The NP closed after a total knee, 27447. How is the NP billed to a commercial plan that wants 80?",
    ],
)
def test_who_did_not_help_or_is_not_asked_about_has_no_as(letter: str, book: Codebook) -> None:
    assert "-AS" not in answered(letter, book).report
