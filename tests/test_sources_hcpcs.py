"""HCPCS Level II: three layouts, one content; what has ended and what took its place; the AMA's and the ADA's texts stay out."""

import csv
import json
import random
import sqlite3
import tomllib
from collections import Counter
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from consultant.codebook import hcpcs_history
from consultant.codebook.schema import Harvest
from consultant.codebook.sources import hcpcs, hcpcs_changes, starter
from consultant.codebook.sources.files import Piece, Rejects, Unreadable, pieces
from consultant.codebook.sources.hcpcs_layout import COLUMNS
from consultant.vocabulary import System
from tests.hcpcs_files import (
    LONG,
    RELEASE,
    Cells,
    a_code,
    a_modifier,
    book,
    by_code,
    fixed,
    successors,
    table,
    taken,
    the_piece,
    workbook,
)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "codes" / "hcpcs"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the official files are not here ({SHARED})")


# --- one release, three layouts -----------------------------------------------------------------------------------------------


def test_a_fixed_width_release_brings_codes_with_text_dates_and_facts(tmp_path: Path) -> None:
    harvest, rejects = taken(the_piece(tmp_path / "HCPC2019_CONTR_ANWEB.txt", fixed(RELEASE)))
    frame = by_code(harvest)["A9001"]
    assert (frame.title, frame.system, frame.official, frame.billable) == (LONG, System.HCPCS, True, True)
    assert (frame.effective, frame.ended) == ("2010-01-01", None)
    assert json.loads(frame.facts) == {
        "coverage": "C",
        "price": ["32", "36"],
        "betos": "D1E",
        "tos": ["P", "R"],
        "action": "N",
        "mcm": ["2100.1"],
        "action_date": "2010-01-01",
        "anaesthesia_units": "3",
    }
    assert (harvest.source.id, harvest.source.valid_from, harvest.source.codes) == ("hcpcs-2019", date(2019, 1, 1), 7)
    assert {row.source for row in harvest.codes} == {"hcpcs-2019"}
    assert {(row.field, row.text) for row in harvest.surfaces if row.code == "A9001"} == {
        ("title", LONG),
        ("keyword", "Rolling frame"),
    }
    assert not rejects.count


