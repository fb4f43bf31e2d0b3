"""Does a letter tell what ails only as the reason of what was done? Then it wants no diagnosis."""

from __future__ import annotations

import re

from consultant.classifier.systems import names_diagnoses, speaks_of_services, speaks_of_work, wants_both
from consultant.vocabulary import Question, Topic

#: "First code?", "does the code have a side?", "the wound disruption code" and "encounter for …" are of what ails …
_OF_WHAT_AILS = re.compile(
    r"\b(?:first|principal) code\b|\bcode (?:have|has|carry|come in) an? (?:left|right|side|laterality)|\bencounter for\b"
    r"|\b(?:disruption|dehiscence) (?:of (?:\w+ ){1,3})?codes?\b",
    re.IGNORECASE,
)
#: … and a letter on how a rule goes may mean the diagnoses that it tells.
_OF_RULES = (Topic.GUIDELINE, Topic.CROSSWALK)

#: Tests that are told by their short names.
_TEST = re.compile(r"\b(?:nst|non-?stress test|bpp|echo|ldct|low[- ]dose ct)\b", re.IGNORECASE)


def only_reasons(question: Question, topic: Topic) -> bool:
    """Does the letter ask for what was done, and speak of no diagnosis as of a code?"""
    if wants_both(question) or names_diagnoses(question) or _OF_WHAT_AILS.search(question.text):
        return False
    works = speaks_of_work(question) or bool(_TEST.search(question.text))
    return speaks_of_services(question) or (works and topic not in _OF_RULES)
