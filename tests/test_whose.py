"""What somebody else did or reported, so that it is no line of the one who asks."""

from __future__ import annotations

import pytest

from consultant.classifier.belonging.whose import elsewhere, handed_on, of_others
from consultant.codebook import Codebook
from tests.asking import answered


def told(whole: str) -> list[str]:
    return [whole[start:end] for start, end in of_others(whole)]


@pytest.mark.parametrize("text", ["Mole cut out. Path: benign.", "We wait, pathology isn't back.", "Path came back clean."])
def test_a_report_that_is_only_told_is_somebody_elses(text: str) -> None:
    assert [word.lower() for word in told(text)] in (["path"], ["pathology"])


def test_specimens_behind_a_colon_are_the_pathologists_own() -> None:
    assert told("Path: two jars of colon polyps, one code or two?") == []


def test_what_others_did_is_theirs_where_the_year_is_told_too() -> None:
    letter = "Knee scope today. Another surgeon did his hip in 2019. Somebody else saw him at noon. Codes?"
    assert [letter[start:end].strip() for start, end in elsewhere(letter)] == ["Another surgeon did his hip in 2019."]


def test_the_emergency_room_of_another_town_is_none_of_ours(book: Codebook) -> None:
    letter = "ED in the next town splinted her wrist. Our office saw her after, established visit, level 3. Code?"
    assert answered(letter, book).report == ("99213",)
    assert "99283" in answered("She came to our ER from the next town, low decision making, sent home. Code?", book).report


def test_the_disease_that_a_report_names_is_coded(book: Codebook) -> None:
    letter = "Diagnosis codes: screening colonoscopy, polyp in the sigmoid colon, path came back tubular adenoma."
    assert {"Z12.11", "D12.5"} <= {*answered(letter, book).report}


@pytest.mark.parametrize(
    "letter",
    [
        "Laminectomy and a synovial cyst of the L4-5 facet cut out, sent to path. Code?",
        "Lipoma of the shoulder cut out, 4 cm, under the fascia, sent to pathology",
        "Open cholecystostomy with a drain, and she snipped a bit of gallbladder wall for the pathologist. Can that be billed?",
    ],
)
def test_a_piece_that_a_surgeon_sends_to_the_pathologist_is_none_of_his_lines(letter: str, book: Codebook) -> None:
    report = answered(letter, book).report
    assert report
    assert not any(code.startswith("88") for code in report)


@pytest.mark.parametrize(
    "letter",
    [
        "Placenta, third trimester, to pathology",
        "POC taken out and sent to path, which level?",
        "Breast cut off, came to pathology",
    ],
)
def test_the_desk_of_the_pathologist_keeps_its_pieces(letter: str) -> None:
    assert handed_on(letter) == []
