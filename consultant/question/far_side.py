"""The other side, told bare at the end of a clause: "stone broken up left, only a stent right"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from consultant.vocabulary import Fact, Span

_MAX = 4
#: "That is right" tells no side.
_NOT_BEHIND = (
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bbe )(?<!\bnot )(?<!\ball )(?<!\bthat )(?<!\bthis )(?<!\bit )(?<!'s )"
    r"(?<!\bcoded )(?<!\bbilled )(?<!\bbilling )(?<!\bcoding )(?<!\bsounds )(?<!\bseems )(?<!\blooks )(?<!\bdone )(?<!\bget )"
)
_BARE = re.compile(rf"(?<=[a-z)] ){_NOT_BEHIND}\b(?:right|rt)(?=[.,;)](?:\s|$)|$|\s(?:and|plus)\b(?! left))", re.IGNORECASE)
_STOP = re.compile(r"[.?!;\n](?:\s|$)")
_JOINT = re.compile(r"[,;]\s|\b(?:and|but|plus)\b", re.IGNORECASE)


def far_side(text: str, found: Sequence[Fact]) -> list[Fact]:
    """The right side of a sentence that tells the left one in another clause, where no other right side is told."""
    sides = [fact for fact in found if fact.dimension == "side"]
    if [fact.value for fact in sides] != ["left"]:
        return []
    left = sides[0].span
    bare = [match.span() for match in islice(_BARE.finditer(text), _MAX)]
    between = [(start, end, (min(end, left.end), max(start, left.start))) for start, end in bare]
    told = [(start, end) for start, end, gap in between if _JOINT.search(text, *gap) and not _STOP.search(text, *gap)]
    return [Fact("side", "right", Span(start, end, text[start:end])) for start, end in told[:1]]
