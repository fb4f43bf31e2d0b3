"""The diagnoses of a letter as one patient's: combination codes, presumed links, symptoms of a disease, the order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from consultant.advice.corrections import claimed_codes
from consultant.advice.diagnoses.fitted import below, fitted, on_its_sides, title_of
from consultant.advice.diagnoses.measured import later_stage, measured
from consultant.advice.diagnoses.sequence import SEQUELA, in_order, without_places_again
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source, sources_of, spoken
from consultant.codebook.together import Together
from consultant.vocabulary import BEHIND, Candidate, Span, System, Topic

#: Categories of which one patient may have several at once.
_MANY = frozenset({"Z79", "Z86", "Z85", "C79", "C78", "C77", "E11", "E10", "E13", "T45", "T46", "R13", "J44"})
MOST = 8  # diagnoses of one answer
SETTLES = 0.7
FAR_DENIED = 3  # words, the one that denies among them, that may stand before what is denied
_SYMPTOMS = ("R", "M54.5", "M25.5", "M79.6")  # of pain also where a chapter of diseases has it
#: What the letter asks first decides whether a list of diagnoses is an answer.
_OF_CODES = frozenset({Topic.CODE_LOOKUP, Topic.GUIDELINE})
_ASKS_DIAGNOSIS = re.compile(r"\b(?:which|what) (?:dx|diagnos[ei]s|icd)", re.IGNORECASE)
#: "Bilateral bursitis. Dx?"
_DIAGNOSIS_LAST = re.compile(
    r"(?<!primary )(?<!principal )(?<!first )(?<!main )(?<!only )(?<!order the )"
    r"\b(?:dx|diagnos[ei]s|icd[- ]?10(?:-?cm)?)(?: codes?)?(?:,? (?:please|pls))?\s*(?:\?|$)",
    re.IGNORECASE,
)
#: How an injury came about, without where and at what work: Y92 and Y93 stand beside it.
_HOW = re.compile(r"[VWX]|Y[0-2]")
_ANY = re.compile(r" \.\. |\*")  # behind it a phrase may go on with any word


def conditions_rule(sheet: Sheet) -> Ruling:
    """Adds each condition of the letter that no card or family has decided, and lets the whole list be one patient's."""
    named = [c for c in sheet.candidates("condition") if c.system is System.ICD10CM and c.code not in sheet.refused]
    named = sorted((c for c in named if not _decided(sheet, c)), key=_place)
    before = [code for code in sheet.lines if _is_diagnosis(code)]
    doubted = tuple(c.code for c in sheet.candidates("doubted"))
    if named and _other_lines(sheet):
        return _beside(sheet, [c.code for c in named])
    if (
        not (named or before or doubted or _born_small(sheet))
        or not (_wants_codes(sheet) or _both_asked(sheet, [*before, *_beside_these(sheet, before, named)]))
        or _other_lines(sheet)
    ):
        return Ruling()
    ruled = {code for card in sheet.cards for code in card.report}  # a rule that says both is no doubt about either
    doubted = tuple(code for code in doubted if code not in ruled)
    before = [code for code in before if code not in doubted]
    named = [c for c in named if c.code not in doubted]
    titled = {c.code for c in sheet.candidates("title")}
    told = [*before, *(c.code for c in named)]
    codes = list(dict.fromkeys(one for code in told for one in ((code,) if code in titled else on_its_sides(sheet, code))))
    codes, sayings = _together(sheet, codes)
    codes = [one for code in codes for one in (code, *later_stage(code, sheet.findings.question.text))]
    codes = in_order(without_places_again(_telling(sheet, codes, [*before, *titled])))[:MOST]
    if codes and not titled and all(map(SEQUELA.match, codes)):
        return Ruling()  # what an old injury has left behind comes first: without it there is no answer
    if codes == before and not doubted:
        return Ruling(settles=_sure_twice(sheet, codes))
    sayings = [Saying("why", f"{code}: {title_of(sheet, code)}.", (record_source(sheet.book, code),)) for code in codes] + sayings
    wrong = [c.code for c in sheet.candidates("named") if c.code not in codes and any(o[:3] == c.code[:3] for o in codes)]
    gone = (*(code for code in before if code not in codes), *(code for code in wrong if code not in before))
    verdict = f"Report {spoken(codes)}." if codes else ""
    return Ruling(
        tuple(codes),
        sayings=tuple(sayings),
        verdict=verdict,
        settles=SETTLES if codes else 0.0,
        withdraw=(*gone, *doubted),
        order=tuple(codes),
    )


