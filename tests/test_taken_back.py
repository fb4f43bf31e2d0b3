"""What a letter asks itself and takes back with a no: it is denied, and what stands in its place is heard."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import TODAY, answered


@pytest.mark.parametrize(
    ("letter", "told", "taken_back"),
    [
        ("Ambulance: stretcher van? no its BLS, non emergency, what code", "A0428", "T2005"),
        ("hyalgan? no - PRP shot into the right knee. code?", "0232T", "J7321"),
        ("Botox? nope, trigger point injections in 3 muscles", "20553", "J0585"),
        ("ultrasound guided? no. Knee injection, right. code?", "20610", "20611"),
        ("Core biopsy of a thyroid nodule? No, fine needle under ultrasound, one nodule. Code?", "10005", "60100"),
    ],
)
def test_what_is_taken_back_is_not_billed(letter: str, told: str, taken_back: str, book: Codebook) -> None:
    report = answered(letter, book).report
    assert told in report
    assert taken_back not in report


@pytest.mark.parametrize(
    "letter", ["Modifier 25? No visit that day.", "Contrast? no contrast. CT head.", "Bill 20610? No, says my boss."]
)
def test_a_no_that_denies_what_follows_takes_nothing_back(letter: str) -> None:
    facts = question.read(letter, today=TODAY).facts
    assert not any(fact.dimension == "negated" and fact.span.start == 0 for fact in facts)
