"""A letter brought to one flow: broken lines joined, blanks single, and every place led back to the letter as written."""

from __future__ import annotations

import textwrap
import time

import pytest

from consultant import question
from consultant.question import flow
from consultant.vocabulary import Span
from consultant.web import shown

TOLD = (
    "The patient had manual therapy and therapeutic activities on one day, and Medicare denied 97140 as bundled. What is missing?"
)


@pytest.mark.parametrize("width", [44, 60, 72, 78])
def test_lines_that_a_mail_program_broke_are_joined(width: int) -> None:
    assert flow(textwrap.fill(TOLD, width)).text == TOLD
    assert flow(textwrap.fill("  ".join(TOLD.split()), width)).text == TOLD


def test_lines_that_their_writer_ended_stay() -> None:
    for kept in (
        "Dx: M54.50\nCPT 97140\nPayer: Medicare",
        "Excision of a benign lesion of the trunk\n- 2.1 cm with margins, left\n- 1 cm, right",
        "Two procedures were done at this session:\n1. excision of a lesion of the trunk, 2.1 cm\n2. biopsy of the arm",
        "Good morning.\n\nThe patient was seen for a wellness visit and for a cough of three weeks.\n\nKind regards,\nMaria",
    ):
        assert flow(kept).text == kept


def test_blanks_are_single() -> None:
    assert flow("99213  with\tmodifier\xa025 \n\n  and a wound").text == "99213 with modifier 25\n\nand a wound"


def test_every_place_leads_back_and_forth() -> None:
    written = "We billed  97140   and the plan\n denied it."
    flowing = flow(written)
    start = flowing.text.index("97140")
    there = Span(start, start + 5, "97140")
    back = flowing.back(there)
    assert (written[back.start : back.end], back.text) == ("97140", "97140")
    assert flowing.forth(back) == there


def test_a_question_speaks_of_the_flow() -> None:
    asked = question.read(
        "Pt:  Harold Jenkins.  Medicare  denied the 97140\nthat we billed, 45\tminutes. Which modifier?", "97530  too"
    )
    for span in [c.span for c in asked.codes] + [f.span for f in asked.facts] + list(asked.phi):
        assert (asked.subject if span.where == "subject" else asked.text)[span.start : span.end] == span.text
    assert question.patients(asked) == ("Harold Jenkins",)
    assert "Jenkins" not in question.masked(asked)


def test_a_page_marks_the_letter_as_it_was_written_and_lets_broken_lines_run() -> None:
    first, second = "Medicare  denied\t97140 on the same\nday, 15 minutes each", "It is  97530\n  besides"
    asked = question.read(f"{first}\n\n{second}")
    marked, at = shown.pieces(first, asked)
    assert "".join(piece.text for piece in marked) == "Medicare  denied\t97140 on the same day, 15 minutes each"
    assert [piece.text for piece in marked if piece.kind == "code"] == ["97140"]
    marked, _ = shown.pieces(second, asked, at)
    assert "".join(piece.text for piece in marked) == second, "too short a line to have been broken by a program"
    assert [piece.text for piece in marked if piece.kind == "code"] == ["97530"]


@pytest.mark.parametrize("hostile", [" " * 300_000, "\n" * 300_000, " \n" * 150_000, ("x" * 40 + "\n") * 7_000, "a\t" * 150_000])
def test_a_hostile_text_takes_no_time(hostile: str) -> None:
    begun = time.perf_counter()
    flow(hostile)
    assert time.perf_counter() - begun < 3
