"""What the files of ICD-10-CM and ICD-10-PCS share: editions by fiscal year, order files, and the trees of their XML.

Fiscal year N is in force from 1 October N-1 to 30 September N; a package of January or April replaces it from the first of
that month. Names are made by hand and drift, so year and month are looked for in the XML's version, the file's name and the
name of the zip.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from consultant.codebook.schema import SourceInfo
from consultant.codebook.sources.files import Piece, Rejects, Unreadable

MOST_LEVELS = 20  # of nested elements; the deepest file of the agencies has 11
_ORDER = re.compile(r"^\d{5} ([A-Z0-9]{3,7}) {1,5}([01]) (?=\S)")
_SHORT_AT, _TITLE_AT = 16, 77  # where the two titles begin
_BOM = "\xef\xbb\xbf"  # as latin-1 reads it
_LOOK = 20_000  # bytes in which an order file shows what it is
_YEAR = re.compile(r"(?<!\d)(20[1-9]\d)(?!\d)")
_MONTH = re.compile(r"(?<![a-z])(jan|apr)(?:uary|il)?(?![a-z])", re.IGNORECASE)
_MONTHS = {"jan": 1, "apr": 4}
_NAMES = {1: "January", 4: "April", 10: "October"}

#: Of an entry: its titles from the main term down, and its element.
Entry = tuple[tuple[str, ...], ET.Element]


@dataclass(frozen=True, slots=True)
class Edition:
    """A release: "2021" is the fiscal year's own, "2026-04" the package of April."""

    year: int
    month: int = 10

    @property
    def version(self) -> str:
        return str(self.year) if self.month == 10 else f"{self.year}-{self.month:02d}"

    @property
    def window(self) -> tuple[date, date]:
        begin = date(self.year - 1, 10, 1) if self.month == 10 else date(self.year, self.month, 1)
        return begin, date(self.year, 9, 30)

    def source(self, key: str, title: str, origin: str, codes: int) -> SourceInfo:
        """`key` and `title` without the edition, which is added to both. `codes`: the billable ones."""
        told = f"fiscal year {self.year}" if self.month == 10 else f"{_NAMES[self.month]} {self.year} release"
        return SourceInfo(f"{key}-{self.version}", f"{title}, {told}", self.version, "", origin, *self.window, codes)


def edition(piece: Piece, told: str = "") -> Edition:
    """The edition of a file; `told` is what its XML says of its version. Raises Unreadable when nothing names a year."""
    names = (piece.stem, piece.container)
    year = next((found[1] for text in (told, *names) if (found := _YEAR.search(text))), None)
    if year is None:
        raise Unreadable(f"{piece.name}: expected a fiscal year such as 2026 in its name or version, found none.")
    month = next((_MONTHS[found[1].lower()] for text in names if (found := _MONTH.search(text))), 10)
    return Edition(int(year), month)


def origin(piece: Piece) -> str:
    """What was read, in words."""
    return piece.name if piece.name == piece.container else f"{piece.name} of {piece.container}"


# --- order files ------------------------------------------------------------------------------------------------------


def ordered(piece: Piece, rejects: Rejects, shape: re.Pattern[str]) -> dict[str, tuple[bool, str]]:
    """An order file: code without its dot → (billable, long title), in its order.

    `shape` is what a code of the system looks like. Raises Unreadable when most lines are not laid out like an order file
    or when it is not whole: a release that lacks codes would say that they have ended.
    """
    found: dict[str, tuple[bool, str]] = {}
    bad, first, missing = 0, "", 0
    for number, line in enumerate(_whole_lines(piece), 1):
        if not line.strip():
            continue
        fault, code, billable = _fault(line, shape, found)
        if fault:
            bad, first = bad + 1, first or line
            rejects.add(piece.name, number, fault)
        else:
            found[code] = billable, _plain(line[_TITLE_AT:])
            missing = int(line[:5]) - len(found) - bad
    if bad >= max(len(found), 1) or not found:
        raise Unreadable(
            f"{piece.name}: expected lines such as '00002 A000    1 Short title … Long title' with the long title "
            f"from column {_TITLE_AT + 1}, found '{first[:60]}'."
        )
    if missing > 0:
        raise Unreadable(
            f"{piece.name}: expected a whole release, found an excerpt: {missing:,} of its numbered lines are not there."
        )
    return found


