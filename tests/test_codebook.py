"""The book: what goes in, that it is one whole file or none, and what can be asked of it."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from consultant import codebook
from consultant.codebook import Codebook, excludes, verify
from consultant.codebook.knowledge import Family
from consultant.codebook.sources import icd10cm, starter
from consultant.vocabulary import System

TABULAR = b"""<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2026</version>
<chapter><name>19</name><desc>Injuries (S00-T88)</desc>
  <excludes1><note>birth trauma (P10-P15)</note></excludes1>
  <section id="S80-S89"><desc>Injuries to the knee (S80-S89)</desc>
    <diag><name>S82</name><desc>Fracture of lower leg</desc>
      <excludes1><note>traumatic amputation of lower leg (S88.-)</note></excludes1>
      <sevenChrNote><note>The appropriate 7th character is to be added</note></sevenChrNote>
      <sevenChrDef><extension char="A">initial encounter for closed fracture</extension>
        <extension char="S">sequela</extension></sevenChrDef>
      <diag><name>S82.0</name><desc>Fracture of patella</desc>
        <inclusionTerm><note>Knee cap</note></inclusionTerm>
        <diag><name>S82.00</name><desc>Unspecified fracture of patella</desc>
          <diag><name>S82.001</name><desc>Unspecified fracture of right patella</desc></diag>
          <diag><name>S82.002</name><desc>Unspecified fracture of left patella</desc></diag>
        </diag>
      </diag>
      <diag><name>S82.5</name><desc>Fracture of medial malleolus</desc></diag>
    </diag>
    <diag><name>S88</name><desc>Traumatic amputation of lower leg</desc></diag>
  </section>
</chapter>
<chapter><name>2</name><desc>Neoplasms (C00-D49)</desc>
  <section id="B10"><desc>Other human herpesviruses (B10)</desc>
    <useAdditionalCode><note>code for the site</note></useAdditionalCode>
    <diag><name>B10</name><desc>Other human herpesviruses</desc></diag>
  </section>
