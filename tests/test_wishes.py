"""What the phrases of a letter say of its topic."""

import pytest

from bench.topics import _learned
from consultant.classifier.topics import likely_beside
from consultant.classifier.wishes import ALWAYS, LONGEST, MOST_WORDS, phrases_of, wishes_of
from consultant.vocabulary import Topic


def test_codes_and_numbers_are_levelled_so_that_one_letter_tells_of_others() -> None:
    assert "add 99999 ?" in phrases_of("Can we add 97140?")
    assert phrases_of("Bill J1885 x 2 for M54.50") == phrases_of("bill J3301 x 4 for Z23")
    assert {"a9999", "a99", "9", ALWAYS} <= phrases_of("Bill J1885 x 2 for M54.50")


def test_a_letter_without_a_word_has_the_phrase_of_all_letters_alone() -> None:
    assert phrases_of(" … ") == {ALWAYS}


def test_a_letter_without_end_costs_no_more_than_its_start() -> None:
    assert len(phrases_of("word and number 12345 " * 50_000)) <= 1 + LONGEST * MOST_WORDS


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Which modifier do we append?", Topic.MODIFIER),
        ("Can we waive the copay for every patient, and is that allowed?", Topic.COMPLIANCE),
        ("Does Medicare cover it, and how often?", Topic.COVERAGE),
        ("How much does Medicare pay for it?", Topic.PAYMENT),
    ],
)
def test_phrases_speak_for_a_topic(text: str, topic: Topic) -> None:
    points = wishes_of(text)
    assert topic in sorted(points, key=lambda one: -points[one])[:2]


def test_beside_the_first_topic_stands_the_likeliest_other_one() -> None:
    text = "Which modifier do we append to the code?"
    assert likely_beside(Topic.PAYMENT, {Topic.PAYMENT: 3.0}, [], text) is Topic.MODIFIER
    assert likely_beside(Topic.MODIFIER, {Topic.MODIFIER: 3.0}, [], text) is not Topic.MODIFIER


def test_the_learner_finds_the_phrase_that_tells_two_topics_apart_and_drops_the_one_that_does_not() -> None:
    letters = [({ALWAYS, "the", word}, topic) for word, topic in (("modifier", Topic.MODIFIER), ("covered", Topic.COVERAGE))] * 40
    weights = _learned(letters)
    assert weights[Topic.MODIFIER]["modifier"] > 1 > 0 >= weights[Topic.COVERAGE]["modifier"]
    assert weights[Topic.MODIFIER]["the"] == pytest.approx(0.0, abs=0.05)
