"""The NCCI files: what is recognised, what is read, what is refused and in which words."""

import random
import sqlite3
import time
from datetime import date
from pathlib import Path

import pytest

from consultant.codebook.schema import Harvest
from consultant.codebook.sources import ncci_addon, ncci_ptp
from consultant.codebook.sources.files import Piece, Rejects, Unreadable, pieces
from tests import ncci_files
from tests.ncci_files import KINDS, PTP_PREAMBLE, PTP_ROWS, addons, book, fill, kinds_of, mue, only, ptp, read, workbook, zipped

OFFICIAL = Path(__file__).resolve().parent.parent.parent / "shared" / "codes" / "ncci"


def official(name: str) -> Path:
    path = OFFICIAL / name
    if not path.exists():
        pytest.skip(f"the official files are not beside this repository ({name} of shared/codes/ncci)")
    return path


# --- recognised ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [("ccipra-v322r0-f1.TXT", "ncci-ptp-practitioner"), ("ccioph-v322r0-f4.TXT", "ncci-ptp-outpatient")],
)
def test_the_name_of_a_ptp_file_tells_its_setting_and_the_content_that_it_is_one(tmp_path: Path, name: str, kind: str) -> None:
    assert kinds_of(only(ptp(tmp_path, name))) == [kind]
    other = tmp_path / "other" / name
    other.parent.mkdir()
    other.write_text("something\telse\n")
    assert kinds_of(only(other)) == []


@pytest.mark.parametrize(
    ("setting", "kind"),
    [("Practitioner", "practitioner"), ("Outpatient Hospital", "outpatient"), ("DME Supplier", "dme")],
)
def test_the_header_of_an_mue_file_tells_its_setting_whatever_its_name(tmp_path: Path, setting: str, kind: str) -> None:
    assert kinds_of(only(mue(tmp_path, "table_Eff_07-01-2026.csv", setting=setting))) == [f"ncci-mue-{kind}"]


def test_of_a_zip_one_copy_of_the_rows_is_read_and_not_the_workbook_beside_it(tmp_path: Path) -> None:
    text = {"MCR_MUE_PractitionerServices_Eff_07-01-2026": mue(tmp_path), "ccipra-v322r0-f1": ptp(tmp_path)}
    members = {f"{stem}{path.suffix}": path.read_text("latin-1") for stem, path in text.items()}
    members |= {f"{stem}.xlsx": "PK" for stem in text} | {"AOC_V2026Q2-MCR.txt": "fixed", "AOC_V2026Q2-MCR.xlsx": "PK"}
    found = {piece.name: kinds_of(piece) for piece in pieces(zipped(tmp_path / "medicare-ncci.zip", members))}
    assert {name: kinds for name, kinds in found.items() if kinds} == {
        "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv": ["ncci-mue-practitioner"],
        "ccipra-v322r0-f1.TXT": ["ncci-ptp-practitioner"],
        "AOC_V2026Q2-MCR.xlsx": ["ncci-addon"],
    }


def test_a_zip_with_the_files_of_both_settings_keeps_them_apart(tmp_path: Path) -> None:
    text = ptp(tmp_path).read_text("latin-1")
    both = {f"{name}-v322r0-f1.TXT": text for name in ("ccipra", "ccioph")}
    for name in ("practitioner-and-hospital-2026q3.zip", "practitioner.zip"):
        found = {piece.name: kinds_of(piece) for piece in pieces(zipped(tmp_path / name, both))}
        assert list(found.values()) == [["ncci-ptp-practitioner"], ["ncci-ptp-outpatient"]]


def test_the_files_of_medicaid_are_left_alone(tmp_path: Path) -> None:
    assert kinds_of(only(ptp(tmp_path, "medicaid-ncci-2026q3-practitioner.TXT"))) == []
    assert kinds_of(only(addons(tmp_path, "AOC_V2026Q2-MCD.xlsx"))) == []


# --- procedure pairs ----------------------------------------------------------------------------------------------------


def test_all_rows_of_a_pair_are_kept_even_those_that_began_on_the_same_day(tmp_path: Path) -> None:
    rejects = Rejects()
    harvest = read(ptp(tmp_path), rejects)
    db = book()
    fill(db, harvest)
    assert rejects.rows == []
    assert db.execute("SELECT count(*) FROM ptp").fetchone() == (len(PTP_ROWS),)
    assert db.execute("SELECT deleted, indicator FROM ptp WHERE column1 = '13121'").fetchall() == [(0, 0), (19960101, 9)]
    assert harvest.source.id == "ncci-ptp-practitioner-2026q3-f1"
    assert (harvest.source.valid_from, harvest.source.valid_to) == (date(1996, 1, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("ccipra-v322r0-f1.TXT", 32201),
        ("ccipra-v322r1-f4.TXT", 32214),
        ("ccipra-2024q3.TXT", 30200),
        ("medicare-ncci-2026-q4-practitioner.TXT", 32300),
    ],
)
def test_version_and_quarter_are_two_names_of_one_release(tmp_path: Path, name: str, release: int) -> None:
    assert [row[1] for row in read(ptp(tmp_path, name)).tables["ptp_release"]] == [release]


