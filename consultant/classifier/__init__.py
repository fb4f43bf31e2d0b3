"""From a Question to Findings: which codes, by which words and which record, how sure, and whether to abstain.

Evidence ranks: a code named in the letter, a family whose act and object both stand in it, a card whose triggers all hold, a
keyword of a record, then search. Before it abstains it looks which family the letter is most like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from consultant.classifier.amounts.own import amounts_of
from consultant.classifier.candidates import from_cards, from_families, from_keywords, from_search, merged
from consultant.classifier.cards import match_cards
from consultant.classifier.chat import without_chat
from consultant.classifier.confidence import ABSTAIN_BELOW, chance_of, confidence_of, doubted_by_words
from consultant.classifier.diagnoses.conditions import conditions
from consultant.classifier.diagnoses.doubts import doubted, suspected
from consultant.classifier.diagnoses.effects import beside_effects, effects
from consultant.classifier.diagnoses.headings import below_headings, covers
from consultant.classifier.diagnoses.healing import later_care
from consultant.classifier.diagnoses.reasons import only_reasons
from consultant.classifier.diagnoses.titles import Titles, Told, told_procedures, told_titles, without_titles
from consultant.classifier.diagnoses.turns import said_otherwise
from consultant.classifier.explained import asked_of, explained
from consultant.classifier.families import match_families
from consultant.classifier.fits import asked_diagnoses, fitting_cards, fitting_keywords
from consultant.classifier.hearing.words import Hit, Reading
from consultant.classifier.likeness import like_family
from consultant.classifier.named import named_candidates
from consultant.classifier.near import TEXTS, near
from consultant.classifier.prepared import prepared
from consultant.classifier.systems import speaks_of_diagnoses, speaks_of_services, speaks_of_work, wants_both, wants_diagnosis
from consultant.classifier.told import named_family
from consultant.classifier.topics import clues_of, likely_beside, of_diagnoses, rank_topics, topics_of
from consultant.classifier.unexplained import matter_of, unexplained
from consultant.codebook import Codebook
from consultant.codebook.kept import cards_of, cards_on, families_of, families_on, owners_on
from consultant.codebook.knowledge import Card
from consultant.codebook.words import terms, tokens
from consultant.vocabulary import Candidate, Findings, Match, Question, System

#: A service that search found with less is no sign that the letter is about services.
FAIR = 0.4
#: Characters of a letter that are compared with the texts.
MOST_COMPARED = 3000

Brought = tuple[Match, list[Hit]]  # a text that the letter meets, and the hits that brought it

__all__ = ["ABSTAIN_BELOW", "classify"]


def classify(question: Question, book: Codebook, on: date) -> Findings:
    """What the letter is about, for the date of service `on`. Never raises on a question, whatever it says."""
    heard = without_chat(question.meant, prepared(book).names)
    return replace(_classified(heard, book, on), question=question)


def _classified(question: Question, book: Codebook, on: date) -> Findings:
    reading = prepared(book).lexicon.read(question)
    titles = Titles(told_titles(question, book), told_procedures(question, book))
    families = [] if titles.procedures else _families(question, book, on, reading)
    found = _findings(question, book, on, reading, titles, families)
    ails = any(evidence.kind == "condition" for candidate in found.candidates for evidence in candidate.evidence)
    told = f"{question.subject} {question.text}"[:MOST_COMPARED]
    likes = prepared(book).likeness.ranked(tokens(told), TEXTS)
    if found.abstains and not ails and not families:
        liked = like_family(next(iter(likes), None), families_on(book, on), families_of(book), question, reading)
        found = _findings(question, book, on, reading, titles, liked) if liked else found
    chance = chance_of(found.matches, len({*terms(told)}))
    turns = said_otherwise(question, prepared(book).turns) if ails else frozenset()
    beside = near(question, found.matches, likes, book, on)
    only_work = only_reasons(question, found.topics[0])
    only_ails = wants_diagnosis(question) and not speaks_of_services(question)
    chance = round(chance, 3)
    return replace(found, chance=chance, near=beside, turns=turns, only_work=only_work, only_ails=only_ails)


def _findings(
    question: Question, book: Codebook, on: date, reading: Reading, titles: Titles, families: Sequence[Brought]
) -> Findings:
    """All evidence, ranked, with these titles and families."""
    named = [*titles.procedures, *named_candidates(question, book, on)]
    families = without_titles(families, titles.diagnoses, book, reading)
    guessed = suspected(families, book, reading)
    families = [one for one in families if one not in guessed]
    chosen = from_families(families, book, reading)
    keyworded = fitting_keywords(from_keywords(prepared(book), reading, book), question)
    codes = {c.code for c in (*named, *chosen.sure, *keyworded)}
    clues, by_id = clues_of(question), cards_of(book)
    cards = match_cards(_cards(question, book, on, reading), question, reading, codes, rank_topics(clues))
    ruled = from_cards(cards, by_id, book, reading)
    settled = chosen.sure or chosen.open or cards or any(c.title and c.system is not System.MODIFIER for c in named)
    searched = [] if settled else from_search(question, book)
    matches, open_ = tuple(match for match, _ in (*families, *cards)), chosen.open if speaks_of_work(question) else []
    ailing = _ailing(question, book, on, titles.diagnoses, [*chosen.sure, *open_, *ruled, *keyworded], searched)
    clues = of_diagnoses(clues) if ailing and _only_diagnoses(chosen.sure, chosen.open, keyworded, named) else clues
    spoken_for = [(match.score, by_id[match.id].topic) for match, _ in cards]
    topics = topics_of(clues, spoken_for, question.text)
    others = [*keyworded, *searched]
    explains = {c.code: explained(c, question, book) for c in others} | asked_of(named, question, book, on)
    matter = matter_of(matches, reading.whole)
    left = unexplained(matches, [*chosen.sure, *ailing, *keyworded, *named], matter, question, prepared(book), book)
    sure = confidence_of(matches, chosen.sure, named, others, topics[0], explains)
    confidence = doubted_by_words(sure, matches, left, matter, ailing)
    later, guesses = later_care(chosen.sure, reading.whole, book), doubted(guessed, book, reading)
    everyone = merged([*named, *chosen.sure, *later, *ailing, *ruled, *chosen.open, *keyworded, *searched, *guesses])
    return Findings(
        question=question,
        on=on,
        codebook=book.version,
        topics=topics,
        likely=likely_beside(topics[0], clues, spoken_for, question.text),
        candidates=amounts_of(everyone, question, reading, families, book),
        matches=matches,
        confidence=round(confidence, 3),
        abstains=confidence < ABSTAIN_BELOW,
    )


def _families(question: Question, book: Codebook, on: date, reading: Reading) -> list[Brought]:
    """The families of the letter's words, or else the one of its codes, each with the hits that brought it."""
    known = prepared(book)
    of_the_day = families_on(book, on)
    near = [of_the_day[name] for name in sorted(_led_to(reading, known.acts) & of_the_day.keys())]
    asked = asked_diagnoses(question, reading)
    families = match_families(near, families_of(book), question, reading, known.rarity, asked)
    return families or named_family(of_the_day, owners_on(book, on), question, reading)


