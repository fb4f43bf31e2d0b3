"""What was thought of and given up, only seen, another one's, or done another time brings no line of today."""

from __future__ import annotations

import pytest

from consultant.classifier.belonging.given_up import given_up, other_times
from consultant.codebook import Codebook
from tests.asking import answered

LETTERS = [
    (
        (
            "Upper scope, stomach biopsied. Dr. Roy was going to stretch the esophagus with a balloon but there was "
            "no narrowing. Which code?"
        ),
        {"43239"},
        {"43249"},
    ),
    (
        "Shaved a 0.7 cm bump off the back. The patient was thinking of having his skin tags snipped too but ran late. Code?",
        {"11301"},
        {"11200"},
    ),
    (
        "Hysteroscopy with polyp removal. An ablation had been planned and was on the consent, but she decided no. Code?",
        {"58558"},
        {"58563"},
    ),
    (
        (
            "Trigger finger of the right ring finger released. The surgeon said that her carpal tunnel looks "
            "bad as well, but she "
            "wants to wait with that. Which code?"
        ),
        {"26055"},
        {"64721"},
    ),
    (
        "Knee scope, left: inner meniscus trimmed. The ACL was probed and was intact. Which code do we send?",
        {"29881"},
        {"29888"},
    ),
    (
        (
            "Hammertoe of the right second toe straightened with a pin at the surgery center on Monday, same "
            "surgeon as always, and "
            "the insurer has it on hold. The same patient had his big toenail root killed with phenol in the "
            "office back in March and "
            "that was billed. What goes out for Monday?"
        ),
        {"28285"},
        {"11750"},
    ),
    (
        (
            "Bladder tumor resected through the scope, the op note has one lesion of 3 cm. The patient's wife "
            "told us that it was "
            "6 cm. Which code?"
        ),
        {"52235"},
        {"52240"},
    ),
    (
        "Gallbladder out through the laparoscope with a cholangiogram; the heading reads possible open cholecystectomy. Code?",
        {"47563"},
        {"47605"},
    ),
]


@pytest.mark.parametrize(("text", "codes", "not_codes"), LETTERS, ids=[text for text, _, _ in LETTERS])
def test_only_the_work_of_today_is_reported(text: str, codes: set[str], not_codes: set[str], book: Codebook) -> None:
    told = answered(text, book)
    assert codes <= {*told.report}, told.verdict
    assert not not_codes & {*told.report}, told.verdict


@pytest.mark.parametrize(
    "text",
    [
        "Planned colonoscopy but only got to the splenic flexure.",
        "He wanted to place an IUD but could not get past the cervix.",
        "Was going to do the left eye first but ended up doing both.",
        "We removed the polyp but left the tags for another day.",
        "Should we bill the biopsy that was discussed, but not done?",
    ],
)
def test_what_was_begun_done_or_asked_is_not_given_up(text: str) -> None:
    assert given_up(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Last month he had a knee replaced and now comes in for a boil.",
        "Six weeks ago we did the right eye.",
        "Was it billed already last year?",
    ],
)
def test_time_alone_takes_no_sentence_out(text: str) -> None:
    assert other_times(text) == ()


def test_a_side_that_is_only_booked_is_not_the_side_of_today(book: Codebook) -> None:
    told = answered("Cataract of the right eye out, standard lens. The left eye is booked for January. Code and side?", book)
    assert "-RT" in told.report
    assert "-50" not in told.report


def test_an_operation_of_last_week_brings_no_line_of_its_own_today(book: Codebook) -> None:
    laser = answered("Laser iridotomy last Thursday. Today she comes since the eye burns. Same doctor. May I bill 92012?", book)
    assert not {"66761", "92012"} & set(laser.report)
    knee = answered("Knee arthroplasty last Friday, right. What do we bill for the surgeon?", book)
    assert "27447" in knee.report
