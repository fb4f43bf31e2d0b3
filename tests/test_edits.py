"""Maria bills two codes on one day, or too many units of one: what NCCI says of it."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from consultant.codebook import edits
from tests.ncci_files import AOC_ROWS, PTP_ROWS, addons, book, mue, ptp

TODAY = date(2026, 8, 1)


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    return book(ptp(tmp_path), ptp(tmp_path, "ccioph-v322r0-f1.TXT", PTP_ROWS[:1]), mue(tmp_path), addons(tmp_path))


# --- pairs --------------------------------------------------------------------------------------------------------------


def test_a_pair_is_found_whichever_code_is_named_first(db: sqlite3.Connection) -> None:
    found = edits.edits(db, "97140", "97530", TODAY)
    assert found == edits.edits(db, "97530", "97140", TODAY)
    assert {(edit.column1, edit.column2) for edit in found} == {("97530", "97140"), ("97140", "97530")}


def test_the_row_in_force_comes_first_and_the_one_that_never_was_comes_last(db: sqlite3.Connection) -> None:
    found = edits.edits(db, "97140", "97530", TODAY)
    assert [(edit.setting, edit.in_force, edit.indicator) for edit in found] == [
        ("practitioner", True, 1),
        ("outpatient", True, 1),
        ("practitioner", False, 0),
        ("practitioner", False, 9),
    ]
    first = found[0]
    assert (first.column1, first.effective, first.deleted) == ("97530", date(2020, 1, 1), None)
    assert first.rationale == "Misuse of Column Two code with Column One code"
    assert first.source == "ncci-ptp-practitioner-2026q3-f1"


def test_the_same_pair_five_years_ago_had_another_row_in_force(db: sqlite3.Connection) -> None:
    first = edits.edits(db, "97140", "97530", date(2015, 5, 5))[0]
    assert (first.in_force, first.indicator, first.deleted) == (True, 0, date(2019, 12, 31))


@pytest.mark.parametrize(
    ("day", "in_force"), [(date(2023, 12, 31), True), (date(2024, 1, 1), False), (date(2021, 12, 31), False)]
)
def test_an_edit_still_applies_on_its_deletion_date_and_not_before_its_first_day(
    db: sqlite3.Connection, day: date, in_force: bool
) -> None:
    (edit,) = edits.edits(db, "G0471", "0001A", day)
    assert edit.in_force is in_force


def test_an_edit_with_indicator_9_never_applied_not_even_on_the_day_it_names(db: sqlite3.Connection) -> None:
    day = date(1996, 1, 1)
    assert [(edit.in_force, edit.indicator) for edit in edits.edits(db, "13120", "13121", day)] == [(True, 0), (False, 9)]


def test_a_pair_without_an_edit_and_a_code_with_itself_have_none(db: sqlite3.Connection) -> None:
    assert edits.edits(db, "99213", "99214", TODAY) == ()
    assert edits.edits(db, "97530", "97530", TODAY) == ()


def test_the_newest_release_speaks_alone_for_the_codes_it_has(tmp_path: Path) -> None:
    ended = ["97530\t97140\t\t20200101\t20260930\t1\tMisuse of Column Two code with Column One code"]
    new, old = ptp(tmp_path, "ccipra-v323r0-f1.TXT", ended), ptp(tmp_path)
    for order in ((new, old), (old, new)):
        db = book(*order)
        (edit, never) = edits.edits(db, "97530", "97140", date(2026, 10, 1))
        assert (edit.deleted, edit.source, edit.in_force) == (date(2026, 9, 30), "ncci-ptp-practitioner-2026q4-f1", False)
        assert never.indicator == 9  # column 1 is 97140, of which the new part has no row


def test_a_part_that_was_not_added_yet_leaves_the_older_release_in_use_for_its_codes(tmp_path: Path) -> None:
    db = book(ptp(tmp_path), ptp(tmp_path, "ccipra-v323r0-f1.TXT", PTP_ROWS[:2]))
    assert edits.edits(db, "13121", "13120", TODAY)[0].source == "ncci-ptp-practitioner-2026q3-f1"
    assert edits.edits(db, "97530", "97140", TODAY)[0].source == "ncci-ptp-practitioner-2026q4-f1"


def test_a_first_code_that_is_split_between_two_parts_is_read_from_both(tmp_path: Path) -> None:
    db = book(
        ptp(tmp_path, "ccipra-v323r0-f1.TXT", PTP_ROWS[:1]),
        ptp(tmp_path, "ccipra-v323r0-f2.TXT", ["97530\t99213\t\t20200101\t*\t1\tSequential procedure"]),
    )
    assert len(edits.edits(db, "97530", "97140", TODAY)) == 1
    assert len(edits.edits(db, "97530", "99213", TODAY)) == 1


# --- units --------------------------------------------------------------------------------------------------------------


def test_the_limit_of_a_code_is_that_of_its_setting(db: sqlite3.Connection) -> None:
    limit = edits.mue(db, "97110", "practitioner", TODAY)
    assert limit == edits.Mue(
        "97110", "practitioner", 6, 3, "Clinical: Data", date(2026, 7, 1), "ncci-mue-practitioner-2026-07-01"
    )
    assert edits.mue(db, "97110", "dme", TODAY) is None


def test_a_later_snapshot_replaces_the_earlier_one_from_its_first_day_on(tmp_path: Path) -> None:
    rows = ["97110,8,3 Date of Service Edit: Clinical,CMS Policy"]
    db = book(mue(tmp_path, "MUE_Eff_10-01-2026.csv", rows), mue(tmp_path))
    before, after = date(2026, 9, 30), date(2026, 10, 1)
    assert [limit and limit.units for limit in (edits.mue(db, "97110", "practitioner", day) for day in (before, after))] == [6, 8]
    assert edits.mue(db, "0001U", "practitioner", before) is not None
    assert edits.mue(db, "0001U", "practitioner", after) is None  # the new snapshot has it no longer


def test_a_day_before_the_first_snapshot_has_no_limit(db: sqlite3.Connection) -> None:
    assert edits.mue(db, "97110", "practitioner", date(2026, 6, 30)) is None


# --- add-on codes -------------------------------------------------------------------------------------------------------


def test_a_primary_code_knows_its_addons_and_an_addon_its_parents(db: sqlite3.Connection) -> None:
    assert [pair.addon for pair in edits.addon_pairs(db, "90912")] == ["90913"]
    assert [(pair.primary_code, pair.kind) for pair in edits.parents(db, "90913")] == [("90912", 1), ("G0911", 3)]
    assert edits.parents(db, "90912") == ()


def test_a_deleted_parent_counts_to_its_last_day(db: sqlite3.Connection) -> None:
    assert [len(edits.parents(db, "90913", day)) for day in (date(2023, 12, 31), date(2024, 1, 1), date(2019, 1, 1))] == [2, 1, 0]


def test_an_addon_whose_parents_the_contractor_defines_says_so(db: sqlite3.Connection) -> None:
    (pair,) = edits.parents(db, "0054T")
    assert (pair.contractor_defined, pair.kind, pair.addon_deleted) == (True, 2, date(2024, 12, 31))
    assert not pair.in_force(TODAY)


def test_the_newest_release_of_addons_speaks_alone(tmp_path: Path) -> None:
    db = book(addons(tmp_path), addons(tmp_path, "AOC_V2026Q4-MCR.xlsx", AOC_ROWS[:1]))
    assert edits.parents(db, "90913") == ()
    assert edits.parents(db, "01953")[0].source == "ncci-addon-2026q4"
    corrected = book(addons(tmp_path, "AOC_V2026Q2_01-MCR.xlsx", AOC_ROWS[1:]), addons(tmp_path))
    assert edits.parents(corrected, "01953") == ()


# --- a book without these files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", [sqlite3.connect(":memory:"), book()], ids=["no tables", "no rows"])
def test_a_book_without_ncci_files_answers_with_nothing(empty: sqlite3.Connection) -> None:
    assert edits.edits(empty, "97140", "97530", TODAY) == ()
    assert edits.mue(empty, "97110", "practitioner", TODAY) is None
    assert edits.addon_pairs(empty, "90912") == edits.parents(empty, "90913") == ()
