"""Which release of HCPCS Level II a file is, by its name or that of its zip.

`HCPC2026_OCT_ANWEB.xlsx`, `HCPC2020_10_anweb.xlsx` and `october-2026-alpha-numeric-hcpcs-file.zip` are quarters;
`HCPC2019_CONTR_ANWEB.txt` is a year. A name that tells nothing leaves the newest date in the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from consultant.codebook.schema import SourceInfo
from consultant.codebook.sources.files import Piece

_QUARTERS = {name: 1 + 3 * at for at, names in enumerate(("jan 01", "apr 04", "jul 07", "oct 10")) for name in names.split()}
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_MONTH = re.compile(r"(?:^|[^a-z0-9])(jan|apr|jul|oct)[a-z]{0,6}(?=[^a-z]|$)|(?<=[a-z]20\d\d[-_])(01|04|07|10)(?!\d)")
_MONTHS = (
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Release:
    id: str  # "hcpcs-2020q4", "hcpcs-2019"
    version: str
    valid_from: date | None
    valid_to: date | None

    @property
    def first(self) -> int:
        """The first day as YYYYMMDD; 0 when it isn't known."""
        return int(f"{self.valid_from:%Y%m%d}") if self.valid_from else 0


def release_of(piece: Piece, newest: str | None = None, prefix: str = "hcpcs") -> Release:
    """The release of a piece; `newest` is the newest date in it (ISO), for a name that tells none. An excerpt's id says so."""
    found = next((told for name in (piece.stem, piece.container) if (told := _named(name.lower(), prefix))), None)
    release = found or _dated(newest, prefix)
    if "excerpt" not in piece.stem.lower():
        return release
    return Release(f"{release.id}-excerpt", f"{release.version}, an excerpt", release.valid_from, release.valid_to)


def origin(piece: Piece) -> str:
    """What was read, in words."""
    return piece.name if piece.name == piece.container else f"{piece.name} in {piece.container}"


def source_of(piece: Piece, release: Release, title: str, codes: int = 0) -> SourceInfo:
    """What a book says of where a file's rows come from."""
    return SourceInfo(release.id, title, release.version, "", origin(piece), release.valid_from, release.valid_to, codes)


def _named(name: str, prefix: str) -> Release | None:
    year_told = _YEAR.search(name)
    if not year_told:
        return None
    year, month_told = int(year_told[1]), _MONTH.search(name)
    if not month_told:
        return Release(f"{prefix}-{year}", str(year), date(year, 1, 1), date(year, 12, 31))
    month = _QUARTERS[month_told[1] or month_told[2]]
    after = date(year + month // 10, (month + 3) % 12, 1)
    return Release(
        f"{prefix}-{year}q{(month + 2) // 3}", f"{_MONTHS[month]} {year}", date(year, month, 1), after - timedelta(days=1)
    )


def _dated(newest: str | None, prefix: str) -> Release:
    if newest is None:
        return Release(f"{prefix}-undated", "undated", None, None)
    return Release(f"{prefix}-{newest}", f"changes up to {newest}", date.fromisoformat(newest), None)
