"""Two releases in one book, and two books beside each other: what is found on which day, and what is told to have changed."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from consultant import codebook
from consultant.codebook import Codebook, shelf
from consultant.codebook.hierarchy import Hierarchy
from consultant.management.commands import search
from consultant.vocabulary import System
from tests import hcpcs_files
from tests.hcpcs_files import a_code
from tests.icd_files import order_lines
from tests.test_codebook import LISTED, TABULAR, texts

__all__ = ["texts"]  # the fixture

OLD = [
    a_code("A9001", "Rolling frame with a basket, each"),
    a_code("C9002", "Quillwort extract, 1 ml", add="20150101", term="20191231"),
    a_code("E9003", "Tilting bench, each"),
]
NEW = [
    a_code("A9001", "Rolling frame with a basket and a bell, each"),
    a_code("J9002", "Quillwort extract, 1 ml", add="20200101"),
    a_code("E9003", "Tilting bench, each"),
]


def release(folder: Path, year: int, rows: list[dict[str, str]]) -> Path:
    return hcpcs_files.workbook(folder / f"HCPC{year}_ANWEB.xlsx", {"A": hcpcs_files.table(rows)})


def book_of(data: Path, texts: Path, releases: dict[int, list[dict[str, str]]]) -> Codebook:
    data.mkdir()
    for year, rows in releases.items():
        shelf.add(data, release(data, year, rows))
    codebook.build(data, icd=(TABULAR, LISTED), starter_dir=texts)
    return codebook.current(data)


def found(book: Codebook, on: date | None) -> list[str]:
    return [hit.code for hit in book.search("quillwort extract", System.HCPCS, on=on)]


def test_an_ended_code_is_found_in_its_own_time_and_not_later(tmp_path: Path, texts: Path) -> None:
    book = book_of(tmp_path / "both", texts, {2019: OLD, 2020: NEW})
    assert found(book, date(2018, 3, 1)) == ["C9002"]
    assert found(book, date(2019, 12, 31)) == ["C9002"]
    assert found(book, date(2020, 1, 1)) == ["J9002"]
    assert found(book, date(2026, 1, 1)) == ["J9002"]
    assert found(book, date(2014, 12, 31)) == []
    assert found(book, None) == ["J9002"]


def test_a_day_in_the_stream_of_questions_does_the_same(tmp_path: Path, texts: Path) -> None:
    book = book_of(tmp_path / "both", texts, {2019: OLD, 2020: NEW})
    asked = [json.dumps({"id": day, "query": "quillwort extract", "date": day}) for day in ("2018-03-01", "2026-01-01")]
    replies = [json.loads(line) for line in search.answers(book, StringIO("\n".join(asked)))]
    assert [[hit["code"] for hit in reply["hits"]] for reply in replies] == [["C9002"], ["J9002"]]


def test_diff_tells_codes_that_came_ended_and_changed(tmp_path: Path, texts: Path) -> None:
    old = book_of(tmp_path / "old", texts, {2019: OLD[:1] + OLD[2:]})
    new = book_of(tmp_path / "new", texts, {2020: NEW[:2]})
    told, as_json = StringIO(), StringIO()
    call_command("codebook", "diff", str(old.path), str(new.path), stdout=told)
    call_command("codebook", "diff", str(old.path), str(new.path), "--json", stdout=as_json)
    lines = [" ".join(line.split()) for line in told.getvalue().splitlines()]
    assert lines == [
        "code added HCPCS J9002 Quillwort extract, 1 ml",
        "code ended HCPCS E9003 Tilting bench, each",
        "title changed HCPCS A9001 Rolling frame with a basket, each → Rolling frame with a basket and a bell, each",
    ]
    assert [json.loads(line)["code"] for line in as_json.getvalue().splitlines()] == ["J9002", "E9003", "A9001"]


def test_diff_says_when_a_file_is_no_book(tmp_path: Path, texts: Path) -> None:
    old = book_of(tmp_path / "old", texts, {2019: OLD})
    (tmp_path / "letter.txt").write_text("not a book")
    with pytest.raises(CommandError, match="not a codebook that can be read"):
        call_command("codebook", "diff", str(old.path), str(tmp_path / "letter.txt"), stdout=StringIO())


def test_a_heading_of_diagnoses_does_not_list_procedures_of_a_table_with_its_name(tmp_path: Path, texts: Path) -> None:
    rows = [("B10", 0, "Imaging, of a room"), ("B100ZZZ", 1, "Plain view of a room"), ("B101ZZZ", 1, "Plain view of a hall")]
    order = tmp_path / "icd10pcs_order_2031.txt"
    order.write_text(order_lines(rows))
    shelf.add(tmp_path, order)
    codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts)
    book = codebook.current(tmp_path)
    assert book.record("B100ZZZ") is not None
    assert book.children("B10") == []
    assert book.children("S82.0") == ["S82.00"]


def test_ancestors_are_those_of_the_newest_release() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE code (code, system, parent, title, effective, ended)")
        rows = [
            ("Z10-Z19", "", "A section", None, "2024-09-30"),
            ("Z10-Z1A", "", "A section, drawn anew", "2024-10-01", None),
            ("Z10", "Z10-Z19", "A heading", None, "2024-09-30"),
            ("Z10", "Z10-Z1A", "A heading", "2024-10-01", None),
        ]
        db.executemany(f"INSERT INTO code VALUES (?, '{System.ICD10CM}', ?, ?, ?, ?)", rows)
        tree = Hierarchy(lambda sql, *values: db.execute(sql, values).fetchall())
        assert list(tree.above("Z10")) == [("Z10-Z1A", "A section, drawn anew")]
