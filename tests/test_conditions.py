"""The diagnoses of a letter: which conditions are named, what becomes of them together, and which are none of today's."""

import pytest

from consultant import question
from consultant.advice.diagnoses.measured import bmi_code, measured
from consultant.classifier.diagnoses.conditions import conditions
from consultant.classifier.diagnoses.stretches import stretches, telling
from consultant.classifier.diagnoses.titles import told_titles
from consultant.codebook import Codebook
from tests.asking import TODAY, answered


def named(text: str, book: Codebook) -> list[str]:
    found = conditions(question.read(text, today=TODAY), book)
    return [one.code for one in found if one.evidence[0].kind == "condition"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Diagnosis codes for gout flare and hypothyroidism please", ["M10.9", "E03.9"]),
        ("Dx: RSV bronchiolitis, no pneumonia", ["J21.0"]),
        ("Clinic note: possible kidney stone, left flank pain", ["R10.A2"]),
        ("Discharge summary of an inpatient says probable acute cholecystitis", ["K81.0"]),
        ("Breast cancer with metastasis to bone and liver", ["C50.919", "C79.51", "C78.7"]),
        ("Third degree burn of the left palm, healing well at follow-up", ["T23.352D"]),
        ("Tibial shaft fracture on the right is now a nonunion", ["S82.201K"]),
        ("Displaced transverse fracture of the shaft of right tibia, subsequent encounter, malunion", ["S82.221P"]),
        ("Displaced transverse fracture of the shaft of right tibia, subsequent encounter, routine healing", ["S82.221D"]),
        ("Right tibial shaft fracture that has not united", ["S82.201K"]),
        ("Dx for kidney failure that came with gout", ["N19", "M10.9"]),
        ("Check-up where an ear infection on the left was seen, dx?", ["H66.92"]),
    ],
)
def test_each_condition_is_named_by_its_own_words(text: str, codes: list[str], book: Codebook) -> None:
    assert named(text, book) == codes


@pytest.mark.parametrize(
    ("text", "first", "then"),
    [
        ("Scar of the left hand from an old burn, which ICD-10 codes?", "L90.5", ["T23.002S"]),
        ("Post-traumatic arthritis of the right ankle after a fracture six years ago, dx codes?", "M19.171", ["S82.891S"]),
        ("Patient skipped her Keppra and had a seizure, ICD-10 codes?", "R56.9", ["T42.6X6A", "Z91.128"]),
        ("Off his lisinopril because of the price, hypertensive urgency. Dx codes?", "I16.0", ["T46.4X6A", "Z91.120"]),
    ],
)
def test_what_came_of_an_old_injury_or_a_dose_left_out_stands_before_it(
    text: str, first: str, then: list[str], book: Codebook
) -> None:
    assert answered(text, book).report[:1] == (first,)
    assert [code for code in answered(text, book).report if code in then] == then


def test_a_drug_that_the_patient_does_not_take_is_no_long_term_use(book: Codebook) -> None:
    told = answered("Type 2 diabetic on metformin, never used insulin. Diagnosis codes?", book).report
    assert "Z79.84" in told
    assert "Z79.4" not in told


def test_an_overdose_is_one_poisoning_by_its_intent(book: Codebook) -> None:
    assert answered("Tylenol overdose in a suicide attempt, ICD-10 code?", book).report == ("T39.1X2A",)


def test_of_two_diagnoses_joined_by_or_neither_is_known_in_the_clinic(book: Codebook) -> None:
    assert named("Cough, either asthma or bronchitis, seen in clinic", book) == ["R05.9"]
    assert named("Which comes first, sepsis or pneumonia?", book) == ["A41.9", "J18.9"]


def test_to_code_both_is_no_word_of_two_sides(book: Codebook) -> None:
    assert answered("Left knee pain due to OA. Code both?", book).report == ("M17.12",)


def test_a_first_baby_is_no_newborn(book: Codebook) -> None:
    report = answered("First baby, mother will be 36 at delivery, prenatal visit at 12 weeks. ICD-10 code?", book).report
    assert "Z3A.12" in report


