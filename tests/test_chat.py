"""A question inside of a long thread: what is said of the week and the team brings no code and takes none away."""

from __future__ import annotations

import pytest

from consultant import classifier, question
from consultant.classifier.chat import without_chat
from consultant.classifier.prepared import prepared
from consultant.codebook import Codebook
from tests.asking import TODAY, answered

CHAT = (
    "Good morning all, I hope the week is treating you kindly and the new phones work by now.",
    "As we said on the call, the team will look at the open items one by one and come back to each.",
    "Sorry for the late reply, I was out on vacation last week.",
    "No rush on this, I know you are swamped at month end.",
    "It was great to see you at the conference in Orlando, your talk was the best of the day.",
)


def left(text: str, book: Codebook) -> str:
    return without_chat(question.read(text, today=TODAY), prepared(book).names).text


@pytest.mark.parametrize("said", CHAT)
def test_chat_beside_a_question_is_not_heard(said: str, book: Codebook) -> None:
    asked = "Trigger finger release of the right middle finger, which code?"
    text = f"{said}\n\n{asked}"
    assert left(text, book) == f"{' ' * len(said)}\n\n{asked}"
    assert answered(text, book).report == answered(asked, book).report == ("26055", "-F7")


@pytest.mark.parametrize(
    "said",
    [
        "We all saw the patient together and then the family went home again.",  # it is about a patient
        "She was told to come back for it on another day, of her own wish, 45 minutes later.",
        "The whole thing was sent back to us by somebody over there with a CO 97.",
        "Is there anything else that we should be aware of on that one?",
    ],
)
def test_what_tells_of_the_case_stays(said: str, book: Codebook) -> None:
    text = f"{said}\n\nTrigger finger release, which code?"
    assert left(text, book) == text


def test_a_letter_that_is_all_chat_or_one_paragraph_is_left_alone(book: Codebook) -> None:
    for text in (CHAT[0], f"{CHAT[0]} Trigger finger release?", "\n\n".join(CHAT)):
        assert left(text, book) == text


def test_what_is_kept_with_the_case_is_the_whole_question(book: Codebook) -> None:
    asked = question.read(f"{CHAT[1]}\n\nTrigger finger release, which code?", today=TODAY)
    assert classifier.classify(asked, book, TODAY).question == asked
