"""The family whose letters sound like this one, where its act and object leave nothing decided."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.classifier.likeness import Like, Likeness
from consultant.codebook import Codebook
from consultant.vocabulary import Answer, Findings

TODAY = date(2026, 11, 22)
SOUNDS_LIKE = "Getting in and out of a car practised with the patient - 97110 or 97530?"
FAMILY = "therapy-procedure"
#: Enough texts beside them that a word of theirs tells something.
OTHERS = [(("family", f"other-{n}"), (f"word{n}", f"thing{n}")) for n in range(300)]
TEXTS = [
    *OTHERS,
    (("family", "ear"), ("wax", "scoop", "canal", "ear")),
    (("family", "ear"), ("flush", "wax", "water", "ear")),
    (("family", "nose"), ("bleed", "pack", "nose", "front")),
    (("card", "rule"), ("visit", "ear", "nose", "modifier")),
]


def _nearest(texts: Likeness, *words: str) -> Like | None:
    return next(iter(texts.ranked(words, 1)), None)


def _findings(text: str, book: Codebook) -> Findings:
    return classifier.classify(question.read(text, today=TODAY), book, TODAY)


def _answer(text: str, book: Codebook) -> Answer:
    return advice.advise(_findings(text, book), book)


def test_a_text_is_found_by_the_words_it_shares_and_says_them() -> None:
    like = _nearest(Likeness(TEXTS), "the", "nose", "began", "to", "bleed", "pack", "left", "in")
    assert like is not None
    assert like.name == ("family", "nose")
    assert set(like.words) == {"nose", "bleed", "pack"}


def test_the_nearer_of_two_examples_speaks_for_its_family() -> None:
    texts = Likeness(TEXTS)
    one, other = _nearest(texts, "wax", "scoop", "canal", "ear"), _nearest(texts, "wax", "scoop")
    assert isinstance(one, Like)
    assert isinstance(other, Like)
    assert one.name == other.name == ("family", "ear")
    assert one.score == pytest.approx(1.0)
    assert other.score < one.score


def test_words_that_no_text_has_make_a_letter_less_like_and_nothing_shared_is_no_likeness() -> None:
    texts = Likeness(TEXTS)
    plain, long = _nearest(texts, "wax", "scoop", "canal"), _nearest(texts, "wax", "scoop", "canal", "parking", "lot", "invoice")
    assert plain is not None
    assert long is not None
    assert long.score < plain.score
    assert _nearest(texts, "parking", "lot") is None
    assert _nearest(texts, "scoop") is None, "one word is no likeness"


def test_each_text_is_ranked_once_by_its_likest_example() -> None:
    names = [like.name for like in Likeness(TEXTS).ranked(["wax", "scoop", "canal", "ear", "nose", "bleed"], 5)]
    assert names == [("family", "ear"), ("family", "nose")]


def test_before_it_abstains_a_letter_is_answered_by_the_family_it_sounds_like(book: Codebook) -> None:
    found = _findings(SOUNDS_LIKE, book)
    assert FAMILY in {match.id for match in found.matches}
    assert all(e.words and e.record for c in found.candidates for e in c.evidence)


def test_a_letter_about_something_else_is_like_nothing(book: Codebook) -> None:
    answer = _answer("The parking lot invoice of the landlord came twice, whom do we write to?", book)
    assert not answer.report
    assert not answer.answered


def test_what_a_card_forbids_no_likeness_brings_back(book: Codebook) -> None:
    answer = _answer("Intake has BMI 33 and the provider did not document obesity. BMI code for the measure?", book)
    assert "Z68.33" not in answer.report


def test_beside_what_was_found_stand_the_codes_that_are_near_and_none_of_them_is_recommended(book: Codebook) -> None:
    answer = _answer("Debridement of a wound on the heel down to muscle, 12 sq cm. Which code?", book)
    codes = [candidate.code for candidate in answer.candidates]
    assert answer.report[:1] == ("11043",)
    assert codes[0] == "11043"
    assert {"11042", "11044"} <= set(codes[:12]), "the rows that another depth would choose"
    near = [candidate for candidate in answer.candidates if candidate.is_near]
    assert near
    assert not {candidate.code for candidate in near} & set(answer.report)
    assert all(candidate.why for candidate in near)


def test_a_code_that_a_sentence_of_the_draft_names_is_among_those_it_considers(book: Codebook) -> None:
    answer = _answer("Can we charge a strapping code when the PT puts KT tape on the knee?", book)
    spoken_of = [code for code in ("97110", "97112", "97140", "97530") if any(code in s.text for s in answer.statements)]
    assert set(spoken_of) <= {candidate.code for candidate in answer.candidates}
