"""The letter as a row of words with their places, and the phrases of the knowledge that are found in it.

A phrase is one or more words; `debrid*` is any word that begins so. Plurals and articles make no difference, one typing error
in a long word is forgiven, and what the book's terms say of an abbreviation ("FEES", "e-stim") is tried in its place.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from consultant.classifier.amounts.spine_acts import freed_elsewhere
from consultant.classifier.belonging.denied import Scopes, scopes_of
from consultant.classifier.hearing import little
from consultant.classifier.hearing.loosely import Loosely, as_written
from consultant.classifier.hearing.phrases import GAP, Phrases
from consultant.classifier.hearing.spelling import Speller
from consultant.classifier.hearing.written import Word, pattern_of, split, written
from consultant.classifier.levels import levels_told
from consultant.vocabulary import BEHIND, Fact, Question, Span, System

MAX_HITS = 12  # places of one phrase that are kept
_MAX_EXPANSIONS = 80
_REACH = 5  # words on either side that an expansion is tried together with
#: "Low complexity. Code?" asks for no complexity code; "Dr. Smith" is one sentence.
_SHORTENED = r"(?<!\b[DdM]r)(?<!\bMrs)(?<!\bvs)(?<!\bSt)"
STOP = re.compile(rf"(?:{_SHORTENED}\.|[;?!\n])(?!\d)")  # no phrase with a gap reaches over it
_NEXT_SENTENCE = re.compile(rf"{_SHORTENED}[.?!]\s+(?=[A-Z])")
#: "Simple 2 cm + intermediate 4.5 cm", "carpal tunnel + injection": two things, and no phrase reaches from one to the other,
#: unless it is told with both of them itself. A plus that hangs on its word ("K+ checked") joins nothing.
_ADDED = re.compile(r"\w[.)]? \+ ")
_BOTH = re.compile(r"[+&]| (?:and|with|plus|\.\.) ")
#: "Nothing new, doc": behind a comma stands nothing that such a word tells of, unless a phrase has the comma itself.
_OF_THE_NEXT = frozenset({"new,", "same,", "other,", "another,", "old,", "first,", "second,", "third,", "without,"})
SENTENCE = 400  # characters to either side of a place in which the ends of its sentence are looked for
#: Where a sentence ends; the point inside a code ends none.
_SENTENCE_STOP = re.compile(r"[.?!](?=\s|$)|\n")
_SENTENCE_ENDS = re.compile(rf"{_SHORTENED}[.?!;](?=\s|$)|\n")
MOST_SENTENCES = 500
#: Turns of everyday speech whose single words mean no part of a body, no way to operate and no place of service.
_IDLE = re.compile(
    r"\b(?:(?:c[oa]me|comes|coming|gets?|got|getting|goes|go|going|went|calls?|called|hear|heard|writes?|wrote|reports?|circle|brings?"
    r"|brought|pa(?:ys?|id)|kicked|bounced|pushed|send|sent|sends) (?:(?:it|us|me|them|him|her|you|right) )?back"
    r"|open (?:items?|questions?|issues?|points?|claims?|tickets?|cases?|balances?|enrol\w{1,6})"
    r"|treating (?:you|us|everyone)|(?:billing|front|back|business|head|home) office|office (?:manager|staff|lead)"
    r"|from (?:our|the|my|this) office|low(?= back\b))\b",
    re.IGNORECASE,
)
#: A phrase that holds its own "not" is said where the letter says it.
_OWN_NOT = ("not ", "no ", "never ", "without ")
_TWO_DIGITS = re.compile(r"-?\d\d$")
#: "30mg", "1gm": a number and the unit that it is written together with; what the knowledge calls units that are shortened.
_DOSE = re.compile(r"\d{1,6}(mg|mcg|gm?|ml|cc|i?u)$")
_UNITS = {"g": "gram", "gm": "gram", "cc": "ml", "u": "unit", "iu": "unit"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that stands in the letter. Places count characters of `Reading.whole`."""

    phrase: str
    start: int
    end: int
    negated: bool = False
    claimed: bool = False

    def meets(self, other: Hit) -> bool:
        """Do the two share a character?"""
        return self.start < other.end and other.start < self.end


