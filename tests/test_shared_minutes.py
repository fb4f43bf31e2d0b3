"""Minutes of one service told in several places, by several people, or as parts of a session."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("medicare: PTA 13 min therex, PT 22 min manual, PT another 15 min therex. units?", {"97110": 2, "97140": 1}),
        ("Acupuncture 15 minutes with needles, then re-inserted for another 15, no electricity", {"97810": 1, "97811": 1}),
        ("Work hardening, first two hours and then two more. Codes and units?", {"97545": 1, "97546": 2}),
        ("Neuropsych tech tested a patient one hour Monday and one more hour Thursday. Units?", {"96138": 1, "96139": 3}),
        ("BCBA spent 2 hours on the initial assessment face to face plus an hour scoring and writing the plan", {"97151": 12}),
    ],
)
def test_minutes_told_in_two_places_are_added_up(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert {code: answered(letter, book).units.get(code) for code in units} == units


def test_a_session_is_the_total_of_the_parts_it_is_told_in() -> None:
    told = question.read("60 minutes with the patient, 20 on medication management, 40 of psychotherapy").facts
    minutes = [(fact.value, fact.span.label) for fact in told if fact.dimension == "minutes"]
    assert minutes == [(60, "total"), (20, ""), (40, "")]
    told = question.read("25 minutes: 18 minutes of dressing practice and 7 minutes of exercises").facts
    assert [(fact.value, fact.span.label) for fact in told if fact.dimension == "minutes"] == [(25, "total"), (18, ""), (7, "")]
    told = question.read("remote monitoring calls added up to 43 minutes").facts
    assert [(fact.value, fact.span.label) for fact in told if fact.dimension == "minutes"] == [(43, "")]


@pytest.mark.parametrize(
    ("letter", "sign"),
    [
        ("Medicare, outpatient PT: therapist 20 min exercise, PTA 25 min exercise. Lines?", "-CQ"),
        ("OT 15 min ADL, COTA 15 min ADL, Medicare", "-CO"),
        ("Medicare PTA 2 min therex, PT 28 min therex", ""),
        ("Medicare: PT did 30 minutes of gait training, no assistant involved", ""),
    ],
)
def test_units_that_the_therapist_did_not_fill_alone_carry_the_assistants_modifier(
    letter: str, sign: str, book: Codebook
) -> None:
    assert {*answered(letter, book).report} & {"-CQ", "-CO"} == ({sign} if sign else set())


def test_the_units_of_an_assistant_are_a_line_of_their_own(book: Codebook) -> None:
    letter = "Medicare: PT did 30 minutes of therapeutic exercise, then the assistant did 15 more minutes of the same. Units?"
    answer = answered(letter, book)
    assert [(line.code, line.modifiers, line.units) for line in answer.lines] == [("97110", (), 2), ("97110", ("-CQ",), 1)]
    assert answer.units == {"97110": 3}


def test_minutes_of_medicine_beside_talk_therapy_are_not_its_minutes(book: Codebook) -> None:
    answer = answered("Psychiatrist: 15 minutes of med check and 40 minutes of talk therapy the same sitting", book)
    assert "90836" in answer.report
    assert "90834" not in answer.report


def test_minutes_of_each_belong_to_every_code_that_is_named(book: Codebook) -> None:
    answer = answered("97140 and 97530 at one visit for Medicare, 15 min each. Does it need 59?", book)
    assert answer.units == {"97140": 1, "97530": 1}


def test_hours_that_are_asked_about_were_not_spent() -> None:
    told = question.read("The drip lasted 2 hours 25 minutes. One or two extra hours?").facts
    assert [fact.value for fact in told if fact.dimension == "minutes"] == [145]


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("OT, Medicare, 25 minutes: 18 minutes of dressing practice and 7 minutes of exercises", {"97535": 1, "97110": 1}),
        ("PT did activities for 7 minutes, exercises for 8 and gait for 7, 22 minutes altogether", {"97110": 1}),
        ("Medicare PT: ther ex 20 minutes, manual 15, gait 10. Units?", {"97110": 1, "97140": 1, "97116": 1}),
        ("40 minutes timed: 25 exercise, 15 manual", {"97110": 2, "97140": 1}),
    ],
)
def test_what_all_shares_make_together_is_no_share(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert answered(letter, book).units == units


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("40 minutes in the morning and 50 in the evening", [40, 50]),
        ("20 minutes on medication and 25 for supportive psychotherapy", [20, 25]),
        ("2 hours of testing and 3 of scoring", [120, 180]),
        ("exercise for 7 minutes, gait for 8", [7, 8]),
        ("30 minutes of exercise and 2 of the joints moved", [30]),
        ("15 minutes in the room and 10 in two weeks", [15]),
        ("Infused 1000-1035", [35]),
        ("anesthesia 0730 to 0915", [105]),
        ("1500-2000 mL of saline", []),
        ("84 minutes of it in all, of that 8 of CPR, 3 of teaching, 5 updating the family", [84, 8, 3, 5]),
    ],
)
def test_a_number_without_its_word_is_told_as_the_one_before_it(text: str, minutes: list[float]) -> None:
    assert [fact.value for fact in question.read(text).facts if fact.dimension == "minutes"] == minutes


def test_more_minutes_are_all_minutes_where_no_others_are_told(book: Codebook) -> None:
    assert "99406" in answered("7 more minutes of counseling to quit cigarettes", book).report


def test_what_ran_over_two_hours_ran_two_hours() -> None:
    for words, label in (("Hizentra over 2 hours", ""), ("banana bag over 4 hours", ""), ("Observation over 8 hours", "over")):
        [told] = [fact for fact in question.read(words).facts if fact.dimension == "minutes"]
        assert told.span.label == label, words


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("psychotherapy without E/M 45 minutes", "90834"),
        ("Psychotherapy, no E/M, 30 minutes", "90832"),
        ("Individual therapy session without med check 60 min", "90837"),
        ("hydration infusion without medication 2 hours normal saline", "96361"),
    ],
)
def test_minutes_behind_what_there_was_not_are_of_what_was_done(letter: str, code: str, book: Codebook) -> None:
    assert code in answered(letter, book).report


def test_minutes_that_are_missing_themselves_were_not_spent() -> None:
    told = question.read("discharge without 30 minutes documented; no note of 45 minutes").facts
    assert all(fact.negated for fact in told if fact.dimension == "minutes")


def test_plain_numbers_that_make_up_the_minutes_behind_them_are_their_parts(book: Codebook) -> None:
    letter = (
        "Medicare PT visit, minutes charted: therapeutic exercise 23, neuromuscular re-ed 10, manual 12, so 45 timed minutes. "
        "An auditor says by the eight minute rule the exercise has two units. How many units of each?"
    )
    answer = answered(letter, book)
    assert dict(answer.units) == {"97110": 1, "97112": 1, "97140": 1}
    assert not answer.ask_back  # "re-ed" is no emergency department


def test_the_name_of_a_rule_is_no_time_that_was_spent() -> None:
    told = question.read("By the 8-minute rule, is 20 minutes one unit? What of the eight minute rule?").facts
    assert [fact.value for fact in told if fact.dimension == "minutes"] == [20]


@pytest.mark.parametrize(
    ("letter", "minutes"),
    [
        ("NP kept her minutes that day: chart, exam, orders, 32 in all for a known patient.", [32]),
        ("The doctor's minutes on the day came to 41, decision making only low.", [41]),
        ("30 minutes, trigger points in 4 muscles, 12 in all.", [30]),
    ],
)
def test_a_sum_behind_the_word_minutes_is_of_minutes(letter: str, minutes: list[float]) -> None:
    facts = question.read(letter).facts
    assert [fact.value for fact in facts if fact.dimension == "minutes"] == minutes


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Critical care took 80. Codes?", {"99291": 1, "99292": 1}),
        ("Medicare PT: manual took 15, exercises took 30. Codes and units?", {"97140": 1, "97110": 2}),
        ("Spent 53 with him in psychotherapy, no E/M. Code?", {"90837": 1}),
        ("Moderate sedation by our own doctor for the colonoscopy took 34. Codes for the sedation?", {"99152": 1, "99153": 1}),
    ],
)
def test_work_that_took_a_bare_number_took_minutes(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert answered(letter, book).units == units


def test_whoever_took_a_number_took_pieces() -> None:
    told = [question.read(text).facts for text in ("The surgeon took 12.", "He took 14, and spent 250 on supplies.")]
    assert not any(fact.dimension == "minutes" for facts in told for fact in facts)


@pytest.mark.parametrize(
    ("letter", "report"),
    [
        ("Office visit 30 minutes established, then 18 minutes going over the living will. Codes?", {"99214", "99497"}),
        ("Established visit, low mdm, and 25 minutes of advance care planning. Codes?", {"99213", "99497"}),
    ],
)
def test_a_visit_beside_a_talk_goes_by_minutes_of_its_own(letter: str, report: set[str], book: Codebook) -> None:
    assert report <= {*answered(letter, book).report}
