"""A text as a row of words with their places, and a phrase as the words by which it is found in one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from consultant.codebook.words import ARTICLES, without_articles

#: A longer letter is not one question; its further words are not looked at.
MAX_WORDS = 6000
#: A non-pressure ulcer is no pressure ulcer. As many characters as before, so that places stay.
_NOT_PRESSED = ("non-pressure", "skin        ")
#: "A-scan", "HER-2", "T&A", "b/l", "w/o", "re-ed" are one word: what looks like an article in them is none; between two words
#: ("off-the-shelf") it is. So are "non tunneled" and "non-tunneled", which is not tunneled.
_NAME = (
    rf"(?<![\w-])(?:{'|'.join(sorted(ARTICLES))})-[a-z0-9]+(?![\w-])|\b(?:[a-z]&a|a&[a-z]|b/l|w/o|re-ed)\b"
    r"|\bnon[ -][a-z][a-z0-9]*(?:'s)?"
)
_WORD = re.compile(rf"{_NAME}|\b(?:i|you|he|she|it|we|they|who)'d\b|[a-z0-9]+(?:'s)?")  # "I'd" is no incision and drainage
#: Before a name they are no disease and no drug.
_TITLE = re.compile(r"\b(?:Ms|Mrs)\b(?=\.? [A-Z])")
_WITHIN = str.maketrans("", "", " -")  # what stands between the parts of one word
_PART = re.compile(rf"(?<= )\.\.(?= )|(?:{_NAME}|[a-z0-9]+(?:'s)?)\*?")


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: int
    end: int
    article: bool = False


#: One thing, for all that it ends in -s.
_SINGULAR_WORDS = """
ascites atlas bias biceps caries crps diabetes feces forceps gas herpes lens measles mets mumps pancreas psoas rabies scabies
shingles triceps"""
_SINGULAR = frozenset(_SINGULAR_WORDS.split())
KEPT = 50_000  # words whose plain form is remembered


@lru_cache(maxsize=KEPT)
def plain(word: str) -> str:
    """A word without its plural or possessive ending."""
    word = word.removesuffix("'s")
    if word in _SINGULAR or word.removesuffix("es") in _SINGULAR:
        return word if word in _SINGULAR else word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def split(text: str) -> list[Word]:
    """The words of a text in lower case, with their places, articles left out."""
    return [word for word in written(text) if not word.article]


def written(text: str) -> list[Word]:
    """The words of a text in lower case, with their places."""
    lowered = text.lower() if len(text.lower()) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    found = islice(_WORD.finditer(lowered.replace(*_NOT_PRESSED)), MAX_WORDS)
    titles = {title.start() for title in islice(_TITLE.finditer(text), MAX_WORDS)}
    return [
        Word(plain(m.group().translate(_WITHIN)), m.start(), m.end(), m.group() in ARTICLES)
        for m in found
        if m.start() not in titles
    ]


def pattern_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they are compared; those that end in * match any word that begins so, and ".." is a gap.

    Articles are left out, but for one at the end and whose a thing is where that is said first (`without_articles`).
    """
    told = phrase.lower().replace(*_NOT_PRESSED)
    parts = told.split() if _is_plain(told) else [part.translate(_WITHIN) for part in _PART.findall(told)]
    return tuple([part if part[-1] == "*" else plain(part) for part in without_articles(parts)])


def _is_plain(phrase: str) -> bool:
    """Is it nothing but words with a space between, gaps and beginnings? Most are, and need no pattern to be taken apart."""
    words = phrase.replace(" .. ", " ").replace("* ", " ").removesuffix("*").replace(" ", "")
    return words.isascii() and words.isalnum() and "non " not in phrase and " *" not in f" {phrase}"
