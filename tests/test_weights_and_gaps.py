"""What a tired letter puts between two words, what an organ weighs, and what is merely left."""

from __future__ import annotations

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.classifier.hearing.words import Lexicon, Shorthand
from consultant.codebook import Codebook

TODAY = date(2026, 11, 26)


def reported(text: str, book: Codebook) -> set[str]:
    asked = question.read(text, today=TODAY)
    return set(advice.advise(classifier.classify(asked, book, TODAY), book).report)


@pytest.mark.parametrize(
    ("text", "dimension", "values"),
    [
        ("50 minutes with her; the 50 minutes exclude the tube", "minutes", [50]),
        ("the womb weighed 310 g, a 22 g needle", "grams", [310]),
        ("we guessed 200 grams, pathology weighed it at 290", "grams", [200, 290]),
        ("he weighed 290 last week", "grams", []),
        ("1 mL of Kenalog-40", "mg", [40]),
        ("2 mL of 40 mg/mL", "mg", [80]),
        ("40 mg of Kenalog", "mg", [40]),
        ("Procrit 40,000 units", "units", [40000]),
        ("levels 3,4 and 1,500 mg of it", "mg", [1500]),
        ("four 100 mg single-dose vials", "count", [4, 1]),
        ("30 prick tests, 8 of the doubtful ones repeated", "count", [30, 8]),
        ("4 sensory, 3 motor with F-wave", "count", [7]),
        ("one hour Monday and one more hour Thursday", "minutes", [60, 60]),
        ("The boy is eight; they came out at age 4", "age", [8]),
        ("first colonoscopy at age 45", "age", [45]),
        ("the girl is two weeks into treatment", "age", []),
        ("only one leg left", "side", []),
        ("how much urine is left", "side", []),
        ("the left leg", "side", ["left"]),
        ("metal in the right cornea", "side", ["right"]),
        ("stents on the right", "side", ["right"]),
        ("on the right track", "side", []),
    ],
)
def test_a_measure_and_a_side_are_what_they_are_said_of(text: str, dimension: str, values: list[float | str]) -> None:
    assert [fact.value for fact in question.read(text, today=TODAY).facts if fact.dimension == dimension] == values


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("he pulled the stent", True),
        ("he pulled out both JJ stents", True),
        ("he pulled the string of the old and worn stent", False),
        ("he pulled. The stent stayed", False),
    ],
)
def test_a_phrase_with_a_gap_stands_within_one_sentence(text: str, stands: bool) -> None:
    """ "pulled .. stent*": three other words at most, and no full stop."""
    assert bool(Lexicon(["pulled .. stent*"], Shorthand({})).read(question.read(text, today=TODAY)).hits) is stands


def test_the_number_beside_the_own_word_goes_before_the_count_of_another_thing(book: Codebook) -> None:
    """Eight studies and six muscles in each arm: the muscles are no nerve studies."""
    text = "Nerve conductions, 8 studies, and a needle EMG of six muscles in each arm, same day. Codes?"
    assert {"95909", "95910"} & reported(text, book) == {"95910"}


def test_what_was_weighed_goes_before_what_was_guessed(book: Codebook) -> None:
    """Pathology's weight of the womb decides, and not the surgeon's guess."""
    text = "Total laparoscopic hysterectomy with both tubes and ovaries, guessed at about 240 g, it weighed 310 g. Code?"
    assert "58573" in reported(text, book)


@pytest.mark.parametrize(
    "text",
    [
        "Two metal specks in the right cornea, lifted out at the slit lamp. Do I bill two, and which injury diagnosis?",
        "Metal speck in the right cornea taken out at the slit lamp. Procedure and diagnosis?",
    ],
)
def test_who_asks_what_to_bill_and_which_diagnosis_wants_both(text: str, book: Codebook) -> None:
    assert {"65222", "T15.01XA"} <= reported(text, book)
