"""Two surgeons in one session: 62 only where they share one code."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    "letter",
    [
        "Plastic surgeon did the flap 15734 and the general surgeon did the mastectomy 19303. Do both take 62?",
        "Gyn did the hysterectomy 58150 and the general surgeon took out the sick appendix, open. Is it co-surgery, 62?",
        "Neurosurgeon did the L4-5 laminectomy, then ortho did the posterolateral fusion. 62 on all of it?",
    ],
)
def test_an_operation_of_each_takes_no_62(letter: str, book: Codebook) -> None:
    answer = answered(letter, book)
    assert "-62" not in answer.report
    assert "-62" in answer.do_not_report


@pytest.mark.parametrize(
    "letter",
    [
        "Vascular surgeon did the exposure for an ALIF and the neurosurgeon did the fusion 22558. Modifier 62 for both?",
        "Neurosurgeon and ENT did a pituitary tumor through the nose together, 61548, each with a note. 62?",
    ],
)
def test_one_code_that_two_share_takes_62(letter: str, book: Codebook) -> None:
    assert "-62" in answered(letter, book).report
