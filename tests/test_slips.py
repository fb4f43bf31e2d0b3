"""Slips of the pen: two neighbouring letters changed places. The word that is meant is read, the one that was written is kept."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook
from consultant.question.slips import read_slips
from consultant.vocabulary import SLIP
from tests.asking import TODAY, answered


def meant(text: str) -> list[tuple[str, str]]:
    return [(fact.span.text, str(fact.value)) for fact in read_slips(text)]


def test_a_slip_is_read_as_the_word_that_is_meant() -> None:
    assert meant("Notihng else, MEDICRAE, a seaprate prdouct") == [
        ("Notihng", "Nothing"),
        ("MEDICRAE", "MEDICARE"),
        ("seaprate", "separate"),
        ("prdouct", "product"),
    ]


def test_words_that_are_spelled_right_are_left_alone(book: Codebook) -> None:
    assert meant("Causal, marital, expect and except, form and from; Zestril, phacoemulsification, Dr. Martian") == []
    for _, _, text in list(book.examples())[::10]:
        assert all(text.count(slip) == 1 for slip, _ in meant(text)), text


def test_what_was_written_is_kept_and_what_was_meant_stands_in_its_place() -> None:
    asked = question.read("Mediacre denied the bilatreal prcoedure, 45 mintues", "prcoedure 64483", today=TODAY)
    assert asked.text == "Mediacre denied the bilatreal prcoedure, 45 mintues"
    assert asked.meant.text == "Medicare denied the bilateral procedure, 45 minutes"
    assert asked.meant.subject == "procedure 64483"
    assert asked.payer == "medicare"
    [minutes] = [fact for fact in asked.facts if fact.dimension == "minutes"]
    assert (minutes.value, minutes.span.text) == (45, "45 mintues")
    assert question.veiled(asked).meant == asked.meant


def test_a_slip_inside_of_a_patients_name_is_masked_with_it() -> None:
    asked = question.read("Patient: Mary Mintues, DOB 02/03/1950, 45 mintues of critical care", today=TODAY)
    veiled = question.veiled(asked)
    assert "Mintues" not in veiled.text
    assert "Minutes" not in veiled.meant.text
    assert [fact.value for fact in veiled.facts if fact.dimension == SLIP] == ["minutes"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Two meattarsals broken, boot only, do I bill one or two?", {"28470"}),
        ("Urologist lanced a scortal absecss in the office. I was going with 10060, right or wrong?", {"55100"}),
        ("Le Fort II fracture, arch bars only, notihng opened", {"21345"}),
        (
            "Portalbe chest at six by Dr. A, later that day another one interpreted by a differnet radiologist. Second line?",
            {"71045", "-77"},
        ),
    ],
)
def test_a_letter_with_slips_has_the_codes_of_one_without(text: str, codes: set[str], book: Codebook) -> None:
    assert codes <= set(answered(text, book).report)


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("Scratched cornea, left eye, OD put a soft lens on it", 1),
        ("Foreign body of the left cornea, our OD flicked it off", 1),
        ("Two ODs of the practice, and the OD bills the visit", 1),
        ("Which modifier does the OD put on the aftercare", 0),
        ("Cataract with IOL OD, 6/3. Then OS 6/24 by the same doctor", 0),
        ("Something got in the OD while mowing", 0),
        ("Came in after an OD of heroin, narcan given", 0),
        ("Two metallic bodies OD removed at the slit lamp", 0),
    ],
)
def test_an_optometrist_is_told_from_the_right_eye(text: str, persons: int) -> None:
    assert meant(text) == [("OD", "Dr")] * persons


def test_the_eye_an_optometrist_treats_is_the_one_that_is_named(book: Codebook) -> None:
    lens = answered("Scratched cornea, left eye, OD put a soft lens on it as a bandage so it heals. Which fitting code?", book)
    assert set(lens.report) == {"92071", "-LT"}
    speck = answered("Metal speck on the left cornea, the OD took it off at the slit lamp.", book)
    assert set(speck.report) == {"65222", "-LT"}
