"""When a letter asks for a diagnosis alone, and what it gets: no service, each disease of its own kind, both sides of what is
bilateral, and nothing of somebody else's."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.classifier.systems import wants_diagnosis
from consultant.codebook import Codebook
from consultant.question.trips import read_trip
from tests.asking import TODAY, answered


def wants(text: str) -> bool:
    return wants_diagnosis(question.read(text, today=TODAY))


@pytest.mark.parametrize(
    "text",
    [
        "Shoulder out of its socket at the front, put back in the ED. Full code?",
        "Oligohydramnios at 31 weeks. Codes with all characters?",
        "Fingertip hit by a hammer, blood under the nail. Injury code?",
        "Toddler with croup and an ear infection. Laryngitis code only, or two?",
        "Ringworm of the scalp. Which B35 code?",
        "Ultrasound: gallstones, duct not blocked. Which K code?",
        "Which Z code for a kidney donor?",
        "Admitted for his heart failure, on dialysis besides. Seq?",
        "Bleeding five days after the tonsils came out. Diagnosis: tonsillitis, or some aftercare code?",
        "Hip replaced in May, here for therapy. Diagnosis aftercare or pain?",
    ],
)
def test_a_diagnosis_is_asked_for_in_many_ways(text: str) -> None:
    assert wants(text)


@pytest.mark.parametrize(
    "text",
    [
        "Heavy duty wheelchair for a man of 280 pounds. Which K code?",
        "School nurse gave insulin, per 15 minutes. Which T code?",
        "What goes on the center's claim and with which diagnosis?",
        "Two levels fused at the back. How do I code the second?",
        "Diagnosis: bunion, visit or procedure?",
        "Caseworker logged 40 minutes in the month. Full code or the short one?",
    ],
)
def test_letters_that_hcpcs_has_too_and_a_word_of_asking_are_no_wish_for_a_diagnosis(text: str) -> None:
    assert not wants(text)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # who has it is told behind it
        ("Fever in ESRD patient on dialysis, no source found. Which first?", {"R50.9", "N18.6"}),
        # an unspecified code gives way to one of its own kind alone
        ("Central sleep apnea and insomnia. Codes?", {"G47.31", "G47.00"}),
        ("Constipation and functional diarrhea. Dx codes?", {"K59.00", "K59.1"}),
        # two words that name nothing alone
        ("Orbital CT for pain in the right eye, read as normal. What dx?", {"H57.11"}),
        # of both sides one code, or two
        ("Bilateral carpal tunnel. Dx?", {"G56.03"}),
        ("Bilateral trochanteric bursitis. Dx codes?", {"M70.61", "M70.62"}),
        ("Bilateral trochanteric bursitis, second visit. Dx codes please?", {"M70.61", "M70.62"}),
        ("Bilateral lower leg cellulitis. Which dx codes?", {"L03.115", "L03.116"}),
        ("Bilateral Bell's palsy, dx?", {"G51.0"}),
        # "right" of a character is no side
        (
            "Left tibial shaft fracture, transverse, displaced, a nonunion now. Which dx with the right 7th character?",
            {"S82.222K"},
        ),
        # who writes is no part of what is written
        ("Hoarse singer; ENT found vocal cord nodules and sent her to voice therapy. J38.2 or R49.0?", {"J38.2"}),
        # a single vertebra is no part of the condition's name
        ("Spondylolisthesis C4 on C5. Dx?", {"M43.12"}),
    ],
)
def test_each_condition_gets_its_own_code(text: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) >= codes


def test_of_two_of_one_kind_the_unspecified_one_is_not_reported(book: Codebook) -> None:
    assert "J45.909" not in answered("Asthma, moderate persistent with exacerbation, asthma. Dx?", book).report


def test_what_was_done_beside_it_sends_no_diagnosis_away(book: Codebook) -> None:
    """ "Mohs" keeps the families of skin cancer from letters on the surgery; one that asks for the diagnosis is answered."""
    got = answered("Path confirmed basal cell carcinoma of the left side of the nose; Mohs today. Which C44 code?", book)
    assert got.report == ("C44.311",)


def test_who_writes_is_no_condition(book: Codebook) -> None:
    assert "K92.9" not in answered("GI documents chronic superficial gastritis without bleeding. Dx?", book).report


def test_what_ails_somebody_near_is_not_the_patients(book: Codebook) -> None:
    got = answered("Boyfriend has chlamydia; she has no symptoms and came to be tested because of that. Dx for the visit?", book)
    assert "Z20.2" in got.report
    assert "A74.9" not in got.report


@pytest.mark.parametrize("kind", ["tertiary", "university", "regional", "tertiary care"])
def test_a_hospital_is_one_of_whatever_kind(kind: str) -> None:
    facts = read_trip(f"BLS took him from the nursing home to a {kind} hospital.")
    assert {(fact.dimension, fact.value) for fact in facts} >= {("origin", "skilled nursing"), ("destination", "hospital")}


def test_the_right_eye_is_no_right_diagnosis(book: Codebook) -> None:
    text = "Intravitreal Eylea 2 mg right eye, dx wet AMD"
    assert not wants(text)
    assert {"67028", "-RT", "J0178"} <= set(answered(text, book).report)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("New patient seen for migraine with aura, 32 minutes. Office visit dx?", {"99203", "G43.109"}),
        ("Gout flare in the left big toe, level 3 visit, known patient. Office visit dx?", {"99213", "M10.072"}),
        ("need office visit dx: ear wax both ears, est pt", {"H61.23"}),
    ],
)
def test_office_visit_dx_asks_for_both_where_the_level_is_told(text: str, codes: set[str], book: Codebook) -> None:
    assert {*answered(text, book).report} == codes
