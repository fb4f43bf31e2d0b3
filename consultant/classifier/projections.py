"""Views of a film by the names of their projections: "AP, PA, lateral and both obliques" are five."""

from __future__ import annotations

import re
from itertools import islice

from consultant.vocabulary import Question

_NAMED = re.compile(
    r"\b(?P<twice>both obliques|obliques|bilateral obliques|ap[ /&-]*lat(?:eral)?)\b"
    r"|\b(?P<once>ap|pa|frontal|lat(?:eral)?|oblique|sunrise|merchant|skyline|tunnel|notch"
    r"|swimmer'?s|odontoid|open mouth|axillary"
    r"|scapular y|y view|outlet|mortise|judet|frog[- ]?leg|flexion|extension|decubitus|lordotic|upright|supine|townes?|waters"
    r"|submentovertex|scaphoid view)\b",
    re.IGNORECASE,
)
#: Words of projections that say so only beside others of their kind: "lateral" is a side too, "upright" a posture.
_SURE = re.compile(r"\b(?:ap|pa|views?|films?|x-?rays?|radiographs?|obliques?)\b", re.IGNORECASE)
_MOST = 12


def views(question: Question) -> str:
    """How many projections the letter names; "" with fewer than two, or when it does not speak of films."""
    text = question.text
    if not _SURE.search(text):
        return ""
    found = list(islice(_NAMED.finditer(text), _MOST))
    names = {re.sub(r"\W", "", match.group().lower())[:6]: 2 if match["twice"] else 1 for match in found}
    total = sum(names.values())
    return str(total) if total > 1 else ""
