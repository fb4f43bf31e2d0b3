"""What a letter tells in its course: a failure that was overcome, a second operation, a stent of another year."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Trouble with the first IV stick but on the second attempt the PICC went in under ultrasound. Code?", "36573"),
        ("IUD insertion failed on the first try, then the doctor dilated the cervix and got it in. Modifier 53?", "58300"),
        ("First attempt at the lumbar puncture was unsuccessful, the second attempt was successful. Modifier on 62270?", "62270"),
        ("Could not pass the colonoscope at first, but with a pediatric scope the cecum was reached. 45378-53?", "45378"),
        ("Unable to get the line in on the left, tried the right and it worked, 36556. Discontinued modifier?", "36556"),
    ],
)
def test_what_was_done_in_the_end_was_not_broken_off(text: str, code: str, book: Codebook) -> None:
    report = {*answered(text, book).report}
    assert code in report
    assert not {"-52", "-53"} & report


@pytest.mark.parametrize(
    "text",
    [
        "IUD insertion failed, patient in too much pain, stopped. Modifier?",
        "Endometrial biopsy attempted, could not get through the cervix, rescheduled. Which modifier",
    ],
)
def test_what_failed_for_good_was_broken_off(text: str, book: Codebook) -> None:
    assert "-53" in answered(text, book).report


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Lap chole on Monday, taken back Wednesday for a washout of the abdomen. How do I bill both?", "49002"),
        ("Surgeon did a lap chole, then returned to the OR two days later to wash out the abdomen. Which modifier?", "49002"),
        ("Colectomy 44140, three days later returned to OR, leak, 44120 done. What modifier goes where?", "44120"),
    ],
)
def test_the_return_to_the_operating_room_is_told_on_the_second_operation(text: str, second: str, book: Codebook) -> None:
    held = {line.code: line.modifiers for line in answered(text, book).lines}
    assert held.pop(second) == ("-78",)
    assert not any(held.values())