</chapter></ICD10CM.tabular>"""
LISTED = b"""19 S80-S89 S82 S820 S8200 S82001 S82001A S82001S S82002 S82002A S82002S S825 S825XXA S825XXS S88
2 B10""".replace(b" ", b"\r\n")

RECORD = """
[[record]]
code = "90913"
system = "CPT"
title = "Pelvic floor biofeedback, each further 15 minutes"
plain = "More time with sensors that show how the pelvic floor works."
keywords = ["pelvic floor biofeedback"]
facts = { timed_minutes = 15, addon = true }
addon_to = ["90912"]
source = [{ title = "CMS physician fee schedule", date = 2026-01-01 }]
"""
MODIFIER = """
[[modifier]]
code = "-59"
title = "A distinct service on the same day"
use = "The two services were truly separate."
source = [{ title = "NCCI policy manual", date = 2026-01-01, confirmed = false }]
"""
TERM = """
[[term]]
term = "kneecap"
means = ["patella"]
"""
FAMILY = """
id = "pelvic-floor"
title = "Pelvic floor biofeedback by minutes"
specialty = ["therapy"]
act = ["biofeedback"]
why = "The first quarter of an hour has one code, each further one another."
row = [{ code = "90913" }]
source = [{ title = "CMS physician fee schedule", date = 2026-02-01 }]
example = [
    { question = "Biofeedback for 30 minutes?" },
    { question = "Biofeedback for 15 minutes?" },
    { question = "Biofeedback at home?" },
]
"""


ALIKE = """
import sys
from pathlib import Path
from consultant import codebook
sys.path.insert(0, {root!r})
from tests.test_codebook import TABULAR, LISTED
codebook.build(Path(), out=Path({out!r}), icd=(TABULAR, LISTED), starter_dir=Path({texts!r}))
"""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    for name, text in {
        "records/therapy": RECORD,
        "modifiers": MODIFIER,
        "terms/general": TERM,
        "families/pelvic-floor": FAMILY,
    }.items():
        file = folder / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf8")
    return folder


@pytest.fixture
def small(tmp_path: Path, texts: Path) -> Codebook:
    codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts)
    return codebook.current(tmp_path)


def test_a_seventh_character_is_written_out_and_padded_with_x(small: Codebook) -> None:
    record = small.record("s825xxa")
    assert record is not None
    assert record.code == "S82.5XXA"
    assert record.title == "Fracture of medial malleolus, initial encounter for closed fracture"
    assert record.billable
    assert record.official
    assert record.parent == "S82.5"


def test_a_code_that_wants_a_seventh_character_is_a_heading(small: Codebook) -> None:
    record = small.record("S82.001")
    assert record is not None
    assert not record.billable
    assert small.children("S82.001") == ["S82.001A", "S82.001S"]


def test_notes_are_inherited_and_say_where_they_stand(small: Codebook) -> None:
    notes = small.notes("S82.001A")
    assert [(note.kind, note.of) for note in notes] == [
        ("inclusion", "S82.0"),
        ("excludes1", "S82"),
        ("7th", "S82"),
        ("7th", "S82"),
        ("7th", "S82"),
        ("excludes1", "Chapter 19"),
    ]
    assert notes[1].text == "traumatic amputation of lower leg (S88.-)"


def test_a_section_that_is_a_single_category_leaves_its_notes_to_it(small: Codebook) -> None:
    assert [(note.kind, note.of) for note in small.notes("B10")] == [("use additional", "B10")]
    assert [code for code, _ in small.lookup("B10").above] == ["Chapter 2"]


def test_excludes1_is_looked_up_from_both_codes_and_along_the_ancestors(small: Codebook) -> None:
    found = small.excludes("S88", "S82.001A")
    assert [note.text for note in found] == ["traumatic amputation of lower leg (S88.-)"]
    assert small.excludes("S82.001A", "S88") == found
    assert small.excludes("S82.001A", "S82.002A") == []


@pytest.mark.parametrize(
    ("note", "code", "spoken_of"),
    [
        ("food poisoning (A05.-)", "A05.4", True),
        ("mixed incontinence (N39.46), food poisoning (A05.-)", "N39.46", True),
        ("mixed incontinence (N39.46), food poisoning (A05.-)", "N39.41", False),
        ("tuberculosis (A15-A19)", "A17.81", True),
        ("tuberculosis (A15-A19)", "A20.0", False),
        ("lactation (O86.2-, O23.-)", "O23.10", True),
        ("breast (C50.-, with 5th character 1)", "C50.111", True),
        ("vitamin B12 deficiency anemia (D51.-)", "B12", False),
        ("injury to visual cortex S04.04-", "S04.041A", True),
        ("diabetes, see categories E08-E10, with ketoacidosis", "E09.10", True),
        ("eczema NOS", "L30.9", False),
        ("(" * 5000, "L30.9", False),
    ],
)
def test_codes_and_ranges_in_the_brackets_of_a_note_are_understood(note: str, code: str, spoken_of: bool) -> None:
    assert excludes.speaks_of(note, code) is spoken_of


def test_an_add_on_names_its_parents_and_a_parent_its_add_ons(small: Codebook) -> None:
    assert small.addon_parents("90913") == ["90912"]
    assert small.addons("90912") == ["90913"]


def test_the_text_knowledge_comes_back_as_it_was_written(small: Codebook, texts: Path) -> None:
    assert small.families[0].id == "pelvic-floor"
    assert isinstance(small.families[0], Family)
    assert small.modifiers["-59"].use == "The two services were truly separate."
    assert small.terms == {"kneecap": ("patella",)}
    starter_record, record = small.starter("90913"), small.record("90913")
    assert starter_record is not None
    assert record is not None
    assert starter_record.facts == record.facts == {"timed_minutes": 15, "addon": True}
    assert not record.official
    assert small.record("-59").confirmed is False  # type: ignore[union-attr]
    assert small.starter("97110") is None


def test_the_same_sources_give_the_same_version_and_are_not_built_twice(tmp_path: Path, texts: Path, small: Codebook) -> None:
    again = codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts)
    assert again.version == small.version
    assert not again.built
    assert codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts, again=True).built


def test_two_builds_of_the_same_sources_are_alike_to_the_last_row(tmp_path: Path, texts: Path) -> None:
    root = Path(__file__).resolve().parent.parent
    contents = set()
    for seed in ("1", "2"):
        code = ALIKE.format(root=str(root), out=str(tmp_path / f"{seed}.sqlite"), texts=str(texts))
        subprocess.run([sys.executable, "-c", code], cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
        with sqlite3.connect(tmp_path / f"{seed}.sqlite") as db:
            contents.add(db.execute("SELECT value FROM meta WHERE name = 'content'").fetchone())
        db.close()
    assert len(contents) == 1


def test_a_changed_text_makes_a_new_book_and_the_old_one_stays_to_replay_answers(
    tmp_path: Path, texts: Path, small: Codebook
) -> None:
    (texts / "terms" / "general.toml").write_text(TERM.replace("kneecap", "knee cap"), encoding="utf8")
    info = codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts)
    assert info.version != small.version
    assert codebook.current(tmp_path).version == info.version
    assert codebook.open_book(small.path).version == small.version


def test_a_list_that_disagrees_with_the_tabular_stops_the_build_and_says_where(
    tmp_path: Path, texts: Path, small: Codebook
) -> None:
    with pytest.raises(codebook.BuildError, match=r"lacks 1 codes of the code list \(Z999\)"):
        codebook.build(tmp_path, icd=(TABULAR, LISTED + b"\r\nZ999"), starter_dir=texts)
    assert codebook.current(tmp_path).version == small.version


def test_a_broken_release_or_text_is_named_and_leaves_the_old_book_in_use(tmp_path: Path, texts: Path, small: Codebook) -> None:
    with pytest.raises(codebook.BuildError, match="not sound XML"):
        codebook.build(tmp_path, icd=(TABULAR[:900], LISTED), starter_dir=texts)
    (texts / "modifiers.toml").write_text(MODIFIER.replace('use = "The', 'usage = "The'), encoding="utf8")
    with pytest.raises(codebook.BuildError, match=r"modifiers.toml, modifier 1 \(-59\): use: Field required"):
        codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts)
    assert codebook.current(tmp_path).version == small.version


def test_a_term_that_stands_twice_is_refused(texts: Path) -> None:
    (texts / "terms" / "general.toml").write_text(TERM + TERM, encoding="utf8")
    with pytest.raises(starter.TextError, match="The term kneecap stands twice"):
        starter.read(texts)


KILLED = """
import os, signal, sys
from pathlib import Path
from consultant import codebook
sys.path.insert(0, {root!r})
from tests.test_codebook import TABULAR, LISTED
build = sys.modules["consultant.codebook.build"]
def step(what):
    if what.startswith({at!r}):
        os.kill(os.getpid(), signal.SIGKILL)
