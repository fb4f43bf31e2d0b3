"""Official files from the shelf to the book: small ones of our own, and all those beside the project, where there are any."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as house_settings
from django.core.management import call_command
from django.core.management.base import CommandError

from consultant import advice, classifier, codebook, question
from consultant.codebook import Codebook, compare, shelf
from consultant.codebook.schema import FOLDER, POINTER
from consultant.codebook.sources.files import Unreadable
from consultant.vocabulary import System
from tests import ncci_files

ROOT = Path(__file__).resolve().parent.parent
OFFICIAL = ROOT.parent / "shared" / "codes"


def said(*words: str, data: Path, settings: object) -> str:
    settings.DATA_DIR = data  # type: ignore[attr-defined]
    out = StringIO()
    call_command("codebook", *words, stdout=out)
    return out.getvalue()


# --- with small files of our own --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pairs(book: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    """The starter book with a small NCCI release in it."""
    data = tmp_path_factory.mktemp("pairs")
    shelf.add(data, ncci_files.ptp(data))
    shelf.add(data, ncci_files.addons(data))
    shelf.add(data, ncci_files.mue(data))
    codebook.build(data)
    return codebook.current(data)


def answer(text: str, opened: Codebook, on: date) -> str:
    findings = classifier.classify(question.read(text, today=on), opened, on)
    return "\n".join(statement.text for statement in advice.advise(findings, opened).statements)


def test_a_pair_in_force_is_told_with_its_direction_and_indicator(pairs: Codebook) -> None:
    told = answer("Can 97140 and 97530 be billed together for Medicare?", pairs, date(2026, 7, 1))
    assert "column 1 97530, column 2 97140, modifier indicator 1" in told
    assert "misuse of column two code" in told
    assert "was not checked" not in told.replace("No NCCI edit file", "")


def test_the_same_pair_on_an_older_date_has_the_rule_of_that_day(pairs: Codebook) -> None:
    assert "modifier indicator 0 (no modifier helps" in answer("Can 97140 and 97530 be billed together?", pairs, date(2015, 1, 1))


def test_a_pair_without_an_edit_is_said_to_have_none(pairs: Codebook) -> None:
    assert "No NCCI procedure pair" in answer("Can 97110 and 97530 be billed together?", pairs, date(2026, 7, 1))


def test_a_book_without_edits_says_that_it_could_not_check(book: Codebook) -> None:
    assert "No NCCI edit file is in this book" in answer("Can 97140 and 97530 be billed together?", book, date(2026, 7, 1))


def test_units_over_the_official_limit_are_told_with_their_indicator(pairs: Codebook) -> None:
    told = answer("Medicare: 120 minutes of therapeutic exercise in one day. How many units?", pairs, date(2026, 8, 1))
    assert "8 units of 97110 are more than its MUE of 6, a limit for the day that proof of need may lift" in told


def test_a_book_does_not_differ_from_itself(pairs: Codebook) -> None:
    assert list(compare.changes(pairs.path, pairs.path)) == []


def test_a_new_quarter_is_told_as_what_came_went_and_changed(pairs: Codebook, tmp_path: Path) -> None:
    rows = [row.replace("\t1\tMisuse", "\t0\tMisuse") for row in ncci_files.PTP_ROWS if not row.startswith("13121")]
    shelf.add(tmp_path, ncci_files.ptp(tmp_path, rows=[*rows, "97110\t97150\t\t20260401\t*\t1\tMore extensive procedure"]))
    shelf.add(tmp_path, ncci_files.mue(tmp_path, rows=["97110,8,3 Date of Service Edit: Clinical,Clinical: Data"]))
    codebook.build(tmp_path)
    told = {(c.what, c.code): (c.old, c.new) for c in compare.changes(pairs.path, codebook.current(tmp_path).path)}
    assert told == {
        ("edit added", "97110/97150"): ("", "1"),
        ("edit ended", "13121/13120"): ("0", ""),
        ("edit changed", "97530/97140"): ("1", "0"),
        ("units changed", "97110 practitioner"): ("6", "8"),
    }


def test_what_is_not_known_is_named_and_left_out_and_nothing_known_is_an_error(tmp_path: Path, settings: object) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    good = ncci_files.ptp(tmp_path)
    told = said("add", str(good), str(tmp_path / "holiday.jpg"), data=tmp_path / "data", settings=settings)
    assert "added ccipra-v322r0-f1.TXT: ncci-ptp-practitioner" in told
    assert "left out holiday.jpg: no source that is known here" in told
    assert "known ccipra-v322r0-f1.TXT" in said("add", str(good), data=tmp_path / "data", settings=settings)
    with pytest.raises(CommandError, match="Nothing was added"):
        said("add", str(tmp_path / "holiday.jpg"), data=tmp_path / "data", settings=settings)


def test_a_build_that_is_killed_leaves_the_old_book_in_use(tmp_path: Path, book: Codebook) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / book.path.name).write_bytes(book.path.read_bytes())
    (folder / POINTER).write_text(book.path.name + "\n")
    shelf.add(tmp_path, ncci_files.ptp(tmp_path))
    env = {**os.environ, "CONSULTANT_DATA": str(tmp_path)}
    for wait in (0.8, 2.0, 4.0):
        build = subprocess.Popen(
            [sys.executable, "-m", "consultant", "codebook", "build"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        time.sleep(wait)
        build.send_signal(signal.SIGKILL)
        build.wait(30)
        opened = codebook.current(tmp_path)
        assert opened.record("N39.3") is not None
        if opened.version == book.version:
            assert not opened.has_edits()
    codebook.build(tmp_path)
    assert codebook.current(tmp_path).has_edits()
    assert list(folder.glob(".*.part")) == []


# --- with all that lies beside the project ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything(request: pytest.FixtureRequest) -> Iterator[Codebook]:
    """All official files in one book, built once for all workers of the run."""
    if not OFFICIAL.is_dir():
        pytest.skip("the official code files are not beside this repository (../shared/codes): only small ones were tested")
    data = Path(house_settings.DATA_DIR) / "everything"
    data.mkdir(exist_ok=True)
    with (data / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for file in sorted(path for path in OFFICIAL.rglob("*") if path.is_file()):
            try:
                shelf.add(data, file)
            except Unreadable:  # documents and derived lists, which the command names
                continue
        codebook.build(data)
    return codebook.current(data)


@pytest.mark.timeout(300)
def test_every_release_brings_what_it_says(everything: Codebook) -> None:
    rows = {piece: count for one in shelf.kept(everything.path.parent.parent) for piece, _, count in one.pieces}
    told = {name.rpartition("/")[2]: count for name, count in rows.items()}
    assert told["2018_I9gem.txt"] == 24_860
    assert told["2018_I10gem.txt"] == 81_593
    assert told["PPRRVU2025_Oct.no_cpt_descriptors.csv"] == 19_090
    assert told["MCR_MUE_PractitionerServices_Eff_07-01-2024.rebuilt.csv"] == 14_677
    assert told["MCR_MUE_OutpatientHospitalServices_Eff_07-01-2024.rebuilt.csv"] == 14_628
    assert told["MCR_MUE_DMESupplierServices_Eff_07-01-2024.rebuilt.csv"] == 2_928


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("SELECT count(*) FROM ptp", 2_546_017),
        ("SELECT count(*) FROM mue", 14_677 + 14_628 + 2_928),
        ("SELECT count(*) FROM addon_pair", 7_465),
        ("SELECT count(*) FROM code WHERE system = 'ICD-10-PCS' AND official AND billable AND ended IS NULL", 78_948),
        ("SELECT count(*) FROM code WHERE system = 'ICD-10-CM' AND billable AND ended IS NULL AND kind = 'code'", 74_719),
    ],
)
def test_the_book_holds_them_all(everything: Codebook, query: str, count: int) -> None:
    assert everything._rows(query) == [(count,)]


@pytest.mark.timeout(300)
def test_questions_of_a_day_are_answered_as_of_that_day(everything: Codebook) -> None:
    ended = everything.lookup("C9136", date(2026, 1, 1))
    assert (ended.standing, ended.successors) == ("ended", ("J7205",))
    assert everything.lookup("C9136", date(2015, 1, 1)).standing == "billable"
    assert everything.lookup("N18.3", date(2026, 5, 1)).standing == "header"
    assert [child.code for child in everything.lookup("N18.3", date(2026, 5, 1)).children] == ["N18.30", "N18.31", "N18.32"]
    assert everything.lookup("Q99.99").standing == "unknown"
    [edit] = [edit for edit in everything.edits("97140", "97530", date(2019, 6, 1)) if edit.in_force]
    assert (edit.column1, edit.column2, edit.indicator) == ("97140", "97530", 1)
    assert [edit for edit in everything.edits("97140", "97530", date(2026, 6, 1)) if edit.in_force] == []
    mue = everything.mue("97110", date(2024, 8, 1))
    assert mue is not None
    assert everything.addon_parents("90913") == ["90912"]


@pytest.mark.timeout(300)
def test_the_tables_answer_their_own_entries(everything: Codebook) -> None:
    hits = everything.search("poisoning by ibuprofen, accidental (unintentional)", System.ICD10CM, 5)
    assert hits[0].code.startswith("T39.311")


@pytest.mark.timeout(300)
def test_no_descriptor_of_the_ama_or_the_ada_is_in_the_book(everything: Codebook) -> None:
    own = everything._rows("SELECT count(*) FROM code WHERE system = 'CPT' AND source <> 'starter' AND title <> ''")
    dental = everything._rows("SELECT count(*) FROM code WHERE system = 'HCPCS' AND code LIKE 'D____' AND source <> 'starter'")
    assert (own, dental) == ([(0,)], [(0,)])
