"""What the sender wrote now: the text without the letters it quotes and without the signature.

Better too much than too little: when it is not certain that lines are quoted, they stay; when nothing else is left, all stays.
Answers written between quoted lines keep the lines they answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from consultant.letter import attribution
from consultant.letter.signature import without_signature

MAX_CLOSINGS = 1_000  # lines looked at because an attribution could end in them; no letter has so many
MAX_LINES = 5_000  # lines beyond are kept as they are, quoted ones dropped

COMPARISON = re.compile(r"\s{0,3}>\s?[=\d]")  # "> 30 minutes"


class Kind(Enum):
    OWN = "own"
    QUOTE = "quote"
    INTRO = "intro"  # announces a quotation
    REST = "rest"  # an unquoted original, down to the end
    PASSED_ON = "passed on"  # a forwarded letter, down to the end


@dataclass
class Run:
    """Neighbouring lines of one kind."""

    kind: Kind
    lines: list[str]

    @property
    def says_something(self) -> bool:
        return any(line.strip() and not attribution.is_rule(line) for line in self.lines)


def visible(text: str, otherwise: str = "", forwarded: bool = False) -> str:
    """The sender's own words in a text whose quotations are `> ` lines or announced ones.

    `otherwise` is handed back when no word is left (default: the text itself). `forwarded`: the letter passes another one on,
    so only the signature goes.
    """
    lines = _lines(text)
    kept = _kept([Run(Kind.OWN, lines)] if forwarded else _runs(lines))
    if not any(line.strip() for line in kept):
        kept = _lines(otherwise or text)
    return "\n".join(kept).strip("\n").rstrip()


def is_passed_on(text: str) -> bool:
    """Whether a text is a forwarded letter and nothing else."""
    first = next((line for line in text[:4_000].split("\n") if line.strip()), "")
    return attribution.is_forward(first)


def _lines(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Some web mailers glue "--- On Monday, Alice wrote:" to the last word of the answer.
    text = re.sub(r"(?<=[^\s>-])(?=-{3} On [^\n]{8,200}:\n)", "\n", text)
    # … and some glue "On Tue, Apr 3, Alice wrote:" to it.
    text = re.sub(r"(?<=[.!?)\w]) (?=On [A-Z][a-z]{2},? [^\n]{8,200}\bwrote:\n\s{0,3}>)", "\n", text)
    return text.split("\n")


def _runs(lines: list[str]) -> list[Run]:
    """The text cut into runs; the work per line is bounded."""
    runs: list[Run] = []
    place, budget = 0, [MAX_CLOSINGS]
    while place < min(len(lines), MAX_LINES):
        if _is_quote_line(lines, place):
            _add(runs, Kind.QUOTE, [lines[place]])
            place += 1
        elif not runs and (end := attribution.header_block(lines, place)) > place:
            _add(runs, Kind.OWN, lines[place:end])  # nothing stands above it: it heads the sender's own text
            place = end
        elif attribution.is_forward(lines[place]):
            return [*runs, *_passed_on(runs, lines, place)]
        elif intro := _intro(runs, lines, place, budget):
            start, place = intro
            _take_back(runs, start)
            runs.append(Run(Kind.INTRO, lines[start:place]))
            if not _quote_follows(lines, place):
                return [*runs, Run(Kind.REST, lines[place:])]
        else:
            _add(runs, Kind.OWN, [lines[place]])
            place += 1
    _add(runs, Kind.OWN, [line for line in lines[place:] if not attribution.is_quoted(line)])
    return runs


def _add(runs: list[Run], kind: Kind, lines: list[str]) -> None:
    if runs and runs[-1].kind is kind:
        runs[-1].lines += lines
    elif lines:
        runs.append(Run(kind, lines))


def _is_quote_line(lines: list[str], place: int) -> bool:
    """A `>` line; but not `>= 15 minutes`, nor the end of an address broken over lines (`<alice@clinic.example` / `> wrote:`)."""
    if not attribution.is_quoted(lines[place]) or attribution.is_groupwise(lines[place]):
        return False
    around = lines[max(0, place - 1) : place] + lines[place + 1 : place + 2]
    if COMPARISON.match(lines[place]) and not any(map(attribution.is_quoted, around)):
        return False
    above = lines[place - 1][-400:] if place else ""
    broken = above.count("<") > above.count(">") or above.lstrip().startswith("mailto:")
    return not (broken and not attribution.is_quoted(above) and attribution.closes(lines[place]))


def _passed_on(runs: list[Run], lines: list[str], place: int) -> list[Run]:
    """A forwarded letter is there to be read. With no word above it, it is the letter, and only its header goes."""
    if any(run.kind is Kind.OWN and run.says_something for run in runs):
        return [Run(Kind.PASSED_ON, lines[place:])]
    start = place + 1
    while start < len(lines) and not lines[start].strip():
        start += 1
    return [Run(Kind.OWN, lines[attribution.header_block(lines, start) :])]


def _intro(runs: list[Run], lines: list[str], place: int, budget: list[int]) -> tuple[int, int] | None:
    """First line and end of the announcement that shows itself in line `place`."""
    line = lines[place]
    if attribution.is_original(line):
        after = _after_header(lines, place + 1)
        if after > place + 1 or attribution.is_dressed(line) or not line.rstrip().endswith(":") or _quote_follows(lines, after):
            return place, after
    if budget[0] and attribution.closes(line):
        budget[0] -= 1
        own = len(runs[-1].lines) if runs and runs[-1].kind is Kind.OWN else 0
        start = attribution.attribution_start(lines, place, place - own)
        if start is not None and _believed(lines, start, place + 1):
            return start, place + 1
    if attribution.header_kind(attribution.bare(line)) and any(run.says_something for run in runs):
        end = attribution.header_block(lines, place)
        return (place, end) if end > place else None
    return None


def _believed(lines: list[str], start: int, end: int) -> bool:
    joined = " ".join(filter(None, (attribution.bare(line) for line in lines[start:end])))
    if attribution.hands_on(joined):
        return False
    if _quote_follows(lines, end) or attribution.is_certain(joined):
        return True
    apart = start > 0 and not lines[start - 1].strip() and end < len(lines) and not lines[end].strip()
    return apart and attribution.is_who_and_when(joined)


def _after_header(lines: list[str], place: int) -> int:
    """Behind the header block that may stand here, blank lines before it allowed."""
    start = place
    while start < min(len(lines), place + 3) and not lines[start].strip():
        start += 1
    end = attribution.header_block(lines, start)
    return end if end > start else place


def _quote_follows(lines: list[str], place: int) -> bool:
    following = next((line for line in lines[place : place + 8] if line.strip()), "")
    return attribution.is_quoted(following)


def _take_back(runs: list[Run], start: int) -> None:
    """The announcement began in lines that were taken for the sender's own."""
    surplus = sum(len(run.lines) for run in runs) - start
    if surplus > 0:
        del runs[-1].lines[-surplus:]


