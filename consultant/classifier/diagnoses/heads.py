"""One condition of several places: "pain in the right shoulder and left hip" tells both, the second by the words of the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from consultant.classifier.diagnoses.stretches import Stretch, telling
from consultant.classifier.diagnoses.titles import Told
from consultant.vocabulary import Hit

MOST_WORDS = 4  # of a place
_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
#: What may stand between two places; "with" and "from" tell something else.
_AND = re.compile(r"\W*(?:and|&|\+|,|plus)?(?: (?:on|of|in|to|at))?(?: (?:the|her|his|my))?\W*", re.IGNORECASE)


def shared(
    text: str, row: Sequence[Stretch], look: Callable[[Sequence[Stretch]], Hit | None], find: Callable[[str], Hit | None]
) -> list[Told]:
    """The condition of the first stretch, and the same at the places that follow it; none where no place follows.

    `look` finds what stretches name, `find` what words do. A place is told with its side, and names nothing by itself.
    """
    side = _SIDE.search(text, row[0].start, row[0].end)
    head = telling(text[row[0].start : side.start()]) if side else ""
    places = [telling(text[one.start : one.end]) for one in _places(text, row)] if head else []
    first = look(row[:1]) if places else None
    if not first:
        return []
    told = [Told(first, row[0].start, row[0].end)]
    for words, stretch in zip(places, row[1:], strict=False):
        hit = None if look([stretch]) else find(f"{head} {words}")
        if not hit or hit.code[0] != first.code[0] or hit.code == first.code:
            break
        told.append(Told(hit, stretch.start, stretch.end))
    return told if len(told) > 1 else []


def _places(text: str, row: Sequence[Stretch]) -> list[Stretch]:
    """The stretches behind the first that begin with a side, each joined to the one before by nothing but "and"."""
    found: list[Stretch] = []
    for before, one in zip(row, row[1:], strict=False):
        words = telling(text[one.start : one.end])
        if not _SIDE.match(words) or not 1 < len(words.split()) <= MOST_WORDS or not _AND.fullmatch(text[before.end : one.start]):
            break
        found.append(one)
    return found
