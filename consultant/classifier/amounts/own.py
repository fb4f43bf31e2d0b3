"""Facts that belong to one code alone: the minutes and units that the letter gives to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence, Set
from dataclasses import replace

from consultant.classifier.hearing.words import Hit, Reading
from consultant.codebook import Codebook
from consultant.codebook.kept import families_of
from consultant.vocabulary import Candidate, Fact, Match, Question, System

Mention = tuple[int, int, str]  # start, end, code
_FAR = 80  # characters between a number of minutes and what they were spent on …
_FAR_ALONE = 240  # … and where the letter speaks of one code only
#: How minutes are labelled that were spent on the nearest code.
_SPENT = ("", "clock", "total", "additional")
_BREAK = re.compile(r"[,;.]|\b(?:and|plus|then|followed by|with)\b")
_CLOSED = re.compile(r" ?(?:[,;.)+/](?!\d)|$|(?:and|plus|then|&)\b|min)")
_SIGN = 7  # characters of such a sign
_NEXT = 1  # character between a number of minutes and what comes right behind it
_SIGNS = re.compile(r" ?(?:[:=(–-]|for|x) ?| ")
_LEAST_SHARE = 3  # minutes; less is a count
_EACH = re.compile(r" ?(?:of |for )?(?:each|apiece)\b")
_OF = re.compile(r" ?(?:minutes?|mins?\.?)? of (?:the )?(?=\w)")
_UNITS_OF = re.compile(r" (?:of (?:the )?)?")
_OF_TIME = re.compile(
    r"(?:\w+ )?(?:time|treatment|therapy|care|contact|services?|one|1|direct|face|skilled|billable|total|timed|same|this|that)\b"
)


def amounts_of(
    candidates: Sequence[Candidate],
    question: Question,
    reading: Reading,
    matches: Sequence[tuple[Match, list[Hit]]],
    book: Codebook,
) -> tuple[Candidate, ...]:
    """The candidates, each with the minutes nearest to its mention: "33 minutes of exercise plus 7 minutes of manual therapy"."""
    mentions = _mentions(candidates, reading, matches, book)
    named = {c.code for c in candidates if any(e.kind == "named" for e in c.evidence)}
    question = replace(question, facts=_shares(question.facts, mentions, reading, book))
    given = _shared_out(question, mentions, reading) or _nearest(question, mentions, reading, named)
    helped = _by_assistants(question, mentions, reading)
    told = {code: {"minutes": f"{spent:g}"} for code, spent in given.items()}
    for code, spent in helped.items():
        told.setdefault(code, {})["assistant"] = f"{spent:g}"
    for code, units in _units_of(question, mentions, reading).items():
        told.setdefault(code, {})["told_units"] = f"{units:g}"
    return tuple(replace(c, facts={**c.facts, **told[c.code]}) if c.code in told else c for c in candidates)


def _units_of(question: Question, mentions: Sequence[Mention], reading: Reading) -> dict[str, float]:
    """The units that stand right before what they are of: "2 units of exercise and 1 unit manual therapy"."""
    given: dict[str, float] = {}
    for fact in question.facts if mentions else ():
        if fact.dimension == "units" and not fact.negated and (of := _UNITS_OF.match(reading.whole, reading.place(fact.span)[1])):
            ahead = {code for start, _, code in mentions if start == of.end()}
            given |= dict.fromkeys(ahead, float(fact.value)) if len(ahead) == 1 else {}
    return given


def _is_timed(code: str, book: Codebook) -> bool:
    record = book.starter(code)
    return bool(record and "timed_minutes" in record.facts)


def _shares(facts: Sequence[Fact], mentions: Sequence[Mention], reading: Reading, book: Codebook) -> tuple[Fact, ...]:
    """The facts as shares: "exercise 20 minutes, manual 15" has two of them, and a total of what is shared out is nobody's share.
    Plain numbers are minutes behind timed codes only.
    """
    if not any(fact.dimension == "minutes" for fact in facts):
        return tuple(facts)
    places = [reading.place(fact.span) for fact in facts]
    closed = [
        fact.dimension == "minutes" or bool(_CLOSED.match(reading.whole, end))
        for fact, (_, end) in zip(facts, places, strict=True)
    ]
    ends = {end for _, end, code in mentions if _is_timed(code, book)}
    told = [
        replace(fact, dimension="minutes")
        if fact.dimension == "number" and shut and float(fact.value) >= _LEAST_SHARE and _stands_behind(start, ends, reading)
        else fact
        for fact, (start, _), shut in zip(facts, places, closed, strict=True)
    ]
    beginnings = {start for start, _, _ in mentions}
    before = [fact for fact in told if _stands_before(reading.place(fact.span)[1], beginnings)]
    whole = _whole(told, before)
    return tuple(fact for fact in told if fact is not whole)


def _whole(facts: Sequence[Fact], before: Collection[Fact]) -> Fact | None:
    """What the letter says that all the shares make together; `None` where it tells no such sum, or nothing but it.

    `before`: those that stand right before what they were spent on. "25 min exercise, 15 manual, 10 stim" has no sum.
    """
    spent = [fact for fact in facts if fact.dimension == "minutes" and not fact.negated and fact.span.label in _SPENT]
    for fact in sorted(spent, key=lambda fact: fact.span.label != "total"):
        shares = [float(other.value) for other in spent if other is not fact]
        told, made = float(fact.value), sum(shares)
        if fact.span.label == "total" and (made == told or (len(shares) > 1 and made < told)):
            return fact
        if len(shares) > 1 and made == told and fact not in before:
            return fact
    return None


def _stands_before(place: int, beginnings: Set[int]) -> bool:
    return not beginnings.isdisjoint(range(place, place + _NEXT + 1))


def _stands_behind(place: int, ends: Set[int], reading: Reading) -> bool:
    """Is there nothing but a sign between the end of a mention and the place?"""
    return any(0 < place - end <= _SIGN and _SIGNS.fullmatch(reading.whole, end, place) for end in ends)


def _by_assistants(question: Question, mentions: Sequence[Mention], reading: Reading) -> dict[str, float]:
    """The minutes of each code that a therapist's assistant worked."""
    given: dict[str, float] = {}
    told = [fact for fact in question.facts if fact.dimension == "assistant"]
    ahead_first = bool(told) and _ahead_first(question, mentions, reading)
    for fact in told:
        if code := _owner(fact, mentions, reading, ahead_first=ahead_first):
            given[code] = given.get(code, 0.0) + float(fact.value)
    return given


