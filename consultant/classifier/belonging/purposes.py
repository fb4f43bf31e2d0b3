"""What somebody only looked for: "EGD to check for a hiatal hernia", "scope to rule out a tumor", "looking for polyps".

It tells why a scope went in, and nothing that was done: it brings no operation and says no value of one, unless the letter
goes on to say that it was there. Laboratories and imaging are asked for by just such words, and so are diagnoses: theirs stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from consultant.classifier.belonging.given_up import Stretches, given_up, not_ours, other_times
from consultant.classifier.belonging.whose import handed_on
from consultant.classifier.fits import of_diagnoses
from consultant.classifier.hearing.words import Hit, Reading, among
from consultant.codebook.knowledge import Family
from consultant.vocabulary import System

KEPT = 4  # letters
_MOST = 12
_REACH = 60  # characters that a purpose goes on for
_FOR = (
    r"(?:look(?:ing)? for|check(?:ing)? for|rul(?:e|ing) out|r/o|search(?:ing)? for|see (?:if|whether)|exclud(?:e|ing)"
    r"|find out (?:if|whether)|evaluat(?:e|ing|ion) for|assess(?:ing)? for"
    r"|(?:check|evaluate|assess|inspect|examine)(?: [\w-]+){1,3} for)"
)
#: Whoever wants, needs or tries to look for something looks for a code.
_CUE = re.compile(
    rf"(?<!want )(?<!wanted )(?<!need )(?<!like )(?<!trying )(?<!how )(?<!me )(?<!us )(?<!you )"
    rf"\b(?:(?:to|for) {_FOR}|(?<!am )(?<!are )(?<!'m )(?<!'re )looking for|(?<=\w )(?:r/o|rule[- ]out)) ",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[.,;:?!()\n](?!\d)|\b(?:and|but|with|then|which|what|when|where|via|through|using|under|by|found|showed"
    r"|in (?:the )?(?:or|office))\b",
    re.IGNORECASE,
)
_OF_CODES = re.compile(r"\b(?:codes?|cpt|bill\w*|modifiers?|edits?|denial|charge)\b", re.IGNORECASE)
#: What says that it was there after all, or that something was done about it; "none found", "nothing treated" says neither.
_DONE = re.compile(
    r"(?P<no>\b(?:nothing|none|no|not|nor|never|without|negative|didn't|wasn't|weren't)\b[^.;?!]{0,40}?)?"
    r"\b(?:found|saw|seen|show\w*|confirm\w*|remov\w*|took|taken|treat\w*|resect\w*|excis\w*|ablat\w*|cauter\w*|fulgurat\w*|burn\w*"
    r"|biops\w*|snar\w+|repair\w*|trim\w*|dilat\w*|stretch\w*|drain\w*|clip\w*|inject\w*|band\w*|cut|lys\w+|fix\w*|stent\w*"
    r"|was there|were there|turned out|there (?:was|were) (?!no))\b",
    re.IGNORECASE,
)
#: What one looks with, in the sentence before.
_SCOPE = re.compile(
    r"\b(?:\w*scop(?:e|ed|es|y|ies|ing)|egd|cystos?|camera|ex[- ]lap|laparotom\w+|explor\w+|bronchs?)\b[^.;?!\n]{0,80}\Z",
    re.IGNORECASE,
)
_BEFORE = 120  # characters
#: How families call the look that is all there was.
LOOKS = ("look", "look only", "looked only", "only looked", "only looked into", "diagnostic", "nothing")


@lru_cache(maxsize=KEPT)
def purposes(whole: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a letter that tell what was only looked for."""
    found = []
    for cue in islice(_CUE.finditer(whole), _MOST):
        end = stop.start() if (stop := _STOP.search(whole, cue.end(), cue.end() + _REACH)) else cue.end() + _REACH
        looked = _SCOPE.search(whole, max(0, cue.start() - _BEFORE), cue.start()) and not _OF_CODES.search(
            whole, cue.start(), end
        )
        if looked and not any(not done["no"] for done in _DONE.finditer(whole, end)):
            found.append((cue.start(), end))
    return tuple(found)


def operates(family: Family) -> bool:
    """Are all its codes those of operations and scopes?"""
    codes = [row.code for row in family.row if row.code]
    return family.leads_to == {System.CPT} and all(code[0] in "123456" for code in codes)


def not_sought(family: Family, hits: Sequence[Hit], whole: str) -> list[Hit]:
    """The hits that bring a service, without what was only looked for or given up; none where no act or no object is left."""
    return _left(family, hits, not_done(family, whole))


def not_done(family: Family, whole: str) -> Stretches:
    """The stretches that bring no service of the family: what was given up and, of an operation, what was only looked for; of
    other services where a piece was only sent.
    """
    sought = purposes(whole) if operates(family) else ()
    return sought if of_diagnoses(family) else (*(sought or _handed_on(family, whole)), *given_up(whole), *not_ours(whole))


def _handed_on(family: Family, whole: str) -> Stretches:
    return () if operates(family) else (*handed_on(whole),)


def of_this_time(told: Sequence[tuple[Family, list[Hit]]], reading: Reading) -> Sequence[tuple[Family, list[Hit]]]:
    """In a story those services that are told outside of what was done at another time, if there are any."""
    past = other_times(reading.whole) if reading.is_story else ()
    if not past:
        return told
    kept = [(family, hits) for family, hits in told if of_diagnoses(family) or _is_told_outside(family, hits, past)]
    return kept if any(not of_diagnoses(family) for family, _ in kept) else told


def _is_told_outside(family: Family, hits: Sequence[Hit], past: Stretches) -> bool:
    """Is what the family is done to told outside of these? Its act may be told in any words: "a shot", "put 40 mg into"."""
    return any(outside(among(hits, family.object or family.act), past))


def _left(family: Family, hits: Sequence[Hit], stretches: Sequence[tuple[int, int]]) -> list[Hit]:
    if not stretches:
        return [*hits]
    left = [*outside(hits, stretches)]
    act, objects = among(left, family.act), among(left, family.object)
    return left if act and (objects or not family.object) else []


def outside(hits: Iterable[Hit], stretches: Sequence[tuple[int, int]]) -> Iterable[Hit]:
    """The hits that neither begin nor end in any of the stretches."""
    return (hit for hit in hits if not any(start <= hit.start < end or start < hit.end <= end for start, end in stretches))
