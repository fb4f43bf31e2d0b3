"""A look through a scope beside what was done through it."""

from __future__ import annotations

from datetime import date

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.vocabulary import Answer

TODAY = date(2026, 11, 26)


def test_the_look_is_part_of_the_work_through_the_same_scope(book: Codebook) -> None:
    answer = _answered("Bronchoscopy with transbronchial biopsy of one lobe, he looked around first. Can 31622 be added?", book)
    assert "31628" in answer.report
    assert "31622" in answer.do_not_report
    assert any("base in the fee schedule" in statement.text for statement in answer.statements)


def test_a_look_in_another_session_stands_by_itself(book: Codebook) -> None:
    answer = _answered("45385 in the morning, and at a separate session that evening 45378 for bleeding.", book)
    assert "45378" not in answer.do_not_report


def _answered(text: str, book: Codebook) -> Answer:
    asked = question.read(text, today=TODAY)
    return advice.advise(classifier.classify(asked, book, TODAY), book)
