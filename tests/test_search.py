"""Search: the words people use, to the codes they mean."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultant.codebook import Codebook, finding, indexing, learning, query, spelling, words
from consultant.codebook import search as searching
from consultant.codebook.fitting import fit, standing
from consultant.management.commands import search
from consultant.vocabulary import System

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT.parent / "shared" / "questions" / "search"


def first(book: Codebook, query: str, system: System | None = System.ICD10CM) -> str:
    hits = book.search(query, system)
    return hits[0].code if hits else ""


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("stress incontinence female", "N39.3"),
        ("INCONTINENCE, stress", "N39.3"),
        ("type 2 diabetes with neuropathy", "E11.40"),
        ("Type II diabetes mellitus without complications", "E11.9"),
        ("displced fracture of medial maleolus of rt tibia, initial", "S82.51XA"),
        ("laceration without foreign body of left thumb with damage to nail", "S61.112A"),
        ("laceration with foreign body of left thumb without damage to nail", "S61.022A"),
        ("Boutonniere deformity of left finger(s)", "M20.022"),
        ("vitreomacular adhesion lt eye", "H43.822"),
        ("Nondisp fx of 3rd metatarsal bone, r ft, 7thP", "S92.334P"),
        ("secondary malignant neoplasm of heart", "C79.89"),
        ("secondary malignant neoplasm, site unspecified", "C79.9"),
        ("nodisplaced fracture of lateral malleolus of left fibula", "S82.65XA"),
    ],
)
def test_words_in_any_order_and_spelling_find_the_code(book: Codebook, query: str, code: str) -> None:
    assert first(book, query) == code


def test_a_sentence_round_the_words_changes_nothing(book: Codebook) -> None:
    asked = "crushing injury of left thigh, sequela"
    letter = f"Hi team, quick question - what is the correct ICD-10 code for {asked}? Claim was denied. Thanks"
    assert first(book, letter) == "S77.12XS"
    for age in ("56 y/o patient", "56 years old patient", "A 56-year-old", "Pt 56 y.o."):
        assert first(book, f"{age} with mononeuropathy, unspecified") == "G58.9"


def test_when_the_question_leaves_it_open_the_unspecified_side_and_the_first_encounter_come_first(book: Codebook) -> None:
    hit = book.search("fracture of shaft of radius", System.ICD10CM)[0]
    assert hit.code == "S52.309A"
    assert "unspecified" in hit.title


def test_of_titles_that_fit_alike_the_one_that_ends_as_the_question_does_comes_first(book: Codebook) -> None:
    trunk = "maternal care for fetal musculoskeletal anomalies of trunk"
    assert (
        first(book, f"Claim denied: which ICD-10 code for {trunk}, other fetus? Our doctor sees her again on Monday")
        == "O35.FXX9"
    )
    assert first(book, f"Claim denied: which ICD-10 code for {trunk}, fetus 2? Our doctor sees her again on Monday") == "O35.FXX2"


def test_a_heading_is_followed_to_a_code_that_can_be_billed(book: Codebook) -> None:
    for hit in book.search("asthma", System.ICD10CM):
        record = book.record(hit.code)
        assert record is not None
        assert record.billable


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("neoplasm of uncertain behavior of a peripheral nerve of the thigh", "D48.2"),
        ("benign neoplasm of lymph gland of the neck", "D36.0"),
        ("van occupant, driver, collision with a train", "V55.5XXA"),
        ("truck occupant, hanger-on, overturning without collision", "V68.7XXA"),
    ],
)
def test_who_asks_for_one_of_what_a_title_lists_finds_it(book: Codebook, query: str, code: str) -> None:
    assert first(book, query) == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("contact with goats", "W55.39XA"),
        ("hiatal hernia", "K44.9"),
        ("torsion of accessory tube", "N83.529"),
        ("brain injury NOS", "S06.9X9A"),
    ],
)
def test_a_note_that_says_all_leads_to_the_plainest_code_under_its_heading(book: Codebook, query: str, code: str) -> None:
    assert first(book, query) == code


def test_an_accident_is_in_traffic_unless_the_question_says_otherwise(book: Codebook) -> None:
    assert first(book, "bus driver hurt in noncollision accident") == "V78.5XXA"
    assert first(book, "bus driver hurt in noncollision nontraffic accident") == "V78.0XXA"
    assert first(book, "MVA") == "V89.2XXA"
    skater = "pedestrian on roller skates hit by a pedal cycle"
    assert first(book, skater) == "V01.91XA"  # unspecified whether traffic or nontraffic
    assert first(book, f"{skater}, traffic accident") == "V01.11XA"


def test_a_code_named_in_the_question_comes_first(book: Codebook) -> None:
    assert first(book, "is n39.3 billable for stress incontinence?", None) == "N39.3"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Conditions classifiable to C33-C34", "Z80.1"),
        ("conditions in A15-A19", "O98.019"),
        ("Conditions in L00-L99", "O99.719"),
        ("vitamin B12 deficiency anemia, E53.8", "E53.8"),
    ],
)
def test_a_wording_that_names_codes_itself_comes_before_them(book: Codebook, query: str, code: str) -> None:
    assert first(book, query) == code


def test_all_words_of_a_title_find_it_even_where_order_alone_says_what_is_negated(book: Codebook) -> None:
    shuffled = "body with left foreign of thumb Laceration damage nail without to initial encounter"
    assert {"S61.112A", "S61.022A"} <= {hit.code for hit in book.search(shuffled, System.ICD10CM)[:5]}
    assert first(book, "panic disorder without agoraphobia") == "F41.0"  # and not agoraphobia without panic disorder
    assert first(book, "complications mellitus without 2 diabetes Type") == "E11.9"  # the only title of these words


def test_the_beginning_of_a_code_lists_what_goes_on_from_it(book: Codebook) -> None:
    codes = [hit.code for hit in book.search("E11.2", System.ICD10CM)]
    assert codes == ["E11.2", "E11.21", "E11.22", "E11.29"]


def test_a_hit_says_which_words_met_which_field(book: Codebook) -> None:
    hit = book.search("takotsubo cardiomyopathy", System.ICD10CM)[0]
    assert hit.code == "I51.81"
    assert hit.words["takotsubo"] in {"title", "inclusion term"}
    assert set(hit.words) == {"takotsubo", "cardiomyopathy"}


def test_an_abbreviation_is_read_as_what_it_means(book: Codebook) -> None:
    assert book.terms["htn"] == ("hypertension",)
    assert first(book, "HTN") == first(book, "hypertension") == "I10"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("water on the knee, left", "M25.462"),
        ("my grandson wets the bed", "N39.44"),
        ("stung by a wasp, first visit", "T63.461A"),
        ("torn ligament? no: sprained ankle, right", "S93.401A"),
        ("Sprain of oth ligament of l ank, subs", "S93.492D"),
        ("celulitis left lower leg", "L03.116"),
        ("alzhiemers disease", "G30.9"),
        ("chron's disease", "K50.90"),
        ("secondary malignant neoplasm of thalamus", "C79.31"),
    ],
)
def test_words_that_no_title_has_are_understood(book: Codebook, query: str, code: str) -> None:
    assert first(book, query) == code


def test_a_range_of_codes_lists_what_lies_between(book: Codebook) -> None:
    codes = [hit.code for hit in book.search("are I10-I13 allowed here?", None, 40)]
    assert codes[:3] == ["I10", "I11.0", "I11.9"]
    assert "I12.9" in codes


def test_a_day_leaves_out_what_is_not_in_force_on_it_and_brings_back_what_has_ended(book: Codebook) -> None:
    assert first(book, "stress incontinence female") in [
        hit.code for hit in book.search("stress incontinence female", System.ICD10CM, on=date(2026, 5, 1))
    ]
    reply = asked(
        book, '{"id": "a", "query": "stress incontinence", "date": "2026-05-01"}', '{"id": "b", "query": "x", "date": "soon"}'
    )
    assert reply[0]["hits"]
    assert "error" in reply[1]


def test_icd_before_a_number_is_no_device(book: Codebook) -> None:
    assert first(book, "ICD 10 for left wrist sprain") == "S63.502A"
    assert first(book, "ICD present") == "Z95.810"


def test_the_system_is_a_filter(book: Codebook) -> None:
    assert {hit.system for hit in book.search("distinct service", System.MODIFIER)} == {System.MODIFIER}
    assert {hit.system for hit in book.search("biofeedback pelvic floor", System.CPT)} == {System.CPT}


def test_no_more_hits_come_than_asked_for_and_their_scores_fall(book: Codebook) -> None:
    scores = [hit.score for hit in book.search("fracture of the left femur", System.ICD10CM, 40)]
    assert 20 < len(scores) <= 40
    assert scores[0] <= 1
    assert all(later <= earlier + 0.021 for earlier, later in pairwise(scores))


@pytest.mark.parametrize(
    "query", ["", "   ", "?!", "zzzqqqxxx", "the of and", "\x00", "(" * 3000, "a" * 100_000, "fracture " * 20_000]
)
def test_nonsense_finds_little_and_harms_nothing(book: Codebook, query: str) -> None:
    assert len(book.search(query)) <= 10


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_search(book: Codebook, text: str) -> None:
    for hit in book.search(text):
        assert 0 <= hit.score <= 1


def test_an_official_title_leads_to_its_code(book: Codebook) -> None:
    rows = book._rows("SELECT code, title FROM code WHERE billable AND system = ? AND id % 700 = 3", System.ICD10CM)
    assert len(rows) > 90
    assert [code for code, title in rows if first(book, title, None) != code] == []


def test_the_same_question_has_the_same_answer_in_every_process(book: Codebook) -> None:
    code = """
