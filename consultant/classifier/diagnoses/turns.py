"""Which turns of the rules on diagnoses that stand together a letter says in other words, or shortened.

The rules (`together.toml`) bind what becomes of two diagnoses to words: "due to sepsis" is told by "because of her sepsis" and
by "2/2 sepsis" too. What is said letter by letter the rules see for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consultant.classifier.hearing.words import Lexicon, Shorthand
from consultant.codebook import Codebook
from consultant.codebook.together import Together
from consultant.vocabulary import Question

MOST = 6000  # characters of a letter that are listened to
CAUSE = "due to"
#: What says that one thing came of another; before what it came of they are one turn.
_CAUSES = re.compile(
    r"\b(?:due to|(?:as (?:a|the) )?(?:result|consequence|complication) of|because of|caused by|sec(?:ondary)? to"
    r"|owing to|on account of|brought on by|attribut(?:ed|able) to|resulting from|result(?:ed)? from|comes? from|came from"
    r"|thanks to|related to|d/t|2/2|from)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Turns:
    """A lexicon of the turns as they are listened for, and for each the turns of the rules that it stands for."""

    lexicon: Lexicon
    owners: Mapping[str, frozenset[str]]


def turns_of(book: Codebook, shorthand: Shorthand) -> Turns:
    """The turns of a book's rules. Each keeps its order: a fracture from osteoporosis is no osteoporotic fracture yet."""
    owners: dict[str, set[str]] = {}
    for words in _listed(book.together):
        owners.setdefault(_listened(words), set()).add(words)
    lexicon = Lexicon(owners, shorthand, ordered=True, forgiving=False)
    return Turns(lexicon, {phrase: frozenset(words) for phrase, words in owners.items()})


def said_otherwise(question: Question, turns: Turns) -> frozenset[str]:
    """The turns of the rules that the letter says loosely, with another word for the cause, or shortened."""
    told = question.text[:MOST]
    scopes = tuple(fact for fact in question.facts if fact.dimension == "negated" and fact.span.where == "text")
    plain = turns.lexicon.read(Question(told, "", facts=scopes))
    loose = turns.lexicon.read(Question(_CAUSES.sub(CAUSE, told), "")).hits
    # "No delirium" says no delirium, in whichever words.
    denied = {phrase for phrase, hits in plain.hits.items() if all(hit.negated for hit in hits)}
    heard = dict.fromkeys([*plain.hits, *loose])
    return frozenset(words for phrase in heard if phrase not in denied for words in turns.owners[phrase])


def _listed(rules: Iterable[Together]) -> Iterable[str]:
    """The turns of the rules. One with a number ("bal of 231") means just that number, and a cause alone says nothing of what
    came of it: both are heard as written."""
    said = (words for rule in rules for words in (*rule.said, *rule.unsaid))
    return dict.fromkeys(words for words in said if not any(char.isdigit() for char in words) and not _CAUSES.fullmatch(words))


def _listened(words: str) -> str:
    """A turn as it is listened for: open at its end, as the rules read it, and with one word for the cause at its beginning."""
    cause = _CAUSES.match(words)
    phrase = f"{CAUSE}{words[cause.end() :]}" if cause and cause.end() < len(words) else words
    return phrase if phrase.endswith("*") else f"{phrase}*"
