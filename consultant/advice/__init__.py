"""From Findings to an Answer: rules in the order in which a coder thinks, every sentence with its source.

Each rule is a small pure function from the sheet so far to a Ruling; `rules.py` has them in their order.
"""

from __future__ import annotations

from dataclasses import replace

from consultant.advice.bearers import OF_A_PART, bearers_rule
from consultant.advice.claim import by_place
from consultant.advice.considered import considered
from consultant.advice.diagnoses.pointers import pointers
from consultant.advice.honest import ASKING, LACKING, lacking, told_by_rule
from consultant.advice.lines import once_rule
from consultant.advice.named import asks_standing
from consultant.advice.repeats import AGAIN
from consultant.advice.rules import BESIDE_STANDING, RULES
from consultant.advice.sheet import SECTIONS, Sheet
from consultant.advice.verdict import understood_rule, verdict_line
from consultant.codebook import Codebook
from consultant.vocabulary import Answer, ClaimLine, Findings, Source, Statement, Topic

__all__ = ["RULES", "advise"]


def advise(findings: Findings, book: Codebook) -> Answer:
    """The checked statements and claim lines for the findings. Below the threshold nothing is recommended."""
    sheet = Sheet(replace(findings, question=findings.question.meant), book)
    only_standing = asks_standing(sheet)
    for name, rule in RULES.items():
        if not (only_standing and name in BESIDE_STANDING):
            sheet.apply(rule(sheet))
    abstained, sheet.lacks = sheet.abstains, lacking(sheet)
    if sheet.lacks and not abstained:
        sheet.apply(understood_rule(sheet))
    sheet.apply(bearers_rule(sheet))
    verdict = verdict_line(sheet)
    sheet.apply(once_rule(sheet))  # what is reported once goes without saying in the verdict
    lines = _lines(sheet)
    modifiers = tuple(sheet.signs)
    sources: dict[str, Source] = {}
    statements = []
    for section in SECTIONS:
        for saying in sheet.sayings:
            if saying.section == section:
                sources |= {s.id: s for s in saying.sources if s.id not in sources}
                statements.append(Statement(section, saying.text, tuple(s.id for s in saying.sources)))
    return Answer(
        verdict=verdict,
        topic=findings.topics[0],
        topics=_topics(sheet, modifiers),
        lines=() if sheet.abstains else lines,
        report=() if sheet.abstains else (*sheet.lines, *modifiers),
        do_not_report=tuple(sheet.refused),
        units={} if sheet.abstains else _units(sheet),
        statements=tuple(statements),
        sources=tuple(sources.values()),
        candidates=considered(sheet, statements),
        confidence=_confidence(sheet),
        answered=not sheet.abstains,
        ask_back="" if told_by_rule(sheet) else sheet.ask,
        codebook=book.version,
        on=findings.on,
    )


def _confidence(sheet: Sheet) -> float:
    """How often such an answer is right; the rank of the evidence where there is none, or where an official file gives it."""
    found = sheet.findings
    if sheet.lacks:
        return min(found.confidence, LACKING)
    by_texts = found.chance and not sheet.abstains and not asks_standing(sheet)
    sure = found.chance if by_texts else max(found.confidence, sheet.settled)
    return min(sure, ASKING) if sheet.ask and sheet.lines else sure


def _topics(sheet: Sheet, modifiers: tuple[str, ...]) -> tuple[Topic, ...]:
    """The topics of the letter; one whose answer is a modifier and no line was about modifiers too, whatever its words."""
    first, *others = sheet.findings.topics
    second = sheet.findings.likely or others[0]
    marked = modifiers and not sheet.lines and not sheet.abstains
    return tuple(dict.fromkeys((first, *((Topic.MODIFIER,) if marked else ()), second, *others)))


def _lines(sheet: Sheet) -> tuple[ClaimLine, ...]:
    titles = {c.code: c.title for c in sheet.findings.candidates}
    points = pointers(sheet)
    lines = []
    for code, held in sheet.lines.items():
        title = titles.get(code) or _title(sheet.book, code)
        told = by_place(held, sheet.first_units(code))
        lines += [ClaimLine(code, signs, units, title, points.get(code, "")) for signs, units in told]
        if second := sheet.seconds.get(code):
            part = [sign for sign in held if sign in OF_A_PART and second.modifier in AGAIN]  # of a second reading too
            lines.append(replace(lines[-1], modifiers=(*part, second.modifier), units=second.units))
    return tuple(lines)


def _units(sheet: Sheet) -> dict[str, float]:
    """As the sheet has them; of what was done again that day all times together, on however many lines they stand."""
    again = {code: second.units for code, second in sheet.seconds.items() if second.modifier in AGAIN}
    return {code: number + again.get(code, 0) for code, number in sheet.units.items()}


def _title(book: Codebook, code: str) -> str:
    record = book.record(code)
    return record.title if record else ""