point = build._point
def pointed(path):
    step("Pointing")
    point(path)
    step("Pointed")
build._point = pointed
codebook.build(Path({data!r}), icd=(TABULAR, LISTED), starter_dir=Path({texts!r}), step=step)
"""


STEPS = (
    *("Looking at the sources", "Reading ICD-10-CM", "Reading the starter", "Reading the shelf", "Writing ICD-10-CM"),
    *("Writing Consultant", "Indexing words", "Hashing", "Verifying", "Pointing"),
)


def test_these_are_all_the_steps_of_a_build(tmp_path: Path, texts: Path) -> None:
    told: list[str] = []
    codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts, step=told.append)
    assert len(told) == len(STEPS) - 1
    assert all(step.lower().startswith(name.lower()) for step, name in zip(told, STEPS, strict=False))


@pytest.mark.parametrize("at", STEPS)
def test_a_build_killed_anywhere_leaves_the_old_book_in_use(tmp_path: Path, texts: Path, small: Codebook, at: str) -> None:
    (texts / "terms" / "general.toml").write_text(TERM.replace("kneecap", "knee cap"), encoding="utf8")
    root = Path(__file__).resolve().parent.parent
    code = KILLED.format(root=str(root), at=at, data=str(tmp_path), texts=str(texts))
    killed = subprocess.run([sys.executable, "-c", code], cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    assert killed.returncode == -signal.SIGKILL
    assert codebook.current(tmp_path).version == small.version
    assert codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts).built is (at != "Pointing")
    assert codebook.current(tmp_path).version != small.version
    assert list((tmp_path / "codebook").glob(".*.part")) == []


def test_a_tampered_book_does_not_verify_and_is_built_anew(tmp_path: Path, texts: Path, small: Codebook) -> None:
    assert verify(small.path) == []
    with sqlite3.connect(small.path) as db:
        db.execute("UPDATE code SET title = 'Fracture of the moon' WHERE code = 'S82.5XXA'")
    db.close()
    assert any("hash differs" in fault for fault in verify(small.path))
    assert codebook.build(tmp_path, icd=(TABULAR, LISTED), starter_dir=texts).built


def test_a_file_that_is_no_book_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "book.sqlite").write_bytes(b"not a database at all" * 100)
    assert verify(tmp_path / "book.sqlite")
    with pytest.raises(codebook.NoCodebook, match="run `consultant codebook build`"):
        codebook.open_book(tmp_path / "book.sqlite")


def test_without_a_book_the_error_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(codebook.NoCodebook, match="run `consultant codebook build` first"):
        codebook.current(tmp_path)


def test_an_open_book_can_be_asked_by_many_threads_and_never_written(small: Codebook) -> None:
    found: list[object] = []

    def ask() -> None:
        found.extend((small.record("S82.5XXA"), small.search("kneecap fracture left")) for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 300
    assert len({str(item) for item in found}) == 1
    with pytest.raises(sqlite3.OperationalError):
        small._rows("DELETE FROM code")


# --- the real release ---------------------------------------------------------------------------------------------------


def test_the_april_2026_release_is_whole(book: Codebook) -> None:
    source = next(source for source in book.sources if source.id == icd10cm.SOURCE)
    assert source.codes == 74_719
    assert (source.valid_from, source.valid_to) == (date(2026, 4, 1), date(2026, 9, 30))
    assert len(book._rows("SELECT 1 FROM code WHERE system = ? AND kind = 'code'", System.ICD10CM)) == 98_186


def test_stress_incontinence_is_billable_and_its_excludes1_note_names_the_mixed_kind(book: Codebook) -> None:
    record = book.record("n393")
    assert record is not None
    assert (record.title, record.billable) == ("Stress incontinence (female) (male)", True)
    assert (record.notes[0].kind, record.notes[0].text) == ("excludes1", "mixed incontinence (N39.46)")
    assert book.excludes("N39.46", "N39.3")[0].of == "N39.3"


def test_the_two_kinds_of_diabetes_exclude_each_other_and_hypertension_does_not(book: Codebook) -> None:
    assert {note.of for note in book.excludes("E11.9", "E10.9")} == {"E11", "E10"}
    assert book.excludes("E11.9", "I10") == []


def test_the_package_that_brings_the_files_is_read_and_never_run() -> None:
    code = """
import sys
from consultant.codebook.sources import icd10cm
icd10cm.embedded()
sys.exit('simple_icd_10_cm' in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parent.parent).returncode == 0


def test_all_starter_texts_fit_their_models() -> None:
    assert starter.read().source.id == "starter"
