"""Advice that the letter quotes ("a web article lists …"), held against what the records say."""

from __future__ import annotations

from consultant.advice.sheet import Ruling, Saying, Sheet, book_source, source_of, spoken
from consultant.vocabulary import Source, Span, System


def quoted_advice_rule(sheet: Sheet) -> Ruling:
    """A correction when quoted advice names a code that is refused here, or lists codes and leaves out what is reported here."""
    claimed = claimed_codes(sheet)
    if not claimed or not (sheet.lines or sheet.refused):
        return Ruling()
    wrong = [code for code in claimed if code in sheet.refused]
    left_out = [code for code in sheet.lines if code not in claimed and not code.startswith("-")] if len(claimed) > 1 else []
    text = ""
    if wrong:
        instead = [code for code in sheet.lines if code not in claimed]
        text = f"The advice you quote names {spoken(wrong)}; that is not the code here" + (
            f", {spoken(instead)} is." if len(instead) == 1 else "."
        )
    elif left_out:
        text = f"The advice you quote lists {spoken(claimed)} and leaves out {spoken(left_out)}, which describes this service."
    return Ruling(sayings=(Saying("correction", text, _sources(sheet)),)) if text else Ruling()


def claimed_codes(sheet: Sheet) -> list[str]:
    """Named codes inside a stretch that says what somebody else claims, in the order of the letter."""
    stretches = [f.span for f in sheet.findings.question.facts if f.dimension == "claimed"]
    found = {
        candidate.code: span.start
        for candidate in sheet.candidates("named")
        if candidate.system is not System.POS
        for evidence in candidate.evidence
        if evidence.kind == "named"
        for span in evidence.spans
        if any(_inside(span, stretch) for stretch in stretches)
    }
    return sorted(found, key=lambda code: found[code])


def only_of_others(sheet: Sheet, code: str) -> bool:
    """Does the number of a code stand only in what somebody other than the writer claims or wants?"""
    stretches = [f.span for f in sheet.findings.question.facts if f.dimension == "claimed"]
    theirs = [span for span in stretches if not span.text.lower().startswith(("i ", "we "))]
    told = sheet.spans_of(code, "named")
    return bool(told) and all(any(_inside(span, stretch) for stretch in theirs) for span in told)


def _inside(span: Span, stretch: Span) -> bool:
    return span.where == stretch.where and stretch.start <= span.start < stretch.end


def _sources(sheet: Sheet) -> tuple[Source, ...]:
    origins = [card.source[0] for card in sheet.cards[:1]] + [family.source[0] for family, _ in sheet.families[:1]]
    return tuple(source_of(origin) for origin in origins) or (book_source(sheet.book),)
