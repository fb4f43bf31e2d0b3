"""The verdict line, and what is said when there is no verdict."""

from __future__ import annotations

import re

from consultant.advice.bearers import OF_VISITS
from consultant.advice.cards import gave_verdict
from consultant.advice.claim import by_place
from consultant.advice.sheet import Ruling, Saying, Sheet, book_source, record_source, spoken
from consultant.vocabulary import Source, System, Topic

CLOSEST = 3
MOST_FACTS = 6
LETTER = Source("letter", "The letter itself", "as it was read")
#: Facts that a reader of the letter would call facts; the rest is bookkeeping of the engine.
_TOLD = """
payer setting patient age side minutes size_cm area_sq_cm mg days levels count relation approach guidance anaesthesia denied_for
since_visit since_surgery"""
TOLD = tuple(_TOLD.split())
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.]{3,7}(?<!\.)")


def understood_rule(sheet: Sheet) -> Ruling:
    """For an abstaining draft: the closest records, as places to start from."""
    if not sheet.abstains:
        return Ruling()
    sayings = [Saying("why", understood(sheet), (LETTER,))]
    for candidate in [c for c in sheet.findings.candidates if c.title][:CLOSEST]:
        text = f"Close, but not decided: {candidate.code}, {candidate.title.rstrip('.')} ({candidate.why})."
        sayings.append(Saying("why", text, (record_source(sheet.book, candidate.code),)))
    if len(sayings) == 1:
        sayings.append(Saying("why", "No record of this book speaks of what the letter asks.", (book_source(sheet.book),)))
    return Ruling(sayings=tuple(sayings))


def understood(sheet: Sheet) -> str:
    """What was read in the letter, in one sentence: the topic, the codes it names, and its facts in their own words."""
    question = sheet.findings.question
    codes = list(dict.fromkeys(code.code for code in question.codes if code.system is not System.MODIFIER))[:MOST_FACTS]
    facts = [fact for name in TOLD for fact in question.facts if fact.dimension == name and not fact.negated]
    words = list(dict.fromkeys(" ".join(fact.span.text.split()) for fact in facts))[:MOST_FACTS]
    parts = [f"a question of {sheet.findings.topics[0].value.replace('_', ' ')}"]
    parts += [f"codes named: {spoken(codes)}"] if codes else []
    parts += [f"facts: {', '.join(words)}"] if words else []
    missing = f" We found no answer that holds {sheet.lacks}." if sheet.lacks else ""
    return f"What we read: {'; '.join(parts)}.{missing}"


def verdict_line(sheet: Sheet) -> str:
    """One line that answers first, and asks only where nothing can be said without."""
    if sheet.lacks and sheet.ask:
        return "The code depends on one more fact."
    if sheet.abstains:
        topics = " and ".join(topic.value.replace("_", " ") for topic in sheet.findings.topics[:2])
        return f"No answer from the records yet: we read this as a question of {topics}, and a certified coder will answer it."
    if sheet.lines and gave_verdict(sheet) and not any(code in sheet.verdict for code in sheet.lines):
        # What is reported is said first; the sentence of a rule goes behind it, where no code is what the letter wants.
        unsaid = _wants_lines(sheet) or _is_over(sheet) or sheet.verdict.startswith("Do not report ")
        rule = "" if unsaid else sheet.verdict
        return _with(f"Report {spoken(_written(sheet))}{_refused(sheet)}.", sheet.reckoned or rule)
    if sheet.verdict and (not sheet.lines or (sheet.settled and not sheet.verdict.startswith("Report "))):
        return sheet.verdict
    refused = _refused(sheet)
    counted = sheet.units or sheet.reckoned
    if sheet.verdict and not counted and not (sheet.verdict.startswith("Report ") and (_is_longer(sheet) or _is_over(sheet))):
        return (
            sheet.verdict
            if not refused or ", not " in sheet.verdict or not sheet.verdict.startswith("Report ")
            else sheet.verdict.rstrip(".") + f"{refused}."
        )
    if sheet.lines:
        # A modifier that no line bears is told by its reasons; one of a visit that is not of this answer goes with that visit.
        visits = [sign for sign in sheet.loose if sign in OF_VISITS]
        beside = f", with {spoken(visits)} on the visit beside it" if visits else ""
        return _with(f"Report {spoken(_written(sheet))}{beside}{refused}.", sheet.reckoned)
    if sheet.ask:
        return "The code depends on one more fact."
    return f"Do not report {spoken(sheet.refused)}." if sheet.refused else "See the reasons below."


def _with(line: str, sentence: str) -> str:
    return f"{line} {sentence}" if sentence else line


def _refused(sheet: Sheet) -> str:
    return f", not {spoken(sheet.refused)}" if sheet.refused else ""


def _wants_lines(sheet: Sheet) -> bool:
    """Does the letter ask for codes, modifiers or units, and not how a rule goes?"""
    return bool({"which code", "which modifier", "how many units"} & sheet.asked) or sheet.findings.topics[0] is Topic.CODE_LOOKUP


def _written(sheet: Sheet) -> list[str]:
    """The lines as a claim would have them: "97140-59", "97110 × 2", "J1745 × 35" with "J1745-JW × 5"."""
    written = []
    for code, held in sheet.lines.items():
        told = by_place(held, sheet.first_units(code))
        written += ["".join((code, *signs)) + (f" × {units}" if units else "") for signs, units in told]
        if second := sheet.seconds.get(code):
            written.append(f"{code}{second.modifier} × {second.units}")
    return written


def _is_longer(sheet: Sheet) -> bool:
    """Have later rules added lines or modifiers that the verdict does not name?"""
    return any(name.removeprefix("-") not in sheet.verdict for name in (*sheet.lines, *sheet.signs))


def _is_over(sheet: Sheet) -> bool:
    """Has a later rule refused a code that the verdict still reports?"""
    reported = sheet.verdict.partition(". ")[0].partition(", not ")[0]
    return any(code in _CODE.findall(reported) for code in sheet.refused if code not in sheet.lines)
