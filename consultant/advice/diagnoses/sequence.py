"""In which order the diagnoses of one patient stand on a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence

SEQUELA = re.compile(r"[ST]\d\w\..{3}S")
#: A poisoning stands before what it did (I.C.19.e.5.b), the toxic effect of a substance too.
_POISONED = re.compile(r"T(?:3[6-9]|4\d|50)\..{2}[1-4]|T(?:5[1-9]|6[0-5])\.")
_UNDERDOSED = re.compile(r"T(?:3[6-9]|4\d|50)\..{2}6")
#: What stands first-listed only (guideline I.C.21.c.16), and the screenings and check-ups that brought the patient in.
_FIRST_LISTED = (
    *("Z00", "Z01", "Z02", "Z04", "Z08", "Z09", "Z12", "Z33.2", "Z31.81", "Z31.83", "Z31.84", "Z34", "Z38", "Z39", "Z40", "Z42"),
    *("Z47", "Z51.0", "Z51.1", "Z52", "Z76.1", "Z76.2", "Z99.12"),
)
#: An anemia from the treatment of a cancer leads where nothing but it brought the patient in (I.C.2.c.2).
_FROM_TREATMENT = "D64.81"
#: Place, activity and status of an accident; an injury; and one that was seen before.
_ONCE = ("Y92", "Y93", "Y99")
_INJURY = re.compile(r"[ST]")
_SEEN_AGAIN = re.compile(r"[D-S]$")
#: The first of these that a code begins with gives its place; what is in none stands in the middle, as the letter has it.
_ORDER = (
    _FIRST_LISTED,
    (
        *("G89.3", "O", "A40", "A41", "I11", "I12", "I13", "I16"),
        *("E08", "E09", "E10", "E11", "E13", "C"),
    ),
    ("C80.1", "R65"),
    (),
    ("D63",),
    ("F02", "B95", "B96", "B97", "R", "Z", "T31", "T32"),
    ("Z3A", "Z37", "Z79"),
    ("V", "W", "X", "Y0", "Y1", "Y2", "Y92", "Y93", "Y99"),
)


def in_order(codes: Sequence[str]) -> list[str]:
    """The same codes in the order of a claim; what has no place of its own keeps the letter's order in the middle."""
    middle = _ORDER.index(())

    def rank(code: str) -> int:
        if _POISONED.match(code):
            return 1
        ranks = [(len(start), place) for place, starts in enumerate(_ORDER) for start in starts if code.startswith(start)]
        return max(ranks)[1] if ranks else middle

    ranked = sorted(codes, key=rank)
    if ranked and ranked[0][0] == "C":
        ranked.sort(key=lambda code: not code.startswith(_FROM_TREATMENT))
    # What was taken less than ordered, or an old injury, stands behind what came of it, and then the reason.
    less = [code for code in ranked if _UNDERDOSED.match(code) or SEQUELA.match(code)]
    reasons = [code for code in ranked if less and code.startswith(("Z91.12", "Z91.13", "Z91.14"))]
    others = [code for code in ranked if code not in (*less, *reasons)]
    at = next((n for n, code in enumerate(others) if n and code[0] == "Z"), len(others))
    return [*others[:at], *less, *reasons, *others[at:]]


def without_places_again(codes: Sequence[str]) -> list[str]:
    """Where it happened, at what, and in which status is told once, when the injury is first seen (Section I.C.20.b to d, k)."""
    injuries = [code for code in codes if _INJURY.match(code)]
    again = bool(injuries) and all(_SEEN_AGAIN.search(code) for code in injuries)
    return [code for code in codes if not (again and code.startswith(_ONCE))]
