"""What the lines of an answer get beside their codes: sides, the modifier's own code, one unit; and letters left unexplained."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.advice.claim import in_claim_order
from consultant.advice.sheet import Ruling, Sheet
from consultant.classifier.prepared import prepared
from consultant.codebook import Codebook
from consultant.vocabulary import Answer
from tests.asking import answered

TODAY = date(2026, 11, 22)


def answer(text: str, book: Codebook) -> Answer:
    asked = question.read(text, today=TODAY)
    return advice.advise(classifier.classify(asked, book, TODAY), book)


def minutes(text: str) -> list[tuple[float, str]]:
    return [(float(f.value), f.span.label) for f in question.read(text, today=TODAY).facts if f.dimension == "minutes"]


def test_an_add_on_stands_directly_behind_its_first_service() -> None:
    parents: dict[str, list[str]] = {"96367": ["96413"], "J1100": [], "96413": [], "96415": ["96413"], "99213": []}
    assert in_claim_order(list(parents), parents) == ["J1100", "96413", "96367", "96415", "99213"]


def test_a_drug_without_a_dose_says_what_its_units_are_counted_by(book: Codebook) -> None:
    told = [s.text for s in answer("Shot of Neulasta in our office, which CPT codes?", book).statements]
    assert any(text.startswith("Units of J2506: one for each 0.5 mg.") for text in told)


def test_both_sides_of_a_decided_operation_take_50(book: Codebook) -> None:
    found = answer("carpal tunnel release of both wrists, open", book)
    assert [(line.code, line.modifiers, line.units) for line in found.lines] == [("64721", ("-50",), 1)]


def test_one_side_is_marked_where_a_code_or_a_modifier_is_asked_for(book: Codebook) -> None:
    assert "-LT" in answer("open carpal tunnel release, left wrist, which modifier?", book).report
    assert "-LT" in answer("open carpal tunnel release, left wrist", book).report
    assert "-LT" not in answer("Does Medicare cover an open carpal tunnel release of the left wrist?", book).report


def test_a_modifier_stands_on_the_one_code_that_the_letter_names(book: Codebook) -> None:
    found = answer("both sides of the disc at L5 were done, 63030, how to bill?", book)
    assert [(line.code, line.modifiers) for line in found.lines] == [("63030", ("-50",))]


def test_a_service_is_reported_once_unless_it_is_counted(book: Codebook) -> None:
    assert answer("open appendectomy, appendix not ruptured", book).units == {"44950": 1}
    assert "97110" not in answer("therapeutic exercise in PT, which code?", book).units
    assert "00790" not in answer("anesthesia for lap chole", book).units


def test_two_services_of_one_family_keep_their_own_numbers(book: Codebook) -> None:
    found = answer("Debrided a shin ulcer of 18 sq cm to muscle; the heel ulcer, 25 sq cm, to subcutaneous tissue", book)
    assert {"11043", "11042", "11045"} <= set(found.report)
    assert found.units["11045"] == 1


def test_areas_of_one_depth_add_up(book: Codebook) -> None:
    found = answer("two leg ulcers debrided to subcutaneous tissue, one 12 sq cm and another 16 sq cm", book)
    assert found.units["11045"] == 1


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("kyphoplasty T12 and L1", {"22513", "22515"}),
        ("transforaminal epidural steroid L4 and L5 left", {"64483", "64484"}),
        ("RFA lumbar two facet joints", {"64635", "64636"}),
    ],
)
def test_levels_are_counted_from_vertebrae_and_joints(text: str, codes: set[str], book: Codebook) -> None:
    assert codes <= set(answer(text, book).report)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Posterolateral fusion L1-L2, so two vertebrae. 22612 with 22614?", {"22612": 1}),
        ("Posterolateral lumbar fusion of three vertebrae, how many units of 22614?", {"22612": 1, "22614": 1}),
        ("Posterolateral fusion of two lumbar levels", {"22612": 1, "22614": 1}),
    ],
)
def test_vertebrae_that_are_fused_have_one_joint_fewer(text: str, units: dict[str, int], book: Codebook) -> None:
    assert dict(answer(text, book).units) == units


@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("Escharotomy: one cut on the forearm, one on the upper arm, one on the chest.", 2),
        ("Escharotomy, one incision on the leg and one on the foot", 1),
    ],
)
def test_a_row_of_ones_begins_with_the_one_that_has_a_noun(text: str, further: int, book: Codebook) -> None:
    assert answer(text, book).units["16036"] == further


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Pressurisation began 9:02, depressurisation finished 10:42", [(100, "clock")]),
        ("started at 10:00 and stopped 10:14", [(14, "clock")]),
        ("13 minutes of care, then 20 more minutes of it. That makes 33 minutes", [(13, ""), (20, "additional"), (33, "total")]),
        ("20 minutes of exercise and 15 of manual therapy", [(20, ""), (15, "")]),
        ("20 minutes of exercise, 15 of manual therapy, 10 of gait", [(20, ""), (15, ""), (10, "")]),
        ("10 minutes was medication, 35 was therapy", [(10, ""), (35, "")]),
        ("20 minutes of exercise and 2 of the visits", [(20, "")]),
        ("90 minutes of critical care, and we are past 75 minutes", [(90, ""), (75, "over")]),
        ("41 minutes total with the patient, 15 of those doing CPR", [(41, "total"), (15, "part")]),
        ("began with 2 and finished with 3", []),
    ],
)
def test_times_are_read_as_they_are_told(text: str, told: list[tuple[float, str]]) -> None:
    assert minutes(text) == told


def test_two_digits_are_a_modifier_only_where_the_letter_names_one(book: Codebook) -> None:
    lexicon = prepared(book).lexicon
    assert "25" not in lexicon.read(question.read("a visit of 25 minutes, 25 sq cm")).hits
    assert "25" in lexicon.read(question.read("99213 with modifier 25")).hits


UNKNOWN = (
    "Capsular contracture of the right breast: the surgeon peeled the whole scar shell off with the intact silicone implant"
    " inside and closed. We sent 19371 with 19328, and the payer calls it one service."
)


def test_a_letter_about_something_else_is_not_answered_by_a_word_it_shares(book: Codebook) -> None:
    found = answer(UNKNOWN, book)
    assert "66984" not in found.report


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("hammertoe correction, 2nd and 3rd toe, left foot", {"-T1", "-T2"}),
        ("nail matrix taken out on both great toes with phenol", {"-TA", "-T5"}),
        ("trigger finger released, right ring finger, which modifier?", {"-F8"}),
    ],
)
def test_a_finger_or_a_toe_is_said_by_its_modifier(text: str, signs: set[str], book: Codebook) -> None:
    assert signs <= set(answer(text, book).report)


def test_a_second_visit_is_no_toe() -> None:
    assert not [f for f in question.read("a second visit, first seen for the left knee").facts if f.dimension == "digit"]


def test_a_modifier_that_the_indicator_rules_out_is_refused(book: Codebook) -> None:
    found = answer("Our cardiologist only read the 24-hour Holter of the hospital. We billed 93224-26 and it came back.", book)
    assert "93227" in found.report
    assert {"93224", "-26"} <= set(found.do_not_report)


def test_units_that_a_card_promises_wait_for_their_line(book: Codebook) -> None:
    sheet = Sheet(classifier.classify(question.read("hello"), book, TODAY), book)
    sheet.apply(Ruling(units={"95165": 8}))
    assert sheet.units == {}
    sheet.apply(Ruling(report=("95165",)))
    assert sheet.units == {"95165": 8}


def test_an_answer_that_abstains_counts_nothing(book: Codebook) -> None:
    found = answer(UNKNOWN, book)
    assert found.answered or found.units == {}


def test_minutes_of_one_service_at_two_times_add_up(book: Codebook) -> None:
    found = answer("50 minutes of critical care in the morning and another 120 minutes in the evening, commercial plan", book)
    assert found.units == {"99291": 1, "99292": 4}


def test_the_excised_diameter_is_not_a_margin(book: Codebook) -> None:
    found = answer("Benign mole of the back, excised diameter 0.5 cm; closed in two layers, 1.2 cm", book)
    assert "11400" in found.report


def test_what_a_code_was_billed_for_is_no_claim(book: Codebook) -> None:
    lexicon = prepared(book).lexicon
    told = lexicon.read(question.read("We billed 20610 for the injection of the shoulder")).hits["shoulder"]
    assert not any(hit.claimed for hit in told)
    quoted = lexicon.read(question.read("The biller says it is an injection of the shoulder")).hits["shoulder"]
    assert all(hit.claimed for hit in quoted)


def test_two_sides_on_two_days_take_no_50(book: Codebook) -> None:
    found = answer("Open carpal tunnel release of the right wrist on 2026-03-02 and of the left wrist on 2026-05-02", book)
    assert "-50" not in found.report


def test_the_side_of_an_earlier_operation_makes_no_50(book: Codebook) -> None:
    found = answer("Cataract surgery with lens of the right eye, 80 days after left eye. Modifier?", book)
    assert {"66984", "-79"} <= set(found.report)
    assert "-50" not in found.report


def test_a_service_and_its_add_on_done_on_both_sides_take_50_on_both_lines(book: Codebook) -> None:
    found = answer("Bilateral facet injections at L4-5 and L5-S1 with fluoroscopy. How do we bill Medicare?", book)
    assert [(line.code, line.modifiers) for line in found.lines] == [("64493", ("-50",)), ("64494", ("-50",))]


def test_how_to_bill_what_was_done_is_no_question_for_yes_or_no(book: Codebook) -> None:
    text = "Can you tell me how to bill for a patient, 42, established, who came for her annual physical? She got a Tdap too."
    assert {"99396", "90715"} <= set(answer(text, book).report)


def test_minutes_that_happen_to_be_the_sum_of_the_others_are_no_total(book: Codebook) -> None:
    assert minutes("25 min ther ex, 15 min manual, 10 min unattended stim") == [(25, ""), (15, ""), (10, "")]
    assert minutes("25 minutes of therapy: 15 minutes of exercise, 10 minutes of manual")[0] == (25, "total")


def test_a_modifier_that_hangs_on_an_untold_fact_is_not_put_on(book: Codebook) -> None:
    assert "-PT" not in answer("colonoscopy with snare of a polyp, Medicare patient", book).report
    assert "-PT" in answer("screening colonoscopy with snare of a polyp, Medicare patient", book).report


def test_the_units_of_a_rule_outrank_those_that_the_letter_proposes(book: Codebook) -> None:
    text = "Removed two plates and eight screws through two cuts after a bimalleolar ORIF a year ago. 20680 x10?"
    assert answer(text, book).units == {"20680": 1}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Five-fraction SBRT to a lung nodule: what is billed for the doctor's management, weekly code?", "77435"),
        ("Twins at 20 weeks, the usual scan through the belly of both babies. Codes?", "76810"),
    ],
)
def test_what_is_billed_once_a_day_has_its_unit_whatever_is_counted(text: str, code: str, book: Codebook) -> None:
    assert answer(text, book).units[code] == 1


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Wet gangrene of three toes, each taken off at the base.", {"28820": 3}),
        ("Two finger extensor tendons cut on the back of the hand, both sewn primarily.", {"26410": 2}),
        ("Twelve prostate cores by ultrasound through the rectum, each its own jar, Medicare.", {}),
    ],
)
def test_what_was_done_to_each_is_counted(text: str, units: dict[str, int], book: Codebook) -> None:
    told = answer(text, book).units
    assert {code: told.get(code) for code in units} == units
    assert all(n < 12 for n in told.values())


def test_a_code_that_the_fee_schedule_pays_once_for_both_sides_takes_no_50_that_the_letter_names(book: Codebook) -> None:
    answer = answered("Lumbar interlaminar epidural under fluoro, it spread to both sides. Is it 62323-50?", book)
    assert "-50" in answer.do_not_report
    assert "-50" in answered("Bilateral 64493-50, Medicare office", book).report


def test_who_asks_for_the_modifier_between_two_codes_has_it_on_the_second(book: Codebook) -> None:
    told = "Triglycerides over 500, so the physician ordered an LDL measured directly beside the lipid panel."
    assert [line.modifiers for line in answer(f"{told} It gets bundled. Modifier?", book).lines] == [(), ("-59",)]
    assert [line.modifiers for line in answer(f"{told} Are both payable?", book).lines] == [(), ()]


def test_what_somebody_was_only_taught_to_use_is_no_line(book: Codebook) -> None:
    told = "94640 for the neb, and the nurse taught him the inhaler with spacer, documented apart."
    assert "A4627" not in answer(f"{told} 94664 with 59 too?", book).report
