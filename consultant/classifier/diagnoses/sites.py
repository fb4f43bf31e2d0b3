"""The place of a condition in its own words, where the code leaves it open: "seronegative RA of the right hand"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.codebook import Codebook
from consultant.vocabulary import Hit, System

OPEN = re.compile(r",? (?:of |in )?unspecified site\b", re.IGNORECASE)
PLACE = re.compile(
    r"(?:\b(?:of|in) (?:the |his |her )?)?\b(left|right) (shoulder|elbow|wrist|hand|hip|knee|ankle|foot|humerus|forearm|femur|thigh|tibia|fibula)\b",
    re.IGNORECASE,
)
_LOOKED_AT = 3
#: Diseases of the skin and its feelings whose codes tell no place: "psoriasis of the scalp", "numbness in the fingers".
ON_THE_SKIN = re.compile(
    r"(?: (?:of|in|on)(?: (?:the|his|her|my))?)?(?: (?:both|left|right|bilateral))? (?:fingers?|hands?|feet|foot|toes?|legs?|arms?|face|scalp|trunk|back|chest|neck|elbows?|knees?"
    r"|cheeks?|forehead|shoulders?)$",
    re.IGNORECASE,
)
_TELLS_NO_PLACE = re.compile(r"L[2-8][0-8]|L80|R2[01]")


def leaves_open(hit: Hit) -> bool:
    """Does the title of the code say that the place is not told?"""
    return bool(OPEN.search(hit.title))


def tells_no_place(hit: Hit) -> bool:
    """Is it of the skin or its feelings, and says nothing of where?"""
    return bool(_TELLS_NO_PLACE.match(hit.code)) and "site" not in hit.title.lower()


def sited(hit: Hit | None, words: str, book: Codebook) -> Hit | None:
    """The code of the same subcategory for the place in these words, or else the hit as it is."""
    place = PLACE.search(words)
    if hit is None or not place or not OPEN.search(hit.title):
        return hit
    side, part = place.group(1).lower(), place.group(2).lower()
    wanted = f"{OPEN.sub('', hit.title)}, {side} {part}"
    near = [one for one in book.search(wanted, System.ICD10CM, _LOOKED_AT) if one.code[:5] == hit.code[:5]]
    return next((one for one in near if side in one.title.lower() and part in one.title.lower()), hit)
