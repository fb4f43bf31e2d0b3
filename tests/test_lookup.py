"""`consultant lookup`, `search` and `codebook`: what people and programs read."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consultant.codebook import Codebook, Standing


def said(*words: str, **options: object) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_inside_the_releases_window_a_code_is_simply_valid(book: Codebook) -> None:
    found = book.lookup("N39.3", date(2026, 5, 1))
    assert found.standing is Standing.BILLABLE
    assert found.status == "N39.3 is a valid, billable code, as of the ICD-10-CM tabular list, April 2026 release."


def test_after_the_window_the_answer_says_so_and_never_claims_that_the_code_ended(book: Codebook) -> None:
    status = book.lookup("N39.3", date(2026, 11, 22)).status
    assert "as of the ICD-10-CM tabular list, April 2026 release" in status
    assert "1 April 2026 to 30 September 2026; 22 November 2026 lies outside it" in status
    assert "ended" not in status


def test_a_heading_names_the_codes_under_it(book: Codebook) -> None:
    found = book.lookup("E11")
    assert found.standing is Standing.HEADER
    assert "can't be billed" in found.status
    assert ("E11.9", True) in [(child.code, child.billable) for child in found.children]
    assert [code for code, _ in found.above] == ["Chapter 4", "E08-E13"]


def test_a_code_that_is_not_in_the_book_gets_its_nearest_neighbours(book: Codebook) -> None:
    found = book.lookup("E11.99")
    assert found.standing is Standing.UNKNOWN
    assert found.record is None
    assert "written like an ICD-10-CM code, but it is not in this book" in found.status
    assert found.nearest[0].code == "E11.9"


def test_what_is_no_code_is_told_so(book: Codebook) -> None:
    assert book.lookup("hello there").standing is Standing.NO_CODE


def test_our_own_records_are_called_our_own(book: Codebook) -> None:
    found = book.lookup("90913")
    assert found.addon_parents == ("90912",)
    assert "our own summary" in found.status
    assert "No official file of CPT" in found.status


def test_what_the_payer_lists_is_told_in_words_and_is_no_code_to_look_up(book: Codebook) -> None:
    found = replace(book.lookup("90913"), addon_parents=("90912", "CCCCC"))
    assert found.joins == ("90912",)
    assert found.joins_what_the_payer_lists
    assert not book.lookup("90913").joins_what_the_payer_lists


# --- the commands -------------------------------------------------------------------------------------------------------


def test_lookup_shows_title_standing_notes_with_their_places_and_the_source(book: Codebook) -> None:
    shown = said("lookup", "n393", "--date", "2026-05-01")
    assert shown.startswith("N39.3  Stress incontinence (female) (male)\n")
    assert "Excludes1:\n  mixed incontinence (N39.46)" in shown
    assert "Excludes2 (from N39):" in shown
    assert book.version in shown.replace("\n", "")


def test_lookup_of_a_heading_lists_its_children(book: Codebook) -> None:
    assert "E11.9  Type 2 diabetes mellitus without complications" in said("lookup", "E11")


def test_lookup_of_a_base_code_shows_the_add_on_that_joins_it(book: Codebook) -> None:
    assert "Add-on codes that may join it: 90913" in said("lookup", "90912")


def test_lookup_as_json_is_one_object_with_everything(book: Codebook) -> None:
    found = json.loads(said("lookup", "N39.3", "--date", "2026-05-01", "--json"))
    assert found["code"] == "N39.3"
    assert found["standing"] == "billable"
    assert found["record"]["official"] is True
    assert found["on"] == "2026-05-01"
    assert found["codebook"] == book.version
    assert {"kind": "excludes1", "text": "mixed incontinence (N39.46)", "of": "N39.3"} in found["notes"]


def test_lookup_of_an_unknown_code_ends_with_one(book: Codebook) -> None:
    with pytest.raises(SystemExit) as ended:
        said("lookup", "E11.99")
    assert ended.value.code == 1


def test_a_date_that_is_none_is_refused(book: Codebook) -> None:
    with pytest.raises(CommandError, match="write it like 2026-05-31"):
        said("lookup", "N39.3", "--date", "yesterday")


def test_search_shows_codes_and_the_words_that_brought_them(book: Codebook) -> None:
    shown = said("search", "stress incontinence", "--limit", "1")
    assert shown.startswith("N39.3")
    assert "stress" in shown


def test_search_as_json_gives_hits_with_words(book: Codebook) -> None:
    found = json.loads(said("search", "stress incontinence", "--system", "icd10cm", "--json"))
    assert found["hits"][0]["code"] == "N39.3"
    assert found["hits"][0]["words"]["stress"] == "title"


def test_a_system_that_does_not_exist_is_refused_by_name(book: Codebook) -> None:
    with pytest.raises(CommandError, match="There is no system SNOMED"):
        said("search", "x", "--system", "SNOMED")


@pytest.mark.parametrize(
    "words", [("lookup", "N39.3"), ("search", "x"), ("search", "--jsonl"), ("codebook", "info"), ("codebook", "verify")]
)
def test_without_a_book_every_command_says_what_to_run(
    words: tuple[str, ...], tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="run `consultant codebook build` first") as refused:
        said(*words)
    assert refused.value.returncode == 2


def test_info_lists_each_source_with_its_window_and_verify_finds_the_book_sound(book: Codebook) -> None:
    shown = said("codebook", "info")
    assert book.version in shown
    assert "74,719" in shown
    assert "2026-04-01" in shown
    assert said("codebook", "verify") == f"Codebook {book.version} is sound.\n"


def test_a_second_build_says_that_nothing_has_changed(book: Codebook) -> None:
    version = said("codebook", "build").splitlines()[0].split()[-1]
    assert said("codebook", "build").startswith(f"Nothing has changed: codebook {version}\n")


def test_a_book_can_be_written_elsewhere_without_being_taken_into_use(tmp_path: Path, book: Codebook) -> None:
    assert said("codebook", "build", "--out", str(tmp_path / "book.sqlite")).startswith("Built codebook")
    assert (tmp_path / "book.sqlite").stat().st_size > 10_000_000
    assert sorted(file.name for file in tmp_path.iterdir()) == ["book.sqlite"]
