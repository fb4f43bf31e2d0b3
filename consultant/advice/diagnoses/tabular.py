"""What the tabular list asks of the diagnoses in an answer: both codes or one, which first, the side, the seventh character."""

from __future__ import annotations

import re
from itertools import permutations

from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet, is_both, record_source, spoken
from consultant.codebook.excludes import speaks_of
from consultant.vocabulary import CodeRecord, Note, Source, System

MOST = 4  # diagnoses that are looked at
MOST_NOTES = 3
LONGEST_NOTE = 240
GUIDELINES = Source(
    "icd10cm-guidelines", "ICD-10-CM Official Guidelines for Coding and Reporting", "2026-04-01", "section I.A and I.B"
)
_ORDERED = {
    "code first": "the cause is sequenced before it",
    "use additional": "a further code is reported after it",
    "code also": "both are reported, in the order of the encounter",
}
#: Two conditions that the letter itself calls strangers to one another: the exception to an Excludes1 note.
_UNRELATED = re.compile(
    r"\bunrelated\b|\bnot related\b|\b(?:nothing|not anything) to do with (?:each|one) (?:other|another)\b"
    r"|\btwo (?:separate|different|distinct) (?:conditions|problems|diseases|illnesses)\b",
    re.IGNORECASE,
)
_ARE_THEY = re.compile(
    r"\b(?:if|whether|unless|are they|not sure|unclear)\b[^.?!]{0,40}\b(?:un)?related\b|\bnot unrelated\b", re.IGNORECASE
)
#: A growth of uncertain behavior, and what says that the report of the pathologist left it open, or is still to come.
_UNCERTAIN = re.compile(r"D(?:3[7-9]|4[0-8])")
_CANNOT_TELL = re.compile(
    r"\b(?:cannot|can.?t|can not|could not|couldn.?t|unable to|not able to) (?:\w+ )?"
    r"(?:tell|say|determine|decide|be (?:told|determined))\b"
    r"|\buncertain (?:behaviou?r|malignant)|\bindeterminate\b|\batypi\w+",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"\b(?:path\w*|report|results?|biopsy)\b[^.?!]{0,20}"
    r"\b(?:pending|not back|outstanding|isn.?t back|still out|not in yet|awaited)\b"
    r"|\b(?:pending|awaiting|waiting (?:for|on)|before)\b[^.?!]{0,15}\b(?:path\w*|report|results?|biopsy)\b",
    re.IGNORECASE,
)
_UNSAID = re.compile(r"\bunspecified (?P<what>\w+)")


def sequence_rule(sheet: Sheet) -> Ruling:
    """Code-first, use-additional and Excludes2 notes of the diagnoses of the answer, each with the heading at which it stands."""
    codes = _diagnoses(sheet)
    sayings: list[Saying] = []
    for code in codes:
        source = (record_source(sheet.book, code),)
        notes = sheet.book.notes(code)
        for kind, says in _ORDERED.items():
            for note in [n for n in notes if n.kind == kind][:MOST_NOTES]:
                named_too = [other for other in codes if other != code and speaks_of(note.text, other)]
                if named_too or len(codes) == 1:
                    sayings.append(Saying("check", f"{code}, {kind} (note at {note.of}): {short(note.text)}; {says}.", source))
        sayings += [
            Saying("check", f"{code} and {other}: Excludes2 at {note.of}, so both may be reported when both are present.", source)
            for note in notes
            if note.kind == "excludes2"
            for other in codes
            if other != code and speaks_of(note.text, other)
        ]
    return Ruling(sayings=tuple(sayings[:6]))


def exclusion_rule(sheet: Sheet) -> Ruling:
    """Two named diagnoses with an Excludes1 note between them, or of which one says less: one of them, when the letter asks
    whether both can stand."""
    codes = [c for c in named(sheet) if is_diagnosis(sheet, c)][:MOST]
    clash = sheet.book.excludes(*codes) if len(codes) == 2 else []
    if clash and _are_unrelated(sheet):
        return _both_of(sheet, codes, clash[0])
    if clash and (growth := _by_the_pathologist(sheet, codes)):
        return growth
    if len(codes) != 2 or sheet.cards:
        return Ruling()
    if not clash and "pair" in sheet.asked:
        return _less_telling(sheet, codes) or _together(sheet, codes)
    if not clash:
        return Ruling()
    note = clash[0]
    text = f"Excludes1 at {note.of}: {short(note.text)}. The two are not coded together for the same condition."
    sayings = _one_of_them(text, record_source(sheet.book, note.of), "Two unrelated conditions")
    verdict = f"Not both: {codes[0]} and {codes[1]} exclude one another (Excludes1 at {note.of})."
    goes = _sent_away(codes, clash) if "pair" in sheet.asked else ""
    if not goes:
        return Ruling(sayings=sayings, verdict=verdict, settles=0.9)
    stays = next(code for code in codes if code != goes)
    return Ruling((stays,), (goes,), sayings=sayings, verdict=f"{verdict} Report {stays}.", settles=0.9)


