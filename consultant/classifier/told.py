"""What a named code tells of its family: the facts of its row where the letter has no other, and the family itself.

"53 minutes, all 97110" says which procedure it was; "11042 for 38 sq cm" says what was done, and how much of it. A code that
the letter doubts ("17110?", "is 20552 right?") tells nothing of the facts: those must come from other words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from consultant.classifier.facts import facts_for
from consultant.classifier.hearing.words import Hit, Reading, sentence_round
from consultant.codebook.choice import choose
from consultant.codebook.knowledge import COUNTED, MEASURED, Family, Row
from consultant.codebook.table import fits
from consultant.vocabulary import Match, NamedCode, Question, System

#: What a family is worth that only codes bring.
SCORE = 0.5
#: A code that more families have than this says nothing of its family; only those that an amount decides count.
MOST_ABLE = 8
_AMOUNTS = (COUNTED | MEASURED) - {"age", "age_days", "days"}
_DOUBTS = re.compile(
    r"\b(?:right|correct\w*|ok|okay|fine|enough|agree\w*|proper|wrong|valid|appropriate|instead|(?:which|what|better|other) code"
    r"|den(?:y|ied|ial))\b"
    r"(?! (?:side|knee|eye|ear|hip|shoulder|foot|hand|leg|arm|breast|wrist|ankle|elbow|upper|lower|lung|kidney))",
    re.IGNORECASE,
)
_ASKS_MORE = re.compile(r"\bhow many\b|\bunits?\b|\bmodifiers?\b|\badd-?ons?\b|\bwhat else\b", re.IGNORECASE)
_DONE = (System.CPT, System.HCPCS)


def told_codes(question: Question) -> frozenset[str]:
    """The codes of services that the letter tells as done, without a doubt of them; a level that the note bears out is told."""
    borne_out = frozenset(code.code for code in question.codes if code.supported)
    if _DOUBTS.search(question.text):
        return borne_out
    return borne_out | {code.code for code in question.codes if code.system in _DONE and not _is_asked(code, question.text)}


def _is_asked(code: NamedCode, text: str) -> bool:
    """Does the code stand in a question that wants a yes or a no?"""
    if code.denied or code.span.where != "text":
        return True
    start, end = sentence_round(code.span, text)
    return text[start:end].endswith("?") and not _ASKS_MORE.search(text, start, end)


def filled(family: Family, facts: Mapping[str, str], codes: Collection[str]) -> dict[str, str]:
    """The facts, with those of the one told row where the letter has none; nothing is added to a choice that is made."""
    told = {row.code for row in family.row if row.code in codes}
    rows = [row for row in family.row if row.code in told]
    if len(told) != 1 or not choose(family, facts).open or not any(fits(row.when, facts) for row in rows):
        return dict(facts)
    return {**_common(family, rows), **facts}


def _common(family: Family, rows: Collection[Row]) -> dict[str, str]:
    """What all these rows want of a dimension alike."""
    wanted = {name: {row.when.get(name, "") for row in rows} for name in family.decides}
    return {name: value for name, values in wanted.items() if len(values) == 1 and (value := next(iter(values)))}


def named_family(
    families: Mapping[str, Family], owners: Mapping[str, frozenset[str]], question: Question, reading: Reading
) -> list[tuple[Match, list[Hit]]]:
    """The one family that has all codes of services that the letter names, where the letter gives it an amount to decide by.

    `owners`: code → the families that have it; of several the amounts must decide one alone.
    """
    codes = {code.code for code in question.codes if code.system in _DONE}
    able = frozenset.intersection(*(owners.get(code, frozenset()) for code in codes)) if codes else frozenset()
    able = frozenset(name for name in able if _AMOUNTS & {*families[name].decides, *families[name].added_over})
    if not able or len(able) > MOST_ABLE:
        return []
    hits = [Hit(code.code, *reading.place(code.span)) for code in question.codes if code.code in codes]
    matches = [match for name in sorted(able) if (match := _by_amounts(families[name], codes, question, reading, hits))]
    return [(match, hits) for match in matches] if len(matches) == 1 else []


def _by_amounts(
    family: Family, codes: Collection[str], question: Question, reading: Reading, hits: Sequence[Hit]
) -> Match | None:
    facts = facts_for(family, question, reading, hits)
    if not _AMOUNTS & facts.keys():
        return None
    rows = [row for row in family.row if row.code in codes]
    words = {name: value for name, value in _common(family, rows).items() if name not in _AMOUNTS}
    facts = {**words, **facts}
    choice = choose(family, facts)
    if choice.open or not choice.decided:
        return None
    written = tuple(dict.fromkeys(reading.whole[hit.start : hit.end] for hit in hits))
    return Match("family", family.id, family.title, SCORE, written, facts, choice.missing, choice.decided)
