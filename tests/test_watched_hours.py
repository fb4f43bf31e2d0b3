"""Hours of observation told by two times of day."""

from __future__ import annotations

import pytest

from consultant.question.amounts.watched import watched

HOURS = (
    ("Obs order at 8 pm Monday, left Tuesday 3 pm, facility bill. Units?", 19),
    ("Observation order written at 4 pm. Went home next day at 10 am. How many hours of G0378?", 18),
    ("Hospital claim: placed in observation at 1 pm Friday, discharged Sunday at 9 am. Observation hours?", 44),
    ("Observation began at noon and the care was over the next day at 2 pm, facility units?", 26),
    ("In observation since 9 am, admitted at 3:30 pm. How many units of G0378?", 6.5),
)


@pytest.mark.parametrize(("letter", "hours"), HOURS)
def test_hours_of_observation_run_from_the_order_to_the_end_of_the_care(letter: str, hours: float) -> None:
    assert [float(fact.value) / 60 for fact in watched(letter)] == [hours]


@pytest.mark.parametrize(
    "letter",
    [
        "Alice's doctor put him in observation at 4 pm and he was discharged next day at 10 am. Which discharge code?",
        "Observation care, seen at 8 am. How many hours of G0378?",
    ],
)
def test_a_letter_that_counts_no_hours_for_the_hospital_tells_none(letter: str) -> None:
    assert not watched(letter)
