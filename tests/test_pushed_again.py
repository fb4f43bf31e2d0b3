"""The same drug pushed into a vein again: a line of its own in a hospital and past half an hour, and else none."""

from __future__ import annotations

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.advice.drugs.givings import Giving
from consultant.advice.drugs.pushed_again import pushed_again
from consultant.codebook import Codebook

TODAY = date(2026, 11, 26)
ZOFRAN, TORADOL = (Giving("drug", name, "push") for name in ("Zofran", "Toradol"))


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        (
            "ED, hospital side: morphine push 0900, zofran push 0905, morphine pushed again at 1000. administration codes?",
            {"96374": 1, "96375": 1, "96376": 1},
        ),
        (
            "Hospital ER: dilaudid IV push, then zofran IV push, and 45 minutes later dilaudid IV push again. Giving codes?",
            {"96374": 1, "96375": 1, "96376": 1},
        ),
        (
            "hospital: Ancef infused 40 minutes, morphine IV push, 1 hr later another morphine push",
            {"96365": 1, "96375": 1, "96376": 1},
        ),
        ("doctor's office: zofran push, toradol push, toradol push again 50 min later", {"96374": 1, "96375": 1}),
        ("Hospital ER: dilaudid IVP x3, 45 minutes apart. Giving codes?", {"96374": 1, "96376": 2}),
        (
            "ED facility side: morphine IV push x 2, 40 min apart, and zofran IVP once. administration codes?",
            {"96374": 1, "96375": 1, "96376": 1},
        ),
        ("ER zofran and toradol IVP x2, hospital. admin codes", {"96374": 1, "96375": 1}),
        ("hospital: Zofran push, then Toradol push, 20 minutes later a second Toradol push", {"96374": 1, "96375": 1}),
    ],
)
def test_a_drug_pushed_again_counts_in_a_hospital_past_half_an_hour(letter: str, units: dict[str, int], book: Codebook) -> None:
    answer = advice.advise(classifier.classify(question.read(letter, today=TODAY), book, TODAY), book)
    assert {code: n for code, n in answer.units.items() if code.startswith("96")} == units


def test_what_is_not_told_of_a_second_push_is_not_guessed() -> None:
    assert pushed_again("hospital: Zofran push, Toradol push, Toradol push again", [ZOFRAN, TORADOL, TORADOL]) is None
    assert pushed_again("Zofran push, Toradol push, again 50 minutes later", [ZOFRAN, TORADOL]) is None
    nothing_twice = pushed_again("hospital: Zofran push, Toradol push", [ZOFRAN, TORADOL])
    assert nothing_twice is not None
    assert (nothing_twice.first, nothing_twice.counted, nothing_twice.minutes) == ([ZOFRAN, TORADOL], 0, None)
