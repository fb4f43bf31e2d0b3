"""A letter brought to one flow for reading: lines that a mail program broke are joined, blanks are single.

Every room behind this one reads the flow. Places are kept: each character of it knows where it stood, so what is found leads
back to the letter as it was written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from consultant.vocabulary import Span

#: A line shorter than this was ended by its writer: a list, an address, a signature.
WRAPPED = 30
#: No mail program breaks behind more characters than this; a longer line is a whole paragraph.
WIDEST = 100
_BLANKS = re.compile(r"[^\S\n]*+\n[^\S\n]*+|[^\S\n]{2,}|[^\S\n ]")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*+\n")
_FIRST_WORD = re.compile(r"(?P<item>[-*•>+]\s|\w{1,2}[.)]\s)?\S*")
_STOPS = (".", "?", "!", ":", ";")


@dataclass(frozen=True, slots=True)
class Flow:
    text: str
    places: Sequence[int]  # of each character of `text`, and of its end, in the text as written; empty where they are the same
    written: str

    @property
    def unbroken(self) -> str:
        """The text as written, every character in its place, but for the ends of broken lines, which are blanks."""
        shown, places = list(self.written), self.places
        for at, (start, following) in enumerate(pairwise(places)):
            if self.text[at] == " " and "\n" in (between := self.written[start:following]):
                shown[start:following] = between.replace("\n", " ")
        return "".join(shown)

    def back(self, span: Span) -> Span:
        """The span as it stands in the text as written."""
        if not self.places:
            return span
        start = self.places[span.start]
        end = self.places[span.end - 1] + 1 if span.end > span.start else start
        return replace(span, start=start, end=end, text=self.written[start:end])

    def forth(self, span: Span) -> Span:
        """A span of the text as written, as it stands in the flow."""
        if not self.places:
            return span
        start, end = bisect_left(self.places, span.start), bisect_left(self.places, span.end)
        return replace(span, start=start, end=end, text=self.text[start:end])


def flow(written: str) -> Flow:
    """The text in one flow, in linear time."""
    parts: list[str] = []
    places: list[int] = []
    at = behind = widest = 0
    for match in _BLANKS.finditer(written):
        if match.start() >= behind:
            behind, widest = _paragraph(written, behind)
        joint = "\n" if "\n" in match.group() and not _is_soft(written, match, widest) else " "
        if match.group() == joint:
            continue
        parts += [written[at : match.start()], joint]
        places += [*range(at, match.start()), match.start()]
        at = match.end()
    if not parts:
        return Flow(written, (), written)
    return Flow("".join((*parts, written[at:])), (*places, *range(at, len(written) + 1)), written)


def _paragraph(written: str, start: int) -> tuple[int, int]:
    """Where the paragraph ends that begins at `start`, and how long its longest line is that a mail program may have broken."""
    found = _EMPTY_LINE.search(written, start)
    end = found.end() if found else len(written) + 1
    return end, max((len(line) for line in written[start:end].split("\n") if len(line) <= WIDEST), default=0)


def _is_soft(written: str, broken: re.Match[str], widest: int) -> bool:
    """Did a mail program break the line here? Then the next word would not have fitted, or the sentence just goes on."""
    length = broken.start() - (written.rfind("\n", 0, broken.start()) + 1)
    following = _FIRST_WORD.match(written, broken.end(), broken.end() + WIDEST)
    if length < WRAPPED or following is None or following["item"] or not following.group():
        return False
    goes_on = following.group()[0].islower() and not written.endswith(_STOPS, 0, broken.start())
    return goes_on or length + 1 + len(following.group()) > widest
