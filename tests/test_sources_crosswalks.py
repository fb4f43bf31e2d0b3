"""GEM, CCSR and HCC: what their files bring, and what can be asked of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from consultant.codebook import crosswalk
from consultant.codebook.sources import crosswalks
from consultant.codebook.sources.files import Rejects, Unreadable, pieces
from tests.fee_files import book, kinds_of, official, read, renamed_sheet, rows_of, survives, write
from tests.ncci_files import workbook

FORWARD = ("A000    0010  00000", "T8853XD v5889 10000", "A1801   01500 10111", "A1801   71148 10122", "U071    NoDx  11000")
BACK = ("0010  A000    00000", "V5889 T8853XD 10000", "E8120 NoDx    11000")
CCSR = (
    ("Searchable list, v2023.1",),
    ("ICD-10-CM Code", "ICD-10-CM Code Description", "CCSR Category", "CCSR Category Description", "Inpatient", "Outpatient Def"),
    ("A000", "Cholera", "DIG001", "Intestinal infection", "Y", "N"),
    ("A000", "Cholera", "INF003", "Bacterial infections", "X", "Y"),
    ("'Z993'", "Wheelchair", "FAC025", "Other status", "X", "Y"),
)
HCC = ("diagnosis_code,cc,model_name", "E119,38,CMS-HCC Model V28", "E119,19,CMS-HCC ESRD Model V24", "E119,31,RxHCC Model V08")
LABELS = (
    "cc,label,model_domain,model_version,model_fullname",
    '"HCC38","Diabetes, with\n  No Complications",CMS-HCC,V28,V28115L3',
    "HCC19,Diabetes,ESRD,V24,V24H86L1",
    "RXHCC31,Diabetes for drugs,RxHCC,R08,R08X84L1",
)
ABOVE = ("cc_parent,cc_child,model_domain,model_version,model_fullname", "36,38,CMS-HCC,V28,V28115H1")


def forward(folder: Path) -> Path:
    return write(folder / "2018_I10gem.txt", FORWARD)


def back(folder: Path) -> Path:
    return write(folder / "2018_I9gem.txt", BACK)


def ccsr(folder: Path) -> Path:
    return renamed_sheet(workbook(folder / "DXCCSR-Reference-File-v2023-1.xlsx", CCSR), "DX_to_CCSR_Mapping")


def test_each_way_of_the_mappings_is_told_by_its_columns(tmp_path: Path) -> None:
    found = [kinds_of(*pieces(write(tmp_path / name, lines))) for name, lines in (("one.txt", FORWARD), ("other.txt", BACK))]
    assert found == [["gem-icd10-icd9"], ["gem-icd9-icd10"]]


def test_mappings_of_procedures_are_not_taken_for_diagnoses(tmp_path: Path) -> None:
    path = write(tmp_path / "gem_pcsi9.txt", ["0016070 0201  10000", "0016071 0201  10000"])
    assert kinds_of(*pieces(path)) == []


def test_codes_are_written_as_the_book_writes_them(tmp_path: Path) -> None:
    rows = rows_of(forward(tmp_path), "crosswalk")
    assert [row[1:4] for row in rows[:2]] == [("A00.0", "0010", "00000"), ("T88.53XD", "V5889", "10000")]
    assert [row[1:3] for row in rows_of(back(tmp_path), "crosswalk")] == [
        ("0010", "A00.0"),
        ("V5889", "T88.53XD"),
        ("E8120", "NoDx"),
    ]


def test_charlie_sees_where_a_diagnosis_leads_and_how_well(tmp_path: Path) -> None:
    db = book(forward(tmp_path), back(tmp_path))
    assert [(one.target, one.meaning) for one in crosswalk.across(db, "icd10-icd9", "a00.0")] == [("0010", "equal")]
    assert [(one.target, one.meaning) for one in crosswalk.across(db, "icd10-icd9", "U07.1")] == [("", "nothing corresponds")]
    both = crosswalk.across(db, "icd10-icd9", "A1801")
    assert [one.target for one in both] == ["01500", "71148"]
    assert both[1].meaning == "close, not equal; only together with others: scenario 2, one of list 2"
    assert [one.target for one in crosswalk.across(db, "icd9-icd10", "001.0")] == ["A00.0"]


def test_groups_say_which_is_the_default_in_which_setting(tmp_path: Path) -> None:
    found = crosswalk.across(book(ccsr(tmp_path)), "ccsr", "A00.0")
    assert [(one.target, one.title, one.flags) for one in found] == [
        ("DIG001", "Intestinal infection", "YN"),
        ("INF003", "Bacterial infections", "XY"),
    ]
    assert found[0].meaning == "inpatient: the default; outpatient: one of several, not the default"


def test_risk_categories_come_with_their_model_and_label(tmp_path: Path) -> None:
    names = ("ra_dx_to_cc_2026.csv", "ra_labels_2026.csv", "ra_hierarchies_2026.csv")
    db = book(*(write(tmp_path / name, lines) for name, lines in zip(names, (HCC, LABELS, ABOVE), strict=True)))
    assert {(one.target, one.flags, one.title) for one in crosswalk.across(db, "hcc", "E11.9")} == {
        ("38", "CMS-HCC V28", "Diabetes, with No Complications"),
        ("19", "CMS-HCC ESRD V24", "Diabetes"),
        ("31", "RxHCC V08", "Diabetes for drugs"),
    }
    (below,) = crosswalk.across(db, "hcc-hierarchy", "36")
    assert (below.target, below.title) == ("38", "Diabetes, with No Complications")


def test_the_newest_release_answers(tmp_path: Path) -> None:
    old = write(tmp_path / "ra_dx_to_cc_2025.csv", [HCC[0], "E119,37,CMS-HCC Model V28"])
    new = write(tmp_path / "ra_dx_to_cc_2026.csv", HCC)
    unnamed = write(tmp_path / "mapping.csv", [HCC[0], "E119,1,CMS-HCC Model V28"])
    assert {one.source for one in crosswalk.across(book(new, old, unnamed), "hcc", "E119")} == {"hcc-2026"}


def test_a_book_without_the_tables_answers_nothing() -> None:
    assert crosswalk.across(sqlite3.connect(":memory:"), "ccsr", "A00.0") == ()


def test_lines_that_do_not_parse_are_listed(tmp_path: Path) -> None:
    rejects = Rejects()
    lines = [*FORWARD * 60, "A000    0010  0000X", "A000 0010", ""]
    assert len(rows_of(write(tmp_path / "2018_I10gem.txt", lines), "crosswalk", rejects)) == 300
    assert [line for _, line, _ in rejects.rows] == [301, 302]
    assert rejects.rows[0][2] == "no row of icd10-icd9: 'A000    0010  0000X'"
    rows_of(write(tmp_path / "hcc_2026.csv", [*HCC, "E119,38", "E119,x,CMS-HCC Model V28"]), "crosswalk", rejects)
    assert [line for _, line, _ in rejects.rows[2:]] == [5, 6]


def test_a_changed_sheet_or_header_is_refused_with_what_was_found(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="expected a sheet DX_to_CCSR_Mapping, found one"):
        read(workbook(tmp_path / "DXCCSR-v2023-1.xlsx", CCSR))
    rows = [CCSR[0], ("ICD-10-CM Code", "CCSR Category", "Description"), *CCSR[2:]]
    with pytest.raises(Unreadable, match=r"expected the columns ICD-10-CM Code, .*; found ICD-10-CM Code, CCSR Category"):
        read(renamed_sheet(workbook(tmp_path / "DXCCSR-v2023-1.xlsx", rows), "DX_to_CCSR_Mapping"))
    with pytest.raises(Unreadable, match="expected the columns diagnosis_code, cc, model_name; found diagnosis_code, cc, model"):
        read(write(tmp_path / "hcc_2026.csv", ["diagnosis_code,cc,model", *HCC[1:]]))


def test_damaged_files_end_in_a_sentence_or_in_rejects(tmp_path: Path) -> None:
    by_id = {kind.id: kind.read for kind in crosswalks.KINDS}
    made = (
        (forward(tmp_path), "gem-icd10-icd9"),
        (back(tmp_path), "gem-icd9-icd10"),
        (write(tmp_path / "hcc_2026.csv", HCC), "hcc"),
        (write(tmp_path / "labels_2026.csv", LABELS), "hcc-labels"),
        (ccsr(tmp_path), "ccsr"),
    )
    assert sum(survives(path, path.read_bytes(), [by_id[kind]], turns=40) for path, kind in made) > 60


# --- the official files, where they are -------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count"), [("2018_I9gem.txt", 24_860), ("2018_I10gem.txt", 81_593)])
def test_the_official_mappings_are_all_read(name: str, count: int) -> None:
    rejects = Rejects()
    rows = rows_of(official(f"crosswalk/{name}"), "crosswalk", rejects)
    assert (len(rows), len({row[:4] for row in rows}), rejects.count) == (count, count, 0)
    if count == 81_593:
        flags = [row[3] for row in rows]
        assert (flags.count("00000"), flags.count("10000"), flags.count("11000")) == (3_522, 68_307, 731)


def test_the_official_groups_are_all_read() -> None:
    path, rejects = official("crosswalk/DXCCSR-Reference-File-v2023-1.xlsx"), Rejects()
    (piece,) = pieces(path)
    mapped = len(piece.sheets()["DX_to_CCSR_Mapping"]) - 2
    assert (len(rows_of(path, "crosswalk", rejects)), rejects.count) == (mapped, 0)
    assert mapped == 86_288


@pytest.mark.parametrize(
    ("name", "table"),
    [("ra_dx_to_cc_2026.csv", "crosswalk"), ("ra_hierarchies_2026.csv", "crosswalk"), ("ra_labels_2026.csv", "crosswalk_group")],
)
def test_the_official_risk_files_are_all_read(name: str, table: str) -> None:
    path, rejects = official(f"crosswalk/{name}"), Rejects()
    (piece,) = pieces(path)
    listed = sum(1 for _ in piece.rows()) - 1
    assert (len(rows_of(path, table, rejects)), rejects.count) == (listed, 0)


def test_every_category_of_the_official_mapping_has_its_label() -> None:
    db = book(official("crosswalk/ra_dx_to_cc_2026.csv"), official("crosswalk/ra_labels_2026.csv"))
    pairs = db.execute("SELECT DISTINCT target, flags FROM crosswalk").fetchall()
    titled = set(db.execute("SELECT target, flags FROM crosswalk_group").fetchall())
    assert [pair for pair in pairs if pair not in titled] == []
