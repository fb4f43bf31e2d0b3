"""The codebook with every official file in it: building, opening, looking up, searching, beside SQLite's own ways."""

from __future__ import annotations

import random
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from bench._book import PLACES, measured
from bench._counted import counts
from bench._fuzzed import fuzzed
from consultant import codebook
from consultant.codebook import Codebook, shelf
from consultant.codebook.sources.files import Unreadable
from consultant.vocabulary import System

OFFICIAL = Path(__file__).resolve().parent.parent.parent / "shared" / "codes"
ON = date(2026, 5, 1)
SAMPLE = 5_000


def main() -> None:
    """Builds in a folder of its own, or measures the book of the folder that CONSULTANT_BENCH_DATA names."""
    random.seed(1)
    with measured(_build, PLACES[:1]) as opened:
        counts(opened.path.parent.parent, opened)
        _open(opened.path)
        numbers = [row[0] for row in opened._rows("SELECT code FROM code WHERE kind = 'code' ORDER BY random() LIMIT ?", SAMPLE)]
        pairs = opened._rows("SELECT column1, column2 FROM ptp ORDER BY column2 LIMIT ?", SAMPLE) or [("97140", "97530")]
        for times in ("first time", "again"):
            print(f"record, {times}: {_times(opened.record, [(n,) for n in numbers])}")
            print(f"lookup, {times}: {_times(opened.lookup, [(n, ON) for n in numbers])}")
            print(f"edits, {times}:  {_times(opened.edits, [(a, b, ON) for a, b in pairs])}")
        _search(opened)
        _descriptions(opened)
        _cross_check(opened)
    if OFFICIAL.exists():
        fuzzed(OFFICIAL)


def _build(data: Path) -> None:
    began = time.perf_counter()
    for file in sorted(path for path in OFFICIAL.rglob("*") if path.is_file()):
        try:
            shelf.add(data, file)
        except Unreadable as why:
            print(f"left out: {why}")
    added = time.perf_counter()
    codebook.build(data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    built = time.perf_counter() - added
    print(f"all of {OFFICIAL.name}: read and checked {added - began:.0f} s, built {built:.0f} s, peak {peak:.0f} MB")
    _against_import(data)


def _against_import(data: Path) -> None:
    """Reading the two and a half million pairs, beside `sqlite3 .import` of the same text."""
    pairs = next((one for one in shelf.kept(data) if any(rows > 1_000_000 for _, _, rows in one.pieces)), None)
    if pairs is None or not shutil.which("sqlite3"):
        print("no pair file or no sqlite3 command: not compared with .import")
        return
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(data / "codebook" / "sources" / pairs.file, folder, "zip")
        text = next(Path(folder).glob("*.TXT"))
        began = time.perf_counter()
        command = [".mode tabs", "CREATE TABLE t(a,b,c,d,e,f,g);", f".import {text} t"]
        subprocess.run(["sqlite3", f"{folder}/x.db", *command], check=True, stderr=subprocess.DEVNULL)
        plain = time.perf_counter() - began
        began = time.perf_counter()
        (harvest,) = shelf.harvests_of(data, pairs)  # of this file alone: what else is on the shelf is not what .import reads
        with sqlite3.connect(f"{folder}/y.db", isolation_level=None) as db:
            db.execute("BEGIN")
            db.execute("CREATE TABLE t(a,b,c,d,e,f,g,h, PRIMARY KEY (a,b,c,d,e,f,g,h)) WITHOUT ROWID")
            db.executemany("INSERT INTO t VALUES (?,?,?,?,?,?,?,?)", harvest.tables["ptp"])
            db.execute("COMMIT")
        ours = time.perf_counter() - began
        print(f"pairs: read and keyed in {ours:.1f} s, {ours / plain:.1f} × .import")


def _open(path: Path) -> None:
    """Opening the book in a new process: time, and what it adds to the memory."""
    code = (
        "import time, resource\nfrom pathlib import Path\nfrom consultant import codebook\n"
        "rss = lambda: int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6\n"
        f"before, began = rss(), time.perf_counter()\nbook = codebook.open_book(Path({str(path)!r}))\nbook.record('N39.3')\n"
        "print(f'open: {(time.perf_counter() - began) * 1000:.0f} ms, {rss() - before:.0f} MB resident')\n"
        "book.families, book.cards\n"
        "print(f'with the text knowledge: {(time.perf_counter() - began) * 1000:.0f} ms, {rss() - before:.0f} MB resident, "
        "{rss():.0f} with Python and its libraries')\n"
        "from consultant.classifier.prepared import prepared\nprepared(book)\n"
        "print(f'ready to classify: {(time.perf_counter() - began) * 1000:.0f} ms, {rss():.0f} MB resident')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def _times(call: Callable[..., object], arguments: Iterable[tuple[object, ...]]) -> str:
    """By the clock, and by the time of the processor, which says what the machine would take if it did nothing else."""
    clock, processor = [], []
    for one in arguments:
        began, busy = time.perf_counter(), time.process_time()
        call(*one)
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - busy))
    told = (f"p50 {statistics.median(took):.3f}, p99 {sorted(took)[int(len(took) * 0.99)]:.3f} ms" for took in (processor, clock))
    return f"{' of the processor; by the clock '.join(told)}; {len(clock)} calls"


