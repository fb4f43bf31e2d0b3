"""ICD-10-CM as its tabular list (XML) and a list of its codes publish it, of any release.

The embedded default is the April 2026 release, whose data files come with the package `simple-icd-10-cm`; they are read as
files, its code is never imported. The XML names a code up to its 6th character and says once, at some ancestor, which 7th
characters follow: those codes are written out here, padded with X. A code is billable when the list has it and nothing
stands below it; what the XML and the list do not agree on stops the build.
"""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from consultant.codebook.codes import dotted
from consultant.codebook.schema import CodeRow, Harvest, NoteRow, SourceInfo, SurfaceRow
from consultant.vocabulary import System

SOURCE = "icd10cm"
PACKAGE = "simple_icd_10_cm"
TABULAR = "icd10c-tabular-April-1-2026.xml"
LIST = "code-list-April-2026.txt"
TITLE = "ICD-10-CM tabular list, April 2026 release"
VERSION = "2026-04"
WINDOW = (date(2026, 4, 1), date(2026, 9, 30))
#: The release of the package, the default of `read`; `sha256` and `codes` are filled in when it is read.
EMBEDDED = SourceInfo(SOURCE, TITLE, VERSION, "", f"{TABULAR} and {LIST} of the package simple-icd-10-cm", *WINDOW)

_KINDS = {
    "includes": "includes",
    "inclusionTerm": "inclusion",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code first",
    "useAdditionalCode": "use additional",
    "codeAlso": "code also",
    "notes": "note",
    "sevenChrNote": "7th",
}
_FOUND_BY = {"inclusion": "inclusion term", "includes": "includes"}


class ReleaseError(ValueError):
    """The files are not a release: broken, or the tabular list and the list of codes do not hold the same codes."""


@dataclass(slots=True)
class Reading:
    """What a tabular list says. `listed`: the codes of its release, without dots; only 7th characters found there exist."""

    listed: frozenset[str]
    source: str
    codes: list[CodeRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    surfaces: list[SurfaceRow] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)


def embedded() -> tuple[bytes, bytes]:
    """The tabular XML and the code list of the installed package, as bytes. Raises ReleaseError when it is not installed."""
    found = find_spec(PACKAGE)  # finds the package without running it, which resources.files would
    if found is None or not found.submodule_search_locations:
        raise ReleaseError("The package simple-icd-10-cm, which brings the ICD-10-CM files, is not installed.")
    folder = Path(found.submodule_search_locations[0]) / "data"
    return (folder / TABULAR).read_bytes(), (folder / LIST).read_bytes()


def fingerprint(tabular: bytes, listed: bytes) -> str:
    """SHA-256 over both files, hexadecimal."""
    return hashlib.sha256(hashlib.sha256(tabular).digest() + hashlib.sha256(listed).digest()).hexdigest()


def read(tabular: bytes, listed: bytes, release: SourceInfo = EMBEDDED) -> Harvest:
    """Codes, notes and wordings of a release whose two files agree to the code. Raises ReleaseError when they don't."""
    try:
        root = ET.fromstring(tabular)  # noqa: S314 - a data file of a pinned, hashed package
    except ET.ParseError as error:
        raise ReleaseError(f"The tabular list is not sound XML: {error}.") from error
    lines = listed.decode("ascii", errors="replace").splitlines()
    reading = grow(root, frozenset(line.strip() for line in lines if line.strip()), release.id)
    _agree(reading)
    info = replace(release, sha256=fingerprint(tabular, listed), codes=sum(row.billable for row in reading.codes))
    return Harvest(info, reading.codes, reading.notes, surfaces=reading.surfaces, endings=reading.endings)


def grow(root: ET.Element, listed: frozenset[str], source: str) -> Reading:
    """The tree of a tabular list with its 7th characters written out; nothing is compared with `listed` but those."""
    reading = Reading(listed, source)
    for chapter in root.iterfind("chapter"):
        _chapter(chapter, reading)
    return reading


