"""Cards whose triggers all hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from consultant.classifier.belonging.earlier import long_gone, of_today
from consultant.classifier.belonging.given_up import given_up, other_times
from consultant.classifier.hearing.words import Hit, Reading, more_than_a_word
from consultant.classifier.hearing.written import pattern_of
from consultant.codebook.knowledge import Card
from consultant.vocabulary import Match, Question, Topic

MOST = 5
#: What a card must score whose groups of words meet only in different sentences of a story.
APART = 0.84
#: … or by what it asks at its end ("…, and the dx?").
ASKED = 0.8
#: "Says the big cleaning is never paid": what is claimed is that it earns nothing, and the work itself was done.
_NOT_PAID = re.compile(
    r"[^.?!;:,\n]{0,30}\b(?:(?:never|not|can ?not|isn't|can't|won't|doesn't|wouldn't) (?:be |get |gets )?"
    r"(?:paid|payable|billed|billable|allowed|reported|reportable|coded|covered)"
    r"|(?:is|are|was|were|always) (?:bundled|included))\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"[^.?!;:,\n]{0,30}\binstead\b(?! of)", re.IGNORECASE)
#: Modifiers of what was broken off or done in part.
_OF_FAILURE = frozenset({"-52", "-53", "-73", "-74"})


def match_cards(
    cards: Sequence[Card], question: Question, reading: Reading, codes: Collection[str], topics: Sequence[Topic]
) -> list[tuple[Match, list[Hit]]]:
    """The cards that hold, the most closely met first, each with its hits."""
    met: list[tuple[Match, list[Hit]]] = []
    done = any(fact.dimension == "overcome" and not fact.negated for fact in question.facts)
    gone, dropped = long_gone(reading.whole), given_up(reading.whole)
    gone = [*gone, *other_times(reading.whole)] if reading.is_story else gone
    for card in cards:
        if dropped and (card.report or card.modifier or card.do_not_report) and _is_given_up(card, reading, dropped):
            continue
        if gone and any(not code.startswith("-") for code in card.report) and _tells_time(card, reading, gone):
            continue
        if done and _OF_FAILURE & {card.modifier, *card.report}:
            continue
        if _holds(card, question, reading, codes, topics):
            hits = [*reading.spoken(card.when.words), *reading.spoken(card.when.also)]
            words = tuple(dict.fromkeys(reading.whole[hit.start : hit.end] for hit in hits))
            named = tuple(code for code in (*card.when.codes, *card.when.all_codes) if code in codes)
            score = _score(card, hits, named)
            if reading.is_story and (card.report or card.modifier) and not _is_told(card, reading, score):
                continue
            met.append((Match("card", card.id, card.title, score, (*words, *named)), hits))
    met.sort(key=lambda row: (-row[0].score, row[0].id))
    return met[:MOST]


def _holds(card: Card, question: Question, reading: Reading, codes: Collection[str], topics: Sequence[Topic]) -> bool:
    when = card.when
    if (when.words and not reading.speaks_of(when.words)) or (when.also and not reading.speaks_of(when.also)):
        return False
    if when.words and when.also and not more_than_a_word([*reading.spoken(when.words), *reading.spoken(when.also)]):
        return False
    checks: Iterable[bool] = (
        not when.codes or any(code in codes for code in when.codes),
        all(code in codes for code in when.all_codes),
        not reading.of(when.unless),
        not when.payer or question.payer in when.payer,
        not when.topic or any(topic.value in when.topic for topic in topics[:2]),
        _is_of_age(card, question),
        bool(when.codes or when.all_codes or when.words),
    )
    return all(checks)


def _is_of_age(card: Card, question: Question) -> bool:
    """A rule from an age on needs an age that is told; one up to an age holds where none is told."""
    ages = [float(fact.value) for fact in question.facts if fact.dimension == "age"]
    old_enough = not card.when.from_age or any(age >= card.when.from_age for age in ages)
    return old_enough and (card.when.to_age is None or all(age < card.when.to_age + 1 for age in ages))


def _tells_time(card: Card, reading: Reading, gone: Sequence[tuple[int, int]]) -> bool:
    """Is all that one of its groups met an operation long gone? A modifier may well tell of such a one: a foot lost in 2019."""
    groups = [hits for words in (card.when.words, card.when.also) if (hits := reading.of(words))]
    return any(not of_today(hits, gone) for hits in groups)


def _is_given_up(card: Card, reading: Reading, dropped: Sequence[tuple[int, int]]) -> bool:
    """Does one of its groups stand only in what was thought of and not done, and in what somebody claims?

    A phrase that reaches beyond it ("adrenal left in place") tells that itself.
    """

    def within(hit: Hit) -> bool:
        return any(start <= hit.start and hit.end <= end for start, end in dropped)

    groups = [reading.of(words) for words in (card.when.words, card.when.also)]
    return any(any(map(within, hits)) and all(hit.claimed or within(hit) for hit in hits) for hits in groups)


def _is_told(card: Card, reading: Reading, score: float) -> bool:
    """Does a story tell what the card is about, and not only use its words: none of them in what there was not ("no vaccine that
    day"), and both groups in one sentence, unless they are met closely?"""
    words, also = (_not_instead(reading.of(group), reading) for group in (card.when.words, card.when.also))
    if (card.when.words and not words) or (card.when.also and not also):
        return False
    codes = any(not code.startswith("-") for code in card.report)  # a modifier may well be what is claimed
    if card.verdict == "report" and codes and words and all(_only_claimed(hit, reading) for hit in words):
        return False
    by_words = words and also and not (card.when.codes or card.when.all_codes)
    asked = score >= ASKED and any(map(reading.is_asked, also))
    return not by_words or score >= APART or asked or reading.together(words, also)


def _only_claimed(hit: Hit, reading: Reading) -> bool:
    return hit.claimed and not _NOT_PAID.match(reading.whole, hit.end)


def _not_instead(hits: list[Hit], reading: Reading) -> list[Hit]:
    """Without what somebody wants to bill in the place of what was done: "the nurse thinks we should bill a draw instead"."""
    return [hit for hit in hits if not (hit.claimed and _INSTEAD.match(reading.whole, hit.end))]


def _score(card: Card, hits: Iterable[Hit], named: Collection[str]) -> float:
    """0..1: the more triggers a card has, and the longer the phrases that met them, the better it is met."""
    spans: dict[tuple[int, int], int] = {}
    for hit in hits:
        spans[hit.start, hit.end] = max(spans.get((hit.start, hit.end), 0), len(pattern_of(hit.phrase)))
    groups = sum(map(bool, (card.when.codes, card.when.all_codes, card.when.words, card.when.also, card.when.payer)))
    weight = 0.25 * groups + 0.08 * min(5, sum(spans.values())) + 0.1 * min(2, len(named))
    return min(0.97, 0.4 + 0.5 * min(1.0, weight))
