"""What the ear once took for something else: rules that were held back, two acts in one letter, sides, units, and words that mean less."""

from __future__ import annotations

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.vocabulary import Answer

TODAY = date(2026, 11, 26)


def advise(text: str, book: Codebook) -> Answer:
    return advice.advise(classifier.classify(question.read(text, today=TODAY), book, TODAY), book)


def test_a_rule_that_the_letter_asks_for_by_name_is_not_held_back_by_an_open_level(book: Codebook) -> None:
    answer = advise("New patient seen by our PA, doctor was in the suite. Incident to?", book)
    assert answer.answered
    assert answer.verdict.startswith("Not incident-to")


def test_minutes_tell_whether_a_visit_code_is_right(book: Codebook) -> None:
    answer = advise("Doctor billed 99214, note says 25 minutes total. Right code?", book)
    assert answer.report == ("99213",)
    assert answer.do_not_report == ("99214",)


def test_the_verdict_says_first_what_is_reported(book: Codebook) -> None:
    verdict = advise("Two stents, one in the circumflex and one in the LAD, what modifiers?", book).verdict
    assert verdict == "Report 92928-LC × 1 and 92928-LD × 1."


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Laceration repair: calf 2 cm simple, scalp 4.5 cm layered", {"12001": 1, "12032": 1}),
        ("Arm lacs: simple 2 cm + intermediate 4.5 cm. CPT?", {"12001": 1, "12032": 1}),
        ("Cuts of the back: 3 cm intermediate, 2 cm simple, 4 cm intermediate. Codes?", {"12001": 1, "12032": 1}),
        ("A simple 2 cm repair and an intermediate 4.5 cm repair on the leg. One code for 6.5 cm?", {"12001": 1, "12032": 1}),
    ],
)
def test_lengths_are_added_within_one_kind_of_closure(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert advise(letter, book).units == units


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("Cerumen impaction AS, removed with curette. Dx code?", {"H61.22"}),
        ("Serous otitis media AU, acute. ICD-10?", {"H65.03"}),
        ("Carpal tunnel syndrome on the L, ICD-10?", {"G56.02"}),
        ("R side: carpal tunnel release. Which modifier?", {"64721", "-RT"}),
        ("b/l knees injected, 20610, modifier?", {"20610", "-50"}),
        ("Aortic stenosis, AS severe. ICD-10?", {"I35.0"}),
    ],
)
def test_single_letters_and_latin_signs_are_sides_in_their_place(letter: str, codes: set[str], book: Codebook) -> None:
    assert set(advise(letter, book).report) == codes


def test_us_is_a_picture_only_where_something_is_done_under_one(book: Codebook) -> None:
    assert advise("She had 5 antepartum visits w/ us, delivered elsewhere. Code?", book).report == ("59425",)
    assert advise("Thyroid nodule fna w/ us, one lesion. CPT?", book).report == ("10005",)


def test_what_a_stain_shows_is_no_diagnosis(book: Codebook) -> None:
    read = question.read("IHC on a skin biopsy: S100, P53 and Melan-A on one block. Codes?", today=TODAY)
    assert not read.codes
    assert [code.code for code in question.read("Newborn with P53, bleeding. Still P53?", today=TODAY).codes] == ["P53", "P53"]


def test_values_give_way_in_a_chain(book: Codebook) -> None:
    answer = advise("Open sigmoid resection, stapled anastomosis, a low pelvic one. CPT?", book)
    assert answer.report == ("44145",)
