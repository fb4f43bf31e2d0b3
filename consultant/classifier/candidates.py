"""Candidates from families, cards, keywords and search, each with the words that brought it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from consultant.classifier.belonging.earlier import earlier, of_today
from consultant.classifier.belonging.given_up import given_up
from consultant.classifier.belonging.stays import stays
from consultant.classifier.hearing.heard import values_heard
from consultant.classifier.hearing.words import Hit, Reading
from consultant.classifier.hearing.written import pattern_of
from consultant.classifier.prepared import Prepared
from consultant.codebook import Codebook
from consultant.codebook.choice import choose
from consultant.codebook.codes import system_of
from consultant.codebook.kept import families_of
from consultant.codebook.knowledge import Card, Family, Row
from consultant.vocabulary import Candidate, CodeRecord, Evidence, Match, Question, Span, System

MOST = 24
_SEARCHED = 6
_WHOLE = 0.75  # a hit for the whole question that is this good needs no cutting into phrases
#: What words of the letter ask for one system.
_SYSTEMS = (
    (System.ICD10PCS, re.compile(r"\bpcs\b", re.IGNORECASE)),
    (System.ICD10CM, re.compile(r"\b(?:dx|diagnos[ei]s|icd)", re.IGNORECASE)),
    (System.HCPCS, re.compile(r"\bhcpcs\b|\bj[ -]?code", re.IGNORECASE)),
    (System.CPT, re.compile(r"\bcpt\b", re.IGNORECASE)),
)
Matched = tuple[Match, list[Hit]]


@dataclass(frozen=True, slots=True)
class Gathered:
    sure: list[Candidate]  # rows that the facts decided
    open: list[Candidate]  # rows that a missing fact would decide


def from_families(matches: Sequence[Matched], book: Codebook, reading: Reading) -> Gathered:
    by_id = families_of(book)
    sure: list[Candidate] = []
    waiting: list[Candidate] = []
    for match, hits in matches:
        family = by_id[match.id]
        choice = choose(family, match.facts)
        spans = tuple(reading.span(hit) for hit in hits[:6])
        for place in match.rows:
            row = family.row[place]
            decided = place in choice.decided
            told = ", ".join(f"{name} {value}" for name, value in match.facts.items() if name in row.when)
            for code, score in (
                (row.code, 0.6 + 0.35 * match.score),
                (row.adds.code if row.adds else None, 0.55 + 0.35 * match.score),
                *((code, 0.55 + 0.35 * match.score) for code in row.also),
            ):
                if code:
                    evidence = (Evidence("family", match.words, family.id, (*_of_row(family, row, match, reading), *spans)),)
                    why = f"{family.title}: {told or 'by its words'}" if decided else f"{family.title}: still open"
                    (sure if decided else waiting).append(
                        candidate_of(code, score if decided else 0.4 * score, why, evidence, book)
                    )
    return Gathered(sure, waiting)


def _of_row(family: Family, row: Row, match: Match, reading: Reading) -> tuple[Span, ...]:
    """Where the letter says what sets the row apart from another one that it tells of as well: "complete left, limited right"."""
    several = [name for name in family.decides if name in family.values and "|" in match.facts.get(name, "") and name in row.when]
    heard = [hit for name in several for hit, value in values_heard(family, name, reading) if value == row.when[name]]
    return tuple(reading.span(hit) for hit in heard[:2])


def from_cards(matches: Sequence[Matched], cards: Mapping[str, Card], book: Codebook, reading: Reading) -> list[Candidate]:
    found: list[Candidate] = []
    for match, hits in matches:
        card = cards[match.id]
        evidence = (Evidence("card", match.words, card.id, tuple(reading.span(hit) for hit in hits[:6])),)
        spoken = (*card.report, *((card.modifier,) if card.modifier else ()), *((card.on,) if card.on else ()))
        ranked = (
            [(code, 0.0) for code in spoken]
            + [(code, 0.05) for code in card.do_not_report]
            + [(code, 0.1) for code in card.discuss]
        )
        found.extend(candidate_of(code, match.score - less, f"card: {card.title}", evidence, book) for code, less in ranked)
    return found


def from_keywords(known: Prepared, reading: Reading, book: Codebook) -> list[Candidate]:
    """Records and modifiers one of whose own keywords stands in the letter; a keyword of several records says less."""
    found: list[Candidate] = []
    past = [*earlier(reading.whole), *given_up(reading.whole), *stays(reading.whole)]
    for owners, base in ((known.keywords, 0.5), (known.modifier_words, 0.45)):
        for phrase in [phrase for phrase in reading.hits if phrase in owners]:
            codes = owners[phrase]
            hits = reading.of((phrase,), claimed=False)
            if len(codes) <= 4 and of_today(hits, past):
                score = base + 0.1 * min(3, len(pattern_of(phrase))) - 0.1 * (len(codes) - 1)
                evidence = (Evidence("keyword", (reading.whole[hits[0].start : hits[0].end],), phrase, (reading.span(hits[0]),)),)
                found.extend(candidate_of(code, score, f"keyword: {phrase}", evidence, book) for code in codes)
    return found


def from_search(question: Question, book: Codebook) -> list[Candidate]:
    """What full-text search finds for the letter's question, in the system that it asks for."""
    asked = question.text if len(question.text) <= 300 else _asking(question.text)
    system = next((system for system, pattern in _SYSTEMS if pattern.search(asked)), None)
    whole = book.search(asked[:300], system, _SEARCHED)
    phrases = _phrases(asked) if system is System.ICD10CM and (not whole or whole[0].score < _WHOLE) else []
    hits = [hit for phrase in phrases for hit in book.search(phrase, system, 2)] if len(phrases) > 1 else []
    found = []
    for hit in hits or whole:
        words = tuple(hit.words) or (asked[:40],)
        evidence = (Evidence("search", words, hit.code),)
        why = f"search: {', '.join(words[:6])}"
        found.append(Candidate(hit.code, hit.system, round(0.7 * hit.score, 3), why, evidence, hit.title))
    return found


