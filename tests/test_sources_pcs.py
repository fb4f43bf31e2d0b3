"""ICD-10-PCS as CMS publishes it: the order file, tables expanded by their axes, index and definitions."""

from __future__ import annotations

import sqlite3
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from consultant.codebook import icd_tables
from consultant.codebook.schema import Harvest
from consultant.codebook.sources import icd10cm_order, icd10pcs
from consultant.codebook.sources.files import Piece, pieces
from consultant.vocabulary import System
from tests.icd_files import kind_among, order_lines, piece, read_as_one_of, survives

SHARED = Path(__file__).resolve().parents[2] / "shared" / "codes" / "icd10pcs"
KINDS = (*icd10cm_order.KINDS, *icd10pcs.KINDS)
kind_of, read = partial(kind_among, KINDS), partial(read_as_one_of, KINDS)

ORDER = [
    ("001", 0, "Central Nervous System and Cranial Nerves, Bypass"),
    ("0016070", 1, "Bypass Cerebral Ventricle to Nasopharynx with Autologous Tissue Substitute, Open Approach"),
    ("0016071", 1, "Bypass Cerebral Ventricle to Mastoid Sinus with Autologous Tissue Substitute, Open Approach"),
    ("B00", 0, "Imaging, Central Nervous System, Plain Radiography"),
    ("B00B0ZZ", 1, "Plain Radiography of Spinal Cord using High Osmolar Contrast"),
]
TABLES = """<?xml version="1.0" encoding="utf-8"?>
<ICD10PCS.tabular><version>2031</version><title>2031 ICD-10-PCS Tables</title>
<pcsTable>
<axis pos="1" values="1"><title>Section</title><label code="0">Medical and Surgical</label></axis>
<axis pos="2" values="1"><title>Body System</title><label code="D">Gastrointestinal System</label></axis>
<axis pos="3" values="1"><title>Operation</title><label code="T">Resection</label><definition>Cutting out all</definition></axis>
<pcsRow codes="4">
<axis pos="4" values="2"><title>Body Part</title><label code="J">Appendix</label><label code="9">Duodenum</label></axis>
<axis pos="5" values="2"><title>Approach</title><label code="0">Open</label><label code="4">Percutaneous Endoscopic</label></axis>
<axis pos="6" values="1"><title>Device</title><label code="Z">No Device</label></axis>
<axis pos="7" values="1"><title>Qualifier</title><label code="Z">No Qualifier</label></axis></pcsRow>
<pcsRow codes="9">
<axis pos="4" values="1"><title>Body Part</title><label code="8">Small Intestine</label></axis>
<axis pos="5" values="1"><title>Approach</title><label code="0">Open</label></axis>
<axis pos="6" values="1"><title>Device</title><label code="Z">No Device</label></axis>
<axis pos="7" values="1"><title>Qualifier</title><label code="Z">No Qualifier</label></axis></pcsRow>
</pcsTable></ICD10PCS.tabular>
"""
INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10PCS.index><version>2031</version><title>2031 ICD-10-PCS Index</title><letter><title>A</title>
<mainTerm><title>Abdominoplasty</title><term level="1"><see>Alteration, Abdominal Wall<codes>0W0F</codes></see></term>
<term level="1"><see>Repair, Abdominal Wall<codes>0WQF</codes></see></term></mainTerm>
<mainTerm><title>Abortion</title><term level="1"><title>Vacuum</title><code>10A07Z6</code></term></mainTerm>
<mainTerm><title>Accessory spleen</title><use>Spleen</use></mainTerm>
<mainTerm><title>Acromionectomy</title><see>Excision, Upper Joints<tab>0RB</tab></see></mainTerm>
<mainTerm><title>Odd</title><codes>0IOx</codes></mainTerm></letter></ICD10PCS.index>
"""
DEFINITIONS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10PCS.definitions><version>2031</version><section code="0"><title>Medical and Surgical</title>
<axis pos="3"><title>Operation</title><terms><title>Resection</title><definition>Cutting out all of a body part</definition>
<explanation>Without replacement</explanation><includes>Total nephrectomy</includes></terms></axis>
<axis pos="4"><title>Body Part</title><terms><title>Brachial Vein, Left</title><title>Brachial Vein, Right</title>
<includes>Radial vein</includes><includes>Ulnar vein</includes></terms></axis>
<axis pos="12"><title>Nowhere</title></axis></section></ICD10PCS.definitions>
"""


def tables(*found: Harvest) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.executescript(icd10pcs.TABLES + icd10pcs.INDEXES)
    for harvest in found:
        for table, rows in harvest.tables.items():
            for row in rows:
                db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    return db


def test_an_order_file_gives_codes_below_the_headings_of_their_tables(tmp_path: Path) -> None:
    harvest, rejects = read(piece(tmp_path, "icd10pcs_order_2031.txt", order_lines(ORDER)))
    rows = {row.code: row for row in harvest.codes}
    assert harvest.source.id == "icd10pcs-order-2031"
    assert (harvest.source.valid_from, harvest.source.valid_to) == (date(2030, 10, 1), date(2031, 9, 30))
    assert (rows["001"].billable, rows["0016070"].billable, rows["0016070"].parent) == (False, True, "001")
    assert (harvest.source.codes, rejects.count) == (3, 0)
    assert len(harvest.surfaces) == len(rows), "one wording a code"


def test_an_excerpt_of_imaging_alone_is_told_from_diagnoses_by_its_name(tmp_path: Path) -> None:
    harvest, _ = read(piece(tmp_path, "icd10pcs_order_2031.txt", order_lines(ORDER[3:])))
    assert {row.system for row in harvest.codes} == {System.ICD10PCS}