def test_a_print_of_the_claim_is_no_slip_for_a_sprain(book: Codebook) -> None:
    assert named("Question for the printer claim", book) == []
    assert named("Stitches were put in yesterday", book) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("NSTEMI last week, comes back with a STEMI of the inferior wall. Dx codes?", ["I22.1", "I21.4"]),
        ("NSTEMI last month, now a STEMI of the anterior wall. Dx?", ["I25.2", "I21.09"]),
        # The operation of today is no state that somebody came with.
        ("Inferior wall STEMI, taken for CABG today. Dx codes?", ["I21.19"]),
        ("CAD of native arteries, had CABG x3 today. Dx code?", ["I25.10"]),
        ("CAD s/p CABG, here today for a check. Dx code?", ["I25.10", "Z95.1"]),
    ],
)
def test_an_attack_and_a_bypass_are_of_their_day(text: str, codes: list[str], book: Codebook) -> None:
    assert sorted(answered(text, book).report) == sorted(codes)


def test_relatives_and_the_past_are_not_the_patient_of_today(book: Codebook) -> None:
    assert named("Her mother had a stroke", book) == ["Z82.3"]
    assert "I63.9" not in named("Patient had a stroke three years ago, no deficits", book)


@pytest.mark.parametrize(
    ("text", "first", "also", "never"),
    [
        ("HTN with diastolic heart failure and CKD 3a, which dx codes in order?", "I13.0", {"N18.31"}, {"I10", "I12.9"}),
        ("Type 2 diabetic with gastroparesis, which ICD-10 codes?", "E11.43", {"K31.84"}, {"E11.9"}),
        ("22 weeks pregnant with iron deficiency anemia, diagnosis codes?", "O99.012", {"D50.9", "Z3A.22"}, {"Z34.00"}),
        ("COPD and pneumonia, what are the diagnosis codes", "J44.0", {"J18.9"}, {"J44.9"}),
        ("Dementia in a man with Parkinson's disease: ICD-10 codes and order?", "G20.A1", {"F02.80"}, {"F03.90"}),
        # A rule's turns are heard in other words, and so is what one thing came of.
        ("Septic from a UTI, encephalopathy brought on by her sepsis. Dx codes?", "A41.9", {"R65.20", "G93.41"}, {"G93.40"}),
        ("Cirrhosis of the liver as a result of years of alcohol, ICD-10?", "K70.30", set(), {"K74.60"}),
        ("AKI 2/2 severe sepsis, diagnosis codes?", "A41.9", {"R65.20", "N17.9"}, set()),
        # The wish at the end of a letter speaks of no code of that name.
        ("Pregnant 28 wks with anemia iron deficiency dx codes", "O99.013", {"D50.9", "Z3A.28"}, {"Z34.00"}),
        ("At 30 weeks, pregnant, iron deficiency anemia dx code", "O99.013", {"D50.9", "Z3A.30"}, {"Z34.00"}),
    ],
)
def test_what_stands_together_becomes_one_patient(text: str, first: str, also: set[str], never: set[str], book: Codebook) -> None:
    found = answered(text, book)
    assert found.report[0] == first
    assert also <= set(found.report)
    assert not never & set(found.report)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Drowsy after taking two of his own oxycodone tablets at once by mistake, dx?", "T40.2X1A"),
        ("Cough from lisinopril taken as ordered, which ICD codes", "T46.4X5A"),
        ("Ran out of her digoxin and now in heart failure, diagnosis codes?", "T46.0X6A"),
        ("Swallowed a bottle of tylenol in a suicide attempt, ICD-10?", "T39.1X2A"),
    ],
)
def test_how_a_drug_was_taken_chooses_its_character(text: str, code: str, book: Codebook) -> None:
    assert code in answered(text, book).report


def test_the_drugs_of_a_diabetic_are_long_term(book: Codebook) -> None:
    report = answered("Type 2 diabetes on metformin and Ozempic, what ICD-10 codes?", book).report
    assert {"E11.9", "Z79.84", "Z79.85"} <= set(report)
    assert "Z79.4" not in report


def test_the_side_may_stand_apart_from_the_condition(book: Codebook) -> None:
    assert "R10.A2" in answered("Dx for flank pain, on the left, no stone seen", book).report


def test_a_code_that_the_coder_picked_wrongly_is_refused(book: Codebook) -> None:
    found = answered("Coder chose E11.9. The note says type 2 diabetes, poorly controlled. Which dx?", book)
    assert "E11.65" in found.report
    assert "E11.9" in found.do_not_report


def test_a_doubtful_diagnosis_of_an_outpatient_is_refused(book: Codebook) -> None:
    found = answered("Clinic note says suspected pneumonia with fever. May we use J18.9 as the diagnosis?", book)
    assert "R50.9" in found.report
    assert "J18.9" in found.do_not_report


def test_what_a_doctor_suspects_is_doubtful_too(book: Codebook) -> None:
    assert "G56.01" not in answered("Doctor suspects carpal tunnel on the right. Which diagnosis today?", book).report


