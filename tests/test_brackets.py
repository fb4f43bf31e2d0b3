"""Search: what a question says in brackets, and words that a coder uses for a whole class of codes."""

import pytest

from consultant.codebook import Codebook, brackets
from consultant.vocabulary import System


@pytest.mark.parametrize(
    ("said", "text", "named"),
    [
        ("restless legs syndrome (RLS) at night", "restless legs syndrome at night", [(("restless", "legs", "syndrome"), "rls")]),
        ("RLS (restless legs syndrome) at night", "restless legs syndrome at night", [(("restless", "legs", "syndrome"), "rls")]),
        ("tests of vital capacity (TVC)", "tests of vital capacity", [(("tests", "of", "vital", "capacity"), "tvc")]),
        ("Trusses (see also Hernia), double", "Trusses ( ), double", []),
        ("walker (folding)", "walker (folding)", []),
        ("MRI (of the knee)", "MRI (of the knee)", []),
        ("pain (L)", "pain (L)", []),
        ("", "", []),
        ("(((", "(((", []),
    ],
)
def test_a_thing_named_twice_is_read_once(said: str, text: str, named: list[tuple[tuple[str, ...], str]]) -> None:
    read, twice = brackets.read(said)
    assert " ".join(read.split()) == text
    assert twice == named


def test_an_acronym_behind_its_words_does_not_count_as_a_word_that_nothing_answers(book: Codebook) -> None:
    plain = book.search("restless legs syndrome", System.ICD10CM, 1)[0]
    told_twice = book.search("restless legs syndrome (RLS)", System.ICD10CM, 1)[0]
    assert (plain.code, told_twice.code) == ("G25.81", "G25.81")
    assert told_twice.score == plain.score


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("contact with workshop machinery specified nec", "W31.89XA"),  # not the bowel disease of newborns
        ("hearing loss conductive nec", "H90.2"),
        ("nec of a newborn", "P77.9"),
        ("ringing in ears", "H93.19"),
        ("otalgia", "H92.09"),  # not both ears, which nobody said
        ("otalgia both ears", "H92.03"),
        ("pyelonephritis", "N12"),  # not the manifestation of another disease
        ("chondrosarcoma", "C41.9"),
        ("s/p splenectomy", "Z90.81"),
        ("self harm by knife", "X78.1XXA"),
    ],
)
def test_what_the_words_leave_open_is_not_guessed(book: Codebook, query: str, code: str) -> None:
    assert book.search(query, System.ICD10CM, 1)[0].code == code