@dataclass(slots=True)
class Reading:
    """A letter read against a lexicon."""

    whole: str
    shift: int
    words: list[Word]
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    stops: Sequence[int] = ()  # where its sentences end, in characters of `whole`
    is_story: bool = False

    def is_asked(self, hit: Hit) -> bool:
        """Does it stand in a sentence that ends in a question mark?"""
        at = bisect(self.stops, hit.start)
        return at < len(self.stops) and self.whole[self.stops[at]] == "?"

    def together(self, some: Iterable[Hit], others: Iterable[Hit]) -> bool:
        """Do two hits, one of each, stand in one sentence, at two places?"""
        here: dict[int, list[Hit]] = {}
        for hit in some:
            here.setdefault(bisect(self.stops, hit.start), []).append(hit)
        return any(not hit.meets(one) for hit in others for one in here.get(bisect(self.stops, hit.start), ()))

    def of(self, phrases: Collection[str], *, claimed: bool = True) -> list[Hit]:
        """The hits of these phrases that the letter does not negate; `claimed=False` leaves out what others claim."""
        if not self.speaks_of(phrases):  # of a hundred phrases a letter holds none, as a rule
            return []
        met = filter(self.hits.__contains__, phrases)
        return [hit for p in met for hit in self.hits[p] if not hit.negated and (claimed or not hit.claimed)]

    def speaks_of(self, phrases: Collection[str]) -> bool:
        """Does any of these phrases stand in the letter, in whatever sense? The quick look before the close one."""
        return not self.hits.keys().isdisjoint(phrases)

    def spoken(self, phrases: Iterable[str]) -> list[Hit]:
        """All hits of these phrases, negated ones too: what a letter is about, whatever it says of it."""
        return [hit for phrase in phrases for hit in self.hits.get(phrase, ())]

    def place(self, span: Span) -> tuple[int, int]:
        """Where a span of the vocabulary stands in `whole`: its first character, and the one behind its last."""
        move = 0 if span.where == "subject" else self.shift
        return span.start + move, span.end + move

    def span(self, hit: Hit) -> Span:
        """The hit's place as the vocabulary counts it."""
        if hit.start < self.shift:
            return Span(hit.start, hit.end, self.whole[hit.start : hit.end], hit.phrase, "subject")
        return Span(hit.start - self.shift, hit.end - self.shift, self.whole[hit.start : hit.end], hit.phrase)


def among(hits: Iterable[Hit], phrases: Collection[str]) -> list[Hit]:
    """The hits of one group of phrases."""
    return [hit for hit in hits if hit.phrase in phrases]


def more_than_a_word(hits: Sequence[Hit]) -> bool:
    """One common word that meets both of two groups is no evidence: it takes a phrase, or words in two places."""
    return any(len(pattern_of(hit.phrase)) > 1 or not hit.meets(hits[0]) for hit in hits)


class Shorthand:
    """The terms of a book that stand for other words, ready to be found in a letter and written out. Made once per book."""

    def __init__(self, terms: Mapping[str, Sequence[str]]) -> None:
        self.meanings = {pattern_of(term): tuple(tuple(split(meaning)) for meaning in means) for term, means in terms.items()}
        self.phrases = Phrases([(parts, "") for parts in self.meanings])


