"""What shorthand sets beside a condition: its side, its place, its cells, its size, and what it came with."""

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


def reported(text: str, book: Codebook) -> set[str]:
    return set(answered(text, book).report)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ringing ears, tinnitus both, dx code", "H93.13"),
        ("Macular hole left, icd 10", "H35.342"),
        ("impacted wax both. Dx code?", "H61.23"),
        ("lattice degeneration OD dx code", "H35.411"),
        ("Myopia both, dx code please", "H52.13"),
    ],
)
def test_a_side_behind_a_condition_is_its_side(text: str, code: str, book: Codebook) -> None:
    assert reported(text, book) == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("erysipelas of the right arm, dx code", "A46"),
        ("Vitiligo of the hands, which ICD-10?", "L80"),
        ("papillary thyroid cancer dx code", "C73"),
        ("Poorly differentiated rectal cancer. ICD-10 code?", "C20"),
        ("benign meningioma of the brain, dx code", "D32.0"),
        ("infrarenal AAA 5.1 cm, dx code", "I71.43"),
        ("acromegaly, icd 10", "E22.0"),
        ("conversion disorder with convulsions dx code", "F44.5"),
        ("left upper lid blepharitis dx code", "H01.004"),
    ],
)
def test_what_changes_no_code_does_not_hide_a_condition(text: str, code: str, book: Codebook) -> None:
    assert reported(text, book) == {code}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Pertussis with pneumonia, germ not typed, icd code", {"A37.91"}),
        ("norovirus, throwing up and diarrhea all night, dx code", {"A08.11"}),
        ("Secondary hyperparathyroidism, CKD stage 4, dx codes", {"N25.81", "N18.4"}),
        ("chronic DVT left popliteal, dx code", {"I82.532"}),
        ("AML, not in remission. ICD-10?", {"C92.00"}),
        ("acute iritis of the right eye, dx code", {"H20.00"}),
        ("Hodgkin nodular sclerosis, neck nodes, dx code", {"C81.11"}),
        ("MDD recurrent severe, insomnia due to her depression. Dx codes?", {"F33.2", "F51.05"}),
        ("liver mets of colon cancer, dx codes", {"C78.7", "C18.9"}),
        ("type 2 diabetic on oral meds, no complications, dx codes", {"E11.9", "Z79.84"}),
    ],
)
def test_what_came_with_a_condition_is_in_its_code(text: str, codes: set[str], book: Codebook) -> None:
    assert reported(text, book) == codes


def test_a_stroke_of_today_or_none_is_no_stroke_of_the_past(book: Codebook) -> None:
    assert "Z86.73" not in reported("acute stroke from right MCA thrombus, dx code", book)
    assert "Z86.73" not in reported("right hemiplegia, not due to a stroke, dominant side, dx code", book)


def test_a_short_letter_that_ends_on_its_wish_gets_no_service(book: Codebook) -> None:
    assert reported("stomach cancer of the antrum dx", book) == {"C16.3"}
    assert not {code for code in reported("MRSA carrier nasal swab, no infection dx", book) if code[0].isdigit()}
