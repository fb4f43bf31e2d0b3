"""Ask all kept letters anew, and tell what became of those that were answered rightly before.

    python -m bench.kept ANSWERS.json            write down what is wrong with each answer
    python -m bench.kept ANSWERS.json OLD.json   and compare that with what was written down before

Of the letters kept aside only numbers are told.
"""

from __future__ import annotations

import argparse
import json
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

from bench._book import measured
from bench.accuracy import EXAM, Asked, answered, faults_of, read, wrong
from bench.topics import LETTERS
from consultant.codebook import Codebook

TODAY = date(2026, 11, 22)
AT_ONCE = 40  # letters handed to a process
Faults = dict[str, list[str]]
_opened: list[Codebook] = []  # the book, which the processes that ask find open already


def main(now: Path | None = None, before: Path | None = None) -> None:
    letters = {row["id"]: row for row in [*read(EXAM), *read(LETTERS)]}
    with measured() as book:
        answered(next(iter(letters.values()))["question"], book, TODAY)
        _opened.append(book)
        with ProcessPoolExecutor(os.cpu_count()) as asking:
            faults: Faults = dict(zip(letters, asking.map(_faults, letters.values(), chunksize=AT_ONCE), strict=True))
    if now:
        now.write_text(json.dumps(faults, indent=0), encoding="utf8")
    aside = {name for name, row in letters.items() if row.get("aside")}
    for which, names in (("kept aside", aside), ("others", letters.keys() - aside)):
        print(f"{which}: {sum(not wrong(faults[name]) for name in names)} of {len(names)} right")
    if before:
        _compare(letters, faults, json.loads(before.read_text(encoding="utf8")), aside)


def _faults(row: Asked) -> list[str]:
    return faults_of(row, answered(row["question"], _opened[0], TODAY))


def _compare(letters: dict[str, Asked], now: Faults, before: Faults, aside: set[str]) -> None:
    both = [name for name in now if name in before]
    won = [name for name in both if wrong(before[name]) and not wrong(now[name])]
    lost = [name for name in both if wrong(now[name]) and not wrong(before[name])]
    print(f"won {len(won)}, lost {len(lost)}, of these kept aside {len(aside & {*won})} and {len(aside & {*lost})}")
    for name in lost:
        if name not in aside:
            print(f"LOST {name}: {'; '.join(now[name])}\n     {letters[name]['question']}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("answers", type=Path, help="where to write what is wrong with each answer")
    parser.add_argument("before", type=Path, nargs="?", help="what an earlier run has written")
    options = parser.parse_args()
    main(options.answers, options.before)
