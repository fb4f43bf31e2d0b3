"""The level of a visit's decisions where a letter tells it by one word: "doc changes meds, orders PT (moderate)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from consultant.classifier.written import Word

_MOST = 8
_FULL = {"mod": "moderate", "mod.": "moderate"}
#: Behind a visit, or behind what was decided at one: what somebody has ("asthma (moderate)") and a sedation have degrees too.
_DECIDED = (
    r"(?:orders?|ordered|chang(?:es|ed)|adjust(?:s|ed)|refill(?:s|ed)|prescrib(?:es|ed)|starts?|started|stops|stopped|switch(?:es|ed)"
    r"|increas(?:es|ed)|tweak(?:s|ed)|titrat(?:es|ed)|review(?:s|ed)|new (?:rx|script|med))"
)
_TOLD = re.compile(
    rf"\b(?:visit|encounter|e/m|appt|appointment|{_DECIDED}\b[^.;,?!()\n]{{0,40}})"
    r"(?: \((?P<within>moderate|mod\.?|low|high|straightforward)\)|, (?P<behind>moderate|mod)(?=[.;,]|$))",
    re.IGNORECASE,
)


def levels_told(whole: str) -> Iterator[Sequence[Word]]:
    """Each such word once more with what it is the level of, for phrases that are told so: "moderate mdm", "complexity"."""
    for told in islice(_TOLD.finditer(whole), _MOST):
        start, end = told.span("within" if told["within"] else "behind")
        word = whole[start:end].lower()
        yield [Word(text, start, end) for text in (_FULL.get(word, word), "mdm", "complexity")]
