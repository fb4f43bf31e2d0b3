"""A visit that a letter tells by its code: it stands on a line, and bears what the service beside it asks of it."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


def _signs(letter: str, code: str, book: Codebook) -> tuple[str, ...]:
    return next((line.modifiers for line in answered(letter, book).lines if line.code == code), ("no line",))


@pytest.mark.parametrize(
    ("letter", "visit", "service"),
    [
        ("Her visit was a 99213. May we bill the tobacco counseling 99406 beside it?", "99213", "99406"),
        ("Back pain, 99213, and six minutes on quitting smoking, 99406. Can both be billed together?", "99213", "99406"),
        ("Office visit 99214 plus G0396 for drinking the same day, Medicare. Modifier needed?", "99214", "G0396"),
        ("ER visit 99284 and a brief intervention for alcohol, 99408, 20 minutes. Modifier?", "99284", "99408"),
        ("99213 and 11721 the same day, can we bill both?", "99213", "11721"),
    ],
)
def test_a_small_service_that_is_asked_about_beside_a_visit_puts_25_on_the_visit(
    letter: str, visit: str, service: str, book: Codebook
) -> None:
    assert _signs(letter, visit, book) == ("-25",)
    assert _signs(letter, service, book) == ()


@pytest.mark.parametrize(
    ("letter", "visit"),
    [
        ("Thyroid nodule worked up, a full visit, and then an FNA without imaging, 10021. What goes on the 99204?", "99204"),
        ("Established patient: full visit for asthma, then 32 prick tests. Payer bundled our 99214. What modifier?", "99214"),
    ],
)
def test_a_visit_whose_modifier_is_asked_for_has_25_beside_a_test(letter: str, visit: str, book: Codebook) -> None:
    assert _signs(letter, visit, book) == ("-25",)


def test_blood_drawn_at_a_visit_wants_no_25(book: Codebook) -> None:
    letter = "Established visit 99213 and the MA drew blood for the outside lab. Does 36415 take any modifier beside it?"
    assert "-25" not in answered(letter, book).report


@pytest.mark.parametrize(
    "letter",
    [
        "NP saw a brand new Medicare patient, low. 99203 under the doctor as incident to?",
        "New Medicare patient seen by our PA alone, 99203. Manager wants it incident-to under the MD. Right?",
    ],
)
def test_a_visit_that_is_not_incident_to_goes_out_under_whoever_gave_it(letter: str, book: Codebook) -> None:
    assert answered(letter, book).report == ("99203",)


def test_two_visits_of_a_day_that_a_rule_allows_stand_both(book: Codebook) -> None:
    letter = (
        "Work comp recheck of the back, 99213. On his way out he mentions heartburn, doctor examines and treats that too, 99212, "
        "private insurance. May both be billed?"
    )
    assert {"99213", "99212"} <= set(answered(letter, book).report)
    same = "Urologist saw him in the office, 99214, and admitted him himself that evening, 99222. Bill both?"
    assert "99214" not in answered(same, book).report


def test_a_modifier_that_is_refused_leaves_the_visit_it_was_meant_for(book: Codebook) -> None:
    letter = "The hospitalist admitted him and our cardiologist saw him the same day. Does the cardiologist put AI on his 99222?"
    answer = answered(letter, book)
    assert "99222" in answer.report
    assert "-AI" in answer.do_not_report


def test_decisions_are_a_doctor_s_visit_and_no_short_one_to_the_nurse(book: Codebook) -> None:
    letter = (
        "In for a blood pressure recheck, doc found a rash and changed the pill. Established, moderate decision making. Code?"
    )
    assert answered(letter, book).report == ("99214",)
    assert answered("Blood pressure recheck with our nurse, doctor in the suite. Code?", book).report == ("99211",)
