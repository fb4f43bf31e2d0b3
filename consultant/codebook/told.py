"""What words tell: kinds of surfaces, circumstances, and the weight of a term among many."""

from __future__ import annotations

import math
from collections.abc import Iterable

from consultant.codebook import words
from consultant.codebook.words import NO, stem
from consultant.vocabulary import System

SEGMENTS = 2 * len(System)  # the codes of each system, then those of each that have ended
NONE = 0xFFFFFFFF
STEM = "stem"
#: Kinds of surfaces, and how well each stands for its code.
FIELDS = {
    "title": 1.0,
    "inclusion term": 0.99,
    "keyword": 0.97,
    "includes": 0.98,
    "plain words": 0.85,
    "index": 0.98,
    "lay word": 1.0,
    STEM: 0.99,
}
FIELD_NAMES = tuple(FIELDS)
FIELD_SHARES = tuple(FIELDS.values())

_CONTEXT = """
newborn perinatal infant birth; congenital; history; family; sequela; subsequent; underdosing; assault; pathological;
maternal pregnancy pregnant fetus puerperium childbirth postpartum obstetric labor delivery gestational trimester;
hereditary; secondary; postprocedural; malignant; drug; personal; screening; rheumatic; remission;
situ; benign; uncertain; unknownbehavior; bilateral; nontraffic"""
#: Circumstances that a question would name if it meant them: term → bit.
CONTEXT = {stem(word): 1 << at for at, group in enumerate(_CONTEXT.split(";")) for word in group.split()}
#: How a neoplasm behaves: by this alone its codes lie in different blocks.
BEHAVIOR = sum(CONTEXT[stem(word)] for word in ("secondary", "situ", "benign", "uncertain", "unknownbehavior"))
#: Circumstances that stand in a 7th character or in the codes under a heading, so that titles need not tell them.
_ENDINGS = CONTEXT[stem("sequela")] | CONTEXT[stem("subsequent")] | CONTEXT[stem("bilateral")]
NEOPLASMS = frozenset(map(stem, ("neoplasm", "malignant", "carcinoma", "tumor")))
#: Chapters of ICD-10-CM that are a circumstance, whatever their titles say.
CHAPTERS = {letter: CONTEXT[stem(word)] for letter, word in {"O": "pregnancy", "P": "newborn", "Q": "congenital"}.items()}

#: In the title of a code that is never the first: nobody means it who does not say so.
MANIFESTATION = "diseases classified elsewhere"

FAINT = frozenset(map(stem, words.FAINT))
_FAINT_SHARE = 0.3
_NEGATED_SHARE = 0.12  # what "without …" weighs against a title when the question does not speak of it
#: HCPCS codes that a biller seldom means: measures of quality, and what only the hospital outpatient department reports.
ASIDE = {"G8": 4.0, "G9": 4.0, "M1": 4.0, "C": 2.0}
LATER_SHARE = 0.4  # what words far behind in a title of HCPCS do
LISTED_SHARE = 0.3  # what the sites or vehicles of a list do but for its heaviest
OPTIONAL_SHARE = 0.05  # and what words in brackets do, which change nothing by the book's own rule


def told(count: int, total: int) -> float:
    """What a term tells: little when many surfaces have it, most when one has."""
    return math.log(1 + total / (count + 1))


def heaviness(term: str) -> float:
    """The share of what it tells that a term of a title weighs against it when the question has it not."""
    return _NEGATED_SHARE if term.startswith(NO) else importance(term)


def importance(term: str) -> float:
    """The share of what it tells that a term of a question weighs."""
    return _FAINT_SHARE if term in FAINT else 1.0


def astray(told: int, asked: int) -> int:
    """The circumstances that a surface tells and the question has not, or the other way round where that counts."""
    return (told & ~asked) | (asked & ~told & ~_ENDINGS)


def circumstances(terms: Iterable[str]) -> int:
    """The circumstances that terms speak of, a bit each."""
    found = 0
    for term in terms:
        found |= CONTEXT.get(term, 0)
    return found
