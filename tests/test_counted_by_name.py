"""What a letter counts by names, by workers and by days, what coders want, and which line bears a modifier."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import TODAY, answered


def told(text: str, dimension: str) -> list[tuple[float, str]]:
    facts = question.read(text, today=TODAY).facts
    return [(float(fact.value), fact.span.label) for fact in facts if fact.dimension == dimension]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Prick tests to cat, dog, birch and timothy grass", [(4.0, "allergens")]),
        ("Specific IgE in blood to egg, milk and peanut", [(3.0, "allergens")]),
        ("Allergy testing with 24 allergens in a child with peanut and egg allergy", [(24.0, "allergens")]),
        ("Her cat and dog scratched her", []),
        ("One 10 ml vial of antigen mixed, 1 cc aliquots", [(10.0, "doses")]),
        ("Two 5 cc vials of allergy extract, doses of 0.5 cc", [(20.0, "doses")]),
        ("A 10 ml vial of allergy extract, 1 cc doses, 8 doses planned", [(8.0, "doses")]),
        ("A 10 ml vial of lidocaine, 1 cc each side", []),
        ("NCS: both surals, both peroneal motors, both tibial motors", [(6.0, "studies")]),
        ("NCV of right median motor and sensory, left ulnar motor, both surals", [(5.0, "studies")]),
        ("NCS legs: sural both sides, peroneal motor both sides, tibial motor bilaterally", [(6.0, "studies")]),
        ("Three single-use 50 mg vials were opened", [(3.0, "vials")]),
        ("Two skin bx in separate jars", [(2.0, "biopsies")]),
        ("Cut a wedge out of one on the left calf and another wedge out of one on the right arm", [(2.0, "ones")]),
        ("Two nodules were sampled, so is that one biopsy?", [(2.0, "nodules")]),
        ("Two different bugs grew", [(2.0, "bugs")]),
        ("Median motor, ulnar motor and sural sensory conduction; is the F-wave one more study to count?", [(3.0, "studies")]),
    ],
)
def test_what_is_listed_or_asked_is_counted_once(text: str, counted: list[tuple[float, str]]) -> None:
    assert told(text, "count") == counted


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Froze 9 warts on the hands, 2 on the left foot and 6 on the knees", [9.0, 2.0, 6.0]),
        ("3 warts on the hand, 8 warts on the foot and 6 warts on the knee", [3.0, 8.0, 6.0]),
        ("Ten skin tags off the neck plus four under each arm", [10.0, 8.0]),
        ("Thick nails, four on the right foot and three on the left", [4.0, 3.0]),
        ("17 warts frozen: 9 on the hands, 2 on the foot and 6 on the knees", [17.0]),
        ("Eleven nails on both feet, 6 on the right foot and 5 on the left foot", [11.0]),
        ("8 lesions on the back, 3 on the left side were malignant", [8.0]),
        ("3 warts on the hand and 2 moles on the back", [3.0, 2.0]),
        ("Shave biopsy of 2 lesions on the back, 1 on the arm and 1 on the leg", [2.0, 1.0, 1.0]),
        ("Punch biopsy: one from the cheek, one from the neck", [1.0, 1.0]),
        ("Calluses: two on the left, one on the right", [2.0, 1.0]),
        ("Froze four warts on the nose. Then 3 on the ear.", [4.0, 3.0]),
        ("Trimmed 10 nails, and pared a callus on each foot", [10.0, 2.0]),
        ("Froze 9 warts on a knee, 2 under a big toe, 6 on the hand", [9.0, 2.0, 6.0]),
    ],
)
def test_what_is_counted_place_by_place_is_added_and_what_is_only_shared_out_is_not(text: str, counted: list[float]) -> None:
    assert [number for number, _ in told(text, "count")] == counted


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Derm zapped 9 warts on the hands, 2 on the left foot and 6 on the knees. What do we bill?", {"17111": 1}),
        (
            "Burned off 6 warts in the morning. She came upon four more on the arm, and later six more on the feet. Code?",
            {"17111": 1},
        ),
        ("Cryo of 7 AKs on the scalp, 5 on the forearms, 4 on the face. How do I bill?", {"17004": 1}),
        ("Snipped off ten skin tags from the neck plus four under each arm.", {"11200": 1, "11201": 1}),
        ("Froze a wart on the thumb. Code?", {"17110": 1}),
    ],
)
def test_counts_of_several_places_choose_the_code_together(text: str, units: dict[str, int], book: Codebook) -> None:
    assert answered(text, book).units == units


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("The physician spent 20 minutes and our nurse practitioner 15.", [(20.0, ""), (15.0, "")]),
        ("The physician spent 20 minutes and the NP saw 15 patients", [(20.0, "")]),
        ("Neuropsych tests took 60 minutes on Monday and 60 minutes on Thursday", [(60.0, ""), (60.0, "additional")]),
        ("Psychotherapy took 45 minutes on Monday and 45 minutes on Thursday", [(45.0, ""), (45.0, "")]),
        ("The drip ran 1 h 45.", [(105.0, "")]),
        ("Infused over 3h20m in the chair", [(200.0, "")]),
        ("Alone with her for a full hour", [(60.0, "")]),
        ("HBO dive started 0902, surfaced 1042", [(100.0, "clock")]),
        ("Egg challenge, first bite 8:30, released 11:30", [(180.0, "clock")]),
        ("The PT did 2 units of gait training and the PTA 1 unit of exercise", [(30.0, ""), (15.0, "")]),
    ],
)
def test_minutes_of_others_and_of_other_days_are_read(text: str, minutes: list[tuple[float, str]]) -> None:
    assert told(text, "minutes") == minutes


def test_the_length_of_a_closure_behind_margins_is_no_margin(book: Codebook) -> None:
    told_of = answered("Basal cell of the nose excised at 1.4 cm with margins and closed in layers, 3 cm. Codes?", book)
    assert {"11642", "12052"} <= set(told_of.report)
    told_of = answered("Melanoma of the back excised, 3.8 cm with margins, plus a 7 cm layered closure. What do we bill?", book)
    assert told_of.report == ("11604", "12032")


def test_units_of_an_assistant_carry_the_sign_and_count_with_the_therapists(book: Codebook) -> None:
    told_of = answered("Medicare. The PT gave 2 units of gait training, then the PTA one more unit of gait training.", book)
    assert told_of.units["97116"] == 3
    assert "-CQ" in told_of.report


def test_what_several_coders_want_is_claimed_and_not_done(book: Codebook) -> None:
    text = "Colonoscopy with snare removal of a polyp. One of us says biopsy, the other says ablation. Which code?"
    assert "45380" not in answered(text, book).report


def test_a_code_that_words_brought_a_card_for_stays_though_its_payer_denied_it(book: Codebook) -> None:
    text = "Septoplasty, and both lower turbinates cut out submucosally. The plan paid for the septum and denied 30140. Why?"
    assert "30140" not in answered(text, book).do_not_report


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Tonsillectomy bleed on day 6, taken back to the OR for cautery by the same surgeon. Code?", ("42962", "-78")),
        (
            "Chemo through the port, hydration for an hour by a separate line as both could not run together. Two initials?",
            ("96360", "-59"),
        ),
    ],
)
def test_the_verdict_names_the_line_that_bears_the_modifier(text: str, line: tuple[str, str], book: Codebook) -> None:
    told_of = answered(text, book)
    assert (line[0], line[1]) in [(one.code, sign) for one in told_of.lines for sign in one.modifiers]
    assert "".join(line) in told_of.verdict


def test_a_diameter_without_its_unit_takes_that_of_the_size_before() -> None:
    assert told("First cut 1.2 cm, total excised diameter now 2.4.", "size_cm") == [(1.2, ""), (2.4, "excised")]
    assert told("Total diameter 2.4.", "size_cm") == []


def test_miles_are_read_from_the_odometer(book: Codebook) -> None:
    told_of = answered("Ground ambulance, BLS nonemergency, loaded miles by odometer 112.3. Mileage code and units?", book)
    assert told_of.units["A0425"] == 113


def test_a_sheet_told_without_blanks_has_its_area() -> None:
    assert told("A 4x4 cm sheet", "area_sq_cm") == [(16.0, "computed")]


def test_a_body_mass_in_other_words_needs_no_question(book: Codebook) -> None:
    told_of = answered("Obesity class 2 per the doctor, the nurse's note has the body mass index (37.2). Dx codes?", book)
    assert {"E66.812", "Z68.37"} <= set(told_of.report)
    assert not told_of.ask_back


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Did a punch biopsy of the arm and another on the back. Codes?", {"11104": 1, "11105": 1}),
        ("punch biopsy of left cheek, right forearm and scalp, which codes?", {"11104": 1, "11105": 2}),
        ("shave biopsy of the nose, the chin and the back. CPT?", {"11102": 1, "11103": 2}),
        ("punch biopsy of the back of the neck, and rash of arms and legs. Code?", {"11104": 1}),
        ("Shave biopsy of the leg plus a second shave biopsy on the shoulder", {"11102": 1, "11103": 1}),
        ("Froze an AK on the nose and another one on the ear", {"17000": 1, "17003": 1}),
        ("Punch biopsy of the arm last week and another on the back today. Code for today?", {"11104": 1}),
        ("Colon polyp in one jar, a second polyp in the other jar, pathologist codes?", {"88305": 2}),
        ("The appendix was one specimen but we made 6 blocks, is it 88304 x 6?", {"88304": 1}),
        ("Lumpectomy at pathology, 15 blocks, 88307 times 15?", {"88307": 1}),
        ("Three skin biopsies in three jars, 2 blocks each, units of 88305?", {"88305": 3}),
    ],
)
def test_one_and_another_are_two_and_blocks_are_no_specimens(letter: str, units: dict[str, int], book: Codebook) -> None:
    told = answered(letter, book).units
    assert {code: told.get(code) for code in units} == units


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("Belly films: KUB one view and upright ones, three views in total, no chest. Code?", "74021"),
        ("KUB, 1 view flat, then a decubitus; 2 views of the belly altogether. Which code?", "74019"),
    ],
)
def test_the_views_in_all_decide_before_those_of_a_part(letter: str, code: str, book: Codebook) -> None:
    assert answered(letter, book).report == (code,)


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Mohs of the ear, stage I three blocks still positive, stage II two blocks, clear.", {"17311": 1, "17312": 1}),
        ("Mohs cheek, first layer positive, second layer clear, no third layer. What to bill?", {"17311": 1, "17312": 1}),
        ("Mohs on the nose, 3 stages. Stage 1 had two blocks.", {"17311": 1, "17312": 2}),
    ],
)
def test_stages_told_one_by_one_are_counted_and_their_blocks_are_not(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert answered(letter, book).units == units


def test_how_long_after_something_ended_was_not_spent() -> None:
    assert told("Dripped for two hours, and an hour after it finished it was pushed", "minutes") == [(120.0, "")]
    assert told("Spent an hour after the visit on her chart", "minutes") == [(60.0, "")]
