"""Bones, tendons, fingers, toes, nails: what is counted by the piece, by the side, or as a part of a whole."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered
from tests.test_counted_by_name import told as read


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Second, third and fourth metatarsal shafts broke", [(3.0, "metatarsal")]),
        ("Pinning of the ring and small metacarpals", [(2.0, "metacarpal")]),
        ("The third metacarpal and fourth metacarpal were set", [(2.0, "metacarpal")]),
        ("Metatarsals 2-4 are broken", [(3.0, "metatarsal")]),
        ("2nd through 5th metatarsals", [(4.0, "metatarsal")]),
        ("Both peroneal tendons were sewn", [(2.0, "tendon")]),
        ("Index and middle finger proximal phalanges", [(2.0, "phalanx")]),
        ("One of the two tendons was sewn", []),
        ("The fifth metatarsal is broken", []),
    ],
)
def test_pieces_are_read_where_they_are_counted_or_listed(text: str, told: list[tuple[float, str]]) -> None:
    assert read(text, "pieces") == told


@pytest.mark.parametrize(
    ("text", "code", "units"),
    [
        ("Second, third and fourth metatarsal shaft fractures, boot only, not set. How many units of 28470?", "28470", 3),
        ("Closed reduction of the fourth and fifth metacarpal fractures, left hand. 26605 once or twice?", "26605", 2),
        ("ORIF of two metatarsals, one incision each. How do we bill 28485?", "28485", 2),
        ("Extensor tendon repair, three tendons on the back of the hand, no graft. Units of 26410?", "26410", 3),
        ("Repair of both peroneal tendons, primary. 27658 twice?", "27658", 2),
        ("The third metacarpal broke in two places, one plate over both breaks. 26615 two units?", "26615", 1),
    ],
)
def test_a_unit_for_each_bone_or_tendon(text: str, code: str, units: int, book: Codebook) -> None:
    assert answered(text, book).units == {code: units}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "Hammertoe correction on the second, third and fourth toes, right foot. Code and units?",
            [("28285", ("-T6",), 1), ("28285", ("-T7",), 1), ("28285", ("-T8",), 1)],
        ),
        (
            "Second and third toes amputated at the MTP joint, left. 28820 x2?",
            [("28820", ("-T1",), 1), ("28820", ("-T2",), 1)],
        ),
    ],
)
def test_a_line_for_each_toe_wherever_the_side_is_told(
    text: str, lines: list[tuple[str, tuple[str, ...], int]], book: Codebook
) -> None:
    assert [(line.code, line.modifiers, line.units) for line in answered(text, book).lines] == lines


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nails: five on the right foot and four on the left debrided, onychomycosis, Medicare. Code?", "11721"),
        ("Debrided thick nails, 3 on the left foot and 2 on the right. Code?", "11720"),
        ("5 mycotic nails debrided, 3 on the right foot and 2 on the left. Code?", "11720"),
    ],
)
def test_both_sides_are_counted_together_and_no_total_twice(text: str, code: str, book: Codebook) -> None:
    assert list(answered(text, book).report) == [code]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Wound is 65 sq cm, debrided only 5 sq cm to subcutaneous. Code?", {"11042": 1}),
        ("Leg ulcer 40 sq cm, of which 24 sq cm was debrided down to muscle. Codes and units?", {"11043": 1, "11046": 1}),
        ("Two ulcers debrided into subcutaneous tissue, 12 sq cm and 15 sq cm. Codes?", {"11042": 1, "11045": 1}),
    ],
)
def test_only_what_was_debrided_is_measured(text: str, units: dict[str, int], book: Codebook) -> None:
    assert answered(text, book).units == units


@pytest.mark.parametrize(
    ("text", "report"),
    [
        (
            "ED: 43 min critical care apart from procedures, and CPR for another 36 min, same doctor. Bill both?",
            {"99291", "92950"},
        ),
        (
            "Critical care 80 minutes excluding procedures, and intubation took another 10. Codes, commercial?",
            {"99291", "99292", "31500"},
        ),
    ],
)
def test_minutes_apart_from_procedures_are_not_theirs(text: str, report: set[str], book: Codebook) -> None:
    assert {code for code in answered(text, book).report if code[0] != "-"} == report


def test_what_the_visit_was_for_is_nothing_more_that_was_given(book: Codebook) -> None:
    text = "30-minute antibiotic infusion, then chemo infused 115 minutes, office visit was for the chemo. Administration codes?"
    assert answered(text, book).units == {"96413": 1, "96415": 1, "96367": 1}


def test_the_pages_of_a_chart_that_is_copied_are_its_units(book: Codebook) -> None:
    text = "Lawyer asked for copies of the chart, forty two pages, and wants codes on the bill. Which and how many units?"
    assert answered(text, book).units["S9982"] == 42


@pytest.mark.parametrize(
    ("letter", "further"),
    [
        (
            "Four year old, burn of the chest excised and split skin put on, 3 percent of the body. Units?",
            {"15003": 2, "15101": 2},
        ),
        ("Boy of 8, stsg on the burned back after the burn was excised, 2.5 % of the body. Units?", {"15003": 2, "15101": 2}),
        ("Woman of 40, split thickness graft on the back, 250 sq cm, 3 percent of the body", {"15101": 2}),
    ],
)
def test_grafts_of_children_count_by_per_cent_of_the_body(letter: str, further: dict[str, int], book: Codebook) -> None:
    units = answered(letter, book).units
    assert {code: units.get(code) for code in further} == further