def _by_the_pathologist(sheet: Sheet, codes: list[str]) -> Ruling | None:
    """Of a growth of uncertain and one of unspecified behavior the first once a pathologist could not tell, else the second."""
    uncertain = next((code for code in codes if _UNCERTAIN.match(code)), "")
    vague = next((code for code in codes if code.startswith("D49")), "")
    text = sheet.findings.question.text
    pending = bool(_PENDING.search(text))
    if not (uncertain and vague) or pending == bool(_CANNOT_TELL.search(text)):
        return None
    stays, goes = (vague, uncertain) if pending else (uncertain, vague)
    why = "Uncertain is what the pathologist could not tell; unspecified is what nobody has told yet, as before the report."
    sayings = _one_of_them(why, record_source(sheet.book, stays), "Two growths")
    return Ruling((stays,), (goes,), sayings=sayings, verdict=f"Report {stays}, not {goes}.", settles=0.9)


def _are_unrelated(sheet: Sheet) -> bool:
    text = sheet.findings.question.text
    return bool(_UNRELATED.search(text)) and not _ARE_THEY.search(text)


def _both_of(sheet: Sheet, codes: list[str], note: Note) -> Ruling:
    """Both of two codes that exclude one another, for conditions that have nothing to do with each other (Section I.A.12.a)."""
    text = f"Excludes1 at {note.of} is for one condition; two documented as unrelated are both coded, with the note as proof."
    sayings = (Saying("why", text, (record_source(sheet.book, note.of), GUIDELINES)),)
    return Ruling(tuple(codes), sayings=sayings, verdict=f"Report {spoken(codes)}: the two are unrelated.", settles=0.9)


def _together(sheet: Sheet, codes: list[str]) -> Ruling:
    text = f"No Excludes1 note of the tabular list forbids {codes[0]} and {codes[1]} on one claim; each must be documented."
    return Ruling(tuple(codes), sayings=(Saying("why", text, (record_source(sheet.book, codes[0]),)),), verdict=text, settles=0.7)


def _one_of_them(text: str, source: Source, unless: str) -> tuple[Saying, Saying]:
    """Why one of two codes is reported, and when both may be."""
    both = f"{unless}, which the record shows: both may be reported."
    return Saying("why", text, (source, GUIDELINES)), Saying("change", both, (GUIDELINES,))


def _sent_away(codes: list[str], clash: list[Note]) -> str:
    """Which of two codes is not the one to report: a sign or a status beside a disease, else the one whose notes send to the
    other. "" where each sends to the other."""
    telling = [code for code in codes if code[0] not in "RZ"]
    if len(telling) == 1:
        return next(code for code in codes if code not in telling)
    bearing = [code for code in codes if any(code.startswith(note.of) for note in clash)]
    return bearing[0] if len(bearing) == 1 else ""


def _less_telling(sheet: Sheet, codes: list[str]) -> Ruling | None:
    """Of two codes of one category the one that is unspecified, or says "without" what the other has, is not reported too."""
    titles = [record.title.lower() if (record := sheet.book.record(code, sheet.findings.on)) else "" for code in codes]
    if codes[0][:3] != codes[1][:3] or codes[0][0] in "STVWXY" or not all(titles):
        return None
    for (stays, more), (goes, less) in permutations(zip(codes, titles, strict=True)):
        vague = "unspecified" in less and "unspecified" not in more
        if vague or ("without" in less and "without" not in more):
            said = "leaves open what the other names" if vague else "says that there is none of what the other names"
            text = f"{goes} {said}: {stays} is reported alone for the same condition, as specific as the record is."
            sayings = _one_of_them(text, record_source(sheet.book, goes), "Two sites or conditions")
            return Ruling((stays,), (goes,), sayings=sayings, verdict=f"Report {stays}, not {goes} beside it.", settles=0.9)
    return None


