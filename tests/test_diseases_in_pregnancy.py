"""A disease of hers in pregnancy: the code of chapter 15 before it, by the conditions that the tabular list names there."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Gonorrhea, 12 weeks pregnant. ICD-10?", ["O98.211", "A54.9", "Z3A.12"]),
        ("Epilepsy and 24 weeks pregnant. Which codes, dx?", ["O99.352", "G40.909", "Z3A.24"]),
        ("Crohn's disease at 20 weeks pregnant. ICD-10?", ["O99.612", "K50.90", "Z3A.20"]),
        ("Pneumonia at 27 weeks pregnant. ICD-10?", ["O99.512", "J18.9", "Z3A.27"]),
        ("Psoriasis at 21 weeks pregnant. ICD-10?", ["O99.712", "L40.9", "Z3A.21"]),
        ("Deep vein thrombosis of the left leg at 20 weeks pregnant. ICD-10?", ["O22.32", "I82.402", "Z3A.20"]),
        ("Lupus, SLE, 18 weeks pregnant. ICD-10?", ["O99.891", "M32.9", "Z3A.18"]),
        ("Acute cholecystitis, no stones, 22 weeks pregnant. ICD-10?", ["O26.612", "K81.0", "Z3A.22"]),
        ("Acute appendicitis at 19 weeks of pregnancy. ICD-10?", ["O99.612", "K35.80", "Z3A.19"]),
        ("Asthma attack at 30 weeks of pregnancy. ICD-10?", ["O99.513", "J45.901", "Z3A.30"]),
    ],
)
def test_a_disease_in_pregnancy_has_its_chapter_15_code_first(text: str, wanted: list[str], book: Codebook) -> None:
    report = answered(text, book).report
    assert set(report) == set(wanted)
    assert report[0] == wanted[0]


@pytest.mark.parametrize(
    "text",
    [
        "20 weeks pregnant, her migraine is incidental, the doctor says it does not affect the pregnancy. Dx?",
        "Missed abortion at 9 weeks, patient has Crohn's. Dx?",
    ],
)
def test_what_does_not_touch_the_pregnancy_has_none(text: str, book: Codebook) -> None:
    assert not any(code.startswith("O99") for code in answered(text, book).report)
