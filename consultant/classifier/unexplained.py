"""What an answer leaves unexplained of its letter: words that tell something, and that nothing it stands on knows.

A word that a family and a letter share by chance is no evidence: a letter on the capsule round a breast implant is none on the
capsule behind a lens, and the words that stay over say so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.classifier.explained import tells
from consultant.classifier.prepared import Prepared, stems_of
from consultant.classifier.words import Reading
from consultant.codebook import Codebook
from consultant.codebook.words import stem, tokens
from consultant.vocabulary import Candidate, Match, Question

LONGEST = 600  # characters of a letter's matter that are held against the answer
_CODE = re.compile(r"\b[0-9A-Z]\d{3}[0-9A-Z]\b")
_PARAGRAPH = re.compile(r"\n\s*\n")
#: What a word weighs that no text of the knowledge uses: a term of a field we don't know, or everyday talk.
UNHEARD = 0.35
NEAR_BEST = 0.25
#: What is not, what is claimed and what is said in thanks needs no answer.
_BESIDE = frozenset({"negated", "claimed", "courtesy", "payer", "performed_by", "setting"})
_EVERYDAY = """
able again all also always another any anybody anyone anything ask asked away back bad because before better both boss came can't
charge come comes coming could couldn't day did different does doing done each else end ended even every everyone everything few
final find first fix found gave get gets getting go goes going gone good got guess half happen happened hard hear here home hour
however instead into just keep keeps kept knew know known large last late later least left less let like likes list listed long
look looked lot made make makes making many maybe mean means might mine more morning most much must myself near need needed needs
never next nobody note noted nothing now number off ok okay old once only open or other otherwise ours out over own paid part past
pay pays people person place plus point possible problem quite rather read ready real really reason remain said sat saw say says
second see seem seems seen send sends sent set she should show shows side since small so some somebody someone something soon
still stop such sure take taken takes taking team tell tells than then there these they thing think third though thought through
throughout today together told tomorrow too took toward town tried try trying turn under until up upon us using very wait want
wanted wants way week well went were whatever when whenever where whether while who whole whom whose why will wish within without
won't word work worked would write written wrong wrote yes yesterday yet"""
#: What tells nothing of the matter in any field.
EVERYDAY = frozenset(_EVERYDAY.split())


def unexplained(
    matches: Sequence[Match], decided: Sequence[Candidate], reading: Reading, question: Question, known: Prepared, book: Codebook
) -> float:
    """What the matched texts and the decided codes leave unexplained of the letter, 0 upwards: one telling word weighs up to 1.

    0 too when at least half of what is told is explained: a long letter has words of its own. Nor is anything left open where a
    card rules on the very codes that the letter names together.
    """
    if any(match.kind == "card" and len(_CODE.findall(" ".join(match.words))) > 1 for match in matches):
        return 0.0
    beside = {term for f in question.facts if f.dimension in _BESIDE for term in stems_of(f.span.text)}
    said = {
        stem(word): word for word in tokens(_told(matches, reading)) if word.isalpha() and tells(word) and word not in EVERYDAY
    }
    weights = {term: known.telling.get(term, UNHEARD) for term in said if term not in beside}
    heard = {term for match in matches for term in known.texts[match.kind, match.id]}
    heard |= {term for match in matches for term in stems_of(" ".join(match.words))}
    for candidate in decided:
        record = book.starter(candidate.code)
        heard |= set(stems_of(" ".join((candidate.title, *(record.keywords if record else ())))))
    missed = sum(weight for term, weight in weights.items() if term not in heard and not _written_out(said[term], heard, book))
    return missed if missed > sum(weights.values()) / 2 else 0.0


def _told(matches: Sequence[Match], reading: Reading) -> str:
    """The paragraphs that hold the words of the best matches: what a letter says besides of other things is not its matter."""
    enough = max((match.score for match in matches), default=0.0) - NEAR_BEST
    words = {word for match in matches if match.score >= enough for word in match.words}
    told = [part for part in _PARAGRAPH.split(reading.whole) if any(word in part for word in words)] or [reading.whole]
    return "\n".join(told)[:LONGEST]


def _written_out(word: str, heard: set[str], book: Codebook) -> bool:
    """Do the texts know what an abbreviation stands for?"""
    return any(set(stems_of(text)) <= heard for text in book.terms.get(word, ()))
