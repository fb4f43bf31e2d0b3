"""The text knowledge is sound, and the check that says so finds what is not."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
import tomli
from django.core.management import CommandError, call_command

from consultant.codebook.knowledge import Record
from consultant.codebook.soundness import problems, read_texts
from consultant.codebook.sources import starter

#: What stands in official.tsv before it says that 90913 is an add-on.
ADD_ON = "90913\tA\tZZZ\t\t\t\t0\t\t\t3\t3"
#: What this copy of the fee schedule leaves out, though its twin 58958 stands there.
LEFT_OUT = {"58957"}
#: The families and cards that are broken here, and those that they lead to.
BROKEN = {
    "addon-90913", "bilateral-paid-150", "chest-x-ray", "drug-injection", "dx-dementia", "infusion", "pelvic-floor-biofeedback",
}  # fmt: skip
OFFICIAL = Path(__file__).resolve().parent.parent.parent / "shared" / "codes"


@pytest.fixture(autouse=True)
def files_left_whole_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tomli, "loads", parsed)


@cache
def parsed(text: str, loads: Callable[[str], dict[str, object]] = tomli.loads) -> dict[str, object]:
    return loads(text)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The knowledge, for breaking, without the families and cards that stay whole here: they take four fifths of the time."""
    return Path(shutil.copytree(starter.FOLDER, tmp_path / "starter", ignore=_not_broken))


def _not_broken(folder: str, names: list[str]) -> list[str]:
    texts = Path(folder).name in {"families", "cards"}
    return [name for name in names if texts and name.removesuffix(".toml") not in BROKEN]


def wrong(folder: Path) -> list[str]:
    found = read_texts(folder)
    return [*found.wrong, *problems(found, datetime.now().astimezone().date())]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_knowledge_in_the_repository_is_sound() -> None:
    assert wrong(starter.FOLDER) == []


def test_the_copy_is_sound_before_it_is_broken(copy: Path) -> None:
    assert wrong(copy) == []


def test_there_is_as_much_of_it_as_was_promised() -> None:
    found = read_texts(starter.FOLDER)
    assert len(found.records) >= 120
    assert len(found.modifiers) >= 40
    assert len(found.families) >= 24
    assert len(found.cards) >= 30
    assert len(found.terms) >= 150
    assert all(len(family.example) >= 3 for family in found.families.values())


def test_the_command_says_what_is_there_and_that_nothing_is_wrong() -> None:
    out = StringIO()
    call_command("knowledge", stdout=out, stderr=StringIO())
    assert "families" in out.getvalue()
    assert "Not confirmed" in out.getvalue()
    assert out.getvalue().rstrip().endswith("Nothing is wrong.")


def test_the_command_ends_with_1_and_names_what_is_wrong(copy: Path) -> None:
    edit(copy / "families" / "chest-x-ray.toml", 'views = "3"', 'views = "3..4"')
    err = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("knowledge", folder=copy, stdout=StringIO(), stderr=err)
    assert ended.value.returncode == 1
    assert "family chest-x-ray: views = 4: rows 2, 3 overlap" in err.getvalue()


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("families/chest-x-ray.toml", 'code = "71046"', 'code = "71099"', "71099 is no code that the books know"),
        (
            "families/chest-x-ray.toml",
            'id = "chest-x-ray"',
            'id = "chest"',
            "families/chest-x-ray.toml does not hold the id that its name says",
        ),
        (
            "families/infusion.toml",
            'goes_to = "drug-injection"',
            'goes_to = "nowhere"',
            "a row goes to nowhere, which is no family",
        ),
        ("families/infusion.toml", 'goes_to = "drug-injection"', 'goes_to = "infusion"', "its rows lead back to itself"),
        ("cards/addon-90913.toml", 'report = ["90912"]', 'report = ["N39.99"]', "N39.99 is no code that the books know"),
        (
            "cards/addon-90913.toml",
            'report = ["90912"]',
            'report = ["90912"]\ndo_not_report = ["90912"]',
            "90912 is both reported and refused",
        ),
        ("cards/addon-90913.toml", 'codes = ["90913"]', "", "nothing triggers it"),
        ("cards/addon-90913.toml", 'verdict = "pair"', 'verdict = "perhaps"', "verdict"),
        ("cards/addon-90913.toml", "date = 2024-07-01", "date = 2044-07-01", "is dated ahead"),
        ("official.tsv", f"{ADD_ON}\tyes\t1", f"{ADD_ON}\t\t", "does not say that it is an add-on"),
        ("records/pelvic-floor.toml", "[[record]]", "[[record]", "pelvic-floor.toml"),
        ("official.tsv", "addon_type", "kind", "official.tsv: its columns are not the ones"),
        ("terms/general.toml", "[[term]]", '[[term]]\nterm = "a1c"\nmeans = ["again"]\n\n[[term]]', "a1c stands twice"),
    ],
)
def test_what_is_broken_is_named(copy: Path, file: str, old: str, new: str, told: str) -> None:
    edit(copy / file, old, new)
    assert any(told in sentence for sentence in wrong(copy)), wrong(copy)[:3]


