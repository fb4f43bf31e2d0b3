"""Whose work a letter asks for, which of two codes it asks between, and what the crew of an ambulance is not ill with."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered

LETTERS = [
    ("Lap chole with cholangiogram, radiologist read it. What codes for the surgeon?", {"47563"}, {"47563-26", "-26"}),
    (
        "Radiologist did the ultrasound guided breast biopsy then the surgeon did the lumpectomy. Surgeon's code please.",
        {"19301"},
        {"19083"},
    ),
    ("What diagnosis for a patient with chest pain, ALS assessment by medics?", {"R07.9"}, {"G12.21"}),
    ("He has ALS and went by ambulance, BLS transport. Diagnosis code?", {"G12.21"}, set()),
    ("Thyroid ultrasound and the next day a thyroid uptake and scan. Codes please?", {"76536", "78014"}, set()),
    ("Selectively debrided the ulcer of the left leg, unna boot put on the same leg. Both?", {"97597"}, {"29580"}),
    (
        "Flexible esophagoscopy, esophageal stricture stretched with a 15 mm balloon, stomach not entered.",
        {"43220"},
        {"43249"},
    ),
    ("CoCM, first month, Medicare, our BH care manager only got to 33 min. Code?", {"G2214"}, {"99484"}),
    ("Bankart repair through the scope, cuff intact. Surgeon also put 29827. OK?", {"29806"}, {"29827"}),
    ("She has an indwelling foley and a UTI due to the catheter. N39.0 first?", {"T83.511A", "N39.0"}, set()),
    ("HBAI assessment by our psychologist for chronic low back pain, medical dx", {"96156"}, {"G89.29"}),
    ("AML in remission, is it still active or history? icd", {"C92.01"}, {"Z85.6"}),
    ("Surveillance colonoscopy after colon cancer resected, no recurrence. Codes?", {"Z08", "Z85.038"}, {"C18.9"}),
    ("C50 or Z85.3 for a lady who had breast cancer?", set(), {"C50.919", "Z85.3"}),
    ("Lady with breast cancer, lumpectomy last year, still on anastrozole. Do I use C50.911 or Z85.3?", {"C50.911"}, {"Z85.3"}),
    ("C61 or Z85.46, prostatectomy for prostate cancer years ago, no treatment now?", {"Z85.46"}, {"C61"}),
    ("History of breast cancer, mastectomy done, currently on chemo. Active or history code?", set(), {"Z85.3"}),
    ("Man with prostate cancer gets Eligard every three months. Current or history, which dx?", {"C61"}, {"Z85.46"}),
    ("Heartburn after every meal. Dx code?", {"R12"}, set()),
    (
        "Neurosurgeon did the laminectomy, our ortho the posterolateral fusion of L4-5 with screws. What does our ortho bill?",
        {"22612", "22840"},
        {"63047"},
    ),
    ("ED: fishhook in the thumb, pushed through and backed out, no cut. Low MDM. What do we code?", {"99283"}, {"10120"}),
    ("Cancer of the bladder, still on weekly BCG instillations. Active or history code?", {"C67.9"}, {"Z85.51"}),
    ("Old MI in 2018, NSTEMI. Now here for unstable angina. dx?", {"I25.2", "I20.0"}, {"I21.4"}),
]


@pytest.mark.parametrize(("text", "codes", "not_codes"), LETTERS, ids=[text for text, _, _ in LETTERS])
def test_only_what_is_asked_for_is_reported(text: str, codes: set[str], not_codes: set[str], book: Codebook) -> None:
    told = answered(text, book)
    assert codes <= {*told.report}, told.verdict
    assert not not_codes & {*told.report}, told.verdict


def test_a_reading_alone_keeps_its_modifier(book: Codebook) -> None:
    told = answered("Our doctor only read the chest x-ray, 2 views, hospital's machine. CPT and modifier?", book)
    assert [(line.code, line.modifiers) for line in told.lines] == [("71046", ("-26",))]


def test_what_the_colleague_did_not_do_denies_nothing_of_his_own_work(book: Codebook) -> None:
    letter = "ED doc reduced the shoulder, his colleague who was not doing the reduction ran the moderate sedation for 20 minutes"
    answer = answered(letter, book)
    assert {"23650", "99156"} <= set(answer.report)
    assert "99152" not in answer.report
