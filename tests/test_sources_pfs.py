"""The physician fee schedule's files: relative values, indices, anaesthesia factors, counties."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from consultant.codebook.sources import pfs, pfs_places
from consultant.codebook.sources.files import Rejects, Unreadable, pieces
from tests.fee_files import (
    CAPTIONS,
    COUNTIES,
    FEES,
    GPCI,
    TAIL,
    anesthesia,
    book,
    counties,
    fixed_pprrvu,
    gpci,
    kinds_of,
    official,
    pprrvu,
    read,
    rows_of,
    survives,
    write,
)
from tests.ncci_files import workbook, zipped


def test_the_csv_becomes_rows_without_descriptions(tmp_path: Path) -> None:
    harvest = read(pprrvu(tmp_path))
    rows = list(harvest.tables["fee"])
    assert (harvest.source.id, harvest.source.valid_from, harvest.source.valid_to) == (
        "pfs-2025-10-20250911",
        date(2025, 10, 1),
        date(2025, 12, 31),
    )
    assert len(rows) == len(FEES)
    assert rows[0][:12] == ("99213", "", 20251001, 20251231, "", 20250911, harvest.source.id, "A", "", "1.30", "1.35", "")
    assert not any("OURS" in str(cell) for row in rows for cell in row)
    assert not harvest.codes
    assert not harvest.surfaces


def test_the_column_that_came_in_2026_is_read_in_its_place(tmp_path: Path) -> None:
    db = book(pprrvu(tmp_path, "PPRRVU2026_Jul_nonQPP.csv"), pprrvu(tmp_path, "PPRRVU2026_Jul_QPP.csv"))
    found = db.execute("SELECT DISTINCT track, pricing, conversion_factor, calculation, team FROM fee ORDER BY 1").fetchall()
    assert {row[:4] for row in found} == {("QPP", "9", "32.3465", "0"), ("nonQPP", "9", "32.3465", "0")}
    assert db.execute("SELECT count(*) FROM fee").fetchone() == (2 * len(FEES),)


def test_the_text_says_the_same_as_the_csv(tmp_path: Path) -> None:
    in_csv = rows_of(pprrvu(tmp_path), "fee")
    in_text = rows_of(fixed_pprrvu(tmp_path), "fee")
    assert [row[:5] + row[7:] for row in in_text] == [row[:5] + row[7:] for row in in_csv]


def test_csv_and_text_of_one_zip_are_the_same_rows_once(tmp_path: Path) -> None:
    texts = {path.name: path.read_text("latin-1") for path in (pprrvu(tmp_path), fixed_pprrvu(tmp_path))}
    texts = {name: text.replace("HDRnotice", "HDRRELEASED 09/11/2025") for name, text in texts.items()}
    archive = zipped(tmp_path / "rvu25d.zip", texts)
    assert [kinds_of(piece) for piece in pieces(archive)] == [["pfs"], ["pfs"]]
    assert book(archive).execute("SELECT count(*) FROM fee").fetchone() == (len(FEES),)


@pytest.mark.parametrize(
    ("captions", "found"),
    [
        (f"{CAPTIONS},{TAIL},NEW", "found 32: HCPCS"),
        (f"{CAPTIONS},{TAIL}".replace("MOD,DESCRIPTION", "DESCRIPTION,MOD"), "found 31: HCPCS, DESCRIPTION"),
        ("CODE,MOD", "found none in the first"),
    ],
)
def test_another_header_stops_with_what_was_expected_and_found(tmp_path: Path, captions: str, found: str) -> None:
    with pytest.raises(Unreadable, match=f"expected a PPRRVU header of 31 or 32 columns.*{found}"):
        read(pprrvu(tmp_path, captions=captions))


def test_a_release_that_cannot_be_told_is_refused(tmp_path: Path) -> None:
    path = pprrvu(tmp_path, "PPRRVU.csv", title="A National Physician Fee Schedule Relative Value File")
    with pytest.raises(Unreadable, match="expected the release in the title or in the name"):
        read(path)


def test_rows_that_are_no_fees_are_listed_with_line_and_reason(tmp_path: Path) -> None:
    swapped = FEES[0].replace("1.30,1.35", "1.35,9.30")
    rejects = Rejects()
    rows = rows_of(pprrvu(tmp_path, rows=[FEES[1], swapped, "99214,,OURS", FEES[0].replace("99213", "9921"), ""]), "fee", rejects)
    assert [row[0] for row in rows] == ["27447"]
    assert [(line, reason) for _, line, reason in rejects.rows] == [
        (6, "the total 2.75 is not the sum of its parts 10.75"),
        (7, "expected 32 columns or their width, found 3"),
        (8, "'9921' is no code"),
    ]


def test_a_file_of_nothing_but_rejects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="found none that can be read"):
        rows_of(pprrvu(tmp_path, rows=["x,y"]), "fee")


def test_indices_are_the_same_from_all_three_forms(tmp_path: Path) -> None:
    sheet = [row.split(",") for row in gpci(tmp_path).read_text().splitlines()]
    text = [
        f"{r[0]:16}{r[1]:8}{r[2]:5}{r[3]:92}{float(r[4]):>5.3f}{float(r[5]):>12.3f}{float(r[6]):>12.3f}"
        for r in (g.split(",") for g in GPCI)
    ]
    forms = [
        gpci(tmp_path),
        workbook(tmp_path / "GPCI2025.xlsx", sheet),
        write(
            tmp_path / "GPCI2025.txt", ["ADDENDUM E. FINAL CY 2025", "", "Medicare Admi State", *text, "MAC Assignments"], "\r\n"
        ),
    ]
    found = [[row[:4] + row[5:] for row in rows_of(path, "gpci")] for path in forms]
    assert found[0] == found[1] == found[2]
    assert found[0][1] == ("02102", "01", 20250101, 20251231, "AK", "ALASKA", "1.500", "1.081", "0.592")


def test_a_spreadsheet_that_lost_leading_zeros_has_them_again(tmp_path: Path) -> None:
    rows = [
        ("Contractor", "Locality", "Locality Name", "Anes CF of 20.3178"),
        (2102, 1, "ALASKA", "27.86"),
        (10112, 0, "ALABAMA", "19.3"),
    ]
    found = rows_of(workbook(tmp_path / "ANES2025.xlsx", rows), "anesthesia")
    assert [(row[0], row[1], row[-1]) for row in found] == [("02102", "01", "27.86"), ("10112", "00", "19.30")]


def test_anaesthesia_factors_come_with_blanks_and_in_hundredths(tmp_path: Path) -> None:
    text = write(tmp_path / "ANES2025.txt", [f"10112       00    {'ALABAMA':50}     1931", "\x1a"], "\r\n")
    assert rows_of(text, "anesthesia")[0][-2:] == ("ALABAMA", "19.31")
    assert [row[-1] for row in rows_of(anesthesia(tmp_path), "anesthesia")] == ["19.31", "27.86", "21.50"]


def test_a_state_stands_for_the_rows_below_it_until_a_blank_one(tmp_path: Path) -> None:
    found = rows_of(counties(tmp_path), "locality")
    assert [(row[0], row[1], row[5], row[6]) for row in found] == [
        ("10112", "00", "ALABAMA", "STATEWIDE"),
        ("13202", "01", "NEW YORK", "MANHATTAN"),
        ("13282", "99", "NEW YORK", "REST OF STATE"),
        ("02102", "01", "ALASKA", "STATEWIDE"),
    ]
    torn = rows_of(counties(tmp_path, rows=[*COUNTIES[:2], COUNTIES[3]]), "locality")
    assert torn[1][5] == ""  # the text of 2025 lost its California: no other state's name stands in


def test_changed_captions_of_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="expected a header with contractor, state, locality"):
        read(write(tmp_path / "GPCI2025.csv", ["MAC,State,Index,Name,PW,PE,MP", *GPCI]))
    with pytest.raises(Unreadable, match="expected its year"):
        read(write(tmp_path / "GPCI.csv", [gpci(tmp_path).read_text().splitlines()[2].replace("2025 ", ""), *GPCI]))


def test_a_place_that_does_not_parse_is_a_reject(tmp_path: Path) -> None:
    rejects = Rejects()
    rows = rows_of(gpci(tmp_path, rows=[GPCI[0], "02102,AK,01,ALASKA*,high,1,1", "02102,AK,xx,ALASKA*,1,1,1"]), "gpci", rejects)
    assert len(rows) == 1
    assert [line for _, line, _ in rejects.rows] == [5, 6]


def test_damaged_files_end_in_a_sentence_or_in_rejects(tmp_path: Path) -> None:
    refused = survives(tmp_path / "PPRRVU2025_Oct.csv", pprrvu(tmp_path).read_bytes(), [pfs.KINDS[0].read])
    refused += survives(tmp_path / "PPRRVU25_OCT.txt", fixed_pprrvu(tmp_path).read_bytes(), [pfs.KINDS[0].read])
    for make, kind in zip((gpci, anesthesia, counties), pfs_places.KINDS, strict=True):
        path = make(tmp_path)
        refused += survives(path, path.read_bytes(), [kind.read])
    sheet = workbook(tmp_path / "GPCI2025.xlsx", [row.split(",") for row in GPCI])
    refused += survives(sheet, sheet.read_bytes(), [pfs_places.KINDS[0].read], turns=20)
    assert refused > 80


# --- the official files, where they are -------------------------------------------------------------------------------


def test_the_official_relative_values_are_all_read() -> None:
    rejects = Rejects()
    rows = rows_of(official("pfs/PPRRVU2025_Oct.no_cpt_descriptors.csv"), "fee", rejects)
    assert (len(rows), rejects.count) == (19_090, 0)
    assert len({row[:2] for row in rows}) == 19_090


def test_the_official_excerpt_of_2026_has_its_new_column() -> None:
    rows = rows_of(official("pfs/PPRRVU2026_Jul_nonQPP.excerpt.redacted.csv"), "fee")
    assert {(row[2], row[3], row[4], row[27], row[29]) for row in rows} == {(20260701, 20260930, "nonQPP", "9", "33.4009")}


@pytest.mark.parametrize("form", ["csv", "xlsx", "txt"])
def test_the_official_places_are_all_read_in_every_form(form: str) -> None:
    rejects = Rejects()
    files = {"gpci": f"GPCI2025.{form}", "anesthesia": f"ANES2025.{form}", "locality": f"25LOCCO.{form}"}
    counted = {table: len(rows_of(official(f"pfs/{name}"), table, rejects)) for table, name in files.items()}
    assert counted == {"gpci": 109, "anesthesia": 109, "locality": 110}  # one locality of Missouri stands there twice
    assert rejects.count == 0


def test_the_official_indices_are_equal_in_every_form() -> None:
    found = [[row[:4] + row[5:] for row in rows_of(official(f"pfs/GPCI2025.{form}"), "gpci")] for form in ("csv", "xlsx", "txt")]
    assert found[0] == found[1] == found[2]
    assert len(rows_of(official("pfs/GPCI2026.csv"), "gpci")) == 109
