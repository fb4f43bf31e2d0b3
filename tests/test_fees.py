"""What the fee schedule says and pays: Charlie asks for an amount and sees how it comes about."""

from __future__ import annotations

import random
import sqlite3
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from consultant.codebook import places
from consultant.codebook.fee_meanings import MEANINGS, adjustment
from consultant.codebook.fee_rows import modifiers
from consultant.codebook.fees import fee, payment
from tests.fee_files import FEES, anesthesia, book, counties, gpci, official, pprrvu

ON = date(2025, 11, 3)
INDICATORS = {"pre": "0.10", "intra": "0.69", "post": "0.21", "global_days": "090", "pctc": "0"}


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    return book(pprrvu(tmp_path), gpci(tmp_path), anesthesia(tmp_path), counties(tmp_path))


def amount(
    db: sqlite3.Connection, code: str, modifier: str = "", locality: str = "national", *, facility: bool = False
) -> Decimal | None:
    found = payment(db, code, modifier, locality, ON, facility)
    assert found
    return found.amount


def remarks(db: sqlite3.Connection, code: str, modifier: str = "", locality: str = "national", *, facility: bool = False) -> str:
    found = payment(db, code, modifier, locality, ON, facility)
    assert found
    return " ".join(found.remarks)


def test_a_fee_is_the_row_of_the_release_in_force(db: sqlite3.Connection) -> None:
    found = fee(db, " 99213", "", ON)
    assert found
    assert (found.work, found.pe_facility, found.status, found.valid_to) == (
        Decimal("1.30"),
        Decimal("0.57"),
        "A",
        date(2025, 12, 31),
    )
    assert fee(db, "99213", "", date(2026, 1, 1)) is None
    assert fee(db, "99213", "", date(2025, 9, 30)) is None
    assert fee(db, "99213") == found
    assert fee(db, "99213", "TC", ON) is None
    assert modifiers(db, "70496") == ("", "26")


def test_a_correction_of_the_same_quarter_takes_over(tmp_path: Path) -> None:
    later = pprrvu(
        tmp_path / "later", rows=[FEES[0].replace("1.30,1.35,,0.57,,0.10,2.75,1.97", "2.30,1.35,,0.57,,0.10,3.75,2.97")]
    )
    later.write_bytes(later.read_bytes().replace(b"09/11/2025", b"10/20/2025"))
    for order in ((pprrvu(tmp_path), later), (later, pprrvu(tmp_path))):
        found = fee(book(*order), "99213", "", ON)
        assert found
        assert found.work == Decimal("2.30")


def test_from_2026_on_the_ordinary_factor_is_taken_unless_the_other_is_asked_for(tmp_path: Path) -> None:
    ordinary, other = (pprrvu(tmp_path / track, f"PPRRVU2026_Jul_{track}.csv") for track in ("nonQPP", "QPP"))
    ordinary.write_bytes(ordinary.read_bytes().replace(b"32.3465", b"33.4009"))
    other.write_bytes(other.read_bytes().replace(b"32.3465", b"33.5675"))
    db, day = book(other, ordinary), date(2026, 8, 1)
    found = [payment(db, "99213", "", "", day, True, track=track) for track in ("", "nonQPP", "QPP")]
    assert [one.amount for one in found if one] == [Decimal("65.80"), Decimal("65.80"), Decimal("66.13")]


def test_the_arithmetic_is_shown_step_by_step_and_is_exact(db: sqlite3.Connection) -> None:
    found = payment(db, "99213", "", "AL", ON, False)
    assert found
    assert [(step.label, step.arithmetic, str(step.value)) for step in found.steps] == [
        ("work", "1.30 × 1.000", "1.30000"),
        ("practice expense", "1.35 × 0.869", "1.17315"),
        ("malpractice", "0.10 × 0.575", "0.05750"),
        ("relative values at the place", "1.30000 + 1.17315 + 0.05750", "2.53065"),
        ("times the conversion factor", "2.53065 × 32.3465", "81.857670225"),
        ("rounded to cents", "81.857670225", "81.86"),
    ]
    assert (found.amount, found.place and found.place.name, found.remarks) == (Decimal("81.86"), "ALABAMA", ())


def test_a_facility_pays_the_lower_practice_expense(db: sqlite3.Connection) -> None:
    assert (amount(db, "99213"), amount(db, "99213", facility=True)) == (Decimal("88.95"), Decimal("63.72"))


def test_imaging_is_capped_by_the_outpatient_amount(db: sqlite3.Connection) -> None:
    found = payment(db, "70496", "", "national", ON, False)
    assert found
    assert found.amount == Decimal("257.80")  # (1.75 + 6.11 + 0.11) × 32.3465, not 8.42 × 32.3465
    assert "outpatient cap" in " ".join(step.label for step in found.steps)
    assert amount(db, "70496", "26") == Decimal("79.57")
    assert "technical part is not paid" in remarks(db, "70496", facility=True)
    assert "technical part" not in remarks(db, "70496", "26", facility=True)


@pytest.mark.parametrize(
    ("modifier", "paid", "said"),
    [
        ("-50", "1886.45", "150 percent for both sides"),
        ("62", "786.02", "two surgeons may be paid"),
        ("80", "201.22", "an assistant may be paid"),
        ("AS", "171.04", "an assistant may be paid"),
        ("54", "993.53", "pre + intra"),
        ("55", "264.10", "post"),
        ("78", "867.77", "intra"),
        ("RT", "1257.63", "no effect on the amount"),
    ],
)
def test_a_modifier_is_one_more_step(db: sqlite3.Connection, modifier: str, paid: str, said: str) -> None:
    assert amount(db, "27447", modifier) == Decimal(paid)
    assert said in remarks(db, "27447", modifier)


