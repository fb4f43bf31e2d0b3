"""Does a letter tell what ails only as the reason of what was done? Then it wants no diagnosis."""

from __future__ import annotations

import re

from consultant.classifier.systems import names_diagnoses, speaks_of_services, speaks_of_work, wants_both
from consultant.vocabulary import Question, Topic

#: "First code?" is asked of what ails …
_FIRST_CODE = re.compile(r"\b(?:first|principal) code\b", re.IGNORECASE)
#: … and a letter on how a rule goes may mean the diagnoses that it tells.
_OF_RULES = (Topic.GUIDELINE, Topic.CROSSWALK)

#: Tests that are told by their short names.
_TEST = re.compile(r"\b(?:nst|non-?stress test|bpp|echo|ldct|low[- ]dose ct)\b", re.IGNORECASE)


def only_reasons(question: Question, topic: Topic) -> bool:
    """Does the letter ask for what was done, and speak of no diagnosis as of a code?"""
    if wants_both(question) or names_diagnoses(question) or _FIRST_CODE.search(question.text):
        return False
    works = speaks_of_work(question) or bool(_TEST.search(question.text))
    return speaks_of_services(question) or (works and topic not in _OF_RULES)
