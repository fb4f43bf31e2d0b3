"""What is given in one encounter: each drug read with its way and minutes, and counted by one first service."""

from __future__ import annotations

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.advice.drugs.encounter import count
from consultant.advice.drugs.givings import Giving
from consultant.codebook import Codebook

TODAY = date(2026, 11, 26)


def test_a_strong_drug_comes_first_whatever_ran_before_it() -> None:
    tally = count([Giving("drug", "Zofran", "drip", 30), Giving("chemo", "carboplatin", "drip", 60)])
    assert dict(tally.units) == {"96413": 1, "96367": 1}
    assert tally.said[0] == "Carboplatin, 60 minutes: the first service, 96413."


@pytest.mark.parametrize(("minutes", "hours"), [(60, 0), (90, 0), (91, 1), (150, 1), (151, 2)])
def test_a_further_hour_is_earned_by_more_than_half_of_it(minutes: int, hours: int) -> None:
    assert count([Giving("drug", "iron", "drip", minutes)]).units["96366"] == hours


@pytest.mark.parametrize(("minutes", "units"), [(30, 0), (31, 1), (90, 1), (91, 2)])
def test_fluids_behind_a_push_take_the_further_hours(minutes: int, units: int) -> None:
    tally = count([Giving("drug", "Zofran", "push"), Giving("fluid", "saline", "drip", minutes)])
    assert (tally.units["96374"], tally.units["96361"], tally.units["96360"]) == (1, units, 0)


def test_who_came_to_a_practice_for_fluids_has_them_first() -> None:
    given = [Giving("fluid", "saline", "drip", 120), Giving("drug", "Zofran", "push")]
    assert dict(count(given, came_for_fluids=True).units) == {"96360": 1, "96361": 1, "96375": 1}
    assert dict(count(given).units) == {"96374": 1, "96361": 2}


def test_fluids_that_run_beside_a_drug_are_told_and_not_reported() -> None:
    tally = count([Giving("drug", "iron", "drip", 60), Giving("fluid", "saline", "drip", 60, together=True)])
    assert dict(tally.units) == {"96365": 1}
    assert "not reported" in tally.said[-1]


def test_a_drug_beside_another_counts_once_and_not_by_time() -> None:
    given = [Giving("drug", name, "drip", 60, together=at > 0) for at, name in enumerate(("A", "B", "C"))]
    assert dict(count(given).units) == {"96365": 1, "96368": 1}


LETTERS = {
    "Our office: came in for dehydration, 2 hours of saline and one push of Zofran. What is initial?": {
        "96360": 1,
        "96361": 1,
        "96375": 1,
    },
    "Patient got Toradol, Phenergan and B12 as separate IM shots. How many units of 96372?": {"96372": 3},
    "Is 96372 billable for each of three IM injections of different drugs at one visit?": {"96372": 3},
    "ED gave IV push Zofran and Toradol and 1 liter of saline over 1 hour": {"96374": 1, "96375": 1, "96361": 1},
    "Two different IV pushes: Zofran and then Toradol, nothing else.": {"96374": 1, "96375": 1},
    "Vancomycin 90 minutes and Zosyn 30 minutes, one after the other. What do we bill?": {"96365": 1, "96367": 1},
    "Rocephin infused over 12 minutes and hydration 70 minutes, can we charge 96365?": {"96374": 1, "96361": 1},
    "Keytruda 30 minutes, then Alimta IV push, then carboplatin 45 min. Administration codes?": {
        "96413": 1,
        "96417": 1,
        "96411": 1,
    },
    # Codes that the letter names and the count finds stand, whatever a single family made of them.
    "chemo infusion 96413 90 minutes, then Zofran IV push and 45 minutes of hydration before it. How do we bill?": {
        "96413": 1,
        "96375": 1,
        "96361": 1,
    },
    "Billed 96413 for a 90 minute chemo drip and 96375 for Zofran push. Is that right?": {"96413": 1, "96375": 1},
    "2 hours of saline, IV push Zofran in it, 110 min of fluid left after we take off the push. admin codes": {
        "96374": 1,
        "96361": 2,
    },
    "Taxol 9:00 to 10:30, before that dex IV push and Aloxi IV push. Administration?": {"96413": 1, "96375": 2},
    "Two antibiotics, vancomycin and cefepime, each over 60 minutes, sequential": {"96365": 1, "96367": 1},
}


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_that_tells_all_givings_gets_all_their_lines(letter: str, book: Codebook) -> None:
    asked = question.read(letter, today=TODAY)
    answer = advice.advise(classifier.classify(asked, book, TODAY), book)
    assert {code: n for code, n in answer.units.items() if code.startswith("96")} == LETTERS[letter]


