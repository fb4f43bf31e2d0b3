"""Code search: how often the right code comes first, beside plain engines in the same run; speed, memory, opening."""

from __future__ import annotations

import csv
import importlib.util
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bench._book import measured
from consultant.codebook import Codebook
from consultant.vocabulary import System

SETS = Path(__file__).resolve().parent.parent.parent / "shared" / "questions" / "search"
Row = tuple[str, str]  # code, wording
Engine = Callable[[str], Sequence[str]]  # question → codes, the best first
TIMED = 300


def main() -> None:
    with measured() as opened:
        if missing := _missing():
            print(f"not compared, because not installed (dependency group `bench`): {', '.join(missing)}")
        _opening(opened.path)
        _titles(opened)
        if SETS.exists():
            _sets(opened)
        else:
            print("the sets of questions are not beside this repository: no scores")
        _speed(opened)


def _opening(path: Path) -> None:
    """A new process opens the book and asks once: time, and what is resident then and after 500 questions."""
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom consultant import codebook\n"
        "def resident():\n"
        "    told = dict(line.split(':') for line in open('/proc/self/status') if line.startswith(('VmRSS', 'RssAnon')))\n"
        "    return ', '.join(f'{name} {int(size.split()[0]) / 1024:.0f} MB' for name, size in sorted(told.items()))\n"
        "began = time.perf_counter()\nbook = codebook.open_book(Path(sys.argv[1]))\n"
        "opened = time.perf_counter()\nbook.search('stress incontinence')\nfirst = time.perf_counter()\n"
        "print(f'opened in {(opened - began) * 1000:.0f} ms, first question {(first - opened) * 1000:.0f} ms; {resident()}')\n"
        "for (title,) in book._rows('SELECT title FROM code WHERE billable AND id % 97 = 5 LIMIT 500'):\n    book.search(title)\n"
        "print(f'after 500 questions: {resident()}')"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)


def _titles(opened: Codebook) -> None:
    sql = "SELECT code, title FROM code WHERE system = ? AND billable AND ended IS NULL AND id % 75 = 7"
    rows = opened._rows(sql, System.ICD10CM)
    right = sum(opened.search(title, System.ICD10CM, 1)[0].code == code for code, title in rows)
    print(f"official titles: hit@1 {100 * right / len(rows):.1f} of {len(rows)}")


def _sets(opened: Codebook) -> None:
    plain = {system: _engines(opened, system) for system in (System.ICD10CM, System.HCPCS)}
    print(f"{'hit@1/hit@5':16} {'ours':>11} " + " ".join(f"{name:>11}" for name in plain[System.ICD10CM]))
    for file in sorted(SETS.glob("*.tsv")):
        with file.open(encoding="utf8") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        system = System.HCPCS if file.stem.startswith("hcpcs") else System.ICD10CM

        def ours(question: str, system: System = system) -> list[str]:
            return [hit.code for hit in opened.search(question, system, 5)]

        scores = [_score(engine, rows, system) for engine in (ours, *plain[system].values())]
        print(f"{file.stem:16} " + " ".join(f"{score:>11}" for score in scores), flush=True)


def _score(engine: Engine, rows: list[dict[str, str]], system: System) -> str:
    first = five = 0
    for row in rows:
        gold = tuple(row["gold"].upper().split("|"))
        met = [code in gold if system is System.HCPCS else code.startswith(gold) for code in engine(row["query"])]
        first += bool(met) and met[0]
        five += any(met[:5])
    return f"{100 * first / len(rows):.1f}/{100 * five / len(rows):.1f}"


# --- plain engines on titles and inclusion terms ------------------------------------------------------------------------


def _engines(opened: Codebook, system: System) -> dict[str, Engine]:
    sql = (
        "SELECT code, title FROM code WHERE system = ?1 AND billable AND ended IS NULL "
        "UNION ALL SELECT node, text FROM note, code "
        "WHERE note.kind = 'inclusion' AND code.code = node AND system = ?1 AND ended IS NULL"
    )
    return _made(opened._rows(sql, system))


def _made(rows: list[Row]) -> dict[str, Engine]:
    found = {"FTS5": _fts5(rows)}
    return found | {name: made(rows) for name, made in (("bm25s", _bm25s), ("tantivy", _tantivy)) if name not in _missing()}


def _missing() -> list[str]:
    return [name for name in ("bm25s", "tantivy") if not importlib.util.find_spec(name)]


def _distinct(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))[:5]


def _fts5(rows: list[Row]) -> Engine:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(code UNINDEXED, title, tokenize = porter)")
    db.executemany("INSERT INTO f VALUES (?, ?)", rows)

    def ask(question: str) -> list[str]:
        terms = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        return _distinct(code for (code,) in db.execute("SELECT code FROM f WHERE f MATCH ? ORDER BY rank LIMIT 20", (terms,)))

    return ask


def _bm25s(rows: list[Row]) -> Engine:
    import bm25s  # type: ignore[import-not-found]

    def cut(texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", show_progress=False)

    engine = bm25s.BM25()
    engine.index(cut([text for _, text in rows]), show_progress=False)

    def ask(question: str) -> list[str]:
        found, _ = engine.retrieve(cut([question]), k=20, show_progress=False)
        return _distinct(rows[int(at)][0] for at in found[0])

    return ask


def _tantivy(rows: list[Row]) -> Engine:
    import tantivy  # type: ignore[import-not-found]

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("code", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(50_000_000, 1)
    for code, title in rows:
        writer.add_document(tantivy.Document(code=code, title=title))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(question: str) -> list[str]:
        words = " ".join(re.findall(r"\w+", question.lower()))
        if not words:
            return []
        hits = searcher.search(index.parse_query(words, ["title"]), 20).hits
        return _distinct(searcher.doc(address)["code"][0] for _, address in hits)

    return ask


# --- speed --------------------------------------------------------------------------------------------------------------


def _speed(opened: Codebook) -> None:
    """Questions of 5 to 60 words, made of titles of all systems."""
    random.seed(1)
    titles = [title for (title,) in opened._rows("SELECT title FROM code WHERE billable AND official AND id % 97 = 5")]
    questions = [" ".join(random.sample(titles, random.randint(1, 5))).split()[:60] for _ in range(TIMED)]
    asked = [" ".join(words) for words in questions if len(words) >= 5]
    print(
        f"all systems, {len(asked)} questions, {statistics.mean(map(len, questions)):.0f} words: {_times(opened.search, asked)}"
    )
    print(f"ICD-10-CM only: {_times(lambda words: opened.search(words, System.ICD10CM), asked)}")
    for name, engine in _made(opened._rows("SELECT code, title FROM code WHERE kind = 'code' AND ended IS NULL")).items():
        print(f"{name}, the same words joined by OR: {_times(engine, asked[:100])}")


def _times(call: Callable[[str], object], asked: Iterable[str]) -> str:
    took = []
    for words in asked:
        began = time.thread_time()
        call(words)
        took.append((time.thread_time() - began) * 1000)
    took.sort()
    return f"p50 {statistics.median(took):.2f} ms, p99 {took[int(len(took) * 0.99)]:.2f} ms of the processor"