def _kept(runs: list[Run]) -> list[str]:
    """The lines that stay: own words; quotations only where they are answered between the lines, or nobody announced them."""
    for run in runs:
        if run.kind is Kind.OWN:
            run.lines = without_signature(run.lines)
    spoken = [place for place, run in enumerate(runs) if run.kind in {Kind.OWN, Kind.PASSED_ON} and run.says_something]
    if not spoken:
        return []
    with_quotes = not _is_announced(runs) or _is_interleaved(runs)
    out: list[str] = []
    for run in runs[: spoken[-1] + 1]:
        if run.lines and (run.kind in {Kind.OWN, Kind.PASSED_ON} or (run.kind is Kind.QUOTE and with_quotes)):
            out += [*([""] if out and out[-1].strip() and run.lines[0].strip() else []), *run.lines]
    return out


def _is_announced(runs: list[Run]) -> bool:
    return any(run.kind is Kind.INTRO or (run.kind is Kind.QUOTE and _announces_itself(run.lines)) for run in runs)


def _announces_itself(lines: list[str]) -> bool:
    """Phones put "On Monday, Alice wrote:" inside the quotation."""
    top = [line for line in lines[:8] if attribution.bare(line)][:3]
    return any(
        attribution.closes(line) and attribution.attribution_start(top, place, 0) is not None for place, line in enumerate(top)
    )


def _is_interleaved(runs: list[Run]) -> bool:
    """Own words with quoted lines above and below them, which nobody announced anew."""
    kinds = [run.kind for run in runs if run.kind in {Kind.QUOTE, Kind.INTRO} or (run.kind is Kind.OWN and run.says_something)]
    steps = zip(kinds, kinds[1:], kinds[2:], strict=False)
    return (Kind.QUOTE, Kind.OWN, Kind.QUOTE) in steps
