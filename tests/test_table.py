"""Decision tables: what a cell holds, which rows the facts allow, and what makes a table unsound."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant.codebook.knowledge import Adds, Family
from consultant.codebook.table import added, assumed, fits, meet, missing, parse, problems, rows_allowed

EXAMPLE = {"question": "A question long enough to be one", "report": ["11400"]}


def family(rows: list[dict[str, Any]], decides: list[str], **more: Any) -> Family:
    return Family.model_validate(
        {
            "id": "a-family",
            "title": "A family made up for a test",
            "specialty": ["testing"],
            "act": ["testing"],
            "decides": decides,
            "row": rows,
            "why": "The rule that makes the choice.",
            "source": [{"title": "A source", "date": date(2025, 1, 1)}],
            "example": [EXAMPLE] * 3,
            **more,
        }
    )


MINUTES = [
    {"when": {"minutes": "..7"}, "note": "Nothing is earned."},
    {"when": {"minutes": "8..22"}, "code": "90912"},
    {
        "when": {"minutes": "23.."},
        "code": "90912",
        "adds": {"code": "90913", "per": 15, "beyond": 15, "over": "minutes", "at_least": 8},
    },
]
SITES = {"site": {"back": ["back"], "face": ["face", "cheek*"]}}
SIZES = [
    {"when": {"site": "back", "size_cm": "..0.5"}, "code": "11400"},
    {"when": {"site": "back", "size_cm": "0.5..1"}, "code": "11401"},
    {"when": {"site": "back", "size_cm": "1.."}, "code": "11402"},
    {"when": {"site": "face"}, "code": "11440"},
]


@pytest.mark.parametrize(
    ("size", "rows"), [(0.5, (0,)), (0.51, (1,)), (1.0, (1,)), (1.01, (2,)), ("0.5", (0,)), (0.001, (0,)), (99, (2,))]
)
def test_a_measure_at_the_boundary_belongs_to_the_smaller_size(size: float | str, rows: tuple[int, ...]) -> None:
    assert rows_allowed(family(SIZES, ["site", "size_cm"], values=SITES), {"site": "back", "size_cm": size}) == rows


@pytest.mark.parametrize(("minutes", "row"), [(7, 0), (7.9, 0), (8, 1), (22, 1), (22.5, 1), (23, 2), (0, 0)])
def test_counted_ranges_hold_both_ends_and_a_begun_minute_is_no_minute(minutes: float, row: int) -> None:
    assert rows_allowed(family(MINUTES, ["minutes"]), {"minutes": minutes}) == (row,)


def test_what_the_letter_does_not_say_stays_open() -> None:
    sizes = family(SIZES, ["site", "size_cm"], values=SITES)
    assert rows_allowed(sizes, {}) == (0, 1, 2, 3)
    assert rows_allowed(sizes, {"size_cm": 0.7}) == (1, 3)
    assert rows_allowed(sizes, {"site": "face"}) == (3,)
    assert rows_allowed(sizes, {"site": "nowhere"}) == ()


def test_a_letter_may_tell_a_range_or_two_values() -> None:
    sizes = family(SIZES, ["site", "size_cm"], values=SITES)
    assert rows_allowed(family(MINUTES, ["minutes"]), {"minutes": "..20"}) == (0, 1)
    assert rows_allowed(sizes, {"site": "Back|face", "size_cm": 0.4}) == (0, 3)


def test_a_fact_that_is_no_number_is_as_good_as_none() -> None:
    assert rows_allowed(family(MINUTES, ["minutes"]), {"minutes": "a while"}) == (0, 1, 2)
    assert rows_allowed(family(MINUTES, ["minutes"]), {"minutes": float("nan")}) == (0, 1, 2)


def test_only_the_dimensions_that_would_decide_are_asked_for() -> None:
    sizes = family(SIZES, ["site", "size_cm"], values=SITES)
    assert missing(sizes, {}) == ("site", "size_cm")
    assert missing(sizes, {"site": "back"}) == ("size_cm",)
    assert missing(sizes, {"site": "face"}) == ()


def test_an_assumption_yields_to_what_the_letter_says() -> None:
    sizes = family(SIZES, ["site", "size_cm"], values=SITES, assume={"site": "face"})
    assert assumed(sizes, {}) == {"site": "face"}
    assert assumed(sizes, {"site": "back"}) == {"site": "back"}


@pytest.mark.parametrize("text", ["many", "..", "5..2", "1..1", "x..3", "nan", "inf.."])
def test_a_cell_that_holds_nothing_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="size_cm"):
        parse("size_cm", text)


def test_a_cell_of_words_must_name_one() -> None:
    with pytest.raises(ValueError, match="site"):
        parse("site", " | ")
    assert parse("site", "Face| scalp ").words == {"face", "scalp"}


@pytest.mark.parametrize(("amount", "units"), [(15, 0), (22, 0), (23, 1), (37, 1), (38, 2), (45, 2)])
def test_a_timed_add_on_is_earned_by_its_midpoint(amount: float, units: int) -> None:
    assert added(Adds(code="90913", per=15, beyond=15, over="minutes", at_least=8), amount) == units


@pytest.mark.parametrize(("area", "units"), [(20, 0), (20.1, 1), (40, 1), (40.1, 2), (20.1 + 20.2, 2), (20.3 + 19.7, 1)])
def test_any_part_of_an_area_earns_the_add_on_and_sums_of_tenths_do_not_drift(area: float, units: int) -> None:
    assert added(Adds(code="11045", per=20, beyond=20, over="area_sq_cm"), area) == units


def test_a_drug_is_counted_from_its_first_milligram() -> None:
    by_ten = Adds(code="J3301", per=10, beyond=0, over="mg")
    assert [added(by_ten, mg) for mg in (0, 5, 10, 11, 40)] == [0, 1, 1, 2, 4]


def test_a_sound_table_has_no_problems() -> None:
    assert problems(family(MINUTES, ["minutes"])) == []
    assert problems(family(SIZES, ["site", "size_cm"], values=SITES)) == []


def test_a_gap_is_told_with_the_facts_that_fall_into_it() -> None:
    gap = [{"when": {"minutes": "..7"}, "note": "Nothing is earned."}, {"when": {"minutes": "9.."}, "code": "90912"}]
    assert problems(family(gap, ["minutes"])) == ["minutes = 8: no row"]


def test_an_overlap_is_told_with_its_rows() -> None:
    both = [{"when": {"size_cm": "..1"}, "code": "11400"}, {"when": {"size_cm": "0.5.."}, "code": "11401"}]
    found = problems(family(both, ["size_cm"]))
    assert found
    assert all("rows 0, 1 overlap" in sentence for sentence in found)


def test_ranges_that_meet_leave_no_hole_between_measures() -> None:
    hole = [{"when": {"size_cm": "..1"}, "code": "11400"}, {"when": {"size_cm": "1.1.."}, "code": "11401"}]
    assert problems(family(hole, ["size_cm"])) == ["size_cm = 1.05: no row", "size_cm = 1.1: no row"]


@pytest.mark.parametrize(
    ("rows", "decides", "more", "told"),
    [
        ([{"when": {"site": "back"}, "code": "11400"}], ["site"], {"values": SITES}, "site = face: no row"),
        (
            [{"when": {"site": "elbow"}, "code": "11400"}],
            ["site"],
            {"values": SITES},
            "row 0: nothing says how a letter would say site = elbow",
        ),
        ([{"when": {"site": "back"}, "code": "11400"}], [], {}, "site stands in a row but not in decides"),
        ([{"code": "11400"}], ["site"], {"values": SITES}, "site stands in decides but in no row"),
        ([{"code": "11400"}], [], {"assume": {"site": "back"}}, "site has words or an assumption, but decides nothing"),
        ([{}], [], {}, "row 0 leads to no code, no family and says nothing"),
        ([{"code": "11400", "goes_to": "elsewhere"}], [], {}, "row 0 leads to a code and to a family"),
        ([{"when": {"minutes": "soon"}, "code": "90912"}], ["minutes"], {}, "row 0: minutes: 'soon' is not a number"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_a_sentence(rows: Any, decides: Any, more: Any, told: str) -> None:
    assert told in problems(family(rows, decides, **more))


def test_a_table_too_large_to_read_is_refused_instead_of_counted_out() -> None:
    names = [f"side{number}" for number in range(14)]
    values = {name: {"left": ["left"], "right": ["right"]} for name in names}
    whole = family([{"when": dict.fromkeys(names, "left"), "code": "11400"}], names, values=values)
    assert problems(whole) == ["more than 5000 combinations: split the family"]


@given(st.floats(0.01, 500, allow_nan=False))
def test_every_size_meets_exactly_one_row(size: float) -> None:
    assert len(rows_allowed(family(SIZES, ["site", "size_cm"], values=SITES), {"site": "back", "size_cm": size})) == 1


@given(st.text(max_size=30))
def test_no_text_of_a_letter_breaks_the_table(text: str) -> None:
    assert fits({"minutes": "8..22", "site": "back"}, {"minutes": text, "site": text}) in (True, False)


def test_words_never_meet_numbers() -> None:
    assert not meet(parse("site", "back"), parse("minutes", "8..22"))


def test_hundredths_of_a_milligram_make_no_unit_by_a_rounding_error() -> None:
    assert added(Adds(code="J0775", per=0.01, beyond=0, over="mg"), 0.9) == 90
    assert added(Adds(code="J0775", per=0.01, beyond=0, over="mg"), 0.58) == 58
    assert added(Adds(code="J0775", per=0.01, beyond=0, over="mg"), 0.581) == 59
