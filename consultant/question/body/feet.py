"""What a note found at the feet, by the classes of Medicare: A, B and C (Benefit Policy Manual, chapter 15, §290 F).

A pulse counts where the letter says that it is not there, so its "no" denies nothing; of the skin three changes make one finding.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from consultant.question.scopes import mark
from consultant.vocabulary import Fact, Span

_FEET = re.compile(r"\b(?:foot|feet|pedal|podiat\w+|toe\w*|nails?|callus\w*|corns?|class [abc]|q[789])\b", re.IGNORECASE)
_PHRASE = re.compile(r"[^.;?!\n]+")
_PART = re.compile(r"(?:(?!,|\b(?:but|while|whereas|although)\b).)+", re.IGNORECASE | re.DOTALL)
_ABSENT = re.compile(
    r"\b(?:absent|absence|missing|no|not|non-?palpable|unpalpable|neither|nor|without|can(?:no|')t (?:feel|palpate|find)|could ?n[o']t (?:feel|find|be felt))\b",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"\b(?:weak|faint|diminished|decreased|present|intact|normal|good|strong|bounding|[1-4]/4|[12]\+)", re.IGNORECASE
)
_PULSES = {
    "dorsalis pedis": re.compile(r"\bdorsalis(?: pedis)?\b|\bdp\b", re.IGNORECASE),
    "posterior tibial": re.compile(
        r"\b(?:posterior )?tibial(?:is)?\b|\bpt\b(?! (?:is|was|has|had|seen|says|with|here)\b)|\btp\b", re.IGNORECASE
    ),
}
_PULSE = re.compile(r"\bpuls\w+|\bpalpa\w+|\babsent\b|\bnon-?palpable\b", re.IGNORECASE)
_BOTH = re.compile(
    r"\b(?:both (?:pedal |foot )?pulses|(?:pedal|foot) pulses|no pulses in (?:the|either|his|her) (?:foot|feet)|neither (?:pedal |foot )?pulse)\b",
    re.IGNORECASE,
)
_SKIN = {
    "hair": re.compile(r"\bhair(?:less| growth| loss)?\b", re.IGNORECASE),
    "nails": re.compile(
        r"\bthick\w* (?:\w+ ){0,2}(?:toe)?nails?\b|\b(?:toe)?nails? (?:\w+ ){0,2}thick\w*|\bnail thickening\b", re.IGNORECASE
    ),
    "pigment": re.compile(r"\b(?:hyper)?pigment\w*|\bdiscolou?r\w*", re.IGNORECASE),
    "texture": re.compile(
        r"\b(?:thin|shiny|atrophic|papery)\b(?=[^.;]{0,20}\bskin\b)|\bskin\b[^.;]{0,20}\b(?:thin|shiny|atrophic)\b|\bshiny\b",
        re.IGNORECASE,
    ),
    "redness": re.compile(r"\brub(?:or|rous)\b|\bredness\b|\bred skin\b", re.IGNORECASE),
}
_TROPHIC = re.compile(r"\b(?:advanced )?trophic (?:skin )?changes\b", re.IGNORECASE)
_OF_SKIN = 3  # changes that make one finding of class B
_LOST = re.compile(r"(?<!no )(?<!\btraumatic )\bamputat\w+", re.IGNORECASE)
_INJURED = re.compile(r"\b(?:accident|traum\w+|mower|crush\w*|saw|injur\w+)\b", re.IGNORECASE)
_C = {
    "claudication": re.compile(r"\bclaudicat\w+", re.IGNORECASE),
    "temperature": re.compile(
        r"\b(?:cold|cool) (?:feet|foot|toes|to (?:the )?touch)|\b(?:feet|foot|toes)\b[^.;,]{0,16}\b(?:cold|cool)\b|\btemperature changes?",
        re.IGNORECASE,
    ),
    "edema": re.compile(r"\bo?edema\w*|\bswell\w+|\bswollen\b", re.IGNORECASE),
    "paresthesia": re.compile(r"\bpar(?:a)?esthesias?\b|\btingl\w+|\bpins and needles\b", re.IGNORECASE),
    "burning": re.compile(r"\bburning\b", re.IGNORECASE),
}
_AROUND = 40
_MOST = 60


def read_feet(text: str, scopes: list[Fact]) -> list[Fact]:
    """A fact of dimension "class_finding" for each finding, as "B dorsalis pedis", at the first place that tells it."""
    if not _FEET.search(text):
        return []
    return [*_facts(text, _pulses(text)), *mark(_facts(text, _others(text)), scopes)]


def _facts(text: str, told: Iterable[tuple[str, int, int]]) -> list[Fact]:
    found: dict[str, Span] = {}
    for name, start, end in told:
        found.setdefault(name, Span(start, end, text[start:end]))
    return [Fact("class_finding", name, span) for name, span in found.items()]


def _pulses(text: str) -> Iterator[tuple[str, int, int]]:
    """The pulses that are not there: from the word that says so, which is why no scope denies them."""
    for phrase in islice(_PHRASE.finditer(text), _MOST):
        told = phrase.group()
        if not _PULSE.search(told) or not _ABSENT.search(told):
            continue
        both = _BOTH.search(told)
        for part in _PART.finditer(text, phrase.start(), phrase.end()):
            if not _ABSENT.search(part.group()) or _THERE.search(part.group()):
                continue
            for name, pattern in _PULSES.items():
                if found := pattern.search(text, part.start(), part.end()):
                    cues = [cue.start() for cue in _ABSENT.finditer(text, part.start(), found.start())]
                    yield f"B {name}", cues[-1] if cues else found.start(), found.end()
                elif both:
                    yield f"B {name}", part.start(), part.end()


def _others(text: str) -> Iterator[tuple[str, int, int]]:
    """The findings of class A, of the skin, and of class C."""
    skin = [found for pattern in _SKIN.values() if (found := pattern.search(text))]
    trophic = _TROPHIC.search(text) or (min(skin, key=re.Match.start) if len(skin) >= _OF_SKIN else None)
    if trophic:
        yield "B skin", *trophic.span()
    for lost in islice(_LOST.finditer(text), _MOST):
        if not _INJURED.search(text, max(0, lost.start() - _AROUND), lost.end() + _AROUND):
            yield "A amputation", *lost.span()
    for name, pattern in _C.items():
        if felt := pattern.search(text):
            yield f"C {name}", *felt.span()
