"""Charlie's questions that official files answer: pairs, unit limits, global periods, fees, headings, crosswalks, arithmetic."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.vocabulary import Answer
from tests.official_book import QUESTIONS, official_book

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def official(book: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return official_book(book, Path(tmp_path_factory.mktemp("official")))


def ask(text: str, book: Codebook, day: str = "") -> Answer:
    asked = question.read(text, today=TODAY)
    on = date.fromisoformat(day) if day else asked.date_of_service or TODAY
    return advice.advise(classifier.classify(asked, book, on), book)


def told(answer: Answer, section: str) -> str:
    return "\n".join(s.text for s in answer.statements if s.section == section)


@pytest.mark.parametrize("row", QUESTIONS, ids=[row["id"] for row in QUESTIONS])
def test_a_question_is_answered_by_the_official_rows(row: dict[str, Any], official: Codebook) -> None:
    answer = ask(row["question"], official, row.get("date", ""))
    assert set(row.get("report", ())) <= set(answer.report), f"reported {answer.report}: {answer.verdict}"
    assert not set(row.get("not", ())) & set(answer.report), answer.verdict
    assert row.get("units", {}).items() <= dict(answer.units).items()
    assert row.get("says", "") in answer.verdict
    assert answer.answered is row.get("answered", True)
    assert answer.ask_back or not row.get("asks")


def test_every_statement_of_every_answer_stands_on_a_source(official: Codebook) -> None:
    for row in QUESTIONS:
        answer = ask(row["question"], official, row.get("date", ""))
        known = {source.id for source in answer.sources}
        assert all(s.sources and set(s.sources) <= known for s in answer.statements), row["id"]


def test_indicator_zero_says_that_no_modifier_helps(official: Codebook) -> None:
    answer = ask("80048 and 80053 drawn together. Which one stays?", official)
    assert "no modifier" in told(answer, "why")
    assert "modifier indicator 0" in told(answer, "check")


def test_a_pair_after_the_newest_release_says_which_quarter_was_not_checked(official: Codebook) -> None:
    assert "was not checked" in told(ask("Can 45380 and 45378 be billed together?", official), "unchecked")
    assert "was not checked" not in told(ask("45378 and 45385 together on 2024-08-01?", official), "unchecked")


def test_the_fee_shows_its_arithmetic_and_the_day_it_speaks_for(official: Codebook) -> None:
    answer = ask("How much does Medicare pay for 99213 in the office?", official, "2025-11-03")
    assert "times the conversion factor 2.75 × 32.3465" in told(answer, "why")
    late = ask("How much does Medicare pay for 99213 in the office?", official, "2026-11-03")
    assert "The fee schedule of 2026-11-03 is not in this book" in told(late, "unchecked")


def test_both_facts_for_and_against_a_second_service_are_heard(official: Codebook) -> None:
    distinct = ask("11102 and 17000 on separate lesions. Unbundle?", official)
    same = ask("11102 and 17000 on the same lesion. Unbundle?", official)
    assert "-59" in distinct.report
    assert "17000" in same.do_not_report


def test_units_above_an_absolute_limit_are_capped_and_above_a_clinical_one_are_appealed(official: Codebook) -> None:
    absolute = ask("11721 x2 denied, exceeds MUE. Can documentation lift it?", official)
    clinical = ask("We billed 97110 x8 for one patient and it denied as over the MUE. Appeal?", official)
    assert absolute.units["11721"] == 1
    assert clinical.units["97110"] == 8
    assert "appeal" in told(clinical, "check")


def test_a_second_code_that_nothing_tells_apart_is_refused_with_what_would_allow_it(official: Codebook) -> None:
    answer = ask("Treadmill stress in our office, 93015. Tech also ran the resting 12-lead. Can we add 93000?", official)
    assert "93000" in answer.do_not_report
    assert "only when the record shows that the services were distinct" in told(answer, "why")


def test_what_stands_for_a_list_of_the_payer_is_no_code(official: Codebook) -> None:
    answer = ask("Is 61783 an add-on code?", official)
    assert "CCCCC" not in answer.report
    assert not any("CCCCC" in statement.text for statement in answer.statements)
