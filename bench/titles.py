"""Our own titles put as questions ("TITLE. Which code?"): of how many records does the answer report the code?

A gauge for whoever mends a family: where its values do not understand our own plain words, a stranger's have no hope.
`python -m bench.titles FILE-STEM …` asks the titles of those files of `consultant/codebook/starter/records` and lists what fails.
It is no goal: a title that stands among the words of a family passes, and helps nobody.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import tomli

from bench._book import measured
from bench.accuracy import judge

RECORDS = Path(__file__).resolve().parent.parent / "consultant" / "codebook" / "starter" / "records"
TODAY = date(2026, 11, 26)
SHOWN = 20  # files, those with most that fail first


class Asked(NamedTuple):
    stem: str
    code: str
    text: str


def main(stems: Sequence[str] = ()) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with measured() as book:
        for asked in _asked(stems):
            answer, *_ = judge({"question": asked.text}, book, TODAY)
            outcome = "right" if asked.code in answer.report else "another" if answer.answered else "abstained"
            counts[asked.stem][outcome] += 1
            if stems and outcome != "right":
                print(f"{asked.code}  {asked.text}  {outcome}: {' '.join(answer.report) or answer.ask_back}")
    every = sum(counts.values(), Counter[str]())
    for stem, outcomes in sorted(counts.items(), key=lambda item: item[1]["right"] - item[1].total())[:SHOWN]:
        print(f"{stem:<40} {_told(outcomes)}")
    print(f"{'all':<40} {_told(every)}")


def _asked(stems: Sequence[str]) -> Iterator[Asked]:
    for path in sorted(RECORDS.glob("*.toml")):
        if not stems or path.stem in stems:
            for record in tomli.loads(path.read_text(encoding="utf8"))["record"]:
                if "ended" not in record:
                    yield Asked(path.stem, record["code"], f"{record['title']}. Which code?")


def _told(outcomes: Counter[str]) -> str:
    return f"{outcomes['right']}/{outcomes.total()} right, {outcomes['another']} another, {outcomes['abstained']} abstained"


if __name__ == "__main__":
    main(sys.argv[1:])
