"""The form of the letter: the template that made it, diagnosis pointers, coverage, and what an abstaining draft understood."""

from datetime import date
from pathlib import Path

from consultant import advice, classifier, drafting, question
from consultant.advice.diagnoses.pointers import pointers
from consultant.advice.sheet import Sheet
from consultant.codebook import Codebook
from consultant.vocabulary import Answer, Draft

TODAY = date(2026, 11, 22)


def answer(text: str, book: Codebook) -> Answer:
    return advice.advise(classifier.classify(question.read(text, today=TODAY), book, TODAY), book)


def draft(text: str, book: Codebook, *folders: Path) -> Draft:
    return drafting.compose(answer(text, book), case_number="C-2026-0007", asker_name="", quoted=text, template_dirs=folders)


def test_a_draft_records_which_templates_made_it(book: Codebook) -> None:
    first, second = draft("is N39.3 billable?", book), draft("debrided a wound, what code?", book)
    assert first.template == second.template
    assert first.template.startswith("answer-")
    assert first.template in first.text
    assert first.template in first.html


def test_an_operators_own_template_has_its_own_version(book: Codebook, tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text("Our house says: {{ verdict }}\n", encoding="utf8")
    ours, theirs = draft("is N39.3 billable?", book), draft("is N39.3 billable?", book, tmp_path)
    assert theirs.text.startswith("Our house says: Yes: N39.3")
    assert theirs.template != ours.template


def test_services_point_to_the_diagnoses_of_the_answer(book: Codebook) -> None:
    text = "Flu shot for a Medicare patient - which administration code and diagnosis?"
    pointers = {line.code: line.pointer for line in answer(text, book).lines}
    assert pointers["Z23"] == "A"
    assert pointers["G0008"] == "A"
    assert "Diagnosis</th>" in draft(text, book).html


def test_a_screening_points_from_the_test_that_screens(book: Codebook) -> None:
    asked = question.read("45385-33 and 99213 with Z12.11 and E11.9, 90471 with Z23", today=TODAY)
    lines: dict[str, list[str]] = {"Z12.11": [], "E11.9": [], "Z23": [], "45385": ["-33"], "99213": [], "90471": []}
    told = pointers(Sheet(classifier.classify(asked, book, TODAY), book, lines=lines))
    assert (told["45385"], told["99213"], told["90471"]) == ("A, B", "B", "C")


def test_a_letter_without_diagnoses_has_no_column_for_them(book: Codebook) -> None:
    letter = draft("hands on joint mobilization of the shoulder for 15 min", book)
    assert "Diagnosis</th>" not in letter.html


def test_an_abstaining_draft_says_what_it_read_and_shows_the_closest_records(book: Codebook) -> None:
    found = answer("Medicare, 62 year old, 45 minutes of moxibustion on the left shoulder, which code?", book)
    assert not found.answered
    assert found.report == ()
    why = [s.text for s in found.statements if s.section == "why"]
    assert any(text.startswith("What we read:") and "Medicare" in text and "45 minutes" in text for text in why)
    assert 1 <= sum(text.startswith("Close, but not decided") for text in why) <= 3


def test_a_code_that_is_only_quoted_carries_no_answer(book: Codebook) -> None:
    assert not answer("Our vendor wrote about 97110 in its newsletter, which dental plan is best for us?", book).answered


def test_a_word_for_a_side_is_no_answer_to_a_question_for_a_code(book: Codebook) -> None:
    found = answer("Trapdoor of the pineal gland lifted on the right, which code?", book)
    assert not found.answered
    assert "-RT" not in found.report


def test_both_ways_to_count_minutes_stand_side_by_side(book: Codebook) -> None:
    found = answer("Medicare: 20 minutes of exercise and 18 minutes of manual therapy. Units?", book)
    told = " ".join(s.text for s in found.statements)
    assert dict(found.units) == {"97110": 2, "97140": 1}
    assert "20 (97110) + 18 (97140) = 38" in told
    assert "97110 1, 97140 1" in told
