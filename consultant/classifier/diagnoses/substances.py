"""Alcohol and drugs with what they have brought about: substance, pattern and disorder make one code of F10 to F19.

Substance, pattern and disorder have each their own place in these codes. Where a letter tells all that its code needs, the
code is put together here; use, abuse, dependence and remission alone are left to their family.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterable

from consultant.codebook import Codebook
from consultant.vocabulary import CodeRecord, Hit, System

LONGEST = 900
_WORDS = (
    ("F10", r"alcohol(?:ic|ism)?|etoh"),
    ("F11", r"opioids?|opiates?|heroin|fentanyl|oxycodone|hydrocodone"),
    ("F12", r"cannabis|marijuana|thc|cannabinoids?"),
    ("F13", r"sedatives?|hypnotics?|anxiolytics?|benzodiazepines?|benzos?|xanax|alprazolam|barbiturates?"),
    ("F14", r"cocaine|crack"),
    ("F15", r"(?:meth)?amphetamines?|meth|stimulants?|caffeine"),
    (
        "F16",
        r"hallucinogens?|lsd|pcp(?= (?:use|user|abuse\w*|intoxicat\w*|dependen\w*|withdrawal|induced)\b)|phencyclidine|psilocybin",
    ),
    ("F18", r"inhalants?|huff(?:s|ing)|(?:glue|solvent|paint)[- ]sniffing"),
)
_SUBSTANCES = tuple((stem, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for stem, words in _WORDS)
_ANY = "|".join(words for _, words in _WORDS)
#: What has no words of its own in the family of use, abuse and dependence.
_WHOLLY = ("F16", "F18")
_DISORDER = r"use disorder"
_PATTERNS = tuple(
    (place, re.compile(pattern, re.IGNORECASE))
    for place, pattern in (
        ("2", rf"\bdependen\w+|\baddict\w*|\balcoholism\b|\balcoholic\b|\b{_DISORDER}\W{{1,3}}(?:is )?(?:moderate|severe)\b|\b(?:moderate|severe)(?: [\w-]+){{0,2}} {_DISORDER}\b"),
        ("1", rf"\babus(?:e[ds]?|ing)\b|\b{_DISORDER}\W{{1,3}}(?:is )?mild\b|\bmild(?: [\w-]+){{0,2}} {_DISORDER}\b"),
        ("9", rf"\b(?:no|without(?: an?)?) {_DISORDER}\b|\b(?:{_ANY})(?: \w+)? use\b(?! disorder)|\buse of (?:\w+ )?(?:{_ANY})\b|\b(?:drug|substance) use\b(?! disorder)"),
    )
)  # fmt: skip
_BY_IT = r"\binduced(?: [\w-]+){0,3} "
#: The disorder, the places of the code that tell it, the fullest first, and what must be said with it.
_DISORDERS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("withdrawal", r"\bwithdrawals?\b"),
        ("intoxication", r"\bintoxicat(?:ed|ion)\b|\bdrunk\b|\binebriated\b"),
        ("psychotic", r"\binduced (?:\w+ )?psycho(?:sis|tic)\b|\bpsychotic disorder\b"),
        ("mood", rf"{_BY_IT}(?:mood|depress\w+|bipolar)\b"),
        ("amnestic", r"\bpersisting amnestic\b|\bamnestic disorder\b|\bkorsako(?:ff|v)\w*"),
        ("dementia", rf"\bpersisting dementia\b|{_BY_IT}(?:dementia|major neurocognitive)\b|\balcoholic dementia\b"),
        ("anxiety", rf"{_BY_IT}(?:anxiety|panic)\b"),
        ("sexual", rf"{_BY_IT}(?:sexual|erectile)\b"),
        ("sleep", rf"{_BY_IT}(?:sleep|insomnia)\b"),
        ("flashbacks", r"\bpersisting perception\b|\bflashbacks?\b"),
    )
)
_DELIRIUM = re.compile(r"\bdeliri(?:um|ous)\b|\bdt'?s\b", re.IGNORECASE)
_PERCEIVED = re.compile(r"\bperceptual\b", re.IGNORECASE)
_PLAIN = re.compile(r"\buncomplicated\b|\b(?:no|without) complications?\b", re.IGNORECASE)
_DELUSIONS = re.compile(r"\bdelusions?\b", re.IGNORECASE)
_HALLUCINATIONS = re.compile(r"\bhallucinat(?:ions?|ing)\b", re.IGNORECASE)
_PLACES = {
    "mood": ("4",),
    "amnestic": ("6",),
    "dementia": ("7",),
    "anxiety": ("80",),
    "sexual": ("81",),
    "sleep": ("82",),
    "flashbacks": ("83",),
}
#: Those of which a code is only put together where the letter tells whether it is use, abuse or dependence.
_OF_A_PATTERN = ("withdrawal", "intoxication")
_NOT_SO = re.compile(
    r"\b(?:no|not|without|denie[sd]|never|nor|negative for|history of|prior|previous|past|rule[ds]? out|risk (?:of|for)|prevent)"
    r"(?: (?:in|an?|any|signs? of|acute|acutely|active|current(?:ly)?|having)){0,3} $",
    re.IGNORECASE,
)
_REMISSION = re.compile(r"\bremission\b", re.IGNORECASE)
#: Poisonings come from chapter 19, the disorder behind them; and of the mother or a baby's own chapter this reading knows nothing.
_ELSEWHERE = re.compile(
    r"\boverdos\w+|\bpoison\w+|\btoxic effect|\bingest\w+|\bswallow\w+|\bnewborn|\bneonat\w+|\bnicu\b|\bwater intoxication|\bh00\d\d\b",
    re.IGNORECASE,
)


def by_substance(text: str, book: Codebook) -> tuple[Hit, int, int] | None:
    """The code of the one substance that the letter tells, from the first of its words to the last; else None."""
    text = text[:LONGEST]
    found = [(stem, match) for stem, words in _SUBSTANCES for match in words.finditer(text)]
    if len({stem for stem, _ in found}) != 1 or _ELSEWHERE.search(text):
        return None
    stem = found[0][0]
    pattern = next(((place, match) for place, words in _PATTERNS if (match := _said(words, text))), None)
    disorders = [(name, match) for name, words in _DISORDERS if (match := _said(words, text))]
    code, told = _put_together(stem, pattern, disorders, text, book)
    if code is None:
        return None
    last = max(match.end() for match in (found[0][1], *told))
    # What stands behind, as "serum alcohol 260", is told by other rules.
    spans = [match.span() for match in (*(match for _, match in found if match.start() < last), *told)]
    words = dict.fromkeys(code.title.lower().split(), "title")
    return Hit(code.code, System.ICD10CM, 1.0, code.title, words), min(a for a, _ in spans), max(b for _, b in spans)


def _put_together(
    stem: str,
    pattern: tuple[str, re.Match[str]] | None,
    disorders: list[tuple[str, re.Match[str]]],
    text: str,
    book: Codebook,
) -> tuple[CodeRecord | None, list[re.Match[str]]]:
    """The record of the code, with the words besides the substance that tell it."""
    if len(disorders) > 1 or (not disorders and (stem not in _WHOLLY or pattern is None)):
        return None, []
    name, said = disorders[0] if disorders else ("", None)
    if pattern is None and name in _OF_A_PATTERN:
        return None, []
    place = pattern[0] if pattern else "9"
    more = _more(name, text)
    codes = (f"{stem}.{place}{end}" for end in more.ends)
    record = next((one for code in codes if (one := book.record(code)) and one.billable), None)
    return record, [match for match in (pattern and pattern[1], said, *more.said) if match]


class _More:
    """How a code ends, the fullest first, and the words that say so."""

    def __init__(self, ends: Iterable[str], *said: re.Match[str] | None) -> None:
        self.ends = tuple(ends)
        self.said = [match for match in said if match]


def _more(name: str, text: str) -> _More:
    if name in _OF_A_PATTERN:
        lead = "3" if name == "withdrawal" else "2"
        for end, words in (("1", _DELIRIUM), ("2", _PERCEIVED), ("0", _PLAIN)):
            if match := _said(words, text):
                return _More((f"{lead}{end}", f"{lead}9", lead), match)
        return _More((f"{lead}9", lead))
    if name == "psychotic":
        for end, words in (("50", _DELUSIONS), ("51", _HALLUCINATIONS)):
            if match := _said(words, text):
                return _More((end,), match)
        return _More(("59",))
    if not name:
        return _More(("1" if _said(_REMISSION, text) else "0",), _said(_REMISSION, text))
    return _More(_PLACES[name])


def _said(words: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first place where the words stand undenied."""
    return next(
        (match for match in words.finditer(text) if not _NOT_SO.search(text, max(0, match.start() - 50), match.start())), None
    )