def _cards(question: Question, book: Codebook, on: date, reading: Reading) -> Sequence[Card]:
    """The cards that a phrase of the letter, or codes alone, may bring."""
    known, in_force = prepared(book), cards_on(book, on)
    told = known.wordless | _led_to(reading, known.triggers)
    return fitting_cards([in_force[name] for name in sorted(told & in_force.keys())], question)


def _led_to(reading: Reading, owners: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The ids of what the phrases of the letter may bring."""
    return {name for phrase in reading.hits for name in owners.get(phrase, ())}


def _only_diagnoses(*found: Sequence[Candidate]) -> bool:
    """Codes of diagnoses alone, besides modifiers that words brought."""
    others = (c for row in found for c in row if c.system is not System.ICD10CM)
    return all(c.system is System.MODIFIER and all(e.kind == "keyword" for e in c.evidence) for c in others)


def _ailing(
    question: Question,
    book: Codebook,
    on: date,
    titles: Sequence[Told],
    met: Sequence[Candidate],
    searched: Sequence[Candidate],
) -> list[Candidate]:
    """The diagnoses of a letter that asks for them, or that tells of nothing else."""
    if wants_both(question):
        return _named_by_words(question, book, titles, on)
    if speaks_of_services(question):
        return []
    if not speaks_of_diagnoses(question):
        found = [*met, *(c for c in searched[:1] if c.score >= FAIR)]
        best = max((c.score for c in met if c.system is System.ICD10CM and c.score >= FAIR), default=0.0)
        # A service that a family only asks about weighs less than a diagnosis that another one has decided.
        if (speaks_of_work(question) and not best) or any(_weighs(c, best) for c in found):
            return []
    return beside_effects(_named_by_words(question, book, titles, on), effects(question, book), titles)


def _weighs(candidate: Candidate, best: float) -> bool:
    """Is it a service as likely as the best diagnosis? One word of it ("INR") is none beside a diagnosis that is decided, save
    the name of an operation or a scope ("colonoscopy")."""
    by_word = candidate.code[0] not in "123456" and all(evidence.kind == "keyword" for evidence in candidate.evidence)
    return candidate.system in (System.CPT, System.HCPCS) and candidate.score >= (best if by_word else best / 2)


def _named_by_words(question: Question, book: Codebook, titles: Sequence[Told], on: date) -> list[Candidate]:
    """The conditions of the letter; of those under a heading that it names the one that all its words describe."""
    described = below_headings(question, book, on)
    return [*described, *(c for c in conditions(question, book, titles) if not any(covers(one, c) for one in described))]
