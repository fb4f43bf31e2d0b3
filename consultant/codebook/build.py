"""Build a book: sources in, one immutable file out, and a pointer that says which file is in use.

The file is written under a temporary name, verified, brought to the disk and renamed; only then does the pointer move. A
build that dies anywhere leaves the old book in use. The same sources and the same recipe give the same version.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from consultant.codebook import indexing, shelf, windows, words
from consultant.codebook.checking import content_hash, sources_of, verify
from consultant.codebook.schema import (
    FOLDER,
    FORMAT,
    INDEXES,
    KNOWLEDGE,
    POINTER,
    TABLES,
    CodeRow,
    Harvest,
    NoteRow,
    SourceInfo,
)
from consultant.codebook.sources import ddl, icd10cm, starter
from consultant.codebook.sources.files import Unreadable
from consultant.codebook.told import MANIFESTATION
from consultant.vocabulary import System

HERE = Path(__file__).resolve().parent
#: What decides the bytes of a book besides its sources: every module here and under sources/.
RECIPE = (*sorted(HERE.glob("*.py")), *sorted(HERE.glob("sources/*.py")))

VERBATIM = frozenset({"inclusion term", "lay word"})  # kinds of wordings that lead to their code when nothing else is said

Step = Callable[[str], None]  # told what happens next, for a progress bar


class BuildError(ValueError):
    """The sources can't become a book; the message says why, and the old book is still in use."""


@dataclass(frozen=True, slots=True)
class BookInfo:
    path: Path
    version: str
    sources: tuple[SourceInfo, ...]
    built: bool  # False: a book of these sources was there already


def build(
    data_dir: Path,
    *,
    out: Path | None = None,
    icd: tuple[bytes, bytes] | None = None,
    starter_dir: Path = starter.FOLDER,
    again: bool = False,
    step: Step = lambda _: None,
) -> BookInfo:
    """Build a book under `data_dir`/codebook and take it into use, or only write it to `out`.

    `icd`: the tabular XML and the code list; None takes the embedded release. `again` builds even when a book of the same
    sources is there. Raises BuildError; OSError when the folder can't be written.
    """
    step("Looking at the sources")
    try:
        icd = icd or icd10cm.embedded()
    except icd10cm.ReleaseError as error:
        raise BuildError(str(error)) from error
    added = [one.sha256 for one in shelf.kept(data_dir)]
    own = data_dir / FOLDER / KNOWLEDGE
    decided = [starter.fingerprint(own)] if own.exists() else []
    version = _version((icd10cm.fingerprint(*icd), starter.fingerprint(starter_dir), *decided, *sorted(added)))
    make = partial(_build, version=version, icd=icd, starter_dir=starter_dir, data_dir=data_dir, step=step)
    if out:
        return make(out)
    path = data_dir / FOLDER / f"book-{version}.sqlite"
    with _alone(path.parent):
        if path.exists() and not again and not verify(path):
            info = BookInfo(path, version, sources_of(path), built=False)
        else:
            info = make(path)
        _point(path)
    return info


def _build(path: Path, version: str, icd: tuple[bytes, bytes], starter_dir: Path, data_dir: Path, step: Step) -> BookInfo:
    try:
        harvests = _once(_read(icd, starter_dir, data_dir, step))
        sources = tuple(harvest.source for harvest in harvests)
        write(path, version, harvests, step)
    except (icd10cm.ReleaseError, starter.TextError, Unreadable) as error:
        raise BuildError(str(error)) from error
    return BookInfo(path, version, sources, built=True)


def _read(icd: tuple[bytes, bytes], starter_dir: Path, data_dir: Path, step: Step) -> Iterator[Harvest]:
    step("Reading ICD-10-CM")
    yield icd10cm.read(*icd)
    step("Reading the starter knowledge")
    yield starter.read(starter_dir)
    if decided := starter.read_house(data_dir / FOLDER / KNOWLEDGE):
        yield decided
    step("Reading the shelf")
    yield from shelf.harvests(data_dir)


def _once(harvests: Iterable[Harvest]) -> list[Harvest]:
    """The same release in another file (a csv beside its xlsx) brings nothing more: the first that came stands."""
    first: dict[str, Harvest] = {}
    for harvest in harvests:
        first.setdefault(harvest.source.id, harvest)
    return list(first.values())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One build at a time in a folder, so that what a killed one left behind can be swept away."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for rest in folder.glob(".*.part"):
            rest.unlink()
        yield


