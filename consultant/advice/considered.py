"""The codes that an answer considers, ranked: what was found, what its sentences name, and what is near.

A reviewer who doubts a draft looks among these first. Where the right code is not reported it is seldom one that was found and
weighed less; more often a sentence names it, or it is a neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from consultant.advice.sheet import Sheet
from consultant.codebook import Codebook
from consultant.vocabulary import Candidate, Evidence, Statement, System

#: Codes that are shown. What was found and is not reported has the first of the places that are left, then what is spoken of.
SHOWN, FOUND, SPOKEN_OF = 12, 6, 3
#: What was found with so much keeps its place before both: a text has led to it.
FIRM = 0.5
#: What is only spoken of ranks behind all that was found.
LOW = 0.15
_READ = 40  # codes of one sentence
_CODE = re.compile(
    r"(?<![\w.$])(?:\d{4}[0-9AFMTU]|[A-V]\d{4}|[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)(?![\w%])"
    r"|(?<![\w-])-(?P<bare>[0-9A-Z]{2})(?![\w-])|\bmodifier (?P<named>[0-9A-Z]{2})\b"
)


def considered(sheet: Sheet, statements: Sequence[Statement]) -> tuple[Candidate, ...]:
    """All that was found; among the first SHOWN codes what was found last gives way to what is near."""
    reported = [c for c in sheet.findings.candidates if c.code in sheet.lines or c.code in sheet.loose]
    others = [c for c in sheet.findings.candidates if c not in reported]
    known = {c.code for c in sheet.findings.candidates}
    spoken_of = {c.code: c for c in _spoken_of(statements, sheet.book) if c.code not in known}
    near = [c for c in sheet.findings.near if c.code not in known and c.code not in spoken_of]
    firm = [c for place, c in enumerate(others) if place < FOUND or c.score >= FIRM]
    shown = [*reported, *firm, *[*spoken_of.values()][:SPOKEN_OF], *near][:SHOWN]
    return (*shown, *(c for c in others if c not in shown))


def _spoken_of(statements: Sequence[Statement], book: Codebook) -> Iterator[Candidate]:
    for statement in statements:
        for told in _told_in(statement.text):
            if known := _known(book, told):
                code, system, title = known
                evidence = tuple(Evidence("statement", (), source) for source in statement.sources[:1])
                yield Candidate(code, system, LOW, f"spoken of: {statement.text[:100]}", evidence, title)


@lru_cache(maxsize=4096)
def _told_in(statement: str) -> tuple[str, ...]:
    """What a statement names, a modifier with its hyphen: most statements are those of the book, said again and again."""
    found = islice(_CODE.finditer(statement), _READ)
    return tuple(f"-{modifier}" if (modifier := match["bare"] or match["named"]) else match.group() for match in found)


@lru_cache(maxsize=4096)
def _known(book: Codebook, code: str) -> tuple[str, System, str] | None:
    if code.startswith("-"):
        modifier = book.modifiers.get(code)
        return (code, System.MODIFIER, modifier.title) if modifier else None
    record = book.record(code)
    return (record.code, record.system, record.title) if record else None
