"""Official titles of ICD-10-CM that stand in the letter word for word, as out of a chart: they name their codes.

Where several places of a code are told apart (a substance, its pattern, what came of it) they name it together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from consultant.classifier.candidates import Matched
from consultant.classifier.diagnoses.substances import by_substance
from consultant.classifier.fits import of_diagnoses
from consultant.classifier.hearing.words import Hit as Met
from consultant.classifier.hearing.words import Reading
from consultant.classifier.systems import speaks_of_diagnoses, speaks_of_services, wants_pcs
from consultant.codebook import Codebook
from consultant.codebook.kept import families_of
from consultant.vocabulary import Candidate, Evidence, Hit, Question, Span, System

LONGEST = 900  # characters that are looked at
MOST = 3  # sentences
LEAST = 3  # words of a title: a shorter one is looked for as any condition is
_SEARCHED = 5
_SURE = 0.95
_SENTENCE = re.compile(r"[^.?!;\n]+(?:\.\d[^.?!;\n]*)*")
_WORD = re.compile(r"\w+")
#: Words of a family that ask for a code and name no disease.
ASKS = re.compile(r"\b(?:icd|dx|diagnos|cod(?:e|es|ed|ing)\b)")


class Told(NamedTuple):
    """A diagnosis, and where the text tells it."""

    hit: Hit
    start: int
    end: int

    def meets(self, other: Told) -> bool:
        """Do the two share a character?"""
        return self.start < other.end and other.start < self.end


class Titles(NamedTuple):
    """The official titles that a letter holds word for word."""

    diagnoses: Sequence[Told]
    procedures: Sequence[Candidate]


def told_titles(question: Question, book: Codebook) -> list[Told]:
    """The titles that a letter about diagnoses holds, the longest of those that share words."""
    made = None if speaks_of_services(question) else by_substance(question.text, book)
    kept: list[Told] = [Told(*made)] if made else []
    if not speaks_of_diagnoses(question):
        return kept
    for told in _longest_first(question, book, System.ICD10CM):
        if not any(map(told.meets, kept)):
            kept.append(told)
    return sorted(kept, key=lambda told: told.start)


def told_procedures(question: Question, book: Codebook) -> list[Candidate]:
    """The inpatient procedures whose official titles stand in a letter that asks for them, as out of an encoder."""
    if not wants_pcs(question):
        return []
    return [
        Candidate(told.hit.code, System.ICD10PCS, _SURE, "official title", (_by_title(told, question.text),), told.hit.title)
        for told in _longest_first(question, book, System.ICD10PCS)[:1]
    ]


def _longest_first(question: Question, book: Codebook, system: System) -> list[Told]:
    """The titles of the system that stand in sentences long enough to hold one."""
    long = (one for one in _SENTENCE.finditer(question.text[:LONGEST]) if len(_WORD.findall(one.group())) >= LEAST)
    found = [told for one in islice(long, MOST) for told in _in_sentence(one.group(), one.start(), book, system)]
    return sorted(found, key=lambda told: (told.start - told.end, told.start))


def _by_title(told: Told, text: str) -> Evidence:
    words = text[told.start : told.end]
    return Evidence("title", (words,), told.hit.code, (Span(told.start, told.end, words),))


def without_titles(families: Sequence[Matched], titles: Sequence[Told], book: Codebook, reading: Reading) -> list[Matched]:
    """Without the families of diagnoses all of whose words for the disease stand in a title: the title says it better."""
    places = [(told.start + reading.shift, told.end + reading.shift) for told in titles]
    by_id = families_of(book)
    return [one for one in families if not places or not of_diagnoses(by_id[one[0].id]) or not _all_inside(one[1], places)]


def _in_sentence(sentence: str, at: int, book: Codebook, system: System) -> Iterator[Told]:
    told = sentence.lower()
    for hit in book.search(sentence, system, _SEARCHED):
        words = _WORD.findall(hit.title)
        whole = len(words) >= LEAST and all(word.lower() in told for word in words)
        if whole and (record := book.record(hit.code)) and record.billable:
            for match in re.finditer(r"\b" + r"\W{1,3}".join(map(re.escape, words)) + r"\b", sentence, re.IGNORECASE):
                yield Told(hit, at + match.start(), at + match.end())


def _all_inside(hits: Sequence[Met], places: Sequence[tuple[int, int]]) -> bool:
    own = [hit for hit in hits if not ASKS.search(hit.phrase)]
    return all(any(start <= hit.start and hit.end <= end for start, end in places) for hit in own)
