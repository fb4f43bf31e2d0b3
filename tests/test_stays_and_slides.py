"""What the clock and the count decide: hours of a stay, minutes of two practitioners, blocks and stains, pushes, waived tests."""

from __future__ import annotations

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "report", "refused"),
    [
        (
            "Medicare patient admitted to observation at 9 am and discharged at 3 pm the same day, low MDM, by our hospitalist",
            "99221",
            "99234",
        ),
        (
            "Medicare inpatient admitted at 7:30 am, sent home at 6 pm the same date, high MDM. Which hospital codes?",
            "99236",
            "99223",
        ),
    ],
)
def test_a_stay_of_one_date_goes_by_its_hours(text: str, report: str, refused: str, book: Codebook) -> None:
    answer = answered(text, book)
    assert report in answer.report
    assert refused not in answer.report


@pytest.mark.parametrize(
    ("text", "report"),
    [
        (
            "Obs started 10:30 pm, moderate MDM, released 3 am, we took 20 min for the discharge. Same-day code?",
            ["99222", "99238"],
        ),
        ("Put in observation at 9 pm with high complexity and discharged at 8 am, discharge took 40 minutes", ["99223", "99239"]),
        ("Medicare, observation from 11 pm, low MDM, sent home at 4 am. 99234?", ["99221"]),
    ],
)
def test_a_night_in_hospital_is_two_dates(text: str, report: list[str], book: Codebook) -> None:
    found = answered(text, book).report
    assert [code for code in found if code.startswith("992")] == report


@pytest.mark.parametrize(
    ("text", "units"),
    [
        (
            "Admitted 3/1 with high MDM, seen 3/2 and 3/3 moderate, discharged 3/4, 40 minutes. What do we bill?",
            {"99223": 1, "99232": 2, "99239": 1},
        ),
        (
            "Hospitalist admitted her on Friday, high complexity, rounded Saturday low and Sunday moderate, discharged Monday.",
            {"99223": 1, "99231": 1, "99232": 1, "99238": 1},
        ),
    ],
)
def test_a_stay_told_day_by_day_has_a_line_for_each(text: str, units: dict[str, int], book: Codebook) -> None:
    assert dict(answered(text, book).units) == units


def test_a_visit_after_the_discharge_is_no_day_of_the_stay(book: Codebook) -> None:
    answer = answered("Discharged Monday, called Wednesday, seen on day 6, high complexity. Which transition code?", book)
    assert "99496" in answer.report
    assert "99233" not in answer.report


def test_minutes_of_two_practitioners_are_added_and_the_longer_one_bills(book: Codebook) -> None:
    text = "Subsequent hospital visit on the ward: our PA 15 minutes and the attending physician 22 minutes, by time. Code?"
    answer = answered(text, book)
    assert {"99232", "-FS"} <= set(answer.report)
    assert any("The physician had more than half" in statement.text for statement in answer.statements)


def test_each_specimen_has_a_first_frozen_block(book: Codebook) -> None:
    text = "frozen sections on three specimens, two blocks each. How many of each code?"
    assert dict(answered(text, book).units) == {"88331": 3, "88332": 3}


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Frozen sections: 2 blocks from margin A and 1 from B", {"88331": 2, "88332": 1}),
        ("Frozen section, specimen A two blocks and specimen B one block. Units?", {"88331": 2, "88332": 1}),
        ("Three colon polyps and two stomach biopsies, separate jars, pathology", {"88305": 5}),
        ("CK7, CK20 and TTF-1 immunostains on one block", {"88342": 1, "88341": 2}),
        ("Basic radiation dose calculation for four fields", {"77300": 4}),
    ],
)
def test_what_is_told_of_each_piece_is_added_up(text: str, units: dict[str, int], book: Codebook) -> None:
    assert dict(answered(text, book).units) == units


def test_germ_stains_count_for_each_specimen(book: Codebook) -> None:
    text = "Two lung biopsies, the pathologist did a GMS and an AFB stain on each of them. Units of the stains?"
    assert answered(text, book).units["88312"] == 4


def test_a_push_again_within_half_an_hour_is_not_counted(book: Codebook) -> None:
    soon = answered("ED: Zofran pushed IV, same drug again 25 minutes later, hospital billing", book)
    later = answered("ED: Zofran pushed IV, same drug again 45 minutes later, hospital billing", book)
    assert "96376" not in soon.report
    assert "96376" in later.report


def test_a_waived_test_takes_qw(book: Codebook) -> None:
    assert "-QW" in answered("Rapid strep test in our office, we have a certificate of waiver, Medicare. Code?", book).report
    assert "-QW" not in answered("Rapid strep test in our office. Code?", book).report


