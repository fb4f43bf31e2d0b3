"""A note that goes side by side: what stands under the heading of a side is that side's, and its line says so."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered

#: Letter, code → modifiers of its line, what must not be reported.
TOLD = [
    (
        "FESS. RIGHT: total ethmoidectomy, antrostomy w/ polyps out. LEFT: total ethmoid, sphenoid opened, tissue out. Codes?",
        {"31255": ("-RT",), "31267": ("-RT",), "31259": ("-LT",)},
        ["31256", "31288"],
    ),
    (
        "Scope sinus surgery. Left side: anterior ethmoidectomy. Right side: total ethmoidectomy, frontal sinus opened.",
        {"31254": ("-LT",), "31253": ("-RT",)},
        ["31255", "31276"],
    ),
    (
        "On the left he did an anterior ethmoidectomy; on the right he did a total ethmoidectomy plus frontal sinusotomy. Scope.",
        {"31254": ("-LT",), "31253": ("-RT",)},
        ["31255"],
    ),
    (
        "Sinus scope surgery. Rt: maxillary opened, tissue removed. Lt: maxillary opened, only mucus suctioned. What goes where?",
        {"31267": ("-RT",), "31256": ("-LT",)},
        [],
    ),
]


@pytest.mark.parametrize(("letter", "lines", "without"), TOLD, ids=[letter[:50] for letter, _, _ in TOLD])
def test_what_is_told_under_the_heading_of_a_side_is_that_sides(
    book: Codebook, letter: str, lines: dict[str, tuple[str, ...]], without: list[str]
) -> None:
    answer = answered(letter, book)
    told = {line.code: line.modifiers for line in answer.lines}
    assert {code: told.get(code) for code in lines} == lines
    assert not {*without} & {*answer.report}


def test_one_heading_alone_parts_nothing(book: Codebook) -> None:
    answer = answered("Right: total ethmoidectomy with sphenoidotomy, tissue removed from the sphenoid. Code?", book)
    assert answer.report[:1] == ("31259",)


def test_of_two_eyes_with_days_the_later_one_is_todays(book: Codebook) -> None:
    """The first eye's day only tells how near it was; the claim that bounced is that of the second."""
    letter = "Left cataract surgery May 4. Right eye on May 25, usual phaco. Denied as included in the first."
    answer = answered(letter, book)
    assert {"66984", "-79", "-RT"} <= set(answer.report)
    assert "-LT" not in answer.report


def test_the_other_side_of_an_earlier_lobe_is_the_one_done_today(book: Codebook) -> None:
    letter = (
        "Three weeks ago she took out the left thyroid lobe, path cancer, today the rest of the gland on the other side. Code?"
    )
    answer = answered(letter, book)
    assert "60260" in answer.report
    assert "-LT" not in answer.report


@pytest.mark.parametrize(
    ("letter", "lines"),
    [
        (
            "De Quervain injection on the left, trigger thumb release on the right. Modifiers?",
            {"26055": ("-F5",), "20550": ("-LT",)},
        ),
        (
            "Trigger thumb release right and a de Quervain injection left, how is it billed?",
            {"26055": ("-F5",), "20550": ("-LT",)},
        ),
        (
            "De Quervain release on the right wrist and trigger thumb injection on the left",
            {"25000": ("-RT",), "20550": ("-FA",)},
        ),
        ("ESWL on the right stone, cysto with a stent placed on the left", {"50590": ("-RT",), "52332": ("-LT",)}),
        ("Stone lasered left, only a stent right. Codes?", {"52332": ("-RT",)}),
        ("Total ethmoidectomy right, partial ethmoidectomy left", {"31255": ("-RT",), "31254": ("-LT",)}),
        (
            "Right knee arthroscopy with medial and lateral meniscectomy and left knee arthroscopy with medial meniscectomy",
            {"29880": ("-RT",), "29881": ("-LT",)},
        ),
        ("Carpal tunnel release left, de Quervain release right", {"64721": ("-LT",), "25000": ("-RT",)}),
    ],
)
def test_each_work_has_the_side_of_its_own_clause(letter: str, lines: dict[str, tuple[str, ...]], book: Codebook) -> None:
    told = {line.code: tuple(sign for sign in line.modifiers if sign != "-59") for line in answered(letter, book).lines}
    assert {code: told.get(code) for code in lines} == lines


@pytest.mark.parametrize(
    "letter", ["Left cataract surgery billed with LT, and is that right?", "Left eye cataract, LT and 66984, the claim is right."]
)
def test_who_is_right_tells_no_side(letter: str, book: Codebook) -> None:
    assert "-RT" not in answered(letter, book).report


def test_who_is_told_a_rule_and_asks_what_goes_out_gets_the_side(book: Codebook) -> None:
    letter = (
        "Right shoulder scope with cuff repair; the auditor says a trimmed labrum is included, is she right and what goes out?"
    )
    assert "-RT" in answered(letter, book).report
