"""A service that stands only in a question: "Can we charge cardioversion?" does not tell that one was done.

Of lines that stood on nothing but the words of such a question, with the story told beside it and no rule that knows it, nine in
ten were wrong (622 letters of strangers): the asker doubts them for a reason. They are taken off, and looked at by the reviewer.
"""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet, book_source, spoken
from consultant.vocabulary import Candidate, System

_HELD = "The letter asks whether {} is billed: nothing else in it tells that it was done, and no rule of the book decides it."
#: Evidence that words alone brought.
_OF_WORDS = frozenset({"keyword", "family", "search", "condition"})
#: "Is the external cause a fall?" asks for the chapter; how it happened stands in the story.
_CAUSES = "VWXY"
#: The story: at least so many words that are no such question.
LEAST_TOLD = 5
_SENTENCE = re.compile(r"(?:[^.?!\n]|\.(?=\d))+(?:[.?!\n]+|$)")
#: "Can you tell me how …?" asks for more than a yes.
_WHETHER = re.compile(
    r"\s*(?:(?:so|and|but|or|also|then|since [^,]{1,60},|if [^,]{1,60},)[ ,]*){0,3}"
    r"(?!(?:can|could|would|will) (?:you|someone|anyone|anybody|somebody)\b)"
    r"(?:can|could|may|do|does|did|should|shall|is|are|was|will|would|must|has|have)\b[^?]*\?",
    re.IGNORECASE,
)


def asked_whether_rule(sheet: Sheet) -> Ruling:
    """Lines without a rule whose words all stand in a question for yes or no, where the letter tells what was done beside it."""
    text = sheet.findings.question.text
    if sheet.settled or "?" not in text:
        return Ruling()
    sentences = [(match, bool(_WHETHER.match(match.group()))) for match in _SENTENCE.finditer(text)]
    questions = [match.span() for match, asks in sentences if asks]
    if not questions or sum(len(match.group().split()) for match, asks in sentences if not asks) < LEAST_TOLD:
        return Ruling()
    held = tuple(c.code for c in sheet.findings.candidates if c.code in sheet.lines and _only_asked(c, questions))
    if not held:
        return Ruling()
    said = _HELD.format(spoken(held))
    return Ruling(hold=held, sayings=(Saying("unchecked", said, (book_source(sheet.book),)),))


def _only_asked(candidate: Candidate, questions: list[tuple[int, int]]) -> bool:
    if candidate.system is System.MODIFIER or not {e.kind for e in candidate.evidence} <= _OF_WORDS:
        return False
    if candidate.system is System.ICD10CM and candidate.code[0] in _CAUSES:
        return False
    spans = candidate.spans_of()
    return bool(spans) and all(
        span.where != "subject" and any(start <= span.start < end for start, end in questions) for span in spans
    )
