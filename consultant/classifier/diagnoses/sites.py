"""The place that a condition's own words tell, where the code that they meet leaves it open: "seronegative RA of the right hand"."""

from __future__ import annotations

import re

from consultant.codebook import Codebook
from consultant.vocabulary import Hit, System

OPEN = re.compile(r",? (?:of |in )?unspecified site\b", re.IGNORECASE)
PLACE = re.compile(
    r"(?:\b(?:of|in) (?:the |his |her )?)?\b(left|right) (shoulder|elbow|wrist|hand|hip|knee|ankle|foot|humerus|forearm|femur|thigh|tibia|fibula)\b", re.IGNORECASE
)
_LOOKED_AT = 3


def sited(hit: Hit | None, words: str, book: Codebook) -> Hit | None:
    """The code of the same subcategory for the place in these words, or else the hit as it is."""
    place = PLACE.search(words)
    if hit is None or not place or not OPEN.search(hit.title):
        return hit
    side, part = place.group(1).lower(), place.group(2).lower()
    wanted = f"{OPEN.sub('', hit.title)}, {side} {part}"
    near = [one for one in book.search(wanted, System.ICD10CM, _LOOKED_AT) if one.code[:5] == hit.code[:5]]
    return next((one for one in near if side in one.title.lower() and part in one.title.lower()), hit)