def test_nobody_counselled_is_not_one_of_several(book: Codebook) -> None:
    answer = answered("11 year old, nurse-only visit without any counseling: HPV and Tdap shots, what admin codes?", book)
    assert answer.units["90471"] == answer.units["90472"] == 1
    assert "90460" not in answer.report


def test_each_specimen_has_a_jar_of_its_own(book: Codebook) -> None:
    assert answered("Pathology: gallbladder and appendix, each in its own container. Levels?", book).units["88304"] == 2


def test_shots_that_are_announced_and_named_count_once(book: Codebook) -> None:
    answer = answered("Two IM shots, ketorolac and ondansetron, given by the nurse. Units of the injection code?", book)
    assert answer.units["96372"] == 2


def test_a_drug_of_the_patient_is_not_billed(book: Codebook) -> None:
    answer = answered("The patient brought her own vitamin B12 from the pharmacy and our nurse injected it. Bill the drug?", book)
    assert "96372" in answer.report
    assert "J3420" not in answer.report


def test_a_patient_who_came_for_the_procedure_alone_has_no_visit(book: Codebook) -> None:
    text = "She came in only for a scheduled freezing of 3 plantar warts, nothing else. Is a level 2 visit with 25 right?"
    answer = answered(text, book)
    assert "17110" in answer.report
    assert not {"99212", "-25"} & set(answer.report)


@pytest.mark.parametrize(
    ("text", "report", "refused"),
    [
        ("Medicare. In obs at 9a, discharged 3p, moderate decision making. Code for the hospitalist?", "99222", "99235"),
        ("He signed out AMA after the morning rounds, no discharge work done. Is 99238 billable?", "99232", "99238"),
    ],
)
def test_the_clock_and_the_story_outweigh_a_code_that_is_asked_about(
    text: str, report: str, refused: str, book: Codebook
) -> None:
    told = answered(text, book)
    assert report in told.report
    assert refused not in told.report


def test_stains_told_of_so_many_blocks_each_are_added_up(book: Codebook) -> None:
    told = answered("Lung biopsy: GMS on 3 blocks and AFB on 2 blocks. How many units of 88312?", book)
    assert told.units["88312"] == 5


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "Right shoulder cuff sewn by scope 3 weeks after left knee replacement, same surgeon, denied, I used 58",
            {"29827": ("-RT", "-79")},
        ),
        (
            "She signed an ABN, 14 months since the last. Which modifier on G0101 and Q0091?",
            {"G0101": ("-GA",), "Q0091": ("-GA",)},
        ),
        (
            "ER doc, moderate MDM for the asthma, then she arrested and got 45 min critical care from him. One or both?",
            {"99284": ()},
        ),
    ],
)
def test_each_line_bears_what_is_its_own(text: str, lines: dict[str, tuple[str, ...]], book: Codebook) -> None:
    found = {line.code: line.modifiers for line in answered(text, book).lines}
    assert {code: found.get(code) for code in lines} == lines


@pytest.mark.parametrize(
    ("text", "is_line"),
    [
        ("Shared visit in our private office (pos 11), PA and MD. Does FS go on it?", False),
        ("Private office visit by the PA, place of service 11 or 22?", True),
    ],
)
def test_a_place_that_is_only_told_is_no_line(text: str, is_line: bool, book: Codebook) -> None:
    assert any(code.startswith("POS-") for code in answered(text, book).report) is is_line


def test_a_stain_on_one_of_several_specimens_counts_once(book: Codebook) -> None:
    letter = "Two skin biopsies read, and a fungus stain (PAS) on only the elbow one. Pathology codes and units?"
    found = classifier.classify(question.read(letter, today=date(2026, 11, 26)), book, date(2026, 11, 26))
    units = advice.advise(found, book).units
    assert (units["88305"], units["88312"]) == (2, 1)


def test_blocks_told_one_specimen_after_the_other_are_added_up(book: Codebook) -> None:
    text = "Frozens in the OR: three tissue blocks from the first node and one block from the second. Four first ones?"
    assert answered(text, book).units == {"88331": 2, "88332": 2}


def test_a_modifier_may_tell_of_what_is_long_gone(book: Codebook) -> None:
    text = "Foot partly amputated years ago for bad circulation, today her nails are trimmed. Which Q modifier?"
    assert "-Q7" in answered(text, book).report


def test_the_same_antibody_on_more_blocks_of_one_specimen_is_one_unit(book: Codebook) -> None:
    answer = answered("Lymph node in three blocks, CD45 stained on all three blocks. Units of 88342 and 88341?", book)
    assert dict(answer.units) == {"88342": 1}
    assert "88341" not in answer.report


def test_germ_stains_count_for_each_lesion_that_was_biopsied(book: Codebook) -> None:
    letter = "Pathologist read two skin lesions biopsied for infection, on each one a PAS for fungus and a Gram. What to bill?"
    assert answered(letter, book).units["88312"] == 4
