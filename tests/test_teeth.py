"""Teeth told by number or letter, quadrants of the mouth, and levels of the spine: what a letter names instead of counting it."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import TODAY, answered


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Sealants by our dentist on teeth 3, 14, 19 and 30", [4.0]),
        ("SDF on #A, #J and #K, dental plan", [3.0]),
        ("tooth #1 and tooth #16 came out, dental office", [2.0]),
        ("fillings on teeth 8-10, dental claim", [3.0]),
        ("root canal on #30, and the crown of #30 later", [1.0]),
        ("Toes #3 and #4", []),
        ("the dentist gave 20 mg, #30 tablets", []),
    ],
)
def test_teeth_named_by_number_or_letter_are_counted(text: str, counted: list[float]) -> None:
    facts = question.read(text, today=TODAY).facts
    assert [fact.value for fact in facts if fact.dimension == "count" and fact.span.label == "teeth"] == counted


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("root canal on #30, dental plan", {"D3330"}),
        ("dental insurance: root canal #8, code?", {"D3310"}),
        ("root canal of tooth 12, dental claim", {"D3320"}),
        ("White filling of two surfaces on tooth 12 at the dentist", {"D2392"}),
    ],
)
def test_the_number_of_a_tooth_tells_its_kind(text: str, codes: set[str], book: Codebook) -> None:
    assert {*answered(text, book).report} == codes


def test_a_quadrant_is_no_fluid(book: Codebook) -> None:
    report = answered("Deep cleaning of LR and UR, 4+ teeth each, bone loss, dental plan", book).report
    assert "D4341" in report
    assert "J7120" not in report
    assert "J7120" in answered("1 liter LR bolus over 65 minutes in the ED for dehydration", book).report


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("PLIF L4-S1 and laminectomy L2-3, L3-4 for stenosis", {"63047": 1, "63048": 1, "22630": 1, "22632": 1}),
        ("Laminectomies at L2-3 and L3-4, then a TLIF at L5-S1, stenosis", {"63047": 1, "63048": 1, "22630": 1}),
        ("TLIF L4-5 with decompressive laminectomy at L4-5 as well", {"22630": 1, "63052": 1}),
    ],
)
def test_nerves_freed_at_other_levels_than_the_fused_are_no_addon(text: str, units: dict[str, int], book: Codebook) -> None:
    assert dict(answered(text, book).units) == units


def test_a_count_of_other_levels_is_another_level(book: Codebook) -> None:
    report = answered("PLIF at two levels, laminectomy at two others", book).report
    assert "63047" in report
    assert "63052" not in report