def _chapter(chapter: ET.Element, reading: Reading) -> None:
    name = f"Chapter {_text(chapter.find('name'))}"
    reading.codes.append(_row(reading, name, _text(chapter.find("desc")), kind="chapter"))
    _notes(chapter, name, reading)
    for section in chapter.iterfind("section"):
        key = section.get("id", "")
        categories = list(section.iterfind("diag"))
        # A section of one category may bear the category's name (B10): the category then stands for both.
        alone = [_text(diag.find("name")) for diag in categories] == [key]
        if not alone:
            reading.codes.append(_row(reading, key, _text(section.find("desc")), kind="section", parent=name))
        _notes(section, key, reading)
        for diag in categories:
            _diag(diag, name if alone else key, (), reading)


def _diag(diag: ET.Element, parent: str, seventh: tuple[tuple[str, str], ...], reading: Reading) -> None:
    """One node of the tabular list and all below it. `seventh`: the (character, text) pairs in force from above."""
    code, title = _text(diag.find("name")), _text(diag.find("desc"))
    below = list(diag.iterfind("diag"))
    seventh = _extensions(diag) or seventh
    grown = [] if below else list(_with_seventh(code, title, seventh, reading))
    reading.codes.append(_row(reading, code, title, parent=parent, billable=not below and not grown))
    reading.codes.extend(grown)
    reading.surfaces.append(SurfaceRow(code, System.ICD10CM, "title", title))
    _notes(diag, code, reading)
    for child in below:
        _diag(child, code, seventh, reading)


def _with_seventh(code: str, title: str, seventh: tuple[tuple[str, str], ...], reading: Reading) -> Iterator[CodeRow]:
    bare = code.replace(".", "")
    if len(bare) >= 7:
        return
    for character, text in seventh:
        full = f"{bare:X<6}{character}"
        if full in reading.listed:
            reading.endings[f"{text} 7th{character}"] += 1  # official short titles write 7thA
            yield _row(reading, dotted(full), f"{title}, {text}", parent=code, base=code, billable=True)


def _extensions(diag: ET.Element) -> tuple[tuple[str, str], ...]:
    return tuple((e.get("char", ""), _text(e)) for e in diag.iterfind("sevenChrDef/extension"))


def _notes(node: ET.Element, key: str, reading: Reading) -> None:
    for tag, kind in _KINDS.items():
        for note in node.iterfind(f"{tag}/note"):
            text = _text(note)
            reading.notes.append(NoteRow(key, kind, text))
            if kind in _FOUND_BY and node.tag == "diag":
                reading.surfaces.append(SurfaceRow(key, System.ICD10CM, _FOUND_BY[kind], text))
    reading.notes.extend(NoteRow(key, "7th", f"{character}: {text}") for character, text in _extensions(node))


def _row(
    reading: Reading, code: str, title: str, *, kind: str = "code", parent: str = "", base: str = "", billable: bool = False
) -> CodeRow:
    return CodeRow(code, System.ICD10CM, kind, title, billable, official=True, parent=parent, base=base, source=reading.source)


def _agree(reading: Reading) -> None:
    """The list holds codes, sections and chapter numbers; codes must be the same in both, in number and in name."""
    ours = {row.code.replace(".", "") for row in reading.codes if row.kind == "code"}
    theirs = {code for code in reading.listed if not code.isdigit() and "-" not in code}
    if ours != theirs:
        missing, extra = sorted(theirs - ours), sorted(ours - theirs)
        raise ReleaseError(
            f"The tabular list lacks {len(missing)} codes of the code list ({_some(missing)}) "
            f"and has {len(extra)} that are not in it ({_some(extra)})."
        )


def _some(codes: Iterable[str]) -> str:
    return ", ".join(list(codes)[:5]) or "none"


def _text(element: ET.Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
