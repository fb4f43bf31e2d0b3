"""Two letters that changed places inside one of the commonest words of a question. The length stays, and so do all places."""

from __future__ import annotations

import re

_WORD = re.compile(r"\b[A-Za-z]{6,14}\b")
#: Words by which facts are read. The knowledge's own words are the classifier's to mend.
_FACT_WORDS = """
medicare medicaid commercial insurance established inpatient outpatient hospital emergency telehealth bilateral minutes
units modifier modifiers denied bundled together separate different session surgery procedure practitioner physician therapist
assistant resident radiologist global postoperative general anesthesia laparoscopic percutaneous endoscopic ultrasound
fluoroscopy guidance sedation without cancelled discarded diagnosis"""
_BY_LETTERS = {(word[0], word[-1], "".join(sorted(word))): word for word in _FACT_WORDS.split() if len(word) >= 6}


def mended(text: str) -> str:
    """The text with such words put right, in linear time."""
    return _WORD.sub(_mended, text)


def _mended(match: re.Match[str]) -> str:
    word = match.group()
    low = word.lower()
    meant = _BY_LETTERS.get((low[0], low[-1], "".join(sorted(low))), low)
    if meant == low or sum(a != b for a, b in zip(low, meant, strict=True)) != 2:
        return word
    return meant.upper() if word.isupper() else meant
