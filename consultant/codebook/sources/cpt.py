"""CPT in the AMA's own file layout, for operators who have its licence. Nothing that comes from here may leave the house.

Each file opens with a notice that ends in a blank line; after the last blank line come the data. `LONGULT.txt`, or `LONGULF.txt`
(the same in lines of 80), brings the codes; SHORTU, MEDU and the descriptors for patients and clinicians bring wordings to find
them by. Every code carries the fact `licensed`. Reasons for rejects name line and fault, never a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice

from consultant.codebook.schema import CodeRow, Harvest, SourceInfo, SurfaceRow
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.hcpcs_release import origin, release_of
from consultant.vocabulary import System

TABLES: tuple[str, ...] = ()
INDEXES: tuple[str, ...] = ()

LICENCE = "cpt"
FACTS = json.dumps({"licensed": True})

_CODE = re.compile(r"\d{4}[0-9AFMTU]", re.ASCII)
_MODIFIER = re.compile(r"([A-Z0-9]{2})(?:\t|[ ]{1,8})(\S.*)")
_OWNER = b"American Medical Association"
_DAMAGED = "\ufffd"

Line = tuple[int, str]
Entry = tuple[int, str, str]  # line, code, text


# --- the files, each as entries -----------------------------------------------------------------------------------------------


def _tabbed(piece: Piece, rejects: Rejects) -> Iterator[Entry]:
    """LONGULT: code, tab, text."""
    for line, text in _data(piece):
        code, _, title = text.partition("\t")
        yield line, code, title


def _long_lines(piece: Piece, rejects: Rejects) -> Iterator[Entry]:
    """LONGULF: 1-5 code, 6-7 sequence, text from 9, in as many lines as it takes."""
    for code, lines in groupby(_data(piece), lambda line: line[1][:5]):
        pieces = list(lines)
        numbers = [text[5:7].strip() for _, text in pieces]
        if all(number.isdecimal() for number in numbers) and len(set(numbers)) == len(numbers):
            ordered = sorted(zip(map(int, numbers), pieces, strict=True))
            yield pieces[0][0], code, " ".join(text[8:].strip() for _, (_, text) in ordered)
        else:
            rejects.add(piece.name, pieces[0][0], "the sequence numbers of a code are not 1, 2, 3 …")


def _fixed(start: int, width: int) -> Callable[[Piece, Rejects], Iterator[Entry]]:
    """SHORTU, MEDU: the code, and the text from column `start` (counted from 1), `width` wide."""

    def entries(piece: Piece, rejects: Rejects) -> Iterator[Entry]:
        for line, text in _data(piece):
            if text[5 : start - 1].strip() or len(text.rstrip()) > start - 1 + width:
                rejects.add(piece.name, line, f"the text does not stand in the columns {start} to {start + width - 1}")
            else:
                yield line, text[:5], text[start - 1 :]

    return entries


def _descriptors(column: int, columns: int) -> Callable[[Piece, Rejects], Iterator[Entry]]:
    """The descriptors for patients and clinicians: tabs, one header line, the concept id, the code, …, the text."""

    def entries(piece: Piece, rejects: Rejects) -> Iterator[Entry]:
        for line, text in islice(_data(piece), 1, None):
            cells = text.split("\t")
            if len(cells) == columns:
                yield line, cells[1].strip(), cells[column]
            else:
                rejects.add(piece.name, line, f"{len(cells)} columns, not {columns}")

    return entries


def _modifiers(piece: Piece, rejects: Rejects) -> Iterator[Entry]:
    """MODUL: two characters, blanks or a tab, the text."""
    for line, text in _data(piece):
        found = _MODIFIER.fullmatch(text.rstrip())
        if found:
            yield line, f"-{found[1]}", found[2]
        else:
            rejects.add(piece.name, line, "no modifier at the start of the line")


def _data(piece: Piece) -> Iterator[Line]:
    """The lines after the last blank line that has any behind it. UTF-8, or else cp1252."""
    encoding, start, blank = "utf-8", 0, 0
    for line, text in enumerate(piece.lines("utf-8"), 1):
        if _DAMAGED in text:
            encoding = "cp1252"
        if not text.strip():
            blank = line
        else:
            start = blank
    if not start and _OWNER in piece.head:
        raise Unreadable(f"{piece.name}: expected a blank line between the notice and the codes, found none.")
    for line, text in enumerate(piece.lines(encoding), 1):
        if line > start and text.strip():
            yield line, text.removeprefix("\ufeff")


# --- harvests -----------------------------------------------------------------------------------------------------------------

Entries = Callable[[Piece, Rejects], Iterable[Entry]]


def _codes(entries: Entries, system: System, what: str) -> Callable[[Piece, Rejects], Harvest]:
    def read(piece: Piece, rejects: Rejects) -> Harvest:
        """Codes with their text. Raises Unreadable."""
        titles: dict[str, str] = {}
        for line, code, title in _sound(entries(piece, rejects), piece, rejects, modifiers=system is System.MODIFIER):
            if code in titles:
                rejects.add(piece.name, line, f"{code} stands twice")
            else:
                titles[code] = title
        info = _info(piece, what, len(titles))
        rows = [
            CodeRow(code, system, "code", title, billable=True, official=True, source=info.id, facts=FACTS)
            for code, title in titles.items()
        ]
        return Harvest(info, rows, surfaces=[SurfaceRow(code, system, "title", title) for code, title in titles.items()])

    return read


def _wordings(entries: Entries, field: str, what: str) -> Callable[[Piece, Rejects], Harvest]:
    def read(piece: Piece, rejects: Rejects) -> Harvest:
        """Wordings of codes that another file brings. Raises Unreadable."""
        found = _sound(entries(piece, rejects), piece, rejects)
        surfaces = list(dict.fromkeys(SurfaceRow(code, System.CPT, field, text) for _, code, text in found))
        return Harvest(_info(piece, what, 0, surfaces=len(surfaces)), surfaces=surfaces)

    return read


def _sound(entries: Iterable[Entry], piece: Piece, rejects: Rejects, *, modifiers: bool = False) -> Iterator[Entry]:
    for line, code, text in entries:
        plain = " ".join(text.split())
        if not modifiers and not _CODE.fullmatch(code):
            rejects.add(piece.name, line, "no CPT code where one belongs")
        elif not plain:
            rejects.add(piece.name, line, "a code without text")
        else:
            yield line, code, plain


def _info(piece: Piece, what: str, codes: int, *, surfaces: int = 0) -> SourceInfo:
    if not codes and not surfaces:
        raise Unreadable(f"{piece.name}: expected {what} in the AMA's layout, found none.")
    release = release_of(piece, prefix=f"cpt-{piece.stem.partition('.')[0].lower()}")
    return SourceInfo(
        id=release.id,
        title=f"CPT, {what}",
        version=release.version,
        sha256="",
        origin=origin(piece),
        valid_from=release.valid_from,
        valid_to=release.valid_to,
        codes=codes,
    )


def disagreement(pieces: Iterable[Piece]) -> str:
    """SHORTU, MEDU and LONGULT of a release hold the same codes: a sentence where these don't, else ""."""
    held: dict[str, set[str]] = {}
    for piece in pieces:
        entries = _COMPARED.get(piece.stem.lower())
        if entries:
            held[piece.stem] = {code for _, code, _ in _sound(entries(piece, Rejects()), piece, Rejects())}
    together = set.union(*held.values()) if held else set()
    lacking = [f"{name} lacks {len(together - codes):,}" for name, codes in held.items() if codes != together]
    return f"The CPT files don't hold the same codes: {', '.join(lacking)} of {len(together):,}." if lacking else ""


