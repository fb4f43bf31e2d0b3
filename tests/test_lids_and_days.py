"""What a line takes from its place and its days: the lid operated on, the later days of care by the day, the 25 of a visit."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from consultant.vocabulary import Answer
from tests.asking import answered


def signs(answer: Answer) -> dict[str, tuple[str, ...]]:
    return {line.code: tuple(sorted(line.modifiers)) for line in answer.lines}


@pytest.mark.parametrize(
    ("letter", "told"),
    [
        ("15823 on the right upper lid, 67908 on the left upper lid. Which modifiers?", {"15823": "-E3", "67908": "-E1"}),
        ("67950 right lower lid, is it RT or E something? Which modifier", {"67950": "-E4"}),
        ("lashes plucked with forceps, right lower and left lower lids. which modifiers", {"67820": "-E2 -E4"}),
        ("67805, cysts of the upper and lower lids of the left eye, modifiers?", {"67805": "-E1 -E2"}),
        ("67800 on LUL, what modifier", {"67800": "-E1"}),
        ("Levator advanced from outside for ptosis of both upper lids. Code and modifier?", {"67904": "-50"}),
    ],
)
def test_each_lid_has_its_sign_on_the_work_that_was_done_on_it(letter: str, told: dict[str, str], book: Codebook) -> None:
    assert signs(answered(letter, book)) == {code: tuple(held.split()) for code, held in told.items()}


@pytest.mark.parametrize(
    ("letter", "first", "later"),
    [
        ("Ventilator managed in the ICU, initial day plus 5 subsequent days, no visits billed. Codes?", "94002", 5),
        ("Vent care day 1 through day 4, hospital, how many units", "94002", 3),
        ("Vent started Monday in the ICU, followed daily till Thursday, settings only. Codes and units?", "94002", 3),
        ("Vent started Tuesday, then managed the next 6 days, inpatient. CPT and units?", "94002", 6),
    ],
)
def test_later_days_of_care_by_the_day_are_counted(letter: str, first: str, later: int, book: Codebook) -> None:
    units = answered(letter, book).units
    assert (units[first], units["94003"]) == (1, later)


def test_no_later_day_is_counted_where_only_the_first_is_told(book: Codebook) -> None:
    assert (
        "94003"
        not in answered("Vent set up in the ICU on Monday, moved to the floor for 3 more days. Code for Monday?", book).report
    )


@pytest.mark.parametrize(
    "letter",
    [
        "99213 for an ear infection and hearing test 92557 the same day. What modifier does the visit take?",
        "Established, low MDM, ears hurt. Threshold hearing test by air in the office that day. CPT codes?",
        "99213 and spirometry 94010 the same day. 25 on the visit?",
        "99213 with an EKG 93000 got denied as bundled, which modifier?",
    ],
)
def test_the_visit_bears_the_25_and_not_the_test_beside_it(letter: str, book: Codebook) -> None:
    told = signs(answered(letter, book))
    assert told.pop("99213") == ("-25",)
    assert not any("-25" in held for held in told.values())


def test_a_check_up_needs_no_25_beside_a_hearing_screen(book: Codebook) -> None:
    assert "-25" not in answered("9 year old well child 99393 with hearing screen. Codes?", book).report


def test_two_formulas_of_one_code_are_one_line_with_the_units_of_both(book: Codebook) -> None:
    letter = "Tube feeding, two formulas that are both B4150, 300 units of one and 200 of the other. One line or two?"
    assert answered(letter, book).units["B4150"] == 500


@pytest.mark.parametrize(
    "letter",
    [
        "11750 on both big toes, second toe denied as duplicate. Modifiers?",
        "We took ingrown nails out for good on both great toes, the second toe was not paid. Modifiers for 11750?",
    ],
)
def test_the_second_toe_of_two_big_ones_is_the_other_big_one(letter: str, book: Codebook) -> None:
    report = answered(letter, book).report
    assert {"-TA", "-T5"} <= {*report}
    assert not {"-T1", "-T6"} & {*report}


def test_that_no_modifier_is_needed_is_an_answer_too(book: Codebook) -> None:
    answer = answered("Same visit 76856 and 76830, do we need modifiers?", book)
    assert answer.answered
    assert answer.report == ("76830", "76856")
