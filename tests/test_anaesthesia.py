"""Units of anaesthesia, whose code the letter does not name: base units, the time, and what a payer adds for the illness."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered

KNEE = "Anesthesia for a knee replacement, 92 minutes, ASA 3, anesthesiologist alone{payer}. How many units in total?"


@pytest.mark.parametrize("payer", ["", ", Aetna"])
def test_the_verdict_tells_the_units(payer: str, book: Codebook) -> None:
    answer = answered(KNEE.format(payer=payer), book)
    assert answer.verdict == "Report 01402-AA-P3. Units: 7 base and 6.1 for the time, 13.1 in all."
    said = [statement.text for statement in answer.statements]
    assert "7 base units + 6.1 time units = 13.1 units." in said
    assert "A payer that pays the physical status adds 1 for P3: 14.1 units. Medicare adds none." in said


def test_medicare_adds_nothing_for_the_illness(book: Codebook) -> None:
    answer = answered(KNEE.format(payer=", Medicare"), book)
    assert not any("pays the physical status adds" in statement.text for statement in answer.statements)


def test_a_line_of_anaesthesia_has_no_unit_of_its_own(book: Codebook) -> None:
    (line,) = answered(KNEE.format(payer=""), book).lines
    assert (line.code, line.units) == ("01402", None)


def test_who_asks_for_no_units_gets_no_sum(book: Codebook) -> None:
    answer = answered("Anesthesia for a knee replacement, 92 minutes, by the anesthesiologist alone. Which code?", book)
    assert answer.report == ("01402", "-AA")
    assert "Units" not in answer.verdict
    assert not any("time units =" in one.text for one in answer.statements)
