"""Words that bring a text by chance: the check finds them, and the reading of a letter lets them pass."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.classifier.belonging.earlier import earlier
from consultant.codebook import Codebook
from consultant.codebook.knowledge import Card, Family
from consultant.codebook.triggers import MOST_OTHERS, problems
from consultant.vocabulary import Answer

TODAY = date(2026, 11, 26)
SOURCE = [{"title": "Our own", "date": "2026-01-01"}]


def card(name: str, asked: str = "A letter about nothing.", **when: list[str]) -> Card:
    text = {"id": name, "title": name.title(), "topic": ["modifier"], "when": when, "verdict": "explain", "source": SOURCE}
    return Card.model_validate(text | {"says": "What it says to the biller.", "example": [{"question": asked}]})


def found(*cards: Card, families: dict[str, Family] | None = None) -> list[str]:
    return list(problems(families or {}, {one.id: one for one in cards}))


def test_a_phrase_that_one_word_is_left_of_is_told() -> None:
    (told,) = found(card("film-reading", words=["the reads", "reads the", "reads the films", "our films", "vitamin a"]))
    assert told == "card film-reading: 'the reads' is met by 'reads' alone; write that, or a longer phrase"


def test_a_word_that_many_other_texts_hold_does_not_bring_a_card_alone() -> None:
    others = [card(f"other-{number}", "The video was recorded.", words=["other"]) for number in range(MOST_OTHERS + 1)]
    (told,) = found(card("telehealth", words=["video", "live video"]), *others)
    assert told.startswith(f"card telehealth: 'video' alone brings it, and {MOST_OTHERS + 1} other texts")
    assert found(card("telehealth", words=["video"], also=["visit"]), *others) == []


@pytest.mark.parametrize(
    ("letter", "operation"),
    [
        ("Six weeks after her total knee the same surgeon moves the stiff knee.", "her total knee"),
        ("He saw her the day before a scheduled knee replacement.", "a scheduled knee replacement"),
        ("A port was placed during the global of mastectomy.", "mastectomy"),
        ("Biometry before cataract surgery.", "cataract surgery"),
        ("He died three weeks after hospital discharge.", "hospital discharge"),
    ],
)
def test_an_operation_may_tell_the_time(letter: str, operation: str) -> None:
    assert [letter[start:end] for start, end in earlier(letter)] == [operation]


def test_what_comes_minutes_before_and_what_is_handed_over_belong_to_the_letter() -> None:
    assert earlier("He spent an hour freeing adhesions before the colectomy.") == []
    assert earlier("The optometrist takes over day 1 after cataract surgery.") == []


def test_an_operation_of_another_day_brings_no_line(book: Codebook) -> None:
    answer = _answered("Patient fell a month after hip replacement and broke the wrist. Same surgeon treats the fracture.", book)
    assert "27130" not in answer.report
    blocks = _answered("Erector spinae catheters both sides after CABG by anesthesia.", book)
    assert "64469" in blocks.report
    assert "00567" not in blocks.report


def test_the_date_of_a_call_is_neither_end_of_the_days_after_a_discharge(book: Codebook) -> None:
    answer = _answered("TCM: discharged 10/5/2026, we called 10/6/2026, seen 10/15/2026, high decision making.", book)
    assert "99495" in answer.report


def test_a_letter_about_icd_10_pcs_gets_no_cpt_code(book: Codebook) -> None:
    assert "52601" not in _answered("TURP on an inpatient. Root operation Resection in PCS, right?", book).report


def test_one_word_in_one_place_is_not_both_conditions_of_a_card(book: Codebook) -> None:
    assert "-63" not in _answered("Surfactant given through the tube to a preemie.", book).report


def _answered(text: str, book: Codebook) -> Answer:
    asked = question.read(text, today=TODAY)
    return advice.advise(classifier.classify(asked, book, TODAY), book)
