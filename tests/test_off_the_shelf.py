"""A brace that nobody fitted goes by the code of its twin off the shelf, and the other way round."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "report", "refused"),
    [
        ("Flexible TLSO straight from the box, nobody fitted it. We key L0454. OK?", "L0455", "L0454"),
        ("Our clerk billed L4360, but the pneumatic boot was given off the shelf. Right code?", "L4361", "L4360"),
        ("L1833 keyed; the orthotist trimmed the knee brace and bent the uprights to her leg.", "L1832", "L1833"),
        ("LSO L0648 went out, but the certified fitter heated and molded the panels to the patient. Code?", "L0631", "L0648"),
        ("Thumb brace L3923 handed over, only the straps closed. Is that the code?", "L3924", "L3923"),
    ],
)
def test_the_fitting_decides_between_twins(text: str, report: str, refused: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert report in answer.report
    assert refused in answer.do_not_report


def test_a_letter_that_tells_of_no_fitting_keeps_its_code(book: Codebook) -> None:
    assert "L0455" not in answered("How often does Medicare pay L0454?", book).report
