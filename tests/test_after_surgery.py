"""The modifier of a service in the days after an operation, where no card knows the case."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "report"),
    [
        (
            "Patient 5 weeks after a hip replacement is seen for new elbow pain by the same surgeon. Modifier on 99213?",
            ("99213", "-24"),
        ),
        (
            "Ten days ago he had a colectomy. Today the same surgeon drains an unrelated abscess of the arm. Modifier on 10060?",
            ("10060", "-79"),
        ),
        (
            "Nail avulsed two weeks after bunion surgery on the other foot, same doctor. Modifier for the nail procedure?",
            ("11730", "-79"),
        ),
        (
            "Serial grafting was planned from the start; the next graft is 3 weeks after the first, 15100. Modifier?",
            ("15100", "-58"),
        ),
        (
            "Chest left open after a bypass, planned closure 2 days later, as stated in the first op note. Modifier on 21750?",
            ("21750", "-58"),
        ),
    ],
)
def test_it_follows_from_how_the_service_stands_to_the_operation(text: str, report: tuple[str, ...], book: Codebook) -> None:
    assert answered(text, book).report == report


@pytest.mark.parametrize(
    "text",
    [
        "Mohs on a new BCC of the ear. Modifier on 17311?",  # no operation lies before it
        "He had a cheek flap (14040) 3 weeks ago. Today Mohs of the ear, 17311. Is it paid?",  # no modifier is asked for
    ],
)
def test_nothing_is_added_where_the_letter_does_not_tell_or_ask(text: str, book: Codebook) -> None:
    assert not {"-24", "-58", "-78", "-79"} & {*answered(text, book).report}


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("Our doctor reads a fetal scan done by the hospital's sonographer. Which modifier on our 76811?", ("76811", "-26")),
        ("Pyelogram in the hospital's OR; the urologist wrote his own interpretation. What modifier on 74420?", ("74420", "-26")),
    ],
)
def test_who_reads_on_the_machine_of_a_hospital_takes_the_reading_alone(
    text: str, report: tuple[str, ...], book: Codebook
) -> None:
    assert answered(text, book).report == report


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("Acupuncture, new patient: a full evaluation, 99203, then 97810. Which modifier and where?", {"99203", "97810", "-25"}),
        ("The chiropractor did an exam, then an adjustment. What modifier on 99203?", {"99203", "-25"}),
    ],
)
def test_the_visit_that_is_named_takes_25_though_the_small_work_is_open(text: str, report: set[str], book: Codebook) -> None:
    assert {*answered(text, book).report} == report


def test_of_two_codes_that_are_asked_for_one_is_reported(book: Codebook) -> None:
    text = "A commercial plan pays our mental health IOP by the day, no substance use program. H0015 or S9480?"
    assert answered(text, book).report == ("S9480",)


@pytest.mark.parametrize(
    ("letter", "lines", "without"),
    [
        (
            "Six weeks after we replaced her right hip he scopes the LEFT knee, medial meniscectomy. Codes?",
            {"29881": ("-LT",)},
            ["27130", "Z47.1", "-RT"],
        ),
        (
            "5 weeks after Dr. Lee replaced the left knee he does a carpal tunnel release on the right. Modifier?",
            {"64721": ("-RT", "-79")},
            ["27447", "-LT", "-50"],
        ),
        ("10180 after return to the OR, ten days after a hernia repair, what modifier", {"10180": ("-78",)}, ["-79"]),
        ("Return to OR on postop day 9 for a wound abscess, 10180, same surgeon", {"10180": ("-78",)}, ["99024"]),
    ],
)
def test_what_somebody_did_weeks_before_is_no_line_of_today(
    letter: str, lines: dict[str, tuple[str, ...]], without: list[str], book: Codebook
) -> None:
    answer = answered(letter, book)
    told = {line.code: line.modifiers for line in answer.lines}
    assert {code: told.get(code) for code in lines} == lines
    assert not {*without} & {*answer.report}


def test_whoever_comes_to_the_staples_of_a_new_hip_has_aftercare(book: Codebook) -> None:
    letter = "Two weeks after we replaced his hip he comes in for staple removal, dx code?"
    assert "Z47.1" in answered(letter, book).report


@pytest.mark.parametrize(
    ("letter", "code", "side"),
    [
        ("Total knee 27447 on the left in August, eight weeks later same doctor does the right. Modifiers?", "27447", "-RT"),
        ("66984 left eye on the 3rd, five weeks later the right eye, same surgeon. What goes on it?", "66984", "-RT"),
        ("Right carpal tunnel 64721 done; 6 weeks later left carpal tunnel 64721 by the same surgeon, modifier?", "64721", "-LT"),
        ("ORIF distal radius 25609 on the right weeks ago, now the left, 25609 again. mod?", "25609", "-LT"),
    ],
)
def test_the_second_side_in_the_days_of_the_first_has_its_side_beside_79(
    letter: str, code: str, side: str, book: Codebook
) -> None:
    told = {line.code: line.modifiers for line in answered(letter, book).lines}
    assert {*told[code]} == {"-79", side}


@pytest.mark.parametrize(
    ("letter", "report"),
    [
        (
            "Our partner did a total hip. Five weeks later I fixed her trigger thumb, 26055, and it denied. Modifier?",
            ("26055", "-79"),
        ),
        (
            "Lap chole in May, and a month later the same surgeon took a skin cancer off, 11603. Denied as global. Modifier?",
            ("11603", "-79"),
        ),
        ("Colon resection 44140, 9 days later the same surgeon re-explored the belly, 49002. Which modifier?", ("49002", "-78")),
        (
            "Total knee 27447 in June. Two weeks later the wound was washed out in the OR, 10180. Modifier on 10180?",
            ("10180", "-78"),
        ),
    ],
)
def test_what_is_done_later_on_another_part_is_unrelated_and_going_in_again_is_not(
    letter: str, report: tuple[str, ...], book: Codebook
) -> None:
    answer = answered(letter, book)
    assert {*report} <= {*answer.report}
    assert not {"27130", "47562", "27447"} & {*answer.report}


@pytest.mark.parametrize(
    ("letter", "report"),
    [
        (
            "Partner did a total hip in May. Five weeks later our hand man released a trigger finger. Modifier?",
            ("26055", "-79"),
        ),
        ("Dr. A did a septoplasty; a month later he put tubes in her ears under general. Which modifier?", ("69436", "-79")),
        (
            "Lap hysterectomy with tubes, 180 g. Ten days later taken back to the OR, vaginal cuff resutured. Modifier?",
            ("57200", "-78"),
        ),
    ],
)
def test_of_two_operations_without_a_code_the_later_is_asked_about(letter: str, report: tuple[str, ...], book: Codebook) -> None:
    assert answered(letter, book).report == report


@pytest.mark.parametrize(
    ("letter", "sign"),
    [
        (
            "Finger abscess opened, 26010, denied as global to her carpal tunnel release of 20 days ago, unrelated. Modifier?",
            "-79",
        ),
        ("Trigger finger released, 26055, denied as global, her carpal tunnel was five weeks ago, other hand. Modifier?", "-79"),
        ("11042 on the leg was denied as within the global of the bypass from last month. Planned. What modifier?", "-58"),
        ("A month after our partner's meniscectomy he sewed an extensor tendon, 26418, put in the knee global. Mod?", "-79"),
        ("Silicone oil out by vitrectomy in the 90 days, as he meant to from the start. 67036 with what?", "-58"),
    ],
)
def test_a_named_code_in_the_days_of_another_operation_is_in_no_doubt(letter: str, sign: str, book: Codebook) -> None:
    [line] = answered(letter, book).lines
    assert line.code in letter
    assert line.modifiers == (sign,)


@pytest.mark.parametrize(
    "text",
    [
        "Two weeks after a TKA of the left knee he hurt his right knee, same surgeon. Modifier on the visit?",
        "Left cataract done two weeks ago by us. Now the right eye is blurry, eye exam. How does 92012 go?",
        "Five days after PRP in the left eye she comes about the right eye, macular edema there. Modifier on the exam?",
    ],
)
def test_an_exam_of_the_other_side_is_unrelated_and_no_second_operation(text: str, book: Codebook) -> None:
    report = {*answered(text, book).report}
    assert "-24" in report
    assert not {"-79", "-78", "66984", "67228"} & report
