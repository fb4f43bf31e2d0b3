"""Taking the marks of a patient's identity out: of a text, of a question with all its places, of a letter's HTML.

What is taken out is named in brackets, "[name]", "[birth date]", so that the sentence can still be read. Masking again changes
nothing.
"""

from __future__ import annotations

import html as entities
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from consultant.question.privacy.marks import MOST, read_phi
from consultant.vocabulary import Fact, NamedCode, Question, Span

#: Characters that are looked through. What comes after them is not shown.
MAX_SHOWN = 400_000
CUT = "\n[The rest is longer than what can be checked for patients’ data, and is not shown.]"
TOO_MANY = "[There are more marks of patients in this than can be checked one by one; it is not shown.]"
_BLOCK = re.compile(r"</?(?:p|div|br|li|tr|td|th|h[1-6]|table|ul|ol|blockquote|pre|dd|dt)\b", re.IGNORECASE)
_TAG = re.compile(r"(<[^<>]*>)")

Placed = TypeVar("Placed", NamedCode, Fact)


def mask(text: str, asker: Sequence[str] = (), known: Sequence[str] = ()) -> str:
    """The text without the marks of patients. `asker` is left alone, `known` names are taken out wherever they stand."""
    shown = text[:MAX_SHOWN]
    marks = read_phi(shown, asker, known)
    if len(marks) >= MOST:
        return TOO_MANY
    return _replaced(shown, marks) + (CUT if len(text) > MAX_SHOWN else "")


def mask_subject(subject: str, text: str, asker: Sequence[str] = ()) -> str:
    """The subject without the marks that it has by itself, or by what the letter's text says of its words."""
    marks = read_phi(f"{subject}\n{text[:MAX_SHOWN]}", asker)
    return _replaced(subject, [mark for mark in marks if mark.end <= len(subject)])


def mask_html(html: str, asker: Sequence[str] = (), known: Sequence[str] = ()) -> str:
    """HTML with the marks taken out of its text, also where tags cut them ("<b>Jane</b> Doe"). The tags stay as they are."""
    pieces = _TAG.split(html[:MAX_SHOWN])
    texts = [entities.unescape(piece) if n % 2 == 0 else "\n" * bool(_BLOCK.match(piece)) for n, piece in enumerate(pieces)]
    marks = read_phi("".join(texts), asker, known)
    if len(marks) >= MOST:
        return TOO_MANY
    at, kept = 0, []
    for n, (piece, text) in enumerate(zip(pieces, texts, strict=True)):
        kept.append(entities.escape(_part(text, at, marks)) if n % 2 == 0 and _met(marks, at, at + len(text)) else piece)
        at += len(text)
    return "".join(kept) + (entities.escape(CUT) if len(html) > MAX_SHOWN else "")


def masked(asked: Question) -> str:
    """The question's text without the marks of patients; what a reply quotes."""
    return _replaced(asked.text, [span for span in asked.phi if span.where == "text"]) if len(asked.phi) < MOST else TOO_MANY


def veiled(asked: Question, *, quiet: bool = False) -> Question:
    """The same question without anybody's identity: text and subject masked, every place moved along, facts inside of marks gone.

    This is what is kept with the case: the letter alone holds the names. `quiet` puts dots in place of "birth date", as long
    as the words, for whoever reads on and must not take our words for the asker's.
    """
    if quiet:
        return veiled(replace(asked, phi=tuple(replace(span, label="·" * len(span.label)) for span in asked.phi)))
    if not asked.phi:
        return asked
    if len(asked.phi) >= MOST:
        return Question(text=TOO_MANY, subject=TOO_MANY, phi=(Span(0, len(TOO_MANY), TOO_MANY, "identity"),))
    marks = {where: [span for span in asked.phi if span.where == where] for where in ("text", "subject")}
    return replace(
        asked,
        text=_replaced(asked.text, marks["text"]),
        subject=_replaced(asked.subject, marks["subject"]),
        codes=_moved(asked.codes, marks),
        facts=_moved(asked.facts, marks),
        phi=tuple(replace(_shift(span, marks[span.where]), text=f"[{span.label}]") for span in asked.phi),
    )


def kinds(asked: Question) -> tuple[str, ...]:
    """What was taken out, each kind once: "name", "birth date" …"""
    return tuple(dict.fromkeys(span.label or "identity" for span in asked.phi))


def kinds_in(text: str, asker: Sequence[str] = (), known: Sequence[str] = ()) -> tuple[str, ...]:
    """The kinds of marks that a text holds."""
    return tuple(dict.fromkeys(span.label for span in read_phi(text[:MAX_SHOWN], asker, known)))


def patients(asked: Question) -> tuple[str, ...]:
    """The names found in a question that was not veiled, to take them out of other texts of the case as well."""
    return tuple(dict.fromkeys(span.text for span in asked.phi if span.label == "name"))


# --- inside -----------------------------------------------------------------------------------------------------------


def _replaced(text: str, marks: Sequence[Span]) -> str:
    return _part(text, 0, sorted(marks, key=lambda span: span.start))


def _part(text: str, at: int, marks: Sequence[Span]) -> str:
    """The part of a longer text that begins at `at`, with the marks (in order) named where they begin, cut elsewhere."""
    kept, done = [], 0
    for mark in marks[max(0, bisect_left(marks, at, key=lambda span: span.end)) :]:
        start, end = max(mark.start - at, 0), min(mark.end - at, len(text))
        if start >= len(text):
            break
        if end > start:
            kept += [text[done:start], f"[{mark.label}]" if mark.start >= at else ""]
            done = end
    return "".join([*kept, text[done:]])


def _met(marks: Sequence[Span], start: int, end: int) -> bool:
    place = bisect_left(marks, start + 1, key=lambda span: span.end)
    return place < len(marks) and marks[place].start < end


def _moved(placed: tuple[Placed, ...], marks: dict[str, list[Span]]) -> tuple[Placed, ...]:
    return tuple(
        replace(one, span=_shift(one.span, marks[one.span.where]))
        for one in placed
        if not any(mark.meets(one.span) for mark in marks[one.span.where])
    )


def _shift(span: Span, marks: Sequence[Span]) -> Span:
    by = sum(len(mark.label) + 2 - (mark.end - mark.start) for mark in marks if mark.end <= span.start)
    inside = any(mark.start == span.start and mark.end == span.end for mark in marks)
    length = len(span.label) + 2 if inside else span.end - span.start
    return replace(span, start=span.start + by, end=span.start + by + length)
