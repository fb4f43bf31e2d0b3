"""The modifier that a letter asks for on one code, where no card or family has given one."""

from __future__ import annotations

import pytest

from consultant.codebook import Codebook
from tests.asking import answered


@pytest.mark.parametrize(
    ("letter", "code", "sign"),
    [
        ("Chest film 71046 at 9 am, same radiologist read it again at 4 pm. Modifier on the second?", "71046", "-76"),
        ("Morning 31500 by Dr. A; it came out, another physician put a new one in that evening. Modifier?", "31500", "-77"),
        ("In the ED at 7 am, IV push 96374; returned at 10 pm, another push. Second 96374 denied. Modifier?", "96374", "-59"),
        ("Carpal tunnels of both hands opened in one session, 64721. Modifier?", "64721", "-50"),
        ("Air thresholds 92552, one ear only as the other is packed. Modifier?", "92552", "-52"),
        ("We sent the 84443 to an outside lab, they bill us and we bill the commercial plan. Modifier?", "84443", "-90"),
        ("Splinter out of left hand, 10120, cut on the right foot closed, 12001. 12001 was bundled. Modifier?", "12001", "-59"),
    ],
)  # fmt: skip
def test_a_sign_that_is_asked_for_is_read_from_the_story(letter: str, code: str, sign: str, book: Codebook) -> None:
    lines = answered(letter, book).lines
    assert sign in {told for line in lines if line.code == code for told in line.modifiers}


@pytest.mark.parametrize(
    "letter",
    [
        "Chest film 71046 read by Dr. A. Dr. B looked at it in his visit. Modifier on 71046?",
        "Injected the left knee 20610; the right knee is fine. Modifier?",
        "Knee x-ray 73562 on the left knee, read once. Modifier?",
    ],
)
def test_where_the_story_tells_none_none_is_made_up(letter: str, book: Codebook) -> None:
    assert not {"-90", "-76", "-77", "-59", "-50", "-52"} & {*answered(letter, book).report}
