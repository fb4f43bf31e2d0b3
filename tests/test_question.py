"""What is read of a letter: codes, facts, scopes and marks of identity, each with its place."""

from datetime import date

import pytest

from consultant.question import MAX_CODES, MAX_FACTS, masked, read
from consultant.vocabulary import Question, System, dump, load
from tests.timed import SIZE, made_in_time

TODAY = date(2026, 11, 22)


def codes(text: str) -> list[str]:
    return [code.code for code in read(text).codes]


def facts(text: str, dimension: str) -> list[str | float]:
    return [fact.value for fact in read(text, today=TODAY).facts if fact.dimension == dimension]


def test_a_code_brings_its_modifier_its_units_and_its_denial() -> None:
    visit, manual = (c for c in read("99213-25 was paid. 97140 x2 was denied.").codes if c.system is System.CPT)
    assert (visit.code, visit.modifiers, visit.denied) == ("99213", ("-25",), False)
    assert (manual.code, manual.units, manual.denied) == ("97140", 2, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("codes 12001 through 12007", ["12001", "12007"]),
        ("is n39.3 billable", ["N39.3"]),
        ("J3301, 4 units", ["J3301"]),
        ("modifiers 54 and 55", ["-54", "-55"]),
        ("do we put 62 on the second line?", ["-62"]),
        ("RT/LT instead of 50 modifier", ["-RT", "-LT", "-50"]),
        ("place of service 22", ["POS-22"]),
        ("MODIFIER ON OR IN DOUBT", []),
        ("call 555-123-4567, MRN 1234567, Toledo, OH 43604, $12345", []),
        ("4 units of 97110", ["97110"]),
    ],
)
def test_codes_are_told_from_other_numbers(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == sorted(expected)


def test_the_word_diagnosis_makes_a_letter_and_four_digits_a_diagnosis() -> None:
    assert read("dx E1165").codes[0].system is System.ICD10CM
    assert read("HCPCS E1161").codes[0].system is System.HCPCS


def test_every_place_leads_back_to_its_words() -> None:
    text, subject = "Manual therapy for 23 minutes, 97140-59.", "Re: 97110 denied"
    asked = read(text, subject)
    for span in [c.span for c in asked.codes] + [f.span for f in asked.facts]:
        assert (subject if span.where == "subject" else text)[span.start : span.end] == span.text
    assert {c.span.where for c in asked.codes} == {"subject", "text"}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("it ran one hour and 45 minutes", [105]),
        ("2 and a half hours of scoring", [150]),
        ("2 and a half hrs of scoring", [150]),
        ("hooked up the whole half hour", [30]),
        ("cancelled 10 minutes into PT, 6 minutes of exercise done", [6]),
        ("12 minutes of talk, can I use the 30-minute therapy add-on", [12]),
        ("an hour and a half", [90]),
        ("chemo dripped an hour and 40, then home", [100]),
        ("one hour 55 of the drip", [115]),
        ("ran two hours and 20 mg of the drug went in", [120]),
        ("half an hour", [30]),
        ("three quarters of an hour", [45]),
        ("a quarter hour", [15]),
        ("from 8:05 until 9:50", [105]),
        ("7 pm to 7 am", [720]),
        ("a 60-minute session", [60]),
        ("33 minutes of exercise plus 7 minutes of manual therapy", [33, 7]),
        ("2 to 4 lesions", []),
    ],
)
def test_minutes_are_read_in_any_wording(text: str, minutes: list[int]) -> None:
    assert facts(text, "minutes") == minutes


def test_a_negation_ends_with_its_bracket() -> None:
    asked = read("stage 4 kidney disease (no dialysis) and a second referral for 30 minutes", today=TODAY)
    assert facts("stage 4 kidney disease (no dialysis) and a second referral for 30 minutes", "minutes") == [30]
    assert [f.span.text for f in asked.facts if f.dimension == "negated"] == ["no dialysis"]


def test_under_eight_minutes_is_no_duration() -> None:
    (fact,) = [f for f in read("it was under 8 minutes").facts if f.dimension == "minutes"]
    assert fact.span.label == "under"