def test_the_workbook_and_its_csv_say_the_same_as_the_lines(tmp_path: Path) -> None:
    lines, _ = taken(the_piece(tmp_path / "HCPC2019_CONTR_ANWEB.txt", fixed(RELEASE)))
    older, _ = taken(the_piece(tmp_path / "HCPC2019_old_ANWEB.txt", fixed(RELEASE, cut_continuations=True)))
    sheet, _ = taken(the_piece(workbook(tmp_path / "HCPC2019_CONTR_ANWEB.xlsx", {"A": table(RELEASE)})))
    with (tmp_path / "HCPC2019_ANWEB.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(table(RELEASE)[2:])
    saved, _ = taken(the_piece(tmp_path / "HCPC2019_ANWEB.csv"))
    assert lines.codes == sheet.codes == saved.codes == older.codes
    assert successors(lines) == successors(sheet) == successors(saved)


def test_a_text_left_over_in_a_second_row_of_the_workbook_is_joined(tmp_path: Path) -> None:
    rest = dict.fromkeys(COLUMNS, "") | {"HCPC": "A9001", "SEQNUM": "0020", "RECID": "4", "LONG DESCRIPTION": "or by the dozen"}
    rows = table([a_code("A9001"), rest, a_code("A9002")])
    harvest, rejects = taken(the_piece(workbook(tmp_path / "anweb.xlsx", {"A": rows})))
    assert by_code(harvest)["A9001"].title == "Rolling frame, each or by the dozen"
    assert not rejects.count


def test_modifiers_get_a_dash_and_those_of_the_ama_no_text(tmp_path: Path) -> None:
    harvest, _ = taken(the_piece(tmp_path / "HCPC2019_CONTR_ANWEB.txt", fixed(RELEASE)))
    ours, theirs = by_code(harvest)["-QZ"], by_code(harvest)["-P1"]
    assert (ours.system, ours.title, ours.official) == (System.MODIFIER, "Done on a frame", True)
    assert (theirs.title, theirs.official) == ("CPT modifier P1", False)
    assert "not ours" not in repr(harvest.codes) + repr(harvest.surfaces)


def test_a_modifier_that_came_back_has_two_windows(tmp_path: Path) -> None:
    rows = [a_modifier("QZ", "On a frame", term="20121231"), a_modifier("QZ", "On a frame", add="20150101", action="R")]
    harvest, rejects = taken(the_piece(tmp_path / "HCPC2019_ANWEB.txt", fixed(rows)))
    assert [(row.effective, row.ended) for row in harvest.codes] == [("2010-01-01", "2012-12-31"), ("2015-01-01", None)]
    assert not rejects.count


def test_nothing_of_the_ada_and_no_cpt_row_gets_in(tmp_path: Path) -> None:
    harvest, rejects = taken(the_piece(tmp_path / "HCPC2019_ANWEB.txt", fixed([*RELEASE, a_code("97001", "Not ours to keep")])))
    assert not {"D1110", "97001"} & set(by_code(harvest))
    assert "D1110" not in repr(harvest)
    assert "xref" not in json.loads(by_code(harvest)["J9002"].facts)
    assert "Not ours" not in repr(harvest) + repr(rejects.rows)
    assert [reason for _, _, reason in rejects.rows] == ["'97001' is a CPT code"]


@pytest.mark.parametrize(
    ("name", "source", "window"),
    [
        ("HCPC2026_OCT_ANWEB.txt", "hcpcs-2026q4", (date(2026, 10, 1), date(2026, 12, 31))),
        ("HCPC2020_10_anweb.txt", "hcpcs-2020q4", (date(2020, 10, 1), date(2020, 12, 31))),
        ("HCPC2025_JAN_ANWEB_v2.txt", "hcpcs-2025q1", (date(2025, 1, 1), date(2025, 3, 31))),
        ("january-2025-alpha-numeric-hcpcs-file.txt", "hcpcs-2025q1", (date(2025, 1, 1), date(2025, 3, 31))),
        ("2019-Alpha-Numeric-HCPCS-File.txt", "hcpcs-2019", (date(2019, 1, 1), date(2019, 12, 31))),
        ("HCPC2026_OCT_ANWEB.excerpt.txt", "hcpcs-2026q4-excerpt", (date(2026, 10, 1), date(2026, 12, 31))),
        ("anweb.txt", "hcpcs-2019-01-01", (date(2019, 1, 1), None)),
    ],
)
def test_the_name_tells_the_release(tmp_path: Path, name: str, source: str, window: tuple[date, date | None]) -> None:
    harvest, _ = taken(the_piece(tmp_path / name, fixed(RELEASE)))
    assert (harvest.source.id, (harvest.source.valid_from, harvest.source.valid_to)) == (source, window)


# --- what took its place ------------------------------------------------------------------------------------------------------


def test_an_ended_code_names_its_successors_or_the_same_text_does(tmp_path: Path) -> None:
    harvest, _ = taken(the_piece(tmp_path / "HCPC2019_ANWEB.txt", fixed(RELEASE)))
    assert successors(harvest) == [
        ("C9001", "J9001", "cross-reference"),
        ("C9001", "97001", "cross-reference"),
        ("C9002", "J9002", "same text"),
    ]
    with closing(book(harvest)) as db:
        assert hcpcs_history.successors(db, "C9001") == ("97001", "J9001")
        assert hcpcs_history.successors(db, "A9001") == hcpcs_history.successors(db, "none") == ()


def test_successors_that_ended_themselves_give_way_to_theirs(tmp_path: Path) -> None:
    rows = [
        a_code("C9136", "Frame fluid", term="20150331", xref1="Q9975"),
        a_code("Q9975", "Frame fluid, per unit", add="20150401", term="20151231", xref1="J7205"),
        a_code("J7205", "Frame fluid, per unit, any maker", add="20160101"),
    ]
    harvest, _ = taken(the_piece(tmp_path / "HCPC2019_ANWEB.txt", fixed(rows)))
    with closing(book(harvest)) as db:
        assert hcpcs_history.successors(db, "C9136") == ("Q9975",)
        assert hcpcs_history.successors(db, "C9136", date(2015, 5, 1)) == ("Q9975",)
        assert hcpcs_history.successors(db, "C9136", date(2019, 1, 1)) == ("J7205",)


def test_codes_that_point_at_each_other_end_the_search(tmp_path: Path) -> None:
    rows = [a_code("A9001", term="20150331", xref1="A9002"), a_code("A9002", term="20150331", xref1="A9001")]
    harvest, _ = taken(the_piece(tmp_path / "HCPC2019_ANWEB.txt", fixed(rows)))
    with closing(book(harvest)) as db:
        assert hcpcs_history.successors(db, "A9001", date(2019, 1, 1)) == ("A9002",)


def test_a_later_release_corrects_a_successor(tmp_path: Path) -> None:
    wrong, right = (a_code("C9468", term="20181231", xref1=code) for code in ("J7023", "J7203"))
    older, _ = taken(the_piece(tmp_path / "HCPC2019_ANWEB.txt", fixed([wrong])))
    newer, _ = taken(the_piece(tmp_path / "HCPC2020_10_anweb.txt", fixed([right])))
    with closing(book(newer, older)) as db:
        assert hcpcs_history.successors(db, "C9468") == ("J7203",)


def test_a_book_without_hcpcs_files_knows_of_no_history() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        assert hcpcs_history.successors(db, "C9001", date(2020, 1, 1)) == hcpcs_history.changes(db, "C9001") == ()


# --- the transaction report ---------------------------------------------------------------------------------------------------

HEADER_2019 = ["HCPCS/MOD", "TYPE OF CHANGE", "SHORT DESCRIPTION", "LONG DESCRIPTION"]
HEADER_2020 = ["HCPC", "ACTION CD", "SHORT DESCRIPTION", "LONG DESCRIPTION"]
CHANGES = [
    ["J5", "ADD"],
    ["A9001", "DISCONTINUED"],
    ["A9002", "No Change"],
    ["D1110", "ADD"],
    ["G0001", "Coverage and Long Desc Change"],
]


def report(path: Path, header: list[str], rows: list[list[str]]) -> Piece:
    key = [["Action Codes", ""], ["A", "Add"], ["T", "Miscellaneous change (BETOS)"]]
    sheets = {"Changes by HCPC": [["Note"], header, *rows], "Changes by Action Code": [header, *rows], "Action Code Key": key}
    return the_piece(workbook(path, sheets))


@pytest.mark.parametrize("header", [HEADER_2019, HEADER_2020])
def test_a_transaction_report_tells_what_changed(tmp_path: Path, header: list[str]) -> None:
    piece, rejects = report(tmp_path / "HCPC2020_10_trans_alpha.xlsx", header, CHANGES), Rejects()
    assert hcpcs_changes.KINDS[0].recognise(piece)
    assert not hcpcs.KINDS[0].recognise(piece)
    with closing(book(hcpcs_changes.read(piece, rejects))) as db:
        assert not rejects.count
        assert hcpcs_history.changes(db, "-J5") == (hcpcs_history.Change("A", "2020-10-01", "hcpcs-changes-2020q4"),)
        assert hcpcs_history.changes(db, "A9001")[0].meaning == "discontinued"
        assert db.execute("SELECT count(*) FROM hcpcs_change").fetchone() == (3,)


def test_an_unknown_change_is_listed_and_a_new_word_in_the_key_is_learnt(tmp_path: Path) -> None:
    rejects = Rejects()
    rows = [["A9001", "Repainted"], ["A9002", "Miscellaneous change (BETOS)"], ["nonsense", "ADD"]]
    harvest = hcpcs_changes.read(report(tmp_path / "HCPC2020_10_trans_alpha.xlsx", HEADER_2020, rows), rejects)
    assert [row[:2] for row in harvest.tables["hcpcs_change"]] == [("A9002", "T")]
    assert [line for _, line, _ in rejects.rows] == [3, 5]


def test_a_report_with_another_header_says_what_it_found(tmp_path: Path) -> None:
    piece = report(tmp_path / "HCPC2020_10_trans_alpha.xlsx", ["Code", "What"], CHANGES)
    with pytest.raises(Unreadable, match=r"expected a sheet with the header HCPC, ACTION CD.*found .*Code, What"):
        hcpcs_changes.read(piece, Rejects())


# --- what does not fit --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (a_code("A9001", add="20101301"), "'20101301' is no date"),
        (a_code("A9001", add="soon"), "'soon' is no date"),
        (a_code("A9001", term="20091231"), "A9001 ends on 2009-12-31, before it begins on 2010-01-01"),
        (a_code("A9001", ""), "A9001 has no text"),
        (a_code("A9O01"), "'A9O01' is no HCPCS Level II code"),
        (a_code("A9001", recid="9"), "record id '9' with the sequence number '0010'"),
        (a_code("A9001", recid="4"), "a continuation of A9001 that does not follow it"),
        (a_code("B9009"), "B9009 stands twice with the same first day"),
    ],
)
def test_a_row_that_does_not_parse_is_listed_with_its_line_and_reason(tmp_path: Path, row: Cells, reason: str) -> None:
    rows = table([a_code("B9009"), row])
    harvest, rejects = taken(the_piece(workbook(tmp_path / "HCPC2019_ANWEB.xlsx", {"A": rows})))
    assert set(by_code(harvest)) == {"B9009"}
    assert rejects.rows == [("HCPC2019_ANWEB.xlsx", 5, reason)]


