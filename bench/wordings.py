"""The same question otherwise put: five wordings, two typing errors, capitals, a long thread. How many keep their codes?

The variants are made mechanically from the examples of the starter families, so nobody can write them to fit.
"""

from __future__ import annotations

import os
import random
import re
import textwrap
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

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


def kept(book: Codebook, examples: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Variant → (question, its variant) of the examples whose codes changed."""
    lost: dict[str, list[tuple[str, str]]] = {name: [] for name in VARIANTS}
    for text in examples:
        before = codes(text, book)
        for name, make in VARIANTS.items():
            variant = make(text, random.Random(text))
            if codes(variant, book) != before:
                lost[name].append((text, variant))
    return lost


def main() -> None:
    book = current(Path(os.environ.get("CONSULTANT_DATA") or "var"))
    examples = [example.question for family in book.families for example in family.example]
    lost = kept(book, examples)
    for name, changed in lost.items():
        print(f"{name:<18} {len(examples) - len(changed)}/{len(examples)} keep their codes")
        for before, after in changed[:3]:
            print(f"    {before[:80]!r} → {' '.join(after.split())[:110]!r}")
    whole = sum(map(len, lost.values()))
    print(f"together {100 * (1 - whole / (len(examples) * len(VARIANTS))):.1f} %")


if __name__ == "__main__":
    main()
