"""A condition at its places, and the wish for a diagnosis at either end of a letter."""

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Pain in the right shoulder and left hip, dx?", {"M25.511", "M25.552"}),
        ("contusion left knee and right elbow, initial, dx codes", {"S80.02XA", "S50.01XA"}),
        ("abscess of right axilla and left groin dx", {"L02.411", "L02.214"}),
        ("pain in right knee, left knee and right ankle, dx codes", {"M25.561", "M25.562", "M25.571"}),
        ("sprain of right wrist and left ankle, first visit, dx?", {"S63.501A", "S93.402A"}),
    ],
)
def test_the_second_place_has_the_condition_of_the_first(text: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) == codes


def test_a_condition_of_its_own_at_the_second_place_stays_one(book: Codebook) -> None:
    assert set(answered("Abrasion of the right knee and left ankle swelling, dx?", book).report) & {"S90.512A"} == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("seronegative RA of the right hand dx", "M06.041"),
        ("tear of the medial meniscus, current injury, right knee, dx", "S83.241A"),
        ("pseudogout left knee dx", "M11.262"),
        ("psoriasis of the scalp dx", "L40.9"),
        ("eczema of both hands dx", "L30.9"),
        ("numbness in the toes, ICD-10?", "R20.0"),
        ("Crohn's of the small bowel with fistula, dx?", "K50.013"),
        ("acute gastric ulcer with bleeding and perforation dx", "K25.2"),
    ],
)
def test_the_place_or_what_came_with_it_chooses_among_the_codes_of_the_condition(text: str, code: str, book: Codebook) -> None:
    assert answered(text, book).report == (code,)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("icd 10 for exercise induced bronchospasm", ("J45.990",)),
        ("IUD insertion dx", ("Z30.430",)),
        ("staple removal after appendectomy visit dx", ("Z48.02",)),
        ("peritonsillar abscess dx", ("J36",)),
        ("thrombosed external hemorrhoid", ("K64.5",)),
        ("esophageal stricture code", ("K22.2",)),
    ],
)
def test_a_few_words_that_ask_for_a_diagnosis_get_no_service(text: str, codes: tuple[str, ...], book: Codebook) -> None:
    assert answered(text, book).report == codes


def test_a_diagnosis_that_is_missing_is_no_wish_for_one(book: Codebook) -> None:
    letter = "Health psychologist, individual session, 47 min, coping with her COPD, no psychiatric dx."
    assert "96158" in answered(letter, book).report


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SGA newborn 2200 grams dx", {"P05.18"}),
        ("preterm newborn 32 weeks, SGA at 1300 grams dx", {"P05.15", "P07.35"}),
        ("placenta previa without bleeding 28 weeks dx", {"O44.03", "Z3A.28"}),
    ],
)
def test_weight_and_weeks_choose_the_codes_of_birth_and_pregnancy(text: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("heartburn dx", {"R12"}),
        ("abnormal mammogram with calcifications, dx?", {"R92.1"}),
        ("failure to thrive, 80 year old, dx?", {"R62.7"}),
        ("partial small bowel obstruction dx", {"K56.600"}),
        ("rheumatoid arthritis of the right hand, dx?", {"M06.9"}),
        ("kidney donor exam dx", {"Z00.5"}),
        ("smoker, 1 pack a day of cigarettes, dx", {"F17.210"}),
        ("acute respiratory failure following surgery, dx", {"J95.821"}),
    ],
)
def test_what_is_told_beside_a_condition_chooses_its_code(text: str, codes: set[str], book: Codebook) -> None:
    assert set(answered(text, book).report) == codes
