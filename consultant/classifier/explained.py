"""How much of what a letter asks a code explains: the share of its telling words that the code's own words know.

One common word that brings a code is no evidence while the words beside it stay unexplained: "TB skin test" is not "skin test".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from consultant.codebook import Codebook
from consultant.codebook.words import TALK, meaning, tokens
from consultant.vocabulary import Candidate, CodeRecord, Question

LONGEST = 300  # characters; of a longer letter the sentences round its first question mark
_FILLERS = """
year old yo pt pts today visit clinic hospital facility same day time bill report use used want first new established we our
please which what how can should service services done performed right left bilateral side both doctor dr provider physician
surgeon payer commercial plan charge per line minutes minute min total
placed put gave given got took one two three"""
FILLERS = frozenset(_FILLERS.split()) | TALK


def asking_part(question: Question) -> str:
    """The words that ask: the whole of a short letter, else the sentences round its first question mark."""
    text = f"{question.subject} {question.text}" if question.subject else question.text
    if len(text) <= LONGEST:
        return text
    end = text.find("?")
    end = end + 1 if end >= 0 else LONGEST
    return text[max(0, end - LONGEST) : end]


def explained(candidate: Candidate, question: Question, book: Codebook) -> float:
    """0..1: of the telling words of the asking part, how many the candidate's title, keywords and evidence know."""
    said = {term: word for word, term in meaning(tokens(asking_part(question))) if tells(word)}
    if not said:
        return 0.0
    known = set(terms_of(candidate.title))
    record = book.starter(candidate.code)
    for text in (*(record.keywords if record else ()), record.plain if record else ""):
        known |= set(terms_of(text))
    for evidence in candidate.evidence:
        known |= {term for words in evidence.words for term in terms_of(words)}
    met = sum(term in known or _written_out(word, known, book) for term, word in said.items())
    return met / len(said)


def _written_out(word: str, known: set[str], book: Codebook) -> bool:
    """Does the code know what an abbreviation stands for?"""
    return any(set(terms_of(text)) <= known for text in book.terms.get(word, ()))


def asked_of(named: Sequence[Candidate], question: Question, book: Codebook, on: date) -> dict[str, float]:
    """How much each named code is what the letter asks about: 1 when it asks for its standing, or when that itself is news."""
    standing = any(f.dimension == "ask" and f.value == "standing" for f in question.facts)
    news = {c.code for c in named if c.title and (record := book.record(c.code, on)) and not _in_use(record, on)}
    return {c.code: 1.0 if standing or c.code in news else explained(c, question, book) for c in named}


def _in_use(record: CodeRecord, on: date) -> bool:
    return record.billable and not (record.ended and record.ended < on) and not (record.effective and record.effective > on)


def tells(word: str) -> bool:
    return word not in FILLERS and not word.isdigit() and len(word) > 1


def terms_of(text: str) -> Iterator[str]:
    return (term for _, term in meaning(tokens(text)))