def side_rule(sheet: Sheet) -> Ruling:
    """A diagnosis with an unspecified side gives way to its neighbour for the side that the letter tells."""
    sides = sheet.said("side")
    side = "bilateral" if is_both(sides) else next(iter(sides), "")
    replace: dict[str, str] = {}
    refuse: list[str] = []
    sayings: list[Saying] = []
    report: list[str] = []
    for code in _diagnoses(sheet):
        record = sheet.book.record(code, sheet.findings.on)
        neighbour = neighbour_of(sheet, record, side) if record and side else ""
        if not record or not neighbour:
            continue
        text = f"The letter tells the side: {neighbour} names it, {code} leaves it open."
        sayings.append(Saying("why", text, (record_source(sheet.book, neighbour), GUIDELINES)))
        if code in sheet.lines:
            replace[code] = neighbour
        else:
            refuse.append(code)
            report.append(neighbour)
    verdict = f"Report {report[0]}, not {refuse[0]}." if len(report) == 1 else ""
    return Ruling(
        tuple(report), tuple(refuse), sayings=tuple(sayings), verdict=verdict, replace=replace, settles=0.9 if report else 0.0
    )


def neighbour_of(sheet: Sheet, record: CodeRecord, side: str) -> str:
    """The billable code whose title differs from the record's by the side alone; "" when there is none."""
    title = record.title.lower()
    wanted = {
        title.replace(match.group(), words) for match in _UNSAID.finditer(title) for words in _wordings(side, match["what"])
    }
    above = sheet.book.lookup(record.parent).above if wanted and record.parent else ()
    for heading in [record.parent, *(code for code, _ in above[-1:])] if wanted else []:
        children = sheet.book.children(heading)[:30]
        for code in [*children, *(below for child in children for below in sheet.book.children(child)[:30])]:
            other = sheet.book.record(code, sheet.findings.on)
            if other and other.billable and other.title.lower() in wanted:
                return code
    return ""


def _wordings(side: str, what: str) -> tuple[str, ...]:
    return (f"{side} {what}", f"{side} {what}s", f"{what}, {side}", side)


def seventh_rule(sheet: Sheet) -> Ruling:
    """A named diagnosis that lacks its seventh character says what the character tells."""
    sayings = []
    for code in named(sheet)[:MOST]:
        found = sheet.book.lookup(code, sheet.findings.on)
        bare = code.replace(".", "")
        # Of an encounter: "Z86.0101" and the stages of glaucoma end in a figure that tells another thing.
        seventh = [c.code for c in found.children if c.billable and len(c.code.replace(".", "")) == 7 and c.code.endswith("A")]
        if seventh and len(bare) < 7 and found.record and not found.record.billable:
            text = (
                f"{code} needs a seventh character: A while the condition is treated, D for the care after that, S for what it "
            )
            text += "left behind, unless its own list says otherwise."
            sayings.append(Saying("why", text, (record_source(sheet.book, code), GUIDELINES)))
    return Ruling(sayings=tuple(sayings))


def healing_rule(sheet: Sheet) -> Ruling:
    """An injury that a family decided, in the stage that the letter tells: D in place of A at a recheck."""
    later = {c.facts["instead"]: c.code for c in sheet.findings.candidates if "instead" in c.facts}
    replace = {old: new for old, new in later.items() if old in sheet.lines and old not in named(sheet)}
    if not replace:
        return Ruling()
    text = "Active treatment is over: the injury keeps its code, and its last character tells the care after it."
    sayings = tuple(Saying("why", text, (record_source(sheet.book, new), GUIDELINES)) for new in replace.values())
    verdict = f"Report {spoken(replace.values())}." if {*sheet.lines} == {*replace} else ""
    return Ruling(replace=replace, sayings=sayings, verdict=verdict)


def _diagnoses(sheet: Sheet) -> list[str]:
    wanted = dict.fromkeys([*named(sheet), *sheet.lines])
    return [code for code in wanted if is_diagnosis(sheet, code) and code not in sheet.refused][:MOST]


def is_diagnosis(sheet: Sheet, code: str) -> bool:
    """Is it a code that the letter's findings hold as one of ICD-10-CM?"""
    return any(c.code == code and c.system is System.ICD10CM for c in sheet.findings.candidates)


def short(text: str) -> str:
    """A note of the tabular list, cut at a word where it is long, without a stop."""
    return (text if len(text) <= LONGEST_NOTE else f"{text[:LONGEST_NOTE].rsplit(' ', 1)[0]} …").rstrip(". ")