def write(path: Path, version: str, harvests: list[Harvest], step: Step = lambda _: None) -> None:
    """One book at `path`, complete or not there at all. Raises BuildError when what was written does not verify.

    The harvests are used up: what is written of them leaves the memory.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        _fill(part, version, harvests, step)
        step("Verifying")
        faults = verify(part)
        if faults:
            raise BuildError(f"The new book does not verify: {faults[0]}")
        _sync(part)
        part.replace(path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _version(fingerprints: Sequence[str]) -> str:
    digest = hashlib.sha256("".join(fingerprints).encode())
    for module in RECIPE:
        digest.update(module.read_bytes())
    return f"{icd10cm.VERSION}.{FORMAT}-{digest.hexdigest()[:8]}"


def _fill(path: Path, version: str, harvests: list[Harvest], step: Step) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;")
        db.executescript(TABLES + ddl("TABLES"))
        db.execute("BEGIN")
        for harvest in harvests:
            step(f"Writing {harvest.source.title}")
            _write_harvest(db, harvest)
        rows = _write_codes(db, harvests)
        harvests[:] = [replace(harvest, codes=(), notes=(), knowledge=(), tables={}) for harvest in harvests]
        step("Indexing words")
        directory, arrays = _write_index(db, harvests)
        for statement in filter(None, map(str.strip, (INDEXES + ddl("INDEXES")).split(";"))):
            db.execute(statement)
        step("Hashing")
        meta = {"format": FORMAT, "version": version, "codes": rows, "content": content_hash(db)}
        meta |= {"index": directory, "index_hash": hashlib.sha256(arrays).hexdigest()}
        db.executemany("INSERT INTO meta VALUES (?, ?)", ((name, str(value)) for name, value in meta.items()))
        db.execute("COMMIT")
    finally:
        db.close()
    with path.open("ab") as file:  # behind the last page, where SQLite never looks: see indexing.py
        file.write(arrays)


def _write_harvest(db: sqlite3.Connection, harvest: Harvest) -> None:
    """All of a source but its codes, which meet those of other releases in `_write_codes`."""
    s = harvest.source
    dates = [str(day) if day else None for day in (s.valid_from, s.valid_to)]
    db.execute(
        "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (s.id, s.title, s.version, *dates, s.codes, s.sha256, s.origin)
    )
    db.executemany("INSERT OR IGNORE INTO addon VALUES (?, ?, ?)", ((code, parent, s.id) for code, parent in harvest.addons))
    db.executemany("INSERT INTO knowledge VALUES (?, ?, ?)", harvest.knowledge)
    for table, rows in harvest.tables.items():
        width = len(db.execute(f"SELECT * FROM {table} LIMIT 0").description)  # noqa: S608 - a table of our own sources
        db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * width)})", rows)  # noqa: S608


def _write_codes(db: sqlite3.Connection, harvests: Sequence[Harvest]) -> int:
    """The codes of each system, its releases merged to windows; our own summaries beside the official rows. Returns how many.

    Notes are those of the newest release of a system that has any: an older one's would contradict it.
    """
    releases: dict[tuple[str, bool], list[tuple[SourceInfo, list[CodeRow]]]] = {}
    for harvest in harvests:
        by_system: dict[tuple[str, bool], list[CodeRow]] = {}
        for row in harvest.codes:
            by_system.setdefault((row.system, row.official), []).append(row)
        for key, rows in by_system.items():
            releases.setdefault(key, []).append((harvest.source, rows))
    marks = ", ".join("?" * len(CodeRow._fields))
    insert = f"INSERT INTO code ({', '.join(CodeRow._fields)}) VALUES ({marks})"  # noqa: S608 - our own names
    for release in releases.values():
        db.executemany(insert, windows.merge(release))
    for notes in _newest_notes(harvests):
        db.executemany("INSERT INTO note (node, kind, text) VALUES (?, ?, ?)", notes)
    (rows_written,) = db.execute("SELECT count(*) FROM code").fetchone()
    return int(rows_written)


def _newest_notes(harvests: Sequence[Harvest]) -> Iterator[Sequence[NoteRow]]:
    newest: dict[str, Harvest] = {}
    for harvest in harvests:
        if harvest.notes and harvest.codes:
            system = harvest.codes[0].system
            before = newest.get(system)
            if before is None or (harvest.source.valid_from or date.min) > (before.source.valid_from or date.min):
                newest[system] = harvest
    yield from (harvest.notes for harvest in newest.values())


def _write_index(db: sqlite3.Connection, harvests: Sequence[Harvest]) -> tuple[str, bytearray]:
    """The search index over all wordings; the same wording in two releases is one. Codes that ended stand apart."""
    newest = "SELECT id, code, system, title, billable, ended FROM code ORDER BY ended IS NULL, source = 'starter', effective"
    rows = db.execute(newest).fetchall()
    ids = {(code, system): (key, ended) for key, code, system, _, _, ended in rows}  # of a code's rows the newest stays
    known = {key: words.plain(title) for key, _, _, title, billable, ended in rows if billable and title and not ended}
    db.executemany("INSERT OR IGNORE INTO exact VALUES (?, ?, 'title')", ((title, key) for key, title in known.items()))
    negated = ((key, words.reordered(title)) for key, title in known.items())
    db.executemany("INSERT INTO reordered VALUES (?, ?)", ((said, key) for key, said in negated if said))
    surfaces = dict.fromkeys(row for harvest in harvests for row in harvest.surfaces if (row.code, row.system) in ids)
    first = {key for key, title in known.items() if MANIFESTATION not in title}
    others = ((words.plain(row.text), ids[row.code, row.system][0], row.field) for row in surfaces if row.field in VERBATIM)
    db.executemany("INSERT OR IGNORE INTO exact VALUES (?, ?, ?)", (other for other in others if other[1] in first))
    del rows, known, first  # eighty megabytes, just before the index wants as many
    entries = (
        indexing.Entry(owner, code, indexing.segment(system, ended=bool(ended)), kind, text)
        for code, system, kind, text in surfaces
        if system != System.ICD10PCS or kind != "title"
        for owner, ended in (ids[code, system],)
    )
    composed = "SELECT id, code, title FROM code WHERE system = ? AND billable AND ended IS NULL ORDER BY code"
    endings = {text: times for harvest in harvests for text, times in harvest.endings.items()}
    return indexing.write(db, entries, db.execute(composed, (System.ICD10PCS,)).fetchall(), endings)


def _point(path: Path) -> None:
    pointer = path.with_name(POINTER)
    part = pointer.with_name(f".{POINTER}.{os.getpid()}.part")
    part.write_text(path.name + "\n", encoding="ascii")
    _sync(part)
    part.replace(pointer)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
