"""Asking the engine in one line, as the tests of what letters say do."""

from __future__ import annotations

from datetime import date

from consultant import advice, classifier, question
from consultant.codebook import Codebook
from consultant.vocabulary import Answer

TODAY = date(2026, 11, 28)


def answered(text: str, book: Codebook) -> Answer:
    """The engine's answer to a letter that came today."""
    return advice.advise(classifier.classify(question.read(text, today=TODAY), book, TODAY), book)
