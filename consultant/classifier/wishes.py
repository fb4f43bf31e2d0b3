"""What the phrases of a letter say of its topic, by a table that was learned from letters with keys.

`topic_weights.tsv` holds a phrase a line with what it adds to each topic; "99999" stands for any CPT number, "a9999" for HCPCS,
"a99" for a diagnosis code, "9" for any other number. `python -m bench.topics --learn` writes it anew from bench/*.jsonl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path

from consultant.vocabulary import Topic

TABLE = Path(__file__).with_name("topic_weights.tsv")
#: Every letter has this phrase: its weights say how often each topic is asked for at all.
ALWAYS = "(always)"
#: Words of a phrase.
LONGEST = 3
#: Words of a letter that are read, from its start.
MOST_WORDS = 400

_WORD = re.compile(
    r"(?P<cpt>\b\d{5}\b)|(?P<hcpcs>\b[a-v]\d{4}\b)|(?P<dx>\b[a-tv-z]\d[\da-z](?:\.\w+)?\b)"
    r"|\d[\d.]*|[a-z]+(?:'[a-z]+)?|\?"
)
_KINDS = {"cpt": "99999", "hcpcs": "a9999", "dx": "a99"}


def phrases_of(text: str) -> set[str]:
    """The phrases of a letter of up to LONGEST words, codes and numbers levelled, and ALWAYS."""
    words = list(islice(_words(text), MOST_WORDS))
    found = {" ".join(words[at : at + length]) for length in range(1, LONGEST + 1) for at in range(len(words) - length + 1)}
    return {ALWAYS, *found}


def wishes_of(text: str) -> dict[Topic, float]:
    """What the phrases of a letter say for each topic; a difference of 1 makes a topic 2.7 times as likely as the other."""
    table = _table()
    points = dict.fromkeys(Topic, 0.0)
    for phrase in sorted(phrases_of(text)):  # a sum of fractions depends on their order, and a set has none of its own
        for topic, weight in table.get(phrase, {}).items():
            points[topic] += weight
    return points


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text.lower().replace("’", "'")):
        word = match.group()
        yield _KINDS[match.lastgroup] if match.lastgroup else "9" if word[0].isdigit() else word


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[Topic, float]]:
    lines = TABLE.read_text(encoding="utf8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {phrase: {Topic(name): float(weight) for name, weight in map(str.split, told)} for phrase, *told in rows}
