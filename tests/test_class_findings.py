"""Q7, Q8 and Q9 of routine foot care: findings at the feet, counted by class."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import answered


def findings(text: str) -> set[str]:
    return {str(f.value) for f in question.read(text).facts if f.dimension == "class_finding" and not f.negated}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "foot care: no palpable dorsalis pedis and no palpable posterior tibial pulse",
            {"B dorsalis pedis", "B posterior tibial"},
        ),
        ("DP absent, PT palpable, nails thick", {"B dorsalis pedis"}),
        ("foot exam: DP and PT pulses 2/4, no edema", set()),
        ("both pedal pulses absent", {"B dorsalis pedis", "B posterior tibial"}),
        ("toenails; hairless shiny skin with pigment changes, pulses fine", {"B skin"}),
        ("feet cold and burning, no claudication", {"C temperature", "C burning"}),
        ("right great toe amputated for gangrene", {"A amputation"}),
        ("toe lost in a mower accident, amputated by the ER", set()),
        ("pt with no palpable tumor of the neck, pulse 80", set()),
    ],
)
def test_findings_are_read_by_their_class(text: str, told: set[str]) -> None:
    assert findings(text) == told


@pytest.mark.parametrize(
    ("letter", "code", "sign"),
    [
        (
            "Eight thick nails debrided, diabetic: no palpable dorsalis pedis and no palpable posterior tibial pulse. Q what?",
            "11721",
            "-Q8",
        ),
        ("callus trimmed x3, PVD, no PT pulse, burning, paresthesias. Q?", "11056", "-Q9"),
        ("Medicare: left great toe amputated years ago, 6 mycotic nails debrided. Q7 or Q8?", "11721", "-Q7"),
    ],
)
def test_the_findings_make_the_modifier(letter: str, code: str, sign: str, book: Codebook) -> None:
    [line] = [line for line in answered(letter, book).lines if line.code == code]
    assert line.modifiers == (sign,)


def test_too_few_findings_make_none(book: Codebook) -> None:
    answer = answered("11721, Medicare, diabetic, DP pulse absent, feet cold, PT palpable. Which Q modifier?", book)
    assert not {"-Q7", "-Q8", "-Q9"} & {*answer.report}
