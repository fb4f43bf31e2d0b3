"""Two works of one letter that have a side each: "port out on the right, PICC in on the left" is nothing done on both sides."""

from __future__ import annotations

import re
from collections.abc import Mapping

from consultant.advice.edits import is_visit
from consultant.advice.sheet import Sheet
from consultant.vocabulary import Fact

#: An operation or a picture.
_WORK = re.compile(r"[1-7]\d{4}|9[23]\d{3}")
#: Sides that are told in one breath are both of one work: "left and right knee".
_JOINED = re.compile(r" ?(?:\w+ ){0,2}(?:and|&|,|/|\+|or)? ?(?:the |on the |on |then )?", re.IGNORECASE)


def one_side_each(sheet: Sheet) -> Mapping[str, str]:
    """Code → "left" or "right" of two works that have a side each; {} of one work on both sides, and where it can't be told."""
    told = sorted(sheet.facts("side"), key=lambda fact: fact.span.start)
    works = [code for code in sheet.lines if _WORK.fullmatch(code) and not is_visit(code) and not sheet.book.addon_parents(code)]
    if len(works) != 2 or sorted(str(fact.value) for fact in told) != ["left", "right"]:
        return {}
    first, second = told
    between = sheet.findings.question.text[first.span.end : second.span.start]
    if {first.span.where, second.span.where} != {"text"} or _JOINED.fullmatch(between):
        return {}
    words = {code: _words(sheet, code) for code in works}
    one, other = works
    near = {one: _nearest(_own(words[one], words[other]), told), other: _nearest(_own(words[other], words[one]), told)}
    return near if {*near.values()} == {"left", "right"} else {}


def _words(sheet: Sheet, code: str) -> set[tuple[int, int]]:
    """The places of the words that brought a code."""
    return {(span.start, span.end) for span in sheet.spans_of(code, "family", "keyword", "named") if span.where == "text"}


def _own(mine: set[tuple[int, int]], others: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The words that brought this code alone; where there are none, those outside of what brought the other alone."""
    foreign = others - mine
    apart = {(start, end) for start, end in mine if not any(start < stop and begin < end for begin, stop in foreign)}
    return mine - others or apart or mine


def _nearest(words: set[tuple[int, int]], told: list[Fact]) -> str:
    """The side that is told nearest to one of the words; "" where there are none."""
    ranked = sorted(
        (max(start - fact.span.end, fact.span.start - end, 0), str(fact.value)) for start, end in words for fact in told
    )
    return ranked[0][1] if ranked else ""
