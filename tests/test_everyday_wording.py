"""The same thing said as people say it: shared units, counts behind a word, named digits, a rule asked and not a code."""

from __future__ import annotations

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.classifier.amounts.projections import views
from consultant.classifier.hearing.words import Lexicon, Shorthand
from consultant.codebook import Codebook
from consultant.vocabulary import Answer, Topic

TODAY = date(2026, 11, 26)


def answered(text: str, book: Codebook) -> Answer:
    asked = question.read(text, today=TODAY)
    return advice.advise(classifier.classify(asked, book, TODAY), book)


def measured(text: str, dimension: str) -> list[str | float]:
    return [fact.value for fact in question.read(text, today=TODAY).facts if fact.dimension == dimension]


@pytest.mark.parametrize(
    ("text", "dimension", "values"),
    [
        ("two ulcers, 15 and 12 sq cm", "area_sq_cm", [15, 12]),
        ("scars of 2, 3 and 5 cm", "size_cm", [2, 3, 5]),
        ("excised tissue 11 x 3.1 cm, a long ellipse", "size_cm", [3.1]),
        ("a lesion of 1.2 x 0.8 cm", "size_cm", [1.2]),
        ("teen of 17 for her yearly check", "age", [17]),
        ("Adult 45, commercial plan, gets a flu shot", "age", [45]),
        ("but we only saw her on day 10 after discharge", "days", [10]),
        ("omnipaque 300, 100 ml", "ml", [100]),
        ("two separate masses in one breast", "count", [2]),
        ("paclitaxel over 3 hours", "minutes", [180]),
        ("patch tests on the back, 40 chambers", "count", [40]),
        ("a discogram at two lumbar discs", "levels", [2]),
    ],
)
def test_a_measure_is_read_as_people_write_it(text: str, dimension: str, values: list[float], book: Codebook) -> None:
    assert measured(text, dimension) == values


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Faslodex, two shots of 250 mg each, 500 mg in all. Units?", {"J9395": 20}),
        (
            "Well child at 2 months, vaccines counselled: Pediarix, Hib, Prevnar, Rotarix oral. Codes?",
            {"90460": 4, "90461": 4},
        ),
        ("flu shot, MMR and Hib given with counselling at 15 months. Administration codes?", {"90460": 3, "90461": 2}),
        ("UroLift, five implants went in. How do we put that on the claim?", {"52441": 1, "52442": 4}),
    ],
)
def test_what_is_told_in_passing_is_counted(text: str, units: dict[str, int], book: Codebook) -> None:
    assert units.items() <= answered(text, book).units.items()


