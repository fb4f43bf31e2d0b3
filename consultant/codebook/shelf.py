"""The shelf: the official files that an operator has added, kept by their hash so that a book can be built from them again.

    <data>/codebook/sources/<hash>-<name>   the file as it was handed in
    <data>/codebook/sources/shelf.json      what each is, when it came, and what of it did not parse

A file is read to its end before it is taken: one that can't be read changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from consultant.codebook.schema import FOLDER, Harvest
from consultant.codebook.sources import all_kinds, icd10cm_order
from consultant.codebook.sources.files import Kind, Piece, Rejects, Unreadable, pieces, readable

SHELF = "sources"
LIST = "shelf.json"
#: Kinds whose newest release speaks for all codes, so that an excerpt taken for one would end those it lacks.
SNAPSHOTS = ("icd10cm-order", "icd10cm-tabular", "icd10pcs-order", "icd10pcs-tables", "hcpcs", "pfs")
EXCERPT = 0.05  # of the rows of the largest file of the same kind: less is no release (NCCI's PTP comes in quarters)
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """One file on the shelf."""

    file: str  # its name on the shelf
    name: str  # its name when it was handed in
    sha256: str
    added: str  # ISO date and time, UTC
    pieces: tuple[tuple[str, str, int], ...]  # (piece, kind, rows): what was recognised in it
    left_out: tuple[str, ...]  # pieces that nothing here can read
    rejects: int

    @property
    def rows(self) -> int:
        return sum(rows for _, _, rows in self.pieces)


@dataclass(frozen=True, slots=True)
class Added:
    kept: Kept
    known: bool  # the very same bytes were on the shelf already
    rejects: Rejects


def kept(data_dir: Path) -> tuple[Kept, ...]:
    """What is on the shelf, in the order in which it came."""
    path = data_dir / FOLDER / SHELF / LIST
    if not path.exists():
        return ()
    rows = json.loads(path.read_text(encoding="utf8"))
    return tuple(Kept(**{**row, "pieces": tuple(map(tuple, row["pieces"])), "left_out": tuple(row["left_out"])}) for row in rows)


def add(data_dir: Path, path: Path, *, as_kind: str = "", licences: Sequence[str] = (), step: Step = lambda _: None) -> Added:
    """Read a file and put it on the shelf. The same bytes twice are one file.

    `as_kind` takes the file's pieces as this kind whatever they look like. Raises Unreadable, with the shelf as it was.
    """
    sha256 = fingerprint(path)
    before = kept(data_dir)
    if same := next((one for one in before if one.sha256 == sha256), None):
        return Added(same, known=True, rejects=Rejects())
    found, left_out = sort(path, as_kind, licences)
    if not found:
        what = ", ".join(left_out[:3]) or "nothing"
        raise Unreadable(f"{path.name}: no source that is known here; it holds {what}. `--as SOURCE` says what it is.")
    rejects, told = Rejects(), []
    for piece, kind in found:
        step(f"Reading {piece.stem}")
        with readable(piece.name):
            told.append((piece.name, kind.id, count(kind.read(piece, rejects))))
    name, now = f"{sha256[:12]}-{path.name}", datetime.now(UTC).isoformat(timespec="seconds")
    one = Kept(name, path.name, sha256, now, tuple(told), tuple(left_out), rejects.count)
    _keep(data_dir / FOLDER / SHELF, path, (*before, one), rejects)
    return Added(one, known=False, rejects=rejects)


def sort(path: Path, as_kind: str = "", licences: Sequence[str] = ()) -> tuple[list[tuple[Piece, Kind]], list[str]]:
    """(pieces with their kinds, names of the pieces that nothing here can read)."""
    kinds = [kind for kind in all_kinds() if not as_kind or kind.id == as_kind]
    if as_kind and not kinds:
        raise Unreadable(f"There is no source {as_kind}. There are: {', '.join(sorted(kind.id for kind in all_kinds()))}.")
    found: list[tuple[Piece, Kind]] = []
    left_out: list[str] = []
    for piece in pieces(path):
        with readable(piece.name):
            kind = kinds[0] if as_kind else next((kind for kind in kinds if kind.recognise(piece)), None)
        if kind is None:
            left_out.append(piece.name)
            continue
        if kind.needs_licence and kind.needs_licence not in licences:
            raise Unreadable(f"{piece.name}: {kind.title} needs a licence of its owner: --i-have-a-{kind.needs_licence}-licence.")
        found.append((piece, kind))
    return found, left_out


def excerpts(files: Sequence[Kept]) -> tuple[tuple[Kept, str, int], ...]:
    """(file, piece, rows) of pieces that are a small part of another of their kind: taken for a release, one would end every
    code that it lacks."""
    most: dict[str, int] = {}
    for one in files:
        for _, kind, rows in one.pieces:
            most[kind] = max(most.get(kind, 0), rows)
    small = (
        (one, piece, rows) for one in files for piece, kind, rows in one.pieces if _snapshot(kind) and rows < EXCERPT * most[kind]
    )
    return tuple(small)


def _snapshot(kind: str) -> bool:
    return kind in SNAPSHOTS or kind.startswith(("ncci-mue", "ncci-ptp"))


def harvests(data_dir: Path) -> Iterator[Harvest]:
    """All that the shelf brings to a book, file by file, in the order in which it came; excerpts stay on the shelf."""
    files = kept(data_dir)
    small = {(one.file, piece) for one, piece, _ in excerpts(files)}
    for one in files:
        yield from harvests_of(data_dir, one, {piece for file, piece in small if file == one.file})


def harvests_of(data_dir: Path, one: Kept, left_out: Collection[str] = ()) -> Iterator[Harvest]:
    """All that one file on the shelf brings, but for the pieces that are left out."""
    kinds = {kind.id: kind for kind in all_kinds()}
    by_name = {piece.name: piece for piece in _pieces_of(data_dir, one)}
    found = [(by_name[name], kind) for name, kind, _ in one.pieces if name not in left_out]
    by_kind = {kind: piece for piece, kind in found}
    if by_kind.keys() >= icd10cm_order.PAIR:  # the order file says which codes, the tabular list what they mean
        yield _signed(icd10cm_order.release(by_kind["icd10cm-order"], by_kind["icd10cm-tabular"], Rejects()), one)
        found = [(piece, kind) for piece, kind in found if kind not in icd10cm_order.PAIR]
    yield from (_signed(kinds[kind].read(piece, Rejects()), one) for piece, kind in found)


def _signed(harvest: Harvest, one: Kept) -> Harvest:
    return replace(harvest, source=replace(harvest.source, sha256=one.sha256))


def _pieces_of(data_dir: Path, one: Kept) -> list[Piece]:
    """The pieces of a file on the shelf, under the names they had when it came: a release often stands in the name alone."""
    path = data_dir / FOLDER / SHELF / one.file
    found = pieces(path)
    return [replace(piece, name=one.name, container=one.name) if piece.name == path.name else piece for piece in found]


def count(harvest: Harvest) -> int:
    """How many rows a harvest brings; reads its streams to their end."""
    streamed = sum(sum(1 for _ in rows) for rows in harvest.tables.values())
    return len(harvest.codes) + len(harvest.notes) + streamed


def fingerprint(path: Path) -> str:
    """SHA-256 of a file. Raises Unreadable when it is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as trouble:
        raise Unreadable(f"{path}: {trouble.strerror}.") from trouble


def _keep(shelf: Path, path: Path, told: Sequence[Kept], rejects: Rejects) -> None:
    """The file and its rejects first, whole and synced; the list that names them only then."""
    shelf.mkdir(parents=True, exist_ok=True)
    if rejects.count:
        with _swapped(shelf / f"{told[-1].file}.rejects.tsv") as part:
            part.write_text("".join(f"{piece}\t{line}\t{reason}\n" for piece, line, reason in rejects.rows), encoding="utf8")
    with _swapped(shelf / told[-1].file) as part:
        shutil.copyfile(path, part)
    with _swapped(shelf / LIST) as part:
        part.write_text(json.dumps([asdict(one) for one in told], indent=1), encoding="utf8")


@contextmanager
def _swapped(target: Path) -> Iterator[Path]:
    """A place to write to, which becomes `target` when all went well and vanishes when not."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
