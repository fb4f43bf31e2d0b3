"""Letters in the shorthand of busy billers: slashes, cut words, remark codes of a remittance."""

from __future__ import annotations

from datetime import date

import pytest

from consultant import question
from consultant.classifier.hearing.words import Lexicon, Shorthand

TODAY = date(2026, 11, 26)


def measured(text: str, dimension: str) -> list[str | float]:
    return [fact.value for fact in question.read(text, today=TODAY).facts if fact.dimension == dimension]


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("b/l knee inj today", "side", "bilateral"),
        ("bilat turbinates reduced", "side", "bilateral"),
        ("lt knee scope", "side", "left"),
        ("rt hip fx", "side", "right"),
        ("est pt, 2 problems", "patient", "established"),
        ("new ob pt", "patient", "new"),
        ("mcaid denied it", "payer", "medicaid"),
        ("mcr pt", "payer", "medicare"),
        ("tfesi l4-5 rt", "spine_level", "L4-5"),
        ("xray foot 3 v", "views", 3),
    ],
)
def test_shorthand_says_the_same_fact(text: str, dimension: str, value: str | int) -> None:
    assert value in measured(text, dimension)


def test_two_short_forms_side_by_side_are_both_written_out() -> None:
    lexicon = Lexicon(["bilateral knee injection"], Shorthand({"b/l": ["bilateral"], "inj": ["injection", "injury"]}))
    assert lexicon.read(question.read("b/l knee inj", today=TODAY)).speaks_of(["bilateral knee injection"])


def test_a_remark_code_is_no_diagnosis() -> None:
    assert [code.code for code in question.read("eob PR-204 N130 on acupuncture", today=TODAY).codes] == []
    assert [code.code for code in question.read("dx N130, is it right", today=TODAY).codes] == ["N130"]
