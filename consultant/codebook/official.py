"""What official files say of the codes of the text knowledge, learned from a book that holds them and kept as facts.

`starter/official.tsv` has a line for each code: indicators of the physician fee schedule, the practitioners' MUE, and whether it
is an add-on code. Facts and code numbers, no words. `consultant facts --learn` writes it from the book in use, so that nobody
types indicators; `consultant facts` compares. A record may say more (minutes, milligrams), and then what it says counts.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from consultant.codebook import edits, fee_rows

NAME = "official.tsv"
Value = str | int | bool
Facts = Mapping[str, Value]
_NUMBERS = frozenset({"mue", "mue_mai", "addon_type"})
#: Each column: where its fact was read, by the key of ORIGINS.
COLUMNS: Mapping[str, str] = {
    "status": "fees",
    "global_days": "fees",
    "pc_tc": "fees",
    "multiple": "fees",
    "bilateral": "fees",
    "assistant": "fees",
    "cosurgeon": "fees",
    "endoscopic_base": "fees",
    "mue": "units",
    "mue_mai": "units",
    "addon": "addons",
    "addon_type": "addons",
}
ORIGINS: Mapping[str, dict[str, Any]] = {
    "fees": {
        "title": "CMS Physician Fee Schedule relative value file, October 2025",
        "where": "status, PC/TC, global and surgery indicators",
        "date": date(2025, 9, 11),
    },
    "units": {"title": "NCCI MUE table for practitioners, 2024 Q3", "where": "units a day", "date": date(2024, 7, 1)},
    "addons": {"title": "NCCI add-on code edits", "where": "primary codes of the add-on", "date": date(2024, 7, 1)},
}
#: Values that say "this concept does not apply": no fact worth keeping.
_SAY_NOTHING: Mapping[str, frozenset[str]] = {
    "global_days": frozenset({"XXX"}),
    "pc_tc": frozenset({"0", "9"}),
    "multiple": frozenset({"0", "9"}),
    "bilateral": frozenset({"0", "9"}),
    "assistant": frozenset({"9"}),
    "cosurgeon": frozenset({"0", "9"}),
}


def read(path: Path) -> dict[str, Facts]:
    """Code → facts; {} when there is no such file. Raises ValueError when its header is not ours."""
    if not path.exists():
        return {}
    with path.open(encoding="ascii", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        if list(rows.fieldnames or ()) != ["code", *COLUMNS]:
            raise ValueError(f"{path.name}: its columns are not the ones that `consultant facts --learn` writes.")
        return {row["code"]: {name: _value(name, row[name]) for name in COLUMNS if row[name]} for row in rows}


def _value(name: str, text: str) -> Value:
    return True if name == "addon" else int(text) if name in _NUMBERS else text


def write(path: Path, facts: Mapping[str, Facts]) -> None:
    with path.open("w", encoding="ascii", newline="") as file:
        out = csv.writer(file, delimiter="\t", lineterminator="\n")
        out.writerow(["code", *COLUMNS])
        for code in sorted(facts):
            told = facts[code]
            out.writerow([code, *("yes" if told.get(name) is True else told.get(name, "") for name in COLUMNS)])


def learn(db: sqlite3.Connection, codes: Iterable[str], on: date) -> dict[str, Facts]:
    """What the official files in an open book say of each code on the day; a code that none of them knows is left out."""
    found = ((code, {**_of_fees(db, code), **_of_units(db, code, on), **_of_addons(db, code)}) for code in codes)
    return {code: facts for code, facts in found if facts}


def _of_fees(db: sqlite3.Connection, code: str) -> dict[str, Value]:
    fee = fee_rows.fee(db, code)
    if fee is None:
        return {}
    names = [name for name, origin in COLUMNS.items() if origin == "fees"]
    told = {name: fee.indicators["pctc" if name == "pc_tc" else name].strip() for name in names}
    return {name: text for name, text in told.items() if text and text not in _SAY_NOTHING.get(name, ())}


def _of_units(db: sqlite3.Connection, code: str, on: date) -> dict[str, Value]:
    limit = edits.mue(db, code, "practitioner", on)
    return {"mue": limit.units, "mue_mai": limit.mai} if limit else {}


def _of_addons(db: sqlite3.Connection, code: str) -> dict[str, Value]:
    """`addon_type` as the agency counts: 1 a closed list of primary codes, 2 no list, 3 a list that contractors may extend."""
    pairs = edits.parents(db, code)
    return {"addon": True, "addon_type": max(pair.kind for pair in pairs)} if pairs else {}


def completed(item: Mapping[str, Any], facts: Facts, defaults: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A record as written, with the official facts of its code and the sources that it takes for granted."""
    own = item.get("facts", {})
    used = {COLUMNS[name] for name in facts if name not in own}
    origins = [ORIGINS[key] for key in ORIGINS if key in used]
    sources = [*item.get("source", defaults)]
    titles = {source.get("title") for source in sources}
    sources += [origin for origin in origins if origin["title"] not in titles]
    return {**item, "facts": {**facts, **own}, "source": sources}
