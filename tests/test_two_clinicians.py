"""Who gave the therapy, what stands beside a code that goes out anyway, and a sign for a code that goes nowhere."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    "text",
    [
        "Psychiatrist did a med check (99213) and then our LCSW did 50 minutes of psychotherapy that morning. Which code?",
        "The PMHNP bills 99214 for a med check; she sent him on to our therapist for 40 minutes of therapy. Add-on or not?",
    ],
)
def test_therapy_by_somebody_else_than_the_prescriber_is_no_add_on(text: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert "90834" in answer.report
    assert "90836" not in answer.report


def test_therapy_by_the_psychiatrist_herself_stays_the_add_on(book: Codebook) -> None:
    text = "Psychiatrist did a med check (99213) and 40 minutes of psychotherapy. The patient sees a therapist elsewhere."
    answer = answered(text, book)
    assert "90834" not in answer.report


def test_what_goes_besides_a_code_does_not_refuse_it(book: Codebook) -> None:
    text = "Methadone clinic, the patient took home bottles for three weeks. What goes on the claim besides G2067?"
    answer = answered(text, book)
    assert {"G2067", "G2078"} <= set(answer.report)
    assert answer.units["G2078"] == 3


def test_a_59_for_the_wrap_of_the_same_leg_is_refused(book: Codebook) -> None:
    text = "Shin ulcer debrided to fat, 12 sq cm, layered compression wrap on that same leg. Can I put 59 on 29581?"
    answer = answered(text, book)
    assert "-59" not in answer.report
    assert "29581" in answer.do_not_report


def test_a_59_for_the_other_leg_stays(book: Codebook) -> None:
    text = "Shin ulcer debrided to fat, 12 sq cm, layered compression wrap on the other leg. Can I put 59 on 29581?"
    assert "-59" not in answered(text, book).do_not_report


@pytest.mark.parametrize(
    ("text", "visit"),
    [
        (
            "Psychiatrist: 50 minutes in all, 8 of them refilling a stable med (straightforward), the rest therapy. Codes?",
            "99212",
        ),
        ("Psych NP did a moderate-complexity med check and 40 minutes of psychotherapy besides. Which two codes?", "99214"),
    ],
)
def test_how_hard_the_med_check_was_gives_the_visit_of_the_add_on(text: str, visit: str, book: Codebook) -> None:
    assert {visit, "90836"} <= set(answered(text, book).report)


def test_a_sign_goes_with_the_sibling_that_the_minutes_lead_to(book: Codebook) -> None:
    text = "Client was in group at nine and had 45 minutes of individual psychotherapy at two. Where does the 59 go?"
    [line] = [line for line in answered(text, book).lines if line.code == "90834"]
    assert line.modifiers == ("-59",)
