"""Words of one letter or two that mean something by their place: "R side:" is a side, and "with us" no ultrasound."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from consultant.classifier.hearing.written import Word
from consultant.vocabulary import Fact, Span

MOST = 40
_SIDES = {"r": "right", "l": "left"}
#: "L side", "on the R", "R: …"; a capital before the colon, as "l:" may be anything.
_SIDE = re.compile(r"(?<![\w/.-])(?:[RrLl](?=[ -]sided?\b)|(?<=\b[Oo]n the )[RrLl]\b(?![/.:-]?\w)|[RL](?=: ))")
#: Who writes: behind these words nobody means a picture, unless the words before tell of what is done under one.
_WITH_US = re.compile(
    r"(?<![\w/])(?:with|w/|by|to|for|of|from|at|let|told|gave|sent|both of|tell|help|asked)[ ]?"
    r"(?P<us>us)\b(?! (?:guid|imag|and\b|\+|prob))"
)
_UNDER_PICTURES = re.compile(
    r"\b(?:biops\w*|bx|fna|aspirat\w*|drain\w*|tap|picc|lines?|inject\w*|\w*centesis|blocks?|core|needle|catheter|access)\b[^.?!\n]{0,40}$",
    re.IGNORECASE,
)
#: "AVMs, not bleeding" are not heard as "AVMs were bleeding".
_DENYING = re.compile(r"\b(?:not|no|never|without|neither|nor|w/o)\b|n't\b", re.IGNORECASE)
#: "Est pt visit": a patient, and no physical therapy.
_PATIENT = re.compile(
    r"\b(?:est(?:ab\w{0,6})?\.?|existing|returning|new|\d ?y/?o|old) (?P<pt>pts?)\b(?! (?:eval|re-?eval|order|script|referral))",
    re.IGNORECASE,
)
_OF_THERAPY = ("pt visit", "pt session", "pt telehealth", "pt clinic", "pt by video", "pt via")
#: "Two joints injected, same visit" tells when, and no visit, unless the letter speaks of one.
_OCCASION = re.compile(r"\bsame (?P<visit>visit)\b", re.IGNORECASE)
_OF_A_VISIT = re.compile(
    r"\b(?:9[29]\d{3}|e[/&]?m|mdm|decision|(?<!same )visits?|exam\w*|eval\w*|consult\w*|(?<!billing )office)\b", re.IGNORECASE
)
_OF_VISITS = ("visit",)
_LATIN = re.compile(r"\b[AO][SDU]\b")
_BEFORE = 60  # characters in which such work is looked for


def instead(whole: str, facts: Sequence[Fact], place: Callable[[Span], tuple[int, int]]) -> dict[int, str]:
    """The word that is read in place of the one that begins there: a side, or what is no fluid."""
    return sides(whole) | latin_sides(facts, place) | quadrants(facts, place)


def misread(whole: str) -> dict[int, tuple[str, ...]]:
    """Where a word begins that is not what it looks like, and how the phrases begin that would take it for that."""
    return {**patients(whole), **occasions(whole)}


def sides(whole: str) -> dict[int, str]:
    """Where a letter stands for a side, and for which."""
    return {match.start(): _SIDES[match.group().lower()] for match in islice(_SIDE.finditer(whole), MOST)}


def latin_sides(facts: Iterable[Fact], place: Callable[[Span], tuple[int, int]]) -> dict[int, str]:
    """Where the Latin signs of ears and eyes stand for a side: "otitis media AD", "cataract OS"."""
    found: dict[int, str] = {}
    for fact in facts:
        sign = _LATIN.search(fact.span.text) if fact.dimension == "side" else None
        if sign:
            found[place(fact.span)[0] + sign.start()] = str(fact.value)
    return found


def of_teeth(facts: Iterable[Fact], place: Callable[[Span], tuple[int, int]]) -> Iterator[Sequence[Word]]:
    """The kind of each tooth that is told by its number, in words: "#30" is a molar, and a tooth."""
    for fact in facts:
        if fact.dimension == "tooth":
            start, end = place(fact.span)
            yield [Word(text, start, end) for text in dict.fromkeys((*str(fact.value).split(), "tooth"))]


def quadrants(facts: Iterable[Fact], place: Callable[[Span], tuple[int, int]]) -> dict[int, str]:
    """Where "LR" is a quadrant of the mouth, and no fluid."""
    return {place(fact.span)[0]: "quadrant" for fact in facts if fact.dimension == "quadrant"}


def ourselves(whole: str) -> set[int]:
    """Where "us" means those who write. In capitals it is a picture."""
    found = (match for match in islice(_WITH_US.finditer(whole), MOST))
    return {m.start("us") for m in found if not _UNDER_PICTURES.search(whole, max(0, m.start() - _BEFORE), m.start())}


def patients(whole: str) -> dict[int, tuple[str, ...]]:
    """Where "pt" means a patient, and how phrases of therapy begin that are none there, although a visit or a session follows."""
    return {match.start("pt"): _OF_THERAPY for match in islice(_PATIENT.finditer(whole), MOST)}


def occasions(whole: str) -> dict[int, tuple[str, ...]]:
    """Where "same visit" tells when, in a letter that speaks of no visit, and how phrases begin that would take it for one."""
    told = () if _OF_A_VISIT.search(whole) else islice(_OCCASION.finditer(whole), MOST)
    return {match.start("visit"): _OF_VISITS for match in told}


def expandable(texts: Iterable[str], starts: Iterable[int], whole: str) -> list[str]:
    """The words as abbreviations are looked up among them: without what is none."""
    mine = ourselves(whole)
    return ["" if start in mine else text for text, start in zip(texts, starts, strict=True)]


def denied_within(phrase: str, whole: str, start: int, end: int) -> bool:
    """Does the stretch in which a phrase is heard hold a "not" that is none of the phrase's own?"""
    return bool(_DENYING.search(whole, start, end)) and not _DENYING.search(phrase)
