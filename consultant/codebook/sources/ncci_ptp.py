"""NCCI procedure-to-procedure edits: pairs of codes of which the second is not paid beside the first.

Tab separated, Latin-1, six preamble lines with a header wrapped over four of them; a quarter is published in four parts, split by
the first code. The files carry their own history, so the rows of a release reach back to 1996, and one pair can have several:
nothing less than the whole row is a key. Date `deleted` 0 says "in force" (a key holds no NULL). The reasons are numbered to keep
two and a half million rows small, and `release` leads to the source, so that its name is not repeated in every row.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache, partial
from itertools import chain, islice

from consultant.codebook.schema import Harvest, SourceInfo
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable
from consultant.codebook.sources.ncci import (
    Line,
    Quarter,
    cell_code,
    code,
    day_number,
    medicaid,
    named_quarter,
    names,
    read_rows,
    workbook,
    workbook_lines,
    zipped,
)

SETTINGS = ("practitioner", "outpatient")  # their places are the numbers in `ptp.setting`

#: Columns stand in the order of the key, so that reading the table in order needs no sorting.
TABLES = """
CREATE TABLE ptp (
    column1 TEXT NOT NULL, setting INTEGER NOT NULL, release INTEGER NOT NULL, column2 TEXT NOT NULL, effective INTEGER NOT NULL,
    deleted INTEGER NOT NULL, indicator INTEGER NOT NULL, rationale INTEGER NOT NULL,
    PRIMARY KEY (column1, setting, release, column2, effective, deleted, indicator, rationale)) WITHOUT ROWID;
CREATE TABLE ptp_release (
    setting INTEGER NOT NULL, release INTEGER NOT NULL, source TEXT NOT NULL, PRIMARY KEY (setting, release)) WITHOUT ROWID;
