"""How well patients' identities are found: precision and recall by kind on tests/phi, and the time that hostile text takes.

    python bench/phi.py [--misses] [--with-presidio]

A thing to find counts as found when the marks cover four fifths of its letters and digits; a mark counts as right when it touches
one. `--with-presidio` needs presidio-analyzer in the environment and calls its pattern recognisers directly.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from consultant.question.privacy.marks import read_phi
from consultant.vocabulary import Span

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "phi"
HALVES = ("dev", "held_out", "languages")
Letter = tuple[str, list[Span]]
Finder = Callable[[str], list[Span]]
_BRACES = re.compile(r"\{([^:{}\n]+):([^{}\n]+)\}")


def letters(half: str) -> list[Letter]:
    """Each letter's text and the spans to find, from the blocks between lines of "=="."""
    blocks = re.split(r"(?m)^==\n", (FOLDER / f"{half}.txt").read_text(encoding="utf8"))[1:]
    return [_letter(block.strip("\n")) for block in blocks]


def _letter(block: str) -> Letter:
    text, spans, at = "", [], 0
    for match in _BRACES.finditer(block):
        text += block[at : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), match[2], match[1]))
        text, at = text + match[2], match.end()
    return text + block[at:], spans


def covered(wanted: Span, found: list[Span]) -> bool:
    places = [n for n in range(wanted.start, wanted.end) if wanted.text[n - wanted.start].isalnum()]
    return sum(any(f.start <= n < f.end for f in found) for n in places) >= 0.8 * len(places)


def touches(mark: Span, wanted: list[Span]) -> bool:
    return any(mark.start < w.end and w.start < mark.end for w in wanted)


def score(half: str, find: Finder, *, misses: bool = False) -> dict[str, Counter[str]]:
    """By kind and for all: wanted, found, marks, right; and clean letters that were left alone."""
    kinds: dict[str, Counter[str]] = {}
    for text, wanted in letters(half):
        marks = find(text)
        for span in wanted:
            hit = covered(span, marks)
            for kind in (span.label, "all"):
                kinds.setdefault(kind, Counter()).update(wanted=1, found=hit)
            if misses and not hit:
                print(f"  missed {span.label} “{span.text}” in: {text[:110]!r}")
        for mark in marks:
            right = touches(mark, wanted)
            for kind in (mark.label, "all"):
                kinds.setdefault(kind, Counter()).update(marks=1, right=right)
            if misses and not right:
                print(f"  wrong {mark.label} “{mark.text}” in: {text[:110]!r}")
        if not wanted:
            kinds.setdefault("clean letters", Counter()).update(wanted=1, found=not marks)
    return kinds


def show(name: str, kinds: dict[str, Counter[str]]) -> None:
    print(name)
    for kind, n in sorted(kinds.items(), key=lambda item: (item[0] == "all", item[0])):
        recall = f"{n['found']}/{n['wanted']}" if n["wanted"] else "-"
        precision = f"{n['right']}/{n['marks']}" if n["marks"] else "-"
        print(f"  {kind:<16} recall {recall:<8} precision {precision}")


def hostile() -> None:
    for part in ("Mr. ", "A1.", "patient Jane ", "1-", "a@", "Jane, ", "DOB ", "Thanks\n", "12 Oak "):
        text = part * (100_000 // len(part))
        start = time.perf_counter()
        read_phi(text)
        print(f"  100 kB of {part!r}: {time.perf_counter() - start:.2f} s")


def main(wanted: tuple[str, ...] = ()) -> None:
    for half in HALVES:
        show(f"ours, {half} ({len(letters(half))} letters)", score(half, read_phi, misses="--misses" in wanted and half == "dev"))
    if "--with-presidio" in wanted:
        from bench._presidio import find

        for half in HALVES:
            show(f"presidio's pattern recognisers, {half}", score(half, find))
    hostile()


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