def test_the_values_of_a_row_multiply_to_its_codes(tmp_path: Path) -> None:
    harvest, rejects = read(piece(tmp_path, "icd10pcs_tables_2031.xml", TABLES))
    rows = {row.code: row for row in harvest.codes}
    assert set(rows) == {"0DT", "0DTJ0ZZ", "0DTJ4ZZ", "0DT90ZZ", "0DT94ZZ"}
    assert rows["0DTJ4ZZ"].title == "Resection, Appendix, Percutaneous Endoscopic (Gastrointestinal System)"
    assert (rows["0DT"].title, rows["0DT"].billable) == ("Gastrointestinal System, Resection", False)
    assert harvest.source.codes == 4
    assert rejects.rows == [("icd10pcs_tables_2031.xml", 0, "table 0DT, row 2: its axes make 1 codes, not the 9 told")]


def test_a_row_that_would_make_too_many_codes_is_rejected(tmp_path: Path) -> None:
    labels = "".join(f'<label code="{c}">x</label>' for c in "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    axes = "".join(f'<axis pos="{pos}"><title>x</title>{labels}</axis>' for pos in range(4, 8))
    flood = TABLES.replace("</pcsTable>", f"<pcsRow>{axes}</pcsRow></pcsTable>")
    harvest, rejects = read(piece(tmp_path, "icd10pcs_tables_2031.xml", flood))
    assert harvest.source.codes == 4
    assert "1336336 codes" in rejects.rows[1][2]


def test_the_index_leads_to_codes_stems_and_other_entries(tmp_path: Path) -> None:
    harvest, rejects = read(piece(tmp_path, "icd10pcs_index_2031.xml", INDEX))
    db = tables(harvest)
    found = icd_tables.procedure(db, "abdominoplasty")
    assert [(line.stem, line.see) for line in found] == [
        ("0W0F", "see Alteration, Abdominal Wall"),
        ("0WQF", "see Repair, Abdominal Wall"),
    ]
    assert icd_tables.procedure(db, "vacuum abortion")[0].stem == "10A07Z6"
    assert icd_tables.procedure(db, "accessory spleen")[0].see == "use Spleen"
    assert icd_tables.procedure(db, "acromionectomy")[0].stem == "0RB"
    assert [(surface.code, surface.text) for surface in harvest.surfaces] == [("10A07Z6", "Abortion, Vacuum")]
    assert "'0IOx' does not begin like a code" in rejects.rows[0][2]


def test_definitions_are_found_by_each_value_that_shares_them(tmp_path: Path) -> None:
    harvest, rejects = read(piece(tmp_path, "icd10pcs_definitions_2031.xml", DEFINITIONS))
    db = tables(harvest)
    (resection,) = icd_tables.value(db, "resection")
    assert (resection.axis, resection.axis_title, resection.definition) == (3, "Operation", "Cutting out all of a body part")
    (vein,) = icd_tables.value(db, "left brachial vein")
    assert (vein.term, vein.includes) == ("Brachial Vein, Left", "Radial vein; Ulnar vein")
    assert "no axis '12'" in rejects.rows[0][2]


@pytest.mark.parametrize(
    "text", [order_lines(ORDER), TABLES, INDEX, DEFINITIONS], ids=["order", "tables", "index", "definitions"]
)
@pytest.mark.parametrize("damage", ["cut", "utf-16", "swapped", "entity", "encoding"])
def test_a_damaged_file_is_unreadable_or_gives_what_is_left(tmp_path: Path, text: str, damage: str) -> None:
    raw = text.encode()
    survives(
        tmp_path,
        KINDS,
        text,
        damage,
        {"swapped": [raw.replace(b"code=", b"pos=").replace(b" 1 ", b"1  "), raw.replace(b"label", b"axis")]},
    )


# --- the agency's own files ---------------------------------------------------------------------------------------------


def shared(name: str) -> list[Piece]:
    if not (SHARED / name).exists():
        pytest.skip(f"the agency's file {name} is not beside this repository: {SHARED} has no such file")
    return pieces(SHARED / name)


def test_the_tables_of_2025_make_78948_codes_and_the_index_and_definitions_are_whole() -> None:
    found = {kind_of(one).id: read(one) for one in shared("zip-2025-icd10pcs.zip")}
    assert set(found) == {"icd10pcs-tables", "icd10pcs-index", "icd10pcs-definitions"}
    assert [rejects.rows for _, rejects in found.values()] == [[], [], []]
    codes, index, definitions = (found[f"icd10pcs-{name}"][0] for name in ("tables", "index", "definitions"))
    assert (codes.source.codes, len(codes.codes)) == (78_948, 78_948 + 908)
    assert len({row.title for row in codes.codes}) == 78_948 + 908, "each title is one code's own"
    lines = list(index.tables["pcs_index"])
    assert sum(1 for line in lines if line[2]) == 12_152 + 2_794 + 1_415, "codes, code and tab elements"
    assert len(list(definitions.tables["pcs_value"])) == 1_066
    db = tables(index, definitions)
    assert {value.section for value in icd_tables.value(db, "Bypass")} == {"0", "X"}
    assert icd_tables.procedure(db, "Abdominohysterectomy")[0].stem == "0UT9"


def test_the_order_file_of_2022_is_read_without_a_reject() -> None:
    harvest, rejects = read(shared("2022-order.rebuilt.zip")[0])
    assert (len(harvest.codes), harvest.source.codes, rejects.count) == (79_115, 78_220, 0)
    assert (harvest.source.valid_from, harvest.source.valid_to) == (date(2021, 10, 1), date(2022, 9, 30))
