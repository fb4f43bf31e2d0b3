"""The coverage database in its three forms, and what its documents say of a code."""

from __future__ import annotations

import io
import json
import sqlite3
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from consultant.codebook import coverage
from consultant.codebook.sources import mcd
from consultant.codebook.sources.files import Rejects, Unreadable, pieces
from consultant.codebook.sources.mcd_tables import MOST_TEXT, day, plain
from tests.fee_files import book, kinds_of, official, read, rows_of, survives

LIST = (
    "contractor_name_type,document_display_id,document_id,document_type,document_version,effective_date,note,retirement_date,"
    'title,updated_on,updated_on_sort,url\n"Cedar Administrators, LLC\r\n(MAC - Part A, MAC - Part B)",L101,101,LCD,7,'
    "08/14/2025,,N/A,Frames &amp; wheels,08/06/2025,20250806133001,https://cms.example/l101\n"
    '"Cedar Administrators, LLC",A202,202,Article,3,01/01/2025,Retired,06/30/2025,Billing of frames,08/06/2025,2,\n'
)
ARTICLE = (
    "article_id,article_version,article_type,title,article_pub_date,article_eff_date,article_end_date,description,status,"
    "last_updated,article_rev_end_date,date_retired\n"
    '202,3,1,"Billing of frames",,2024-01-01 00:00:00,,"<p>First&nbsp;line,\nstill it</p><p>Second &lt;line&gt;</p>",A,'
    "2025-01-02 10:00:00,2025-06-30 00:00:00,\n"
    "202,4,1,Billing of frames,,2025-07-01 00:00:00,,<b>Newer</b>,A,2025-07-01,,\n"
    "303,1,1,Other frames,,2025-01-01,,,A,2025-01-01,,\n"
)
PROCEDURES = (
    "article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group,range,last_updated,long_description,"
    "short_description\n202,3,E0100,1,1,,2025-01-01,SECRET WORDS,SECRET\n202,4,E0100,1,2,B,2025-01-01,SECRET WORDS,SECRET\n"
    "202,4,0075T,1,1,,2025-01-01,SECRET WORDS,SECRET\n303,1,E0100,1,1,,2025-01-01,SECRET,SECRET\n"
)
COVERED = (
    "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group,range,sort_order,description,asterisk\n"
    "202,4,M54.16,1,2,,1,Radiculopathy,*\n202,4,M5417,1,1,,2,Radiculopathy,\n"
)
NOT_COVERED = (
    "article_id,article_version,icd10_code_id,icd10_code_version,icd10_noncovered_group,range,sort_order,description\n"
    "303,1,M54.16,1,1,,1,Radiculopathy\n"
)
PARAGRAPHS = (
    "article_id,article_version,icd10_covered_group,paragraph,icd10_covered_ast,last_updated\n"
    '202,4,2,"<p>Group 2: only with <b>imaging</b></p>",,2025-07-01\n'
)
CONTRACTED = (
    "article_id,article_version,article_type,contractor_id,contractor_type_id,contractor_version,last_updated\n202,4,1,9,1,2,\n"
)
CONTRACTORS = "contractor_id,contractor_type_id,contractor_version,contractor_number,contractor_bus_name\n9,1,2,01112,Cedar\n"
TABLES = {
    "article.csv": ARTICLE,
    "article_x_hcpc_code.csv": PROCEDURES,
    "article_x_icd10_covered.csv": COVERED,
    "article_x_icd10_noncovered.csv": NOT_COVERED,
    "article_x_icd10_covered_group.csv": PARAGRAPHS,
    "article_x_contractor.csv": CONTRACTED,
    "contractor.csv": CONTRACTORS,
    "state_lookup.csv": "state_id,state_abbrev,description\n1,AL,Alabama\n",
}
NOON = date(2025, 8, 1)