def test_sizes_become_centimetres_and_what_was_excised_is_told_apart() -> None:
    found = [
        (f.value, f.span.label)
        for f in read("a 5 mm mole; with margins the excision came to 1.0 cm").facts
        if f.dimension == "size_cm"
    ]
    assert found == [(0.5, ""), (1.0, "excised")]
    assert facts("a wound of 4 x 5 cm", "area_sq_cm") == [20.0]
    assert facts("16 sq cm debrided", "area_sq_cm") == [16.0]


def test_ages_counts_sides_and_payers_are_facts() -> None:
    assert facts("a 9-month-old", "age") == [0.0]
    assert facts("my 60-year-old", "age") == [60.0]
    for told in ("established patient 45 years, commercial", "a new patient, 45, is seen", "new pt (45)", "woman, 45 y.o."):
        assert facts(told, "age") == [45.0], told
    assert facts("4 year check up", "age") == [4.0]
    assert facts("2 year check up after the hip was replaced", "age") == []
    assert facts("a patient 3 years after surgery", "age") == []
    limits = [(f.value, f.span.label) for f in read("a child under 12, with a cold").facts if f.dimension == "age"]
    assert limits == [(12, "under")]
    assert facts("two polyps snared", "count") == [2.0]
    assert facts("on both knees", "side") == ["bilateral"]
    assert facts("Spermatocele taken out on each side", "side") == ["bilateral"]
    assert facts("cut out with 2 mm of margin on each side", "side") == []
    assert read("a commercial plan").payer == "commercial"
    assert read("Medicare or a commercial plan?").payer == ""
    assert read("Glued in the ER, not Medicare.").payer == "commercial"
    assert read("She is not on Medicare yet.").payer == "commercial"
    assert read("There is no Medicare rule on it.").payer != "commercial"


def test_what_lasted_is_not_what_was_missing() -> None:
    asked = read("She sat with the wife without the husband for 45 minutes of couple work.", today=TODAY)
    assert [f.span.text.strip() for f in asked.facts if f.dimension == "negated"] == ["without the husband"]


def test_the_day_of_a_visit_is_a_number_of_days() -> None:
    asked = read("Home from the hospital on Monday, seen on day 9.", today=TODAY)
    assert [f.value for f in asked.facts if f.dimension == "days"] == [9]


def test_negation_doubt_and_hearsay_are_kept_as_scopes() -> None:
    asked = read("No bone was removed. Possibly 3 lesions. A co-worker says use 97597.")
    scopes = {f.dimension: f.span.text for f in asked.facts if f.dimension in ("negated", "uncertain", "claimed")}
    assert "bone" in scopes["negated"]
    assert "97597" in scopes["claimed"]
    assert next(f for f in asked.facts if f.dimension == "count").uncertain


def test_hearsay_ends_where_the_sentence_ends_or_at_a_semicolon() -> None:
    asked = read("The doctor says it cannot be staged; which diagnosis code?")
    claimed = next(f for f in asked.facts if f.dimension == "claimed")
    assert claimed.span.text.endswith("cannot be staged")


def test_what_the_front_desk_says_is_a_claim() -> None:
    asked = read("Chiropractor adjusted three regions. Front desk says low back and SI are one region.")
    claimed = next(f for f in asked.facts if f.dimension == "claimed")
    assert "low back" in claimed.span.text


def test_the_date_of_service_is_not_the_birth_date() -> None:
    asked = read("DOB 01/02/1950, date of service 3/14/2026", today=TODAY)
    assert asked.date_of_service == date(2026, 3, 14)
    assert read("seen December 3", today=TODAY).date_of_service == date(2025, 12, 3)


def test_marks_of_a_patient_are_found_and_payers_are_no_names() -> None:
    text = "Patient John Smith, DOB 01/02/1950, MRN 1234567, SSN 123-45-6789, call (555) 123-4567 or js@mail.example"
    assert {span.label for span in read(text).phi} == {"name", "birth date", "MRN", "SSN", "phone", "e-mail"}
    assert read("A Medicare patient Blue Cross denied, CPT 97140").phi == ()


