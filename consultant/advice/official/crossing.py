"""What became of a code: the successor of an ended one, ICD-9-CM to ICD-10-CM and back, and the risk category of a diagnosis."""

from __future__ import annotations

from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source, release_source, spoken
from consultant.codebook import Standing
from consultant.codebook.crosswalk import Crossing

SURE = 0.9
MOST = 6
MODEL = "V28"  # of the risk categories; older ones are told only when it has none


def successor_rule(sheet: Sheet) -> Ruling:
    """For each named code that has ended: what took its place, as far as the releases tell."""
    sayings: list[Saying] = []
    report: list[str] = []
    refused: list[str] = []
    for code in named(sheet)[:MOST]:
        found = sheet.book.lookup(code, sheet.findings.on)
        if found.standing is not Standing.ENDED:
            continue
        refused.append(code)
        heirs = [heir for heir in found.successors if heir != code]
        source = record_source(sheet.book, code)
        if heirs:
            sayings.append(Saying("why", f"{code} ended; the code list names {spoken(heirs)} in its place.", (source,)))
            report += heirs if len(heirs) == 1 else []
        else:
            sayings.append(Saying("why", f"{code} ended, and the files in this book name no successor.", (source,)))
    if not refused or any(set(refused) & {*card.report, *card.do_not_report} for card in sheet.cards):
        return Ruling()
    verdict = f"Report {spoken(report)}, not {spoken(refused)}, which has ended." if report else ""
    return Ruling(tuple(report), tuple(refused), sayings=tuple(sayings), verdict=verdict, settles=SURE if report else 0.0)


def mapping_rule(sheet: Sheet) -> Ruling:
    """The general equivalence mappings of an ICD-9-CM code that the letter names, or back when it asks for the old code."""
    asked = sheet.asked
    old = [str(f.value) for f in sheet.facts("icd9")] if "crosswalk" in asked else []
    crossings = [(code, sheet.book.across("icd9-icd10", code)) for code in dict.fromkeys(old)]
    if not any(found for _, found in crossings) and sheet.facts("icd9"):
        crossings = [(code, sheet.book.across("icd10-icd9", code)) for code in named(sheet)]
    crossings = [(code, found) for code, found in crossings if found][:3]
    if not crossings or any(card.report for card in sheet.cards):
        return Ruling()
    sayings = [saying for code, found in crossings for saying in _mapped(sheet, code, found)]
    targets = list(dict.fromkeys(c.target for _, found in crossings for c in found if c.target))
    forward = crossings[0][1][0].kind == "icd9-icd10"
    alive = [t for t in targets if forward and sheet.book.lookup(t, sheet.findings.on).standing is Standing.BILLABLE]
    report = tuple(alive[:MOST]) if len(alive) <= 3 else ()
    verdict = (
        f"{spoken(code for code, _ in crossings)} becomes {spoken(targets[:MOST])}." if targets else "Nothing corresponds to it."
    )
    return Ruling(report, sayings=tuple(sayings), verdict=verdict, settles=SURE)


def _mapped(sheet: Sheet, code: str, found: tuple[Crossing, ...]) -> list[Saying]:
    source = release_source(sheet.book, found[0].source)
    sayings = [
        Saying("why", f"{code} → {c.target}: {c.meaning}." if c.target else f"{code}: {c.meaning}.", (source,))
        for c in found[:MOST]
    ]
    if found[0].kind == "icd9-icd10":
        for crossing in found[:MOST]:
            told = sheet.book.lookup(crossing.target, sheet.findings.on)
            if told.record and told.standing is not Standing.BILLABLE:
                sayings.append(Saying("check", told.status, (record_source(sheet.book, told.code),)))
    return sayings


def risk_rule(sheet: Sheet) -> Ruling:
    """The risk categories of a named diagnosis, when the letter asks for them."""
    if "risk category" not in sheet.asked:
        return Ruling()
    sayings: list[Saying] = []
    told: list[str] = []
    known = [(code, sheet.book.across("hcc", code)) for code in named(sheet)[:MOST]]
    for code, found in known:
        newest = [c for c in found if c.flags == f"CMS-HCC {MODEL}"]
        for crossing in newest or found[:2]:
            source = release_source(sheet.book, crossing.source)
            text = f"{code} counts in risk category {crossing.target} ({crossing.title}) of the model {crossing.flags}."
            sayings.append(Saying("why", text, (source,)))
        told += [f"{code}: HCC {c.target}" for c in newest]
    if not sayings:
        return Ruling()
    verdict = f"{'; '.join(told)} (model {MODEL})." if told else f"No category of the model {MODEL}; see below for older models."
    return Ruling(tuple(code for code, found in known if found), sayings=tuple(sayings), verdict=verdict, settles=SURE)
