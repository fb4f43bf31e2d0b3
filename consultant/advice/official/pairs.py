"""Codes that belong together or exclude one another: add-on codes with their parents, Excludes1 notes of diagnoses."""

from __future__ import annotations

from consultant.advice.diagnoses.tabular import short
from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source, release_source, spoken
from consultant.advice.visits.places import HOME, OFFICE
from consultant.codebook.excludes import speaks_of
from consultant.codebook.sources.ncci_addon import CONTRACTOR
from consultant.vocabulary import Note, Source, System

MOST_NOTES = 3
MOST_PARENTS = 6


#: An add-on that NCCI's list has not: G2211 goes on an office visit and, since 2026, on a home visit.
_UNLISTED = {"G2211": (*sorted(OFFICE), *sorted(HOME))}


def addons_rule(sheet: Sheet) -> Ruling:
    """An add-on never stands alone, and a parent with an add-on says so."""
    sayings: list[Saying] = []
    report: list[str] = []
    for code in list(sheet.lines):
        parents = sheet.book.addon_parents(code) or list(_UNLISTED.get(code, ()))
        source = (record_source(sheet.book, code),)
        if parents and not set(parents) & set(sheet.lines):
            sayings.append(
                Saying("check", f"{code} is an add-on code: it is never reported alone, only with {_some(parents)}.", source)
            )
            told = [parent for parent in named(sheet) if parent in parents]
            report += told or _only(parents)
        elif parents:
            joined = [p for p in parents if p in sheet.lines]
            sayings.append(Saying("check", f"{code} is an add-on to {spoken(joined)} and stands on the same claim.", source))
        for addon in sheet.book.addons(code)[:3]:
            if addon not in sheet.lines and _of_this_family(sheet, addon, code):
                title = record_title(sheet, addon)
                sayings.append(
                    Saying("why", f"{addon} is the add-on to {code}{title}; it is never reported without {code}.", source)
                )
    return Ruling(tuple(report), sayings=tuple(sayings))


def asked_addon_rule(sheet: Sheet) -> Ruling:
    """An add-on code that the letter names without any of its parents: it is never reported alone."""
    codes = [code for code in named(sheet) if code not in sheet.refused]
    alone = {c: parents for c in codes if (parents := sheet.book.addon_parents(c)) and not set(parents) & set(codes)}
    if not alone or "add-on" not in sheet.asked or any(set(alone) & {*card.report, *card.do_not_report} for card in sheet.cards):
        return Ruling()
    sayings = [
        Saying(
            "why",
            f"{code} is an add-on code: it is never reported alone, only with {_some(parents)}.",
            (addon_source(sheet, code),),
        )
        for code, parents in alone.items()
    ]
    code, parents = next(iter(alone.items()))
    first = _only(parents)
    report = (*first, code) if first else ()
    verdict = f"{code} is an add-on code, never billed alone: report it with {_some(parents)}."
    return Ruling(report, sayings=tuple(sayings), verdict=verdict, settles=0.9)


def addon_source(sheet: Sheet, code: str) -> Source:
    """NCCI's list of add-on codes where the book has it, else the record of the code."""
    listed = next((s.id for s in sheet.book.sources if s.id.startswith("ncci-addon")), "")
    return release_source(sheet.book, listed) if listed else record_source(sheet.book, code)


def record_title(sheet: Sheet, code: str) -> str:
    record = sheet.book.record(code)
    return f" ({record.title.rstrip('.')})" if record else ""


def _of_this_family(sheet: Sheet, addon: str, code: str) -> bool:
    """Only the add-on that the matched family itself goes on to; a code may have dozens of others."""
    return any(row.code == code and row.adds and row.adds.code == addon for family, _ in sheet.families for row in family.row)


def _only(parents: list[str]) -> list[str]:
    """The one code that an add-on joins, where there is one alone and the payer has no list of its own."""
    return parents if len(parents) == 1 and parents != [CONTRACTOR] else []


def _some(codes: list[str]) -> str:
    told = [code for code in codes if code != CONTRACTOR]
    if not told:
        return "the services that the payer lists"
    if len(told) > MOST_PARENTS:
        return f"{', '.join(told[:MOST_PARENTS])} or another of its {len(told)} parents"
    return spoken(told).replace(" and ", " or ")


def excludes_rule(sheet: Sheet) -> Ruling:
    """The Excludes1 notes of the diagnoses in the answer, with where they stand, and pairs of them that exclude one another."""
    diagnoses = [
        c.code
        for c in sheet.findings.candidates
        if c.system is System.ICD10CM and (c.code in sheet.lines or _is_named(sheet, c.code))
    ][:6]
    sayings: list[Saying] = []
    for code in diagnoses:
        notes = [note for note in sheet.book.notes(code) if note.kind == "excludes1"]
        source = (record_source(sheet.book, code),)
        for other in diagnoses:
            clash = next((note for note in notes if other != code and speaks_of(note.text, other)), None)
            if clash:
                text = (
                    f"{code} and {other} exclude one another (Excludes1 at {clash.of}): don't report both for the same condition."
                )
                sayings.append(Saying("check", text, source))
        sayings += [Saying("check", f"Excludes1 note at {n.of}, for {code}: {short(n.text)}", source) for n in _told(notes)]
    return Ruling(sayings=tuple(sayings))


def _told(notes: list[Note]) -> list[Note]:
    return list({(n.of, n.text): n for n in notes}.values())[:MOST_NOTES]


def _is_named(sheet: Sheet, code: str) -> bool:
    return any(c.code == code for c in sheet.candidates("named"))
