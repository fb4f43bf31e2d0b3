"""Phrases heard in other words than they are written in."""

import pytest

from consultant.classifier.hearing.loosely import ALIKE, TABLE, Loosely, as_written
from consultant.classifier.hearing.written import pattern_of, split


def _heard(phrase: str, letter: str, as_written: frozenset[str] = frozenset()) -> list[str]:
    words = split(letter)
    found = Loosely([(pattern_of(phrase), phrase)], as_written).standing(
        [w.text for w in words], [w.start for w in words], letter
    )
    return [letter[words[first].start : words[behind - 1].end] for _, first, behind in found]


@pytest.mark.parametrize(
    ("phrase", "letter", "heard"),
    [
        ("stitches out", "We took the stitches right out.", "stitches right out"),
        ("stitches removed", "Nurse removed her stitches", "removed her stitches"),
        ("fracture of the wrist", "His fractured wrist", "fractured wrist"),
        ("pinned the hip", "pinning of the hip", "pinning of the hip"),
        ("flap of skin raised", "raised a skin flap", "raised a skin flap"),
        ("denied the claim", "claim was rejected", "claim was rejected"),
        ("debrid* .. bone", "debriding it down to the bone", "debriding it down to the bone"),
    ],
)
def test_order_and_inflection_make_no_difference(phrase: str, letter: str, heard: str) -> None:
    assert _heard(phrase, letter) == [heard]


@pytest.mark.parametrize(
    ("phrase", "letter"),
    [
        ("stitches out", "Stitches. Out of network?"),  # two sentences
        ("stitches out", "stitches of the left hand came out"),  # too far from one another
        ("same knee", "same day, other knee"),  # what binds is beside its word
        ("same lesion", "a lesion on the same date"),  # … and before it
        ("dialysis clinic to", "to the dialysis clinic"),  # a direction is heard as written
        ("debrid* .. bone", "bone was debrided"),  # a gap keeps its order
        ("stitches", "stitching"),  # one word says too little
        ("2 views", "views of 2 hips"),  # numbers belong to what they stand before
    ],
)
def test_what_is_another_thing_is_not_heard(phrase: str, letter: str) -> None:
    assert not _heard(phrase, letter)


def test_what_letters_have_taught_is_heard_as_written() -> None:
    assert _heard("only read", "the read only counts")
    assert not _heard("only read", "the read only counts", frozenset({"only read"}))


def test_no_word_is_alike_to_two_sorts() -> None:
    words = [word for line in ALIKE.read_text(encoding="utf8").splitlines() if not line.startswith("#") for word in line.split()]
    assert len(words) == len(set(words))


def test_the_learned_table_is_in_order() -> None:
    lines = TABLE.read_text(encoding="utf8").splitlines()[1:]
    assert lines == sorted(set(lines))
    assert as_written() == frozenset(lines)
