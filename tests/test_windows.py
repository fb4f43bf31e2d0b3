"""From releases to windows."""

import json
from datetime import date

from consultant.codebook.schema import CodeRow, SourceInfo
from consultant.codebook.windows import Release, merge


def release(year: int, *codes: tuple[str, str], start: date | None = None, end: date | None = None) -> Release:
    window = start or date(year - 1, 10, 1), end or date(year, 9, 30)
    source = SourceInfo(f"icd-{year}", "ICD", str(year), "", "", *window)
    rows = [CodeRow(code, "ICD-10-CM", "code", title, True, True, source=source.id) for code, title in codes]
    return source, rows


def windows(*releases: Release) -> dict[str, list[tuple[str, str | None, str | None]]]:
    found: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for row in merge(releases):
        found.setdefault(row.code, []).append((row.title, row.effective, row.ended))
    return found


def test_a_code_that_never_changes_is_one_row_without_dates() -> None:
    assert windows(release(2021, ("A00", "Cholera")), release(2022, ("A00", "Cholera"))) == {"A00": [("Cholera", None, None)]}


def test_a_code_that_goes_ends_the_day_before_the_release_without_it() -> None:
    found = windows(release(2021, ("N18.3", "Stage 3"), ("A00", "Cholera")), release(2022, ("A00", "Cholera")))
    assert found["N18.3"] == [("Stage 3", None, "2021-09-30")]


def test_a_code_that_comes_begins_with_its_first_release() -> None:
    found = windows(release(2021, ("A00", "Cholera")), release(2022, ("A00", "Cholera"), ("N18.30", "Stage 3, unspecified")))
    assert found["N18.30"] == [("Stage 3, unspecified", "2021-10-01", None)]


def test_a_code_with_another_title_is_two_rows_that_meet() -> None:
    found = windows(release(2021, ("A00", "Cholera")), release(2022, ("A00", "Cholera, any")))
    assert found["A00"] == [("Cholera", None, "2021-09-30"), ("Cholera, any", "2021-10-01", None)]


def test_an_accent_or_a_parent_that_only_one_file_tells_is_no_change() -> None:
    first, second = release(2021, ("M14.6", "Charcot's joint")), release(2022, ("M14.6", "Charcôt's joint"))
    second = (second[0], [row._replace(parent="M14") for row in second[1]])
    [row] = merge([first, second])
    assert (row.title, row.parent, row.effective, row.ended) == ("Charcôt's joint", "M14", None, None)


def test_titles_composed_from_tables_do_not_end_the_order_files_titles() -> None:
    order, tables = release(2022, ("0DTJ4ZZ", "Resection of Appendix")), release(2023, ("0DTJ4ZZ", "Resection, Appendix"))
    tables = (tables[0], [row._replace(source="icd10pcs-tables-2023") for row in tables[1]])
    assert windows(order, tables)["0DTJ4ZZ"] == [("Resection of Appendix", None, None)]


def test_releases_may_come_in_any_order() -> None:
    first, second = release(2021, ("A00", "Cholera")), release(2022, ("A00", "Cholera, any"))
    assert windows(second, first) == windows(first, second)


def test_a_missing_year_is_not_papered_over() -> None:
    april = release(2026, ("B00", "Herpes"), start=date(2026, 4, 1), end=date(2026, 9, 30))
    [gone] = [row for row in merge([release(2022, ("A00", "Cholera"), ("B00", "Herpes")), april]) if row.code == "A00"]
    assert (gone.ended, json.loads(gone.facts)) == ("2022-09-30", {"gap_until": "2026-04-01"})


def test_an_april_release_ends_what_the_october_release_had() -> None:
    april = release(2026, start=date(2026, 4, 1), end=date(2026, 9, 30))
    assert windows(release(2026, ("A00", "Cholera")), april)["A00"] == [("Cholera", None, "2026-03-31")]


def test_a_code_that_comes_back_has_a_gap() -> None:
    found = windows(release(2021, ("A00", "x")), release(2022), release(2023, ("A00", "x")))
    assert found["A00"] == [("x", None, "2021-09-30"), ("x", "2022-10-01", None)]


def test_rows_with_dates_of_their_own_keep_them() -> None:
    source, [row] = release(2021, ("J0135", "drug"))
    [kept] = merge([(source, [row._replace(effective="2005-01-01", ended="2020-12-31")]), release(2022)])
    assert (kept.effective, kept.ended) == ("2005-01-01", "2020-12-31")