class Lexicon:
    """Phrases, ready to be found in a letter. Made once per book."""

    def __init__(self, phrases: Iterable[str], shorthand: Shorthand, *, ordered: bool = False, forgiving: bool = True) -> None:
        """`ordered`: what is heard loosely keeps the order of its words. `forgiving`: a typing error is taken for the word of a
        phrase that it is next to; where the phrases are few, every other word would be one."""
        patterns = [(pattern_of(phrase), phrase) for phrase in sorted(set(phrases))]
        self._signs = frozenset(phrase for _, phrase in patterns if _TWO_DIGITS.match(phrase))
        self._terms = shorthand.meanings
        self._phrases = Phrases(patterns)
        self.loosely = Loosely(patterns, as_written(), ordered=ordered)
        self._shortened = shorthand.phrases
        self._speller = Speller(part for parts, _ in patterns for part in parts if part != GAP and forgiving)

    def read(self, question: Question) -> Reading:
        """Every phrase that stands in the question, with its places."""
        whole, shift = (
            (f"{question.subject}\n{question.text}", len(question.subject) + 1) if question.subject else (question.text, 0)
        )
        ends = [match.start() for match in islice(_SENTENCE_ENDS.finditer(whole), MOST_SENTENCES)]
        reading = Reading(whole, shift, [], stops=ends, is_story=question.is_story)
        sided = little.instead(whole, question.facts, reading.place)
        spelled = [replace(w, text=sided.get(w.start) or self._speller.correct(w.text)) for w in written(whole)]
        words = reading.words = [word for word in spelled if not word.article]
        signs = [reading.place(c.span) for c in question.codes if c.modifiers or c.system in (System.MODIFIER, System.POS)]
        idle = [match.span() for match in islice(_IDLE.finditer(whole), MAX_HITS)]
        misread = little.misread(whole)
        lasting = [reading.place(fact.span) for fact in question.facts if fact.dimension == "minutes"]
        scopes = scopes_of(question.facts, reading.place)
        rows = (words, *_round_articles(spelled), *self._expanded(words, whole), *_in_other_words(words, question, reading))
        for found in (*(self._scan(row, scopes, whole) for row in rows), self._scan_loosely(words, scopes, whole)):
            for hit in found:
                # There a phrase of two digits is a modifier or a place of service, elsewhere a number.
                if hit.phrase in self._signs and not inside(hit, signs):
                    continue
                if " " not in hit.phrase and inside(hit, idle):
                    continue
                if hit.phrase.startswith(misread.get(hit.start, ())):
                    continue
                # "2 hours 10 minutes" are no 10 minutes.
                if hit.phrase[0].isdigit() and any(start < hit.start < end for start, end in lasting):
                    continue
                known = reading.hits.setdefault(hit.phrase, [])
                if len(known) < MAX_HITS and hit not in known:
                    known.append(hit)
        return reading

    def _scan(self, words: Sequence[Word], scopes: Scopes, whole: str) -> Iterable[Hit]:
        texts = [word.text for word in words]
        for at, word in enumerate(words):
            if scopes.hold("courtesy", word.start):
                continue
            cut_off = whole[word.start : word.end + 1].lower() in _OF_THE_NEXT
            for parts, phrase, behind in self._phrases.standing(texts, at):
                start, end = word.start, words[behind - 1].end
                if cut_off and len(parts) > 1 and "," not in phrase:
                    continue
                apart = GAP in parts and (STOP.search(whole, start, end) or little.denied_within(phrase, whole, start, end))
                if apart or _NEXT_SENTENCE.search(whole, start, end) or _added_within(phrase, whole, start, end):
                    continue
                yield _hit(phrase, start, end, scopes)

    def _scan_loosely(self, words: Sequence[Word], scopes: Scopes, whole: str) -> Iterable[Hit]:
        heard = self.loosely.standing([word.text for word in words], [word.start for word in words], whole)
        for phrase, first, behind in heard:
            start, end = words[first].start, words[behind - 1].end
            if (
                not little.denied_within(phrase, whole, start, end)
                and not scopes.hold("courtesy", start)
                and not _added_within(phrase, whole, start, end)
            ):
                yield _hit(phrase, start, end, scopes)

    def _expanded(self, words: Sequence[Word], whole: str) -> Iterable[list[Word]]:
        """The letter with every abbreviation written out, then stretches of it with one of them, in each of its meanings."""
        made = 0
        texts = little.expandable((word.text for word in words), (word.start for word in words), whole)
        yield self._all_expanded(words, texts)
        for at, word in enumerate(words):
            for parts, _, end in self._shortened.standing(texts, at):
                for meaning in self._terms[parts]:
                    made += 1
                    if made > _MAX_EXPANSIONS:
                        return
                    inside = [Word(m.text, word.start, words[end - 1].end) for m in meaning]
                    yield [*words[max(0, at - _REACH) : at], *inside, *words[end : end + _REACH]]

    def _all_expanded(self, words: Sequence[Word], texts: Sequence[str]) -> list[Word]:
        """The letter with each abbreviation in its first meaning: "b/l knee inj" is of two of them."""
        row: list[Word] = []
        behind = 0
        for at, word in enumerate(words):
            if at < behind:
                continue
            parts, _, behind = max(self._shortened.standing(texts, at), key=lambda found: found[2], default=((), "", at + 1))
            meanings = self._terms.get(parts, ())
            row += [Word(m.text, word.start, words[behind - 1].end) for m in meanings[0]] if meanings else [word]
        return row


