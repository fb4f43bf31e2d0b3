"""From findings to checked statements."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.advice.services.minutes import arithmetic, eight_minute
from consultant.codebook import Codebook
from consultant.vocabulary import Answer, dump, load

TODAY = date(2026, 11, 22)


def advise(text: str, book: Codebook) -> Answer:
    return advice.advise(classifier.classify(question.read(text, today=TODAY), book, TODAY), book)


def told(answer: Answer, section: str) -> str:
    return "\n".join(s.text for s in answer.statements if s.section == section)


@pytest.mark.parametrize(
    ("minutes", "units"),
    [
        ({"97110": 33, "97140": 7}, {"97110": 2, "97140": 1}),
        ({"97110": 7}, {"97110": 0}),
        ({"97110": 8}, {"97110": 1}),
        ({"97110": 22}, {"97110": 1}),
        ({"97110": 23}, {"97110": 2}),
        ({"97110": 24, "97140": 23}, {"97110": 2, "97140": 1}),
        ({"97110": 7, "97140": 7, "97530": 7}, {"97110": 1, "97140": 0, "97530": 0}),
        ({"97110": 20, "97140": 20}, {"97110": 2, "97140": 1}),
        ({"97110": 0}, {"97110": 0}),
    ],
)
def test_the_eight_minute_rule_shares_units_by_the_largest_remainder(minutes: dict[str, float], units: dict[str, int]) -> None:
    assert eight_minute(minutes) == units


def test_the_arithmetic_can_be_checked_by_hand() -> None:
    minutes: dict[str, float] = {"97110": 33, "97140": 7}
    text = arithmetic(minutes, eight_minute(minutes))
    assert "33 (97110) + 7 (97140) = 40 timed minutes, which earn 3 units" in text


def test_biofeedback_names_its_add_on_and_the_rule_that_joins_them(book: Codebook) -> None:
    answer = advise("What is the CPT code for pelvic floor biofeedback, first 15 minutes?", book)
    assert answer.report == ("90912",)
    assert "90913 is the add-on to 90912" in told(answer, "why")
    assert "never reported without 90912" in told(answer, "why")


def test_n39_3_is_billable_with_its_excludes1_note_and_where_it_stands(book: Codebook) -> None:
    answer = advise("is N39.3 a billable code for stress incontinence?", book)
    assert answer.verdict.startswith("Yes: N39.3 is a valid, billable code")
    assert "Excludes1 note at N39.3" in told(answer, "check")
    assert "N39.46" in told(answer, "check")


def test_a_heading_leads_to_its_children(book: Codebook) -> None:
    answer = advise("which code is billable under N18.3?", book)
    assert answer.report == ()
    assert all(code in answer.verdict for code in ("N18.30", "N18.31", "N18.32"))


def test_two_diagnoses_that_exclude_one_another_are_told(book: Codebook) -> None:
    assert "exclude one another" in told(advise("Can we code N39.3 and N39.46 on one claim?", book), "check")


def test_add_on_units_come_from_the_area_and_the_sum_is_shown(book: Codebook) -> None:
    answer = advise("debrided 45 sq cm of muscle in a hip wound", book)
    assert answer.units["11046"] == 2
    assert "45 sq cm less the first 20 leaves 25" in told(answer, "why")


def test_the_named_sibling_that_the_facts_rule_out_is_refused(book: Codebook) -> None:
    answer = advise("Fingerstick blood sample in the office - is that still 36415?", book)
    assert "36416" in answer.report
    assert "36415" in answer.do_not_report


def test_a_web_list_that_forgets_biofeedback_is_corrected(book: Codebook) -> None:
    text = "A web article lists 97110, 97112, 97140 and 97750 as the codes for pelvic floor therapy. Is that all?"
    answer = advise(text, book)
    assert {"90912", "90913"} <= set(answer.report)
    assert "leaves out 90912 and 90913" in told(answer, "correction")


def test_a_missing_fact_is_asked_for_with_the_conditional_answers(book: Codebook) -> None:
    answer = advise("debrided a wound, what code?", book)
    assert answer.ask_back
    assert "11042" in told(answer, "change")
    assert not answer.report


def test_an_abstaining_answer_recommends_nothing_and_shows_what_is_close(book: Codebook) -> None:
    answer = advise("Does NCCI bundle 36415 into 99213?", book)
    assert not answer.answered
    assert answer.report == ()
    assert "36415" in told(answer, "why")
    assert "No NCCI edit file" in told(answer, "unchecked")


def test_what_was_not_checked_is_said(book: Codebook) -> None:
    text = told(advise("hands on joint mobilization of the shoulder for 15 min", book), "unchecked")
    assert "No NCCI edit file" in text
    assert "names no payer" in text


def test_a_code_is_never_both_recommended_and_refused(book: Codebook) -> None:
    for text in ("Both knees injected, one line with the bilateral modifier or RT and LT?", "36415 or 36416 for a fingerstick?"):
        answer = advise(text, book)
        assert not set(answer.report) & set(answer.do_not_report)


def test_an_answer_goes_to_json_and_back(book: Codebook) -> None:
    answer = advise("Medicare: 24 minutes exercise and 23 minutes manual therapy. Units?", book)
    assert load(Answer, dump(answer)) == answer


@pytest.mark.parametrize(
    ("letter", "stands"),
    [
        ("The boy was sore after a fall and sent home at once. Can we bill a chest x-ray of 2 views?", False),
        ("The boy fell, and two views of the chest were taken. Can we bill a chest x-ray of 2 views?", True),
        ("Can we bill a chest x-ray of 2 views?", True),
    ],
)
def test_a_service_that_only_a_question_names_is_not_reported(letter: str, stands: bool, book: Codebook) -> None:
    answer = advise(letter, book)
    assert ("71046" in answer.report) is stands
    assert "71046" not in answer.do_not_report


@pytest.mark.parametrize(
    ("letter", "asks"),
    [
        (
            "The ER doctor gave the sedation and watched for 25 minutes while her partner set the shoulder, age 40. Her code?",
            False,
        ),
        (
            "The ER doctor gave the sedation and watched for 25 minutes while her partner set the shoulder, age 40. Her visit?",
            True,
        ),
        ("Mohs on the nose, one stage. A cut of the arm was sewn up too. Codes?", True),
        (
            "For a Medicare knee orthosis we put KX on the base brace only. The addition codes got denied. Do they need KX too?",
            False,
        ),
    ],
)
def test_only_a_fact_that_would_change_the_answer_is_asked_for(letter: str, asks: bool, book: Codebook) -> None:
    answer = advise(letter, book)
    assert answer.answered
    assert bool(answer.ask_back) is asks


def test_a_place_told_of_another_act_makes_no_second_service(book: Codebook) -> None:
    answer = advise("Mohs on the nose, one stage, five blocks. A cut of the arm was sewn up too, 3 cm. Codes?", book)
    assert {"17311", "12002"} <= set(answer.report)
    assert not {"17313", "17314"} & set(answer.report)


@pytest.mark.parametrize(
    ("question", "stays", "goes"),
    [
        ("Can J06.9 be coded with J02.0?", "J02.0", "J06.9"),  # the note at J06 sends to J02
        ("Is R73.03 allowed with E11.9 on the same claim?", "E11.9", "R73.03"),  # a sign beside its disease
        ("Can we code I48.91 and I48.0 together?", "I48.0", "I48.91"),  # unspecified beside the named kind
        ("Can I25.10 and I25.118 be billed together?", "I25.118", "I25.10"),  # "without" beside "with"
    ],
)
def test_of_two_diagnoses_the_one_that_stays_is_named(book: Codebook, question: str, stays: str, goes: str) -> None:
    answer = advise(question, book)
    assert answer.report == (stays,)
    assert goes in answer.do_not_report
    assert told(answer, "change")


def test_of_two_diagnoses_that_send_to_each_other_none_is_chosen(book: Codebook) -> None:
    answer = advise("Can E10.9 and E11.9 be on one claim?", book)
    assert answer.report == ()
    assert "exclude one another" in answer.verdict