def test_a_question_goes_to_json_and_back() -> None:
    asked = read("97140-59 for 23 minutes on the left, Medicare, DOS 2026-03-01", "Re: units", TODAY)
    assert load(Question, dump(asked)) == asked


HOSTILE = [
    "9",
    "99213 ",
    "a@",
    "one hour and ",
    "patient ",
    "A1.B2 ",
    "1x",
    "no ",
    "modifier 59, ",
    "1 ",
    "8:05 to ",
    "<",
    "Mr. ",
    "{{7*7}}",
    "coder says ",
    "vial 5 mg used ",
    "used 5 wasted ",
    "another 5 more ",
    "x3 ",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_text_is_read_in_time_and_bounded(part: str) -> None:
    asked = made_in_time(read, part)
    assert len(asked.codes) <= MAX_CODES
    assert len(asked.facts) <= MAX_FACTS
    assert asked.text == part * (SIZE // len(part))


def test_a_patients_identity_is_taken_out_of_what_is_quoted_back() -> None:
    text = "Patient: Harold Jenkins, DOB 03/14/1951, MRN 00482213. 80 minutes of critical care; 99291 on 11/02/2026?"
    assert masked(read(text)) == "Patient: [name], DOB [birth date], MRN [MRN]. 80 minutes of critical care; 99291 on 11/02/2026?"


def test_the_digits_of_codes_and_record_numbers_measure_nothing() -> None:
    asked = read("Medicare denied 97140 with 97530 on the same day, MRN 00482213, DOB 03/14/1951")
    assert [fact for fact in asked.facts if fact.dimension in {"days", "number", "minutes"}] == []


def test_a_gram_before_its_route_is_a_dose_and_hours_later_are_no_duration() -> None:
    assert [fact.value for fact in read("Rocephin 1 g IM given").facts if fact.dimension == "mg"] == [1000]
    assert [fact.value for fact in read("Gammagard liquid 30 g infused").facts if fact.dimension == "mg"] == [30000]
    assert [fact.value for fact in read("a 22 g needle").facts if fact.dimension == "mg"] == []
    told = read("crashed 3 hrs later, 45 min critical care")
    assert [fact.value for fact in told.facts if fact.dimension == "minutes"] == [45]


def test_each_amount_of_a_drug_is_told_apart_by_what_became_of_it() -> None:
    told = read("200 unit vial, 155 units used and 45 units wasted").facts
    assert [(f.value, f.span.label) for f in told if f.dimension == "units"] == [(200, "vial"), (155, "given"), (45, "wasted")]
    told = read("four 100 mg vials: used 320 mg, threw out 80").facts
    assert [(f.value, f.span.label) for f in told if f.dimension == "mg"] == [(100, "vial"), (320, "given"), (80, "wasted")]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2025 claim: telephone visit of 12 minutes, which code", date(2025, 7, 1)),
        ("colonoscopy with snare done in March 2025, Medicare", date(2025, 3, 1)),
        ("DOS: 2024. Annual wellness visit", date(2024, 7, 1)),
        ("Her hip was done in March 2025, now she has knee pain", None),
        ("Medicare changed the rule in 2025", None),
        ("2027 claims", None),
    ],
)
def test_a_month_or_a_past_year_of_service_is_its_date(text: str, when: date | None) -> None:
    assert read(text, today=TODAY).date_of_service == when


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("A lady of 50 with no symptoms had a mammogram of both breasts", "side"),
        ("Patient with no diabetes came for 40 minutes of exercise", "minutes"),
        ("Child without fever was given two vaccines", "count"),
        ("Man with no history of polyps had 3 polyps removed", "count"),
        ("Man with nothing acute comes to the clinic for 20 minutes of talk", "minutes"),
    ],
)
def test_what_somebody_lacks_does_not_deny_what_was_done(text: str, dimension: str) -> None:
    assert [fact.negated for fact in read(text).facts if fact.dimension == dimension] == [False]


@pytest.mark.parametrize("text", ["a scan with no lesion over 2 cm", "a wound without any part over 2 cm"])
def test_what_is_lacking_stays_denied(text: str) -> None:
    assert [fact.negated for fact in read(text).facts if fact.dimension == "size_cm"] == [True]
