"""What a size is of: the lesion, the rim of healthy skin round it, the cut it came through, or the whole that went out."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from consultant.vocabulary import Fact, Span

_MAX = 20
#: "The wound measures 8 x 5"; a 4 x 4 is gauze too.
_ACROSS = re.compile(
    r"\b(?:wound|ulcer|ulceration|bedsore|sore|pressure injury|wound bed)(?: (?:on|of|at) (?:(?:the|her|his) )?(?:\w+ )?\w+)?,? ?(?:(?:that )?(?:measur\w+|is|was|of|size|sized|about|now)[ :]+){0,2}"
    r"(?P<n>\d{1,2}(?:\.\d)?) ?(?:x|×|by) ?(?P<m>\d{1,2}(?:\.\d)?)(?: ?(?:x|×|by) ?\d{1,2}(?:\.\d)?)?"
    r"(?![\w.]*\d)(?! ?-?(?:x|×|by|cm|mm|in\b|inch|centi|milli|sq|%|gauze|pads?|sponge|foam|dress|days?|weeks?|units?)\b)(?!\w)",
    re.IGNORECASE,
)
#: "2 mm of healthy skin came off round it": a margin, which is no part of what is shaved off.
_RIM = re.compile(r" of (?:normal|healthy|good|surrounding|uninvolved) (?:skin|tissue)\b", re.IGNORECASE)
_SHAVED = re.compile(r"\bshav\w+", re.IGNORECASE)
#: "A 3 cm lipoma, 3 cm incision": how long the cut was that it came through.
_OPENING = re.compile(r"[ -](?:long )?(?:skin )?incisions?\b", re.IGNORECASE)
#: "1.8 cm with margins, plus a 4 cm layered closure": the length of what was sewn, whatever stands before it.
_SEWN = re.compile(
    r"[ -](?:long )?(?:(?:layered|intermediate|complex|linear|multi-?layer(?:ed)?|(?:two|2|three|3)[ -]layer(?:ed)?) )?(?:clos(?:ure|ed)|repair(?:ed)?)\b",
    re.IGNORECASE,
)
#: "1.5 cm cyst, 2.1 cm with margins": the whole that went out.
_WITH_MARGINS = re.compile(r" (?:with|w/|including|incl\.?)(?: the)? ?margins?\b(?! (?:of|were|was)?\s?\d)", re.IGNORECASE)
_LISTED = re.compile(r"[ ,&]*(?:and|plus|or)?(?: (?:one|another|an?)(?: of)?)? ?")
#: "BCC of the cheek 0.9 cm and SCC of the nose 1.4 cm with margins": the second size is of another lesion.
_ANOTHER = re.compile(
    r"\b(?:and|plus) (?!(?:it|he|she|was|were|came|went|then|with|measur\w*|excis\w*|remov\w*|cut|taken|total)\b)[a-z]",
    re.IGNORECASE,
)
#: "From the top edge of the upper one to the bottom edge of the lower he measured 7 cm": all of several, end to end.
_END_TO_END = re.compile(
    r"\bfrom (?:the )?(?:top|upper|uppermost|highest|superior|proximal)\b[^.;?!]{0,50}\bto (?:the )?(?:bottom|lower|lowest|lowermost|inferior|distal)\b"
    r"[^.;?!]{0,45}$|\b(?:end[- ]to[- ]end|edge[- ]to[- ]edge|top[- ]to[- ]bottom)\b[^.;?!]{0,30}$",
    re.IGNORECASE,
)
_BACK = 120  # characters that such words go on for
_SENTENCE = re.compile(r"[.?!;](?!\d)")


def rim_of(text: str, end: int) -> str:
    """The label of a size that is the rim's; "" for one that is not. What is shaved off is measured without a rim."""
    return ("apart" if _SHAVED.search(text) else "width") if _RIM.match(text, end) else ""


def wounds_across(text: str) -> list[Fact]:
    """Areas of wounds told without a unit, as wounds are measured in centimetres: "the ulcer measures 8 x 5 x 1"."""
    return [
        Fact(
            "area_sq_cm",
            float(m["n"]) * float(m["m"]),
            Span(m.start("n"), m.end("m"), text[m.start("n") : m.end("m")], "computed"),
        )
        for m in islice(_ACROSS.finditer(text), _MAX)
    ]


def of_what(text: str, found: Sequence[Fact]) -> list[Fact]:
    """The facts; where a lesion has its size, that of the cut it came through is none, and a greater one "with margins" is the whole."""
    sizes = [fact for fact in found if fact.dimension == "size_cm"]
    cuts = [fact for fact in sizes if _OPENING.match(text, fact.span.end)]
    told = {fact: fact.labelled("apart") for fact in cuts if len(sizes) > len(cuts)}
    told |= {f: f.labelled("") for f in sizes if f.span.label in ("margins", "excised") and _SEWN.match(text, f.span.end)}
    whole = [f for f in sizes if not f.span.label and _END_TO_END.search(text, max(0, f.span.start - _BACK), f.span.start)]
    told |= {f: f.labelled("total") for f in whole if len(sizes) > 1}
    for one, other in pairwise(sizes):
        between = text[one.span.end : other.span.start]
        near = not (_SENTENCE.search(between) or _ANOTHER.search(between) or _LISTED.fullmatch(between))
        if near and not one.span.label and float(one.value) < float(other.value) and _WITH_MARGINS.match(text, other.span.end):
            told |= {one: one.labelled("apart"), other: other.labelled("excised")}
    return [told.get(fact, fact) for fact in found]