import sys
from pathlib import Path
from consultant.codebook import open_book
book = open_book(Path(sys.argv[1]))
for words in ("oter injury of duodenum sequlea", "fractrue of tibai", "sloar retinopathy", "poisn by antidiabetc drg"):
    print([(hit.code, hit.score) for hit in book.search(words)])
print(book._rows("SELECT value FROM meta WHERE name IN ('content', 'index_hash')"))
"""
    answers = set()
    for seed in ("1", "2", "3"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        answers.add(subprocess.run([sys.executable, "-c", code, str(book.path)], env=env, cwd=ROOT, capture_output=True).stdout)
    assert len(answers) == 1
    assert answers != {b""}


@pytest.mark.parametrize(
    "asked",
    [
        "crushing injury of left thigh, sequela",
        "pt fell from ladder, broken left wrist and bruise of the right knee, also has high blood pressure and type 2 diabetes",
        "benign neoplasm of skin of eyelid and chronic sinusitis and stiffness of right shoulder",
    ],
)
def test_no_wording_that_answers_better_is_passed_over_to_save_work(book: Codebook, asked: str) -> None:
    searcher = book._searcher
    index, segment = searcher._index, indexing.segment(System.ICD10CM, ended=False)
    way = query.turns(asked, searcher._said)[0]
    sought = query.asked(query.words_of(way, searcher._lexicon, (segment,)), segment)
    assert sought is not None
    reading = query.read(sought, index)
    surfaces = range(index.starts[segment], index.starts[segment + 1])
    scores = {at: fit(index.terms(at), index.weights[at], reading) * standing(index, at, reading) for at in surfaces}
    best = sorted(scores, key=lambda at: -scores[at])[:3]
    found = {at for _, at in finding.candidates(index, sought, 1.0, finding.needed(sought, scores[best[-1]] - 1e-9))}
    assert set(best) <= found
    assert len(found) < len(scores) / 100
    assert finding.candidates(index, sought, 1.0, sought.weight * 1.01) == []  # nothing can meet more than all


def test_a_code_with_many_wordings_does_not_crowd_out_others_by_the_order_of_systems(
    book: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "Irritant contact dermatitis due to friction or contact with and Sickle-cell thalassemia, with splenic sequestra"
    usual = book.search(asked)
    promise = searching._promise
    monkeypatch.setattr(searching, "_promise", lambda item: -promise(item))
    assert book.search(asked) == usual


# --- words --------------------------------------------------------------------------------------------------------------


def test_a_negation_belongs_to_the_words_after_it() -> None:
    assert words.terms("Laceration without foreign body of left thumb with damage to nail") == [
        *("lacer", "no foreign", "no body", "left", "thumb", "damag", "nail"),
    ]


def test_iv_is_a_number_behind_a_rank_and_a_vein_elsewhere(book: Codebook) -> None:
    assert words.tokens("Salter-Harris Type IV fracture") == ["salter", "harris", "type", "4", "fracture"]
    assert words.tokens("an IV line") == ["an", "iv", "line"]
    asked = "What is the code for Salter-Harris Type IV physeal fracture of upper end of left tibia, sequela?"
    assert first(book, asked) == "S89.042S"


def test_words_of_one_root_have_one_stem() -> None:
    assert words.stem("fractured") == words.stem("fractures") == words.stem("fracture")
    assert words.stem("stenotic") == words.stem("stenosis")


@pytest.mark.parametrize(
    ("a", "b", "apart"), [("tibia", "tibia", 0), ("tbiia", "tibia", 1), ("tiba", "tibia", 1), ("femur", "tibia", 3)]
)
def test_slips_are_counted_and_counting_stops_early(a: str, b: str, apart: int) -> None:
    assert spelling.distance(a, b, 2) == min(apart, 3)


def test_short_forms_are_learned_from_official_short_titles() -> None:
    lines = [
        f"00001 S5290XF 1 {'Fx unsp forearm, opn fx':60} Fracture of unspecified forearm, open fracture",
        f"00002 S92334P 1 {'Nondisp fx of foot, opn fx':60} Nondisplaced fracture of foot, open fracture",
        f"00003 A000    1 {'Cholera':60} Cholera",
    ]
    learned = learning.learned(learning.pairs(lines * 2))
    assert learned["opn"] == ["open"]
    assert learned["nondisp"] == ["nondisplaced"]
    assert "fx" not in learned


# --- search --jsonl -----------------------------------------------------------------------------------------------------


def asked(book: Codebook, *lines: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in search.answers(book, io.StringIO("\n".join(lines) + "\n"))]


def test_each_line_is_answered_in_order_and_a_bad_one_does_not_end_the_stream(book: Codebook) -> None:
    replies = asked(
        book,
        '{"id": "a", "query": "stress incontinence", "system": "ICD-10-CM", "limit": 2}',
        "{broken",
        '{"id": "b", "query": 7}',
        '{"id": "c", "query": "x", "system": "SNOMED"}',
        "[1]",
        '{"id": "d", "query": "n39.3"}',
    )
    assert [reply["id"] for reply in replies] == ["a", None, "b", "c", None, "d"]
    assert [hit["code"] for hit in replies[0]["hits"]] == ["N39.3", "N39.46"]  # type: ignore[attr-defined]
    assert set(replies[0]["hits"][0]) == {"code", "system", "score"}  # type: ignore[index]
    assert all("error" in reply for reply in replies[1:5])
    assert "SNOMED" in str(replies[3]["error"])


# --- the expert sets, where they are ------------------------------------------------------------------------------------


#: hit@1 in percent that search must not fall below; what it reaches stands in the notes of the release.
FLOORS = {
    "coder_queries": 92,
    "cms_short": 88,
    "icd9_titles": 89,
    "inclusion": 98,
    "desc_abbr": 97,
    "desc_email": 98,
    "desc_typo2": 97,
    "external_cause": 56,
    "neoplasm": 57,
}


@pytest.fixture(params=sorted(FLOORS))
def expert_set(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[dict[str, str]]]]:
    file = QUESTIONS / f"{request.param}.tsv"
    if not file.exists():
        pytest.skip(f"the expert sets are not beside this repository ({file.name} of shared/questions/search)")
    with file.open(encoding="utf8") as lines:
        yield request.param, list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_search_stays_as_good_as_it_was_on_the_expert_sets(book: Codebook, expert_set: tuple[str, list[dict[str, str]]]) -> None:
    name, rows = expert_set
    met = sum(first(book, row["query"]).startswith(tuple(row["gold"].split("|"))) for row in rows)
    print(f"{name}: hit@1 {100 * met / len(rows):.1f} % of {len(rows)}")
    assert 100 * met / len(rows) >= FLOORS[name]