@pytest.mark.parametrize(
    ("text", "report", "refused"),
    [
        # The units of a line that was billed count nothing that was done.
        ("Froze 20 actinic keratoses. We put 17000, 17003 x 13 and 17004 on the claim and it bounced.", "17004", "17003"),
        # What is asked for was not counted.
        ("Note says microdiscectomy 'L4-L5' through a laminotomy, left. Is that one or two levels?", "63030", "63035"),
        ("Lesser occipital nerve was numbed with bupivacaine. Which nerve block code fits?", "64450", "82274"),
    ],
)
def test_what_was_not_done_brings_no_line(text: str, report: str, refused: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert report in answer.report
    assert refused not in answer.report


@pytest.mark.parametrize(
    ("text", "studies"),
    [
        ("median motor with F wave, ulnar motor, sural sensory and an H reflex", 4),
        ("sural sensory, peroneal motor and tibial motor and sensory", 4),
    ],
)
def test_nerve_studies_told_by_name_are_counted(text: str, studies: int) -> None:
    assert measured(text, "count") == [studies]


def test_a_code_in_a_story_is_not_the_answer_for_being_in_the_book(book: Codebook) -> None:
    told = (
        "Fixator from a tibia fracture was unscrewed in the clinic without any anesthesia. Surgeon wants to charge 20694, okay?"
    )
    assert "20694" not in answered(told, book).report
    assert answered("Is 20694 billable?", book).report == ("20694",)


def test_a_lone_number_that_is_asked_is_a_modifier() -> None:
    assert [code.code for code in question.read("Mole shaved at the visit, decided then. 57?", today=TODAY).codes] == ["-57"]


def test_a_catheter_without_a_port_was_pulled(book: Codebook) -> None:
    assert "36589" in answered("Tunneled dialysis catheter without a port pulled. Code?", book).report


def test_a_rule_that_says_both_is_no_doubt_about_either(book: Codebook) -> None:
    answer = answered("He keeps falling. Repeated falls or history of falling, or both?", book)
    assert {"R29.6", "Z91.81"} <= set(answer.report)


def test_what_ran_over_hours_is_no_lower_limit() -> None:
    asked = question.read("oxaliplatin over 2 hours", today=TODAY)
    assert [fact.span.label for fact in asked.facts if fact.dimension == "minutes"] == [""]


def test_a_count_stands_behind_its_word_with_an_x(book: Codebook) -> None:
    assert {"95885", "95910"} <= set(answered("EMG of one leg, only 4 muscles, done with NCS x 8", book).report)


def test_of_several_counts_the_one_whose_noun_the_family_counts(book: Codebook) -> None:
    assert answered("IHC on one block with 3 different antibodies", book).units["88341"] == 2


def test_each_named_toe_has_its_line(book: Codebook) -> None:
    answer = answered("Nail plates avulsed from the right great toe and the left great toe", book)
    assert {(line.code, line.modifiers, line.units) for line in answer.lines} == {("11730", ("-T5",), 1), ("11732", ("-TA",), 1)}


def test_both_sides_of_a_film_may_take_50(book: Codebook) -> None:
    assert "-50" in answered("2 views of both knees", book).report


def test_the_device_is_not_the_classification(book: Codebook) -> None:
    answer = answered("Single chamber ICD battery change, old lead kept. Which code?", book)
    assert answer.report == ("33262",)
    assert answer.verdict.startswith("Report 33262")


def test_minutes_told_before_or_behind_each_code_are_its_own(book: Codebook) -> None:
    for text in ("8 min 97110 and 8 min 97140, AMA midpoint rule", "97110 8 min 97140 8 min, midpoint rule. Units?"):
        assert dict(answered(text, book).units) == {"97110": 1, "97140": 1}


def test_an_add_on_of_each_limb_takes_no_sign_for_both(book: Codebook) -> None:
    told = answered("EMG of both arms, complete, with 8 nerve conduction studies", book)
    assert told.units["95886"] == 2
    assert "-50" not in told.report


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Benign moles of the back, each 0.8 cm, excised", "11401"),
        ("Melanoma of the arm excised with 2 cm margins, lesion 1.5 cm", "11606"),
        ("Melanoma of the arm excised, 1.5 cm lesion, 2 cm margins", "11606"),
        ("Melanoma of the arm excised, margins 2 cm, lesion itself 1.5 cm", "11602"),
        ("Two lacerations of the arm, each 2 cm, sutured", "12002"),
    ],
)
def test_the_size_of_each_and_the_width_of_a_margin_are_told_apart(text: str, code: str, book: Codebook) -> None:
    assert code in answered(text, book).report


def test_a_payer_that_counts_by_the_midpoint_gets_its_units(book: Codebook) -> None:
    text = "Commercial payer that follows the midpoint rule: 8 minutes of 97110 and 8 minutes of 97140. How many units of each?"
    assert dict(answered(text, book).units) == {"97110": 1, "97140": 1}


def test_a_named_visit_beside_a_small_procedure_takes_25(book: Codebook) -> None:
    assert {"96372", "99214", "-25"} <= set(answered("B12 shot given IM and an office visit 99214. How to bill?", book).report)


def test_an_answer_that_is_a_modifier_is_about_modifiers(book: Codebook) -> None:
    assert Topic.MODIFIER in answered("Occipital nerve block on both sides", book).topics[:2]


def test_an_answer_that_still_asks_is_less_sure(book: Codebook) -> None:
    answer = answered("Knee scope with the medial meniscus trimmed, and a shoulder scope. Codes?", book)
    assert not (answer.ask_back and answer.lines) or answer.confidence <= 0.7


def test_minutes_of_others_are_not_added(book: Codebook) -> None:
    text = "MA spent 15 minutes and the doctor 22 minutes on the office visit, established patient. Level by time?"
    assert "99213" in answered(text, book).report


def test_minutes_that_went_elsewhere_are_taken_off(book: Codebook) -> None:
    text = "94 minutes of critical care, but 20 went to intubation and 18 to the central line. 99291 plus 99292?"
    answer = answered(text, book)
    assert "99291" in answer.report
    assert "99292" not in answer.report


@pytest.mark.parametrize(
    "text", ["Is 59 put on the column one or the column two code?", "Can we use 59 just because the diagnoses differ?"]
)
def test_a_modifier_is_named_by_its_bare_number(text: str) -> None:
    assert "-59" in [code.code for code in question.read(text).codes]


