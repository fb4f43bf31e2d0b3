"""What official files say of the codes of our records: learned once, never typed, and the record's own word counts more."""

from pathlib import Path

import pytest

from consultant.codebook import official
from consultant.codebook.knowledge import Record
from consultant.management.commands.facts import disagreements, reach

SKIN = {"status": "A", "global_days": "010", "mue": 1, "mue_mai": 2}
PLAIN = {"code": "11200", "system": "CPT", "title": "Skin tags taken off"}


def test_what_was_learned_is_read_back_as_it_was(tmp_path: Path) -> None:
    facts: dict[str, official.Facts] = {"11200": SKIN, "11201": {"status": "A", "addon": True, "addon_type": 1}}
    official.write(tmp_path / official.NAME, facts)
    assert official.read(tmp_path / official.NAME) == facts


def test_a_folder_without_official_facts_has_none(tmp_path: Path) -> None:
    assert official.read(tmp_path / official.NAME) == {}


def test_a_table_with_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / official.NAME).write_text("code\tprice\n11200\t7\n", encoding="ascii")
    with pytest.raises(ValueError, match="consultant facts --learn"):
        official.read(tmp_path / official.NAME)


def test_a_record_takes_the_official_facts_and_names_the_files_they_come_from() -> None:
    record = Record.model_validate(official.completed(PLAIN, SKIN, []))
    assert record.facts == SKIN
    assert [origin.title for origin in record.source] == [
        "CMS Physician Fee Schedule relative value file, October 2025",
        "NCCI MUE table for practitioners, 2024 Q3",
    ]


def test_what_a_record_says_itself_counts() -> None:
    record = Record.model_validate(official.completed({**PLAIN, "facts": {"mue": 2, "most": 15}}, SKIN, []))
    assert record.facts == {**SKIN, "mue": 2, "most": 15}


def test_a_record_without_a_source_rests_on_that_of_its_file() -> None:
    manual = {"title": "A manual", "date": "2025-01-01"}
    assert [origin.title for origin in Record.model_validate(official.completed(PLAIN, {}, [manual])).source] == ["A manual"]
    own = {**PLAIN, "source": [{"title": "Another manual", "date": "2025-01-01"}]}
    assert [origin.title for origin in Record.model_validate(official.completed(own, {}, [manual])).source] == ["Another manual"]


def test_a_fact_that_the_files_hold_otherwise_is_named_and_so_is_one_that_is_missing() -> None:
    record = Record.model_validate(official.completed({**PLAIN, "facts": {"mue": 2}}, {"status": "A"}, []))
    told = list(disagreements({"11200": record}, {"11200": SKIN}))
    assert "11200: mue is 2, the official files say 1" in told
    assert "11200: global_days is not told, the official files say 010" in told
    assert not any("status" in sentence for sentence in told)


def test_the_map_counts_by_section_what_the_schedule_pays_for_and_what_we_know() -> None:
    lines = list(reach(["11200", "11201", "17000", "99213"], {"11200", "17000", "99213"}))
    assert "  skin and breast                2 of      3 (67%)" in lines
    assert "  visits                         1 of      1 (100%)" in lines
