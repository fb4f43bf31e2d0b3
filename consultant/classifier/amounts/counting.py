"""Of what there are so many: the counts and plain numbers of the letter that count what a family speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consultant.classifier.hearing.words import Hit, Reading
from consultant.vocabulary import MORE, Fact, Question

_TIMES = re.compile(r" ?[x×] ?| for ", re.IGNORECASE)
_SIGN = re.compile(r" ?[x×] ?", re.IGNORECASE)
_BEHIND = re.compile(r" ?[:=–-]? ?")
_CLOSED = re.compile(r"\s?(?:$|[,;.)](?!\d)|(?:and|plus|&|then)\b)")
_ROW = re.compile(r"one [\w-]+ (?:on|from|under) (?:the|her|his) ", re.IGNORECASE)
_STOP = re.compile(r"[.;?!](?=\s|$)")
_OF_THEM = re.compile(r" of (?:them|those|these|which)(?: were| are)?(?: \w+)? ")


def counts_of(facts: Sequence[Fact], question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """The counts that may be the family's: those with its own word before those of others, and what is on top of one after it."""
    plain = [fact for fact in facts if not fact.span.label.startswith(MORE)]
    if facts and not plain:
        if begun := _begun(facts, question, reading, near):
            return begun
        plain = [*facts]
    if not plain:
        return counted(question, reading, near) or _times(question, near, reading)
    if some := [fact for fact in counted(question, reading, near) if _of_them(fact, reading, near)]:
        return some
    return _times(question, near, reading) or _of_what(plain, reading, near) or _several(question, reading, near) or plain


def _begun(more: Sequence[Fact], question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """ "One cut on the arm, one on the leg, one on the chest": the first of a row, the other ones of which are told as more."""
    first = min(reading.place(fact.span)[0] for fact in more)
    own = [f for f in counted(question, reading, near) if reading.place(f.span)[0] < first][:1]
    ones = [reading.place(f.span)[0] for f in question.facts if f.dimension == "number" and float(f.value) == 1]
    row = [at for at in ones if at < first and _ROW.match(reading.whole, at) and not _STOP.search(reading.whole, at, first)]
    return own or [f for f in question.facts if f.dimension == "number" and reading.place(f.span)[0] in row[-1:]]


def on_top(of: Fact, question: Question) -> Iterator[Fact]:
    """What is told behind a count, or behind minutes, as more of the same, before something else of that kind is told."""
    if of.dimension == "minutes" and of.span.label:
        return
    for fact in question.facts:
        if fact.dimension != of.dimension and not (of.dimension == "number" and fact.dimension == "count"):
            continue
        if fact.negated or fact.span.start < of.span.end:
            continue
        begin, _, noun = fact.span.label.partition(" ")
        if begin not in (MORE, "additional") or (noun and noun.rstrip("s") not in of.span.label):
            return
        yield fact


def counted(question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """Plain numbers right before one of the family's own words, one other word between at most ("5 AKs", "36 small tags"), or
    right behind one, where nothing else follows that they could count ("patch tests 30 and …")."""
    found = []
    for fact in question.facts:
        if fact.dimension != "number" or not float(fact.value).is_integer():
            continue
        start, end = reading.place(fact.span)
        if any(
            (end < hit.start < end + 24 and len(reading.whole[end : hit.start].split()) <= 1)
            or _OF_THEM.fullmatch(reading.whole[end : hit.start])
            or (_BEHIND.fullmatch(reading.whole[hit.end : start]) and _CLOSED.match(reading.whole, end))
            or (_SIGN.fullmatch(reading.whole[hit.end : start]))
            for hit in near
        ):
            found.append(fact)
    return found


def _of_them(fact: Fact, reading: Reading, near: Sequence[Hit]) -> bool:
    """ "8 lesions, 6 of them AKs": to who counts AKs they are six."""
    end = reading.place(fact.span)[1]
    return any(_OF_THEM.fullmatch(reading.whole[end : hit.start]) for hit in near)


def _several(question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """ "5 AKs frozen and 3 skin tags snipped": to who counts AKs they are five, though only the tags have a known noun."""
    return [fact for fact in counted(question, reading, near) if float(fact.value) > 1]


def _times(question: Question, near: Sequence[Hit], reading: Reading) -> list[Fact]:
    """ "NCS x 8": numbers behind one of the family's words and a sign for "times"."""
    numbers = [fact for fact in question.facts if fact.dimension == "number" and not fact.negated]
    ends = [hit.end for hit in near]
    return [f for f in numbers if any(_TIMES.fullmatch(reading.whole[end : reading.place(f.span)[0]]) for end in ends)]


def _of_what(facts: list[Fact], reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """The counts whose own noun is a word of the family: of "one block with 3 antibodies" the antibodies, to who counts those."""
    places = ((fact, *reading.place(fact.span)) for fact in facts)
    return [fact for fact, start, end in places if any(start <= hit.start and hit.end <= end for hit in near)]
