"""Where a trip began and ended, which regions of a spine were adjusted, and shares: what is read without lists of phrases."""

from __future__ import annotations

import pytest

from consultant import question
from consultant.codebook import Codebook, table
from consultant.question import trips
from consultant.vocabulary import ClaimLine, dump, load
from tests.asking import answered


def told(text: str, dimension: str) -> list[float | str]:
    return [fact.value for fact in question.read(text).facts if fact.dimension == dimension]


@pytest.mark.parametrize(
    ("text", "origin", "destination"),
    [
        ("BLS took her from the nursing home to the dialysis center", "skilled nursing", "dialysis centre"),
        ("Ambulance: picked up at his daughter's apartment, dropped off at the ER", "home", "hospital"),
        ("Stretcher van no, ambulance yes: hospital back to assisted living", "hospital", "custodial home"),
        ("ALS crew called to a fall at her group home, took her to the emergency room", "custodial home", "hospital"),
        ("BLS return trip from dialysis at the hospital to his house", "hospital dialysis", "home"),
        ("Ambulance from the hospital to the helipad", "hospital", "transfer point"),
        ("911 at a restaurant, ALS brought him to the nearest hospital", "scene", "hospital"),
        ("Gurney from the SNF to her cardiologist's office by our crew", "skilled nursing", "office"),
        ("Ambulance from home to a free-standing imaging center", "home", "test place"),
    ],
)
def test_a_trip_has_an_origin_and_a_destination(text: str, origin: str, destination: str) -> None:
    assert (told(text, "origin"), told(text, "destination")) == ([origin], [destination])


def test_the_places_that_are_read_are_those_of_the_table() -> None:
    assert {kind for kind, _ in trips.PLACES} == {*table.PLACES}


def test_who_drives_nobody_makes_no_trip() -> None:
    assert told("She went from the nursing home to the hospital by herself", "origin") == []


def test_the_two_letters_of_the_claim_follow(book: Codebook) -> None:
    text = "Planned BLS run, from her residence to the freestanding dialysis clinic. Which modifier on A0428?"
    assert "-RJ" in answered(text, book).report


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("DC adjusted lumbar, sacral and the SI joint", [3]),
        ("neck and mid back CMT", [2]),
        ("the chiropractor adjusted C, T and L", [3]),
        ("98941 for four regions", [4]),
        ("she has neck and low back pain; the DC adjusted the neck", [1]),
        ("physical therapy of neck and low back", []),
        ("man with nothing acute comes to the chiropractor for upkeep, neck and low back adjusted", [2]),
    ],
)
def test_the_regions_that_were_adjusted_are_counted(text: str, regions: list[float]) -> None:
    assert told(text, "regions") == regions


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("DC adjusted the neck and did myofascial release on the neck", ["adjusted"]),
        ("Manual therapy to the low back, then he adjusted the low back", ["adjusted"]),
        ("adjusted cervical and thoracic, 97140 to the lumbar area", ["other"]),
        ("CMT to C and T spine, massage of the mid back", ["adjusted"]),
        ("adjusted the low back. Manual therapy on the neck, which he can't adjust", ["other"]),
        ("adjusted the neck, massage of the neck and the low back", []),
        ("adjusted the neck, 97140 fifteen minutes", []),
        ("physical therapist, manual therapy of the neck", []),
    ],
)
def test_hands_on_therapy_is_of_an_adjusted_region_or_of_another(text: str, places: list[str]) -> None:
    assert told(text, "therapy_region") == places


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "Chiro, BCBS: adjusted neck and mid back, manual therapy on the low back 15 minutes. Both?",
            {"98940": (), "97140": ("-59",)},
        ),
        ("Chiro, Cigna: manual therapy of the neck 15 minutes and he adjusted the neck. Both?", {"98940": ()}),
        (
            "Trigger point work on the neck 15 minutes, adjusted sacrum and pelvis. Chiropractor, Aetna",
            {"98940": (), "97140": ("-59",)},
        ),
    ],
)
def test_the_region_decides_whether_therapy_stands_beside_an_adjustment(
    text: str, lines: dict[str, tuple[str, ...]], book: Codebook
) -> None:
    assert {line.code: line.modifiers for line in answered(text, book).lines} == lines


