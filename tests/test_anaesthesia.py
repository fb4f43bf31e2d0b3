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


@pytest.mark.parametrize(
    ("text", "codes", "operation"),
    [
        (
            "our anesthesiologist did the block for a carpal tunnel, surgeon billed the release. what code for us?",
            {"01810"},
            "64721",
        ),
        (
            "general anesthesia for shoulder scope with cuff repair, surgeon asked us for an interscalene block. our codes?",
            {"01630", "64415"},
            "29827",
        ),
    ],
)
def test_the_anaesthetist_who_writes_gets_no_operation(text: str, codes: set[str], operation: str, book: Codebook) -> None:
    report = answered(text, book).report
    assert codes <= {*report}
    assert operation not in report


def test_the_stimulator_by_its_short_name_is_no_scar(book: Codebook) -> None:
    assert answered("two perc leads for scs. codes?", book).report == ("63650",)


def test_the_pressure_machine_of_a_sleep_lab_is_not_sold(book: Codebook) -> None:
    text = "4 year old, overnight lab sleep study attended, put on bipap half way. Which code?"
    assert answered(text, book).report == ("95783",)


def test_whose_desk_bills_the_anaesthetic_gets_no_operation_that_a_surgeon_called_off(book: Codebook) -> None:
    text = (
        "Gallbladder by scope, general given, pressure crashed and the surgeon called it off. We bill for the anesthesiologist."
    )
    report = answered(text, book).report
    assert {"00790", "-53"} <= {*report}
    assert "47562" not in report


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("Anesthesia for a laparoscopic gallbladder and a hysteroscopy in one session. Which anesthesia code?", ["00790"]),
        (
            "Our anesthesiologist did one general for a carpal tunnel release and a knee arthroscopy. Two anesthesia codes?",
            ["01400"],
        ),
        ("Labor epidural ended in a C-section, one anesthetic, which anesthesia codes?", ["01967", "01968"]),
    ],
)
def test_operations_under_one_anaesthetic_have_the_code_with_the_most_base_units(
    told: str, code: list[str], book: Codebook
) -> None:
    assert [line.code for line in answered(told, book).lines] == code
