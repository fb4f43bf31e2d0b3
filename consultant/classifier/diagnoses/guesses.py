"""Conditions that only somebody at a desk speaks of: "the biller says it is history by now", "the scribe wrote cellulitis".

Beside what the letter tells of the patient itself they are guesses, or codes that others chose. What a treating person said is
none, nor is the family history that a relative gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from consultant.classifier.diagnoses.titles import Told
from consultant.vocabulary import Question, Span

#: Who picks codes and sees no patient, or what does it for them.
_DESK = re.compile(
    r"\b(?:co-?worker|colleague|biller|coder|billing|manager|supervisor|consultant|vendor|encoder|software|system|website|article"
    r"|blog|google|chatgpt|front desk|desk|friend|buddy|boss|trainees?|trainer|clerk|scheduler|secretary|hire|predecessor|lead"
    r"|scribe|temp|someone|somebody|template|superbill|slip|cheat ?sheet|clearinghouse|scrubber|intern|student|tech|technician"
    r"|one of us|told to)\b",
    re.IGNORECASE,
)
#: A first look, and people who don't diagnose: "the triage nurse wrote angina", "the earlier note said pneumonia".
_FIRST_LOOK = re.compile(
    r"\b(?:triage(?: (?:nurse|note|sheet|rn))?|(?:floor |charge |intake )?nurse|medical assistant|scribe|ems|medics?|paramedics?"
    r"|(?:earlier|first|initial|old|intake|transfer|outside) (?:note|sheet|slip|letter))(?: (?:even|just|still|only|had))* "
    r"(?:wrote|writes|put|puts|sa(?:ys|id)|had|listed|lists|charted|noted|called (?:it|this))\b[^.;?!\n]{1,90}",
    re.IGNORECASE,
)
#: How a claim begins that is of another patient, or of what a relative takes or had too.
_OF_ANOTHER = re.compile(
    r"(?:another|an?|one|last \w+'s) (?:(?:separate|different) )?(?:patient|pt|case)\b"
    r"|(?:his|her|the (?:patient|pt)'s) (?:\w+ )?"
    r"(?:sister|brother|mother|mom|father|dad|aunt|uncle|cousin|daughter|son|husband|wife)"
    r" (?:had|has|got|takes|took|needs|needed|uses|used|is|was)\b",
    re.IGNORECASE,
)
_MOST = 12


def without_guesses(row: Sequence[Told], question: Question, certain: Sequence[Told]) -> list[Told]:
    """The conditions less those that a desk claims, where others are left that nobody only claims."""
    claims = [fact for fact in question.facts if fact.dimension == "claimed" and fact.span.where == "text"]
    others = [fact.span for fact in claims if _OF_ANOTHER.match(str(fact.value))]
    row = [one for one in row if one.hit.code[:2] == "Z8" or not _stands_in(one, others)]
    looks = (Span(look.start(), look.end(), look.group()) for look in islice(_FIRST_LOOK.finditer(question.text), _MOST))
    desks = [*looks, *(fact.span for fact in claims if _DESK.search(str(fact.value)))]
    kept = [one for one in row if not _stands_in(one, desks)]
    told = [one for one in (*kept, *certain) if one.hit.code[0] not in "RVWXYZ"]
    return kept if told else list(row)


def _stands_in(one: Told, stretches: Sequence[Span]) -> bool:
    """Does it begin inside one of the stretches? Its place may begin with a space, one character before."""
    return any(span.start < one.end and one.start < span.end and span.start <= one.start + 1 for span in stretches)
