"""What an old injury has left behind: the injury's own code as a sequela, beside the condition of today that the letter names."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from consultant.classifier.diagnoses.titles import Told
from consultant.codebook import Codebook
from consultant.vocabulary import Hit, System

MOST = 3
SURE = 0.75
_INJURY = r"(?:burns?|fractures?|fx|sprains?|dislocations?|lacerations?|crush(?:ing)? injur(?:y|ies)|injur(?:y|ies)|contusions?|frostbite)"
_OLD = r"(?:old|healed|prior|previous|remote|past|childhood)"
_SITE = rf"(?P<site>(?:(?:right|left)\s)?(?!(?:{_OLD}|from|due|after|in|on|at|of|years?|now|which)\b)\w+(?:\s(?:right|left)\b)?)"
_CAUSE = r"\b(?:from|due to|after|following|secondary to|because of|caused by|sequelae? of|late effects? of|residual of)\s"
#: "… from an old burn", "… after a left ankle fracture three years ago".
_FROM_OLD = re.compile(
    rf"{_CAUSE}(?:an?\s|the\s|her\s|his\s)?(?:(?P<old>{_OLD})[\s,]+){{0,2}}(?P<what>(?:\w+\s){{0,3}}?{_INJURY})\b(?:\s(?:of|to)\s(?:the\s|her\s|his\s)?{_SITE})?"
    r"(?P<ago>[^.?!;,]{0,30}\b(?:years?|yrs|decades?) (?:ago|back|before)\b|\s(?:in|as a) (?:childhood|child)\b)?",
    re.IGNORECASE,
)
#: The part of the body that was named last: "Scar contracture of right hand".
_LAST_SITE = re.compile(r"\b(?:(?P<side>right|left)\s)?(?P<part>hand|wrist|forearm|elbow|arm|shoulder|finger|thumb|foot|ankle|leg|knee|thigh|hip|toe|heel|chest|back|neck|face|scalp|abdomen|ribs?|spine|pelvis)\b", re.IGNORECASE)  # fmt: skip
NONUNION = r"\b(?:non-?|un)unit(?:ed|ing)\b|\bnon-?union\b|\b(?:not|never|failed to|fails to) (?:yet )?unit(?:e|ed|ing)\b"
MALUNION = r"\bmal-?(?:union|united)\b|\bheal(?:ed|ing) (?:crooked|in (?:a )?bad position)\b"
#: A bone that has not grown together is still the fracture itself.
UNHEALED = re.compile(rf"{NONUNION}|{MALUNION}|\bdelayed (?:healing|union)\b", re.IGNORECASE)


def sequels(text: str, book: Codebook) -> Iterator[Told]:
    """Old injuries that something of today comes from: each code with its seventh character S, and the place of its words."""
    if UNHEALED.search(text):
        return
    for match in islice(_FROM_OLD.finditer(text), MOST):
        if match["old"] or match["ago"]:
            hit = _sequela(_told(match, text), book)
            if hit:
                yield Told(hit, match.start("what"), match.end())


def _told(match: re.Match[str], text: str) -> str:
    """The injury with its site, the one told with it or else the one told last before it."""
    site = match["site"]
    if site or len(match["what"].split()) > 1:
        return f"{match['what']} of {site}" if site else match["what"]
    before = [m.group() for m in _LAST_SITE.finditer(text, 0, match.start())]
    return f"{match['what']} of {before[-1]}" if before else match["what"]


def _sequela(words: str, book: Codebook) -> Hit | None:
    hit = next(iter(book.search(words, System.ICD10CM, 1)), None)
    if hit is None or hit.score < SURE or len(hit.code) != 8 or hit.code[0] not in "ST":
        return None
    record = book.record(f"{hit.code[:-1]}S")
    return replace(hit, code=record.code, title=record.title) if record else None
