"""Several lesions in one letter: how many there are, which technique each had, and that each has a size of its own."""

from __future__ import annotations

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.vocabulary import Answer

TODAY = date(2026, 11, 26)


def advise(text: str, book: Codebook) -> Answer:
    return advice.advise(classifier.classify(question.read(text, today=TODAY), book, TODAY), book)


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("14 skin tags snipped off the neck plus 6 more under the arm.", {"11200": 1, "11201": 1}),
        ("9 AKs frozen on the scalp, then 8 more on the arms", {"17004": 1}),
        ("5 AKs frozen on the face and another 4 on the hands", {"17000": 1, "17003": 8}),
        ("8 lesions treated, 6 of them AKs frozen", {"17000": 1, "17003": 5}),
        ("Shave biopsy of two spots on the back plus one more on the leg", {"11102": 1, "11103": 2}),
        ("12 skin tags snipped off, 5 more scheduled for next month", {"11200": 1}),
    ],
)
def test_more_of_the_same_comes_on_top(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert advise(letter, book).units == units


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Punch biopsy of a rash on the arm and shave biopsies of two spots on the back.", {"11104": 1, "11103": 2}),
        ("Punch biopsies of 3 spots on the legs and a shave biopsy of one on the nose", {"11104": 1, "11105": 2, "11103": 1}),
        ("Shave biopsy x2 and punch biopsy x1, skin", {"11104": 1, "11103": 2}),
        ("Punch biopsy of two moles and removal of 16 skin tags", {"11104": 1, "11105": 1, "11200": 1, "11201": 1}),
    ],
)
def test_a_count_belongs_to_the_technique_in_its_own_clause(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert advise(letter, book).units == units


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Two skin cancers on the back, 1 cm and 1.5 cm excised size. Add them together?", {"11601": 1, "11602": 1}),
        ("Two moles shaved off the arm, 0.4 cm and 0.9 cm", {"11300": 1, "11301": 1}),
        ("Three benign lesions cut out of the back, 1.2, 1.8 and 2.4 cm including margins.", {"11402": 2, "11403": 1}),
        ("Excised BCC of the cheek 0.9 cm and SCC of the cheek 1.4 cm including margins", {"11641": 1, "11642": 1}),
        ("Lesion 1 cm on the back, excised diameter 1.6 cm, benign", {"11402": 1}),
        ("Shave of a benign 0.8 cm growth on the foot; he took 0.2 cm of normal skin on each side", {"11306": 1}),
    ],
)
def test_every_lesion_has_the_code_of_its_own_size(letter: str, units: dict[str, int], book: Codebook) -> None:
    answer = advise(letter, book)
    assert {code: answer.units.get(code, 1) for code in answer.report if code in units or code.startswith("11")} == units


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        (
            "Three wounds debrided: leg 12 sq cm and heel 15 sq cm, both to subcutaneous; forearm 6 sq cm to muscle",
            {"11042": 1, "11045": 1, "11043": 1},
        ),
        (
            "Debrided leg ulcers: right 10 sq cm, left 14 sq cm, both to muscle; heel 5 sq cm to bone",
            {"11043": 1, "11046": 1, "11044": 1},
        ),
        ("Epidermal cyst removed from the back, 2.2 cm with margins, intermediate closure 3 cm", {"11403": 1, "12032": 1}),
        ("Trigger points: trapezius both sides, levator and rhomboids injected", {"20553": 1}),
        ("Nerve conduction: median motor, median sensory, ulnar motor, ulnar sensory, both hands", {"95910": 1}),
    ],
)
def test_what_is_said_of_both_counts_for_both(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert advise(letter, book).units == units


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("Two ventral hernia defects 4 cm apart, 3 cm and 2 cm, robotic repair, reducible, first time", "49593"),
        ("Swiss cheese incisional hernia, 5 cm, 3 cm and 4 cm gaps, first repair, reducible, open with a 20 cm mesh", "49595"),
        ("Ventral hernia 4 cm, reducible, first time, 10 x 15 cm mesh", "49593"),
    ],
)
def test_gaps_of_one_wall_are_measured_from_end_to_end(letter: str, code: str, book: Codebook) -> None:
    assert code in advise(letter, book).report


def test_what_the_pathologist_overturned_was_not_there(book: Codebook) -> None:
    letter = "We excised it as a melanoma, but path came back as a benign nevus. The excision was 1.5 cm on the arm"
    report = advise(letter, book).report
    assert "11402" in report
    assert "11602" not in report


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Removed three separate benign lesions from the back by excision, 1 cm each", {"11401": 3}),
        ("Excised 3 benign cysts of the scalp, all 1.5 cm", {"11422": 3}),
        ("Excised two 0.5 cm benign nevi from the cheek", {"11440": 2}),
        ("ED&C of four superficial BCCs on the back, each measuring 0.9 cm", {"17261": 4}),
        ("Excised a benign lesion of the arm, 1 cm, margins 0.2 cm on each side", {"11402": 1}),
    ],
)
def test_a_size_that_each_has_is_told_once(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert advise(letter, book).units == units


def test_a_size_between_the_words_of_another_act_is_the_lesions(book: Codebook) -> None:
    told = advise("Cyst cut out of the back, benign, the closure was 4.5 cm intermediate, cyst 1.2 cm with margins.", book)
    assert {"11402", "12032"} <= set(told.report)
