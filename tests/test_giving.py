"""Vaccines given together, and a visit beside a small procedure: the lines, units and modifiers that belong to the whole day."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.vocabulary import Answer

TODAY = date(2026, 11, 22)


def advise(text: str, book: Codebook) -> Answer:
    return advice.advise(classifier.classify(question.read(text, today=TODAY), book, TODAY), book)


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        (
            "Pediatrician counseled mom at the two month visit; baby got Vaxelis, Rotarix and Prevnar 20. Administration codes?",
            {"90460": 3, "90461": 5},
        ),
        (
            "14 year old, two shots. The doctor counseled on the HPV vaccine, nobody talked about the flu shot. Admin codes?",
            {"90460": 1, "90472": 1},
        ),
        ("Well check at 4 months, doctor counseled: Pediarix, Prevnar and rotavirus. Admin codes?", {"90460": 3, "90461": 4}),
        ("Varicella, MMR and hepatitis A for a 1 year old, nobody counseled. Codes?", {"90471": 1, "90472": 2}),
        ("Toddler, missed DTaP and a flu shot by the nurse, counseling was at the last visit. Admin?", {"90471": 1, "90472": 1}),
        ("MMR injection and FluMist for a 6 year old, no counseling by the doctor. Admin?", {"90471": 1, "90474": 1}),
        ("Boostrix and Gardasil for a 25 year old, commercial, administration codes?", {"90471": 1, "90472": 1}),
        ("Medicare patient got Fluad and Capvaxive at one visit, how do we bill it?", {"G0008": 1, "G0009": 1}),
        ("Medicare patient got Fluad and Comirnaty at one visit, how do we bill it?", {"G0008": 1, "90480": 1}),
        ("Proquad and Flumist for a 5 year old, nurse only, commercial: administration?", {"90471": 1, "90474": 1}),
        ("Commercial, 24 y/o: nurse gave Gardasil, not Boostrix. Admin codes?", {"90471": 1}),
    ],
)
def test_each_vaccine_of_the_day_is_given_once(letter: str, units: dict[str, int], book: Codebook) -> None:
    answer = advise(letter, book)
    giving = {"90460", "90461", "90471", "90472", "90473", "90474", "90480", "G0008", "G0009", "G0010"}
    assert {code: n for code, n in answer.units.items() if code in giving} == units
    assert giving & set(answer.report) == set(units)


def test_counselling_of_a_grown_up_earns_no_component_codes(book: Codebook) -> None:
    answer = advise("The doctor counseled a 22 year old with Cigna and gave Menveo. Administration code?", book)
    assert "90471" in answer.report
    assert not {"90460", "90461"} & set(answer.report)


def test_who_asks_for_the_product_gets_no_giving_code(book: Codebook) -> None:
    assert advise("Product code for Boostrix, 35 year old?", book).report == ("90715",)


def test_a_visit_beside_a_small_procedure_carries_25(book: Codebook) -> None:
    answer = advise("Moderate MDM visit, established patient, and we also destroyed 4 warts. Codes?", book)
    assert next(line for line in answer.lines if line.code == "99214").modifiers == ("-25",)


def test_a_problem_visit_beside_a_check_up_carries_25(book: Codebook) -> None:
    answer = advise("99396 and 99213 on one day for one patient, how do we bill?", book)
    assert next(line for line in answer.lines if line.code == "99213").modifiers == ("-25",)
    assert next(line for line in answer.lines if line.code == "99396").modifiers == ()


def test_a_visit_only_for_the_procedure_has_no_25(book: Codebook) -> None:
    assert "-25" not in advise("She came only for the knee injection, 20610 and 99213?", book).report


@pytest.mark.parametrize(
    ("letter", "code", "units", "sign"),
    [
        ("Medicare: we gave 75 mg of Solu-Medrol out of a 125 mg single-dose vial and threw the rest away", "J2919", 15, "-JW"),
        ("Medicare: three vials of Venofer 100 mg each went in, nothing was discarded", "J1756", 300, "-JZ"),
        ("Medicare, INFeD 100 mg single-dose vial, the whole vial was given", "J1750", 2, "-JZ"),
        ("Botox 100 units vial, 75 used, 25 wasted, Medicare", "J0585", 75, "-JW"),
        ("200-unit vial of Botox opened, 155 injected, 45 discarded. Medicare", "J0585", 155, "-JW"),
        ("Dysport 500 unit vial, 300 units given, rest tossed, Medicare", "J0586", 60, "-JW"),
        ("Keytruda 200 mg from two 100 mg vials, nothing left, Medicare", "J9271", 200, "-JZ"),
        ("Xolair 150 mg vials x 3, 375 given, 75 wasted, Medicare", "J2357", 75, "-JW"),
        ("Rituxan: one 500 mg vial and two 100 mg vials, gave 680 mg, discarded 20 mg. Medicare", "J9312", 68, "-JW"),
    ],
)
def test_a_vial_of_a_drug_that_is_named_by_word(letter: str, code: str, units: int, sign: str, book: Codebook) -> None:
    answer = advise(letter, book)
    assert answer.units[code] == units
    assert sign in answer.report
    assert {"-JW", "-JZ"} & set(answer.report) == {sign}


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Toradol 60mg IM today", {"J1885": 4}),
        ("Rocephin 1gm IM", {"J0696": 4}),
        ("Bicillin L-A 1.2 million units IM", {"J0561": 12}),
        ("Botox 155u for chronic migraine", {"J0585": 155}),
        ("Penicillin G potassium 3 million units IV", {"J2540": 5}),
        ("Decadron 8 mg IV push then Zofran 4 mg IV push", {"J1100": 8, "J2405": 4}),
    ],
)
def test_a_dose_makes_units_however_it_is_written(letter: str, units: dict[str, int], book: Codebook) -> None:
    answer = advise(letter, book)
    assert {code: answer.units.get(code) for code in units} == units


def test_drugs_mixed_in_one_bag_are_one_giving(book: Codebook) -> None:
    answer = advise("Decadron and Zofran in one bag 1:05-1:20. How do we bill the pushes?", book)
    assert {code: n for code, n in answer.units.items() if code.startswith("963")} == {"96374": 1}


def test_what_is_thrown_away_has_a_line_of_its_own(book: Codebook) -> None:
    letter = "Medicare: 380 mg of brand infliximab infused, 20 mg of the last single-dose vial thrown away. Units and modifiers?"
    answer = advise(letter, book)
    assert [(line.code, line.modifiers, line.units) for line in answer.lines] == [("J1745", (), 38), ("J1745", ("-JW",), 2)]
    assert answer.verdict.startswith("Report J1745 × 38 and J1745-JW × 2")
    assert answer.units == {"J1745": 38}
    assert any(statement.text.startswith("Modifier JW: ") for statement in answer.statements)


def test_a_rest_that_is_less_than_a_unit_has_no_line(book: Codebook) -> None:
    answer = advise("Medicare: 396 mg of brand infliximab given from four 100 mg single-dose vials, 4 mg thrown away", book)
    assert [(line.code, line.modifiers, line.units) for line in answer.lines] == [("J1745", ("-JZ",), 40)]


def test_the_rest_of_a_multi_dose_vial_has_no_modifier(book: Codebook) -> None:
    answer = advise("Medicare: 300 mg of trastuzumab out of a 420 mg multi-dose vial, the rest was discarded", book)
    assert not {"-JW", "-JZ"} & set(answer.report)


def test_three_drugs_pushed_are_one_first_and_two_further_pushes(book: Codebook) -> None:
    answer = advise("ER gave IV push Toradol, IV push Reglan and IV push Benadryl. What do we bill for giving them?", book)
    assert {"96374", "96375"} <= set(answer.report)
    assert answer.units["96375"] == 2


def test_over_an_hour_of_a_drip_is_how_long_it_ran(book: Codebook) -> None:
    answer = advise("Vancomycin infused over 90 minutes, only drug, administration?", book)
    assert "96365" in answer.report
    assert "96366" not in answer.report


def test_the_vaccine_without_counselling_is_a_further_one_beside_the_counselled(book: Codebook) -> None:
    letter = "Pediatrician counseled for Proquad; the Kinrix was given by the nurse without counseling. 4 years old. Admin codes?"
    answer = advise(letter, book)
    assert {code: answer.units[code] for code in ("90460", "90461", "90472")} == {"90460": 1, "90461": 3, "90472": 1}
    assert "90471" not in answer.report


def test_a_disease_is_not_its_vaccine(book: Codebook) -> None:
    assert "90750" not in advise("Established patient came for shingles, 99213, what do we bill?", book).report


def test_a_check_up_told_in_short_is_a_childs_visit(book: Codebook) -> None:
    answer = advise("12 month WCC: MMR, varicella, hep A, counseled by NP. What administration codes?", book)
    assert {code: answer.units[code] for code in ("90460", "90461")} == {"90460": 3, "90461": 2}


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("Zosyn over 3 hours concurrent with vancomycin over 2 hours", {"96365": 1, "96366": 2, "96368": 1}),
        ("IVIG over 5 hours, admin codes?", {"96365": 1, "96366": 4}),
        ("Remicade, start 9:05 stop 11:20", {"96413": 1, "96415": 1}),
        ("Pemetrexed drip 20 minutes then carboplatin drip 45 minutes. Which one goes first?", {"96413": 1, "96417": 1}),
    ],
)
def test_how_drugs_ran_is_read_in_the_words_of_the_chart(letter: str, units: dict[str, int], book: Codebook) -> None:
    assert advise(letter, book).units == units


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("MMR and varicella given to a 4 year old, counseling by NP. Codes?", {"90460": 2, "90461": 2}),
        ("Counseling by the nurse for an MMR shot in a 4 year old", {"90471": 1}),
        ("Two year old, nurse counseled mom and gave hep A and flu, no doctor seen", {"90471": 1, "90472": 1}),
        ("9 month shots with counselling by the provider: hep B and flu", {"90460": 2}),
        ("5 yr old boy, Kinrix and ProQuad given, the PA went over the risks with mom", {"90460": 2, "90461": 6}),
        ("Adult 45 got Tdap and flu, private insurance", {"90471": 1, "90472": 1}),
    ],
)
def test_counselling_counts_by_whoever_is_qualified(letter: str, units: dict[str, int], book: Codebook) -> None:
    giving = {"90460", "90461", "90471", "90472"}
    assert {code: n for code, n in advise(letter, book).units.items() if code in giving} == units


@pytest.mark.parametrize(
    ("letter", "units"),
    [
        ("half a gram of ceftriaxone IM", 2),
        ("1/4 gram of Rocephin IM", 1),
        ("ceftriaxone, one and a half grams IM", 6),
        ("a gram of ceftriaxone IV push", 4),
        ("ceftriaxone IM 2 g", 8),
    ],
)
def test_grams_are_read_with_their_fractions(letter: str, units: int, book: Codebook) -> None:
    assert advise(letter, book).units["J0696"] == units
