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
