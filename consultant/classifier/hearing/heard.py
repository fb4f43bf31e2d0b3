"""Which values of a family's dimensions the words of the letter say."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from consultant.classifier.belonging.given_up import other_times
from consultant.classifier.belonging.purposes import LOOKS, not_done, operates, outside, purposes
from consultant.classifier.belonging.whose import elsewhere
from consultant.classifier.hearing.words import Hit, Reading
from consultant.classifier.levels import of_decisions
from consultant.codebook.knowledge import YIELDS_TO, Family
from consultant.codebook.table import SHARED
from consultant.vocabulary import Question, System

KEPT = 4  # letters
_SIDES = ("left", "right")
#: A Medicare Advantage plan goes by Medicare's codes where a table knows no rule of its own for it.
_PAYS_BY = {"medicare advantage": "medicare"}
#: How families name the side that nobody tells.
_NO_SIDE = ("not told", "unspecified", "not documented", "side not told")
#: Joins two things that are told.
JOINT = re.compile(r"\b(?:and|plus|then|also)\b|[,&+/;]", re.IGNORECASE)
#: "Exercise or gait?", "new or established?": a choice that the letter asks about tells nothing that it tells elsewhere.
_EITHER = re.compile(r"(?<=[.?!:\n])[^.?!:\n]{2,60}\bor\b[^.?!:\n]{2,40}\?", re.IGNORECASE)
#: What somebody bills, bills by habit, or means to bill, and a guess: "we have always billed Unna boot", "is it a cystoscopy?".
_BELIEVED = re.compile(
    r"\b(?:we|i)(?:'ve| have)? (?:always |usually |normally |just |only |been )*"
    r"(?:bill(?:ed|ing)?|cod(?:ed|ing)|us(?:e|ed|ing)|report(?:ed|ing)|charg(?:ed?|ing)|picked|chose|(?:were|was|are|am) going to|planned to|say|think)\b[^.?!;\n]*"
    r"|\b(?:coworkers?|co-workers?|colleagues?|billers?|coders?|boss|managers?|auditors?|trainee|scrubber|front desk|some(?:body|one)|software|encoder)"
    r" (?:\w+ )?(?:wants?|says?|said|thinks?|thought|insists?|picked|picks|chose|coded|bill(?:s|ed)|us(?:es|ed)|claims|swears|told|believes|suggest(?:s|ed)|booked)\b[^.?!;\n]*"
    r"|(?<=[.?!:;\n] )(?:so |and |but |then )?(?:isn't|is) (?:it|this|that)(?: not)? (?:an? |the )?[^.?!;\n]{3,60}\?"
    r"|(?<=[.?!:;\n] )(?:still )?(?:an? |the )?(?:[\w-]+ ){1,4}codes?\?"
    r"|(?<=[.?!:;\n] )(?:an? |the )?(?![^?]*\b(?:units?|codes?|lines?|modifiers?|dx)\b)[\w-]+ [\w-]+(?: [\w-]+){,2}\?",
    re.IGNORECASE,
)
#: "Code both?", "can both be billed?": two codes, and no two sides; "the right 7th character", "the right one": no side either.
_BOTH_CODES = re.compile(
    r"\b(?:code|bill|report|charge|list|assign|use|get|need)(?: for)? (both)\b"
    r"(?=\W*(?:[?.!]|$|or\b|together|codes?\b|of (?:them|these)))"
    r"|\b(both)(?= (?:be|get|codes?|billable|payable|reportable|allowed|separate\w*)\b|\?)"
    r"|\b(right)(?= (?:7th|seventh|6th|sixth|last|final|code|codes|character|dx|diagnosis|modifiers?|one|answer|way|order|place of)\b)",
    re.IGNORECASE,
)


def values_said(family: Family, dimension: str, question: Question, reading: Reading) -> list[str]:
    """The values of a dimension of words that the letter says, in its order."""
    if dimension == "patient" and (kind := _by_years(question, family.values.get(dimension, ()))):
        return [kind]
    if dimension not in family.values:
        told = (
            [_PAYS_BY.get(question.payer, question.payer)]
            if dimension == "payer"
            else [str(f.value) for f in question.facts if f.dimension == dimension]
        )
        return [value for value in told if value in SHARED.get(dimension, ())][:1]
    heard = list(dict.fromkeys(value for _, value in values_heard(family, dimension, reading)))
    heard = heard or _on_both_sides(family, dimension, question) or _only_looked(family, dimension, reading)
    return left_standing(family, dimension, heard or _known_patient(family, dimension, question))


def _known_patient(family: Family, dimension: str, question: Question) -> list[str]:
    """An established patient by a reading of the letter ("the same surgeon sees him"), where no word of the family tells."""
    told = {str(f.value) for f in question.facts if f.dimension == dimension == "patient" and not f.negated}
    return ["established"] if told == {"established"} and "established" in family.values[dimension] else []


def _only_looked(family: Family, dimension: str, reading: Reading) -> list[str]:
    """The look, where the letter tells what a scope was to find and nothing that was done."""
    looks = [value for value in LOOKS if value in family.values[dimension]][:1]
    return looks if looks and operates(family) and purposes(reading.whole) else []


def _on_both_sides(family: Family, dimension: str, question: Question) -> list[str]:
    """Left and right of what is bilateral, where diagnoses go by side and none is for both."""
    sides = {str(fact.value) for fact in question.facts if fact.dimension == "side" and not fact.negated}
    return [*_SIDES] if dimension == "side" and sides == {"bilateral"} and _has_two_sides(family) else []


def _has_two_sides(family: Family) -> bool:
    return System.ICD10CM in family.leads_to and {*_SIDES} <= family.values["side"].keys() <= {*_SIDES, *_NO_SIDE}


def left_standing(family: Family, dimension: str, values: list[str]) -> list[str]:
    """The values that give way to none of the others; "joined < low" gives way to that one alone, so that values may yield in a
    chain: both give way to an end stoma."""
    told = family.yields.get(dimension, ())
    pairs = [tuple(one.split(YIELDS_TO)) for one in told if YIELDS_TO in one]
    left = [value for value in values if value not in told] or values
    return [value for value in left if not any(value == low and high in values for low, high in pairs)]


def values_heard(family: Family, dimension: str, reading: Reading) -> list[tuple[Hit, str]]:
    """Each word that says a value, in the letter's order. A longer phrase hides a shorter one inside it."""
    said = [(hit, value) for value, phrases in family.values[dimension].items() for hit in reading.of(phrases, claimed=False)]
    if not said:
        said = [(hit, value) for value, phrases in family.values[dimension].items() for hit in reading.of(phrases)]
    if sought := not_done(family, reading.whole):
        said = [(hit, value) for hit, value in said if [*outside([hit], sought)]]
    if dimension == "mdm" and (places := of_decisions(reading.whole)):
        said = [pair for pair in said if any(pair[0].start < end and start < pair[0].end for start, end in places)] or said
    codes, aside = _beside_the_story(reading.whole)
    said = [(hit, value) for hit, value in said if (hit.start, hit.end) not in codes]
    kept = [(hit, value) for hit, value in said if not any(_hides(other, hit) and value != name for other, name in said)]
    kept = sorted(kept, key=lambda pair: pair[0].start)
    past = other_times(reading.whole) if reading.is_story and len({value for _, value in kept}) > 1 else ()
    kept = [pair for pair in kept if not any(start <= pair[0].start < end for start, end in (*aside, *past))] or kept
    return _telling(kept, {*family.act, *family.object}, reading)


