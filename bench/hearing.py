"""What hearing phrases in other words wins and costs: letters right in either way, won by it and lost, those kept aside too.

`python -m bench.hearing --learn` finds the letters with keys, all but those kept aside, that are right only without it, and
writes down the phrases that spoil them: these are heard as written from then on.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from bench._book import measured
from bench.accuracy import EXAM, OWN, SHOWN, answered, faults_of, read, wrong
from bench.topics import LETTERS
from consultant.classifier.hearing.loosely import TABLE, Heard, Loosely
from consultant.classifier.prepared import prepared
from consultant.codebook import Codebook, current
from consultant.codebook.knowledge import Example
from consultant.codebook.sources import starter
from consultant.vocabulary import Answer

TODAY = date(2026, 11, 22)
ROUNDS = 4  # what is heard as written may bring another phrase to the fore
PART = 150  # letters that a process takes at once
Row = dict[str, Any]


class Spoiled(NamedTuple):
    """A letter that is right only without some loosely heard phrases."""

    by_one: tuple[str, ...]  # without any one of these it is right
    by_all: tuple[str, ...]  # where no single one is enough: without all of these


def main() -> None:
    with measured() as book:
        aside = [row for row in read(EXAM) if row["aside"]]
        for name, rows in (("letters with keys", _learned_from()), ("kept aside", aside)):
            found = Counter(_in_parts(partial(_compared, book.path.parent.parent), rows))
            counts = {"right": found[True, True], "won": found[True, False], "lost": found[False, True]}
            print(f"{name}: {len(rows)}, " + ", ".join(f"{what} {n}" for what, n in counts.items()))


def learn() -> None:
    """Writes the table: round by round the fewest phrases that keep each letter right. The same letters give the same table."""
    rows = _learned_from()
    known: set[str] = set()
    _write(known)  # the workers hear everything loosely
    with measured() as book:
        left, heard = list(range(len(rows))), [frozenset[str]()] * len(rows)
        for turn in range(1, ROUNDS + 1):
            work = partial(_spoiled, book.path.parent.parent, frozenset(known))
            found = list(_in_parts(work, [rows[at] for at in left]))
            spoiled = [one for _, one in found if one]
            print(f"round {turn}: {len(spoiled)} of {len(left)} letters spoiled, {len(known)} phrases as written", flush=True)
            for at, (phrases, _) in zip(left, found, strict=True):
                heard[at] = phrases
            if not (new := _fewest(spoiled)):
                break
            left = [at for at, phrases in enumerate(heard) if not phrases.isdisjoint(new)]
            known |= new
    _write(known)


def _write(phrases: Collection[str]) -> None:
    head = "# Phrases that are heard as written only; learned by `python -m bench.hearing --learn`, not typed"
    TABLE.write_text("\n".join((head, *sorted(phrases))) + "\n", encoding="utf8")


def _fewest(spoiled: Iterable[Spoiled]) -> set[str]:
    """Phrases without which all of these letters are right: first those that mend most."""
    spoiled = list(spoiled)
    chosen = {phrase for letter in spoiled for phrase in letter.by_all}
    open_ones = [letter.by_one for letter in spoiled if letter.by_one and chosen.isdisjoint(letter.by_one)]
    while open_ones:
        mends = Counter(phrase for phrases in open_ones for phrase in phrases)
        chosen.add(min(mends, key=lambda phrase: (-mends[phrase], phrase)))
        open_ones = [phrases for phrases in open_ones if chosen.isdisjoint(phrases)]
    return chosen


def _learned_from() -> list[Row]:
    rows = [row for path in (OWN, LETTERS, EXAM) for row in read(path) if not row.get("aside")]
    return [*rows, *({"question": example.question, "example": example} for _, example in starter.examples())]


def _in_parts(work: Any, rows: Sequence[Row]) -> Iterator[Any]:
    parts = [rows[at : at + PART] for at in range(0, len(rows), PART)]
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        for found in pool.map(work, parts):
            yield from found


def _compared(data: Path, rows: Sequence[Row]) -> list[tuple[bool, bool]]:
    book = current(data)
    with _listening(book) as ear:
        found = []
        for row in rows:
            ear.off = False
            with_it = _right(row, book)
            ear.off = True
            found.append((with_it, _right(row, book)))
        return found


def _spoiled(data: Path, known: frozenset[str], rows: Sequence[Row]) -> list[tuple[frozenset[str], Spoiled | None]]:
    """For each letter the phrases that it holds in other words, and how it is spoiled by them, if it is."""
    book = current(data)
    with _listening(book) as ear:
        found = []
        for row in rows:
            ear.heard.clear()
            one = None if _right_without(known, row, book, ear) else _spoiled_by(row, book, ear, known)
            found.append((frozenset(ear.heard), one))
        return found


def _right_without(phrases: Collection[str], row: Row, book: Codebook, ear: _Ear) -> bool:
    ear.deaf_to = phrases
    return _right(row, book)


def _spoiled_by(row: Row, book: Codebook, ear: _Ear, known: frozenset[str]) -> Spoiled | None:
    def mended(phrases: Collection[str]) -> bool:
        return _right_without(known.union(phrases), row, book, ear)

    heard = [phrase for phrase in dict.fromkeys(ear.heard) if phrase not in known]
    if not mended(heard):
        return None
    if single := tuple(phrase for phrase in heard if mended({phrase})):
        return Spoiled(single, ())
    needed = set(heard)
    for phrase in heard:
        if mended(needed - {phrase}):
            needed.discard(phrase)
    return Spoiled((), tuple(sorted(needed)))


class _Ear:
    """What two lexicons, of triggers and of the turns of diagnoses, hear loosely, with phrases left out, and what they heard."""

    def __init__(self) -> None:
        self.off = False
        self.deaf_to: Collection[str] = frozenset()
        self.heard: list[str] = []

    def standing(self, loosely: Loosely, words: Sequence[str], starts: Sequence[int], whole: str) -> Iterator[Heard]:
        for heard in () if self.off else loosely.standing(words, starts, whole):
            self.heard.append(heard[0])
            if heard[0] not in self.deaf_to:
                yield heard


class _Listener(NamedTuple):
    """One lexicon's part of an ear."""

    ear: _Ear
    loosely: Loosely

    def standing(self, words: Sequence[str], starts: Sequence[int], whole: str) -> Iterator[Heard]:
        return self.ear.standing(self.loosely, words, starts, whole)


@contextmanager
def _listening(book: Codebook) -> Iterator[_Ear]:
    known = prepared(book)
    before = [(lexicon, lexicon.loosely) for lexicon in (known.lexicon, known.turns.lexicon)]
    ear = _Ear()
    for lexicon, loosely in before:
        lexicon.loosely = _Listener(ear, loosely)  # type: ignore[assignment]
    try:
        yield ear
    finally:
        for lexicon, loosely in before:
            lexicon.loosely = loosely


def _right(row: Row, book: Codebook) -> bool:
    answer = answered(row["question"], book, TODAY)
    if example := row.get("example"):
        return _as_told(example, answer)
    return not wrong(faults_of(row, answer))


def _as_told(example: Example, answer: Answer) -> bool:
    shown = {*answer.report, *answer.do_not_report, *(c.code for c in answer.candidates[:SHOWN])}
    return (
        set(example.report) <= set(answer.report)
        and set(example.discuss) <= shown
        and not set(example.exclude) & set(answer.report)
        and example.units.items() <= dict(answer.units).items()
        and bool(answer.ask_back or not example.asks)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learn", action="store_true")
    learn() if parser.parse_args().learn else main()
