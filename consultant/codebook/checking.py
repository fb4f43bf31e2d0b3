"""Is a book what was written? Its hash and counts, worked out again."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from consultant.codebook.schema import FORMAT, SourceInfo, source_info


def verify(path: Path) -> list[str]:
    """What is wrong with a book, in sentences; [] when it is sound. Recomputes hashes and counts."""
    try:
        db = _opened(path)
    except sqlite3.Error as error:
        return [f"{path.name} can't be opened: {error}."]
    try:
        meta = dict(db.execute("SELECT name, value FROM meta"))
        faults = (
            [] if meta.get("format") == str(FORMAT) else [f"Format {meta.get('format')} is not the format {FORMAT} read here."]
        )
        if content_hash(db) != meta.get("content"):
            faults.append("The content is not what was written: its hash differs.")
        (found,) = db.execute("SELECT count(*) FROM code").fetchone()
        if str(found) != meta.get("codes"):
            faults.append(f"{meta.get('codes')} rows of codes were written, the book holds {found}.")
        if _index_hash(db, path) != meta.get("index_hash"):
            faults.append("The search index is not what was written: its hash differs.")
        return faults
    except sqlite3.Error as error:
        return [f"{path.name} is not a sound book: {error}."]
    finally:
        db.close()


def content_hash(db: sqlite3.Connection) -> str:
    """SHA-256 over all rows of all tables but `meta`, in the order of their keys."""
    digest = hashlib.sha256()
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'meta' ORDER BY name"
    for (table,) in db.execute(named).fetchall():
        digest.update(table.encode())
        for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):  # noqa: S608 - our own tables
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _index_hash(db: sqlite3.Connection, path: Path) -> str:
    """SHA-256 over what stands behind the last page of the tables."""
    (pages,), (size,) = db.execute("PRAGMA page_count").fetchone(), db.execute("PRAGMA page_size").fetchone()
    with path.open("rb") as file:
        file.seek(pages * size)
        return hashlib.file_digest(file, "sha256").hexdigest()


def sources_of(path: Path) -> tuple[SourceInfo, ...]:
    """The sources of a book, in the order of their ids."""
    with closing(_opened(path)) as db:
        return tuple(source_info(row) for row in db.execute("SELECT * FROM source ORDER BY id"))


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