def test_a_ptp_file_without_a_release_in_its_name_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"expected the release in the name \(v322r0 or 2026q3\), found practitioner"):
        read(ptp(tmp_path, "practitioner.TXT"))


def test_rows_that_do_not_parse_are_told_with_line_and_reason(tmp_path: Path) -> None:
    rejects = Rejects()
    bad = [
        "97530\t97140\t\t20200101\t*",
        "9753\t97140\t\t20200101\t*\t1\tSequential procedure",
        "97530\t97140\t\t20200231\t*\t1\tSequential procedure",
        "97530\t97140\t\t20200101\t2020\t1\tSequential procedure",
        "97530\t97140\t\t20200101\t*\t2\tSequential procedure",
        "",
    ]
    db = book()
    fill(db, read(ptp(tmp_path, rows=[*PTP_ROWS, *bad]), rejects))
    assert [(line, reason) for _, line, reason in rejects.rows] == [
        (13, "expected 7 columns, found 5"),
        (14, "'9753' is no CPT or HCPCS number"),
        (15, "'20200231' is no day of the calendar"),
        (16, "'2020' is no date YYYYMMDD"),
        (17, "modifier indicator '2' is none of 0, 1 and 9"),
    ]
    assert db.execute("SELECT count(*) FROM ptp").fetchone() == (len(PTP_ROWS),)


def test_a_ptp_header_with_swapped_columns_stops_with_what_was_expected_and_found(tmp_path: Path) -> None:
    path = ptp(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"Column 1\tColumn 2\t", b"Column 2\tColumn 1\t"))
    with pytest.raises(Unreadable, match=r"expected the columns column 1, column 2, .*; found Column 2 \| Column 1"):
        read(path)
    path.write_bytes(ptp(tmp_path).read_bytes().replace(b"Effective\tDeletion", b"Deletion\tEffective"))
    with pytest.raises(Unreadable, match="expected the columns"):
        read(path)


def test_a_reason_that_is_new_gets_a_number_that_all_parts_agree_on(tmp_path: Path) -> None:
    new = ["97530\t97140\t\t20300101\t*\t1\tA reason of the year 2030"]
    one, other = (ptp(tmp_path, f"ccipra-v360r0-f{part}.TXT", [*PTP_ROWS, *new]) for part in (1, 2))
    db = book(one, other)
    sql = "SELECT DISTINCT text FROM ptp JOIN ptp_rationale ON id = rationale WHERE effective = 20300101"
    assert db.execute(sql).fetchall() == [("A reason of the year 2030",)]
    assert db.execute("SELECT count(*) FROM ptp_rationale").fetchone() == (len(ncci_ptp.RATIONALES) + 1,)


def test_a_ptp_workbook_gives_back_the_leading_zeros_that_it_lost(tmp_path: Path) -> None:
    rows = [line.split("\t") for line in PTP_PREAMBLE]
    path = workbook(tmp_path / "ccioph-v322r0-f1.xlsx", [*rows, (100, 1953, "", 20200101, "*", 1, "Sequential procedure")])
    assert book(path).execute("SELECT column1, column2, setting, effective FROM ptp").fetchall() == [
        ("00100", "01953", 1, 20200101)
    ]


# --- unlikely units -----------------------------------------------------------------------------------------------------


def test_an_mue_snapshot_begins_on_the_day_in_its_name_and_lasts_its_quarter(tmp_path: Path) -> None:
    harvest = read(mue(tmp_path))
    db = book()
    fill(db, harvest)
    assert (harvest.source.id, harvest.source.version) == ("ncci-mue-practitioner-2026-07-01", "2026q3")
    assert (harvest.source.valid_from, harvest.source.valid_to) == (date(2026, 7, 1), date(2026, 9, 30))
    assert db.execute("SELECT code, units, mai, rationale, effective FROM mue ORDER BY code").fetchall() == [
        ("0001U", 1, 2, "Code Descriptor / CPT Instruction", 20260701),
        ("97110", 6, 3, "Clinical: Data", 20260701),
        ("A4206", 0, 1, "CMS Policy", 20260701),
    ]


@pytest.mark.parametrize("name", ["table.csv", "MUE_Eff_13-45-2026.csv"])
def test_an_mue_file_without_a_day_in_its_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match=r"expected .* in the name \(Eff_07-01-2026\), found"):
        read(mue(tmp_path, name))