def test_two_named_fingers_are_no_two_sides(book: Codebook) -> None:
    report = answered("Right thumb and left index finger joints both injected with steroid, which finger modifiers", book).report
    assert {"20600", "-F5", "-F1"} <= set(report)
    assert "-50" not in report


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Posterior cervical fusion C3 to C6 with lateral mass screws and rods", "22842"),
        ("Back of the neck fused C2 to C5 with screws and rods, and a laminectomy of C3-C4 for myelopathy", "22842"),
        ("L4-S1 posterior fusion with pedicle screws", "22842"),
        ("Single level posterior lumbar fusion L4-5 with pedicle screws and rods", "22840"),
    ],
)
def test_instruments_go_by_vertebrae_and_fusions_by_interspaces(text: str, code: str, book: Codebook) -> None:
    assert code in answered(text, book).report


def test_screws_over_levels_that_are_named_already_fuse_no_further_ones(book: Codebook) -> None:
    answer = answered("L4-5 and L5-S1 TLIF with posterolateral fusion at both, pedicle screws L4 to S1. CPT codes?", book)
    assert {code: answer.units[code] for code in ("22633", "22634", "22842")} == {"22633": 1, "22634": 1, "22842": 1}


def test_minutes_are_told_behind_a_code(book: Codebook) -> None:
    answer = answered("38 timed minutes - 97110 for 20, 97112 for 18. Medicare units?", book)
    assert dict(answer.units) == {"97110": 2, "97112": 1}


def test_the_minutes_of_a_letter_with_one_code_are_its_minutes(book: Codebook) -> None:
    answer = answered("Therapist spent 53 minutes of timed one-on-one with a Medicare patient, all 97110. Units?", book)
    assert dict(answer.units) == {"97110": 4}


def test_a_choice_that_is_asked_tells_nothing_that_is_told_elsewhere(book: Codebook) -> None:
    answer = answered("PT walked him on the treadmill with cueing for stride, 20 minutes. Exercise or gait?", book)
    assert "97116" in answer.report
    assert "97110" not in answer.report


@pytest.mark.parametrize(
    ("text", "code", "wrong"),
    [
        ("The nurse put on a multi-layer compression wrap below the knee. We usually bill Unna boot. Right?", "29581", "29580"),
        ("The nurse put on an Unna boot. My biller says multi-layer compression wrap. Right?", "29580", "29581"),
        ("Two Vanderbilt forms were scored. Is it developmental screening?", "96127", "96110"),
    ],
)
def test_what_somebody_bills_by_habit_was_not_done(text: str, code: str, wrong: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert code in answer.report
    assert wrong not in answer.report


@pytest.mark.parametrize(
    "text",
    [
        "Office visit for heartburn, and two skin tags were snipped off the neck. Are both billable?",
        "Wart frozen at the office visit for back pain, can we bill both?",
    ],
)
def test_a_visit_of_no_told_level_beside_a_small_procedure_takes_25(text: str, book: Codebook) -> None:
    assert "-25" in answered(text, book).report


def test_a_letter_that_tells_work_gets_no_diagnosis_for_an_answer(book: Codebook) -> None:
    answer = answered("Head injury; he put a twist drill hole at the bedside and a bolt went in for the pressure. Code?", book)
    assert not any(code.startswith("S09") for code in answer.report)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Two films of the right wrist. Code?", "73100"),
        ("Neck x-ray, two pictures. Code?", "72040"),
        ("Our radiologist read a one-view chest film. Code?", "71045"),
        ("Plantar warts, 16 of them, frozen. Code?", "17111"),
        ("New patient, moderate decision making, 35 minutes.", "99204"),
    ],
)
def test_films_warts_and_levels_are_read_as_people_tell_them(text: str, code: str, book: Codebook) -> None:
    assert code in answered(text, book).report


def test_of_two_levels_the_higher_is_reported(book: Codebook) -> None:
    assert "99203" not in answered("New patient, moderate decision making, 35 minutes.", book).report


def test_plain_numbers_that_make_the_total_are_minutes(book: Codebook) -> None:
    answer = answered("PT: 45 minutes total one on one, 25 exercise 20 manual. Medicare units?", book)
    assert dict(answer.units) == {"97110": 2, "97140": 1}


def test_a_sum_that_is_said_and_a_mark_that_is_passed_are_no_further_minutes(book: Codebook) -> None:
    answer = answered("Critical care for 20 minutes, later 15 minutes more. That makes 35 minutes. Commercial plan.", book)
    assert "99291" in answer.report
    assert "99292" not in answer.report
    answer = answered("Medicare, 90 minutes of critical care. Add 99292 because we are past 75 minutes?", book)
    assert "99292" not in answer.report