def test_a_card_without_a_source_or_a_date_is_refused(copy: Path) -> None:
    path = copy / "cards" / "addon-90913.toml"
    path.write_text(path.read_text(encoding="utf-8").split("[[source]]")[0], encoding="utf-8")
    assert any("addon-90913" in sentence and "source" in sentence for sentence in wrong(copy))


@pytest.mark.parametrize(
    "title", ["A thing; with another thing", "Thing (eg, a kind of it)", "Thing and/or thing of a body part"]
)
def test_a_title_that_reads_like_an_official_descriptor_is_refused(copy: Path, title: str) -> None:
    edit(
        copy / "records" / "cardiology.toml",
        'title = "Stress test with supervision, tracing and reading by one practice"',
        f'title = "{title}"',
    )
    assert any("own words" in sentence for sentence in wrong(copy))


def official(name: str) -> Path:
    path = OFFICIAL / name
    if not path.exists():
        pytest.skip(f"the official file {name} is not on this machine: the numbers of the records were not compared with it")
    return path


def _outside(record: Record, day: date) -> bool:
    """Came the code after that day, or had it ended by then? A file of that day does not hold it."""
    return bool((record.effective and record.effective > day) or (record.ended and record.ended < day))


def test_the_records_agree_with_the_physician_fee_schedule() -> None:
    import csv

    with official("pfs/PPRRVU2025_Oct.no_cpt_descriptors.csv").open(encoding="latin-1", newline="") as file:
        listed = [row for row in csv.reader(file) if len(row) > 20 and len(row[0]) == 5]
    rows = {row[0]: row for row in listed if not row[1]}
    in_parts = {row[0] for row in listed} - {*rows}  # of what only a physician reads (86153) just the part stands there
    for record in read_texts(starter.FOLDER).records.values():
        proprietary = record.code.endswith("U")  # laboratory tests of one maker are paid by another schedule
        known = record.code not in in_parts | LEFT_OUT
        if record.system == "CPT" and not proprietary and not _outside(record, date(2025, 10, 1)) and known:
            row = rows[record.code]
            assert record.facts["status"] == row[3], record.code
            assert record.facts.get("global_days", "XXX") == row[14], record.code
            assert record.facts.get("bilateral", row[19]) == row[19], record.code


def test_the_add_ons_agree_with_the_official_list() -> None:
    import csv

    with official("ncci/aoc_active.derived.csv").open(encoding="utf-8", newline="") as file:
        parents: dict[str, set[str]] = {}
        for row in csv.DictReader(file):
            parents.setdefault(row["add_on_code"], set()).add(row["primary_code"])
    for record in read_texts(starter.FOLDER).records.values():
        if record.code in parents:
            assert record.facts.get("addon") is True, record.code
            assert set(record.addon_to) <= parents[record.code], record.code
        elif not _outside(record, date(2024, 7, 1)) and record.code[0] != "D":  # the list has no dentists' codes
            assert not record.addon_to, record.code


def test_hcpcs_titles_are_the_official_ones() -> None:
    import csv

    with official("hcpcs/hcpcs_level2_descriptions.derived.csv").open(encoding="utf-8", newline="") as file:
        long = {row["hcpcs_code"]: row["hcpcs_description"] for row in csv.DictReader(file) if row["hcpcs_desc_type"] == "Long"}
    for record in read_texts(starter.FOLDER).records.values():
        # The file is of July 2024: what came after it has no official text here, and must name the rule that made it.
        if record.system == "HCPCS" and record.code in long:
            assert " ".join(long[record.code].split()) == " ".join(record.title.split()), record.code


def test_a_list_of_words_stands_for_its_words_in_a_family_too(copy: Path) -> None:
    family = copy / "families" / "dx-dementia.toml"
    edit(family, "vascular = [", 'vascular = ["@nothing was found", ')
    said = read_texts(copy).families["dx-dementia"].values["type"]["vascular"]
    assert set(starter.read_lists(copy)["nothing was found"]) <= set(said)
    assert len(said) == len(set(said))
    edit(family, "@nothing was found", "@nothing was sought")
    assert any("dx-dementia.toml: phrases.toml has no list “nothing was sought”" in sentence for sentence in wrong(copy))


def test_a_specialty_has_one_name() -> None:
    """A count by specialty is wrong when a field is spelled in two ways."""
    names = {name for family in read_texts(starter.FOLDER).families.values() for name in family.specialty}
    other = {"anaesthesia", "behavioural health", "paediatrics", "haematology", "ent", "emergency medicine", "sleep medicine"}
    assert not names & other
    assert len({name.casefold() for name in names}) == len(names)


def test_a_list_of_words_stands_for_its_words(copy: Path) -> None:
    card, lists = copy / "cards" / "bilateral-paid-150.toml", copy / "phrases.toml"
    lists.write_text(lists.read_text(encoding="utf-8") + '"ways of paying" = ["a tip", "in kind"]\n', encoding="utf-8")
    edit(card, 'also = ["pay*", ', 'also = ["@ways of paying", "pay*", ')
    assert read_texts(copy).cards["bilateral-paid-150"].when.also[:3] == ("a tip", "in kind", "pay*")
    edit(card, "@ways of paying", "@ways of playing")
    assert any("phrases.toml has no list “ways of playing”" in sentence for sentence in wrong(copy))
    with pytest.raises(starter.TextError, match="no list “ways of playing”"):
        starter.read(copy)