def test_mue_rows_that_do_not_parse_are_told_and_a_code_that_stands_twice_keeps_its_first_row(tmp_path: Path) -> None:
    rejects = Rejects()
    bad = ["97112,4", "97112,four,3 Date,CMS Policy", "97112,4,9 Date,CMS Policy", "XX,4,3 Date,CMS Policy", "97110,9,3 Date,CMS"]
    db = book()
    fill(db, read(mue(tmp_path, rows=[*ncci_files.MUE_ROWS, *bad]), rejects))
    assert [reason for _, _, reason in rejects.rows] == [
        "expected 4 columns, found 2",
        "'four' is no number of units",
        "adjudication indicator '9 Date' does not begin with 1, 2 or 3",
        "'XX' is no CPT or HCPCS number",
        "97110 stands twice in the snapshot: the first row is kept",
    ]
    assert db.execute("SELECT units FROM mue WHERE code = '97110'").fetchall() == [(6,)]


def test_an_mue_file_of_another_setting_than_it_was_said_to_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"expected the columns .* dme supplier services mue values .*; found .* practitioner"):
        read(mue(tmp_path), kind=KINDS["ncci-mue-dme"])


def test_an_mue_workbook_is_read_like_its_csv(tmp_path: Path) -> None:
    titles = ("HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale")
    rows = [("A notice",), titles, (100, 1, "2 Date of Service Edit: Policy", "CMS Policy")]
    path = workbook(tmp_path / "MCR_MUE_PractitionerServices_Eff_10-01-2026.xlsx", rows)
    assert book(path).execute("SELECT code, units, mai, effective FROM mue").fetchall() == [("00100", 1, 2, 20261001)]


# --- add-on codes -------------------------------------------------------------------------------------------------------


def test_days_of_the_year_in_an_addon_workbook_become_dates(tmp_path: Path) -> None:
    harvest = read(addons(tmp_path))
    db = book()
    fill(db, harvest)
    assert (harvest.source.id, harvest.source.valid_to) == ("ncci-addon-2026q2", date(2026, 6, 30))
    sql = (
        "SELECT addon, primary_code, kind, effective, deleted, addon_deleted, primary_deleted, note FROM addon_pair ORDER BY 1, 2"
    )
    assert db.execute(sql).fetchall() == [
        ("0054T", "CCCCC", 2, 20130101, None, 20241231, None, "Contractor Defined Primary Codes"),
        ("01953", "01952", 1, 20220101, None, None, None, ""),
        ("90913", "90912", 1, 20200101, None, None, None, ""),
        ("90913", "G0911", 3, 20200101, None, None, 20231231, ""),
    ]


def test_the_titles_of_an_addon_file_may_be_spelt_the_long_way_and_kinds_in_roman_numerals(tmp_path: Path) -> None:
    titles = "add_on_code,primary_code,aoc_edit_type,special_instruction_notes,aoc_del_dt_julian,primary_code_del_dt_julian,"
    path = tmp_path / "addon.csv"
    path.write_text(f"{titles}aoc_edit_eff_dt_julian,aoc_edit_del_dt_julian\n90913,90912,III,,,,2020001,2024366\n")
    assert kinds_of(only(path)) == ["ncci-addon"]
    assert book(path).execute("SELECT kind, effective, deleted FROM addon_pair").fetchall() == [(3, 20200101, 20241231)]


def test_addon_rows_that_do_not_parse_are_told(tmp_path: Path) -> None:
    rejects = Rejects()
    path = tmp_path / "aoc.csv"
    rows = ["90912,90913,1", "90912,90913,4", "90912", "CCCCC,CCCCC,2", "90912,9091,1", ""]
    path.write_text("\n".join(["primary_code,add_on_code,aoc_edit_type", *rows]))
    fill(book(), read(path, rejects))
    assert [(line, reason.split(" columns")[0]) for _, line, reason in rejects.rows] == [
        (3, "edit type '4' is none of 1, 2 and 3"),
        (4, "expected at least the 3"),
        (5, "'CCCCC' is no CPT or HCPCS number"),
        (6, "'9091' is no CPT or HCPCS number"),
    ]


@pytest.mark.parametrize("day", ["2023366", "2024000", "20240101", "2024-01"])
def test_a_day_that_a_year_does_not_have_is_no_date(tmp_path: Path, day: str) -> None:
    rejects = Rejects()
    with pytest.raises(Unreadable, match="found none that can be read"):
        fill(book(), read(addons(tmp_path, rows=[(1, 90913, "", 90912, "", day, "", "")]), rejects))
    assert "is no date YYYYDDD" in rejects.rows[0][2]