def _search(opened: Codebook) -> None:
    """Questions of 5 to 60 words made of titles; FTS5 with the same words joined by OR beside it."""
    titles = [row[0] for row in opened._rows("SELECT title FROM code WHERE billable AND official ORDER BY random() LIMIT 2000")]
    questions = [" ".join(random.sample(titles, random.randint(1, 5)))[:400] for _ in range(500)]
    print(f"search, all systems: {_times(opened.search, [(q,) for q in questions])}")
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE f USING fts5(title, tokenize = porter)")
        db.executemany("INSERT INTO f VALUES (?)", opened._rows("SELECT title FROM code WHERE kind = 'code'"))

        def either(words: str) -> object:
            terms = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", words))
            return db.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT 10", (terms,)).fetchall()

        print(f"FTS5, the same words: {_times(either, [(q,) for q in questions[:100]])}")


def _descriptions(opened: Codebook) -> None:
    sql = "SELECT code, title FROM code WHERE system = 'ICD-10-CM' AND billable AND ended IS NULL AND source = 'icd10cm'"
    rows = opened._rows(sql)
    right = sum(opened.search(title, System.ICD10CM, 1)[0].code == code for code, title in rows)
    print(f"ICD-10-CM description → code: {100 * right / len(rows):.2f} % first of {len(rows):,}")
    some = rows[7::25]  # the description in a sentence, so that it must be found by its words
    right = sum(opened.search(f"What is the code for {title}?", System.ICD10CM, 1)[0].code == code for code, title in some)
    print(f"ICD-10-CM description in a sentence → code: {100 * right / len(some):.2f} % first of {len(some):,}")


def _cross_check(opened: Codebook) -> None:
    """Hierarchy, billable codes and notes beside what the package that carries the files makes of them."""
    import warnings

    warnings.simplefilter("ignore", DeprecationWarning)
    import simple_icd_10_cm as package

    sql = "SELECT code FROM code WHERE system = 'ICD-10-CM' AND kind = 'code' AND source = 'icd10cm' ORDER BY random() LIMIT ?"
    codes = [code for (code,) in opened._rows(sql, SAMPLE)]
    found = {name: sum(not same(opened, package, code) for code in codes) for name, same in SAME.items()}
    told = ", ".join(f"{name} {count}" for name, count in found.items())
    print(f"differences from simple-icd-10-cm on {len(codes):,} codes: {told}")


def _parents_alike(opened: Codebook, package: Any, code: str) -> bool:
    """A section of a single category bears its name; the package calls it the parent, we go on to the chapter."""
    theirs = package.get_parent(code)
    return theirs in (code, next(iter(opened.tree.above(code)), ("",))[0])


def _notes_alike(kind: str, theirs: str) -> Callable[[Codebook, Any, str], bool]:
    def alike(opened: Codebook, package: Any, code: str) -> bool:
        ours = [" ".join(note.text.split()) for note in opened.notes(code) if note.kind == kind and note.of == code]
        return ours == [" ".join(text.split()) for text in getattr(package, theirs)(code)]

    return alike


SAME: dict[str, Callable[[Codebook, Any, str], bool]] = {
    "parent": _parents_alike,
    "children": lambda opened, package, code: (
        sorted(package.get_children(code)) == sorted(child.code for child in opened.tree.below(code, ON))
    ),
    "billable": lambda opened, package, code: package.is_leaf(code) == opened.record(code).billable,  # type: ignore[union-attr]
    "excludes1": _notes_alike("excludes1", "get_excludes1"),
    "excludes2": _notes_alike("excludes2", "get_excludes2"),
    "includes": _notes_alike("includes", "get_includes"),
    "inclusion terms": _notes_alike("inclusion", "get_inclusion_term"),
}