def _sure_twice(sheet: Sheet, codes: Sequence[str]) -> float:
    """How far a list is settled that the words of conditions name besides, code for code."""
    return SETTLES if {*codes} <= {c.code for c in sheet.candidates("condition")} else 0.0


def _beside(sheet: Sheet, codes: list[str]) -> Ruling:
    """The diagnoses that go with the services of the answer, when the letter asks for both."""
    kept = in_order(_telling(sheet, _together(sheet, [fitted(sheet, code) for code in codes])[0], ()))[:MOST]
    sayings = [Saying("why", f"{code}: {title_of(sheet, code)}.", (record_source(sheet.book, code),)) for code in kept]
    return Ruling(tuple(kept), sayings=tuple(sayings))


def _wants_codes(sheet: Sheet) -> bool:
    """Is a list of diagnoses an answer to what the letter asks first?"""
    topic, text = sheet.findings.topics[0], sheet.findings.question.text
    if topic in _OF_CODES or _ASKS_DIAGNOSIS.search(text):
        return True
    return "crosswalk" not in sheet.asked and (topic is Topic.CROSSWALK or bool(_DIAGNOSIS_LAST.search(text)))


def _born_small(sheet: Sheet) -> bool:
    """Does the letter tell of a newborn by weight or weeks alone?"""
    return any(code.startswith("P07") for code in measured(sheet.findings.question.text, ()))


def _both_asked(sheet: Sheet, before: list[str]) -> bool:
    """ "Do I code both?" of diagnoses alone: that is a pair of them, no pair of services."""
    return len(before) > 1 and sheet.findings.topics[0] is Topic.NCCI


def _beside_these(sheet: Sheet, before: Sequence[str], named: Sequence[Candidate]) -> list[str]:
    """The named conditions that may stand beside the decided ones: the sore throat of a flu makes no pair with it."""
    return [c.code for c in named if not any(sheet.book.excludes(c.code, one) for one in before)]


def _decided(sheet: Sheet, candidate: Candidate) -> bool:
    """Has a family or a card already given a code of this category, or one that knows the site, for the same words?"""
    if candidate.code[:3] in _MANY:
        return False
    if _HOW.match(candidate.code) and any(map(_HOW.match, sheet.decided)):
        return True  # one accident has one cause
    if candidate.code in claimed_codes(sheet) and any(
        line in sheet.decided and line[:3] == candidate.code[:3] for line in sheet.lines
    ):
        return True  # somebody else's code of the category that the story decides
    span = candidate.evidence[0].spans[0] if candidate.evidence[0].spans else None
    same = candidate.code[:2] if "unspecified site" in candidate.title else candidate.code[:3]
    told = [
        c for c in sheet.findings.candidates if c.code in sheet.lines and c.code != candidate.code and c.code.startswith(same)
    ]
    return span is not None and any(span.meets(one) for other in told for one in other.spans_of("family", "card"))


def _place(candidate: Candidate) -> int:
    return next((span.start for span in candidate.spans_of("condition")), 0)


def _other_lines(sheet: Sheet) -> bool:
    """Is the answer about services already?"""
    return any(not _is_diagnosis(code) for code in sheet.lines)


def _is_diagnosis(code: str) -> bool:
    return bool(re.match(r"[A-Z]\d[0-9A-Z](?:\.|$)", code))


def _together(sheet: Sheet, codes: list[str]) -> tuple[list[str], list[Saying]]:
    """The list after each rule of the book whose conditions it meets, in the order of the book."""
    text = sheet.findings.question.text.lower()
    age = max((float(fact.value) for fact in sheet.facts("age")), default=None)
    codes = [*codes, *measured(sheet.findings.question.text, codes)]
    turns, sayings = sheet.findings.turns, []
    denied = [fact.span for fact in sheet.findings.question.facts if fact.dimension == "negated" and fact.span.where == "text"]
    for rule in sheet.book.together:
        if not _of_age(rule, age) or not _meets(rule, codes, text, turns, denied):
            continue
        turned = {code: new for code in codes if (new := rule.turned(code)) and sheet.book.record(new, sheet.findings.on)}
        gone = (*rule.drops, *turned)
        codes = [code for code in codes if not code.startswith(gone)] if gone else codes
        given = [below(sheet, fitted(sheet, below(sheet, code))) for code in (*turned.values(), *rule.gives)]
        codes = [*(code for code in given if code not in codes), *codes]
        sayings.append(Saying("why", rule.says, sources_of(rule.source)))
    return codes, sayings