def test_the_trimester_of_the_letter_chooses_the_code(book: Codebook) -> None:
    report = answered("ICD-10 for a woman 35 weeks pregnant with superimposed preeclampsia", book).report
    assert {"O11.3", "Z3A.35"} <= set(report)


def test_a_letter_about_a_service_gets_no_list_of_diagnoses(book: Codebook) -> None:
    assert not any(code[0] in "MJ" for code in answered("CPT for injecting a knee with osteoarthritis", book).report)


def test_numbers_choose_their_codes() -> None:
    assert measured("BMI of 42.7 and morbid obesity", ["E66.01"]) == ["Z68.41"]
    assert measured("12% TBSA", ["T22.211A"]) == ["T31.10"]
    assert measured("newborn at 36 weeks", ["P59.9"]) == []
    assert [bmi_code(number) for number in (18.4, 25, 39.9, 45, 70)] == ["Z68.1", "Z68.25", "Z68.39", "Z68.42", "Z68.45"]


def test_a_letter_is_cut_at_its_joints() -> None:
    text = "Acute on chronic kidney failure due to sepsis. Which code goes first?"
    assert [telling(text[one.start : one.end]) for row in stretches(text) for one in row if not one.vague] == [
        "Acute on chronic kidney failure",
        "sepsis",
    ]


def test_the_minimum_time_of_long_term_use_names_the_category_or_the_drugs_own_code(book: Codebook) -> None:
    assert answered("Must a medication be taken three months before long-term use is coded?", book).report == ("Z79",)
    assert answered("How many weeks on methotrexate before the long-term use code?", book).report == ("Z79.631",)


def test_a_letter_that_asks_for_both_gets_service_and_diagnosis(book: Codebook) -> None:
    report = answered("Flu shot given to a Medicare patient: administration code and diagnosis?", book).report
    assert {"G0008", "Z23"} <= set(report)


def test_a_newborns_weight_and_weeks_are_codes() -> None:
    told = measured("Preterm newborn, 31 weeks, 1,620 grams, delivered by cesarean here", [])
    assert told == ["Z38.01", "P07.16", "P07.34"]


def test_an_everyday_word_is_no_slip_for_a_condition(book: Codebook) -> None:
    assert named("The camera gave way to a long cut. Which diagnosis tells of the switch?", book) == []


def test_how_an_injury_came_about_is_told_where_it_is_asked(book: Codebook) -> None:
    asked = "Fell from a ladder and broke the right wrist, diagnosis codes with the external cause?"
    assert "W11.XXXA" in named(asked, book)
    assert not any(code[0] in "VWXY" for code in named("Fell from a ladder, wrist fracture, diagnosis codes?", book))


def test_the_work_and_the_diagnosis_may_be_asked_one_after_the_other(book: Codebook) -> None:
    report = answered(
        "Keyhole gallbladder removal, converted to open. Bill both? And which dx tells of the conversion?", book
    ).report
    assert {"47600", "Z53.31"} <= set(report)


def test_stitches_that_are_wanted_are_not_taken_out(book: Codebook) -> None:
    assert "Z48.02" not in named("Cat bite of the left hand, needs stitches. Diagnosis?", book)
    assert "Z48.02" in named("Removal of stitches placed elsewhere, which Z code?", book)


def test_pain_of_a_joint_belongs_to_its_arthritis(book: Codebook) -> None:
    assert answered("Hip pain from osteoarthritis of the left hip, diagnosis codes?", book).report == ("M16.12",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("A1c 11, note says type 2 diabetes poorly controlled. E11.9 or something else?", {"E11.65"}),
        ("Asthma moderate persistent with flare up, A1c normal. Still J45.909?", {"J45.41"}),
        ("CKD 3b seen on eGFR 38. N18.30 ok?", {"N18.32"}),
        ("Parent refused MMR at the check up. Which code for refusal?", {"Z28.82"}),
        ("Patient has M17.11, what code for the steroid injection of the knee?", {"20610"}),
    ],
)
def test_whoever_doubts_a_diagnosis_gets_a_diagnosis(text: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) == codes


def test_what_was_done_does_not_keep_a_diagnosis_back(book: Codebook) -> None:
    found = answered("Breast cancer, mastectomy done two years ago, no treatment now. Still C50?", book)
    assert found.answered
    assert "Z85" in found.verdict


