"""Two services in one letter: whose units, side and veto is it, and which of two siblings stands?"""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


def lines_of(text: str, book: Codebook) -> list[tuple[str, tuple[str, ...], float | None]]:
    return [(line.code, tuple(line.modifiers), line.units) for line in answered(text, book).lines]


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("2 units of ther ex and 1 unit manual therapy. Codes?", {"97110": 2, "97140": 1}),
        ("PT eval and 2 units of therapeutic exercise. Codes?", {"97110": 2}),
        ("Neuro re-ed today, 3 units of it, and 2 units of gait training. Codes?", {"97116": 2}),
    ],
)
def test_units_that_the_letter_tells_go_with_what_stands_behind_them(letter: str, units: dict[str, int], book: Codebook) -> None:
    told = answered(letter, book).units
    assert {code: told.get(code) for code in units} == units


def test_minutes_of_the_letter_outweigh_units_that_it_tells(book: Codebook) -> None:
    assert answered("2 units of ther ex, 20 min in all. Codes and units?", book).units["97110"] == 1


@pytest.mark.parametrize(
    "letter", ["30 min ther ex and PT eval same day. Units?", "PT eval plus 30 minutes of therapeutic exercise, codes and units?"]
)
def test_a_word_inside_another_act_sends_no_family_away(letter: str, book: Codebook) -> None:
    assert answered(letter, book).units["97110"] == 2


def test_a_sibling_that_the_facts_rule_out_is_held_back(book: Codebook) -> None:
    letter = "Trigger point injections in 4 muscles and a subacromial bursa injection same visit. NCCI?"
    answer = answered(letter, book)
    assert "20553" in answer.report
    assert "20552" not in answer.report
    assert any("20552 is of the same table as 20553" in statement.text for statement in answer.statements)


def test_a_sibling_that_the_letter_names_is_not(book: Codebook) -> None:
    answer = answered("20552 for three trigger points, injected into 2 muscles, and 20553 for 4 muscles. NCCI?", book)
    assert "20552" in [*answer.report, *answer.do_not_report, *(c.code for c in answer.candidates)]


@pytest.mark.parametrize(
    ("letter", "code", "marked"),
    [
        ("Cataract surgery right eye with IOL. Left eye was done 3 weeks ago by same surgeon. Modifiers?", "66984", True),
        ("Cataract surgery right eye with IOL. Left eye was done 5 months ago by same surgeon. Modifiers?", "66984", False),
        ("Cataract surgery right eye with IOL, standard. Modifiers?", "66984", False),
    ],
)
def test_the_second_side_within_the_days_of_the_first(letter: str, code: str, marked: bool, book: Codebook) -> None:
    (held,) = [held for line, held, _ in lines_of(letter, book) if line == code]
    assert ("-79" in held) is marked
    assert "-RT" in held


def test_a_side_beside_a_finger(book: Codebook) -> None:
    lines = lines_of("Carpal tunnel release left and trigger finger right ring. CPT & modifiers?", book)
    assert ("64721", ("-LT",), 1) in lines
    assert ("26055", ("-F8",), 1) in lines


def test_each_artery_has_a_line_of_its_own(book: Codebook) -> None:
    lines = lines_of("PCI with DES of LAD and RCA, Medicare. Codes?", book)
    assert [(line, held) for line, held, _ in lines] == [("92928", ("-LD",)), ("92928", ("-RC",))]


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("ER doc repaired a 3 cm laceration of the forehead layered and 4 cm simple on the arm. Codes?", {"12052", "12002"}),
        ("Two lacs: hand 3 cm simple, face 2 cm layered. How do we code?", {"12002", "12051"}),
        ("Both layered: a 3 cm laceration of the forehead and a 4 cm one of the arm. Codes?", {"12052", "12032"}),
        ("Gash of the thigh 6 cm, in layers. Cut on the hand 3 cm, single layer. What do we bill?", {"12032", "12002"}),
        ("Thigh 8 cm and calf 4 cm, both closed in layers. Chin 1.5 cm, one layer of nylon.", {"12034", "12011"}),
        ("Belly wound 6 cm closed in layers, shin 4 cm one layer of stitches. Codes?", {"12032", "12002"}),
    ],
)
def test_each_wound_has_its_own_closure(letter: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(letter, book).report) - {"-59"} == codes


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("Claim for 99214 with 20610 denied as bundled, no modifier used. Fix?", {"99214", "20610", "-25"}),
        ("Can we bill 11042 and 97597 on the same wound same day?", {"11042"}),
        ("Observation admit and discharge same day 10 hours moderate. Code?", {"99235"}),
    ],
)
def test_what_a_short_question_of_two_services_leads_to(letter: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(letter, book).report) == codes


@pytest.mark.parametrize(
    ("letter", "minutes"),
    [
        ("E/M 99215 based on time, how many minutes in 2026?", "99215 takes 40 minutes or more"),
        ("Minimum time for 99204?", "99204 takes 45 minutes or more"),
        ("99213 or 99214, what are the time requirements?", "99213 takes 20 minutes or more by time. 99214 takes 30"),
    ],
)
def test_the_minutes_of_a_visit_by_time(letter: str, minutes: str, book: Codebook) -> None:
    answer = answered(letter, book)
    assert minutes in answer.verdict
    assert answer.answered
    assert not answer.ask_back


@pytest.mark.parametrize(
    ("letter", "lines"),
    [
        (
            "Open carpal tunnel release on the right and a trigger finger injection on the left ring finger. Codes + modifiers?",
            [("64721", ("-RT",), 1), ("20550", ("-F3",), 1)],
        ),
        (
            "Open carpal tunnel release right and injected the left ring trigger finger. Codes?",
            [("64721", ("-RT",), 1), ("20550", ("-F3",), 1)],
        ),
        (
            "carpal tunnel + injection\nOpen carpal tunnel release right and a trigger finger injection of the left ring finger",
            [("64721", ("-RT",), 1), ("20550", ("-F3",), 1)],
        ),
        (
            "trigger finger + carpal tunnel\nright carpal tunnel injected, left ring trigger finger released",
            [("20526", ("-RT",), 1), ("26055", ("-F3",), 1)],
        ),
        ("Knee injection right and a 99213, commercial. Modifiers?", [("20610", ("-RT",), 1), ("99213", ("-25",), 1)]),
    ],
)
def test_what_was_freed_is_not_what_was_injected(
    letter: str, lines: list[tuple[str, tuple[str, ...], float]], book: Codebook
) -> None:
    assert sorted(lines_of(letter, book)) == sorted(lines)
