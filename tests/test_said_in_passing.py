"""Ages, bands, ribs and sides that letters tell in passing."""

from __future__ import annotations

import pytest

from consultant import question
from tests.asking import TODAY

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
