"""Eyelids have signs of their own: E1 upper left, E2 lower left, E3 upper right, E4 lower right, each on the work done there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from consultant.advice.lines import wants_marks
from consultant.advice.official.files import indicator
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source

#: Operations on the lids and their lashes, the trimming of their skin, and plugs of the tear openings. A brow is no lid.
_ON_LIDS = re.compile(r"67[78]\d\d|679(?!00)\d\d|1582[0-3]|68761")
_WORD = re.compile(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]")
_MOST = 400  # words
_SIDES = {
    **dict.fromkeys(("left", "lt", "L", "os"), "L"),
    **dict.fromkeys(("right", "rt", "R", "od"), "R"),
    **dict.fromkeys(("both", "bilateral", "bilaterally", "ou"), "LR"),
}
_LEVELS = {"upper": "upper", "lower": "lower", "uppers": "upper", "lowers": "lower"}
_SHORT = {"LUL": "-E1", "LLL": "-E2", "RUL": "-E3", "RLL": "-E4"}
_LIDS = frozenset({"lid", "lids", "eyelid", "eyelids"})
_JOINTS = frozenset({",", "&", "/", "+", "and", "of", "the", "on", "eye", "eyes", "side", "sides", "her", "his"})
_SIGNS = {("L", "upper"): "-E1", ("L", "lower"): "-E2", ("R", "upper"): "-E3", ("R", "lower"): "-E4"}
_OF_SIDES = ("-RT", "-LT")


class _Run(NamedTuple):
    """Words of the letter, one behind the other, that name lids."""

    start: int
    words: list[str]


def lids_rule(sheet: Sheet) -> Ruling:
    """The sign of each lid on the line of the work that was done on it, in the place of RT and LT."""
    on = [code for code in sheet.lines if _ON_LIDS.fullmatch(code)]
    told = list(_told(sheet.findings.question.text)) if on else []
    on_both = "-50" in sheet.loose or any("-50" in sheet.lines[code] for code in on)  # one line, as a card says
    if (
        not told
        or len({sign for _, signs in told for sign in signs}) == len(_SIGNS)
        or not wants_marks(sheet)
        or (len(on) == 1 and on_both)
    ):
        return Ruling()
    if len(on) == 1 and _is_done_twice(sheet, on[0], told):
        return Ruling(modifiers=((on[0], "-50"),))
    placed = [(on[0], sign) for _, signs in told for sign in signs] if len(on) == 1 else _each_to_its_own(sheet, on, told)
    placed = list(dict.fromkeys(placed))
    if not placed:
        return Ruling()
    held = [("", sign) for sign in sheet.loose] + [(code, sign) for code in on for sign in sheet.lines[code]]
    idle = tuple(one for one in held if one not in placed and one[1] in ("-50", *_OF_SIDES, *_SIGNS.values()))
    parts = ", ".join(f"{sign[1:]} on {code}" for code, sign in placed)
    said = Saying(
        "why", f"A lid has a modifier of its own, in the place of a side: {parts}.", (record_source(sheet.book, on[0]),)
    )
    return Ruling(modifiers=tuple(placed), unmark=idle, sayings=(said,))


def _is_done_twice(sheet: Sheet, code: str, told: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """ "Both upper lids" of an operation that is priced for one side: one line, by the bilateral indicator."""
    paired = {sign for _, signs in told for sign in signs} in ({"-E1", "-E3"}, {"-E2", "-E4"})
    held = indicator(sheet, code, "bilateral") if paired and "bilateral" in sheet.said("side") else None
    return held is not None and held.value == "1"


def _each_to_its_own(sheet: Sheet, on: Sequence[str], told: Sequence[tuple[int, Sequence[str]]]) -> list[tuple[str, str]]:
    """Several works with a lid each: as many runs of one lid as works, in the order in which the letter tells both."""
    signs = [run[0] for _, run in told if len(run) == 1]
    own = ("family", "keyword", "named")  # a card's words are those of all its codes
    first = {code: min((span.start for span in sheet.spans_of(code, *own) if span.where == "text"), default=-1) for code in on}
    if not len(signs) == len(told) == len(on) == len({*signs}) == len({*first.values()}) or -1 in first.values():
        return []
    return list(zip(sorted(on, key=lambda code: first[code]), signs, strict=True))


def _told(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where each run of words about lids begins, and the signs of the lids that it names."""
    for run in _runs(text):
        signs = [_SHORT[word] for word in run.words if word in _SHORT]
        if not signs and any(word.lower() in _LIDS for word in run.words):
            signs = _paired([word if word in ("L", "R") else word.lower() for word in run.words])
        if signs:
            yield run.start, list(dict.fromkeys(signs))


def _runs(text: str) -> Iterator[_Run]:
    run = _Run(0, [])
    for match in islice(_WORD.finditer(text), _MOST):
        word = match.group()
        low = word.lower()
        if word in _SHORT or word in _SIDES or low in _SIDES or low in _LEVELS or low in _LIDS or low == "four":
            run = run if run.words else _Run(match.start(), [])
            run.words.append(word)
        elif low not in _JOINTS:
            yield run
            run = _Run(0, [])
    yield run


def _paired(words: Sequence[str]) -> list[str]:
    """ "Right upper and lower", "upper, right and left": what stands first opens a group, and what follows it closes it."""
    if "four" in words:
        return [*_SIGNS.values()]
    marks: list[tuple[str, str]] = []
    for word in words:
        marks += [("side", side) for side in _SIDES.get(word, "")]
        marks += [("level", _LEVELS[word])] if word in _LEVELS else []
    groups: list[dict[str, list[str]]] = []
    behind = ""
    for kind, value in marks:
        if not groups or (kind == marks[0][0] and behind != kind):
            groups.append({"side": [], "level": []})
        groups[-1][kind].append(value)
        behind = kind
    if any(not group["side"] for group in groups) or not any(group["level"] for group in groups):
        return []
    levels = groups[0]["level"]
    pairs = [pair for group in groups for pair in product(group["side"], group["level"] or levels)]
    return [_SIGNS[pair] for pair in pairs]
