"""Marks of a patient's identity: names beside patient words, birth dates, SSN, Medicare, record and member numbers, phones …

These are for a warning and for masking, no proof that a letter is clean. `bench/phi.py` measures them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from consultant.question.privacy.identifiers import identifiers
from consultant.question.privacy.names import names
from consultant.vocabulary import Span

#: Marks of one kind that are looked at, and names that are looked for again. Where there are more, `veil` shows nothing at all.
MOST = 400
MOST_NAMES = 60

#: Also of the letter that is quoted below an answer.
_SIGN_OFF = re.compile(
    r"(?im:^[ \t]{0,4}(?:>[ ]?){0,3}(?:many[ ])?"
    r"(?:thanks|thank[ ]you|thx|best|kind|warm|regards|sincerely|respectfully|cheers|cordially)"
    r"\b[\w ,!.]{0,40}$)"
)
_SIGNED = frozenset({"name", "phone", "e-mail", "address"})  # what a signature holds of its owner
_SIGNATURE_LINES = 9
_PARTS = re.compile(r"[^\s,]+")
_TOO_SHORT = 3


def read_phi(text: str, asker: Sequence[str] = (), known: Sequence[str] = ()) -> list[Span]:
    """The marks in the order of the text, without overlaps; `label` says what each is.

    `asker`: names and addresses of whoever wrote, which are left alone. `known`: names of patients found elsewhere in the case.
    """
    signed = list(_signatures(text))
    own = {word.lower() for one in asker for word in _PARTS.findall(one)}
    marks = list(identifiers(text, MOST))
    found = [span for span in (*marks, *names(text, MOST, marks)) if not _owned(span, signed, own)]
    found += _again(text, [*known, *(span.text for span in found if span.label == "name")])
    return _apart(found)


def _signatures(text: str) -> Iterator[tuple[int, int]]:
    """From a sign-off to the last of the short lines below it."""
    for match in islice(_SIGN_OFF.finditer(text), MOST):
        end = match.end()
        for _ in range(_SIGNATURE_LINES):
            stop = text.find("\n", end + 1)
            stop = len(text) if stop < 0 else stop
            line = text[end:stop].strip()
            if len(line) > 90 or line.endswith("?") or end >= len(text):
                break
            end = stop
        yield match.start(), end


def _owned(span: Span, signed: list[tuple[int, int]], own: set[str]) -> bool:
    if span.label not in _SIGNED:
        return False
    if own and all(word.lower() in own for word in _PARTS.findall(span.text)):
        return True
    return any(start <= span.start < end for start, end in signed)


def _again(text: str, written: Sequence[str]) -> Iterator[Span]:
    """Every further place of a name that was found once: the whole of it, or one of its longer words by itself."""
    wanted: dict[str, None] = {}
    for name in list(dict.fromkeys(written))[:MOST_NAMES]:
        wanted |= dict.fromkeys([name, *(part.strip(".'’") for part in _PARTS.findall(name))])
    words = [re.escape(word) for word in sorted(wanted, key=len, reverse=True) if len(word) > _TOO_SHORT]
    if words:
        pattern = re.compile(rf"(?<!\w)(?<!Dr\. )(?<!Dr )(?P<it>{'|'.join(words)})(?![\w-])")
        for match in islice(pattern.finditer(text), MOST):
            yield Span(match.start(), match.end(), match.group(), "name")


def _apart(found: list[Span]) -> list[Span]:
    """The first and longest of those that overlap."""
    found.sort(key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
