"""How sure the findings are, 0..1, from the rank of their evidence.

The thresholds were set on questions of fields that the text knowledge did not hold yet (`docs/accuracy.md` has the figures):
of codes found by words that explain less than 0.6 of the question 14 of 17 were wrong, of those found by more 9 of 11 right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from consultant.vocabulary import Candidate, Match, System, Topic, is_story

_CODE = re.compile(r"\b[0-9A-Z]\d{3}[0-9A-Z]\b")
#: What each kind of evidence can earn at its best, and with nothing but itself.
NAMED_ALONE = 0.85
FAMILY_OPEN = 0.55
SEARCH_ALONE = 0.75
#: A letter that asks for a rule, a pair or a payment is not answered by a code that was found; nor is any by one it quotes.
CODE_ALONE = 0.45
#: The least share of the question's telling words that a code found by a keyword, or by search, must explain.
KEYWORD_EXPLAINS, SEARCH_EXPLAINS, MODIFIER_EXPLAINS = 0.6, 0.65, 0.3
#: The chance that an answer is right: at even, for each card, for the words met and for those told (logarithms of both).
EVEN, FOR_CARD, FOR_MET, FOR_TOLD = 3.3, 0.38, 0.87, -1.64
#: No letter of those had more cards or more telling words.
MOST_CARDS, MOST_TELLING = 3, 37
#: Below this the draft abstains: it says what was understood and leaves the verdict to the reviewer.
ABSTAIN_BELOW = 0.5
#: Telling words of the letter that nothing of the answer knows: with more of them the letter is about something else.
MOST_UNEXPLAINED = 3.3
#: More of them may stay over where a family or a card is met as closely as STRONG.
MOST_BESIDE_STRONG, STRONG = 5.5, 0.9
#: What each word's weight of that takes from the confidence: of answers with one or more left six in ten were right.
DOUBT = 0.08
#: Words of a story that the best text must meet, and facts that decide it. In 498 letters of several sentences the words that
#: stayed over told nothing of right and wrong; of answers on fewer words met 11 in 52 were right, of the others half.
LEAST_MET = 5
#: A hit this good has met nearly every word by its meaning ("pass out"), which a look at the words alone can't see.
NEAR_EXACT = 0.69


def confidence_of(
    matches: Sequence[Match],
    sure: Sequence[Candidate],
    named: Sequence[Candidate],
    others: Sequence[Candidate],
    topic: Topic,
    explains: Mapping[str, float],
) -> float:
    """A card or a decided family counts most, then named codes, then words alone.

    `others` are keyword and search candidates; `explains` is how much of the question each code explains (1 for a named code
    that the letter asks about, not only quotes).
    """
    cards = max((m.score for m in matches if m.kind == "card"), default=0.0)
    decided = max((c.score for c in sure), default=0.0)
    waiting = FAMILY_OPEN if any(m.kind == "family" for m in matches) else 0.0
    known = max((_named(c, explains) for c in named if c.title and c.system is not System.MODIFIER), default=0.0)
    words = max((_worded(c, topic, explains) for c in others), default=0.0)
    ranked = sorted((cards, decided, waiting, known, words), reverse=True)
    if topic is not Topic.CODE_LOOKUP and not cards and not decided and (topic is not Topic.MODIFIER or not words):
        return min(ranked[0], CODE_ALONE)
    # A second kind of evidence for the same letter takes away a part of the doubt that is left.
    return min(0.99, ranked[0] + 0.3 * (1 - ranked[0]) * ranked[1])


def _named(candidate: Candidate, explains: Mapping[str, float]) -> float:
    return NAMED_ALONE if explains.get(candidate.code, 0.0) >= KEYWORD_EXPLAINS else CODE_ALONE


def _worded(candidate: Candidate, topic: Topic, explains: Mapping[str, float]) -> float:
    """A modifier or a place of service that a common word brings answers only who asks for one."""
    if candidate.system in (System.MODIFIER, System.POS) and topic is not Topic.MODIFIER:
        return min(candidate.score, CODE_ALONE)
    phrase = max((len(e.record.split()) for e in candidate.evidence if e.kind == "keyword"), default=0)
    searched = all(evidence.kind == "search" for evidence in candidate.evidence)
    needed = SEARCH_EXPLAINS if searched else MODIFIER_EXPLAINS if candidate.system is System.MODIFIER else KEYWORD_EXPLAINS
    needed = 0.3 if searched and candidate.score >= NEAR_EXACT else needed
    needed -= 0.2 if phrase > 2 else 0.0  # three words in a row are rarely met by chance
    score = min(candidate.score, SEARCH_ALONE)
    return score if explains.get(candidate.code, 0.0) >= needed else min(score, CODE_ALONE)


def doubted_by_words(
    confidence: float, matches: Sequence[Match], left: float, matter: str, ailing: Sequence[Candidate] = ()
) -> float:
    """The confidence less what the words of the letter take from it: those that stayed unexplained (`left`, their weight), or
    where its matter is a story those that were met, when they are few. Then it carries no answer.

    The words of the condition that a letter on diagnoses names at the greatest length are met besides."""
    if is_story(matter) and matches and not rules_on_codes(matches):
        named = max((len(words.split()) for c in ailing for e in c.evidence for words in e.words), default=0)
        return confidence if told_by(matches) + named >= LEAST_MET else min(confidence, CODE_ALONE)
    strong = max((match.score for match in matches), default=0.0) >= STRONG
    if left > (MOST_BESIDE_STRONG if strong else MOST_UNEXPLAINED):
        return min(confidence, CODE_ALONE)
    return confidence if confidence < ABSTAIN_BELOW else max(ABSTAIN_BELOW, confidence - DOUBT * left)


def words_met(matches: Sequence[Match]) -> int:
    """How many words of the letter the best text met."""
    return max((_words(match) for match in matches), default=0)


def told_by(matches: Sequence[Match]) -> int:
    """The same, with what decides a family's table: "17 keratoses frozen" tells a number beside its words. (Of 13 open stories
    with fewer words and so many facts 11 were right, of 10 of the measure half.)"""
    return max((_words(match) + (len(match.facts) if match.is_decided else 0) for match in matches), default=0)


def _words(match: Match) -> int:
    return sum(len(words.split()) for words in match.words)


def rules_on_codes(matches: Sequence[Match]) -> bool:
    """Does a card rule on the very codes that the letter names together? Then its other words leave nothing open."""
    return any(match.kind == "card" and len(_CODE.findall(" ".join(match.words))) > 1 for match in matches)


def chance_of(matches: Sequence[Match], telling: int) -> float:
    """How often an answer on such evidence was right, 0..1; 0 where no text was met.

    Fitted on 683 answers to letters of strangers by which nothing had been mended (`docs/accuracy.md`). What told right from
    wrong: how many words of the letter the best text met, how many cards spoke of it, and how many telling words it has in all.
    """
    if not matches:
        return 0.0
    met = words_met(matches)
    cards = min(MOST_CARDS, sum(match.kind == "card" for match in matches))
    told = math.log1p(min(telling, MOST_TELLING))
    return 1 / (1 + math.exp(-(EVEN + FOR_CARD * cards + FOR_MET * math.log1p(met) + FOR_TOLD * told)))
