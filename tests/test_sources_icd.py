"""ICD-10-CM as the agencies publish it: order files, tabular lists, indexes, tables; on slices of our own, then on real files."""

from __future__ import annotations

import sqlite3
import zipfile
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from consultant.codebook import icd_tables
from consultant.codebook.schema import Harvest
from consultant.codebook.sources import icd, icd10cm, icd10cm_index, icd10cm_order, icd10cm_tables
from consultant.codebook.sources.files import Piece, Rejects, Unreadable, pieces
from consultant.vocabulary import System
from tests.icd_files import kind_among, order_lines, piece, read_as_one_of, survives

SHARED = Path(__file__).resolve().parents[2] / "shared" / "codes" / "icd10cm"
KINDS = (*icd10cm_order.KINDS, *icd10cm_index.KINDS, *icd10cm_tables.KINDS)
kind_of, read = partial(kind_among, KINDS), partial(read_as_one_of, KINDS)

ORDER = [
    ("H33", 0, "Retinal detachments and breaks"),
    ("H3300", 0, "Unspecified retinal detachment with retinal break"),
    ("H33001", 1, "Unspecified retinal detachment with retinal break, right eye"),
    ("T51", 0, "Toxic effect of alcohol"),
    ("T510", 0, "Toxic effect of ethanol"),
    ("T510X", 0, "Toxic effect of ethanol"),
    ("T510X1", 0, "Toxic effect of ethanol, accidental (unintentional)"),
    ("T510X1A", 1, "Toxic effect of ethanol, accidental (unintentional), initial encounter"),
    ("T510X1S", 1, "Toxic effect of ethanol, accidental (unintentional), sequela"),
    ("X58", 0, "Exposure to other specified factors"),
    ("X58XXXA", 1, "Exposure to other specified factors, initial encounter"),
]
TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2031</version><introduction/>
<chapter><name>7</name><desc>Diseases of the eye (H00-H59)</desc>
<section id="H30-H36"><desc>Disorders of retina (H30-H36)</desc>
<diag><name>H33</name><desc>Retinal detachments and breaks</desc>
<excludes1><note>detachment of retinal pigment epithelium (H35.72-)</note></excludes1>
<diag><name>H33.00</name><desc>Unspecified retinal detachment with retinal break</desc>
<diag><name>H33.001</name><desc>Unspecified retinal detachment with retinal break, right eye</desc>
<inclusionTerm><note>Rhegmatogenous detachment</note></inclusionTerm></diag></diag></diag></section></chapter>
<chapter><name>19</name><desc>Poisoning (S00-T88)</desc>
<section id="T51-T65"><desc>Toxic effects (T51-T65)</desc>
<diag><name>T51</name><desc>Toxic effect of alcohol</desc>
<sevenChrDef><extension char="A">initial encounter</extension><extension char="D">subsequent encounter</extension>
<extension char="S">sequela</extension></sevenChrDef>
<diag><name>T51.0</name><desc>Toxic effect of ethanol</desc>
<diag placeholder="true"><name>T51.0X</name><desc>Toxic effect of ethanol</desc>
<diag><name>T51.0X1</name><desc>Toxic effect of ethanol, accidental (unintentional)</desc></diag></diag></diag></diag>
</section></chapter></ICD10CM.tabular>
"""
INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2031</version><title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
<letter><title>D</title>
<mainTerm><title>Detachment</title><term level="1"><title>retina<nemod>(without retinal break)</nemod> NEC</title>
<code>H33.2-</code><term level="2"><title>with break</title><code>H33.00</code></term></term>
<term level="1"><title>wobbly</title><code>not known</code></term></mainTerm>
<mainTerm><title>Drunkenness</title><see>Alcohol, intoxication</see></mainTerm>
<mainTerm><title>Drowning</title><seecat>T75</seecat></mainTerm>
<mainTerm><title>Disease</title><code>A01.0</code><manif>H36</manif></mainTerm></letter></ICD10CM.index>
"""
HEADS = "".join(
    f'<head col="{col}">{head}</head>'
    for col, head in enumerate(
        (
            "Substance",
            "Poisoning Accidental (unintentional)",
            "Poisoning Intentional self-harm",
            "Poisoning Assault",
            "Poisoning Undetermined",
            "Adverse effect",
            "Underdosing",
        ),
        1,
    )
)
DRUGS = f"""<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2031</version><indexHeading>{HEADS}</indexHeading>
<letter><title>#</title><mainTerm><title>1-propanol</title><cell col="2">T51.3X1</cell><cell col="5">T51.3X4</cell>
<cell col="6">--</cell><cell col="7">--</cell></mainTerm></letter>
<letter><title>A</title><mainTerm><title>Acid<nemod>(corrosive)</nemod></title>
<term level="1"><title>acetylsalicylic</title><cell col="2">T39.011</cell><cell col="6">T39.015</cell><cell col="7">T39.016</cell>
<cell col="9">T39.0</cell></term></mainTerm>
<mainTerm><title>Aspirin</title><see>Acid, acetylsalicylic</see></mainTerm></letter></ICD10CM.index>
"""
NEOPLASMS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2031</version><indexHeading><head col="1">Neoplasm</head><head col="2">Malignant Primary</head>
<head col="3">Malignant Secondary</head><head col="4">Ca in situ</head><head col="5">Benign</head>
<head col="6">Uncertain Behavior</head><head col="7">Unspecified Behavior</head></indexHeading>
<letter><title>N</title><mainTerm><title>Neoplasm, neoplastic</title><cell col="2">C80.1</cell>
<term level="1"><title>abdomen, abdominal</title><cell col="2">C76.2</cell><cell col="3">C79.8-</cell><cell col="4">-</cell>
<cell col="5">D36.7</cell><term level="2"><title>wall<nemod>(outer)</nemod> *</title><cell col="2">C44.509</cell></term></term>
<term level="1"><title>accessory sinus</title><see>Neoplasm, sinus</see></term></mainTerm></letter></ICD10CM.index>
"""


def tables(*found: Harvest) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    for module in (icd10cm_index, icd10cm_tables):
        db.executescript(module.TABLES + module.INDEXES)
    for harvest in found:
        for table, rows in harvest.tables.items():
            for row in rows:
                db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    return db


# --- order file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_an_order_file_gives_codes_with_official_titles_and_the_heading_above_each(tmp_path: Path, end: str) -> None:
    harvest, rejects = read(piece(tmp_path, "icd10cm_order_2031.txt", order_lines(ORDER, end)))
    rows = {row.code: row for row in harvest.codes}
    assert not rejects.count
    assert list(rows)[:3] == ["H33", "H33.00", "H33.001"]
    assert rows["H33.00"].parent == "H33", "H33.0 is not in the file: the longest beginning that is"
    assert rows["X58.XXXA"].parent == "X58"
    assert rows["T51.0X1A"].title == "Toxic effect of ethanol, accidental (unintentional), initial encounter"
    assert (rows["T51.0X1A"].billable, rows["T51.0X1A"].base, rows["T51.0X1"].billable) == (True, "T51.0X1", False)
    assert harvest.source.codes == 4
    assert (harvest.source.valid_from, harvest.source.valid_to) == (date(2030, 10, 1), date(2031, 9, 30))


def test_a_seventh_character_is_searched_for_as_an_ending_and_not_as_a_title(tmp_path: Path) -> None:
    harvest, _ = read(piece(tmp_path, "icd10cm_order_2031.txt", order_lines(ORDER)))
    assert {surface.code for surface in harvest.surfaces} == {row.code for row in harvest.codes if not row.base}
    assert harvest.endings == {"initial encounter 7thA": 2, "sequela 7thS": 1}


@pytest.mark.parametrize(
    ("name", "version", "begin"),
    [
        ("icd10cm_order_2031.txt", "2031", date(2030, 10, 1)),
        ("icd10cm-order-April-2031.txt", "2031-04", date(2031, 4, 1)),
        ("icd10cm-order-Jan-2031.txt", "2031-01", date(2031, 1, 1)),
    ],
)
def test_the_name_tells_fiscal_year_and_package(tmp_path: Path, name: str, version: str, begin: date) -> None:
    harvest, _ = read(piece(tmp_path, name, order_lines(ORDER)))
    assert (harvest.source.id, harvest.source.version) == (f"icd10cm-order-{version}", version)
    assert (harvest.source.valid_from, harvest.source.valid_to) == (begin, date(2031, 9, 30))


def test_the_name_of_the_zip_tells_the_package_when_its_member_does_not(tmp_path: Path) -> None:
    path = tmp_path / "april-1-2031-code-descriptions-tabular-order.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("icd10cm_order_2031.txt", order_lines(ORDER))
    harvest, _ = read(pieces(path)[0])
    assert harvest.source.version == "2031-04"


def test_lines_that_do_not_parse_are_rejected_with_their_number(tmp_path: Path) -> None:
    good = order_lines(ORDER).splitlines()
    lines = [
        *good,
        good[0],
        "00099 ÄÖ0     1 x",
        good[1].replace("H3300 ", "3300H "),
        good[2][:70],
        good[3].replace(" 0 ", " 7 "),
    ]
    harvest, rejects = read(piece(tmp_path, "icd10cm_order_2031.txt", "\n".join(lines) + "\n"))
    assert len(harvest.codes) == len(ORDER)
    assert [line for _, line, _ in rejects.rows] == [12, 13, 14, 15, 16]
    assert "twice" in rejects.rows[0][2]


def test_a_copy_in_utf_8_with_a_mark_at_its_beginning_is_read(tmp_path: Path) -> None:
    text = order_lines([("C841", 0, "Sézary disease"), *ORDER])
    harvest, rejects = read(piece(tmp_path, "icd10cm_order_2031.txt", b"\xef\xbb\xbf" + text.encode()))
    assert not rejects.count
    assert harvest.codes[0].title == "Sézary disease"


# --- order file and tabular list ----------------------------------------------------------------------------------------


def test_order_file_and_tabular_list_make_one_release(tmp_path: Path) -> None:
    order = piece(tmp_path, "icd10cm-order-Jan-2031.txt", order_lines(ORDER))
    tabular = piece(tmp_path, "icd10cm_tabular_2031.xml", TABULAR)
    rejects = Rejects()
    harvest = icd10cm_order.release(order, tabular, rejects)
    rows = {row.code: row for row in harvest.codes}
    assert rows["H33"].parent == "H30-H36"
    assert rows["H30-H36"].parent == "Chapter 7"
    assert (rows["T51.0X1A"].parent, rows["T51.0X1A"].base) == ("T51.0X1", "T51.0X1")
    assert "T51.0X1D" not in rows, "the tabular list allows it, the order file does not list it"
    assert harvest.source.codes == sum(row.billable for row in rows.values()) == 4
    assert harvest.source.valid_from == date(2031, 1, 1)
    assert Counter(note.kind for note in harvest.notes) == {"7th": 3, "excludes1": 1, "inclusion": 1}
    assert {reason.split()[0] for _, _, reason in rejects.rows} == {"X58", "X58.XXXA"}, "told, and taken from the order file"
    assert rows["X58.XXXA"].parent == "X58"
    assert {surface.code for surface in harvest.surfaces} <= rows.keys()


def test_a_code_of_the_tabular_list_that_the_order_file_lacks_is_not_taken(tmp_path: Path) -> None:
    order = piece(tmp_path, "icd10cm_order_2031.txt", order_lines([row for row in ORDER if row[0] != "H33001"]))
    rejects = Rejects()
    harvest = icd10cm_order.release(order, piece(tmp_path, "icd10cm_tabular_2031.xml", TABULAR), rejects)
    assert "H33.001" not in {row.code for row in harvest.codes} | {surface.code for surface in harvest.surfaces}
    assert rejects.rows[0][2] == "H33.001 is not in the order file; not taken"


def test_a_tabular_list_alone_brings_notes_and_wordings_and_no_codes(tmp_path: Path) -> None:
    harvest, _ = read(piece(tmp_path, "icd10cm_tabular_2031.xml", TABULAR))
    assert not harvest.codes, "as a release of its own it would end every code with a 7th character"
    assert "Rhegmatogenous detachment" in {surface.text for surface in harvest.surfaces}
    assert "excludes1" in {note.kind for note in harvest.notes}


def test_the_embedded_release_is_the_default_and_another_keeps_its_own_window() -> None:
    release = icd.Edition(2031).source("icd10cm", "ICD-10-CM", "a test", 0)
    listed = "\n".join(["7", "H30-H36", "H33", "H3300", "H33001", "19", "T51-T65", "T51", "T510", "T510X", "T510X1", "T510X1A"])
    harvest = icd10cm.read(TABULAR.encode(), listed.encode(), release)
    assert {row.source for row in harvest.codes} == {"icd10cm-2031"}
    assert (harvest.source.valid_to, harvest.source.codes) == (date(2031, 9, 30), 2)
    assert icd10cm.EMBEDDED.id == icd10cm.SOURCE


# --- indexes and tables -------------------------------------------------------------------------------------------------


def test_an_index_leads_from_the_path_of_its_titles_to_codes(tmp_path: Path) -> None:
    harvest, rejects = read(piece(tmp_path, "icd10cm_index_2031.xml", INDEX))
    db = tables(harvest)
    (entry,) = icd_tables.index(db, "retina, detachment")
    assert (entry.phrase, entry.code, entry.complete) == ("Detachment, retina (without retinal break) NEC", "H33.2", False)
    assert icd_tables.index(db, "detachment of retina with break")[0].code == "H33.00"
    assert icd_tables.index(db, "drunkenness")[0].see == "see Alcohol, intoxication"
    assert (icd_tables.index(db, "Drowning")[0].code, icd_tables.index(db, "Drowning")[0].complete) == ("T75", False)
    assert icd_tables.index(db, "disease")[0].manifestation == "H36"
    assert [(s.code, s.field) for s in harvest.surfaces] == [("H33.00", "index"), ("A01.0", "index")]
    assert rejects.rows == [("icd10cm_index_2031.xml", 0, "Detachment, wobbly: 'not known' is not written like a code")]


def test_the_index_of_external_causes_is_known_by_its_title(tmp_path: Path) -> None:
    text = INDEX.replace("INDEX TO DISEASES and INJURIES", "EXTERNAL CAUSE of INJURIES INDEX")
    harvest, _ = read(piece(tmp_path, "any.xml", text))
    assert harvest.source.id == "icd10cm-eindex-2031"


def test_drugs_are_found_by_substance_and_by_what_a_coder_would_type(tmp_path: Path) -> None:
    harvest, rejects = read(piece(tmp_path, "icd10cm-drug-April-1-2031-XML.xml", DRUGS))
    db = tables(harvest)
    (drug,) = icd_tables.drug(db, "acetylsalicylic acid")
    assert (drug.accidental, drug.self_harm, drug.adverse, drug.underdosing) == ("T39.011", "", "T39.015", "T39.016")
    assert icd_tables.drug(db, "1-Propanol")[0].adverse == "", "a dash says none"
    assert icd_tables.drug(db, "ASPIRIN")[0].see == "see Acid, acetylsalicylic"
    assert icd_tables.drug(db, "acid") == ()
    wordings = {surface.text: surface.code for surface in harvest.surfaces}
    how = "(poisoning by) (accidental) (intentional self-harm) (assault) (undetermined) (adverse effect of) (underdosing of)"
    assert wordings[f"1-propanol {how}"] == "T51.3X", "one wording a drug whose codes stand under one heading"
    assert wordings[f"Acid (corrosive), acetylsalicylic {how}"] == "T39.01"
    assert "no column '9'" in rejects.rows[0][2]
    assert harvest.source.version == "2031-04"


def test_neoplasms_are_found_by_any_name_of_their_site(tmp_path: Path) -> None:
    harvest, rejects = read(piece(tmp_path, "icd10cm-neoplasm-2031.xml", NEOPLASMS))
    db = tables(harvest)
    for site in ("abdomen", "Abdominal", "abdomen, abdominal"):
        (found,) = icd_tables.neoplasm(db, site)
        assert (found.primary, found.secondary, found.in_situ, found.benign) == ("C76.2", "C79.8-", "", "D36.7")
    assert icd_tables.neoplasm(db, "wall of abdomen")[0].site == "abdomen, abdominal, wall (outer)"
    assert icd_tables.neoplasm(db, "accessory sinus")[0].see == "see Neoplasm, sinus"
    assert {surface.code for surface in harvest.surfaces} == {"C76.2", "C79.8", "D36.7", "C44.509"}, "C79.8- by its heading"
    assert not rejects.count


def test_look_ups_in_a_book_without_tables_find_nothing() -> None:
    db = sqlite3.connect(":memory:")
    for look in (icd_tables.neoplasm, icd_tables.drug, icd_tables.index, icd_tables.procedure, icd_tables.value):
        assert look(db, "breast") == ()
        assert look(db, "") == ()
    assert icd_tables.neoplasm(tables(), "(" * 100_000) == ()


# --- what is broken -----------------------------------------------------------------------------------------------------


def test_a_changed_heading_stops_with_what_was_expected_and_found(tmp_path: Path) -> None:
    changed = piece(tmp_path, "drug_2031.xml", DRUGS.replace("Poisoning Assault", "Poisoning by another"))
    with pytest.raises(Unreadable, match=r"expected the columns .*4 Poisoning Assault.* found .*4 Poisoning by another"):
        read(changed)


def test_swapped_columns_of_an_order_file_stop_the_reading(tmp_path: Path) -> None:
    swapped = "".join(f"{code:7} {at:05d} {flag} {title:60} {title}\n" for at, (code, flag, title) in enumerate(ORDER))
    found = piece(tmp_path, "icd10cm_order_2031.txt", swapped)
    assert not any(kind.recognise(found) for kind in KINDS)
    with pytest.raises(Unreadable, match="expected lines such as"):
        icd10cm_order.KINDS[0].read(found, Rejects())


def test_an_order_file_that_is_cut_off_or_lacks_lines_is_no_release(tmp_path: Path) -> None:
    text = order_lines(ORDER)
    with pytest.raises(Unreadable, match="cut off"):
        read(piece(tmp_path, "icd10cm_order_2031.txt", text[:-9]))
    with pytest.raises(Unreadable, match="excerpt: 1 of its numbered lines"):
        read(piece(tmp_path, "icd10cm_order_2031.txt", "".join(text.splitlines(keepends=True)[1:])))


def test_a_name_without_a_year_stops_the_reading(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="fiscal year"):
        read(piece(tmp_path, "order.txt", order_lines(ORDER)))


def test_nested_beyond_measure_is_not_read(tmp_path: Path) -> None:
    deep = "<term>" * 5_000 + "</term>" * 5_000
    with pytest.raises(Unreadable, match="levels"):
        read(piece(tmp_path, "index_2031.xml", INDEX.replace("<mainTerm>", f"<mainTerm>{deep}", 1)))


@pytest.mark.parametrize(
    "text", [order_lines(ORDER), TABULAR, INDEX, DRUGS, NEOPLASMS], ids=["order", "tabular", "index", "drug", "neoplasm"]
)
@pytest.mark.parametrize("damage", ["cut", "utf-16", "noise", "entity", "encoding"])
def test_a_damaged_file_is_unreadable_or_gives_what_is_left(tmp_path: Path, text: str, damage: str) -> None:
    raw = text.encode()
    survives(tmp_path, KINDS, text, damage, {"noise": [raw[:300] + bytes(range(256)) + raw[300:]]})


# --- the agencies' own files --------------------------------------------------------------------------------------------


def shared(name: str) -> list[Piece]:
    if not (SHARED / name).exists():
        pytest.skip(f"the agency's file {name} is not beside this repository: {SHARED} has no such file")
    return pieces(SHARED / name)


def test_the_release_of_2021_has_every_code_title_and_inclusion_term() -> None:
    order, tabular = shared("2021-code-descriptions-tabular-order.zip")
    rejects = Rejects()
    harvest = icd10cm_order.release(order, tabular, rejects)
    codes = {row.code: row for row in harvest.codes if row.kind == "code"}
    assert (len(codes), harvest.source.codes, rejects.count) == (95_358, 72_621, 0)
    assert Counter(note.kind for note in harvest.notes)["inclusion"] == 11_617
    assert len({row.code for row in harvest.codes if row.kind == "chapter"}) == 22
    assert codes["S06.1X7A"].parent == "S06.1X7"
    assert "S06.1X7D" not in codes, "the tabular list alone would allow it"
    alone, _ = read(order)
    assert len(alone.codes) == 95_358
    assert {(row.code, row.title, row.billable) for row in alone.codes} == {(c, r.title, r.billable) for c, r in codes.items()}


def test_the_order_file_of_2022_is_read_without_a_reject() -> None:
    harvest, rejects = read(shared("2022-order.rebuilt.zip")[0])
    assert (len(harvest.codes), rejects.count) == (95_524, 0)


def test_an_excerpt_of_2026_is_not_taken_for_a_release() -> None:
    with pytest.raises(Unreadable, match="an excerpt: 19,994 of its numbered lines are not there"):
        read(shared("icd10cm_order_2026.excerpt.txt")[0])


def test_the_tables_of_april_2026_have_every_cell_that_holds_a_code() -> None:
    known = {row.code for row in icd10cm.read(*icd10cm.embedded()).codes}
    drugs, drug_rejects = read(shared("icd10cm-drug-April-1-2026-XML.xml")[0])
    cells, dashes = 43_224, 3_188
    lines = dict.fromkeys(row[1:] for row in drugs.tables["drug"])  # a line is entered under each of its names
    assert sum(bool(cell) for line in lines for cell in line[1:7]) == cells - dashes
    neoplasms, neoplasm_rejects = read(shared("icd10cm-neoplasm-April-1-2026-XML.xml")[0])
    cells, none, of_the_main_term = 10_922, 1_902, 6
    assert len(neoplasms.surfaces) == cells - none - of_the_main_term
    assert drug_rejects.count == neoplasm_rejects.count == 0
    assert {surface.code for harvest in (drugs, neoplasms) for surface in harvest.surfaces} <= known
    db = tables(drugs, neoplasms)
    assert icd_tables.neoplasm(db, "breast, upper-inner quadrant")[0].primary == "C50.2-"
    assert icd_tables.drug(db, "ibuprofen")[0].adverse == "T39.315"


def test_the_indexes_have_every_line_that_holds_a_code() -> None:
    causes, rejects = read(shared("icd10cm-eindex-April-1-2026-XML.xml")[0])
    lines = list(causes.tables["index_entry"])
    assert sum(1 for line in lines if line[2]) == 6_671 + 15, "code elements, and the categories referred to"
    assert rejects.count == 0
    assert {surface.system for surface in causes.surfaces} == {System.ICD10CM}
    diseases, rejects = read(shared("icd10cm_index_2027.excerpt.xml")[0])
    assert (diseases.source.version, rejects.count) == ("2027", 0)
    assert icd_tables.index(tables(diseases), "abnormal auditory perception") == (), "the term is entered under all its names"
    assert icd_tables.index(tables(diseases), "Abnormal, abnormality, abnormalities, auditory perception")[0].code == "H93.29"