@pytest.mark.parametrize(
    ("text", "wanted", "wrong"),
    [
        ("Pregnant at 20 weeks, HIV positive, never ill from it. Which dx codes come first?", ["O98.712", "Z21"], []),
        ("Mom delivered today, treated for iron deficiency anemia. Dx codes?", ["O99.02", "D50.9"], ["O99.019"]),
        ("Sacral pressure ulcer stage 2 at admission became stage 3. One dx code?", ["L89.152", "L89.153"], []),
        ("First visit for a closed left radius shaft fracture with malunion, never treated. 7th character?", ["S52.302A"], []),
        (
            "Closed left radius shaft fracture treated in a cast elsewhere six months ago, malunion, first visit here. Dx?",
            ["S52.302P"],
            [],
        ),
        ("Admitted; possible aspiration pneumonia in one note, the discharge summary never mentions it. Dx?", [], ["J69.0"]),
        ("Observation patient left with probable pneumonia, cough and fever. Diagnosis?", ["R05.9", "R50.9"], ["J18.9"]),
        ("Chest pain right after snorting cocaine, which diagnosis code is first?", ["T40.5X1A"], ["T40.5X5A", "T41.3X1A"]),
    ],
)
def test_the_time_and_the_stay_choose_the_code(text: str, wanted: list[str], wrong: list[str], book: Codebook) -> None:
    report = answered(text, book).report
    assert [code for code in wanted if code not in report] == []
    assert not set(wrong) & set(report)


def test_who_asks_for_an_inpatient_procedure_gets_one_and_nobody_else_does(book: Codebook) -> None:
    asked = answered("Laparoscopic cholecystectomy converted to open, PCS codes?", book).report
    assert set(asked) == {"0FT40ZZ", "0FJ44ZZ"}
    other = answered("Laparoscopic cholecystectomy converted to open, CPT code?", book).report
    assert "47600" in other
    assert not [code for code in other if len(code) == 7]
    coworker = (
        "Narrowed urethra, stent placed through the cystoscope. A coworker coded insertion because a device stays in. Agree?"
    )
    assert answered(coworker, book).report == ("0T7D8DZ",)


@pytest.mark.parametrize(
    ("text", "wanted", "wrong"),
    [
        ("UTI from E. coli, no sepsis. Diagnosis codes?", ["N39.0", "B96.20"], ["J15.5"]),
        ("Dx: acute cystitis with blood in the urine", ["N30.01"], ["N30.00", "R31.9"]),
        ("Newborn, 36 weeks, 2300 grams, preterm. Which P07 diagnosis codes?", ["P07.18", "P07.39"], []),
        ("Osteoporosis, old compression fracture healed last year. Dx?", ["M81.0", "Z87.310"], ["M80.08XA"]),
        ("COPD on home oxygen. Codes?", ["J44.9", "Z99.81"], []),
        ("Cervical disc herniation C5-6 with radiculopathy. Dx?", ["M50.122"], ["M54.10", "M50.20"]),
    ],
)
def test_germs_levels_weights_and_what_has_healed_are_told_beside_the_disease(
    text: str, wanted: list[str], wrong: list[str], book: Codebook
) -> None:
    report = answered(text, book).report
    assert [code for code in wanted if code not in report] == []
    assert not set(wrong) & set(report)


@pytest.mark.parametrize(
    ("text", "wanted", "wrong"),
    [
        ("Migraine without aura, intractable, with status migrainosus. Dx?", ["G43.011"], ["G43.001"]),
        ("Acute DVT of the left femoral vein, on Xarelto. Which dx codes?", ["I82.412", "Z79.01"], []),
        ("Secondary diabetes due to chronic pancreatitis. Which dx comes first?", ["K86.1", "E08.9"], ["E13.9"]),
    ],
)
def test_what_no_drug_holds_and_what_is_taken_for_long_choose_the_code(
    text: str, wanted: list[str], wrong: list[str], book: Codebook
) -> None:
    report = answered(text, book).report
    assert [code for code in wanted if code not in report] == []
    assert not set(wrong) & set(report)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Contact with and (suspected) exposure to tuberculosis", "Z20.1"),
        ("Burn of second degree of left hand, unspecified site, sequela", "T23.202S"),
        ("Ulcerative (chronic) proctitis with rectal bleeding", "K51.211"),
        ("Malignant neoplasm of lower-inner quadrant of left male breast", "C50.322"),
        ("Unspecified atrial flutter", "I48.92"),
        ("Adverse effect of angiotensin-converting-enzyme inhibitors, initial encounter", "T46.4X5A"),
    ],
)
def test_an_official_title_told_word_for_word_names_its_code(title: str, code: str, book: Codebook) -> None:
    assert answered(f"{title}. Which diagnosis code?", book).report == (code,)
    assert code in answered(f"The chart of today says: {title.lower()}. Dx code for that, please?", book).report


