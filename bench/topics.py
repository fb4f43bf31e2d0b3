"""What a letter is about, by its phrases: how often the topic of its key is among the first two.

`python -m bench.topics --learn` learns the weights of the phrases from the letters with keys in this folder, all but those
that are kept aside, and writes the table that the classifier reads: a softmax with L1 (the cumulative penalty of Tsuruoka,
Tsujii and Ananiadou, 2009), so that few phrases are left.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.accuracy import EXAM
from consultant.classifier.wishes import ALWAYS, TABLE, phrases_of, wishes_of
from consultant.vocabulary import Topic

LETTERS = EXAM.with_name("letters.jsonl")
#: Letters that must have a phrase; passes over all letters; the step at the start, and by how much each pass makes it smaller.
LEAST, PASSES, STEP, SLOWER = 3, 30, 0.2, 0.9
#: What a weight must earn: it is as if this many letters spoke against each.
PENALTY = 1.6
#: A weight smaller than this says nothing.
SMALL = 0.05

Letter = tuple[set[str], Topic]


def main() -> None:
    for name, letters in (("learned from", _learned_from()), ("kept aside", _letters(EXAM, aside=True))):
        hits: Counter[str] = Counter()
        for row in letters:
            points = wishes_of(row["question"])
            first, second = sorted(points, key=lambda topic: -points[topic])[:2]
            hits["first"] += row["topic"] == first
            hits["first two"] += row["topic"] in (first, second)
        told = ", ".join(f"{what} {n / max(1, len(letters)):.3f}" for what, n in hits.items())
        print(f"{name}: {len(letters)} letters, {told}")


def learn() -> None:
    """Writes the table. The same letters give the same table."""
    letters = [(phrases_of(row["question"]), Topic(row["topic"])) for row in _learned_from()]
    used = Counter(phrase for phrases, _ in letters for phrase in phrases)
    known = {phrase for phrase, n in used.items() if n >= LEAST}
    weights = _learned([(phrases & known, topic) for phrases, topic in letters])
    rows = []
    for phrase in sorted(known):
        told = [f"{topic} {weights[topic][phrase]:.2f}" for topic in Topic if abs(weights[topic].get(phrase, 0.0)) >= SMALL]
        rows += ["\t".join((phrase, *told))] if told else []
    head = "# phrase, and what it adds to each topic; learned by `python -m bench.topics --learn`, not typed"
    TABLE.write_text("\n".join((head, *rows)) + "\n", encoding="utf8")
    print(f"{len(letters)} letters, {len(known)} phrases, {len(rows)} kept in {TABLE.name}")


def _learned(letters: Sequence[Letter]) -> dict[Topic, dict[str, float]]:
    weights: dict[Topic, dict[str, float]] = {topic: {} for topic in Topic}
    paid: dict[Topic, dict[str, float]] = {topic: {} for topic in Topic}  # what each weight has been charged so far
    order, chance = sorted(letters, key=lambda letter: (letter[1], sorted(letter[0]))), random.Random(1)
    due = 0.0  # what each weight might have been charged so far
    for turn in range(PASSES):
        step = STEP * SLOWER**turn
        chance.shuffle(order)
        for phrases, right in order:
            due += step * PENALTY / len(order)
            likely = _likely(weights, phrases)
            for topic in Topic:
                missing = (topic is right) - likely[topic]
                own, charged = weights[topic], paid[topic]
                for phrase in phrases:
                    own[phrase] = own.get(phrase, 0.0) + step * missing
                    if phrase != ALWAYS:
                        _charge(own, charged, phrase, due)
    return weights


def _charge(own: dict[str, float], charged: dict[str, float], phrase: str, due: float) -> None:
    """Takes from a weight what it owes, down to nothing."""
    before, owed = own[phrase], charged.get(phrase, 0.0)
    if before > 0:
        own[phrase] = max(0.0, before - (due + owed))
    elif before < 0:
        own[phrase] = min(0.0, before + (due - owed))
    charged[phrase] = owed + own[phrase] - before


def _likely(weights: dict[Topic, dict[str, float]], phrases: Iterable[str]) -> dict[Topic, float]:
    points = {topic: sum(own.get(phrase, 0.0) for phrase in phrases) for topic, own in weights.items()}
    most = max(points.values())
    shares = {topic: math.exp(point - most) for topic, point in points.items()}
    whole = sum(shares.values())
    return {topic: share / whole for topic, share in shares.items()}


def _learned_from() -> list[dict[str, Any]]:
    return [*_letters(EXAM), *_letters(LETTERS)]


def _letters(path: Path, *, aside: bool = False) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]
    names = {str(topic) for topic in Topic}
    return [row for row in rows if row.get("topic") in names and bool(row.get("aside")) == aside]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learn", action="store_true", help="write the table anew")
    if parser.parse_args().learn:
        learn()
    main()