def export(folder: Path) -> Path:
    """A zip in a zip, as the database exports itself."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name, text in TABLES.items():
            archive.writestr(name, text)
    path = folder / "current_article.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("current_article_csv.zip", inner.getvalue())
        archive.writestr("current_article_read_me.pdf", b"%PDF")
    return path


def the_book(folder: Path) -> sqlite3.Connection:
    """The tables that can be read, each known to exactly one kind."""
    db, rejects = book(), Rejects()
    for piece in pieces(export(folder)):
        for kind in (kind for kind in mcd.KINDS if kind.recognise(piece)):
            for table, rows in kind.read(piece, rejects).tables.items():
                width = len(db.execute(f"SELECT * FROM {table} LIMIT 0").description)
                db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", rows)
    assert rejects.count == 0
    return db


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_the_tables_of_an_export_are_told_by_their_fields(tmp_path: Path) -> None:
    assert {piece.stem: kinds_of(piece) for piece in pieces(export(tmp_path))} == {
        "article.csv": ["mcd-article"],
        "article_x_hcpc_code.csv": ["mcd-article-hcpcs"],
        "article_x_icd10_covered.csv": ["mcd-article-icd10-covered"],
        "article_x_icd10_noncovered.csv": ["mcd-article-icd10-noncovered"],
        "article_x_icd10_covered_group.csv": ["mcd-article-icd10-covered-group"],
        "article_x_contractor.csv": ["mcd-article-contractor"],
        "contractor.csv": ["mcd-contractor-export"],
        "state_lookup.csv": [],
        "current_article_read_me.pdf": [],
    }


def test_descriptions_of_procedures_are_dropped(tmp_path: Path) -> None:
    assert not [line for line in the_book(tmp_path).iterdump() if "SECRET" in line]


def test_prose_is_text(tmp_path: Path) -> None:
    (text,) = the_book(tmp_path).execute("SELECT text FROM document WHERE document = 'A202' AND version = 3").fetchone()
    assert text == "First line,\nstill it\nSecond <line>"


def test_charlie_sees_the_article_in_force_that_day(tmp_path: Path) -> None:
    db = the_book(tmp_path)
    before, now = coverage.coverage(db, "E0100", date(2025, 3, 1)), coverage.coverage(db, "e0100", NOON)
    assert [(one.document.id, one.document.version, one.groups) for one in before] == [("A202", 3, (1,)), ("A303", 1, (1,))]
    assert [(one.document.id, one.document.version, one.groups) for one in now] == [("A202", 4, (2,)), ("A303", 1, (1,))]
    assert before[0].document.valid_to == date(2025, 6, 30)
    assert now[0].document.contractor == "Cedar"
    assert coverage.coverage(db, "E0100", date(2023, 1, 1)) == ()
    assert [one.document.version for one in coverage.coverage(db, "E0100")] == [4, 1]


def test_a_diagnosis_is_looked_up_in_the_lists_beside_the_procedure(tmp_path: Path) -> None:
    db = the_book(tmp_path)
    yes, no = coverage.supports(db, "E0100", "M54.16", NOON)
    assert (yes.verdict, yes.groups, yes.same_group, yes.paragraph) == ("covered", (2,), True, "Group 2: only with imaging")
    assert (no.document.id, no.verdict) == ("A303", "noncovered")
    other, missing = coverage.supports(db, "E0100", "M54.17", NOON)
    assert (other.verdict, other.same_group) == ("covered", False)
    assert (missing.verdict, missing.groups) == ("not listed", ())
    (covered, barred) = coverage.coverage(db, "M54.16", NOON)
    assert (covered.role, covered.marks, barred.role) == ("covered", "*", "noncovered")


def test_a_determination_longer_than_the_csv_module_likes_is_read(tmp_path: Path) -> None:
    prose = "<p>" + "word " * 100_000 + "</p>"
    rows = rows_of(put(tmp_path, "article.csv", ARTICLE.replace("<b>Newer</b>", prose)), "document")
    assert [len(str(row[-1])) for row in rows] == [34, MOST_TEXT, 0]


def test_a_list_of_documents_brings_contractors_and_windows(tmp_path: Path) -> None:
    rows = rows_of(put(tmp_path, "documents_2025-08.csv", LIST), "document")
    assert rows[0][:2] + rows[0][3:12] == (
        *("L101", 7, "LCD", "Frames & wheels", "Cedar Administrators, LLC, (MAC - Part A, MAC - Part B)", ""),
        *(20250814, None, 20250806, "", "https://cms.example/l101"),
    )
    assert rows[1][7:9] == (20250101, 20250630)


def test_the_answers_of_the_api_are_the_same_tables(tmp_path: Path) -> None:
    report = {
        "document_id": "101",
        "document_version": 7,
        "document_display_id": "L101",
        "document_type": "LCD",
        "note": None,
        "title": "Frames",
        "contractor_name_type": "Cedar\r\n(MAC)",
        "updated_on": "08/06/2025",
        "effective_date": "08/14/2025",
        "retirement_date": "N/A",
        "url": "https://cms.example/l101",
    }
    code = {"article_id": 202, "article_version": 4, "hcpc_code_id": "E0100", "hcpc_code_group": 2, "range": None}
    code |= {"long_description": "SECRET", "short_description": "SECRET"}
    article = {"article_id": 202, "article_version": 4, "title": "Frames", "article_eff_date": "07/01/2025", "status": "A"}
    article |= {"description": "<p>" + "long " * 30_000 + "</p>", "article_rev_end_Date": "08/31/2025"}
    paths = [
        put(tmp_path, f"{number}.json", json.dumps({"meta": {"status": {"id": 200}, "fields": []}, "data": [record]}))
        for number, record in enumerate((report, code, article))
    ]
    assert [kinds_of(*pieces(path)) for path in paths] == [["mcd-list"], ["mcd-article-hcpcs"], ["mcd-article"]]
    db = book(*paths)
    (found,) = coverage.coverage(db, "E0100", NOON)
    assert (found.document.title, found.document.valid_to) == ("Frames", date(2025, 8, 31))
    assert coverage.coverage(db, "E0100", date(2025, 9, 1)) == ()
    assert db.execute("SELECT contractor FROM document WHERE document = 'L101'").fetchone() == ("Cedar, (MAC)",)


def test_rows_that_do_not_parse_are_listed(tmp_path: Path) -> None:
    rejects = Rejects()
    text = PROCEDURES + "202,4,97 110,1,1,,,,\n202,4,E0100\nx,4,E0100,1,1,,,,\n"
    assert len(rows_of(put(tmp_path, "codes.csv", text), "document_code", rejects)) == 4
    assert [reason for _, _, reason in rejects.rows] == [
        "'97 110' is no code here",
        "another number of columns than the header has",
        "'x' is no number",
    ]
    rows_of(put(tmp_path, "list.csv", LIST + LIST.splitlines()[3].replace("06/30/2025", "June 30") + "\n"), "document", rejects)
    assert rejects.rows[3][2] == "'June 30' is no day"


def test_a_table_named_by_hand_that_lacks_its_fields_is_refused(tmp_path: Path) -> None:
    kind = next(kind for kind in mcd.KINDS if kind.id == "mcd-article-hcpcs")
    (piece,) = pieces(put(tmp_path, "codes.csv", PROCEDURES.replace("hcpc_code_group", "code_group")))
    assert kinds_of(piece) == []
    with pytest.raises(Unreadable, match="expected the fields hcpc_code_group of procedure codes of articles; found article_id"):
        kind.read(piece, Rejects())


def test_hostile_prose_takes_linear_time() -> None:
    started = time.monotonic()
    for text in ("<!--" * 100_000, "<" * 400_000, "<script>" * 50_000, "<a " + "x" * 400_000, "&" * 400_000, "<p" * 200_000):
        plain(text)
    assert time.monotonic() - started < 10
    assert plain("a<!-- <b> -->b<script>x</script> c<br/>d<style>.e{}</style>") == "a b c\nd"
    assert plain("open <!-- for ever") == "open"


def test_days_are_read_in_the_ways_the_database_writes_them() -> None:
    assert [day(text) for text in ("08/14/2025", "2025-08-14 00:00:00", "2025-08-14", "N/A", "")] == [20250814] * 3 + [None] * 2
    with pytest.raises(ValueError, match="is no day"):
        day("14/31/2025")


def test_damaged_files_end_in_a_sentence_or_in_rejects(tmp_path: Path) -> None:
    by_id = {kind.id: kind.read for kind in mcd.KINDS}
    answer = json.dumps(
        {"data": [{"article_id": 1, "article_version": 1, "hcpc_code_id": "E0100", "hcpc_code_group": 1, "range": ""}] * 5}
    )
    refused = survives(put(tmp_path, "list.csv", LIST), LIST.encode(), [by_id["mcd-list"]])
    refused += survives(put(tmp_path, "article.csv", ARTICLE), ARTICLE.encode(), [by_id["mcd-article"]])
    refused += survives(put(tmp_path, "codes.json", answer), answer.encode(), [by_id["mcd-article-hcpcs"]])
    assert refused > 80
    with pytest.raises(Unreadable, match="no JSON that can be read"):
        by_id["mcd-list"](pieces(put(tmp_path, "deep.json", "[" * 100_000))[0], Rejects())


# --- the official files, where they are -------------------------------------------------------------------------------


def test_the_official_list_of_documents_is_all_read() -> None:
    rejects = Rejects()
    rows = rows_of(official("mcd/coverage_api_documents_2025-08.csv"), "document", rejects)
    kinds = [row[3] for row in rows]
    assert (kinds.count("LCD"), kinds.count("Article"), rejects.count) == (972, 2_161, 0)
    assert read(official("mcd/coverage_api_documents_2025-08.csv")).source.version == "2025-08"


def test_every_field_that_tells_a_table_is_in_the_description_of_the_api() -> None:
    api = json.loads(official("mcd/coverage-api-openapi-v1.5.json").read_text(encoding="utf-8"))
    shapes = [{name.lower() for name in shape.get("properties", {})} for shape in api["components"]["schemas"].values()]
    strangers = {name for name, layout in mcd.LAYOUTS.items() if not any(layout.needs <= shape for shape in shapes)}
    # The export's own name of the business; LCDs have no lists of diagnoses or modifiers in the API since 2019.
    assert strangers <= {"contractor-export"} | {name for name in mcd.LAYOUTS if name.startswith(("lcd-icd10", "lcd-modifier"))}
