"""From a question to findings: which evidence brings a code, and when the draft abstains."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.classifier.confidence import chance_of
from consultant.classifier.hearing.spelling import Speller
from consultant.codebook import Codebook
from consultant.vocabulary import Findings, Match, System, Topic, dump, load

TODAY = date(2026, 11, 22)


def classify(text: str, book: Codebook) -> Findings:
    return classifier.classify(question.read(text, today=TODAY), book, TODAY)


def test_a_named_code_comes_first_and_says_its_words(book: Codebook) -> None:
    first = classify("is n393 billable? I mean N39.3", book).candidates[0]
    assert (first.code, first.score) == ("N39.3", 1.0)
    assert first.evidence[0].kind == "named"
    assert first.evidence[0].words


def test_a_family_needs_its_act_and_its_object(book: Codebook) -> None:
    assert any(m.id == "pelvic-floor-biofeedback" for m in classify("biofeedback for the pelvic floor", book).matches)
    assert not any(m.kind == "family" for m in classify("a question about the pelvic floor", book).matches)


def test_a_child_of_six_years_has_no_old_break(book: Codebook) -> None:
    assert any(m.id == "fracture-upper-arm" for m in classify("Six-year-old broke the collarbone, plated", book).matches)


def test_every_candidate_says_which_words_brought_it(book: Codebook) -> None:
    found = classify("Heel ulcer, 12 sq cm debrided down to fat", book)
    assert found.candidates
    assert all(c.evidence and all(e.words and e.record for e in c.evidence) and c.why for c in found.candidates)


def test_a_missing_fact_is_named(book: Codebook) -> None:
    match = next(m for m in classify("debrided a wound, which code?", book).matches if m.id == "wound-debridement")
    assert "depth" in match.missing


def test_what_a_colleague_claims_does_not_bring_a_family(book: Codebook) -> None:
    found = classify("Leg ulcer, 16 sq cm debrided through subcutaneous tissue. A co-worker says selective debridement.", book)
    assert next(m for m in found.matches if m.kind == "family").facts["depth"] == "subcutaneous"


def test_a_negated_value_is_not_used(book: Codebook) -> None:
    found = classify("Ulcer debrided, muscle was removed, no bone was removed, 10 sq cm", book)
    assert next(m for m in found.matches if m.kind == "family").facts["depth"] == "muscle or fascia"


def test_minutes_belong_to_what_they_were_spent_on(book: Codebook) -> None:
    found = classify("33 minutes of therapeutic exercise plus 7 minutes of manual therapy", book)
    assert {c.code: c.facts.get("minutes") for c in found.candidates if c.code in ("97110", "97140")} == {
        "97110": "33",
        "97140": "7",
    }


@pytest.mark.parametrize(
    ("letter", "given"),
    [
        ("The PT did 23 minutes of activities and then 15 minutes of manual therapy", {"97530": "23", "97140": "15"}),
        ("97140 with 97530: 23 minutes of whatnot and then 15 minutes of manual therapy", {"97530": "23", "97140": "15"}),
        ("23 minutes of whatnot and then 15 minutes of manual therapy", {"97140": "15"}),
    ],
)
def test_minutes_of_what_nothing_names_are_not_lent_to_the_next_code(letter: str, given: dict[str, str], book: Codebook) -> None:
    found = classify(letter, book)
    assert {c.code: c.facts["minutes"] for c in found.candidates if "minutes" in c.facts} == given


def test_the_chance_rises_with_what_was_met_and_falls_with_what_was_told() -> None:
    family = Match("family", "tags", "Tags", 0.6, ("skin tags", "snipped"))
    card = Match("card", "tags-two-lines", "Two lines", 0.6, ("tags",))
    assert chance_of([family], 12) < chance_of([family, card], 12) < chance_of([family, card, card], 12)
    assert chance_of([card], 12) < chance_of([family], 12)  # one word was met, or three
    assert chance_of([family], 30) < chance_of([family], 12) < chance_of([family], 6) < 1
    assert chance_of([], 12) == 0


def test_an_answer_tells_its_chance_and_an_official_one_its_rank(book: Codebook) -> None:
    found = classify("14 skin tags snipped off the neck. Codes?", book)
    assert advice.advise(found, book).confidence == found.chance > 0.5
    official = classify("Is N39.3 billable?", book)
    assert advice.advise(official, book).confidence >= official.confidence > 0.8


@pytest.mark.parametrize("text", ["", "   ", "hello", "asdf qwer zxcv", "{{ 7 * 7 }}", "?" * 500])
def test_what_the_book_does_not_know_makes_it_abstain(text: str, book: Codebook) -> None:
    found = classify(text, book)
    assert found.abstains
    assert found.confidence < classifier.ABSTAIN_BELOW


def test_a_pair_without_a_rule_is_not_answered_by_knowing_both_codes(book: Codebook) -> None:
    found = classify("Does NCCI bundle 36415 into 99213?", book)
    assert found.topics[0] is Topic.NCCI
    assert found.abstains


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Which modifier goes on the second line?", Topic.MODIFIER),
        ("Is there a GEM mapping for V58.61?", Topic.CROSSWALK),
        ("What is the MUE for J3301?", Topic.NCCI),
        ("What is the conversion factor this year?", Topic.PAYMENT),
        ("Does the NCD require a sleep study first?", Topic.COVERAGE),
        ("Our doctor covered for another doctor and only delivered the baby. What do we bill?", Topic.CODE_LOOKUP),
        ("Intubated with rapid sequence drugs. Which code?", Topic.CODE_LOOKUP),
        ("Auditor says our cloned notes are a risk, what is the rule?", Topic.COMPLIANCE),
        ("What is the CPT for a chest film?", Topic.CODE_LOOKUP),
        ("401.9 in ICD-10", Topic.CROSSWALK),
        ("G9001 was denied as deleted. What replaced it?", Topic.CROSSWALK),
        ("Hip replaced. 27130 and 20680?", Topic.NCCI),
        ("Drain left in the wound. 49405 too?", Topic.NCCI),
        ("Port put in, film taken at the end. Is the film paid?", Topic.NCCI),
        ("Massage of the scar, will Medicare pay?", Topic.COVERAGE),
        ("Doctor visits a group home. POS?", Topic.PAYMENT),
        ("Wrist pain with a sprained wrist. Do I code the pain too?", Topic.GUIDELINE),
    ],
)
def test_a_letter_has_the_topic_that_its_words_ask_for(text: str, topic: Topic, book: Codebook) -> None:
    assert topic in classify(text, book).topics[:2]


@pytest.mark.parametrize(
    "text",
    [
        "Atrial flutter ablation with mapping of both atria",
        "Keyhole hernia repair converted to open",
        "Appendix out through the scope",
        "Strep test in our waived lab",
        "Femoral nerve block left in for pain after the new knee",
    ],
)
def test_a_letter_that_only_tells_what_was_done_wants_its_code(text: str, book: Codebook) -> None:
    assert Topic.CODE_LOOKUP in classify(text, book).topics[:2]


def test_a_typing_error_in_a_long_word_is_forgiven_and_common_words_are_left(book: Codebook) -> None:
    found = classify("pelvic floor biofedback, 15 minutes", book)
    assert "90912" in [c.code for c in found.candidates]
    speller = Speller(["should", "shoulder", "wounds"])
    assert speller.correct("shouldr") in ("shouldr", "shoulder")
    assert Speller(["shoulder"]).correct("should") == "should"


def test_findings_go_to_json_and_back(book: Codebook) -> None:
    found = classify("Two wounds debrided to muscle, 97597 was denied, 45 sq cm", book)
    assert load(Findings, dump(found)) == found


def test_a_letter_of_codes_only_is_answered_in_time(book: Codebook) -> None:
    found = classify("99213 " * 16_000, book)
    assert len(found.candidates) <= 24


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("interpertation", "interpretation"),
        ("anestehsia", "anesthesia"),
        ("pateint", "patient"),
        ("besdide", "bedside"),
        ("interpreter", "interpreter"),
        ("interpreted", "interpreted"),
    ],
)
def test_a_swap_is_mended_even_where_the_word_begins_as_it_should(written: str, meant: str) -> None:
    speller = Speller(["interpretation", "interp*", "anesthesia", "anes*", "patient", "patent", "bedside", "beside"])
    assert speller.correct(written) == meant


def test_what_is_said_besides_in_another_paragraph_does_not_count_against_the_answer(book: Codebook) -> None:
    chat = "The phones, the parking lot, the calendar, the printer, the picnic and the raffle are all sorted out by Wednesday."
    assert not classify(f"{chat}\n\nopen appendectomy, appendix not ruptured\n\n{chat}", book).abstains


def test_a_letter_always_has_a_second_wish(book: Codebook) -> None:
    assert classify("Do we add up the sizes of three bladder tumours?", book).topics[:2] == (Topic.GUIDELINE, Topic.CODE_LOOKUP)
    assert set(classify("code for an open appendectomy", book).topics[:2]) == {Topic.CODE_LOOKUP, Topic.GUIDELINE}


def test_a_question_for_a_yes_alone_still_asks_for_a_code(book: Codebook) -> None:
    assert classify("Can we bill the pessary?", book).topics[0] is Topic.CODE_LOOKUP


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("Diagnostic colonoscopy to the cecum, biopsies were not taken. Code?", "45378"),
        ("EGD for reflux, biopsy was never taken. Code?", "43235"),
        ("Knee steroid injection, ultrasound was not used. Code?", "20610"),
        ("Chest x-ray 2 views in the office. EKG was not done. Code?", "71046"),
        ("Colonoscopy for bleeding with a biopsy, not done by our own doctor. Code?", "45380"),
    ],
)
def test_what_words_behind_it_deny_was_not_done(letter: str, code: str, book: Codebook) -> None:
    found = classify(letter, book)
    assert [c.code for c in found.candidates if c.system is System.CPT and "family" in {e.kind for e in c.evidence}] == [code]


def test_a_diagnosis_that_is_not_mentioned_is_none_but_one_of_unknown_type_is(book: Codebook) -> None:
    absent = classify("Neuropathy of both feet, diabetes not mentioned in the note. Diagnosis?", book)
    untyped = classify("Patient with diabetes, type not documented. Diagnosis?", book)
    assert not any(c.code.startswith("E11") and "condition" in {e.kind for e in c.evidence} for c in absent.candidates)
    assert any(c.code.startswith("E11") for c in untyped.candidates)