def test_a_line_that_was_cut_is_listed(tmp_path: Path) -> None:
    whole = fixed([a_code("A9001"), a_code("A9002")])
    harvest, rejects = taken(the_piece(tmp_path / "HCPC2019_ANWEB.txt", whole[:-60]))
    assert set(by_code(harvest)) == {"A9001"}
    assert rejects.rows == [("HCPC2019_ANWEB.txt", 5, "a line of 262 characters: it was cut")]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (
            [*COLUMNS[:3], COLUMNS[4], COLUMNS[3], *COLUMNS[5:]],
            "expected LONG DESCRIPTION in column 4 .* found SHORT DESCRIPTION",
        ),
        (list(COLUMNS[:-1]), "expected ACTION CD in column 48 .* found nothing"),
        ([*COLUMNS, "NEW ONE"], "expected no more columns in column 49 .* found NEW ONE"),
    ],
)
def test_a_changed_header_stops_the_import_and_says_where(tmp_path: Path, header: list[str], told: str) -> None:
    piece = the_piece(workbook(tmp_path / "HCPC2019_ANWEB.xlsx", {"A": [header, ["A9001"]]}))
    with pytest.raises(Unreadable, match=told):
        hcpcs.read(piece, Rejects())


def test_other_files_are_not_taken_for_this_one(tmp_path: Path) -> None:
    for name, content in (
        ("a.txt", b""),
        ("b.csv", b"HCPCS,MOD\nA9001,\n"),
        ("c.xlsx", b"PK\x03\x04"),
        ("d.TXT", b"A9001\t97001\t\t20200101\n" * 99),
    ):
        assert not any(kind.recognise(the_piece(tmp_path / name, content)) for kind in (*hcpcs.KINDS, *hcpcs_changes.KINDS))


