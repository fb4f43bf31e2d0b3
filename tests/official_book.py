"""The starter book with a few hundred rows of the official files: pairs, unit limits, fees, add-ons, crosswalks, drugs.

`official_rows.json` holds them by table. They are the rows of the codes that `official_questions.jsonl` asks about.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from consultant.codebook import Codebook
from consultant.codebook.sources import crosswalks, hcpcs_changes, mcd, ncci_addon, ncci_mue, ncci_ptp, pfs, pfs_places

HERE = Path(__file__).resolve().parent
MODULES = (crosswalks, hcpcs_changes, mcd, ncci_addon, ncci_mue, ncci_ptp, pfs, pfs_places)
QUESTIONS = [json.loads(line) for line in (HERE / "official_questions.jsonl").read_text(encoding="utf8").splitlines()]


def official_book(starter: Codebook, folder: Path) -> Codebook:
    """A copy of the starter book with the official rows added."""
    path = folder / "official.sqlite"
    whole = starter.path.read_bytes()
    tables_end = _tables_end(starter.path)
    path.write_bytes(whole[:tables_end])
    rows = json.loads((HERE / "official_rows.json").read_text(encoding="utf8"))
    with closing(sqlite3.connect(path)) as db, db:
        for module in MODULES:
            tables = module.TABLES.split(";") if isinstance(module.TABLES, str) else module.TABLES
            for statement in tables:
                db.execute(statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
        for table, listed in rows.items():
            mine = [[None, *row[1:]] for row in listed] if table == "code" else listed
            db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(mine[0]))})", mine)
    with path.open("ab") as file:  # the search index lies behind the tables
        file.truncate(_tables_end(path))
        file.write(whole[tables_end:])
    return Codebook(path)


def _tables_end(path: Path) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        ((pages,),), ((size,),) = db.execute("PRAGMA page_count").fetchall(), db.execute("PRAGMA page_size").fetchall()
    return int(pages) * int(size)