def test_words_of_a_title_in_another_order_are_no_title(book: Codebook) -> None:
    assert not told_titles(question.read("Exposure to tuberculosis, suspected by contact. Dx?", today=TODAY), book)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("s/p left AKA", ["Z89.612"]),
        ("C/o SOB, h/o colon polyps", ["R06.02", "Z86.0100"]),
        ("Started with N/V overnight", ["R11.2"]),
        ("She threw up blood this morning", ["K92.0"]),
        ("Umbilical hernia, no obstruction or gangrene", ["K42.9"]),
        ("Reviewed and addressed his HTN per cardiology", ["I10"]),
    ],
)
def test_the_shorthand_of_charts_hides_no_condition(text: str, codes: list[str], book: Codebook) -> None:
    assert named(text, book) == codes


@pytest.mark.parametrize(
    ("text", "wanted", "wrong"),
    [
        ("Chest CT for a cough shows lobar pneumonia. Should we code the symptom or the result?", "J18.1", "R05.9"),
        ("Prostate cancer, gland out in 2018, no treatment since. Active or history?", "Z85.46", "C61"),
        ("Right ankle pain s/p fall, film reads lateral malleolus fracture. Which dx?", "S82.61XA", "M25.571"),
    ],
)
def test_which_of_two_diagnoses_is_a_question_of_diagnoses(text: str, wanted: str, wrong: str, book: Codebook) -> None:
    told = answered(text, book)
    assert wanted in told.report
    assert wrong not in told.report


def test_body_mass_and_weeks_are_read_behind_other_words() -> None:
    assert measured("Body mass index (42.3) stands in the dietitian's note", ["E66.01"]) == ["Z68.41"]
    assert measured("BMI recorded by the nurse as 36.8", ["E66.9"]) == ["Z68.36"]
    assert measured("39-week vaginal birth of a single child", ["O80"]) == ["Z3A.39"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Her sodium came back low", ["E87.1"]),
        ("Left AKA long ago", ["Z89.612"]),
        ("Heart attack six years back", ["I25.2"]),
        ("She is 30 weeks, mom has gestational hypertension", ["O13.9"]),
        ("Not a diabetic, hypertension", ["I10"]),
    ],
)
def test_what_came_back_and_what_is_long_over(text: str, codes: list[str], book: Codebook) -> None:
    assert named(text, book) == codes


@pytest.mark.parametrize(
    "text",
    [
        "CABG with veins to OM, diagonal and PDA. codes?",
        "LIMA to LAD, SVG to OM and PDA, which codes",
        "bypass grafts to the PDA and OM, what do we bill?",
    ],
)
def test_heart_arteries_that_got_a_graft_are_no_sick_ear_and_no_open_duct(text: str, book: Codebook) -> None:
    assert not {"H66.90", "Q25.0"} & {*named(text, book)}


def test_an_open_duct_and_a_sick_ear_are_heard_where_no_graft_is_told(book: Codebook) -> None:
    assert named("Newborn with PDA, dx code?", book) == ["Q25.0"]
    assert named("Dx code for OM please", book) == ["H66.90"]


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("vaginal bleeding at 10 weeks pregnant, dx", {"O20.9", "Z3A.10"}),
        ("spotting, 30 weeks pregnant. icd?", {"O26.853", "Z3A.30"}),
        ("had an inferior stemi of the RCA two weeks ago, now back with an NSTEMI. dx?", {"I22.2", "I21.11"}),
        ("cirrhosis with ascites, icd10", {"K74.60", "R18.8"}),
        ("Took her amoxicillin exactly like the label says, now a bad nausea with vomiting. dx", {"R11.2", "T36.0X5A"}),
        ("essential htn, quit his lisinopril because he couldnt pay. icd10", {"I10", "T46.4X6A", "Z91.120"}),
        ("68F with osteoporosis bent to lift a pan and broke a lumbar vertebra. dx?", {"M80.08XA"}),
    ],
)
def test_a_condition_is_coded_by_what_stands_beside_it(letter: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(letter, book).report) == codes


def test_a_test_that_was_passed_is_no_faint(book: Codebook) -> None:
    assert named("Baby came for the follow up test and passed everything. ICD-10?", book) == []
    assert named("She passed out. ICD-10?", book) == ["R55"]
