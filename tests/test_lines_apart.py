"""What belongs on lines of its own: the toes of an operation, the repeats of a test, two scans, two techniques."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from consultant.vocabulary import Answer
from tests.asking import answered


def written(answer: Answer) -> list[tuple[str, tuple[str, ...], int | None]]:
    return [(line.code, line.modifiers, line.units) for line in answer.lines]


@pytest.mark.parametrize(
    ("letter", "signs"),
    [
        ("28285 on second and third toes left", ["-T1", "-T2"]),
        ("Hammertoe corrections toes 2-4 left foot", ["-T1", "-T2", "-T3"]),
        ("Hammertoe repair right foot 2nd through 4th toes", ["-T6", "-T7", "-T8"]),
        ("28285 left foot, toes 2, 3 and 4", ["-T1", "-T2", "-T3"]),
        ("Hammertoe repair left 2nd and right 3rd toe", ["-T1", "-T7"]),
    ],
)
def test_each_toe_has_a_line_of_its_own(letter: str, signs: list[str], book: Codebook) -> None:
    assert written(answered(letter, book)) == [("28285", (sign,), 1) for sign in signs]


def test_each_artery_of_the_heart_has_a_line_of_its_own(book: Codebook) -> None:
    answer = answered("Stent placed in LAD and another in RCA same session. Codes?", book)
    assert written(answer) == [("92928", ("-LD",), 1), ("92928", ("-RC",), 1)]


def test_fingers_of_a_range_are_all_of_them() -> None:
    told = question.read("Trigger finger release, left index to ring fingers").facts
    assert [fact.value for fact in told if fact.dimension == "digit"] == ["-F1", "-F2", "-F3"]
    told = question.read("x-ray of the toes, 3 views, left foot").facts
    assert not [fact for fact in told if fact.dimension == "digit"]


@pytest.mark.parametrize(
    ("letter", "lines"),
    [
        ("Troponin drawn three times the same day at 0, 3 and 6 hours", [("84484", (), 1), ("84484", ("-91",), 2)]),
        ("Potassium at 8 am and 2 pm same day to follow treatment, modifier?", [("84132", (), 1), ("84132", ("-91",), 1)]),
        ("serial troponins x3 in the ED same day", [("84484", (), 1), ("84484", ("-91",), 2)]),
        ("EKG repeated same day by the same doctor, done twice", [("93000", (), 1), ("93000", ("-76",), 1)]),
        (
            "Radiologist read the chest x-ray 71046-26, then a second radiologist read another one the same day. Modifiers?",
            [("71046", ("-26",), 1), ("71046", ("-26", "-77"), 1)],
        ),
        (
            "Hemoglobin at 6 am and again at noon because she was bleeding. Which modifier goes on the second 85018?",
            [("85018", (), 1), ("85018", ("-91",), 1)],
        ),
    ],
)
def test_the_first_of_several_tests_has_no_modifier(
    letter: str, lines: list[tuple[str, tuple[str, ...], int]], book: Codebook
) -> None:
    assert written(answered(letter, book)) == lines


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("MRI brain with and without contrast and MRA head without", {"70553", "70544"}),
        ("MRI lumbar without contrast and MRI cervical with and without", {"72148", "72156"}),
        ("MRA neck with contrast, MRI brain w/o", {"70548", "70551"}),
        ("MRA head without and MRA neck with and without", {"70544", "70549"}),
        ("MRI brain and lumbar spine with and without contrast", {"70553", "72158"}),
    ],
)
def test_each_scan_has_its_own_contrast(letter: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(letter, book).report) == codes


def test_a_count_behind_its_technique_is_that_techniques(book: Codebook) -> None:
    assert answered("punch biopsy x1 and shave biopsy x2 of skin same day", book).units == {"11104": 1, "11103": 2}


@pytest.mark.parametrize("letter", ["TLIF L4-5 with cage and pedicle screws", "PLIF L4-5 with pedicle screws and cage"])
def test_a_cage_and_the_screws_beside_it_are_two_lines(letter: str, book: Codebook) -> None:
    assert {"22630", "22840", "22853"} <= set(answered(letter, book).report)


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("One unit of red cells in the morning and another unit in the evening, transfused", {"36430": 1, "P9021": 2}),
        ("Transfused one unit of platelets and another 2 units of platelets", {"36430": 1, "P9019": 3}),
        ("Transfused 2 units of red cells, another unit planned tomorrow", {"36430": 1, "P9021": 2}),
        ("Malignant lesion of the nose excised, 0.8 cm with 0.3 margins", {"11642": 1}),
        ("22556 and 22585x2 with two surgeons -62", {"22556": 1, "22585": 2}),
    ],
)
def test_what_is_told_in_short_is_counted(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert answered(letter, book).units == units


def test_each_of_two_surgeons_marks_the_add_on_too(book: Codebook) -> None:
    lines = written(answered("22556 and 22585x2 with two surgeons -62", book))
    assert lines == [("22556", ("-62",), 1), ("22585", ("-62",), 2)]


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("PLIF at L4-5 and a laminectomy at L3-4 for stenosis. What do we bill?", {"22630": 1, "63047": 1}),
        ("L4-5 PLIF and L3-4 laminectomy for stenosis.", {"22630": 1, "63047": 1}),
        ("ACDF at C4-5 and C5-6 with discectomy and decompression, no plate. All codes?", {"22551": 1, "22552": 1}),
        ("TLIF L4-5 with pedicle screws L4 to S1, and decompression at L3-4.", {"22630": 1, "22842": 1}),
        ("Laminectomy L2-3 and L3-4 for stenosis plus posterolateral fusion at L4-5.", {"22612": 1, "63047": 1, "63048": 1}),
        ("Posterolateral fusion at L3-4 and L4-5.", {"22612": 1, "22614": 1}),
    ],
)
def test_levels_told_of_one_act_are_not_the_other_acts(letter: str, units: dict[str, int], book: Codebook) -> None:
    told = answered(letter, book).units
    assert units.items() <= told.items()
    assert not ({"22632", "63048"} - units.keys()) & told.keys()


def test_a_waived_test_that_takes_no_sign_has_none(book: Codebook) -> None:
    assert "-QW" not in answered("urine strip held by eye to the color chart, no micro, waived lab. does it take QW", book).report
    both = answered("waived lab, Medicare: urine pregnancy test by color and a rapid strep. QW on both?", book)
    assert [signs for _, signs, _ in written(both)] == [(), ("-QW",)]


def test_no_sign_of_its_own_stands_where_the_other_code_was_refused(book: Codebook) -> None:
    tubes = answered(
        "Tubes in both ears of a toddler, wax curetted out of the way first on both sides. 69436-50 and 69210?", book
    )
    assert "69210" not in tubes.report
    assert {"69436", "-50"} <= set(tubes.report)
    assert "-59" not in tubes.report


def test_a_sheet_that_a_substitute_was_cut_from_is_no_wound(book: Codebook) -> None:
    ulcer = answered("Cut 15 sq cm from a 21 sq cm sheet of skin substitute, put on a leg ulcer of that size. Application?", book)
    assert (set(ulcer.report), dict(ulcer.units)) == ({"15271"}, {"15271": 1})


def test_two_lesions_of_one_code_are_a_first_line_and_a_second(book: Codebook) -> None:
    text = "Medicare. Two squamous cells destroyed, one on each shin, both 17262. 59 on the second line was denied. What now?"
    shins = answered(text, book)
    assert dict(shins.units) == {"17262": 2}, "both together"
    assert [line.units for line in shins.lines if line.code == "17262"] == [1, 1]
    assert {"17262", "-76"} <= set(shins.report)