def test_minutes_of_what_is_not_the_service_are_left_out_whoever_else_says_the_words(book: Codebook) -> None:
    assert "99291" not in answered("10 minutes on the phone with EMS and then 25 minutes of critical care", book).report


def test_the_projections_of_a_film_are_its_views() -> None:
    assert views(question.read("chest x-ray AP, PA, lateral and both obliques")) == "5"
    assert views(question.read("knee films, AP/lateral and sunrise")) == "3"
    assert views(question.read("lateral epicondyle, a film")) == ""
    assert views(question.read("two one-view chest films")) == "1"


def test_what_was_not_done_brings_no_rule_about_it(book: Codebook) -> None:
    report = answered("unna boots put on both legs at one visit, no debridement. one line or two?", book).report
    assert {"29580", "-50"} <= set(report)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Benign cyst of the back excised, 1.2 cm, and the wound closed in layers, 2.5 cm", {"11402", "12031"}),
        ("BCC on the nose cut out, 1.2 cm with margins, then closed in layers, wound 2.5 cm long.", {"11642", "12051"}),
    ],
)
def test_a_closure_has_its_own_size_and_the_place_of_the_excision(text: str, codes: set[str], book: Codebook) -> None:
    assert codes <= set(answered(text, book).report)


def test_loaded_miles_are_units(book: Codebook) -> None:
    assert answered("ALS emergency ambulance, 12 loaded miles. Codes and units?", book).units["A0425"] == 12


def test_a_card_on_the_very_codes_needs_no_other_word(book: Codebook) -> None:
    text = "29823 denied with 29827 same shoulder. Debridement was of labrum, biceps stump and glenoid cartilage. Is it payable?"
    assert "29823" in answered(text, book).report


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Therapist spent 53 minutes, all 97110. Units?", {"97110": 4}),
        ("53 minutes of one-on-one with a Medicare patient in the gym, all 97110. Units?", {"97110": 4}),
        ("Debrided a leg ulcer, 11042, 38 sq cm. Units of the add-on?", {"11042": 1, "11045": 1}),
    ],
)
def test_a_told_code_says_which_of_its_family_was_done(text: str, units: dict[str, int], book: Codebook) -> None:
    answer = answered(text, book)
    assert dict(answer.units) == units
    assert not answer.ask_back


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("11042 for 38 sq cm, how many of 11045?", {"11042": 1, "11045": 1}),
        ("We used 64483 at two levels right side. Correct?", {"64483": 1, "64484": 1}),
        ("Skin tags, billed 11200 for 22. Correct?", {"11200": 1, "11201": 1}),
    ],
)
def test_a_code_with_its_amount_needs_no_words_for_what_was_done(text: str, units: dict[str, int], book: Codebook) -> None:
    assert dict(answered(text, book).units) == units


def test_a_doubted_code_tells_no_facts(book: Codebook) -> None:
    assert answered("Leg ulcer debrided, 30 sq cm. Is 11042 right?", book).ask_back


def test_ten_minutes_beside_two_hours_are_no_ten_minutes(book: Codebook) -> None:
    assert dict(answered("Infusion 96365 ran 2 hours 10 minutes. What else?", book).units) == {"96365": 1, "96366": 1}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Cataract with lens: left eye five weeks ago, right eye today, denied as within the global. Which modifier?", "-RT"),
        ("Right total knee last year, left total knee now, same surgeon. Which modifiers go on the knee?", "-LT"),
    ],
)
def test_the_side_that_was_done_on_an_earlier_day_is_not_on_todays_line(text: str, side: str, book: Codebook) -> None:
    assert side in answered(text, book).report
    assert "-50" not in answered(text, book).report


@pytest.mark.parametrize(
    ("phrase", "there", "not_there"),
    [
        ("t&a", "T&A at the age of 7", "they couldn't find a vein"),
        ("her-2", "HER-2 on the breast block", "biopsy of her 2 lesions"),
        ("a-line", "an A-line was placed", "a line was placed"),
        ("vitamin a", "a vitamin A level", "a vitamin level"),
        ("off-the-shelf", "a knee brace off the shelf", "a knee brace off her leg"),
        ("our tech", "our tech took the films", "a tech took the films"),
    ],
)
def test_what_looks_like_an_article_may_be_none(phrase: str, there: str, not_there: str) -> None:
    lexicon = Lexicon([phrase], Shorthand({}))
    assert phrase in lexicon.read(question.read(there)).hits
    assert phrase not in lexicon.read(question.read(not_there)).hits


