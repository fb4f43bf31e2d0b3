"""Amounts of a drug that are told for each of several places."""

import pytest

from consultant import question


def amounts(text: str, dimension: str = "mg") -> list[float]:
    return [float(fact.value) for fact in question.read(text).facts if fact.dimension == dimension]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kenalog 40 mg in each knee today", [80]),
        ("Both hips injected, 80 mg Depo-Medrol per hip", [160]),
        ("each shoulder got 20 mg of triamcinolone", [40]),
        ("Three keloids, 10 mg Kenalog each", [30]),
        ("right wrist and left ankle injected with 20 mg apiece", [40]),
        ("Eylea 2 mg both eyes", [4]),
        ("Eylea 2 mg in each eye from two syringes, nothing wasted", [4]),
        ("40 mg of Kenalog given in each knee, no-waste modifier left off", [80]),
        ("depo medrol 40 into EACH shoulder", [80]),
        ("kenalog 40 each knee", [80]),
        ("injected both knees, 40 mg vial for each, triamcinolone", [80]),
        ("kenalog 40 in the right knee", [40]),
        ("1 mL of kenalog 40 in the right knee", [40]),
        ("Eylea 2 mg OU", [4]),
        ("2 mL into each knee", []),
        ("40 mg in the right knee and 40 mg in the left knee", [80]),
        ("20 mg Kenalog into the left shoulder, 40 mg into the right shoulder", [60]),
    ],
)
def test_what_each_place_got_is_multiplied(text: str, told: list[float]) -> None:
    assert amounts(text) == told


def test_so_are_millilitres() -> None:
    assert amounts("2 mL of the gel into each knee", "ml") == [4]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Two vials of 50 mg each were opened", [50]),
        ("100 mg each day for five days", [100]),
        ("Injected 80 mg in all, 40 mg in each knee", [80, 40]),  # the letter has added up itself
        ("40 mg Kenalog into both knees", [40]),  # in all, or in each? It does not say.
        ("Kenalog 40 mg in the right knee. 60 mg of Toradol in the left buttock", [40, 60]),  # two parts
        ("500 mg given as two shots, one in each buttock", [500]),
        ("100 mg divided evenly, each shoulder injected once", [100]),
        ("10 mg Kenalog each", [10]),  # of how many?
    ],
)
def test_nothing_is_multiplied_that_is_not_told_for_each(text: str, told: list[float]) -> None:
    assert amounts(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Debrided two ulcers, each 15 sq cm, to fat", [30]),
        ("Debrided three wounds of 10 sq cm each to muscle", [30]),
        ("One ulcer of 30 sq cm: 11042 and 11045 for each additional 20 sq cm", [30, 20]),
        ("Two ulcers, 12 sq cm and 15 sq cm", [12, 15]),
    ],
)
def test_so_are_areas_of_wounds(text: str, told: list[float]) -> None:
    assert amounts(text, "area_sq_cm") == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Botox: 40 units into the right calf and 60 units into the left calf", [100]),
        ("Botox 50 units in the right and 50 in the left gastrocnemius", [100]),
        ("50 units in the right side and 50 units in the left side of the head", [100]),
        ("100 units, of which 40 in the right arm", [100]),
        ("40 units into the right calf, 60 units into the left hand", [40, 60]),
    ],
)
def test_units_of_a_drug_are_summed_over_both_sides(text: str, told: list[float]) -> None:
    assert amounts(text, "units") == told


def test_the_fact_keeps_the_words_it_comes_from() -> None:
    text = "We gave Kenalog 40 mg in each knee today."
    (fact,) = (fact for fact in question.read(text).facts if fact.dimension == "mg")
    assert fact.span.text == text[fact.span.start : fact.span.end] == "40 mg in each knee"
    assert fact.span.label == "total"


def test_what_each_of_two_got_is_of_both_sides() -> None:
    sides = {fact.value for fact in question.read("Kenalog 40 mg in each knee").facts if fact.dimension == "side"}
    assert sides == {"bilateral"}


def test_of_a_graft_cut_to_fit_what_was_laid_on_counts() -> None:
    assert amounts("EpiFix sheet 36 sq cm, put on 30 and tossed 6", "area_sq_cm") == [30]
    assert amounts("a 36 sq cm piece, 30 sq cm used on the foot, 6 sq cm wasted", "area_sq_cm") == [30]
    assert amounts("16 sq cm amnion graft opened, wasted 4 sq cm", "area_sq_cm") == [12]
    assert amounts("36 sq cm put on, nothing thrown away", "area_sq_cm") == [36]


def test_a_wound_is_measured_in_centimetres_though_the_letter_leaves_them_out() -> None:
    assert amounts("the wound measures 8 x 5", "area_sq_cm") == [40]
    assert amounts("bedsore on the sacrum is 6x4x2", "area_sq_cm") == [24]
    assert amounts("wound dressed with 4 x 4 gauze", "area_sq_cm") == []
    assert amounts("ulcer 20 x 10 mm", "area_sq_cm") == [2]


def test_regions_that_are_named_tell_more_than_what_the_sender_believes() -> None:
    told = "Chiro adjusted neck, mid back, lumbar and the sacrum. Do I bill 98942 bc five areas?"
    regions = [float(f.value) for f in question.read(told).facts if f.span.label == "regions"]
    assert regions == [4]


def test_a_side_between_the_number_of_a_toe_and_its_noun_is_that_toe_s() -> None:
    for told, signs in (
        ("R hallux and 2nd right toe nails pulled", ["-T5", "-T6"]),
        ("left great toe and 3rd right toe", ["-TA", "-T7"]),
    ):
        assert [f.value for f in question.read(told).facts if f.dimension == "digit"] == signs
