"""Views of a film: told as such ("one-view films"), by the names of their projections, or as so many films of one part."""

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
_NUMBERS = {"one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_N = r"(?P<n>one|single|two|three|four|five|[1-5])"
_TOLD = re.compile(rf"\b{_N}-view\b", re.IGNORECASE)
#: "Two films of the wrist", "neck x-ray, two pictures"; "films of both hands" may be one of each.
_FILMS = re.compile(rf"\b{_N} (?:x-?ray )?(?:films?|pictures?)\b(?! (?:of|on) (?:both|each)\b)", re.IGNORECASE)


def views(question: Question) -> str:
    """How many views the letter tells; "" when it names fewer than two projections and no number, or speaks of no films."""
    text = question.text
    if not _SURE.search(text):
        return ""
    if told := _TOLD.search(text):
        return _number(told)
    found = list(islice(_NAMED.finditer(text), _MOST))
    names = {re.sub(r"\W", "", match.group().lower())[:6]: 2 if match["twice"] else 1 for match in found}
    total = sum(names.values())
    if total > 1:
        return str(total)
    films = _FILMS.search(text)
    return _number(films) if films else ""


def _number(match: re.Match[str]) -> str:
    return str(_NUMBERS.get(match["n"].lower(), match["n"]))