def _of_age(rule: Together, age: float | None) -> bool:
    return rule.from_age <= (age or 0) and (rule.to_age is None or (age is not None and age < rule.to_age + 1))


def _meets(rule: Together, codes: Sequence[str], text: str, turns: Collection[str], denied: Sequence[Span]) -> bool:
    free = list(codes)
    for starts in rule.places:
        for code in free:
            if code.startswith(starts):
                break
        else:
            return False
        free.remove(code)
    if rule.becomes and not any(map(rule.turned, codes)):
        return False
    if rule.bars and any(code.startswith(rule.bars) for code in codes):
        return False
    return (not rule.said or _says(text, rule.said, turns, denied)) and not _says(text, rule.unsaid, turns)


def _says(text: str, phrases: Sequence[str], turns: Collection[str], denied: Sequence[Span] = ()) -> bool:
    """Does one of the phrases stand in the text, or in other words? Of those that don't even begin there no pattern is made.

    "No delirium" says no delirium: what stands in a stretch of `denied`, behind the word that denies it, is not said.
    """
    return any(words in turns for words in phrases) or any(
        _ANY.split(words, 1)[0] in text and any(not _is_denied(met, denied) for met in _beginning(words).finditer(text))
        for words in phrases
    )


def _is_denied(met: re.Match[str], denied: Sequence[Span]) -> bool:
    """Is it one of the first words behind what denies it, or all before what does?"""
    return any(
        (met.start() >= span.start and met.end() <= span.end)
        if span.label == BEHIND
        else 0 < met.start() - span.start <= len(span.text) and span.text[: met.start() - span.start].count(" ") <= FAR_DENIED
        for span in denied
    )


@lru_cache(maxsize=4096)
def _beginning(words: str) -> re.Pattern[str]:
    """Where the words, or longer ones that begin so, stand; ".." is up to three words more, a "*" inside the rest of a word."""
    written = re.escape(words).replace(r"\ \.\.\ ", r" (?:\S+ ){0,3}").replace(r"\*", r"\w*")
    return re.compile(rf"\b{written}")


def _telling(sheet: Sheet, codes: Sequence[str], before: Sequence[str]) -> list[str]:
    """Without what another code of the list says better: an unspecified sibling, a symptom that excludes itself."""
    kept = []
    for code in codes:
        vague = "unspecified" in title_of(sheet, code).lower() or code.endswith(".9")
        kind = _kind(sheet, code) if vague else ""
        better = vague and any(
            o != code and o.startswith(kind) and len(o) >= len(code) and "unspecified" not in title_of(sheet, o).lower()
            for o in codes
        )
        symptom = code.startswith(_SYMPTOMS) and any(not o.startswith(_SYMPTOMS) and sheet.book.excludes(code, o) for o in codes)
        if any(o.startswith(code) and o != code for o in codes) or (code not in before and _said_with(sheet, code, codes)):
            continue  # a heading beside a code under it, or "without" what another code is told with
        if code in before or (not (vague and better and code[0] not in "CST") and not symptom):
            kept.append(code)
    return kept


def _said_with(sheet: Sheet, code: str, codes: Sequence[str]) -> bool:
    """Is it the code without what its neighbour in the list has: retinopathy without the macular edema that is told?"""
    title = title_of(sheet, code)
    return " without " in title and any(title_of(sheet, o) == title.replace(" without ", " with ", 1) for o in codes)


def _kind(sheet: Sheet, code: str) -> str:
    """The heading that tells what an unspecified code is one of: K59.0 of K59.00 (diarrhea is K59.1), J45 of J45.909."""
    record = sheet.book.record(code, sheet.findings.on)
    while record and record.parent and len(record.code) > 3 and "unspecified" in record.title.lower():
        record = sheet.book.record(record.parent, sheet.findings.on)
    return record.code if record and record.code != code else code[:3]
