"""Two works of one letter that have a side each: "port out on the right, PICC in on the left" is nothing done on both sides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from consultant.advice.official.edits import is_visit
from consultant.advice.official.files import named
from consultant.advice.sheet import Sheet
from consultant.vocabulary import Fact

#: An operation or a picture.
_WORK = re.compile(r"[1-7]\d{4}|9[23]\d{3}")
#: What parts the clauses of two works.
_JOINT = re.compile(r"[,;:.](?=\s)|\b(?:and|but|plus|then|while)\b|\s[&+]\s", re.IGNORECASE)
#: Sides that are told in one breath are both of one work: "left and right knee".
_JOINED = re.compile(r" ?(?:[a-z]+ ){0,2}(?:and|&|,|/|\+|or)? ?(?:the |on the |on |then )?", re.IGNORECASE)


def one_side_each(sheet: Sheet) -> Mapping[str, str]:
    """Code → "left" or "right" of two works that have a side each; {} of one work on both sides, and where it can't be told."""
    told = sorted(sheet.facts("side"), key=lambda fact: fact.span.start)
    works = [code for code in sheet.lines if _is_work(sheet, code)]
    if len(works) == 1:  # the other one may be refused, as a needle into the other knee
        works += [code for code in sheet.refused if code in named(sheet) and _is_work(sheet, code)]
    if len(works) != 2 or sorted(str(fact.value) for fact in told) != ["left", "right"]:
        return {}
    first, second = told
    between = sheet.findings.question.text[first.span.end : second.span.start]
    if {first.span.where, second.span.where} != {"text"} or _JOINED.fullmatch(between):
        return {}
    words = {code: _words(sheet, code) for code in works}
    one, other = works
    text = sheet.findings.question.text
    near = {
        one: nearest(text, _own(words[one], words[other]), told),
        other: nearest(text, _own(words[other], words[one]), told),
    }
    return near if {*near.values()} == {"left", "right"} else {}


def _is_work(sheet: Sheet, code: str) -> bool:
    return bool(_WORK.fullmatch(code)) and not is_visit(code) and not sheet.book.addon_parents(code)


def _words(sheet: Sheet, code: str) -> set[tuple[int, int]]:
    """The places of the words that brought a code."""
    return {(span.start, span.end) for span in sheet.spans_of(code, "family", "keyword", "named") if span.where == "text"}


def _own(mine: set[tuple[int, int]], others: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The words that brought this code alone; where there are none, those outside of what brought the other alone."""
    foreign = others - mine
    apart = {(start, end) for start, end in mine if not any(start < stop and begin < end for begin, stop in foreign)}
    return mine - others or apart or mine


def nearest(text: str, words: Iterable[tuple[int, int]], told: Sequence[Fact]) -> str:
    """The side that is told in the clause of one of the words, and there nearest to it; "" where there are none."""
    ranked = sorted(
        (_joints(text, start, end, fact), max(start - fact.span.end, fact.span.start - end, 0), str(fact.value))
        for start, end in words
        for fact in told
    )
    return ranked[0][2] if ranked else ""


def _joints(text: str, start: int, end: int, fact: Fact) -> int:
    """How many joints stand between a word and a side."""
    return len(_JOINT.findall(text, min(end, fact.span.end), max(start, fact.span.start)))
