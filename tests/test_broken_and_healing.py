"""Open breaks, breaks some weeks old, sore places, pictures that found nothing: what is a diagnosis, with which last letter."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("Open displaced fracture of the left lateral malleolus, first ED visit. Dx code?", ["S82.62XB"]),
        ("Displaced fracture of the left lateral malleolus, open reduction today. Dx code?", ["S82.62XA"]),
        ("Open nondisplaced fracture of the neck of the right radius, type IIIA, initial. ICD-10?", ["S52.134C"]),
        ("Compound fracture of the right great toe, distal phalanx, ED. Dx code?", ["S92.421B"]),
        ("Right radial styloid fracture four weeks ago, routine healing. Dx?", ["S52.511D"]),
        ("Patient had an open right radial styloid fracture four weeks ago, routine healing. Dx?", ["S52.511E"]),
        ("Ankle sprain eight days ago, still sore. Dx?", ["S93.409A"]),
        ("Right radial styloid fracture, we do his PT at home. Dx?", ["S52.511D"]),
        ("Right radial styloid fracture in the ED, sent home with home health ordered. Dx?", ["S52.511A"]),
        ("Aphasia left from an old stroke, and today a right radial styloid fracture. Dx codes?", ["I69.320", "S52.511A"]),
        ("Chest x-ray negative, cough. Dx code?", ["R05.9"]),
        ("Abnormal chest x-ray, no symptoms. Dx code?", ["R91.8"]),
        ("Fifth disease in a child. ICD-10?", ["B08.3"]),
        ("Fifth metatarsal fracture of the right foot, not displaced, first visit. dx?", ["S92.354A"]),
        ("Fractured right medial malleolus. It is not displaced. Initial. ICD-10?", ["S82.54XA"]),
        ("Left radial styloid broken, the film shows no displacement. Healing. Dx?", ["S52.515D"]),
        ("Displaced fracture of the right medial malleolus, initial. ICD-10?", ["S82.51XA"]),
    ],
)
def test_the_letter_ends_with_the_right_diagnosis(text: str, report: list[str], book: Codebook) -> None:
    assert list(answered(text, book).report) == report


def test_what_relates_two_words_keeps_its_place(book: Codebook) -> None:
    """ "Contrast after a crash" is nothing that was scanned after contrast."""
    told = answered("Chest CT with contrast and CT abdomen with contrast after a crash. Codes?", book)
    assert set(told.report) == {"71260", "74160"}


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Medicare patient, one 10 cc vial of antigen made, 40 weekly shots planned. How many units of 95165?", {"95165": 10}),
        ("Two 5 cc vials of antigen for a Medicare patient, units of 95165?", {"95165": 10}),
    ],
)
def test_vials_are_no_ten_of_ten(text: str, units: dict[str, int], book: Codebook) -> None:
    answer = answered(text, book)
    assert answer.units == units
    assert "-JZ" not in answer.report
