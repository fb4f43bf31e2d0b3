"""How things look in words: ages, confidence, places, marked text, differences. Plain functions, no requests, no database."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from consultant.question import flow
from consultant.vocabulary import UNSPOKEN, Fact, Question, Span, Status, Topic

TOPICS: dict[str, str] = {
    Topic.CODE_LOOKUP: "Code lookup",
    Topic.GUIDELINE: "Guideline",
    Topic.MODIFIER: "Modifier",
    Topic.CROSSWALK: "Crosswalk",
    Topic.NCCI: "NCCI edits",
    Topic.COMPLIANCE: "Compliance",
    Topic.COVERAGE: "Coverage",
    Topic.PAYMENT: "Payment",
}

#: What a status means for whoever reads the page.
STANDS: dict[str, str] = {
    Status.RECEIVED: "Kept, being read",
    Status.ACCEPTED: "Being classified",
    Status.CLASSIFIED: "Being drafted",
    Status.DRAFTED: "Waits for a decision",
    Status.APPROVED: "Approved, about to leave",
    Status.SENDING: "Being sent right now",
    Status.SENT: "Answered",
    Status.ASKED: "Waits for the sender",
    Status.DECLINED: "Declined",
    Status.FAILED: "Not delivered",
    Status.UNKNOWN: "Delivery in doubt",
    Status.JOINED: "Joined to another case",
    Status.SET_ASIDE: "Set aside",
    Status.QUARANTINED: "Quarantined",
}

#: The colour of a status: what needs a human, what went wrong, what moves by itself, what is done.
TONES: dict[str, str] = {
    Status.DRAFTED: "ready",
    Status.FAILED: "bad",
    Status.UNKNOWN: "bad",
    Status.QUARANTINED: "bad",
    Status.SENT: "done",
    Status.ASKED: "done",
}

#: What the engine reads between the words, and bare numbers: of no use as a mark.
UNMARKED = UNSPOKEN | {"ask"}

LOW = 0.5
HIGH = 0.75


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure the engine is, for the eye: a word, and a bar of so many percent."""

    word: str
    percent: int
    level: str  # "high", "fair", "low" or "none"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked or not. `kind`: "", "code", "fact" or "phi"."""

    text: str
    kind: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference. `kind`: "same", "new", "gone", or "gap" between two places."""

    kind: str
    text: str


def age(since: datetime, now: datetime) -> str:
    """The largest unit that says it: "now", "4 min", "3 h", "2 d"."""
    minutes = int((now - since) / timedelta(minutes=1))
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"


def sure(confidence: float | None, answered: bool | None) -> Sure | None:
    """None as long as the engine hasn't said anything."""
    if confidence is None:
        return None
    percent = round(100 * min(max(confidence, 0.0), 1.0))
    if answered is False:
        return Sure("abstains", percent, "none")
    if confidence >= HIGH:
        return Sure("sure", percent, "high")
    return Sure("fairly sure", percent, "fair") if confidence >= LOW else Sure("unsure", percent, "low")


# --- the letter, marked -----------------------------------------------------------------------------------------------


def pieces(text: str, question: Question | None, start_at: int = 0) -> tuple[list[Piece], int]:
    """The text with its broken lines joined, cut into marked and unmarked pieces, and where it ended in the question's own text.

    A question holds all letters of a case in one flow, one after the other: `start_at` is where to look for this one. A text
    that is not in it comes back whole and unmarked.
    """
    flowing = flow(text)
    text = flowing.unbroken  # a page is wider or narrower than the mail program was
    place = question.text.find(flowing.text, start_at) if question and text else -1
    if question is None or place < 0:
        return [Piece(text)], start_at
    cuts, at = [], 0
    for span, kind, label in marks(question):
        begin, stop = span.start - place, span.end - place
        stop = begin + len(flowing.text[max(begin, 0) : stop].rstrip())
        if begin < 0 or stop > len(flowing.text) or stop <= begin:
            continue  # of another letter
        written = flowing.back(replace(span, start=begin, end=stop, text=flowing.text[begin:stop]))
        if written.start < at:
            continue  # inside of a mark that is there already
        cuts += [Piece(text[at : written.start]), Piece(text[written.start : written.end], kind, label)]
        at = written.end
    return [piece for piece in (*cuts, Piece(text[at:])) if piece.text], place + len(flowing.text)


def masked(cut: list[Piece]) -> list[Piece]:
    """The pieces with the marks of patients named instead of shown."""
    return [replace(piece, text=f"[{piece.label}]") if piece.kind == "phi" else piece for piece in cut]


def marks(question: Question) -> list[tuple[Span, str, str]]:
    """What is worth marking in the text: signs of a patient's identity first, then codes, then facts."""
    found = [(span, "phi", span.label or "identity") for span in question.phi]
    found += [(named.span, "code", _code_label(named.code, named.denied)) for named in question.codes]
    found += [(fact.span, "fact", fact_label(fact)) for fact in question.facts if fact.dimension not in UNMARKED]
    ranks = {"phi": 0, "code": 1, "fact": 2}
    return sorted((f for f in found if f[0].where == "text"), key=lambda f: (f[0].start, ranks[f[1]]))


def fact_label(fact: Fact) -> str:
    value = f"{fact.value:g}" if isinstance(fact.value, float) else str(fact.value)
    name = fact.dimension.replace("_", " ")
    return f"{'no ' if fact.negated else ''}{name}: {value}{' ?' if fact.uncertain else ''}"


def fact_chips(question: Question | None, most: int = 24) -> list[str]:
    """Every fact once, in the order of the letter."""
    facts = question.facts if question else ()
    return list(dict.fromkeys(fact_label(fact) for fact in facts if fact.dimension not in UNMARKED))[:most]


def _code_label(code: str, denied: bool) -> str:
    return f"{code}, denied or questioned" if denied else code


def flowing(text: str) -> list[Piece]:
    """A letter of ours with its soft line breaks told apart, so that a narrow page may let the lines flow.

    A break is soft when the line before it is full and the next one goes on: indented or not, but no item, quote or heading.
    """
    found: list[Piece] = []
    lines = text.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        bare = following.lstrip()
        soft = len(line) > 50 and bare and bare[0] not in "->[*" and not line.startswith(">")
        words = line if not found or found[-1].kind != "soft" else line.lstrip()
        indent = following[: len(following) - len(bare)]
        found += [Piece(words), Piece("\n" + indent, "soft")] if soft else [Piece(words + "\n")]
    return found


# --- differences ------------------------------------------------------------------------------------------------------


def difference(before: str, after: str) -> list[Line]:
    """What changed, line by line, with three lines around each change. Empty when nothing did."""
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=True)
    groups = [list(_lines(old, new, group)) for group in matcher.get_grouped_opcodes(3)]
    gaps: Iterable[list[Line]] = ([Line("gap", "")] if earlier else [] for earlier, _ in pairwise([[], *groups]))
    return [line for gap, group in zip(gaps, groups, strict=True) for line in (*gap, *group)]


def _lines(old: list[str], new: list[str], group: list[tuple[str, int, int, int, int]]) -> Iterator[Line]:
    for tag, i1, i2, j1, j2 in group:
        if tag == "equal":
            yield from (Line("same", text) for text in old[i1:i2])
            continue
        yield from (Line("gone", text) for text in old[i1:i2])
        yield from (Line("new", text) for text in new[j1:j2])
