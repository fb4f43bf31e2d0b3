"""What was done at each level of the spine that a letter names, and whether nerves were freed elsewhere than it was fused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise

from consultant.classifier.hearing.written import Word
from consultant.vocabulary import Fact, Span, vertebra

#: What is done to a spine: made stiff, freed, held by metal, cut away whole.
_ACTS = {
    "fused": r"[apto]lif|[dxl]lif|acdf|pcf|plf|fus(?:ed|es|ing|ion)s?|arthrodes[ei]s|interbody",
    "freed": r"laminectom\w+|hemilaminectom\w+|laminotom\w+|decompress\w*|foraminotom\w+|(?:micro)?dis[ck]ectom\w+|facetectom\w+",
    "held": r"screws?|rods?|plates?|plating|cages?|instrument\w*|fixation|hardware",
    "out": r"corpectom\w+|vertebrectom\w+",
}
_AN_ACT = re.compile("|".join(rf"\b(?P<{kind}>{words})\b" for kind, words in _ACTS.items()), re.IGNORECASE)
_WITH = re.compile(r"\W{0,3}(?:with|using|w/)", re.IGNORECASE)
_JOINT = re.compile(r",|\b(?:and|plus|then|also)\b|[&+]", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!;](?=\s|$)|\n")
#: "Laminectomy at two others".
_AT_OTHERS = re.compile(
    rf"\b(?:{_ACTS['freed']}) (?:at|of|on) (?:the |another )?(?:(?:one|two|three|four|[1-4]) )?(?P<others>others?)\b",
    re.IGNORECASE,
)
_MOST = 4


def freed_elsewhere(facts: Iterable[Fact], place: Callable[[Span], tuple[int, int]], whole: str) -> Iterator[Sequence[Word]]:
    """The letter's own words for it, where the nerves were freed at none of the levels that were fused: "another level".

    "PLIF L4-S1 and laminectomy L2-3" names the levels alone, and "laminectomy at two others" their number.
    """
    for told in islice(_AT_OTHERS.finditer(whole), _MOST):
        yield _another_level(*told.span("others"))
    levels = sorted((f for f in facts if f.dimension == "spine_level" and not f.negated), key=lambda fact: fact.span.start)
    if len(levels) < 2:
        return
    places = [place(fact.span) for fact in levels]
    spaces: dict[str, set[int]] = {}
    freed: tuple[int, int] | None = None
    for level, at, acts in zip(levels, places, acts_of(places, whole), strict=True):
        for act in acts:
            spaces.setdefault(act, set()).update(spanned(level)[:-1])
        freed = freed or (at if "freed" in acts else None)
    if freed and "fused" in spaces and not spaces["fused"] & spaces["freed"]:
        yield _another_level(*freed)


def _another_level(start: int, end: int) -> list[Word]:
    return [Word("another", start, end), Word("level", start, end)]


def acts_of(places: Sequence[tuple[int, int]], whole: str) -> Iterable[frozenset[str]]:
    """Of each level the acts told since the level before it, else those of that level; where a sentence begins with a level,
    those behind it."""
    sentences: dict[int, list[tuple[int, int]]] = {}
    stops = [0, *(match.end() for match in _SENTENCE.finditer(whole)), len(whole)]
    for place in places:
        begin = max(stop for stop in stops if stop <= place[0])
        sentences.setdefault(begin, []).append(place)
    for begin, own in sentences.items():
        end = min((stop for stop in stops if stop > own[-1][0]), default=len(whole))
        gaps = [*pairwise([begin, *(at for place in own for at in place), end])][::2]
        before, beside = [kinds(whole, *gap) for gap in gaps], [frozenset[str]()] * len(gaps)
        for at, gap in enumerate(gaps[1:-1], 1):  # "C3 to C6 with screws and a laminectomy of C4": the screws are of the first
            if _WITH.match(whole, *gap) and (joint := _JOINT.search(whole, *gap)):
                beside[at - 1], before[at] = kinds(whole, gap[0], joint.start()), kinds(whole, joint.end(), gap[1])
        told = _carried(before[:-1]) if before[0] or beside[0] else [*_carried(before[:0:-1])][::-1]
        yield from (acts | more for acts, more in zip(told, beside, strict=False))


def kinds(whole: str, start: int, end: int) -> frozenset[str]:
    """The kinds of acts ("fused", "freed", "held", "out") that a stretch of the letter tells."""
    return frozenset(match.lastgroup or "" for match in _AN_ACT.finditer(whole, start, end))


def spanned(level: Fact) -> range:
    """The vertebrae of "C4-C7", by their numbers: four of them, whose interspaces are all but the last."""
    upper = vertebra(str(level.value).split("-")[0])
    return range(upper, upper + int(level.span.label) + 1)


def _carried(acts: Iterable[frozenset[str]]) -> Iterable[frozenset[str]]:
    """Each one, or the one before it where it is empty."""
    last: frozenset[str] = frozenset()
    for one in acts:
        last = one or last
        yield last
