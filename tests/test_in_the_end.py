"""What a letter tells in its course: a failure that was overcome, a second operation, a stent of another year."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Trouble with the first IV stick but on the second attempt the PICC went in under ultrasound. Code?", "36573"),
        ("IUD insertion failed on the first try, then the doctor dilated the cervix and got it in. Modifier 53?", "58300"),
        ("First attempt at the lumbar puncture was unsuccessful, the second attempt was successful. Modifier on 62270?", "62270"),
        ("Could not pass the colonoscope at first, but with a pediatric scope the cecum was reached. 45378-53?", "45378"),
        ("Unable to get the line in on the left, tried the right and it worked, 36556. Discontinued modifier?", "36556"),
    ],
)
def test_what_was_done_in_the_end_was_not_broken_off(text: str, code: str, book: Codebook) -> None:
    report = {*answered(text, book).report}
    assert code in report
    assert not {"-52", "-53"} & report


@pytest.mark.parametrize(
    "text",
    [
        "IUD insertion failed, patient in too much pain, stopped. Modifier?",
        "Endometrial biopsy attempted, could not get through the cervix, rescheduled. Which modifier",
    ],
)
def test_what_failed_for_good_was_broken_off(text: str, book: Codebook) -> None:
    assert "-53" in answered(text, book).report


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Lap chole on Monday, taken back Wednesday for a washout of the abdomen. How do I bill both?", "49002"),
        ("Surgeon did a lap chole, then returned to the OR two days later to wash out the abdomen. Which modifier?", "49002"),
        ("Colectomy 44140, three days later returned to OR, leak, 44120 done. What modifier goes where?", "44120"),
    ],
)
def test_the_return_to_the_operating_room_is_told_on_the_second_operation(text: str, second: str, book: Codebook) -> None:
    held = {line.code: line.modifiers for line in answered(text, book).lines}
    assert held.pop(second) == ("-78",)
    assert not any(held.values())


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("Stent placed in the LAD last year. Today only a left heart cath with coronary angiography. Code?", {"93458"}),
        ("Cath today, left heart with coronaries, he had a stent in 2021, no intervention now", {"93458"}),
        ("History of hysterectomy 3 years ago, comes for a transvaginal ultrasound. Code?", {"76830"}),
    ],
)
def test_an_operation_of_another_year_is_not_coded_today(text: str, report: set[str], book: Codebook) -> None:
    assert {*answered(text, book).report} == report


@pytest.mark.parametrize(
    "text",
    [
        "Colonoscopy with snare, doctor gave moderate sedation himself 20 minutes but sedation is not billed. Codes?",
        "EGD with biopsy, we are not billing the sedation, 15 minutes moderate sedation by the endoscopist. Codes?",
    ],
)
def test_what_the_letter_does_not_bill_has_no_line(text: str, book: Codebook) -> None:
    report = answered(text, book).report
    assert report
    assert "99152" not in report


def test_what_was_not_billed_may_be_asked_about(book: Codebook) -> None:
    text = "Sedation 20 minutes by the GI doctor was not billed with the colonoscopy 45378, commercial. Code to add?"
    assert "99152" in answered(text, book).report


def test_psychotherapy_beside_a_visit_of_the_same_hand_is_its_add_on(book: Codebook) -> None:
    answer = answered("Established patient, moderate MDM and 25 min psychotherapy by the psychiatrist. Codes?", book)
    assert {*answer.report} == {"99214", "90833"}
    assert answer.units["90833"] == 1


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Complete breast ultrasound left, limited right. Codes?", {"76641": ("-LT",), "76642": ("-RT",)}),
        ("Right chest port removed, left arm PICC placed without imaging, adult.", {"36590": (), "36569": ()}),
        ("Right carpal tunnel release and left trigger finger release. Codes?", {"64721": ("-RT",), "26055": ()}),
        ("Injected the left and right knee under ultrasound guidance. Codes?", {"20611": ("-50",)}),
    ],
)
def test_two_works_have_a_side_each_and_one_has_both(text: str, held: dict[str, tuple[str, ...]], book: Codebook) -> None:
    assert {line.code: line.modifiers for line in answered(text, book).lines} == held


@pytest.mark.parametrize(
    ("letter", "kept", "left"),
    [
        ("Dexcom G7 sensors for one month on insulin, the receiver she already has. HCPCS?", "A4239", "E2103"),
        ("Two year old well visit already billed. Hep A shot given with counseling. Vaccine codes?", "90633", "99392"),
    ],
)
def test_what_the_patient_has_or_was_billed_before_is_left_out(letter: str, kept: str, left: str, book: Codebook) -> None:
    answer = answered(letter, book)
    assert kept in answer.report
    assert left not in answer.report
