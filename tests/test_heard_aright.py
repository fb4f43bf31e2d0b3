"""What the ear once took for something else: rules held back, two acts in one letter, sides, sizes, doses and little words."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import TODAY, answered


def test_a_rule_that_the_letter_asks_for_by_name_is_not_held_back_by_an_open_level(book: Codebook) -> None:
    answer = answered("New patient seen by our PA, doctor was in the suite. Incident to?", book)
    assert answer.answered
    assert answer.verdict.startswith("Not incident-to")


def test_minutes_tell_whether_a_visit_code_is_right(book: Codebook) -> None:
    answer = answered("Doctor billed 99214, note says 25 minutes total. Right code?", book)
    assert answer.report == ("99213",)
    assert answer.do_not_report == ("99214",)


def test_the_verdict_says_first_what_is_reported(book: Codebook) -> None:
    verdict = answered("Two stents, one in the circumflex and one in the LAD, what modifiers?", book).verdict
    assert verdict == "Report 92928-LC × 1 and 92928-LD × 1."


def test_the_verdict_reports_nothing_that_a_later_rule_took_back(book: Codebook) -> None:
    answer = answered("Anemia iron deficiency from heavy periods, dx codes", book)
    assert "D50.9" in answer.do_not_report
    assert "D50.9" not in answer.verdict.partition(", not ")[0]


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Laceration repair: calf 2 cm simple, scalp 4.5 cm layered", {"12001": 1, "12032": 1}),
        ("Arm lacs: simple 2 cm + intermediate 4.5 cm. CPT?", {"12001": 1, "12032": 1}),
        ("Cuts of the back: 3 cm intermediate, 2 cm simple, 4 cm intermediate. Codes?", {"12001": 1, "12032": 1}),
        ("A simple 2 cm repair and an intermediate 4.5 cm repair on the leg. One code for 6.5 cm?", {"12001": 1, "12032": 1}),
    ],
)
def test_lengths_are_added_within_one_kind_of_closure(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert answered(letter, book).units == units


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("Cerumen impaction AS, removed with curette. Dx code?", {"H61.22"}),
        ("Serous otitis media AU, acute. ICD-10?", {"H65.03"}),
        ("Carpal tunnel syndrome on the L, ICD-10?", {"G56.02"}),
        ("R side: carpal tunnel release. Which modifier?", {"64721", "-RT"}),
        ("b/l knees injected, 20610, modifier?", {"20610", "-50"}),
        ("Aortic stenosis, AS severe. ICD-10?", {"I35.0"}),
    ],
)
def test_single_letters_and_latin_signs_are_sides_in_their_place(letter: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(letter, book).report) == codes


def test_us_is_a_picture_only_where_something_is_done_under_one(book: Codebook) -> None:
    assert answered("She had 5 antepartum visits w/ us, delivered elsewhere. Code?", book).report == ("59425",)
    assert answered("Thyroid nodule fna w/ us, one lesion. CPT?", book).report == ("10005",)


def test_what_a_stain_shows_is_no_diagnosis(book: Codebook) -> None:
    read = question.read("IHC on a skin biopsy: S100, P53 and Melan-A on one block. Codes?", today=TODAY)
    assert not read.codes
    assert [code.code for code in question.read("Newborn with P53, bleeding. Still P53?", today=TODAY).codes] == ["P53", "P53"]


def test_values_give_way_in_a_chain(book: Codebook) -> None:
    answer = answered("Open sigmoid resection, stapled anastomosis, a low pelvic one. CPT?", book)
    assert answer.report == ("44145",)


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Infliximab 400mg over 2 hrs 10 min for Crohn's, infusion codes?", {"96413": 1, "96415": 1, "J1745": 40}),
        ("Retacrit 20000 units SQ in the office, non-ESRD. HCPCS and units?", {"96372": 1, "Q5106": 20}),
        ("Chest x-ray 2v, code?", {"71046": 1}),
        ("Skin tags, snipped 18 of them. CPT?", {"11200": 1, "11201": 1}),
        ("Excised a 3 cm lipoma from under the skin of the back, 3 cm incision. CPT?", {"21931": 1}),
        ("1.5 cm sebaceous cyst excised from upper back, 2.1 cm with margins. Code?", {"11403": 1}),
        ("Benign lesion of the arm 0.8 cm excised, 2 mm of normal skin all round. CPT?", {"11402": 1}),
        ("Shave removal of a benign lesion of the foot 0.8 cm; 2 mm of healthy skin came off round it. CPT?", {"11306": 1}),
        ("Critical care: 12 min vent initiation + 48 min of the rest of crit care, code?", {"99291": 1}),
        ("Tube fed at home, standard formula, 1500 kcal a day, 30 days. HCPCS and units?", {"B4150": 450}),
        ("Jevity by pump, 1,200 calories per day for 30 days, supply kit daily. HCPCS, units?", {"B4150": 360, "B4035": 30}),
    ],
)
def test_amounts_in_the_shorthand_of_clinics(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert answered(letter, book).units == units


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("CT c-spine w/o plus CT head w/o. Codes?", {"72125", "70450"}),
        ("CT abd pelvis w/o contrast. CPT?", {"74176"}),
        ("45-60 min psychotherapy session, CPT?", {"90837"}),
        ("Which diagnosis covers a TSH, patient with hypothyroidism?", {"E03.9"}),
        ("Our office: came in dehydrated, 90 min of saline, Zofran IV push during it. Admin codes?", {"96360", "96375"}),
    ],
)
def test_common_short_forms_are_understood(letter: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(letter, book).report) == codes


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        ("plantar fasciitis ICD 10", {"M72.2"}),
        ("acne vulgaris icd 10 code", {"L70.0"}),
        ("hyponatremia and hypokalemia codes", {"E87.1", "E87.6"}),
        ("Acute bronchitis with cough - can we bill R05.9 next to J20.9", {"J20.9"}),
        ("Left breast cancer, upper outer quadrant, in a woman, ICD-10?", {"C50.412"}),
        ("Colonoscopy with APC of AVMs, not bleeding. CPT?", {"45388"}),
        ("Cataract OS with lens implant, routine. CPT?", {"66984", "-LT"}),
        (
            "In the 90 day global of a left cataract, now the right cataract by the same surgeon. Modifier?",
            {"66984", "-RT", "-79"},
        ),
    ],
)
def test_short_letters_are_heard_whole(letter: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(letter, book).report) == codes


def test_a_later_act_on_the_same_wound_has_its_area(book: Codebook) -> None:
    answer = answered("Foot ulcer, 4 sq cm, debrided to subq, then a skin substitute put on that ulcer. CPT?", book)
    assert answer.report == ("15275",)


def test_minutes_of_a_code_that_is_refused_go_to_what_takes_its_place(book: Codebook) -> None:
    assert answered("Orthotic checked and adjusted at a later visit, 30 minutes. 97760?", book).units == {"97763": 2}


def test_the_number_of_a_product_counts_no_vaccines(book: Codebook) -> None:
    units = answered("Prevnar 20 and Tdap today, adult, commercial. Admin codes and units?", book).units
    assert units.get("90472", 1) == 1


def test_what_is_new_is_not_behind_a_comma(book: Codebook) -> None:
    assert answered("Nothing new, patient known to us, office visit of 25 minutes. Code?", book).report == ("99213",)


def test_two_codes_in_a_question_tell_what_it_is_about(book: Codebook) -> None:
    letter = "Pacer battery swap, new can put on the two old leads of a dual chamber system. 33213 or 33228?"
    assert "63685" not in answered(letter, book).report