@pytest.mark.parametrize(
    ("text", "shares"),
    [("URR came back 67.4 percent", [67.4]), ("the last URR was 72", [72]), ("30% of the face", [30]), ("1,072 visits", [])],
)
def test_shares_are_read(text: str, shares: list[float]) -> None:
    assert told(text, "percent") == shares


@pytest.mark.parametrize(("share", "sign"), [("58", "-G1"), ("64.9", "-G2"), ("66", "-G3"), ("70 %", "-G4"), ("81", "-G5")])
def test_the_share_chooses_the_modifier(share: str, sign: str, book: Codebook) -> None:
    assert answered(f"ESRD facility, the last URR was {share}. Which G modifier on the dialysis line?", book).report[-1] == sign


@pytest.mark.parametrize(("miles", "units"), [("12.34", 12.4), ("9.6", 9.6), ("8", 8), ("112.3", 113)])
def test_miles_are_rounded_up_to_the_tenth_and_from_a_hundred_on_to_the_mile(miles: str, units: float, book: Codebook) -> None:
    answer = answered(f"BLS ambulance, odometer shows {miles} loaded miles. Units of A0425 for Medicare?", book)
    assert answer.units["A0425"] == units
    assert f"A0425 × {units:g}" in answer.verdict


@pytest.mark.parametrize(("units", "shown"), [(1, "1"), (12.4, "12.4")])
def test_whole_units_are_kept_whole(units: float, shown: str) -> None:
    assert str(load(ClaimLine, dump(ClaimLine("A0425", units=units))).units) == shown


def test_days_out_of_thirty_are_those_that_count() -> None:
    assert told("the cuff sent readings on 10 of 30 days", "days") == [10]
    assert told("the visit at home on day 6", "days") == [6]


@pytest.mark.parametrize(
    ("text", "report", "units"),
    [
        ("Took her to dialysis and back, BLS non emergency, from the nursing home. How do we bill?", {"A0428"}, {"A0428": 2}),
        (
            "Ambulance drove her from assisted living to the hospital dialysis unit and brought her back. Letters?",
            {"-EG", "-GE"},
            {},
        ),
        ("Stretcher transport SNF to a wound center and back, BLS. Modifiers?", {"-ND", "-DN"}, {}),
        ("BLS, non emergency, home to dialysis and back, 8 miles each way. Codes and miles?", {"A0425"}, {"A0425": 16}),
    ],
)
def test_there_and_back_are_two_trips(text: str, report: set[str], units: dict[str, float], book: Codebook) -> None:
    answer = answered(text, book)
    assert report <= {*answer.report}
    assert units.items() <= answer.units.items()


def test_one_way_is_one_trip(book: Codebook) -> None:
    assert answered("Hospital back to assisted living by ambulance, which letters?", book).report == ("-HE",)
    fetched = "Stretcher patient picked up at the hospital and brought back to her nursing home. Which two letters?"
    assert answered(fetched, book).report == ("-HN",)


@pytest.mark.parametrize(
    ("text", "origin", "destination"),
    [
        ("Resident ended her Part A stay and went home by BLS ambulance.", "skilled nursing", "home"),
        ("SNF resident taken by ambulance to the dialysis center.", "skilled nursing", "dialysis centre"),
        ("Our crew was called for a nursing home resident and drove to the ER.", "skilled nursing", "hospital"),
        ("SNF patient picked up at the hospital by stretcher and brought to the nursing home.", "hospital", "skilled nursing"),
    ],
)
def test_who_lives_in_a_facility_starts_there(text: str, origin: str, destination: str) -> None:
    assert told(text, "origin") == [origin]
    assert told(text, "destination") == [destination]


@pytest.mark.parametrize("way", ["after it back home", "afterwards back home", "later back home"])
def test_the_way_back_after_what_it_was_for_is_a_second_trip(way: str, book: Codebook) -> None:
    answer = answered(f"BLS non-emergency, stretcher, from home to the hospital for a scan and {way}. Modifiers?", book)
    assert {"-RH", "-HR"} <= set(answer.report)
    assert answer.units["A0428"] == 2