def _hit(phrase: str, start: int, end: int, scopes: Scopes) -> Hit:
    # "Biopsy was not taken" denies the phrase before it, not one that holds both.
    denied = scopes.hold("negated", start) or (scopes.hold(BEHIND, start) and scopes.hold(BEHIND, end - 1))
    return Hit(phrase, start, end, denied and not phrase.startswith(_OWN_NOT), scopes.hold("claimed", start))


def _added_within(phrase: str, whole: str, start: int, end: int) -> bool:
    """Does the stretch in which a phrase is heard hold a "+" between two things, and the phrase nothing that joins them?"""
    return bool(_ADDED.search(whole, start, end)) and not _BOTH.search(phrase)


def _round_articles(words: Sequence[Word]) -> Iterable[Sequence[Word]]:
    """The stretches of the letter that hold articles, for phrases in which one of them counts."""
    begin = end = 0
    for at in [at for at, word in enumerate(words) if word.article]:
        if at - _REACH > end:
            yield words[begin:end]
            begin = at - _REACH
        end = at + _REACH
    yield words[begin:end]


def _turned(words: Sequence[Word], facts: Iterable[Fact], reading: Reading) -> Iterable[Sequence[Word]]:
    """ "Biopsies were not taken" once more as "no biopsies", for phrases that are told so."""
    for fact in facts:
        if fact.dimension == "negated" and fact.span.label == BEHIND:
            start, end = reading.place(fact.span)
            denied = [word for word in words if start <= word.start < end]
            yield from ([Word("no", word.start, word.start), word] for word in denied)


def _in_other_words(words: Sequence[Word], question: Question, reading: Reading) -> Iterable[Sequence[Word]]:
    """Stretches of the letter once more, as the knowledge tells what they mean: a dose, a level, a tooth by its number."""
    yield from _turned(words, question.facts, reading)
    yield from _doses_apart(words)
    yield from levels_told(reading.whole)
    yield from freed_elsewhere(question.facts, reading.place, reading.whole)
    yield from little.of_teeth(question.facts, reading.place)


def _doses_apart(words: Sequence[Word]) -> Iterable[Sequence[Word]]:
    """The letter with the unit of a dose as a word of its own: "Toradol 30mg" names milligrams."""
    units = {at: match[1] for at, word in enumerate(words) if (match := _DOSE.match(word.text))}
    units |= {at: word.text for at, word in enumerate(words) if word.text in _UNITS and words[at - 1].text.isdigit()}
    if units:
        yield [replace(word, text=_UNITS.get(unit, unit)) if (unit := units.get(at)) else word for at, word in enumerate(words)]


def sentence_round(span: Span, text: str) -> tuple[int, int]:
    """Where the sentence of a place begins and ends, its stop included; looked for in `SENTENCE` characters to either side."""
    first, last = max(0, span.start - SENTENCE), min(len(text), span.end + SENTENCE)
    start = max((match.end() for match in _SENTENCE_STOP.finditer(text, first, span.start)), default=first)
    stop = _SENTENCE_STOP.search(text, span.end, last)
    return start, stop.end() if stop else last


def inside(hit: Hit, stretches: Iterable[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in stretches)