def _ahead_first(question: Question, mentions: Sequence[Mention], reading: Reading) -> bool:
    """Does the letter tell minutes before it tells what they were spent on?"""
    told = [reading.place(fact.span)[0] for fact in question.facts if fact.dimension == "minutes"]
    return min((start for start, _, _ in mentions), default=0) >= min(told, default=0)


def _nearest(question: Question, mentions: Sequence[Mention], reading: Reading, named: Set[str]) -> dict[str, float]:
    """The minutes of each code, every number with the code spoken of nearest to it.

    Minutes of what nothing names stay with nobody, but for the one named code that would have none.
    """
    told = [fact for fact in question.facts if fact.dimension == "minutes" and not fact.negated]
    if len(told) == 1 and len(named) > 1 and _EACH.match(reading.whole, reading.place(told[0].span)[1]):
        return {code: float(told[0].value) for _, _, code in mentions if code in named}
    given: dict[str, float] = {}
    ahead_first = _ahead_first(question, mentions, reading)
    last = ""
    foreign = _of_what_nothing_names(question, mentions, reading)
    for fact in question.facts:
        if fact.dimension != "minutes" or fact.negated or fact in foreign:
            continue
        if fact.span.label in _SPENT and (code := _owner(fact, mentions, reading, ahead_first=ahead_first)):
            given[code] = given.get(code, 0.0) + float(fact.value)
            last = code
        elif fact.span.label == "part" and given.get(last, 0.0) > float(fact.value):
            # "60 minutes, he rested 15 of those": not the code's own; of another code they are that one's.
            given[last] -= float(fact.value)
            if (code := _owner(fact, mentions, reading, ahead_first=ahead_first)) and code != last:
                given[code] = given.get(code, 0.0) + float(fact.value)
    without = {c for _, _, c in mentions if c in named and c not in given}
    if len(foreign) == len(without) == 1:
        given[without.pop()] = float(foreign[0].value)
    return given