def test_a_letter_that_leaves_a_giving_open_is_not_counted(book: Codebook) -> None:
    asked = question.read("Vancomycin ran and Zofran 40 minutes, codes for the infusions?", today=TODAY)
    answer = advice.advise(classifier.classify(asked, book, TODAY), book)
    assert "96367" not in answer.units


def test_a_sentence_stands_once_in_a_letter(book: Codebook) -> None:
    asked = question.read(next(letter for letter in LETTERS if "96413" in letter), today=TODAY)
    answer = advice.advise(classifier.classify(asked, book, TODAY), book)
    said = [(statement.section, statement.text) for statement in answer.statements]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Rocephin infusion for 40 minutes and Toradol IV push while the drip was going. Codes?", {"96365": 1, "96375": 1}),
        ("IV push of Toradol during a one hour drip of Zosyn. Codes?", {"96365": 1, "96375": 1}),
        ("Vancomycin ran over 90 minutes; morphine was pushed during the infusion. Codes?", {"96365": 1, "96375": 1}),
        ("During hydration over 2 hours Zofran was pushed. Codes?", {"96374": 1, "96361": 2}),
        ("Two chemo drugs today, Gemzar 30 minutes and cisplatin 2 hours. Codes?", {"96413": 1, "96417": 1, "96415": 1}),
    ],
)
def test_what_goes_on_during_something_else_is_a_giving_of_its_own(letter: str, units: dict[str, int], book: Codebook) -> None:
    answer = advice.advise(classifier.classify(question.read(letter, today=TODAY), book, TODAY), book)
    assert {code: n for code, n in answer.units.items() if code.startswith("96")} == units


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        (
            "Decadron and Zofran each pushed, then irinotecan 90 minutes with leucovorin at the same time, then home with "  # noqa: ISC004
            "the pump of 5-FU. Administration codes?",
            {"96413": 1, "96368": 1, "96375": 2, "96416": 1},
        ),
        (
            "Oxaliplatin ran 2 hours, Zofran IVP, then the CADD with 5-FU was hooked up. Admin codes?",
            {"96413": 1, "96415": 1, "96375": 1, "96416": 1},
        ),
        (
            "NS alone 50 min, then vanc hung 65 minutes, then Zofran pushed. Which infusion codes?",
            {"96365": 1, "96375": 1, "96361": 1},
        ),
    ],
)
def test_a_pump_that_goes_home_drips_beside_each_other_and_drugs_by_short_names_are_counted(
    book: Codebook, letter: str, units: dict[str, int]
) -> None:
    found = classifier.classify(question.read(letter, today=TODAY), book, TODAY)
    answer = advice.advise(found, book)
    given = {code: n for code, n in answer.units.items() if code.startswith("96")}
    assert given == units


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        (
            "Chemo infused 90 minutes, patient left. Later she returned dehydrated and received normal saline for 75 minutes.",
            {"96413": 1, "96360": 1},
        ),
        (
            "Chemo for an hour in the morning, went home. Came back at four vomiting and got an hour of IV fluids.",
            {"96413": 1, "96360": 1},
        ),
        (
            "Zofran IV push in the ER, sent home, came back six hours later and got a Rocephin drip over 30 minutes.",
            {"96374": 1, "96365": 1},
        ),
        ("Chemo infused 90 minutes, then normal saline for 75 minutes. She returned the next day.", {"96413": 1, "96361": 1}),
    ],
)
def test_who_leaves_and_comes_back_that_day_has_a_first_service_again(letter: str, units: dict[str, int], book: Codebook) -> None:
    advised = advice.advise(classifier.classify(question.read(letter, today=TODAY), book, TODAY), book)
    assert {code: advised.units[code] for code in units} == units
    assert not {"96361", "96375", "96367"} - set(units) & set(advised.report)


def test_a_nausea_drug_is_a_drug(book: Codebook) -> None:
    letter = "Chemo one hour, before it fluids for 45 min, at the end a nausea drug over 15 min. Codes?"
    advised = advice.advise(classifier.classify(question.read(letter, today=TODAY), book, TODAY), book)
    assert dict(advised.units) == {"96413": 1, "96361": 1, "96375": 1}
