"""A diagnosis code that the letter names and that is only a heading: which code under it the letter's other words describe.

"Z86.010 rejects, her polyps were tubular adenomas": the heading's own title together with the letter's words finds the code, as
a coder finds it by reading down the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from consultant.classifier.diagnoses.stretches import telling
from consultant.codebook import Codebook
from consultant.vocabulary import Candidate, CodeRecord, Evidence, Hit, NamedCode, Question, System

LONGEST = 240  # characters of the letter that are looked up
HITS = 8
CATEGORY = 3  # characters of a heading that holds too much for a few words to choose from
#: As a share of the best under the heading: what comes so close leaves it open.
CLOSE = 0.96
#: Nothing more is known: the code for what is not specified.
_NO_MORE = re.compile(
    r"\b(?:no(?:t| other| specific)? (?:\w+ )?(?:cause|type|site|detail|specif\w+|reason)|unspecified|nos"
    r"|not (?:otherwise )?specified|nothing (?:else|more)|(?:just|only) (?:says|states|reads|documents))\b",
    re.IGNORECASE,
)


def below_headings(question: Question, book: Codebook, on: date) -> list[Candidate]:
    """One candidate under each heading of ICD-10-CM that the letter names and describes; its fact "below" is the heading."""
    return [
        _candidate(named, record, hit)
        for named, record in _headings(question, book, on)
        if (hit := _described(named, record, _affirmed(question), book, on))
    ]


def covers(described: Candidate, other: Candidate) -> bool:
    """Is the other one of the same heading, or named by words that tell the first from its neighbours?"""
    own = {word.lower() for evidence in other.evidence for told in evidence.words for word in telling(told).split()}
    return other.code.startswith(described.facts["below"]) or not own.isdisjoint(described.evidence[0].words)


def _headings(question: Question, book: Codebook, on: date) -> Iterator[tuple[NamedCode, CodeRecord]]:
    for named in question.codes:
        record = book.record(named.code, on) if named.system is System.ICD10CM else None
        if record and not record.billable and len(record.code) > CATEGORY and named.span.where == "text":
            yield named, record


def _affirmed(question: Question) -> str:
    """The text with what it denies blanked out, so that all places stay."""
    text = question.text
    for fact in question.facts:
        if fact.dimension == "negated" and fact.span.where == "text" and not _NO_MORE.search(fact.span.text):
            text = text[: fact.span.start] + " " * (fact.span.end - fact.span.start) + text[fact.span.end :]
    return text


def _described(named: NamedCode, heading: CodeRecord, text: str, book: Codebook, on: date) -> Hit | None:
    """The code under the heading that the words of the letter tell from its neighbours."""
    around = f"{text[: named.span.start]} {text[named.span.end :]}"[:LONGEST]
    under = _under(book.search(f"{heading.title} {around}", System.ICD10CM, HITS, on), heading.code) if telling(around) else []
    if not under or (len(under) > 1 and under[1].score > CLOSE * under[0].score):
        return None
    vague = "unspecified" in under[0].title.lower()
    tells = _tells(under[0], heading)
    return under[0] if (tells and not vague) or (vague and _NO_MORE.search(around)) else None


def _tells(hit: Hit, heading: CodeRecord) -> set[str]:
    """The words that describe the code and are none of its heading's."""
    return {word.lower() for word in hit.words} - {word.lower() for word in re.findall(r"\w+", heading.title)}


def _under(hits: Sequence[Hit], heading: str) -> list[Hit]:
    return [hit for hit in hits if hit.code.startswith(heading) and hit.code != heading]


def _candidate(named: NamedCode, heading: CodeRecord, hit: Hit) -> Candidate:
    evidence = (Evidence("condition", tuple(sorted(_tells(hit, heading))), hit.code, (named.span,)),)
    why = f"under the heading {heading.code}: {', '.join(hit.words)}"
    return Candidate(hit.code, System.ICD10CM, round(0.6 + 0.3 * hit.score, 3), why, evidence, hit.title, {"below": heading.code})