def test_a_first_lesion_is_no_first_diagnosis_and_a_last_character_is_one(book: Codebook) -> None:
    frozen = answered(
        "Sixteen actinic keratoses frozen. We put the first-lesion code once and the add-on fifteen times. Right?", book
    )
    assert "17004" in frozen.report
    shaft = answered(
        "Closed fracture of the shaft of the right tibia with nonunion, new to our surgeon. Which last character?", book
    )
    assert "S82.201K" in shaft.report


def test_four_or_more_views_are_four_views_and_nothing_on_top() -> None:
    (fact,) = (f for f in question.read("Knee film, four or more views").facts if f.dimension == "views")
    assert fact.value == 4
    (fact,) = (f for f in question.read("We froze 15 or more actinic keratoses").facts if f.dimension == "count")
    assert fact.value == 15
    assert not fact.span.label.startswith("more")


def test_conduction_studies_that_are_told_by_their_nerves_are_counted() -> None:
    letter = "Tested: median motor with F wave, ulnar motor and sensory, sural sensory and an H reflex"
    assert [fact.value for fact in question.read(letter).facts if fact.dimension == "count"] == [5]
    on_both = question.read("median motor and ulnar motor on both sides").facts
    assert [fact.value for fact in on_both if fact.dimension == "count"] == [4]
    inside = question.read("median motor on both sides, ulnar motor and ulnar sensory").facts
    assert not [fact for fact in inside if fact.dimension == "count"]


@pytest.mark.parametrize(
    ("text", "studies"),
    [
        ("right median, right ulnar, right radial, right peroneal and right tibial motor nerves", 5),
        ("Bilateral median and ulnar motor and sensory nerve conduction", 8),
        ("NCV motor: median, ulnar; sensory: median, ulnar, sural, radial", 6),
        ("bilateral median motor, bilateral ulnar motor and bilateral sural sensory", 6),
        ("left and right median motor and sensory NCS", 4),
    ],
)
def test_a_kind_of_study_is_said_of_every_nerve_of_its_list(text: str, studies: int) -> None:
    assert [fact.value for fact in question.read(text).facts if fact.dimension == "count"] == [studies]


@pytest.mark.parametrize(
    ("text", "dimension", "values"),
    [
        ("0.5 cm lesion with quarter centimeter margins", "size_cm", [0.5, 0.25]),
        ("a nevus of 1/2 cm", "size_cm", [0.5]),
        ("seen day 6 with high complexity", "days", [6]),
        ("Annual physical, 52, established", "age", [52]),
        ("new patient, 41, annual physical", "age", [41]),
        ("toddler of 18 months", "age", [1]),
        ("6m wcc", "age_days", [183]),
        ("the 9 month shots", "age", [0]),
    ],
)
def test_ages_days_and_parts_of_a_centimetre_are_read(text: str, dimension: str, values: list[float]) -> None:
    assert measured(text, dimension) == values


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Recheck of dog bite on the right forearm, wound healing well. Diagnosis?", "S51.851D"),
        ("Suture removal visit, dog bite left hand. ICD-10?", "S61.452D"),
        ("Dog bite of the left hand seen in the ER, diagnosis?", "S61.452A"),
        ("Suture removal, laceration of left hand, sutured in ER, dx?", "S61.412D"),
        ("Staple removal laceration of scalp, diagnosis code?", "S01.01XD"),
        ("PT eval after ankle sprain, right ankle, dx", "S93.401D"),
    ],
)
def test_an_injury_that_is_only_looked_after_ends_with_d(text: str, code: str, book: Codebook) -> None:
    assert code in answered(text, book).report


def test_what_a_screening_turned_into_is_not_what_there_was_no_history_of(book: Codebook) -> None:
    text = "Screening colonoscopy on a Medicare patient with no history turned into a biopsy"
    assert {"45380", "-PT"} <= set(answered(text, book).report)


def test_a_biopsy_for_diagnosis_only_asks_for_no_diagnosis(book: Codebook) -> None:
    text = "Diagnostic laparoscopy, for diagnosis only, which code?"
    assert "49320" in answered(text, book).report


def test_the_name_under_a_farewell_is_no_test(book: Codebook) -> None:
    report = answered("Chest film, two views. Which code?\n\nThanks,\nAna", book).report
    assert "71046" in report
    assert "86038" not in report