@lru_cache(maxsize=KEPT)
def _beside_the_story(whole: str) -> tuple[frozenset[tuple[int, int]], tuple[tuple[int, int], ...]]:
    """Where "both" is of two codes; the stretches that ask for a choice, or tell what somebody bills or believes or what others
    did years ago.

    They are asked for with each dimension of each family.
    """
    codes = frozenset(match.span(match.lastindex or 0) for match in _BOTH_CODES.finditer(whole))
    beside = (match.span() for pattern in (_EITHER, _BELIEVED) for match in pattern.finditer(whole))
    return codes, (*beside, *elsewhere(whole))


def _by_years(question: Question, kinds: Collection[str]) -> str:
    """Which of the kinds of patients it is by the time since the last visit, where the letter tells it: three years decide, not
    words."""
    days = [float(f.value) for f in question.facts if f.dimension == "since_visit" and not f.negated]
    of_years = ("new",) if days and min(days) > 3 * 365 else ("established", "known") if days else ()
    return next((kind for kind in of_years if kind in kinds), "")


def _telling(said: list[tuple[Hit, str]], own: Collection[str], reading: Reading) -> list[tuple[Hit, str]]:
    """A word that brings the family ("venipuncture") says less of the choice inside it than a word that is there for the choice
    alone ("doctor had to"), unless the letter joins the two: "exercise and manual therapy"."""
    telling = [(hit, value) for hit, value in said if hit.phrase not in own]
    if not telling:
        return said
    return [
        (hit, value) for hit, value in said if hit.phrase not in own or any(_joined(hit, other, reading) for other, _ in telling)
    ]


def _joined(one: Hit, other: Hit, reading: Reading) -> bool:
    between = reading.whole[min(one.end, other.end) : max(one.start, other.start)]
    return len(between) < 60 and bool(JOINT.search(between))


def _hides(longer: Hit, hit: Hit) -> bool:
    """Do the two overlap, and is the first the longer one, or the first of two as long?"""
    return longer.meets(hit) and (longer.start - longer.end, longer.start) < (hit.start - hit.end, hit.start)
