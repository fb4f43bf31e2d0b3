"""What an answer leaves unexplained of its letter: words that tell something, and that nothing it stands on knows.

A word that a family and a letter share by chance is no evidence: a letter on the capsule round a breast implant is none on the
capsule behind a lens, and the words that stay over say so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.classifier.confidence import rules_on_codes
from consultant.classifier.explained import tells
from consultant.classifier.prepared import Prepared, stems_of
from consultant.codebook import Codebook
from consultant.codebook.words import stem, tokens
from consultant.vocabulary import Candidate, Match, Question

LONGEST = 600  # characters of a letter's matter that are held against the answer
_PARAGRAPH = re.compile(r"\n\s*\n")
#: What a word weighs that no text of the knowledge uses: a term of a field we don't know, or everyday talk.
UNHEARD = 0.35
NEAR_BEST = 0.25
#: What is not, what is claimed and what is said in thanks needs no answer.
_BESIDE = frozenset({"negated", "claimed", "courtesy", "payer", "performed_by", "setting"})
#: Nor does what a list only counts by its names: nerves, muscles, allergens.
_LISTED = frozenset({"studies", "muscles", "allergens"})
_EVERYDAY = """
able add added additional adds advice advise afternoon again ago agree agrees all allowed almost also always another any anybody
anyone anything appointment appt archived argue argues argument ask asked auditor away back bad because before believe believes
better biller billers billing boss both bounce bounced box calendar came can't cardiologist cardiology charge charged charges
chart charted charts cheat cheatsheet choice choose chose claim claims clear clearinghouse clearly clinic coder coders colleague
column combo come comes coming confused confusing correct correctly could couldn't couple coworker curious day days dear denial
denied department dept derm dermatologist desk did different disagree doc docs doctor documented documents does doesn doing done
dup duplicate each earlier edit edits either else employer encounter end ended endocrinologist entered entering even evening
every everyone everything everywhere expected extra fee few field filed files final find first fit fits fix form found fp friday
gastroenterologist gave gentleman get gets getting girl go goes going gone good got group guess guidance guy habit half happen
happened happens hard hear hello help helps here hi home hospitalist hour however hurt hurts insist insists instead internist
into invalid item just keep keeps kept keyed keying kick kicked kid kids knew know known lady large last late later least left
less let like likes line lines list listed logged long look looked lot made make makes making man manager many maybe md mean
means might mine mistake monday month months more morning most much must my myself near need needed needs neither nephrologist
nephrology neurologist neurology never newsletter next nobody note noted notes nothing now np number occurred occurs off ok okay
old once oncologist only op open or ortho orthopedist other otherwise ours out over own page pages paid part past patient's pay
payable pays pcp people person pick picked picks place plus podiatrist podiatrists podiatry point policy possible practice
problem provider pt pulmonologist question questions quite rather read ready real really reason regards reimbursed reimbursement
reject rejected remain remember remembered report rheumatologist rn rule rules said sat saturday saw say saying says scrub
scrubber second see seem seems seen seminar send sends sent separately set she sheet should show shows side since slip small so
software some somebody someone something soon spell spelled spells staff standalone still stop such sunday superbill supervisor
supposed sure take taken takes taking team tell tells template templates than then there these they thing think third though
thought through throughout thursday ticket today together told tomorrow tonight too took toward town tried try trying tuesday
turn typed unclear under unsure until up upon urologist urology us using ve very wait want wanted wants way webinar wednesday
week weekend weeks well went were whatever when whenever where whether whichever while who whole whom whose why will wish within
without woman won't wonder wondering word work worked would write written wrong wrongly wrote years yes yesterday yet"""
#: What tells nothing of the matter in any field.
EVERYDAY = frozenset(_EVERYDAY.split())


def unexplained(
    matches: Sequence[Match], decided: Sequence[Candidate], matter: str, question: Question, known: Prepared, book: Codebook
) -> float:
    """What the matched texts and the decided codes leave unexplained of its matter, 0 upwards: one telling word weighs up to 1.

    0 too when at least half of what is told is explained: every letter has words of its own. Nor is anything left open where a
    card rules on the very codes that the letter names together.
    """
    if rules_on_codes(matches):
        return 0.0
    told = [f for f in question.facts if f.dimension in _BESIDE or (f.dimension == "count" and f.span.label in _LISTED)]
    beside = {term for fact in told for term in stems_of(fact.span.text)}
    said = {stem(word): word for word in tokens(matter) if word.isalpha() and tells(word) and word not in EVERYDAY}
    weights = {term: known.telling.get(term, UNHEARD) for term in said if term not in beside}
    heard = {term for match in matches for term in known.texts[match.kind, match.id]}
    heard |= {term for match in matches for term in stems_of(" ".join(match.words))}
    for candidate in decided:
        record = book.starter(candidate.code)
        heard |= set(stems_of(" ".join((candidate.title, *(record.keywords if record else ())))))
    missed = sum(weight for term, weight in weights.items() if term not in heard and not _written_out(said[term], heard, book))
    return missed if missed > sum(weights.values()) / 2 else 0.0


def matter_of(matches: Sequence[Match], whole: str) -> str:
    """The paragraphs that hold the words of the best matches: what a letter says besides of other things is not its matter."""
    enough = max((match.score for match in matches), default=0.0) - NEAR_BEST
    words = {word for match in matches if match.score >= enough for word in match.words}
    told = [part for part in _PARAGRAPH.split(whole) if any(word in part for word in words)] or [whole]
    return "\n".join(told)[:LONGEST]


def _written_out(word: str, heard: set[str], book: Codebook) -> bool:
    """Do the texts know what an abbreviation stands for?"""
    return any(set(stems_of(text)) <= heard for text in book.terms.get(word, ()))
