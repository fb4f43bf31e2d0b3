"""Two services in one letter: each has its own words and numbers, and neither silences the other."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.classifier.amounts.weekdays import days_by_weekday
from consultant.classifier.facts import facts_for
from consultant.classifier.prepared import prepared
from consultant.codebook import Codebook
from consultant.codebook.choice import choose
from consultant.codebook.knowledge import Family
from consultant.codebook.table import problems
from consultant.question import read
from consultant.vocabulary import Answer, Findings

TODAY = date(2026, 11, 22)
DILATION = {
    "id": "dilation",
    "title": "Dilation by width",
    "specialty": ["gastroenterology"],
    "act": ["dilat*"],
    "decides": ["way", "size_cm"],
    "values": {"way": {"looked": ["diagnostic"], "balloon": ["balloon"]}, "side": {"left": ["left"], "right": ["right"]}},
    "yields": {"way": ["looked"]},
    "largest": ["size_cm"],
    "marks": {"side": {"left": "-LT", "right": "-RT"}},
    "row": [
        {"when": {"way": "looked"}, "code": "43235"},
        {"when": {"way": "balloon", "size_cm": "..3"}, "code": "43249"},
        {"when": {"way": "balloon", "size_cm": "3.."}, "code": "43233", "also": ["43239"]},
    ],
    "why": "The width decides.",
    "source": [{"title": "Our own", "date": "2026-01-01"}],
    "example": [{"question": "balloon dilation"}] * 3,
}


def classify(text: str, book: Codebook) -> Findings:
    return classifier.classify(question.read(text, today=TODAY), book, TODAY)


def answer(text: str, book: Codebook) -> Answer:
    return advice.advise(classify(text, book), book)


def facts(text: str, family: Family, book: Codebook) -> dict[str, str]:
    asked = question.read(text, today=TODAY)
    reading = prepared(book).lexicon.read(asked)
    return facts_for(family, asked, reading, reading.of(family.act))


@pytest.mark.parametrize(
    ("text", "codes", "not_codes"),
    [
        ("EGD with biopsy and a colonoscopy with snare polypectomy. Codes?", {"43239", "45385"}, {"43251"}),
        ("Leg ulcer debrided to muscle, 16 sq cm, and a 3 cm forearm laceration repaired, simple", {"11043", "12002"}, set()),
        ("2 warts frozen and a 0.8 cm mole excised from the back", {"17110", "11401"}, set()),
        ("Cataract surgery with IOL right eye and goniotomy", {"66984", "65820"}, set()),
    ],
)  # fmt: skip
def test_each_act_keeps_its_own_facts(text: str, codes: set[str], not_codes: set[str], book: Codebook) -> None:
    report = set(answer(text, book).report)
    assert codes <= report
    assert not not_codes & report


def test_the_bed_and_the_graft_laid_on_it_are_one_area(book: Codebook) -> None:
    bed = Family.model_validate({**DILATION, "act": ["graft*"], "decides": ["way", "area_sq_cm"], "largest": [], "row": [
        {"when": {"way": "looked", "area_sq_cm": "..100"}, "code": "43235"},
        {"when": {"way": "balloon"}, "code": "43249"},
    ]})  # fmt: skip
    assert facts("Burn excised, 80 sq cm, and split skin grafted, 80 sq cm", bed, book)["area_sq_cm"] == "80"
    assert facts("Grafted 80 sq cm on the arm and 80 sq cm on the leg", bed, book)["area_sq_cm"] == "160"
    assert facts("Bed of the arm prepared, 80 sq cm, another graft of 80 sq cm on the leg", bed, book)["area_sq_cm"] == "160"


def test_a_word_that_sends_a_family_away_counts_in_its_own_act(book: Codebook) -> None:
    assert "17110" in answer("2 warts frozen and a 0.8 cm mole excised from the back", book).report
    assert "17110" not in answer("The wart was excised with a margin, 0.8 cm, benign, back", book).report


def test_a_dimension_of_the_largest_takes_the_largest() -> None:
    assert not problems(Family.model_validate(DILATION))


def test_the_largest_amount_decides(book: Codebook) -> None:
    family = Family.model_validate(DILATION)
    assert facts("balloon dilation of 2 cm, then 3.5 cm, then 1 cm", family, book)["size_cm"] == "3.5"


def test_a_value_that_yields_gives_way_to_another(book: Codebook) -> None:
    family = Family.model_validate(DILATION)
    assert facts("diagnostic look and dilation by balloon", family, book)["way"] == "balloon"
    assert facts("diagnostic look and dilation", family, book)["way"] == "looked"


def test_a_mark_decides_nothing_but_the_modifier(book: Codebook) -> None:
    family = Family.model_validate(DILATION)
    told = facts("left balloon dilation of 2 cm", family, book)
    assert told["side"] == "left"
    assert [family.row[place].code for place in choose(family, told).decided] == ["43249"]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("CT of the head without contrast and CT of the chest", False),
        ("without contrast, chest too", False),
        ("no redness, fever or chest pain", True),
        ("simple, not chest", True),
    ],
)
def test_a_negation_ends_where_the_next_thing_is_told(text: str, negated: bool, book: Codebook) -> None:
    reading = prepared(book).lexicon.read(read(text, today=TODAY))
    assert {hit.negated for hit in reading.hits["chest"]} == {negated}


def test_a_size_counts_nothing() -> None:
    assert not [f for f in read("a 0.6 cm lesion and a 3 cm laceration").facts if f.dimension == "count"]


@pytest.mark.parametrize(("text", "label"), [("over 120 minutes", "over"), ("at least 120 minutes", "least")])
def test_more_than_and_at_least_are_told_apart(text: str, label: str) -> None:
    assert next(f for f in read(text).facts if f.dimension == "minutes").span.label == label


def test_under_a_size_is_below_it(book: Codebook) -> None:
    assert answer("Lipoma in the fat of the shoulder cut out, under 3 cm. Code?", book).report == ("23075",)


def test_whoever_asks_for_the_anaesthetic_asks_for_no_operation(book: Codebook) -> None:
    asked = {match.id for match in classify("Anesthesia for nailing a femur fracture. Which code?", book).matches}
    assert asked == {"anaesthesia-hip-leg"}
    both = {
        match.id for match in classify("Surgeon nailed a femur shaft fracture. Codes for surgeon and anesthesia?", book).matches
    }
    assert "fracture-hip-femur" in both


def test_whoever_asks_for_both_gets_the_work_and_its_diagnosis(book: Codebook) -> None:
    assert answer("Left wrist ganglion cut out. CPT and diagnosis?", book).report == ("25111", "M67.432", "-LT")


def test_one_or_two_levels_count_nothing() -> None:
    assert not [f for f in read("Is L4-L5 one or two levels?").facts if f.dimension == "levels" and f.value == 2]


def test_an_age_is_known_in_days() -> None:
    assert [f.value for f in read("a 3 week old").facts if f.dimension == "age_days"] == [21]


@pytest.mark.parametrize(
    ("phrase", "there", "not_there"),
    [
        ("back", "a mole on the back", "please get back to us"),
        ("office", "seen in our office", "a question from our office"),
        ("open", "an open repair", "the open items of the list"),
    ],
)
def test_everyday_turns_mean_no_place_and_no_way(phrase: str, there: str, not_there: str, book: Codebook) -> None:
    lexicon = prepared(book).lexicon
    assert phrase in lexicon.read(read(there)).hits
    assert phrase not in lexicon.read(read(not_there)).hits


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("42 scratch tests and 8 intradermals", {"95004": 42, "95024": 8}),
        ("Patch tests 30 and 12 prick tests same day. Units?", {"95044": 30, "95004": 12}),
        ("5 AKs frozen and 3 skin tags snipped", {"17000": 1, "17003": 4, "11200": 1}),
        ("Critical care 35 minutes and a 3 cm scalp laceration stitched", {"99291": 1, "12002": 1}),
    ],
)
def test_a_count_belongs_to_the_act_beside_it(text: str, units: dict[str, int], book: Codebook) -> None:
    assert dict(answer(text, book).units) == units


@pytest.mark.parametrize(
    ("text", "codes", "not_codes"),
    [
        ("94 minutes of critical care, 20 of it intubation. Codes?", {"99291", "31500"}, {"99292"}),
        ("Critical care 80 minutes; CPR ran 12 minutes inside that", {"99291", "92950"}, {"99292"}),
        ("90 min critical care; in that time he put in the arterial line, which took 21 min", {"99291", "36620"}, {"99292"}),
        ("Critical care total 100 minutes, central line took 15 min and intubation 12 min of that", {"99291"}, {"99292"}),
        ("Critical care, 97 minutes in total, commercial. The chest tube took 24 minutes.", {"99291"}, {"99292"}),
        ("Critical care 65 minutes exclusive of the 12 minutes for the intubation", {"99291", "31500"}, {"99292"}),
        ("Critical care 80 min in total, procedures excluded, commercial. CPR took 20 min.", {"99291", "99292"}, set()),
        ("Critical care 120 minutes total less 30 for procedures", {"99291", "99292"}, set()),
        ("45 minute visit, established, 10 minutes of that smoking counseling 99406", {"99214", "99406"}, {"99215"}),
        ("Visit took 42 minutes, minus 12 for the EKG reading, established", {"99214", "93010"}, {"99215"}),
    ],
)
def test_minutes_of_another_act_are_taken_off(text: str, codes: set[str], not_codes: set[str], book: Codebook) -> None:
    report = set(answer(text, book).report)
    assert codes <= report
    assert not not_codes & report


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Critical care 110 minutes with 30 minutes teaching residents not counted", {"99291": 1, "99292": 2}),
        ("Therapist was in the room 60 min, patient rested 15 of those. All exercise. Medicare units?", {"97110": 3}),
        ("PT: 38 minutes of exercise but 8 minutes was rest", {"97110": 2}),
    ],
)
def test_minutes_that_nobody_counts_count_for_nobody(text: str, units: dict[str, int], book: Codebook) -> None:
    assert units.items() <= dict(answer(text, book).units).items()


def test_what_is_said_of_both_acts_belongs_to_the_first_too(book: Codebook) -> None:
    assert {"43239", "45380"} <= set(answer("EGD and colonoscopy, biopsies in both. Codes?", book).report)
    told = answer("Colonoscopy and EGD in one session with biopsies in each", book)
    assert {"43239", "45380"} <= set(told.report)


def test_what_stands_before_the_first_act_is_its_own(book: Codebook) -> None:
    letter = "Forehead cut 2 cm and cheek cut 3 cm, both closed in layers, and a forearm cut 4 cm closed in one layer."
    told = answer(letter, book)
    assert {"12052", "12002"} <= set(told.report)
    assert not {"12013", "12032", "12051"} & set(told.report)


def test_biopsies_of_two_techniques_have_one_first_code(book: Codebook) -> None:
    told = answer("One punch biopsy of the back and shave biopsies of two other spots. How are they billed?", book)
    assert dict(told.units) == {"11104": 1, "11103": 2}
    assert "11102" in told.do_not_report


def test_the_excision_is_part_of_the_flap_that_closes_it(book: Codebook) -> None:
    told = answer("Skin cancer of the cheek excised, closed with a rotation flap, 12 sq cm defect and flap together.", book)
    assert "14041" in told.report
    assert not {"11642", "11643"} & set(told.report)
    apart = answer("Skin cancer of the back 2 cm excised; another lesion of the cheek closed by rotation flap, 12 sq cm.", book)
    assert "14041" in apart.report


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("First hospital day, newborn under the lights, high complexity decision making. 99460?", "99223"),
        ("First hospital day, newborn under the lights, moderate decision making. 99460?", "99222"),
    ],
)
def test_the_level_told_takes_the_place_of_the_one_that_a_card_takes_for_an_example(text: str, code: str, book: Codebook) -> None:
    assert {one for one in answer(text, book).report if one.startswith("9922")} == {code}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Finger abscess opened, drain left.", set()),
        ("Stone lasered, a double-J left inside at the end.", set()),
        ("Two days later he dissolved what was left.", set()),
        ("What was done: left knee scope", {"left"}),
        ("Wound of the thumb washed, packing left, back in two days", set()),
        ("Pulled the drain left breast", {"left"}),
        ("Chest tube on the left.", {"left"}),
    ],
)
def test_what_is_left_in_a_wound_is_no_side(text: str, side: set[str]) -> None:
    assert {fact.value for fact in read(text).facts if fact.dimension == "side"} == side


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Discharged Monday, in our office Wednesday", "2"),
        ("She went home from the hospital on a Friday, our RN called Monday, doc saw her Thursday", "6"),
        ("Released Tuesday, called Wednesday, seen the following Thursday", "9"),
        ("Discharged Friday, called Monday, seen 12 days later, on a Wednesday", ""),
        ("Seen Monday, discharged Friday", ""),
    ],
)
def test_days_from_a_discharge_to_a_visit_are_read_from_weekdays(text: str, days: str) -> None:
    assert days_by_weekday(text) == days


def test_the_vaccine_that_nobody_talked_about_is_found_by_its_name(book: Codebook) -> None:
    text = "4 yr old: pediatrician explained the MMR, the hep A the nurse gave without any talk. Administration codes?"
    units = answer(text, book).units
    assert {code: units[code] for code in ("90460", "90461", "90472")} == {"90460": 1, "90461": 2, "90472": 1}


@pytest.mark.parametrize(
    ("text", "code", "not_code"),
    [
        ("Medicare pt at home, phone only, has no camera, established, low MDM. Which visit code?", "99213", "99348"),
        (
            "Medicare, patient in observation since yesterday, our consultant first sees him today, high MDM. 99255?",
            "99223",
            "99205",
        ),
    ],
)
def test_a_visit_of_another_place_than_the_one_told_gets_no_line(text: str, code: str, not_code: str, book: Codebook) -> None:
    report = answer(text, book).report
    assert code in report
    assert not_code not in report


def test_an_add_on_brings_the_visit_that_the_letter_names_with_it(book: Codebook) -> None:
    assert {"G2211", "99349"} <= set(
        answer("G2211 on a house call 99349, Medicare lady we follow for heart failure?", book).report
    )
