"""What changed between two books: codes that came, ended or changed their title, pairs and units that changed.

This is what will say which past answers deserve another look.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from consultant.codebook.schema import FORMAT
from consultant.codebook.store import NoCodebook


class Change(NamedTuple):
    """One thing that differs. `what` is a name of the queries below."""

    what: str
    system: str  # "ICD-10-CM", …; "PTP", "MUE"
    code: str  # "N18.3"; a pair as "97140/97530"
    old: str
    new: str

    @property
    def told(self) -> str:
        """The change in a line."""
        told = {(True, True): f"{self.old} → {self.new}", (True, False): self.old, (False, True): self.new}
        return f"{self.what:<14} {self.system:<10} {self.code:<12} {told.get((bool(self.old), bool(self.new)), '')}".rstrip()


#: A code is what its newest row says; one whose newest row has ended is gone.
_CODES = """
CREATE TEMP VIEW {book}_code AS
SELECT system, code, title, billable FROM {book}.code AS a
WHERE kind = 'code' AND official AND ended IS NULL
"""
_QUERIES = {
    "code added": "SELECT system, code, '', title FROM new_code WHERE (system, code) NOT IN (SELECT system, code FROM old_code)",
    "code ended": "SELECT system, code, title, '' FROM old_code WHERE (system, code) NOT IN (SELECT system, code FROM new_code)",
    "title changed": "SELECT n.system, n.code, o.title, n.title FROM new_code n JOIN old_code o USING (system, code)"
    " WHERE n.title <> o.title",
    "now billable": "SELECT n.system, n.code, '', n.title FROM new_code n JOIN old_code o USING (system, code)"
    " WHERE n.billable > o.billable",
    "now a heading": "SELECT n.system, n.code, '', n.title FROM new_code n JOIN old_code o USING (system, code)"
    " WHERE n.billable < o.billable",
}


#: Pairs in force: one that is only in one of the books came or went, one with another indicator changed.
_SAME_PAIR = """o.column1 = n.column1 AND o.setting = n.setting AND o.column2 = n.column2 AND o.deleted = 0 AND o.indicator <> 9
    AND o.release IN (SELECT release FROM {other}.ptp_release)"""  # named, so that the whole key is looked up
_IN_OLD, _IN_NEW = (_SAME_PAIR.format(other=other) for other in ("old", "new"))
_EDITS = {
    "edit added": f"""
        SELECT 'PTP', n.column1 || '/' || n.column2, '', n.indicator FROM new.ptp n
        WHERE n.deleted = 0 AND n.indicator <> 9 AND NOT EXISTS (SELECT 1 FROM old.ptp o WHERE {_IN_OLD})""",
    "edit ended": f"""
        SELECT 'PTP', n.column1 || '/' || n.column2, n.indicator, '' FROM old.ptp n
        WHERE n.deleted = 0 AND n.indicator <> 9 AND NOT EXISTS (SELECT 1 FROM new.ptp o WHERE {_IN_NEW})""",
    "edit changed": f"""
        SELECT 'PTP', n.column1 || '/' || n.column2, o.indicator, n.indicator FROM new.ptp n JOIN old.ptp o ON {_IN_OLD}
        WHERE n.deleted = 0 AND n.indicator <> 9 AND o.indicator <> n.indicator""",
    "units changed": """
        SELECT 'MUE', n.code || ' ' || n.setting, o.units, n.units FROM new.mue n JOIN old.mue o USING (code, setting)
        WHERE n.units <> o.units
        AND n.effective = (SELECT max(effective) FROM new.mue m WHERE m.setting = n.setting AND m.code = n.code)
        AND o.effective = (SELECT max(effective) FROM old.mue m WHERE m.setting = o.setting AND m.code = o.code)""",
}  # fmt: skip


def changes(old: Path, new: Path) -> Iterator[Change]:
    """All that differs, code systems first. Raises NoCodebook when one of the files is none."""
    with closing(sqlite3.connect("file::memory:", uri=True)) as db:
        for name, path in (("old", old), ("new", new)):
            _attach(db, name, path)
            db.execute(_CODES.format(book=name))
        for what, query in (_QUERIES | _EDITS).items():
            for row in db.execute(f"{query} ORDER BY 1, 2"):
                yield Change(what, *map(str, row))


def _attach(db: sqlite3.Connection, name: str, path: Path) -> None:
    try:
        db.execute(f"ATTACH ? AS {name}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
        (told,) = db.execute(f"SELECT value FROM {name}.meta WHERE name = 'format'").fetchone() or ("none",)
    except sqlite3.Error as error:
        raise NoCodebook(f"{path} is not a codebook that can be read ({error}).") from error
    if told != str(FORMAT):
        raise NoCodebook(f"{path} has the format {told}, not {FORMAT}.")
