"""What somebody else claims, keyed or wrote on a slip, and how far the claim reaches."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.question.hearsay import hearsay
from tests.asking import answered

TODAY = date(2026, 11, 28)


def claimed(text: str) -> str:
    return " | ".join(fact.span.text for fact in hearsay(text))


def test_how_somebody_says_sounds_is_no_claim() -> None:
    assert not claimed("Tested how he says his sounds and his language.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The PA typed trimal in the sheet, which is plain wrong. Both malleoli were plated.", "trimal"),
        ("His PA, who is leaving on Friday, listed separate frontal codes.", "frontal"),
        ("The coder before me put lung cancer first.", "lung cancer"),
        ("The scheduler had authorized a double osteotomy since he usually does one.", "double osteotomy"),
        ("Our old software wants the multiplex code.", "multiplex"),
        ("Foam and dome test done. Someone uses the posturography code.", "posturography"),
        ("Some offices bill the ultrasound-guided code for that.", "ultrasound"),
        ("A guy at a seminar in Reno said to use 59.", "59"),
        ("The surgeon's office says they are using 53 on theirs.", "53"),
        ("His own suggestion is the ultrasound code for two stations.", "two stations"),
        ("He asked why last month's patient, who had nodes sampled, paid more.", "nodes sampled"),
        ("There was a separate patient last week with a duct probing.", "duct probing"),
        ("The girl at the desk thinks the flu shot is free.", "flu shot"),
        ("Billing used the vaccine code of plain plans.", "vaccine"),
        ("The charge came across as an infusion.", "infusion"),
        ("The biller downgraded it to a sigmoidoscopy.", "sigmoidoscopy"),
        ("The EHR suggests the code of no degree.", "no degree"),
    ],
)
def test_what_others_say_is_claimed(text: str, said: str) -> None:
    assert said in claimed(text)


@pytest.mark.parametrize(
    "text",
    [
        "The resident used ultrasound to find the vein.",
        "The fellow added a biopsy of the polyp.",
        "Our partner put a stent into the LAD.",
        "The nurse put the catheter in.",
        "The tech ran a CBC.",
        "Another patient, 45, had a colonoscopy.",
    ],
)
def test_what_was_done_is_not(text: str) -> None:
    assert claimed(text) == ""


def test_of_what_was_billed_for_a_work_the_code_alone_is_claimed() -> None:
    assert claimed("The biller coded 20610 for the knee injection.").rstrip() == "biller coded 20610"


def test_what_the_slip_says_brings_no_line(book: Codebook) -> None:
    asked = question.read(
        "BCBS, right foot. Bunion: the surgeon shaved the bump and made a chevron cut in the head of the first metatarsal, one "
        "screw. The scheduler had authorized a double osteotomy. Which CPT code?",
        today=TODAY,
    )
    report = advice.advise(classifier.classify(asked, book, TODAY), book).report
    assert "28296" in report
    assert "28299" not in report


def test_a_letter_of_nothing_but_cues_is_read_in_a_moment() -> None:
    text = "the biller, who has had, " * 4000 + "his own old list " * 4000
    began = perf_counter()
    hearsay(text)
    assert perf_counter() - began < 5


def test_a_code_that_a_claim_defaulted_to_is_claimed() -> None:
    assert claimed("The claim defaulted to J7298.").startswith("claim defaulted to J7298")


@pytest.mark.parametrize(
    "text",
    [
        "Old charge slip shows ICD-9 724.2. ICD-10 for it?",
        "The biller put 599.0, that was ICD-9. Which one today?",
        "Superbill has V58.61 from ICD-9. What is it now?",
    ],
)
def test_the_old_code_on_a_sheet_is_what_is_asked_about(text: str) -> None:
    assert not claimed(text)


def test_a_code_of_today_on_a_sheet_is_still_claimed() -> None:
    assert claimed("Old charge slip shows 20610. We left ICD-9 long ago.").startswith("slip shows 20610")


@pytest.mark.parametrize(
    ("letter", "right", "wrong"),
    [
        ("The coder at the other office wants 20611, we injected the knee without ultrasound. Right code?", "20610", "20611"),
        ("My manager says 99214, we saw him established with low MDM. Code?", "99213", "99214"),
        ("Somebody wants 93351-26, our cardiologist read a complete resting echo with Doppler and color in the hospital. Code?",
         "93306", "93351"),
    ],
)  # fmt: skip
def test_behind_a_claim_the_writer_tells_what_was_done(letter: str, right: str, wrong: str, book: Codebook) -> None:
    report = answered(letter, book).report
    assert right in report
    assert wrong not in report
