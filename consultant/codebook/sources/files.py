"""Reading what an operator hands us: zips, text, csv, xlsx and xml of an agency, none of it trusted.

A source file is a list of pieces: the members of a zip (and of zips inside it, once), or the file itself. Everything is bounded;
what can't be read is said in one sentence that names the file, what was expected and what was found.
"""

from __future__ import annotations

import csv
import io
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from consultant.codebook.schema import Harvest

MOST_MEMBERS = 2_000
MOST_BYTES = 2_000_000_000  # of one piece, unpacked
MOST_RATIO = 300  # unpacked to packed: the PTP file is about 15 to 1
HEAD = 65_536
MOST_REJECTS = 10_000  # kept in full; the rest is counted


class Unreadable(ValueError):
    """A source that can't be read: one sentence with the file, what was expected, and what was found."""


@dataclass(slots=True)
class Rejects:
    """Rows that did not parse, each with its file, line and reason. They never stop an import and are never silent."""

    rows: list[tuple[str, int, str]] = field(default_factory=list)
    count: int = 0

    def add(self, piece: str, line: int, reason: str) -> None:
        self.count += 1
        if len(self.rows) < MOST_REJECTS:
            self.rows.append((piece, line, reason))


@dataclass(frozen=True)
class Piece:
    """One file of a source. `name` is its path in the zip, or its own name; `container` the name of the file it came in."""

    name: str
    container: str
    opener: Callable[[], BinaryIO] = field(repr=False)

    def open(self) -> BinaryIO:
        """The bytes from the start. Raises Unreadable when they turn out broken."""
        return self.opener()

    @cached_property
    def head(self) -> bytes:
        """The first 64 KB, for recognising the piece by its content."""
        with self.open() as file:
            return file.read(HEAD)

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).name

    def lines(self, encoding: str = "latin-1") -> Iterator[str]:
        """Lines without their ends; "latin-1" takes any byte, which is what CMS files need."""
        with self.open() as file, io.TextIOWrapper(file, encoding, errors="replace", newline=None) as text:
            for line in text:
                yield line.rstrip("\n")

    def rows(self, delimiter: str = ",", encoding: str = "latin-1") -> Iterator[tuple[int, list[str]]]:
        """CSV records with the line they end on; a record may span lines. Cells are text."""
        with self.open() as file, io.TextIOWrapper(file, encoding, errors="replace", newline="") as text:
            reader = csv.reader(text, delimiter=delimiter)
            try:
                for record in reader:
                    yield reader.line_num, record
            except csv.Error as broken:
                raise Unreadable(f"{self.name}: line {reader.line_num} is no CSV: {broken}.") from broken

    def sheets(self) -> Mapping[str, list[list[str]]]:
        """The sheets of a workbook by name: rows of cells as text, numbers written without ".0", dates as ISO."""
        from python_calamine import CalamineError, CalamineWorkbook

        with self.open() as file:
            data = file.read()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:  # a workbook is a zip, and may be a bomb
                _check(packed.infolist(), self.name)
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            return {
                name: [list(map(_cell, row)) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
            }
        except Unreadable:
            raise
        except (CalamineError, zipfile.BadZipFile, ValueError) as broken:
            raise Unreadable(f"{self.name}: no workbook that can be read: {broken}.") from broken

    def elements(self, *tags: str) -> Iterator[ET.Element]:
        """The XML elements of these tags as they end, in order. A DOCTYPE is refused: no agency's file needs entities."""
        if b"<!DOCTYPE" in self.head or b"<!ENTITY" in self.head:
            raise Unreadable(f"{self.name}: XML with a DOCTYPE is not read.")
        with self.open() as file:
            try:
                for _, element in ET.iterparse(file):  # noqa: S314  (no DOCTYPE: nothing to expand)
                    if element.tag in tags:
                        yield element
            except ET.ParseError as broken:
                raise Unreadable(f"{self.name}: broken XML: {broken}.") from broken


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: how to know it by its content, and how to read it."""

    id: str  # "ncci-ptp-practitioner": what `codebook add --as` takes
    title: str
    recognise: Callable[[Piece], bool]  # looks at name and head only; must be quick and never raise
    read: Callable[[Piece, Rejects], Harvest]  # raises Unreadable
    needs_licence: str = ""  # "cpt": taken only with --i-have-a-cpt-licence, and never exported


#: Of a zip: a RuntimeError says that it wants a password, the last two that its list of members is damaged.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, UnicodeDecodeError, struct.error)


@contextmanager
def readable(name: str) -> Iterator[None]:
    """What a zip raises when it is opened, or in the middle of reading, becomes one sentence."""
    try:
        yield
    except _BROKEN as broken:
        raise Unreadable(f"{name}: broken: {broken}.") from broken


def pieces(path: Path) -> list[Piece]:
    """The pieces of a file. Raises Unreadable for a zip that is broken, too large, or names places outside itself."""
    if not zipfile.is_zipfile(path) or path.suffix.lower() in {".xlsx", ".xlsm"}:
        return [Piece(path.name, path.name, lambda: path.open("rb"))]
    with readable(path.name):
        return list(_members(path, path.name, nested=True))


def _members(source: Path | io.BytesIO, container: str, *, nested: bool) -> Iterator[Piece]:
    with zipfile.ZipFile(source) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _check(members, container)
        for member in members:
            if nested and member.filename.lower().endswith(".zip"):
                yield from _members(io.BytesIO(archive.read(member)), container, nested=False)
            else:
                yield Piece(member.filename, container, _opener(source, member.filename))


def _check(members: Iterable[zipfile.ZipInfo], container: str) -> None:
    for count, member in enumerate(members, 1):
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts:
            raise Unreadable(f"{container}: it names a place outside itself ({member.filename}).")
        if member.file_size > MOST_BYTES or member.file_size > MOST_RATIO * max(member.compress_size, 4096):
            raise Unreadable(f"{container}: {member.filename} would unpack to {member.file_size:,} bytes: not read.")
        if count > MOST_MEMBERS:
            raise Unreadable(f"{container}: it holds more than {MOST_MEMBERS:,} files: not read.")


def _opener(source: Path | io.BytesIO, name: str) -> Callable[[], BinaryIO]:
    """Opens the member anew each time; closing it closes the archive too."""

    def opened() -> BinaryIO:
        archive = zipfile.ZipFile(source)
        member = archive.open(name)
        archive.close()  # the member keeps the file open until it is closed itself
        return member  # type: ignore[return-value]

    return opened