CREATE TABLE ptp_rationale (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
"""
INDEXES = ""

COLUMNS = ("column 1", "column 2", "existence", "effective", "deletion", "modifier", "rationale")
RATIONALES = (
    "Misuse of Column Two code with Column One code",
    "Standards of medical/surgical practice",
    "CPT Manual or CMS manual coding instruction",
    "Standard preparation/monitoring services for anesthesia",
    "HCPCS/CPT procedure code definition",
    "Mutually exclusive procedures",
    "More extensive procedure",
    "CPT Separate procedure definition",
    "Anesthesia service included in surgical procedure",
    "Sequential procedure",
    "Laboratory panel",
    "Gender-specific procedures",
)
INDICATORS = {"0": 0, "1": 1, "9": 9}
FIRST_DAY = date(1996, 1, 1)  # the history in the files begins here
PREAMBLE = 40  # lines in which the rows must have begun
LONGEST_RATIONALE = 200  # characters
MOST_RATIONALES = 200  # different ones in a file
MOST_ABOUT = 16_384  # rests of rows that are kept, read once

About = tuple[int, int, int, int]  # effective, deleted, indicator, rationale: what a row says of its pair

_VERSION = re.compile(r"(?<![a-z0-9])v([0-9]{2})([0-3])r([0-9])", re.IGNORECASE)
_PART = re.compile(r"[-_]f([1-9])(?![a-z0-9])", re.IGNORECASE)
_NAMES = {
    "practitioner": re.compile(r"ccipra|practitioner", re.IGNORECASE),
    "outpatient": re.compile(r"ccioph|hospital|outpatient", re.IGNORECASE),
}


def _recognise(piece: Piece, setting: str) -> bool:
    if medicaid(piece) or _setting(piece) != setting:
        return False
    if workbook(piece):
        return not zipped(piece) and "cci" in piece.stem.lower()
    return b"Column1/Column2 Edits" in piece.head or b"Column 1\tColumn 2" in piece.head


def _setting(piece: Piece) -> str | None:
    """What the nearest name tells that speaks of one setting only: a zip may hold the files of both."""
    told = ([setting for setting, name in _NAMES.items() if name.search(text)] for text in names(piece))
    return next((found[0] for found in told if len(found) == 1), None)


def _read(piece: Piece, rejects: Rejects, setting: str) -> Harvest:
    version, revision, part = _release(piece)
    lines = _lines(piece)
    first = _first_line(piece, lines)
    quarter = Quarter(1994 + version // 10, version % 10 + 1)
    name = f"{quarter}{f'-r{revision}' if revision else ''}{f'-f{part}' if part else ''}"
    source = SourceInfo(
        id=f"ncci-ptp-{setting}-{name}",
        title=f"NCCI procedure-to-procedure edits, {setting}{f', part {part}' if part else ''}",
        version=f"{quarter} (v{version // 10}.{version % 10})",
        sha256="",
        origin=piece.stem,
        valid_from=FIRST_DAY,
        valid_to=quarter.last,
    )
    release = version * 100 + revision * 10 + part  # without its last digit, that which all parts share
    place = SETTINGS.index(setting)
    reasons = {text: number for number, text in enumerate(RATIONALES, 1)}
    about = lru_cache(MOST_ABOUT)(partial(_about, reasons))
    edit = partial(_edit, cell_code if workbook(piece) else code, about, place, release)
    tables = {
        "ptp_release": [(place, release, source.id)],
        "ptp": read_rows(chain([first], lines), edit, piece, rejects, "edits"),
        "ptp_rationale": _numbered(reasons),  # after the rows: they may bring new ones
    }
    return Harvest(source, tables=tables)


def _release(piece: Piece) -> tuple[int, int, int]:
    """(version, revision, part): v322r0-f1 is (322, 0, 1); 2026q3, which is version 32.2, is (322, 0, 0)."""
    found = next(filter(None, map(_VERSION.search, names(piece))), None)
    part = next(filter(None, map(_PART.search, names(piece))), None)
    quarter = named_quarter(piece)
    number = int(part[1]) if part else 0
    if found:
        return int(found[1] + found[2]), int(found[3]), number
    if quarter:
        return (quarter.year - 1994) * 10 + quarter.number - 1, 0, number
    raise Unreadable(f"{piece.name}: expected the release in the name (v322r0 or 2026q3), found {' in '.join(names(piece))}.")


def _lines(piece: Piece) -> Iterator[Line]:
    """Each row as its two codes and the rest in one: two and a half million rows have a thousand different rests."""
    if workbook(piece):
        return ((number, [*cells[:2], "\t".join(cells[2:])]) for number, cells in workbook_lines(piece))
    return enumerate((line.split("\t", 2) for line in piece.lines()), 1)


def _first_line(piece: Piece, lines: Iterator[Line]) -> Line:
    """The first row, once the header above it was found to be the one we know."""
    header: list[list[str]] = []
    for number, split in islice(lines, PREAMBLE):
        cells = "\t".join(split).split("\t")
        if len(cells) > 3 and re.fullmatch(r"[0-9]{8}", cells[3].strip()):
            _assert_header(piece, header)
            return number, split
        header.append(cells)
    raise Unreadable(
        f"{piece.name}: expected rows with a date YYYYMMDD in column 4 within the first {PREAMBLE} lines, found "
        f"{' | '.join(header[-1])[:120] if header else 'nothing'}."
    )


def _assert_header(piece: Piece, header: list[list[str]]) -> None:
    start = next(
        (at for at, cells in enumerate(header) if any(cell.strip().lower() == "column 1" for cell in cells)), len(header)
    )
    wrapped = header[start:]
    found = [" ".join(filter(None, (cells[at].strip() for cells in wrapped if at < len(cells)))) for at in range(len(COLUMNS))]
    wide = max(map(len, wrapped), default=0)
    if wide != len(COLUMNS) or any(word not in title.lower() for word, title in zip(COLUMNS, found, strict=True)):
        raise Unreadable(
            f"{piece.name}: expected the columns {', '.join(COLUMNS)}; found {' | '.join(found)[:300]} ({wide} columns)."
        )


def _numbered(reasons: dict[str, int]) -> Iterator[tuple[int, str]]:
    for text, number in reasons.items():
        yield number, text


def _edit(
    as_code: Callable[[str], str], about: Callable[[str], About], place: int, release: int, cells: list[str]
) -> tuple[str, int, int, str, int, int, int, int]:
    """A row of `ptp`. Raises ValueError."""
    if len(cells) < 3:
        raise ValueError(f"expected {len(COLUMNS)} columns, found {len(cells)}")
    one, other, rest = cells
    return (as_code(one), place, release, as_code(other), *about(rest))


def _about(reasons: dict[str, int], rest: str) -> About:
    """What stands behind the two codes of a row. Raises ValueError."""
    cells = rest.split("\t")
    if len(cells) + 2 != len(COLUMNS):
        raise ValueError(f"expected {len(COLUMNS)} columns, found {len(cells) + 2}")
    _, effective, deleted, indicator, reason = cells
    if indicator not in INDICATORS:
        raise ValueError(f"modifier indicator {indicator[:20]!r} is none of 0, 1 and 9")
    return (
        day_number(effective),
        0 if deleted == "*" else day_number(deleted),
        INDICATORS[indicator],
        reasons.get(reason) or _reason(reason, reasons),
    )


def _reason(text: str, reasons: dict[str, int]) -> int:
    """The number of a reason that is not among the twelve known: made from its text, so that all parts of a release agree."""
    plain = text.strip()
    if plain not in reasons and (len(plain) > LONGEST_RATIONALE or len(reasons) >= MOST_RATIONALES):
        raise ValueError(f"{plain[:40]!r} is no rationale: it is too long, or there are too many different ones")
    return reasons.setdefault(plain, 1_000 + zlib.crc32(plain.encode()))


KINDS = tuple(
    Kind(
        f"ncci-ptp-{setting}",
        f"NCCI procedure-to-procedure edits, {setting}",
        partial(_recognise, setting=setting),
        partial(_read, setting=setting),
    )
    for setting in SETTINGS
)