def _whole_lines(piece: Piece) -> Iterator[str]:
    """Lines of a file that ends with a line's end: one that was cut off would seem to have ended all codes after the cut."""
    with piece.open() as file, io.BufferedReader(file) as lines:  # type: ignore[type-var]
        for raw in lines:
            if not raw.endswith(b"\n"):
                raise Unreadable(f"{piece.name}: it is cut off: its last line has no end.")
            yield raw.decode("latin-1").removeprefix(_BOM).rstrip()


def order_codes(head: bytes) -> list[str]:
    """The codes in the beginning of an order file; [] when it is none."""
    lines = head[:_LOOK].decode("latin-1").removeprefix(_BOM).splitlines()[:-1]
    found = [match[1] for line in lines if (match := _laid_out(line))]
    return found if 2 * len(found) > len(lines) else []


def most(codes: list[str], shape: re.Pattern[str]) -> bool:
    """Whether most of these codes are written as a system writes its own; a few may be slips."""
    return 2 * sum(bool(shape.match(code)) for code in codes) > len(codes)


def above(code: str, known: dict[str, tuple[bool, str]]) -> str:
    """The longest proper beginning of a code that is a code itself; "" when there is none."""
    for length in range(len(code) - 1, 2, -1):
        if code[:length] in known:
            return code[:length]
    return ""


def _fault(line: str, shape: re.Pattern[str], found: dict[str, tuple[bool, str]]) -> tuple[str, str, bool]:
    match = _laid_out(line)
    if not match:
        return "not laid out like a line of an order file", "", False
    code = match[1]
    if not shape.match(code):
        return f"{code} is not written like a code of this system", code, False
    if code in found:
        return f"{code} stands twice; the first line counts", code, False
    return "", code, match[2] == "1"


def _laid_out(line: str) -> re.Match[str] | None:
    """The line's match when its flag, its short title and its long title stand in their columns."""
    match = _ORDER.match(line)
    placed = match and match.end() == _SHORT_AT and line[_TITLE_AT - 1 : _TITLE_AT] == " " and line[_TITLE_AT:].strip()
    return match if placed else None


def _plain(text: str) -> str:
    """A title read byte by byte: the agencies write ASCII, a copy may be UTF-8."""
    text = " ".join(text.split()) if "  " in text else text.strip()
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


# --- XML --------------------------------------------------------------------------------------------------------------


def tree(piece: Piece, tag: str) -> ET.Element:
    """The root of an XML file. Raises Unreadable when it is broken, nested too deeply, or has another root."""
    try:
        root = next(piece.elements(tag), None)
    except (ValueError, LookupError) as broken:  # an encoding that can't be; Unreadable is a ValueError too
        raise broken if isinstance(broken, Unreadable) else Unreadable(f"{piece.name}: broken XML: {broken}.") from broken
    if root is None:
        raise Unreadable(f"{piece.name}: expected XML with the root {tag}, found none.")
    level, levels = [root], 0
    while level:
        level, levels = [child for element in level for child in element], levels + 1
        if levels > MOST_LEVELS:
            raise Unreadable(f"{piece.name}: expected at most {MOST_LEVELS} levels of elements, found more.")
    return root


def has_root(piece: Piece, tag: str) -> bool:
    """Whether the beginning of a file has this root element."""
    return f"<{tag}>".encode() in piece.head[:2048] or f"<{tag} ".encode() in piece.head[:2048]


def version(root: ET.Element) -> str:
    return text(root.find("version"))


def entries(root: ET.Element) -> Iterator[Entry]:
    """The entries of an index or a table, in order. A term without a title has the path of the term above it."""
    for main in root.iterfind("letter/mainTerm"):
        yield from _below(main, ())


def _below(term: ET.Element, path: tuple[str, ...]) -> Iterator[Entry]:
    title = text(term.find("title"))
    path = (*path, title) if title else path
    yield path, term
    for child in term.iterfind("term"):
        yield from _below(child, path)


def phrase(path: tuple[str, ...]) -> str:
    """A path as one wording, the words that change nothing in brackets: "Aberrant (congenital), vein (peripheral) NEC"."""
    return ", ".join(path)


def text(element: ET.Element | None) -> str:
    """The text of an element and of all in it. What stands in `nemod` brings its own brackets, but no blank before them."""
    if element is None:
        return ""
    return " ".join(" ".join(element.itertext()).split()).replace(" ,", ",")
