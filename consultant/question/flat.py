"""A letter brought to one flow for reading: wrapped lines joined, blanks single, swapped letters of the commonest words mended.

Places are kept: every character of the flat text knows where it stood, so facts lead back to the letter as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from consultant.vocabulary import Span

#: A line this long that ends without a stop was broken by a mail program, not by its writer; shorter ones may be a list.
WRAPPED = 30
_BREAK = re.compile(r"[ \t\xa0]{2,}|[\t\xa0]|[ \t\xa0]*(?<![\n.?!:;,])\n[ \t\xa0]*(?=[A-Za-z0-9(])")
_WORD = re.compile(r"\b[A-Za-z]{6,14}\b")
#: Words by which facts are read. The knowledge's own words are the classifier's to mend.
_FACT_WORDS = """
medicare medicaid commercial insurance established inpatient outpatient hospital emergency telehealth bilateral minutes
units modifier modifiers denied bundled together separate different session surgery procedure practitioner physician therapist
assistant resident radiologist global postoperative general anesthesia laparoscopic percutaneous endoscopic ultrasound
fluoroscopy guidance sedation without cancelled discarded diagnosis"""
_BY_LETTERS = {(word[0], word[-1], "".join(sorted(word))): word for word in _FACT_WORDS.split() if len(word) >= 6}


@dataclass(frozen=True, slots=True)
class Flat:
    text: str
    places: Sequence[int]  # of each character of `text`, and of its end, in the text as written
    written: str

    def back(self, span: Span) -> Span:
        """The span as it stands in the text as written."""
        if self.text is self.written:
            return span
        start = self.places[span.start]
        end = self.places[span.end - 1] + 1 if span.end > span.start else start
        return replace(span, start=start, end=end, text=self.written[start:end])


def flatten(written: str) -> Flat:
    """The text in one flow, in linear time."""
    mended = _WORD.sub(_mended, written)
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for match in _BREAK.finditer(mended):
        if "\n" in match.group() and match.start() - (mended.rfind("\n", 0, match.start()) + 1) < WRAPPED:
            continue
        parts += [mended[at : match.start()], " "]
        places += [*range(at, match.start()), match.start()]
        at = match.end()
    if not parts and mended == written:
        return Flat(written, (), written)
    return Flat("".join((*parts, mended[at:])), (*places, *range(at, len(mended) + 1)), written)


def _mended(match: re.Match[str]) -> str:
    """Two letters that changed places inside a word; the length stays, and so do all places."""
    word = match.group()
    low = word.lower()
    meant = _BY_LETTERS.get((low[0], low[-1], "".join(sorted(low))), low)
    if meant == low or sum(a != b for a, b in zip(low, meant, strict=True)) != 2:
        return word
    return meant.upper() if word.isupper() else meant
