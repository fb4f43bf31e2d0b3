"""Everyday words and names are no slips of words of the field, and words that say nothing alone name no condition."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.classifier.prepared import prepared
from consultant.codebook import Codebook
from tests.asking import TODAY, answered


@pytest.mark.parametrize(
    "word", ["interesting", "granted", "fading", "display", "throbbing", "variety", "irritation", "Carson", "reminder"]
)
def test_an_everyday_word_or_a_name_is_read_as_it_stands(word: str, book: Codebook) -> None:
    reading = prepared(book).lexicon.read(question.read(f"One {word} more.", today=TODAY))
    assert word.lower() in [one.text for one in reading.words]


def test_a_slip_of_a_word_of_the_field_is_still_mended(book: Codebook) -> None:
    reading = prepared(book).lexicon.read(question.read("Biopsy of the endometirum.", today=TODAY))
    assert "endometrium" in [one.text for one in reading.words]


def test_the_word_procedure_alone_is_no_condition(book: Codebook) -> None:
    answer = answered("The plan refuses D codes for an impacted wisdom tooth. Procedure and diagnosis?", book)
    assert "Z53.09" not in answer.report


def test_the_only_minutes_of_a_letter_that_asks_for_units_are_those_of_its_one_timed_code(book: Codebook) -> None:
    answer = answered("School LPN, 45 minutes of suctioning and feeding a student, Medicaid. Code and how many units?", book)
    assert answer.units.get("T1003") == 3


@pytest.mark.parametrize("text", ["Comp case for his knee.", "The comp carrier sent him.", "Work comp visit."])
def test_comp_is_workers_compensation_beside_its_words(text: str) -> None:
    assert question.read(text, today=TODAY).payer == "workers compensation"