_SHORT, _MEDIUM = _fixed(7, 28), _fixed(7, 48)
_COMPARED: dict[str, Entries] = {"shortu.txt": _SHORT, "medu.txt": _MEDIUM, "longult.txt": _tabbed}


def _named(stem: str) -> Callable[[Piece], bool]:
    return lambda piece: piece.stem.lower() == f"{stem}.txt"


def _kind(stem: str, what: str, read: Callable[[Piece, Rejects], Harvest]) -> Kind:
    return Kind(f"cpt-{stem}", f"CPT, {what}", _named(stem), read, needs_licence=LICENCE)


KINDS = (
    _kind("longult", "codes", _codes(_tabbed, System.CPT, "codes")),
    _kind("longulf", "codes", _codes(_long_lines, System.CPT, "codes")),
    _kind("modul", "modifiers", _codes(_modifiers, System.MODIFIER, "modifiers")),
    _kind("shortu", "short wordings", _wordings(_SHORT, "keyword", "short wordings")),
    _kind("medu", "medium wordings", _wordings(_MEDIUM, "keyword", "medium wordings")),
    _kind("consumerdescriptor", "wordings for patients", _wordings(_descriptors(2, 3), "plain words", "wordings for patients")),
    _kind("cliniciandescriptor", "wordings of clinicians", _wordings(_descriptors(3, 4), "keyword", "wordings of clinicians")),
)
