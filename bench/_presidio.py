"""Presidio's pattern recognisers, called directly, as a finder for `bench/phi.py`. Needs presidio-analyzer (no dependency).

Presidio finds names and addresses with a language model only; those kinds count as not found here. Its check of an e-mail's
ending is left out: it wants a public one, and invented letters have none.
"""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer
from presidio_analyzer import predefined_recognizers as theirs

from consultant.vocabulary import Span


class AnyEmail(theirs.EmailRecognizer):  # type: ignore[misc]
    def validate_result(self, pattern_text: str) -> bool:
        return True


RECOGNISERS: dict[str, EntityRecognizer] = {
    "SSN": theirs.UsSsnRecognizer(),
    "phone": theirs.PhoneRecognizer(),
    "e-mail": AnyEmail(),
    "birth date": theirs.DateRecognizer(),
    "Medicare number": theirs.UsMbiRecognizer(),
    "member number": theirs.UsHealthInsuranceMemberIdRecognizer(),
    "claim number": theirs.UsClaimNumberRecognizer(),
}


def find(text: str) -> list[Span]:
    """What they find, whatever the score: their context words need a language model."""
    found = [
        Span(result.start, result.end, text[result.start : result.end], label)
        for label, recogniser in RECOGNISERS.items()
        for result in recogniser.analyze(text, recogniser.supported_entities, None) or []
    ]
    return sorted(found, key=lambda span: span.start)
