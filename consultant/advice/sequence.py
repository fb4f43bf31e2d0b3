"""In which order the diagnoses of one patient stand on a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence

SEQUELA = re.compile(r"[ST]\d\w\..{3}S")
_UNDERDOSED = re.compile(r"T(?:3[6-9]|4\d|50)\..{2}6")
#: The first of these that a code begins with gives its place; what is in none stands in the middle, as the letter has it.
_ORDER = (
    (
        "Z51.0",
        "Z51.1",
        "G89.3",
        "Z38",
        "O",
        "A40",
        "A41",
        "I11",
        "I12",
        "I13",
        "I16",
        "E08",
        "E09",
        "E10",
        "E11",
        "E13",
        "C",
        "D63",
    ),
    ("C80.1", "R65"),
    (),
    ("F02", "B95", "B96", "B97", "R", "Z", "T31", "T32"),
    ("Z3A", "Z37", "Z79"),
)


def in_order(codes: Sequence[str]) -> list[str]:
    """The same codes in the order of a claim; what has no place of its own keeps the letter's order in the middle."""
    middle = _ORDER.index(())

    def rank(code: str) -> int:
        ranks = [(len(start), place) for place, starts in enumerate(_ORDER) for start in starts if code.startswith(start)]
        return max(ranks)[1] if ranks else middle

    ranked = sorted(codes, key=rank)
    # What was taken less than ordered, or an old injury, stands behind what came of it, and then the reason.
    less = [code for code in ranked if _UNDERDOSED.match(code) or SEQUELA.match(code)]
    reasons = [code for code in ranked if less and code.startswith(("Z91.12", "Z91.13", "Z91.14"))]
    others = [code for code in ranked if code not in (*less, *reasons)]
    at = next((n for n, code in enumerate(others) if n and code[0] == "Z"), len(others))
    return [*others[:at], *less, *reasons, *others[at:]]
