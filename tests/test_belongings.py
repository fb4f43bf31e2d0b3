"""What a patient only lives with, a break that is seen again, and what follows a first-listed code: no line by chance."""

from __future__ import annotations

import pytest

from consultant.advice.diagnoses.measured import measured
from consultant.advice.diagnoses.sequence import in_order
from consultant.classifier.belonging.belongings import belongings
from consultant.classifier.belonging.earlier import earlier
from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Type 1 diabetic on an insulin pump, in with ketoacidosis, how would you code him", {"E10.10", "Z96.41"}),
        ("Her COPD flared up, she is on home oxygen with a concentrator, exacerbation. what to code", {"J44.1", "Z99.81"}),
        ("He has a Foley, the urologist says UTI from the catheter. how to code", {"T83.511A", "N39.0"}),
        ("Neurogenic bladder, indwelling foley, what code goes out", {"N31.9"}),
    ],
)
def test_a_thing_that_the_patient_only_has_is_no_supply(text: str, wanted: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Type 1 diabetic on an insulin pump needs a new pump, which HCPCS?",
        "COPD patient on home oxygen, we deliver the concentrator, what do we bill",
        "Neurogenic bladder with a foley, changed today by the nurse. code?",
        "She uses a CPAP at home, which code?",
        "Nurse drained his bladder for retention with a foley, left it in, no trouble. Code?",
    ],
)
def test_what_is_supplied_changed_or_asked_for_by_itself_is_meant(text: str) -> None:
    assert belongings(text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("iron deficiency anemia needing blood transfusions, how is this coded", {"D50.9"}),
        ("anemia of ckd 4 requiring frequent transfusions, how do we code it", {"N18.4", "D63.1"}),
        ("Anemia requiring platelet transfusions, one bag given today over an hour. What do we bill?", {"36430"}),
    ],
)
def test_what_a_disease_needs_time_and_again_is_no_work_of_today(text: str, codes: set[str], book: Codebook) -> None:
    assert codes <= {*answered(text, book).report}


def test_a_break_that_is_looked_at_again_is_not_treated_again(book: Codebook) -> None:
    text = "Six week recheck of the closed right wrist fx (Colles), casted by us, fine now. Coder wants aftercare. What goes out?"
    assert [text[start:end] for start, end in earlier(text)] == ["the closed right wrist fx (Colles)"]
    assert "25600" not in answered(text, book).report


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Anemia in breast cancer, dx codes?", ("C50.919", "D63.0")),
        ("Came just for the anemia of her lung cancer. Dx order?", ("C34.90", "D63.0")),
        ("Anemia of his metastatic prostate cancer, dx please", ("C61", "D63.0")),
        ("Anemia from chemo, breast cancer under treatment. Dx order?", ("D64.81", "C50.919", "T45.1X5A")),
    ],
)
def test_the_cancer_stands_before_its_anemia(text: str, codes: tuple[str, ...], book: Codebook) -> None:
    assert answered(text, book).report == codes


def test_first_listed_codes_lead_and_causes_of_an_accident_end_the_list() -> None:
    assert in_order(["D12.5", "Z12.11"]) == ["Z12.11", "D12.5"]
    assert in_order(["X12.XXXA", "T25.221A"]) == ["T25.221A", "X12.XXXA"]
    assert in_order(["Z96.651", "Z47.1"]) == ["Z47.1", "Z96.651"]
    assert in_order(["D63.1", "I12.9", "N18.4"]) == ["I12.9", "N18.4", "D63.1"]
    assert in_order(["J96.01", "T40.411A"]) == ["T40.411A", "J96.01"]
    assert in_order(["D64.81", "C50.919", "Z51.11"]) == ["Z51.11", "C50.919", "D64.81"]


def test_a_newborn_has_its_weight_beside_its_weeks() -> None:
    assert "P07.18" in measured("Newborn of 34 weeks, 2100 grams", ["P07.37"])


@pytest.mark.parametrize(
    ("text", "wanted", "wrong"),
    [
        ("She swallowed the whole bottle of sertraline on purpose. Overdose, ICD-10?", "T43.222A", "T43.221A"),
        ("He took all his sertraline, wanted to die. Dx for the overdose?", "T43.222A", "T43.221A"),
        ("Case manager notes he sleeps in a shelter. Which Z codes?", "Z59.01", "Z64.4"),
        ("Breast cancer resected three years ago, no treatment since, now brain mets. Dx?", "Z85.3", "C50.919"),
        ("Left breast ca UOQ removed 4 years ago, all treatment done, now brain mets. Dx codes?", "Z85.3", "C50.412"),
        ("Intertroch fx right femur, nonunion. A or K?", "S72.141K", "S72.141A"),
        ("Doctor has cough and pneumonia, bill both?", "J18.9", "R05.9"),
        ("Warfarin and INR check, long term for afib, lab visit dx", "Z79.01", "85610"),
        ("Fell from a ladder at home, right ankle sprain. Dx incl how", "W11.XXXA", "S93.401D"),
        ("Recurrent severe depression, no psychosis plus suicidal ideation, dx", "R45.851", "F33.3"),
        ("Baby 3 days old, jaundice, preterm 35 weeks, office, dx", "P07.38", "P59.9"),
        ("Postoperative ileus after bowel resection, dx please", "K56.7", "K63.9"),
    ],
)
def test_words_beside_a_condition_are_read_for_what_they_say(text: str, wanted: str, wrong: str, book: Codebook) -> None:
    report = answered(text, book).report
    assert wanted in report
    assert wrong not in report


def test_the_epidural_of_an_earlier_day_is_not_billed_beside_the_blood_patch(book: Codebook) -> None:
    report = answered("Headache two days after her labor epidural, anesthesia did a blood patch today. Which code?", book).report
    assert "62273" in report
    assert "01967" not in report


@pytest.mark.parametrize(("age", "code", "refused"), [("20 year old", "90471", "90460"), ("12 year old", "90460", "90471")])
def test_a_rule_of_an_age_holds_where_that_age_is_told(age: str, code: str, refused: str, book: Codebook) -> None:
    report = answered(f"Tdap to a {age}, doctor counselled on all three components, Aetna. Administration code?", book).report
    assert code in report
    assert refused not in report


def test_a_phrase_with_a_gap_reaches_over_the_stop_behind_dr(book: Codebook) -> None:
    letter = (
        "Hand x-ray twice on one day, first read by Dr. Ames, later read by Dr. Quint of our group. Modifier on the second line?"
    )
    assert answered(letter, book).report[-1:] == ("-77",)


def test_what_was_replaced_last_month_is_told_to_say_which_it_was() -> None:
    letter = "It has nothing to do with the hip our group replaced last month."
    assert [letter[start:end] for start, end in earlier(letter)] == ["hip our group replaced last month"]
    assert not earlier("The hip was replaced by our group today.")