@pytest.mark.parametrize("modifier", ["66", "22", "52", "26", "TC"])
def test_a_modifier_that_leaves_no_amount_says_why_and_shows_no_steps(db: sqlite3.Connection, modifier: str) -> None:
    found = payment(db, "27447", modifier, "national", ON, True)
    assert found
    assert (found.amount, found.steps) == (None, ())
    assert f"Modifier {modifier}: " in found.remarks[-1]


def test_shares_and_sides_follow_the_indicators() -> None:
    assert adjustment("54", INDICATORS | {"global_days": "XXX"})[0] is None
    assert adjustment("78", INDICATORS | {"global_days": "000"})[0] == 1
    assert adjustment("55", INDICATORS | {"post": "0.00"})[0] is None
    assert [adjustment("50", {"bilateral": value})[0] for value in "01239"] == [None, Decimal("1.5"), 1, 2, None]
    assert [adjustment("80", {"assistant": value})[0] for value in "0129"] == [Decimal("0.16"), None, Decimal("0.16"), None]
    assert [adjustment("62", {"cosurgeon": value})[0] for value in "0129"] == [None, Decimal("0.625"), Decimal("0.625"), None]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("0075T", "Status C: the Medicare contractor sets the price"),
        ("D0120", "It has no relative values"),
        ("00100", "(base units + minutes ÷ 15) × 27.86 at this place"),
    ],
)
def test_what_the_schedule_leaves_to_others_has_no_amount_but_words(db: sqlite3.Connection, code: str, said: str) -> None:
    assert amount(db, code, locality="AK 01") is None
    assert said in remarks(db, code, locality="AK 01")


def test_rarely_outside_a_facility_is_said(db: sqlite3.Connection) -> None:
    assert "Rarely or never furnished outside a facility." in remarks(db, "27447")
    assert "Rarely" not in remarks(db, "27447", facility=True)


@pytest.mark.parametrize("text", ["13202-01", "1320201", "13202/01", "NY 01", "ny-01", "Manhattan", " MANHATTAN "])
def test_a_locality_is_found_by_number_state_or_name(db: sqlite3.Connection, text: str) -> None:
    assert [(place.contractor, place.name, place.pe) for place in places.places(db, text, ON)] == [
        ("13202", "MANHATTAN", Decimal("1.166"))
    ]


def test_a_state_of_several_localities_asks_for_one(db: sqlite3.Connection) -> None:
    assert amount(db, "99213", locality="NY") is None
    assert "NY has 2 localities; one must be named: 13202-01 MANHATTAN, 13282-99" in remarks(db, "99213", locality="NY")
    assert "No locality 'Atlantis'" in remarks(db, "99213", locality="Atlantis")
    assert places.places(db, "AL", date(2024, 1, 1)) == ()


def test_a_place_knows_its_counties_and_its_anaesthesia_factor(db: sqlite3.Connection) -> None:
    (alaska,) = places.places(db, "AK")
    assert places.counties(db, alaska, ON) == "ALL COUNTIES"
    assert places.anesthesia_factor(db, alaska, ON) == Decimal("27.86")
    assert places.anesthesia_factor(db, alaska, date(2024, 1, 1)) is None


def test_indicators_are_explained_in_our_own_words(db: sqlite3.Connection) -> None:
    found = fee(db, "27447", "", ON)
    assert found
    said = found.meanings()
    assert said["global period"] == "the day before, the day of the procedure, and 90 days after it"
    assert said["two surgeons"] == "two surgeons may be paid when the record shows the need"
    assert "supervision of diagnostic tests" not in said  # 09 says nothing


def test_a_book_without_fees_answers_nothing() -> None:
    empty = sqlite3.connect(":memory:")
    assert fee(empty, "99213") is None
    assert payment(empty, "99213", "", "AL", ON, True) is None
    assert places.places(empty, "AL") == ()
    assert modifiers(empty, "99213") == ()


# --- the official files, where they are -------------------------------------------------------------------------------


def test_every_official_indicator_has_its_meaning() -> None:
    db = book(official("pfs/PPRRVU2025_Oct.no_cpt_descriptors.csv"))
    missing = {
        (column, value)
        for column, known in MEANINGS.items()
        for (value,) in db.execute(f"SELECT DISTINCT {column} FROM fee")
        if value and value not in known
    }
    assert missing == set()


def test_national_amounts_are_the_totals_times_the_factor_where_no_cap_is_lower() -> None:
    db = book(official("pfs/PPRRVU2025_Oct.no_cpt_descriptors.csv"))
    keys = db.execute("SELECT code, modifier FROM fee WHERE status = 'A' ORDER BY code").fetchall()
    capped = 0
    for code, modifier in random.Random(3).sample(keys, 1500):
        found = payment(db, code, modifier, "national", ON, False)
        assert found
        if not found.fee.payable:
            assert found.amount is None
            continue
        assert found.amount is not None
        whole = (found.fee.total_nonfacility * found.fee.conversion_factor).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        capped += found.amount < whole
        assert found.amount <= whole
    assert capped < 30


def test_lookups_are_quick_on_the_official_book(capsys: pytest.CaptureFixture[str]) -> None:
    db = book(*(official(f"pfs/{name}") for name in ("PPRRVU2025_Oct.no_cpt_descriptors.csv", "GPCI2025.csv")))
    keys = random.Random(5).choices(db.execute("SELECT code, modifier FROM fee").fetchall(), k=2000)
    taken = []
    for code, modifier in keys:
        started = time.perf_counter()
        assert payment(db, code, modifier, "10112-00", ON, True)
        taken.append(time.perf_counter() - started)
    with capsys.disabled():
        print(f"\npayment: p50 {sorted(taken)[1000] * 1000:.3f} ms, p99 {sorted(taken)[1980] * 1000:.3f} ms")