def _of_what_nothing_names(question: Question, mentions: Sequence[Mention], reading: Reading) -> list[Fact]:
    """ "23 minutes of drills and 15 minutes of manual therapy": the 23 belong to no code, however near the next one stands."""
    ahead = [(fact, *_told_of(fact, mentions, reading)) for fact in question.facts if fact.dimension == "minutes"]
    if not any(of and met for _, of, met in ahead):
        return []
    return [fact for fact, of, met in ahead if of and not met and not _OF_TIME.match(of)]


def _told_of(fact: Fact, mentions: Sequence[Mention], reading: Reading) -> tuple[str, bool]:
    """The words after "minutes of", and whether a code is spoken of there before the sentence turns to something else."""
    end = reading.place(fact.span)[1]
    of = _OF.match(reading.whole, end)
    if not of:
        return "", False
    rest = reading.whole[of.end() : of.end() + _FAR]
    turn = _BREAK.search(rest)
    until = of.end() + (turn.start() if turn else len(rest))
    return rest, any(start < until and stop > of.end() for start, stop, _ in mentions)


def _shared_out(question: Question, mentions: Sequence[Mention], reading: Reading) -> dict[str, float]:
    """ "45 minutes, 25 exercise 20 manual": plain numbers before what they went to, when they make what is told with its unit."""
    totals = {float(f.value) for f in question.facts if f.dimension == "minutes" and f.span.label in _SPENT}
    given: dict[str, float] = {}
    for fact in question.facts if totals else ():
        end = reading.place(fact.span)[1]
        code = next((m[2] for m in mentions if 0 < m[0] - end <= 2), "")
        if fact.dimension == "number" and code and code not in given:
            given[code] = float(fact.value)
    return given if len(given) > 1 and sum(given.values()) in totals else {}


def _mentions(
    candidates: Sequence[Candidate], reading: Reading, matches: Sequence[tuple[Match, list[Hit]]], book: Codebook
) -> list[Mention]:
    """Where each candidate is spoken of: its number, its keywords, and the words that picked its row."""
    codes = {c.code for c in candidates}
    found: list[Mention] = []
    for candidate in (c for c in candidates if c.system not in (System.MODIFIER, System.POS)):
        found.extend((*reading.place(span), candidate.code) for span in candidate.spans_of("named", "keyword"))
    families = families_of(book)
    for match, _ in matches:
        family = families.get(match.id)
        for row in family.row if family else ():
            if row.code not in codes:
                continue
            for dimension, value in row.when.items():
                phrases = family.values.get(dimension, {}).get(value, ()) if family else ()
                found.extend((hit.start, hit.end, row.code) for hit in reading.of(phrases))
    return found


def _owner(fact: Fact, mentions: Sequence[Mention], reading: Reading, *, ahead_first: bool) -> str:
    """The code spoken of nearest to the minutes; "33 minutes of …" looks ahead first, "…: 33 minutes" back.

    Of two that stand as near, the one ahead, unless the letter tells the codes first: "97110 8 min 97530 8 min".
    """
    start, end = reading.place(fact.span)
    after = min(((max(0, m[0] - end), m[2]) for m in mentions if m[1] > end), default=(_FAR_ALONE + 1, ""))
    before = min(((start - m[1], m[2]) for m in mentions if m[1] <= start), default=(_FAR_ALONE + 1, ""))
    between_after = reading.whole[end : end + max(0, after[0])]
    between_before = reading.whole[start - max(0, before[0]) : start]
    ahead = after[0] + (40 if _BREAK.search(between_after) else 0)
    back = before[0] + (40 if _BREAK.search(between_before) else 0)
    distance, code = (ahead, after[1]) if ahead < back or (ahead == back and ahead_first) else (back, before[1])
    return code if distance <= (_FAR if len({mention[2] for mention in mentions}) > 1 else _FAR_ALONE) else ""
