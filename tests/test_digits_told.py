"""The modifiers of fingers and toes, whatever was done on them: the engine reads the digit, and no text has to list it."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered

#: Letter, what is reported, what must not be.
TOLD = [
    ("Cyst taken off the left index finger. Which finger modifier do we use?", ["-F1"], ["-RT", "-LT"]),
    ("Cyst taken off the left middle finger. Which finger modifier do we use?", ["-F2"], ["-RT", "-LT"]),
    ("Cyst taken off the left ring finger. Which finger modifier do we use?", ["-F3"], ["-RT", "-LT"]),
    ("20550 for triggering, ring finger of the left hand injected. What digit modifier?", ["-F3"], ["-F8"]),
    ("Cyst taken off the left little finger. Which finger modifier do we use?", ["-F4"], ["-RT", "-LT"]),
    ("Left little finger, proximal phalanx, closed treatment: LT or F modifier?", ["-F4"], ["-LT"]),
    ("Cyst taken off the right thumb. Which finger modifier do we use?", ["-F5"], ["-RT", "-LT"]),
    ("Cyst taken off the right index finger. Which finger modifier do we use?", ["-F6"], ["-RT", "-LT"]),
    ("Right index middle phalanx fracture, 26720. Is it F6 or RT on the claim?", ["-F6"], ["-RT"]),
    ("Cyst taken off the right middle finger. Which finger modifier do we use?", ["-F7"], ["-RT", "-LT"]),
    ("Cyst taken off the right ring finger. Which finger modifier do we use?", ["-F8"], ["-RT", "-LT"]),
    ("Cyst taken off the right little finger. Which finger modifier do we use?", ["-F9"], ["-RT", "-LT"]),
    ("Cyst taken off the left thumb. Which finger modifier do we use?", ["-FA"], ["-RT", "-LT"]),
    ("left foot, hammertoe of the fifth toe corrected, which modifier?", ["28285", "-T4"], []),
    ("fifth toe of the left foot amputated at its base, the MTP joint", ["28820"], []),
    ("left foot, hammertoe of the fourth toe corrected, which modifier?", ["28285", "-T3"], []),
    ("fourth toe of the left foot amputated at its base, the MTP joint", ["28820"], []),
    ("left foot, hammertoe of the second toe corrected, which modifier?", ["28285", "-T1"], []),
    ("second toe of the left foot amputated at its base, the MTP joint", ["28820"], []),
    ("Hammertoe correction, left foot, 2nd digit: LT or toe modifier?", ["-T1"], []),
    ("left foot, hammertoe of the third toe corrected, which modifier?", ["28285", "-T2"], []),
    ("third toe of the left foot amputated at its base, the MTP joint", ["28820"], []),
    ("right foot, hammertoe of the fifth toe corrected, which modifier?", ["28285", "-T9"], []),
    ("fifth toe of the right foot amputated at its base, the MTP joint", ["28820"], []),
    ("right foot, hammertoe of the fourth toe corrected, which modifier?", ["28285", "-T8"], []),
    ("fourth toe of the right foot amputated at its base, the MTP joint", ["28820"], []),
    ("right foot, hammertoe of the second toe corrected, which modifier?", ["28285", "-T6"], []),
    ("second toe of the right foot amputated at its base, the MTP joint", ["28820"], []),
    ("right foot, hammertoe of the third toe corrected, which modifier?", ["28285", "-T7"], []),
    ("third toe of the right foot amputated at its base, the MTP joint", ["28820"], []),
    ("Ingrown nail edge of the big toe removed with phenol, left foot", ["11750", "-TA"], []),
    ("Ingrown nail edge of the big toe removed with phenol, right foot", ["11750", "-T5"], []),
    ("Big toe of the left foot amputated, which toe modifier?", ["-TA"], []),
    ("Nail of the left second toe avulsed. Which toe modifier goes on it?", ["-T1"], ["-RT", "-LT"]),
    ("Nail of the left third toe avulsed. Which toe modifier goes on it?", ["-T2"], ["-RT", "-LT"]),
    ("Nail of the left fourth toe avulsed. Which toe modifier goes on it?", ["-T3"], ["-RT", "-LT"]),
    ("Nail of the left fifth toe avulsed. Which toe modifier goes on it?", ["-T4"], ["-RT", "-LT"]),
    ("Nail of the right great toe avulsed. Which toe modifier goes on it?", ["-T5"], ["-RT", "-LT"]),
    ("Nail of the right second toe avulsed. Which toe modifier goes on it?", ["-T6"], ["-RT", "-LT"]),
    ("Nail of the right third toe avulsed. Which toe modifier goes on it?", ["-T7"], ["-RT", "-LT"]),
    ("Nail of the right fourth toe avulsed. Which toe modifier goes on it?", ["-T8"], ["-RT", "-LT"]),
    ("Nail of the right fifth toe avulsed. Which toe modifier goes on it?", ["-T9"], ["-RT", "-LT"]),
    ("Nail of the left great toe avulsed. Which toe modifier goes on it?", ["-TA"], ["-RT", "-LT"]),
    ("trigger release left index finger 26055, which finger modifier?", ["-F1"], []),
    ("trigger release left long finger 26055, which finger modifier?", ["-F2"], []),
    ("trigger release left ring finger 26055, which finger modifier?", ["-F3"], []),
    ("trigger release left small finger 26055, which finger modifier?", ["-F4"], []),
    ("trigger release left thumb 26055, which finger modifier?", ["-FA"], []),
    ("trigger release right index finger 26055, which finger modifier?", ["-F6"], []),
    ("trigger release right long finger 26055, which finger modifier?", ["-F7"], []),
    ("trigger release right ring finger 26055, which finger modifier?", ["-F8"], []),
    ("trigger release right small finger 26055, which finger modifier?", ["-F9"], []),
    ("trigger release right thumb 26055, which finger modifier?", ["-F5"], []),
    ("Trigger finger release, right long and ring. Codes and modifiers?", ["26055", "-F7", "-F8"], []),
    ("Hammertoe correction, right foot, 3rd digit: RT or toe modifier?", ["28285", "-T7"], ["-RT"]),
    ("left hand: open carpal tunnel and a long trigger finger release, which modifiers", ["64721", "26055", "-F2"], ["-F7"]),
    ("Carpal tunnel release and trigger thumb release, both on the right hand. Modifiers?", ["26055", "-F5"], ["-FA"]),
]


@pytest.mark.parametrize(("text", "report", "wrong"), TOLD)
def test_a_digit_has_its_modifier(text: str, report: list[str], wrong: list[str], book: Codebook) -> None:
    answer = answered(text, book)
    assert set(report) <= set(answer.report)
    assert not set(wrong) & set(answer.report)


def test_the_thumb_side_of_a_wrist_is_no_thumb(book: Codebook) -> None:
    letter = "Injected the right wrist on the thumb side, de Quervain tendon sheath, commercial. CPT and modifier?"
    assert {"20550", "-RT"} == {*answered(letter, book).report}


def test_both_big_toes_and_another_one_are_three(book: Codebook) -> None:
    answer = answered("Nails pulled under a block: both big toes and the left second toe. Lines and modifiers?", book)
    assert {"11730", "11732", "-TA", "-T5", "-T1"} <= set(answer.report)
    assert answer.units["11732"] == 2