def test_broken_files_end_in_a_sentence_or_in_rejects(tmp_path: Path) -> None:
    chance = random.Random(3)
    good = workbook(tmp_path / "good.xlsx", {"A": table(RELEASE)}).read_bytes()
    text = fixed(RELEASE).encode("latin-1")
    for turn in range(60):
        whole = bytearray(good if turn % 2 else text)
        damaged = whole[: chance.randrange(len(whole))] if turn % 4 < 2 else whole
        for _ in range(turn % 5):
            damaged[chance.randrange(len(damaged)) : 0] = b"" if not damaged else bytes([chance.randrange(256)])
        piece = the_piece(tmp_path / ("HCPC2019_ANWEB.xlsx" if turn % 2 else "HCPC2019_ANWEB.txt"), bytes(damaged))
        for read in (hcpcs.read, hcpcs_changes.read):
            with suppress(Unreadable):
                assert all(row.title for row in read(piece, Rejects()).codes)


# --- the official files -------------------------------------------------------------------------------------------------------


def official(name: str, member: str = "") -> Piece:
    return next(piece for piece in pieces(SHARED / name) if piece.stem.endswith(member))


@pytest.fixture(scope="module")
def release_2019() -> Harvest:
    harvest, rejects = taken(official("2019-Alpha-Numeric-HCPCS-File.zip", "ANWEB.txt"))
    assert not rejects.count
    return harvest


@pytest.fixture(scope="module")
def release_2020() -> Harvest:
    harvest, rejects = taken(official("HCPC2020_10_anweb.xlsx"))
    assert not rejects.count
    return harvest


@shared
def test_the_releases_hold_as_many_codes_as_their_files(release_2019: Harvest, release_2020: Harvest) -> None:
    assert Counter(row.system for row in release_2019.codes) == {System.HCPCS: 6440, System.MODIFIER: 360}
    assert Counter(row.system for row in release_2020.codes) == {System.HCPCS: 6825, System.MODIFIER: 371}
    assert sum(row.ended is not None for row in release_2019.codes) == 515
    assert not [row.code for row in (*release_2019.codes, *release_2020.codes) if row.code.startswith("D")]


