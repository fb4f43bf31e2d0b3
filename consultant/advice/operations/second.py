"""Which of two operations of a letter came later: "lap chole Monday, taken back Wednesday for a washout"."""

from __future__ import annotations

import re

from consultant.advice.sheet import Sheet
from consultant.advice.sides.told import is_after_other_side
from consultant.vocabulary import Span

#: Of the second of two operations, whatever came first.
OF_LATER = frozenset({"-58", "-78", "-79"})
_WAYS = ("family", "keyword", "named")
#: Behind these words the second operation is told.
_LATER = re.compile(
    r"\b(?:taken|took|takes|take|brought|brings|went|goes|go|returned|returns|return|came|comes|had to go|got) "
    r"(?:\w+ ){0,3}?(?:back\b|to (?:the )?(?:or\b|operating room|surgery|theat))"
    r"|\bre-?(?:operat|explor|open)\w*|\b(?:hours?|days?|weeks?|months?) later\b"
    r"|\b(?:next|following|same) (?:day|night|morning|evening)\b"
    r"|\b(?:unplanned )?return (?:to|visit)\b|\btake-?back\b|\bon (?:post-?op )?day \w+\b",
    re.IGNORECASE,
)
#: "10180 after return to the OR": what was done there.
_GOING_BACK = re.compile(
    r",? (?:\w+ )?(?:after|at|during|on|upon|following|when|for) (?:(?:the|an?|she|he|pt) )?(?:unplanned )?", re.IGNORECASE
)
#: What one goes back for: "tonsillectomy bleed on day 6, taken back" tells the second operation by its cause.
_CAUSE = re.compile(r"bleed|hemorrhag|haemorrhag|infect|leak|dehisc|hematoma|haematoma|abscess|complication", re.IGNORECASE)


def is_first(sheet: Sheet, code: str) -> bool:
    """Is all that brought the code told before the words that tell of going back? Of two sides the later is asked about."""
    if is_after_other_side(sheet):
        return False
    text = sheet.findings.question.text
    later = _LATER.search(text)
    told = _named(sheet, code) or [span for span in _brought(sheet, code) if span.end - span.start > 3]
    before = later is not None and bool(told) and all(span.end <= later.start() for span in told)
    if before and later and any(_GOING_BACK.fullmatch(text, span.end, later.start()) for span in told):
        return False
    return before and not any(_CAUSE.search(text[span.start : span.end]) for span in told)


def is_told_later(sheet: Sheet, code: str) -> bool:
    """Do the first words that brought the code stand behind those that tell of a later day?"""
    later = _LATER.search(sheet.findings.question.text)
    starts = [span.start for span in _named(sheet, code) or _brought(sheet, code)]
    return later is not None and bool(starts) and min(starts) >= later.start()


def _named(sheet: Sheet, code: str) -> list[Span]:
    return [one.span for one in sheet.findings.question.codes if one.code == code and one.span.where == "text"]


def _brought(sheet: Sheet, code: str) -> list[Span]:
    """The words that brought the code; where another line came by some of them too, of one family of operations, its own."""
    spans = [span for span in sheet.spans_of(code, *_WAYS) if span.where == "text"]
    shared = {span for other in sheet.lines if other != code for span in sheet.spans_of(other, *_WAYS)}
    return [span for span in spans if span not in shared] or spans
