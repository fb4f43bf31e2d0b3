"""Code numbers in the spellings that people use."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant import question
from consultant.codebook import Codebook, codes
from consultant.vocabulary import System


@pytest.mark.parametrize(
    ("written", "code", "system"),
    [
        ("N39.3", "N39.3", System.ICD10CM),
        ("n393", "N39.3", System.ICD10CM),
        (" icd-10 code: N39.3. ", "N39.3", System.ICD10CM),
        ("ICD-10-CM N39.3", "N39.3", System.ICD10CM),
        ("N39.-", "N39", System.ICD10CM),
        ("H93.29-", "H93.29", System.ICD10CM),
        ("s82.55xd", "S82.55XD", System.ICD10CM),
        ("S8255XD", "S82.55XD", System.ICD10CM),
        ("C7A.090", "C7A.090", System.ICD10CM),
        ("U07.1", "U07.1", System.ICD10CM),
        ("97140", "97140", System.CPT),
        ("CPT 97140", "97140", System.CPT),
        ("CPT® 97140?", "97140", System.CPT),
        ("0591t", "0591T", System.CPT),
        ("1170F", "1170F", System.CPT),
        ("g0283", "G0283", System.HCPCS),
        ("HCPCS J1885", "J1885", System.HCPCS),
        ("0DTJ4ZZ", "0DTJ4ZZ", System.ICD10PCS),
        ("-59", "-59", System.MODIFIER),
        ("–59", "-59", System.MODIFIER),
        ("59", "-59", System.MODIFIER),
        ("LT", "-LT", System.MODIFIER),
        ("modifier 25", "-25", System.MODIFIER),
        ("mod. xs", "-XS", System.MODIFIER),
        ("POS 22", "POS-22", System.POS),
        ("POS-2", "POS-02", System.POS),
        ("place of service 11", "POS-11", System.POS),
    ],
)
def test_a_code_in_any_spelling_is_written_as_the_house_writes_it(written: str, code: str, system: System) -> None:
    assert codes.normalise(written) == (code, system)


@pytest.mark.parametrize(
    "text", ["", "at", "of", "hello", "12", "123456", "97140-59", "N39.3 and N39.4", "X" * 5000, "é", "POS 222", "-"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    found = codes.normalise(text)
    assert found is None or found == ("-12", System.MODIFIER)  # two digits alone can only be a modifier


def test_a_number_that_two_systems_could_write_has_both_readings() -> None:
    assert codes.readings("M5416") == (("M5416", System.HCPCS), ("M54.16", System.ICD10CM))


def test_a_dot_says_that_it_is_a_diagnosis() -> None:
    assert codes.readings("M54.16") == (("M54.16", System.ICD10CM),)


@given(st.text(max_size=80))
def test_reading_never_raises_and_a_reading_reads_as_itself(text: str) -> None:
    for code, system in codes.readings(text):
        assert (code, system) in codes.readings(code)


@pytest.mark.parametrize("text", ["ICD " * 12, "CODE" * 12, "-" * 48, "A" * 47, "CPT CPT CPT CPT CPT CPT CPT CPT !"])
def test_hostile_text_is_read_at_once(text: str) -> None:
    started = time.perf_counter()
    codes.readings(text)
    assert time.perf_counter() - started < 1  # a runaway pattern would take minutes


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("icd10cm", System.ICD10CM),
        ("ICD-10-CM", System.ICD10CM),
        ("cpt", System.CPT),
        ("modifiers", System.MODIFIER),
        ("pos", System.POS),
    ],
)
def test_a_system_is_known_by_any_spelling_of_its_name(name: str, system: System) -> None:
    assert codes.system(name) == system


def test_a_name_of_no_system_is_none() -> None:
    assert codes.system("SNOMED") is None


def test_a_category_with_an_a_in_second_place_is_a_code_since_april_2026(book: Codebook) -> None:
    assert codes.normalise("qa00101") == ("QA0.0101", System.ICD10CM)
    assert codes.normalise("CAT") is None
    record = book.record("QA0.0101")
    assert record is not None
    assert record.billable


def test_a_code_of_the_dentists_set_is_no_diagnosis() -> None:
    assert not question.read("Can we bill D7210 to medical for a surgical extraction of a tooth?").codes
    assert [named.code for named in question.read("Eosinophilia, is D7210 enough?").codes] == ["D72.10"]
    [tooth] = question.read("Tooth in two pieces, is D7210 enough?").codes
    assert (tooth.code, tooth.system) == ("D7210", System.HCPCS)


def test_only_behind_a_town_and_its_state_is_a_number_no_code() -> None:
    assert [named.code for named in question.read("Established patient: 99213, or 99214?").codes] == ["99213", "99214"]
    assert not question.read("We are in Salem, MA 01970, by the harbour").codes


def test_a_gene_or_its_variant_is_no_code_of_a_procedure() -> None:
    read = question.read("CYP2C19 genotype, prothrombin G20210A, MTHFR C677T; inpatient 0SR90JZ and XW033E5").codes
    assert [code.code for code in read] == ["0SR90JZ", "XW033E5"]
