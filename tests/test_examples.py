"""Every example of the starter families and cards: what its question must lead to."""

from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.codebook.knowledge import Example
from consultant.codebook.sources import starter

TODAY = date(2026, 11, 22)


EXAMPLES = [*starter.examples()]


@pytest.mark.parametrize("example", [example for _, example in EXAMPLES], ids=[name for name, _ in EXAMPLES])
def test_an_example_leads_to_its_codes_and_every_statement_to_a_source(example: Example, book: Codebook) -> None:
    asked = question.read(example.question, today=TODAY)
    answer = advice.advise(classifier.classify(asked, book, asked.date_of_service or TODAY), book)
    shown = {*answer.report, *answer.do_not_report, *(c.code for c in answer.candidates[:12])}
    assert set(example.report) <= set(answer.report), f"reported {answer.report}: {answer.verdict}"
    assert set(example.discuss) <= shown
    assert not set(example.exclude) & set(answer.report)
    assert example.units.items() <= dict(answer.units).items()
    assert not example.asks or answer.ask_back
    known = {source.id for source in answer.sources}
    assert all(s.sources and set(s.sources) <= known for s in answer.statements), "a statement without a source"
