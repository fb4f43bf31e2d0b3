"""Every example of the starter families and cards: what its question must lead to."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.codebook.knowledge import Example
from consultant.codebook.sources import starter

TODAY = date(2026, 11, 22)
#: The examples of one text are one test, which shows all that is wrong with it at once.
BY_TEXT: dict[str, list[Example]] = defaultdict(list)
for name, example in starter.examples():
    BY_TEXT[name.rpartition(" ")[0]].append(example)


@pytest.mark.parametrize("text", BY_TEXT)
def test_the_examples_of_a_text_lead_to_their_codes_and_every_statement_to_a_source(text: str, book: Codebook) -> None:
    wrong = [f"{example.question}\n    {what}" for example in BY_TEXT[text] for what in faults_of(example, book)]
    assert not wrong, "\n".join(wrong)


def faults_of(example: Example, book: Codebook) -> Iterator[str]:
    """What the answer to an example's question lacks, or holds in spite of it."""
    asked = question.read(example.question, today=TODAY)
    answer = advice.advise(classifier.classify(asked, book, asked.date_of_service or TODAY), book)
    shown = {*answer.report, *answer.do_not_report, *(c.code for c in answer.candidates[:12])}
    if not set(example.report) <= set(answer.report):
        yield f"reported are {answer.report}, not {example.report}: {answer.verdict}"
    if not set(example.discuss) <= shown:
        yield f"not spoken of: {set(example.discuss) - shown}"
    if wrong := set(example.exclude) & set(answer.report):
        yield f"reported in spite of it: {wrong}"
    if not example.units.items() <= dict(answer.units).items():
        yield f"units are {answer.units}, not {example.units}"
    if example.asks and not answer.ask_back:
        yield "nothing is asked back"
    known = {source.id for source in answer.sources}
    if not all(s.sources and set(s.sources) <= known for s in answer.statements):
        yield "a statement without a source"
