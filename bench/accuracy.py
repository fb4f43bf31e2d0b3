"""Score the engine on a JSONL of questions with expert answers, in process: totals, a line per topic, every miss.

    python -m bench.accuracy QUESTIONS.jsonl

Fields read per line: question, expected_codes, alt_codes, not_codes, expected_units, topic; all but the first may be missing.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from bench._book import measured
from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.vocabulary import Answer

QUESTIONS = Path(__file__).resolve().parent.parent.parent / "shared" / "questions" / "dev.jsonl"
OWN = Path(__file__).resolve().parent / "unseen.jsonl"
EXAM = Path(__file__).resolve().parent / "exam.jsonl"
SHOWN = 12  # candidates that count as discussed
MOST_EXTRA = 3  # an answer that names everything answers nothing
Asked = dict[str, Any]


def main() -> None:
    """Our own questions, an exam that somebody else wrote (the part kept aside by itself), and the expert questions if here."""
    with measured() as book:
        exam = read(EXAM)
        print(f"-- {OWN.name}")
        score(read(OWN), book)
        print(f"-- {EXAM.name}, looked at when knowledge was mended")
        score([row for row in exam if not row["aside"]], book)
        print(f"-- {EXAM.name}, kept aside: the misses are counted and not shown")
        score([row for row in exam if row["aside"]], book, show=False)
        if QUESTIONS.exists():
            print(f"-- {QUESTIONS.name}")
            score(read(QUESTIONS), book)
        else:
            print(f"No expert questions here: {QUESTIONS} is missing. Give a file: python -m bench.accuracy QUESTIONS.jsonl")


def read(questions: Path) -> list[Asked]:
    return [json.loads(line) for line in questions.read_text(encoding="utf8").splitlines() if line.strip()]


def score(rows: list[Asked], book: Codebook, *, show: bool = True) -> None:
    today = datetime.now().astimezone().date()
    judge(rows[0], book, today)  # the first question of a process opens the book
    judged = [(row, *judge(row, book, today)) for row in rows]
    for row, answer, faults, _ in judged:
        if faults and show:
            print(f"MISS {row.get('id', '?')} [{row.get('topic', '')} {answer.confidence:.2f}] {'; '.join(faults)}")
            print(f"     {row['question'][:150]}")
    print_topics(judged)
    print_reliability(judged)


def judge(row: Asked, book: Codebook, today: date) -> tuple[Answer, list[str], float]:
    """The answer, what it lacks in words, and the milliseconds it took."""
    start = perf_counter()
    answer = answered(row["question"], book, today)
    spent = 1000 * (perf_counter() - start)
    return answer, faults_of(row, answer), spent


def answered(text: str, book: Codebook, today: date) -> Answer:
    asked = question.read(text, today=today)
    return advice.advise(classifier.classify(asked, book, asked.date_of_service or today), book)


def faults_of(row: Asked, answer: Answer) -> list[str]:
    wanted, banned, accepted = (set(row.get(name, ())) for name in ("expected_codes", "not_codes", "alt_codes"))
    report = set(answer.report)
    shown = report | set(answer.do_not_report) | {c.code for c in answer.candidates[:SHOWN]}
    missing = [code for code in wanted if not covers(code, shown)]
    unreported = [code for code in wanted - banned if not covers(code, report)]
    if accepted & report and len(unreported) <= 1:
        missing, unreported = [], []
    extra = [code for code in report - accepted if not any(covers(want, {code}) for want in wanted)]
    units = {code: n for code, n in row.get("expected_units", {}).items() if answer.units.get(code) != n}
    topic = row.get("topic")
    found = [
        f"missing {sorted(missing)}" if missing else "",
        f"not reported {sorted(unreported)}" if unreported else "",
        f"forbidden {sorted(banned & report - accepted)}" if banned & report - accepted else "",
        f"units {units} are {dict(answer.units)}" if units else "",
        f"too many: {sorted(extra)}" if len(extra) > MOST_EXTRA else "",
        f"topic {topic}, not {answer.topic}" if topic and topic not in answer.topics[:2] else "",
    ]
    return [fault for fault in found if fault]


def wrong(faults: list[str]) -> bool:
    """Is the answer wrong? Not by its topic alone, nor by a code that it only does not speak of."""
    return any(not fault.startswith(("topic", "missing")) for fault in faults)


def covers(expected: str, got: set[str]) -> bool:
    """A category of ICD-10-CM is covered by any code below it."""
    category = len(expected) <= 5 and expected[:1].isalpha() and expected[1:2].isdigit()
    return expected in got or (category and any(code.startswith(expected) for code in got))


def print_topics(judged: list[tuple[Asked, Answer, list[str], float]]) -> None:
    by_topic: dict[str, Counter[str]] = defaultdict(Counter)
    for row, answer, faults, _ in judged:
        for name in (row.get("topic", "none"), "all"):
            by_topic[name] += Counter(
                {
                    "n": 1,
                    "right": not wrong(faults),
                    "answered": answer.answered,
                    "topic right": not any(f.startswith("topic") for f in faults),
                }
            )
    for name, counts in sorted(by_topic.items(), key=lambda item: (item[0] == "all", item[0])):
        told = ", ".join(f"{what} {counts[what]}/{counts['n']}" for what in ("right", "answered", "topic right"))
        print(f"{name:<12} {told}")
    times = sorted(spent for *_, spent in judged)
    print(f"in process: p50 {times[len(times) // 2]:.1f} ms, p99 {times[int(len(times) * 0.99)]:.1f} ms")


def print_reliability(judged: list[tuple[Asked, Answer, list[str], float]]) -> None:
    bands: dict[float, list[bool]] = defaultdict(list)
    for _, answer, faults, _ in judged:
        bands[min(0.9, int(answer.confidence * 10) / 10)].append(not wrong(faults))
    for band, rights in sorted(bands.items()):
        print(f"confidence {band:.1f}-{band + 0.1:.1f}: {sum(rights)}/{len(rights)} right")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    options = parser.parse_args()
    with measured() as opened:
        score(read(options.questions), opened)