def test_an_addon_file_with_a_column_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "AOC_V2027Q1-MCR.xlsx", [(*ncci_files.AOC_TITLES, "Surprise"), ("",) * 9])
    with pytest.raises(Unreadable, match=r"expected the columns addoncode, .*; found .*surprise"):
        read(path)


# --- hostile ------------------------------------------------------------------------------------------------------------


def _spoilt(data: bytes, dice: random.Random) -> bytes:
    turn = dice.randrange(5)
    if turn == 0:
        return data[: dice.randrange(len(data))]
    if turn == 1:
        return data.decode("latin-1").encode("utf-16")
    if turn == 2:
        swapped = dice.choice([(b"\t", b","), (b",", b"\t"), (b'"', b""), (b"\r\n", b"\r"), (b"\n", b"\0")])
        return data.replace(*swapped)
    spoilt = bytearray(data)
    for _ in range(dice.randrange(1, 30)):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    return bytes(spoilt) if turn == 3 else bytes(spoilt) * 2


def test_a_spoilt_file_is_refused_or_its_rows_are_and_nothing_else_happens(tmp_path: Path) -> None:
    dice = random.Random(3)
    whole = [(path, KINDS[kinds_of(only(path))[0]]) for path in (ptp(tmp_path), mue(tmp_path), addons(tmp_path))]
    read_whole, refusals = 0, []
    for path, kind in whole:
        data = path.read_bytes()
        for _ in range(150):
            path.write_bytes(_spoilt(data, dice))
            for one in KINDS.values():
                assert one.recognise(only(path)) in {True, False}
            try:
                fill(book(), kind.read(only(path), Rejects()))
                read_whole += 1
            except Unreadable as refusal:
                refusals.append((path.name, str(refusal)))
        path.write_bytes(data)
    assert all(name in refusal for name, refusal in refusals)
    assert min(read_whole, len(refusals)) > 20


def test_a_file_of_one_endless_line_takes_no_longer_than_its_length(tmp_path: Path) -> None:
    path = tmp_path / "ccipra-v322r0-f1.TXT"
    path.write_bytes("\n".join(PTP_PREAMBLE).encode() + b"\t" * 3_000_000)
    start = time.monotonic()
    with pytest.raises(Unreadable):
        read(path)
    assert time.monotonic() - start < 20


# --- the official files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "file", "count"),
    [
        ("practitioner", "MCR_MUE_PractitionerServices", 14_677),
        ("outpatient", "MCR_MUE_OutpatientHospitalServices", 14_628),
        ("dme", "MCR_MUE_DMESupplierServices", 2_928),
    ],
)
def test_the_official_mue_files_are_read_to_the_last_row(setting: str, file: str, count: int) -> None:
    path, rejects = official(f"{file}_Eff_07-01-2024.rebuilt.csv"), Rejects()
    assert kinds_of(only(path)) == [f"ncci-mue-{setting}"]
    db = book()
    fill(db, read(path, rejects))
    assert (db.execute("SELECT count(*) FROM mue").fetchone()[0], rejects.rows) == (count, [])


def test_the_official_addon_pairs_are_read_to_the_last_row() -> None:
    path, rejects = official("aoc_active.derived.csv"), Rejects()
    db = book()
    fill(db, read(path, rejects))
    assert (db.execute("SELECT count(*) FROM addon_pair").fetchone()[0], rejects.rows) == (7_465, [])
    open_ended = db.execute("SELECT count(*) FROM addon_pair WHERE primary_code = ?", (ncci_addon.CONTRACTOR,)).fetchone()
    assert open_ended == (44,)


def test_the_excerpt_in_the_true_layout_of_2026_is_read_to_the_last_row() -> None:
    path, rejects = official("ccipra-v322r0-f1.excerpt.TXT"), Rejects()
    db = book()
    fill(db, read(path, rejects))
    lines = path.read_text("latin-1").splitlines()
    assert (db.execute("SELECT count(*) FROM ptp").fetchone()[0], rejects.rows) == (len(lines) - len(PTP_PREAMBLE), [])


def test_the_two_and_a_half_million_pairs_of_2024_are_read_to_the_last_row_and_stay_small(tmp_path: Path) -> None:
    (piece,), rejects = pieces(official("practitioner-ptp-edits-2024q3.rebuilt.zip")), Rejects()
    assert kinds_of(piece) == ["ncci-ptp-practitioner"]
    path = tmp_path / "pairs.sqlite"
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + ncci_ptp.TABLES)
    db.execute("BEGIN")
    fill(db, _read(piece, rejects))
    db.execute("COMMIT")
    assert (db.execute("SELECT count(*) FROM ptp").fetchone()[0], rejects.rows) == (2_546_017, [])
    assert path.stat().st_size < 110_000_000


def _read(piece: Piece, rejects: Rejects) -> Harvest:
    return KINDS["ncci-ptp-practitioner"].read(piece, rejects)