@shared
def test_lines_and_workbook_of_2019_agree(release_2019: Harvest) -> None:
    """The workbook lacks the action date of 115 codes, the lines the fourth type of service of two; all else is the same."""
    sheet, _ = taken(official("2019-Alpha-Numeric-HCPCS-File.zip", "ANWEB.xlsx"))
    lines, others = by_code(release_2019), by_code(sheet)
    assert list(lines) == list(others)
    differ: Counter[str] = Counter()
    for code, row in lines.items():
        assert row._replace(facts="") == others[code]._replace(facts="")
        one, other = json.loads(row.facts), json.loads(others[code].facts)
        differ.update(name for name in {*one, *other} if one.get(name) != other.get(name))
    assert differ == {"action_date": 115, "tos": 2}
    assert lines["G0503"].title.endswith("treatment goals and are prepared for discharge from active treatment")


@shared
def test_the_same_text_never_contradicts_a_cross_reference(release_2019: Harvest, release_2020: Harvest) -> None:
    for harvest in (release_2019, release_2020):
        begun = {(row.title.lower(), row.effective): row.code for row in harvest.codes}
        compared = 0
        for row in harvest.codes:
            told = (
                [name for code, name, why in successors(harvest) if code == row.code and why == "cross-reference"]
                if row.ended
                else []
            )
            same = begun.get((row.title.lower(), str(date.fromisoformat(row.ended) + timedelta(days=1)))) if row.ended else None
            if told and same:
                compared += 1
                assert same in told
        assert compared > 50


@shared
def test_ended_codes_of_2020_lead_to_what_is_billed_instead(release_2019: Harvest, release_2020: Harvest) -> None:
    with closing(book(release_2019, release_2020)) as db:
        found = {
            code: hcpcs_history.successors(db, code, date(2020, 11, 1)) for code in ("C9136", "C9468", "G0436", "C9036", "A0021")
        }
    assert found == {"C9136": ("J7205",), "C9468": ("J7203",), "G0436": ("99406", "99407"), "C9036": ("J0222",), "A0021": ()}


@shared
def test_the_transaction_reports_agree_with_their_releases(release_2019: Harvest, release_2020: Harvest) -> None:
    reports = [official("2019-Alpha-Numeric-HCPCS-File.zip", "Trans_Alpha.xlsx"), official("HCPC2020_10_trans_alpha.xlsx")]
    for piece, release, count in zip(reports, (release_2019, release_2020), (428, 51), strict=True):
        rejects = Rejects()
        changed = {code: action for code, action, _, _ in hcpcs_changes.read(piece, rejects).tables["hcpcs_change"]}
        actions = {row.code: json.loads(row.facts)["action"] for row in release.codes}
        assert not rejects.count
        assert changed == {code: action for code, action in actions.items() if action != "N"}
        assert len(changed) == count


@shared
def test_the_excerpt_of_2026_is_read_as_an_excerpt() -> None:
    harvest, rejects = taken(official("HCPC2026_OCT_ANWEB.excerpt.csv"))
    rows = by_code(harvest)
    assert (harvest.source.id, len(rows), rejects.count) == ("hcpcs-2026q4-excerpt", 20, 0)
    assert (rows["-JG"].effective, rows["-JG"].ended) == ("2018-01-01", "2024-12-31")


@shared
def test_first_and_last_days_agree_with_what_others_read_in_2024(release_2020: Harvest) -> None:
    """Nobody moved a first day since, nor one that was the last: what ended later is all that differs."""
    with (SHARED / "hcpcs_level2_admin.derived.csv").open(encoding="utf-8", newline="") as file:
        later = {row["hcpcs_code"]: (row["date_added"], row["date_term"] or None) for row in csv.DictReader(file)}
    codes = [row for row in release_2020.codes if row.system == System.HCPCS]
    assert len(codes) == 6825
    for row in codes:
        begun, gone = later[row.code]
        assert row.effective == begun
        assert row.ended in (gone, None)


@shared
def test_our_own_records_quote_hcpcs_texts_word_for_word() -> None:
    with (SHARED / "hcpcs_level2_descriptions.derived.csv").open(encoding="utf-8", newline="") as file:
        texts = {row["hcpcs_code"]: row["hcpcs_description"] for row in csv.DictReader(file) if row["hcpcs_desc_type"] == "Long"}
    claimed = [
        record
        for path in sorted(starter.FOLDER.glob("records/*.toml"))
        for record in tomllib.loads(path.read_text(encoding="utf-8"))["record"]
        if any(
            "HCPCS Level II file" in origin["title"] and "text" in origin.get("where", "") for origin in record.get("source", ())
        )
    ]
    assert len(claimed) > 50
    differ = [record["code"] for record in claimed if " ".join(texts.get(record["code"], "").split()) != record["title"]]
    assert not differ
