"""A heading of ICD-10-CM that the letter names: the code under it that the letter's other words describe."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("Z86.010 is rejected. Her old polyps were tubular adenomas. Which history code is right?", ("Z86.0101",)),
        ("Can I use L89.15 for a stage 3 sacral ulcer?", ("L89.153",)),
        ("E11.6 with hypoglycemia, no coma. Which code?", ("E11.649",)),
        ("M54.5 bounced. The note only says low back pain, no cause given. What do we use?", ("M54.50",)),
        ("M51.36 bounced: disc degeneration with discogenic back pain only, no leg pain. New code?", ("M51.360",)),
    ],
)
def test_the_words_of_the_letter_tell_which_code_under_it(text: str, report: tuple[str, ...], book: Codebook) -> None:
    answer = answered(text, book)
    assert answer.report == report
    assert any(code in text for code in answer.do_not_report)


@pytest.mark.parametrize("text", ["Is M54.5 still valid?", "Is M54.5 valid for low back pain?"])
def test_without_such_words_the_choice_is_shown(text: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert answer.report == ()
    assert "choose M54.50, M54.51 or M54.59" in answer.verdict


def test_the_condition_of_today_is_not_listed_beside_its_history(book: Codebook) -> None:
    text = "Z86.010 rejects for a patient whose prior polyps were tubular adenomas, all removed. What history code is valid now?"
    assert "D12.6" not in answered(text, book).report


def test_a_seventh_place_that_tells_the_kind_is_no_encounter(book: Codebook) -> None:
    def told(text: str) -> bool:
        return any("seventh character" in statement.text for statement in answered(text, book).statements)

    assert not told("Z86.010 is rejected. Her old polyps were tubular adenomas. Which history code is right?")
    assert told("Is S61.451 valid for a bite of the right hand?")
