"""The words by which a family sends a letter away: which of them count, and which are said of another act."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.classifier.belonging.belongings import belongings
from consultant.classifier.belonging.claims import bills_for_rooms
from consultant.classifier.belonging.clauses import Clauses, Matched
from consultant.classifier.belonging.earlier import long_gone, of_today
from consultant.classifier.belonging.given_up import other_times
from consultant.classifier.belonging.purposes import not_done, outside
from consultant.classifier.belonging.stays import stays
from consultant.classifier.belonging.whose import elsewhere
from consultant.classifier.fits import of_diagnoses
from consultant.classifier.hearing.words import Hit, Reading
from consultant.codebook.knowledge import Family

#: Whoever asks for the code of the work and its diagnosis is not sent away by these.
_OF_DIAGNOSES = frozenset({"icd*", "dx", "diagnos*", "diagnosis code*", "dx code*"})
#: How a patient slept: at a centre that bills for its rooms it sends no work away.
_SLEPT = frozenset({"propofol", "mac", "mac for", "sedation", "deep sedation", "conscious sedation", "moderate sedation"})
#: Of two codes ("33213 or 33228?") the letter wants one: they tell what it is about.
_ALONE = re.compile(r"[.!?;] (?:so |is it |still )?(?P<code>[A-Z]?\d{4,5}[A-Z]?) ?\?", re.IGNORECASE)


def _asked_alone(whole: str) -> list[tuple[int, int]]:
    """Where a code stands alone in a question of its own ("99492?"): it is asked about, and tells nothing of what was done."""
    return [match.span("code") for match in _ALONE.finditer(whole)]


def against(family: Family, reading: Reading, both: bool) -> list[Hit]:
    """The words that send the family away: of a service not what is long gone, of an operation not what was only looked for."""
    away = reading.of(family.unless, claimed=False)
    away = [*outside(away, _asked_alone(reading.whole))] if away else away
    if away and of_diagnoses(family):  # what a patient only lives with is no act that the letter is about
        away = [*outside(away, belongings(reading.whole))]
    if not of_diagnoses(family):
        gone = [*long_gone(reading.whole), *elsewhere(reading.whole), *stays(reading.whole)] if away else []
        away = [hit for hit in away if not (both and hit.phrase in _OF_DIAGNOSES) and (not gone or of_today([hit], gone))]
    if reading.is_story and not of_diagnoses(family):
        away = [*outside(away, other_times(reading.whole))]
    if any(hit.phrase in _SLEPT for hit in away) and bills_for_rooms(reading.whole):
        away = [hit for hit in away if hit.phrase not in _SLEPT]
    return [*outside(away, not_done(family, reading.whole))]


def excused(reading: Reading, clauses: Clauses, mine: Matched, away: Sequence[Hit], others: Sequence[Matched]) -> bool:
    """Is every word that would send the family away said of another act?"""
    family, hits = mine
    left = [hit for hit in away if not clauses.excuses(hit, hits, others)]
    apart = clauses.of(hits) - clauses.of(away) if left else set()
    return not left or (
        any(clauses.tells(family, hits, {number}) for number in apart)
        and all(clauses.in_turn(hit, mine, others, reading) or clauses.named_apart(hit, mine, others, reading) for hit in left)
    )
