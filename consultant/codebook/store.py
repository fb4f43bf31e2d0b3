"""The codebook, open for reading. One file, many threads, nothing ever written."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from consultant.codebook import codes, coverage, crosswalk, edits, fees, hcpcs_history, texts
from consultant.codebook.coverage import Coverage
from consultant.codebook.crosswalk import Crossing
from consultant.codebook.edits import Edit, Mue
from consultant.codebook.excludes import speaks_of
from consultant.codebook.fees import Payment
from consultant.codebook.hierarchy import KEPT, Hierarchy
from consultant.codebook.knowledge import Card, Drug, Family, Modifier, Record
from consultant.codebook.lookup import Child, Lookup, Standing, in_force, standing_of, status, unknown
from consultant.codebook.said import Said
from consultant.codebook.schema import FOLDER, FORMAT, POINTER, SourceInfo, day, source_info
from consultant.codebook.search import Searcher
from consultant.codebook.together import Together
from consultant.vocabulary import CodeRecord, Hit, Note, Source, System

#: The official row first, unless it is licensed text, which never goes into a letter; then our own words; the newest first.
_RECORD = """
SELECT code, system, title, official, billable, source, effective, ended, parent, plain, facts, confirmed
FROM code WHERE code = ? AND system = ? AND kind = 'code'
ORDER BY official AND json_extract(facts, '$.licensed') IS NULL DESC, source = 'starter' DESC, ended IS NOT NULL, effective DESC
"""

PROCEDURES = frozenset({System.CPT, System.HCPCS})  # the systems that have add-on codes


class NoCodebook(Exception):
    """There is no book to open; the message says what to run."""


def open_book(path: Path) -> Codebook:
    """The book in a file. Raises NoCodebook when it is missing or of another format."""
    return Codebook(path)


def current(data_dir: Path) -> Codebook:
    """The book in use under `data_dir`: opened once per process and file. Raises NoCodebook."""
    pointer = data_dir / FOLDER / POINTER
    try:
        name = pointer.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NoCodebook(f"There is no codebook in {pointer.parent} yet: run `consultant codebook build` first.") from error
    return _opened(data_dir / FOLDER / Path(name).name)


@lru_cache(maxsize=4)
def _opened(path: Path) -> Codebook:
    return Codebook(path)


class Codebook:
    """What is known, in one version. All methods take codes in any spelling and may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self.tree = Hierarchy(self._rows)
        self._written = lru_cache(KEPT)(self._spell)  # one question asks for the same code again and again, …
        self._recorded = lru_cache(KEPT)(self._read)  # … and so do its neighbours
        self._ours = lru_cache(KEPT)(partial(texts.record, self._rows))
        try:
            meta = dict(self._rows("SELECT name, value FROM meta"))
        except sqlite3.Error as error:
            raise NoCodebook(f"{path} is not a codebook that can be read ({error}): run `consultant codebook build`.") from error
        if meta.get("format") != str(FORMAT):
            raise NoCodebook(f"{path} has the format {meta.get('format')}, not {FORMAT}: run `consultant codebook build`.")
        self.version: str = meta["version"]
        self.sources: tuple[SourceInfo, ...] = tuple(source_info(row) for row in self._rows("SELECT * FROM source ORDER BY id"))
        self._by_id = {source.id: source for source in self.sources}
        self._searcher = Searcher(self._rows, path, Said.read(self._texts))

    # --- codes --------------------------------------------------------------------------------------------------------

    def record(self, code: str, on: date | None = None) -> CodeRecord | None:
        """The record of a code, its own notes with it; of several rows the one in force `on` that day, else the newest."""
        return self._recorded(code, on)

    def _read(self, code: str, on: date | None) -> CodeRecord | None:
        for number, system in codes.readings(code):
            if rows := self._rows(_RECORD, number, system):
                rows = [row for row in rows if row[3] == rows[0][3]]  # what is official is not outvoted by our own words
                return self._record(next((row for row in rows if on is None or in_force(row[6], row[7], on)), rows[0]))
        return None

    def lookup(self, code: str, on: date | None = None) -> Lookup:
        """All there is to say of a code on a day (today when none is given), and the nearest codes when there is none."""
        on = on or datetime.now(UTC).astimezone().date()
        record = self.record(code, on)
        if record is None:
            return self._unknown(code, on)
        standing = standing_of(record, on)
        source = self._release(record.source.id, on)
        above = list(self.tree.above(record.code, record.system))
        has_addons = record.system in PROCEDURES
        return Lookup(
            asked=code,
            code=record.code,
            system=record.system,
            standing=standing,
            status=status(record, standing, source, on),
            record=record,
            above=tuple(reversed(above)),
            children=self._children(record, on),
            successors=hcpcs_history.successors(self._db(), record.code, on) if standing is Standing.ENDED else (),
            notes=tuple(note for node in (record.code, *(node for node, _ in above)) for note in self.tree.notes(node)),
            addons=tuple(self.addons(record.code)) if has_addons else (),
            addon_parents=tuple(self.addon_parents(record.code)) if has_addons else (),
            on=on,
        )

    def _children(self, record: CodeRecord, on: date) -> tuple[Child, ...]:
        """Those of a heading in force on the day; of one that stood on no such day, all. A billable code has none."""
        if record.billable:
            return ()
        dated = on if record.effective or record.ended else None
        return self.tree.below(record.code, dated, record.system) or self.tree.below(record.code, None, record.system)

    def children(self, code: str) -> list[str]:
        """The codes right under a heading (or a section such as "N30-N39"), in the order of the book."""
        return [child.code for child in self.tree.below(self._written(code))]

    def notes(self, code: str) -> list[Note]:
        """The notes at a code, then those at its ancestors, nearest first; `Note.of` says where each stands."""
        start = self._written(code)
        chain = [start, *(node for node, _ in self.tree.above(start))]
        return [note for node in chain for note in self.tree.notes(node)]

    def excludes(self, a: str, b: str) -> list[Note]:
        """The Excludes1 notes, at either code or above it, that forbid reporting both; [] when none does."""
        one, other = self._written(a), self._written(b)
        return [*self._forbids(one, other), *self._forbids(other, one)]

    def _forbids(self, code: str, other: str) -> Iterator[Note]:
        """A note at a heading of both says nothing between the two."""
        shared = {other, *(node for node, _ in self.tree.above(other))}
        for note in self.notes(code):
            if note.kind == "excludes1" and note.of not in shared and speaks_of(note.text, other):
                yield note

    # --- questions of two codes, of units, of money -------------------------------------------------------------------

    def addons(self, code: str, on: date | None = None) -> list[str]:
        """Add-on codes that may be reported with this one: by NCCI's list when the book has it, and by our own records."""
        number = self._written(code)
        ours = [row[0] for row in self._rows("SELECT code FROM addon WHERE parent = ?", number)]
        return sorted({*ours, *(pair.addon for pair in edits.addon_pairs(self._db(), number, on))})

    def addon_parents(self, code: str, on: date | None = None) -> list[str]:
        """Codes that this add-on code may be reported with; [] when it is none."""
        number = self._written(code)
        ours = [row[0] for row in self._rows("SELECT parent FROM addon WHERE code = ?", number)]
        return sorted({*ours, *(pair.primary_code for pair in edits.parents(self._db(), number, on))})

    def has_edits(self) -> bool:
        """Does the book hold NCCI's procedure pairs?"""
        return bool(self._rows("SELECT 1 FROM ptp_release LIMIT 1"))

    def edits(self, a: str, b: str, on: date) -> tuple[Edit, ...]:
        """The procedure pairs of two codes, either way round, those in force on the day first."""
        return edits.edits(self._db(), self._written(a), self._written(b), on)

    def mue(self, code: str, on: date, setting: str = "practitioner") -> Mue | None:
        """The most units of a code on the day, by the newest snapshot that had begun."""
        return edits.mue(self._db(), self._written(code), setting, on)

    def coverage(self, code: str, on: date | None = None) -> tuple[Coverage, ...]:
        """The coverage documents that speak of a code."""
        return coverage.coverage(self._db(), self._written(code), on)

    def across(self, kind: str, code: str) -> tuple[Crossing, ...]:
        """What a crosswalk makes of a code: "icd9-icd10", "icd10-icd9", "ccsr", "hcc"."""
        return crosswalk.across(self._db(), kind, code)

    def payment(self, code: str, modifier: str, locality: str, on: date, *, facility: bool) -> Payment | None:
        """The fee of a code in a locality with its arithmetic, or None when the book has no such fee."""
        return fees.payment(self._db(), self._written(code), modifier, locality, on, facility)

    def search(self, words: str, system: System | None = None, limit: int = 10, on: date | None = None) -> list[Hit]:
        """Codes that the words describe or name, the likeliest first; with a day, those in force on it, ended ones too."""
        return self._searcher.search(words, system, limit, on)

    # --- text knowledge -----------------------------------------------------------------------------------------------

    @cached_property
    def families(self) -> tuple[Family, ...]:
        return texts.families(self._texts)

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        return texts.cards(self._texts)

    def examples(self) -> Iterator[tuple[str, str, str]]:
        """("family" or "card", id, question) of each example."""
        return texts.examples(self._rows)

    @cached_property
    def together(self) -> tuple[Together, ...]:
        return texts.together(self._texts)

    @cached_property
    def drugs(self) -> tuple[Drug, ...]:
        return texts.drugs(self._texts)

    @cached_property
    def modifiers(self) -> Mapping[str, Modifier]:
        return texts.modifiers(self._texts)

    @cached_property
    def terms(self) -> Mapping[str, tuple[str, ...]]:
        """Abbreviation or lay word → what the books call it."""
        return texts.terms(self._texts)

    def starter(self, code: str) -> Record | None:
        """Our own-words record of a CPT, HCPCS or place-of-service code, with the facts that rules need."""
        return self._ours(self._written(code))

    def keywords(self) -> Iterator[tuple[str, str]]:
        """(words by which people call it, code) of our own records."""
        return texts.keywords(self._rows)

    def _texts(self, kind: str) -> Iterator[str]:
        return (row[0] for row in self._rows("SELECT json FROM knowledge WHERE kind = ? ORDER BY id", kind))

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _db(self) -> sqlite3.Connection:
        """This thread's own connection."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = sqlite3.connect(self._uri, uri=True)
        return db

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._db().execute(sql, values).fetchall()

    def _spell(self, code: str) -> str:
        """The code as the book writes it; what the book has not stays as it was written."""
        for number, system in codes.readings(code):
            if self._rows("SELECT 1 FROM code WHERE code = ? AND system = ?", number, system):
                return number
        return code.strip()

    def _record(self, row: tuple[Any, ...]) -> CodeRecord:
        code, system, title, official, billable, source, effective, ended, parent, plain, facts, confirmed = row
        return CodeRecord(
            code=code,
            system=System(system),
            title=title,
            official=bool(official),
            billable=bool(billable),
            source=self._source(source),
            effective=day(effective),
            ended=day(ended),
            parent=parent,
            plain=plain,
            notes=self.tree.notes(code),
            facts=json.loads(facts),
            confirmed=bool(confirmed),
        )

    def _release(self, key: str, on: date) -> SourceInfo:
        """The source of that id; or another release of the same agency file, when that is the one of the day."""
        own = self._by_id[key]
        if own.covers(on):
            return own
        family = key.partition("-")[0]
        of_the_day = (s for s in self.sources if s.id.partition("-")[0] == family and s.codes and s.covers(on))
        return next(of_the_day, own)

    def _source(self, key: str) -> Source:
        info = self._by_id[key]
        return Source(info.id, info.title, info.version)

    def _unknown(self, asked: str, on: date) -> Lookup:
        likeliest = codes.normalise(asked)
        code, system = likeliest or ("", None)
        standing = Standing.UNKNOWN if likeliest else Standing.NO_CODE
        titles = tuple(source.title for source in self.sources)
        return Lookup(asked, code, system, standing, unknown(code, system, titles), nearest=tuple(self._nearest(code)), on=on)

    def _nearest(self, code: str, limit: int = 5) -> list[Hit]:
        """Codes that begin like one that is not in the book, the longest common beginning first."""
        for length in range(len(code) - 1, 2, -1):
            hits = self._searcher.search(code[:length].rstrip("."), None, limit)
            if hits:
                return hits
        return []
