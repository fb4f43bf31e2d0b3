"""Which facts of the letter a family's table may use: the nearest number of the right kind, the values whose words are said."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from consultant.classifier.amounts.apart import by_own_time, is_of, spent_apart
from consultant.classifier.amounts.counting import counts_of, on_top
from consultant.classifier.amounts.gaps import bridged
from consultant.classifier.amounts.projections import views
from consultant.classifier.amounts.spine import interspaces, joints_of, of_the_act, segments
from consultant.classifier.amounts.weekdays import days_by_weekday
from consultant.classifier.belonging.areas import area_of, areas_of_others, said_at_the_end
from consultant.classifier.hearing.heard import JOINT, values_said
from consultant.classifier.hearing.words import STOP, Hit, Reading
from consultant.codebook.knowledge import COUNTED, MEASURED, Family
from consultant.vocabulary import BETWEEN, BIRTH, Fact, Question

_AGES = {"infant": "..0", "child": "1..17", "adult": "21.."}
#: Numbers that are not the amount itself.
_BESIDE = frozenset({"additional", "each", "computed", "part", "apart", "taken"})
#: Amounts of a drug that did not go into the patient, where the letter tells what did.
_NOT_GIVEN = frozenset({"vial", "wasted"})
_MOST_EACH = 12
#: "42 minutes in all. The note says 'critical care 42 min'": what is told again is not spent again, unless it was another time.
_ANOTHER_TIME = re.compile(
    r"\b(?:again|another|later|second|third|then|more|additional|next|also|too|each|other|partner|evening|afternoon|morning|night|am|pm"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d+/\d+)\b",
    re.IGNORECASE,
)
_A_SINGLE = "one "  # how the name of such a value begins
_LESS = 0.01  # "under 3 cm" is no 3 cm
#: "45 minutes in total, procedures excluded": nothing more is to be taken off.
_TAKEN_OUT = re.compile(r"\bexclu(?:d|s)\w+|\b(?:apart|separate) from\b|\bnot (?:counted|included|counting|including)\b")


def facts_for(family: Family, question: Question, reading: Reading, near: Sequence[Hit]) -> dict[str, str]:
    """Dimension → value for the dimensions that the family decides by and the letter tells; several word values as "a|b".

    A value that was worked out has its arithmetic beside it, under "dimension =": `{"size_cm": "5.1", "size_cm =": "2 + 3.1"}`.
    """
    dimensions = dict.fromkeys([*family.decides, *family.marks, *family.added_over])
    told: dict[str, str] = {}
    for dimension in dimensions:
        if dimension in family.sums and not (dimension == "minutes" and family.less):
            told |= _summed(dimension, question, of_others(family, dimension, question, reading, near))
        elif dimension in family.largest and (found := _not_claimed(amounts(dimension, question), question)):
            told |= {dimension: cell(dimension, max(found, key=lambda fact: float(fact.value)))}
        elif dimension in family.bridges and (
            found := bridged(amounts(dimension, question), dimension, family.bridges[dimension], question, reading)
        ):
            told |= added_up(dimension, found)
        elif dimension == "minutes":
            told |= _carved(family, question, reading, near)
        elif dimension in COUNTED or dimension in MEASURED:
            apart = areas_of_others(family, question, reading) if dimension == "area_sq_cm" else ()
            told |= {dimension: number_of(dimension, question, reading, near, apart)}
        else:
            told |= {dimension: "|".join(values_said(family, dimension, question, reading))}
    told |= _of_many(family, told, reading) | by_own_time(family, told, question, reading)
    return {dimension: value for dimension, value in told.items() if value}


def _of_many(family: Family, told: Mapping[str, str], reading: Reading) -> dict[str, str]:
    """What else the letter says in place of "one wart" and the like, where it counts more than one of them."""
    count = told.get("count", "") if "count" in family.decides else ""
    if not count or ".." in count or float(count) <= 1:
        return {}
    found: dict[str, str] = {}
    for dimension in (d for d in told if d in family.values and told[d].startswith(_A_SINGLE)):
        kinds = [kind for kind, words in family.values[dimension].items() if reading.of(words, claimed=False)]
        found |= {dimension: "|".join(kind for kind in kinds if not kind.startswith(_A_SINGLE)) or told[dimension]}
    return found


def amounts(dimension: str, question: Question, *, added: bool = False) -> list[Fact]:
    """The plain amounts of a kind: no limits, no margins, nothing that is a part of another amount; `added`: "another 20" too."""
    facts = [f for f in question.facts if f.dimension == dimension and not f.negated]
    beside = _BESIDE - {"additional"} if added else _BESIDE
    return [
        f
        for f in facts
        if f.span.label not in beside
        and f.span.label not in ("under", "over", "least", "margins", "width", "excised", BIRTH, BETWEEN)
    ]


def _summed(dimension: str, question: Question, left_out: Collection[Fact] = ()) -> dict[str, str]:
    """The amounts of the letter added up, unless it gives the total itself."""
    facts = amounts(dimension, question, added=True)
    if dimension == "minutes":
        facts = [fact for at, fact in enumerate(facts) if not _told_again(fact, facts[:at], question.text)]
    total = [f for f in facts if f.span.label == "total"][:1] or _made_of(facts)
    every = [f for f in question.facts if f.dimension == dimension == "size_cm" and f.span.label == "each" and not f.negated]
    counts = [int(float(f.value)) for f in question.facts if f.dimension == "count" and not f.negated]
    if not facts and len(every) == 1 and counts[1:] == [] != counts:
        facts = every * min(counts[0], _MOST_EACH)
    parts = [f for f in facts if f not in total]
    kept = [f for f in parts if f not in left_out]
    # Where a part of the total is left out, so is the total; a length that is all of another kind is nobody's.
    return added_up(dimension, total if total and kept == parts else kept if dimension == "size_cm" else kept or facts)


def _told_again(fact: Fact, before: Collection[Fact], text: str) -> bool:
    """Do minutes of another sentence say the same, and does nothing between the two tell of another time?"""
    between = (text[f.span.start : fact.span.end] for f in before if f.value == fact.value and f.span.where == fact.span.where)
    return any(STOP.search(piece) and not _ANOTHER_TIME.search(piece) for piece in between)


def of_others(family: Family, dimension: str, question: Question, reading: Reading, near: Sequence[Hit]) -> list[Fact]:
    """The sizes that stand with a word of `less`, and with none of the family's own: of "2 cm simple, 4.5 cm layered" each kind
    of closure has its size."""
    if dimension != "size_cm" or not family.less:
        return []
    sizes, others = amounts(dimension, question, added=True), reading.spoken(family.less)
    apart = spent_apart(family, sizes, reading)
    own = [hit for hit in near if hit.phrase in family.act and not JOINT.search(reading.whole, hit.start, hit.end)]
    kept = [f for f in apart if not any(is_of(hit, f, reading) for hit in own)]
    kept = [f for f in kept if not said_at_the_end(f, sizes, own, (), reading)]
    return kept or [fact for fact in sizes if said_at_the_end(fact, sizes, others, own, reading)]


def _made_of(facts: Sequence[Fact]) -> list[Fact]:
    """The amount that all the others make together: "2 cm and 4.5 cm. One code for 6.5 cm?"."""
    whole = sum(float(fact.value) for fact in facts)
    return [fact for fact in facts if len(facts) > 2 and abs(2 * float(fact.value) - whole) < _LESS][:1]


def added_up(dimension: str, facts: Sequence[Fact]) -> dict[str, str]:
    """The cell of one amount; of several their sum, with its arithmetic beside it."""
    if not facts:
        return {}
    if len(facts) == 1:
        return {dimension: cell(dimension, facts[0])}
    worked = " + ".join(f"{float(f.value):g}" for f in facts)
    return {dimension: f"{round(sum(float(f.value) for f in facts), 2):g}", f"{dimension} =": worked}


def _carved(family: Family, question: Question, reading: Reading, near: Sequence[Hit]) -> dict[str, str]:
    """The minutes less those spent on what has a code of its own: parts of others are taken off, others not added.

    Such a part stands beside a word of `less`, or in a clause of another family ("taken").
    """
    facts = [f for f in question.facts if f.dimension == "minutes" and not f.negated]
    apart = spent_apart(family, facts, reading)
    off = [f for f in facts if f.span.label == "taken" or (f.span.label == "part" and f in apart)]
    told = (
        _summed("minutes", question, apart).get("minutes", "")
        if "minutes" in family.sums
        else number_of("minutes", question, reading, near, apart)
    )
    if not off and "minutes" in family.sums and (whole := _only_the_whole(facts, apart)):
        off, told = [] if _TAKEN_OUT.search(reading.whole) else apart, f"{float(whole.value):g}"
    if not off or not told or ".." in told:
        return {"minutes": told}
    worked = " - ".join([told, *(f"{float(f.value):g}" for f in off)])
    return {"minutes": f"{max(0.0, float(told) - sum(float(f.value) for f in off)):g}", "minutes =": worked}


def _only_the_whole(facts: Sequence[Fact], apart: Sequence[Fact]) -> Fact | None:
    """ "100 minutes in total, the line took 15": the total, where all else that is told was spent on something else."""
    whole = next((f for f in facts if f.span.label == "total" and f not in apart), None)
    alone = len(facts) == 1 + len(apart) > 1 and not any(f.span.label for f in apart)
    return whole if whole and alone and sum(float(f.value) for f in apart) < float(whole.value) else None


def number_of(dimension: str, question: Question, reading: Reading, near: Sequence[Hit], left_out: Collection[Fact] = ()) -> str:
    """The number of that kind that the letter gives for what stands at `near`, as a cell of a table; "" when there is none.

    `left_out`: what was spent on something else, unless the letter tells nothing but that.
    """
    beside = _BESIDE - {"each"} if dimension == "size_cm" else _BESIDE  # "each 0.8 cm" is the size of every one
    facts = [f for f in question.facts if f.dimension == dimension and not f.negated and f.span.label not in beside]
    facts = (_not_claimed(facts, question) if dimension in ("size_cm", "area_sq_cm") else facts) or _only_more(
        dimension, question
    )
    if any(fact in left_out for fact in facts):  # with a part of the total its total is left out
        facts = [f for f in facts if f not in left_out and f.span.label != "total"] or facts
    facts = [f for f in facts if f.span.label == "given"] or [f for f in facts if f.span.label not in _NOT_GIVEN] or facts
    if dimension == "size_cm":
        return _size(facts, reading, near)
    if dimension == "area_sq_cm":
        return area_of(facts, question)
    facts = counts_of(facts, question, reading, near) if dimension == "count" else joints_of(dimension, facts, reading, near)
    if not facts and dimension in _WORKED_OUT:
        return _WORKED_OUT[dimension](of_the_act(question, reading, near))
    exact = [f for f in facts if f.span.label not in ("under", "over", "least")]
    if dimension == "grams":  # what was guessed before gives way to what was weighed
        exact = [f for f in exact if f.span.label != "about"] or exact
    total = next((f for f in exact if f.span.label in ("total", "clock")), None)
    chosen = total or nearest(exact or facts, reading, near)
    more = sum(float(fact.value) for fact in on_top(chosen, question) if fact not in left_out) if chosen else 0.0
    return (f"{float(chosen.value) + more:g}" if more else cell(dimension, chosen)) if chosen else ""


def _not_claimed(facts: list[Fact], question: Question) -> list[Fact]:
    """Of several measures those that nobody only claims: "one lesion of 3 cm; his wife says it was 6"."""
    claims = [fact.span for fact in question.facts if fact.dimension == "claimed"] if len(facts) > 1 else []
    return [f for f in facts if not any(c.where == f.span.where and c.start < f.span.start < c.end for c in claims)] or facts


def _only_more(dimension: str, question: Question) -> list[Fact]:
    """ "A visit, and 7 more minutes of counselling": where a letter tells no other minutes, those are the minutes."""
    told = [f for f in question.facts if f.dimension == dimension == "minutes" and not f.negated]
    return told if len(told) == 1 and told[0].span.label == "additional" else []


def _age_group(question: Question) -> str:
    return next((_AGES[str(f.value)] for f in question.facts if f.dimension == "age_group" and not f.negated), "")


def _digits(question: Question) -> str:
    """How many fingers and toes the letter names, where it names several."""
    named = {str(f.value) for f in question.facts if f.dimension == "digit" and not f.negated}
    return str(len(named)) if len(named) > 1 else ""


_CALLED = re.compile(r"\b(?:calls?|called|contact(?:ed)?|phoned?|spoke|reached|talked)\b[^.;,\d]{0,24}\Z", re.IGNORECASE)


def _days_between(question: Question) -> str:
    """Days from the first to the second of the two dates given; that of a call in between is none of them."""
    dates = [f for f in question.facts if f.dimension in ("date", "date_of_service")]
    seen = [f for f in dates if not _CALLED.search(question.text, max(0, f.span.start - 40), f.span.start)]
    told = sorted({date.fromisoformat(str(f.value)) for f in seen})
    return str((told[1] - told[0]).days) if len(told) == 2 else days_by_weekday(question.text)


#: How a number is worked out that the letter does not give as such.
_WORKED_OUT: Mapping[str, Callable[[Question], str]] = {
    "age": _age_group,
    "count": _digits,
    "levels": interspaces,
    "segments": segments,
    "views": views,
    "days": _days_between,
}


def nearest(facts: Iterable[Fact], reading: Reading, near: Sequence[Hit]) -> Fact | None:
    """The fact that stands closest to one of the hits; the first one when there are none."""
    places = [(hit.start, hit.end) for hit in near]

    def distance(fact: Fact) -> int:
        at, _ = reading.place(fact.span)
        return min((max(start - at, at - end, 0) for start, end in places), default=0)

    return min(facts, key=distance, default=None)


def cell(dimension: str, fact: Fact) -> str:
    number = float(fact.value)
    if fact.span.label == "under":
        return f"..{number - 1:g}" if dimension in COUNTED else f"..{number - _LESS:g}"
    if fact.span.label == "over" and dimension in COUNTED:
        return f"{number + 1:g}.."
    return f"{number:g}.." if fact.span.label in ("over", "least") else f"{number:g}"


def _size(facts: list[Fact], reading: Reading, near: Sequence[Hit]) -> str:
    """A lesion's excised diameter: the one given as such, or the lesion plus its margin on both sides."""
    if excised := nearest([f for f in facts if f.span.label == "excised"], reading, near):
        return cell("size_cm", excised)
    lesion = nearest([f for f in facts if f.span.label not in ("margins", "width")], reading, near)
    margin = next((f for f in facts if f.span.label in ("margins", "width")), None)
    if margin is None:
        return cell("size_cm", lesion) if lesion else ""
    if lesion is None or (margin.span.label == "margins" and float(margin.value) >= float(lesion.value)):
        return f"{float(margin.value):g}"
    return f"{round(float(lesion.value) + 2 * float(margin.value), 2):g}"
