"""Ages, bands, ribs and sides that letters tell in passing."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import TODAY, answered

TOLD = [
    ("Patient who turned 18 last week, physical", "age", [18.0]),
    ("Physical at 38, new patient", "age", [38.0]),
    ("New adult 52 physical", "age", [52.0]),
    ("New patient 60 minutes", "age", []),
    ("Physical at 2 pm", "age", []),
    ("Checkup at 4 weeks", "age", []),
    ("OMT to 3-4 body regions", "levels", [4.0]),
    ("Plated ribs 4, 5 and 6", "count", [3.0]),
    ("ORIF of ribs 3 through 8", "count", [6.0]),
    ("Rib 5 fracture", "count", []),
    ("ORIF bimalleolar fracture right", "side", ["right"]),
    ("TKA right. Code?", "side", ["right"]),
    ("Is this repair right? Code?", "side", []),
    ("We did the knee right after", "side", []),
]


@pytest.mark.parametrize(("text", "dimension", "values"), TOLD, ids=[f"{text}: {dimension}" for text, dimension, _ in TOLD])
def test_what_is_told_is_read(text: str, dimension: str, values: list[float | str]) -> None:
    found = [fact.value for fact in question.read(text, today=TODAY).facts if fact.dimension == dimension]
    assert sorted(set(found), key=str) == sorted(values, key=str)


@pytest.mark.parametrize(
    "letter",
    [
        "X-ray of the knee and knee injection, same visit. Codes?",
        "Skin tag removal 5 tags and AK x2 same visit, codes?",
        "Doctor froze 3 warts and injected a knee at the same visit, which modifiers?",
        "Froze 3 warts and injected a knee at the same visit. Modifiers? Regards, Ann, billing office",
    ],
)
def test_work_at_the_same_visit_speaks_of_no_visit_to_bill(letter: str, book: Codebook) -> None:
    answer = answered(letter, book)
    assert "-25" not in answer.report
    assert not any("-25 goes on the visit" in statement.text for statement in answer.statements)


def test_a_visit_that_is_told_beside_the_same_visit_is_billed(book: Codebook) -> None:
    letter = "99214 for asthma flare with a Toradol 30 mg shot for her back pain same visit"
    assert {"99214", "-25"} <= {*answered(letter, book).report}
