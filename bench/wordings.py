"""The same question otherwise put: five wordings, two typing errors, capitals, a long thread. How many keep their codes?

The variants are made mechanically from the examples of the starter families and cards, so nobody can write them to fit.
"""

from __future__ import annotations

import random
import re
import sys
import textwrap
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

from bench._book import measured
from consultant import advice, classifier, question
from consultant.codebook import Codebook, current

TODAY = date(2026, 11, 22)
_DIGITS = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"}
_CHAT = (
    "Good morning all, I hope the week is treating you kindly and the new phones work by now.",
    "As we said on the call, the team will look at the open items one by one and come back to each.",
    "Nothing urgent, whenever somebody has a moment between other things.",
)
_LONG = 7  # letters of a word that is mistyped; the knowledge's own words are mostly that long


def framed(text: str, _: random.Random) -> str:
    return f"Hello team, a question from our office: {text} Thanks in advance!"


def plain(text: str, _: random.Random) -> str:
    """As people type in a hurry: small letters, and no stop at the end."""
    return text.lower().rstrip(".?! ")


def digits(text: str, _: random.Random) -> str:
    """Numbers in words become digits, and the other way round."""
    words = {digit: word for word, digit in _DIGITS.items()}
    swapped = re.sub(rf"\b(?:{'|'.join(_DIGITS)})\b", lambda m: _DIGITS[m.group().lower()], text, flags=re.IGNORECASE)
    return (
        swapped
        if swapped != text
        else re.sub(r"(?<![\w.$-])([2-9]|10)(?= [a-z]{4,})(?! (?:mm|cm|mg))", lambda m: words[m.group()], text)
    )


def spaced(text: str, _: random.Random) -> str:
    """Broken over lines, as a narrow window does it, with blanks doubled."""
    return textwrap.fill("  ".join(text.split()), 44, break_long_words=False, break_on_hyphens=False)


def asked_after(text: str, _: random.Random) -> str:
    return f"{text.rstrip()}\n\nCould you let me know? Best regards, Maria"


def mistyped(text: str, chance: random.Random) -> str:
    """Two long words with two neighbouring letters swapped inside them."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= _LONG and word.isalpha()]
    for at in chance.sample(long, min(2, len(long))):
        word, place = words[at], chance.randrange(2, len(words[at]) - 2)
        words[at] = f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2 :]}"
    return " ".join(words)


def shouted(text: str, _: random.Random) -> str:
    return text.upper()


def in_thread(text: str, _: random.Random) -> str:
    return "\n\n".join((_CHAT[0], _CHAT[1], text, _CHAT[2], "Kind regards,\nMaria Ortega\nBilling office"))


VARIANTS: Mapping[str, Callable[[str, random.Random], str]] = {
    "framed": framed,
    "in small letters": plain,
    "digits for words": digits,
    "broken lines": spaced,
    "signed": asked_after,
    "two typing errors": mistyped,
    "in capitals": shouted,
    "in a long thread": in_thread,
}


def codes(text: str, book: Codebook) -> frozenset[str]:
    asked = question.read(text, today=TODAY)
    return frozenset(advice.advise(classifier.classify(asked, book, TODAY), book).report)


def lost(text: str, data: Path) -> list[tuple[str, str]]:
    """(name of the variant, its text) of the variants that do not keep the codes."""
    book = current(data)  # opened once per process
    before = codes(text, book)
    variants = {name: make(text, random.Random(text)) for name, make in VARIANTS.items()}
    return [(name, variant) for name, variant in variants.items() if codes(variant, book) != before]


def main() -> None:
    changed: dict[str, list[tuple[str, str]]] = {name: [] for name in VARIANTS}
    with measured() as book, ProcessPoolExecutor() as pool:
        examples = [text for _, _, text in book.examples()]
        found = pool.map(partial(lost, data=book.path.parent.parent), examples, chunksize=25)
        for at, (text, variants) in enumerate(zip(examples, found, strict=True), 1):
            for name, variant in variants:
                changed[name].append((text, variant))
            if sys.stderr.isatty() and at % 25 == 0:
                print(f"\r{at} of {len(examples)} examples", end="", file=sys.stderr)
    for name, pairs in changed.items():
        print(f"{name:<18} {len(examples) - len(pairs)}/{len(examples)} keep their codes")
        for before, after in pairs[:3]:
            print(f"    {before[:80]!r} → {' '.join(after.split())[:110]!r}")
    every = len(examples) * len(VARIANTS)
    print(f"together {100 * (every - sum(map(len, changed.values()))) / every:.1f} %")


if __name__ == "__main__":
    main()
