"""A disease that an outpatient's note only suspects: its family decides no code, and the answer says that it is not coded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from consultant.classifier.candidates import Matched, from_families
from consultant.classifier.diagnoses.conditions import DOUBTING
from consultant.classifier.diagnoses.inpatient import is_inpatient
from consultant.classifier.diagnoses.titles import ASKS
from consultant.classifier.fits import of_diagnoses
from consultant.classifier.hearing.words import Reading
from consultant.codebook import Codebook
from consultant.codebook.kept import families_of
from consultant.codebook.knowledge import Family
from consultant.vocabulary import Candidate

#: With nothing between that would end their reach; what is to be ruled out is no more than suspected.
_DOUBT = re.compile(rf"\b(?:{DOUBTING}|rule out|r/o)\b(?:(?! with | not )[^,.;:\"”?!])*$", re.IGNORECASE)
_REACH = 40
#: "Can we bill the PE code?" speaks of a code, and tells of no disease.
_A_CODE = re.compile(r"'?s? (?:code|diagnosis|dx)\b", re.IGNORECASE)
#: "Suspected exposure" is coded like the exposure itself.
_MET = re.compile(r"expos|(?:close )?contact|carrier")


def suspected(matches: Sequence[Matched], book: Codebook, reading: Reading) -> list[Matched]:
    """The families of diagnoses all of whose words for the disease are in doubt; none in a note of a hospital stay."""
    by_id = families_of(book)
    found = [one for one in matches if _is_doubted(by_id[one[0].id], reading)]
    return [] if found and is_inpatient(reading.whole) else found


def _is_doubted(family: Family, reading: Reading) -> bool:
    if not of_diagnoses(family):
        return False
    acts = [hit for hit in reading.of(family.act) if not ASKS.search(hit.phrase)]
    own = acts or [hit for hit in reading.of(family.object) if not ASKS.search(hit.phrase)]
    if any(_MET.match(hit.phrase) for hit in own):
        return False
    own = [hit for hit in own if not _A_CODE.match(reading.whole, hit.end)] or own
    return bool(own) and all(_DOUBT.search(reading.whole, max(0, hit.start - _REACH), hit.start) for hit in own)


def doubted(matches: Sequence[Matched], book: Codebook, reading: Reading) -> list[Candidate]:
    """What those families would have decided, as diagnoses in doubt."""
    found = from_families(matches, book, reading).sure
    return [replace(c, evidence=tuple(replace(e, kind="doubted") for e in c.evidence)) for c in found]
