"""What Maria's letter tells of how things stand to one another, of how they were done, and of why they were denied."""

from datetime import date

import pytest

from consultant.question import read
from consultant.vocabulary import Fact

TODAY = date(2026, 11, 22)


def said(text: str, dimension: str, *, negated: bool = False) -> list[str | float]:
    return [f.value for f in read(text, today=TODAY).facts if f.dimension == dimension and f.negated is negated]


def fact(text: str, dimension: str) -> Fact:
    return next(f for f in read(text, today=TODAY).facts if f.dimension == dimension)


SAID = [
    ("one polyp in the cecum, another at a different site", "relation", "other site"),
    ("both in the same joint", "relation", "same site"),
    ("the other knee was injected too", "relation", "other side"),
    ("one on the left hand and the other on the right side", "relation", "other side"),
    ("in a separate compartment of the knee", "relation", "other compartment"),
    ("she came back later that day", "relation", "other session"),
    ("all in the same operative session", "relation", "same session"),
    ("done by a different surgeon", "relation", "other practitioner"),
    ("in non-overlapping minutes", "relation", "other minutes"),
    ("a significant, separately identifiable visit", "relation", "separate visit work"),
    ("he only came for the injection", "relation", "visit only for the procedure"),
    ("taken back to the OR", "relation", "return to theatre"),
    ("it was staged", "relation", "planned"),
    ("lap chole with gallstones", "approach", "laparoscopic"),
    ("converted to open", "approach", "open"),
    ("done under ultrasound guidance", "guidance", "ultrasound"),
    ("injected by palpation", "guidance", "none"),
    ("under general anesthesia", "anaesthesia", "general"),
    ("with moderate sedation", "anaesthesia", "sedation"),
    ("our PA did the visit; the nurse practitioner signed", "performed_by", "practitioner"),
    ("a locum covered for us", "performed_by", "substitute"),
    ("the radiologist only reads the films", "component", "reading only"),
    ("seen in the nursing home", "setting", "skilled nursing"),
    ("denied CO-97", "denied_for", "bundled with another service"),
    ("rejected, missing modifier", "denied_for", "modifier missing or wrong"),
    ("denied as a duplicate", "denied_for", "duplicate"),
    ("denied for medical necessity, CO-50", "denied_for", "not medically necessary"),
    ("denied PR-204", "denied_for", "not covered"),
    ("last seen 2 years ago", "since_visit", 730),
    ("hasn't been seen here in 4 years", "since_visit", 1460),
    ("3 weeks after surgery", "since_surgery", 21),
    ("post-op day 12", "since_surgery", 12),
    ("45 days after knee replacement", "since_surgery", 45),
    ("what is paid in Alabama", "locality", "AL"),
    ("a clinic in Albany, NY", "locality", "NY"),
    ("from 8:05 until 9:50", "minutes", 105),
    ("from 11:30 am to 1:15 pm", "minutes", 105),
    ("a woman of 60", "sex", "female"),
]


@pytest.mark.parametrize(("text", "dimension", "value"), SAID)
def test_a_fact_is_read_from_its_words(text: str, dimension: str, value: str | float) -> None:
    assert value in said(text, dimension)


def test_a_denial_reason_needs_a_denial() -> None:
    assert not said("Is it bundled?", "denied_for")


def test_what_is_not_the_same_is_told_as_negated() -> None:
    assert said("It was not the same site.", "relation", negated=True) or "other site" in said(
        "It was not the same site.", "relation"
    )


def test_what_maria_believes_is_kept_in_her_words() -> None:
    assert said("We think 97140 needs a modifier. Right?", "believed") == ["97140 needs a modifier"]


def test_every_fact_leads_back_to_its_words() -> None:
    text = (
        "We think it was denied CO-97: the other knee, a later session that day, 3 weeks after surgery, in Ohio, L4-5 and L5-S1."
    )
    for found in read(text, today=TODAY).facts:
        assert text[found.span.start : found.span.end] == found.span.text


def test_levels_of_the_spine_know_how_many_interspaces_they_span() -> None:
    assert [f.span.label for f in read("L4-5, L5-S1 and C4-C7").facts if f.dimension == "spine_level"] == ["1", "1", "3"]


def test_minutes_that_are_part_of_others_say_so() -> None:
    facts = [f for f in read("80 minutes including 20 minutes for the intubation").facts if f.dimension == "minutes"]
    assert [(f.value, f.span.label) for f in facts] == [(80, ""), (20, "part")]
