"""One condition of several places: "pain in the right shoulder and left hip" tells both, the second by the words of the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from consultant.classifier.diagnoses.stretches import Stretch, telling
from consultant.classifier.diagnoses.titles import Told
from consultant.vocabulary import Hit

_IN = re.compile(r" ?(?:in|on|of) (?:the|her|his|my) ?", re.IGNORECASE)
MOST_WORDS = 4  # of a place
_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
#: What may stand between two places; "with" and "from" tell something else.
_AND = re.compile(r"\W*(?:and|&|\+|,|plus)?(?: (?:on|of|in|to|at))?(?: (?:the|her|his|my))?\W*", re.IGNORECASE)


def shared(
    text: str, row: Sequence[Stretch], look: Callable[[Sequence[Stretch]], Hit | None], find: Callable[[str], Hit | None]
) -> tuple[list[Told], int]:
    """The condition at its first place, and the same at the places that follow it, with how many stretches tell them.

    None where no place follows. `look` finds what stretches name, `find` what words do. A place is told with its side, and
    names nothing by itself.
    """
    own = 2 if len(row) > 2 and _stands_at(text, row[0], row[1]) else 1
    first = Stretch(row[0].start, row[own - 1].end)
    side = _SIDE.search(text, first.start, first.end)
    head = telling(text[first.start : side.start()]) if side else ""
    places = list(_places(text, row[own - 1 :])) if head else []
    hit = look(row[:own]) if places else None
    if not hit:
        return [], 0
    told = [Told(hit, first.start, first.end)]
    for place in places:
        other = None if look([place]) else find(f"{head} {telling(text[place.start : place.end])}")
        if not other or other.code[0] != hit.code[0] or other.code == hit.code:
            break
        told.append(Told(other, place.start, place.end))
    return (told, own + len(told) - 1) if len(told) > 1 else ([], 0)


def _stands_at(text: str, what: Stretch, where: Stretch) -> bool:
    """ "Pain" and "right shoulder", which "in the" has parted."""
    between = _IN.fullmatch(text[what.end : where.start])
    return bool(between and not _SIDE.search(text, what.start, what.end) and _SIDE.match(telling(text[where.start : where.end])))


def _places(text: str, row: Sequence[Stretch]) -> Iterator[Stretch]:
    """The stretches behind the first that begin with a side, each joined to the one before by nothing but "and"."""
    for before, one in pairwise(row):
        words = telling(text[one.start : one.end])
        if not _SIDE.match(words) or not 1 < len(words.split()) <= MOST_WORDS or not _AND.fullmatch(text[before.end : one.start]):
            return
        yield one