def _phrases(text: str) -> list[str]:
    """The conditions of a list: "hypertension, chronic heart failure and stage 3 CKD" are three."""
    told = re.sub(r"^[^:]{0,60}:", "", text.split("?", maxsplit=1)[0][:300])
    parts = re.split(r",|;|\.\s|\band\b|\bwith\b|\bdue to\b", told)
    return [part.strip() for part in parts if len(part.strip()) > 3][:6]


def _asking(text: str) -> str:
    """The sentence with the first question mark, and the one before it."""
    end = text.find("?")
    end = end + 1 if end >= 0 else 300
    return text[max(0, end - 300) : end]


def merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate per code with its best score and all its evidence, ranked."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        before = best.get(candidate.code)
        if before is None:
            best[candidate.code] = candidate
            continue
        better = candidate if candidate.score > before.score else before
        evidence = (*before.evidence, *(e for e in candidate.evidence if e not in before.evidence))
        best[candidate.code] = replace(better, evidence=evidence, facts={**candidate.facts, **before.facts})
    return sorted(best.values(), key=lambda c: (-c.score, c.code))[:MOST]


def candidate_of(code: str, score: float, why: str, evidence: tuple[Evidence, ...], book: Codebook) -> Candidate:
    system, title = _known(book, code)
    return Candidate(code, system, round(min(score, 0.99), 3), why, evidence, title)


@lru_cache(maxsize=4096)
def _known(book: Codebook, code: str) -> tuple[System, str]:
    if code.startswith("-"):
        modifier = book.modifiers.get(code)
        return System.MODIFIER, modifier.title if modifier else ""
    record: CodeRecord | None = book.record(code)
    return (record.system, record.title) if record else (system_of(code), "")
