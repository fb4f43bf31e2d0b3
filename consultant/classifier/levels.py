"""The level of a visit's decisions where a letter tells it by one word: "doc changes meds, orders PT (moderate)"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from consultant.classifier.hearing.written import Word

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
#: "Office visit, established, moderate, and …", "est pt, moderate visit plus …", "Established, straightforward.": a degree between commas, of no disease.
_LISTED = re.compile(
    r"(?:\b(?:office )?visit,? (?:(?:an? )?(?:established|est|new)(?: patient| pt)?,? )?"
    r"|\b(?:established|est|new) (?:patient|pt),? (?:office )?(?:visit,? )?|\b(?:established|est\.?), )"
    r"(?P<listed>straightforward|low|moderate|mod|high)(?=[.,;]|$| (?:with|plus|visit|level)\b| and (?:an?|\d+|then|also|we)\b)",
    re.IGNORECASE,
)
_LEVEL = r"(?:straightforward|minimal|low|moderate|mod|high)"
#: "Decision making is charted as moderate", "moderate MDM", "MDM: high".
_OF_DECISIONS = re.compile(
    rf"\b(?:mdm|decision[- ]making)\b(?: (?:is|was|as|at|of|to|being|came|comes|out|charted|documented|scored|rated|listed|told|only|a|level|complexity)|[:=,(])*"
    rf" ?(?P<behind>{_LEVEL})\b|\b(?P<ahead>{_LEVEL})(?:[- ](?:level|complexity|medical|risk))* (?:mdm|decision[- ]making|decisions)\b",
    re.IGNORECASE,
)


def of_decisions(whole: str) -> tuple[tuple[int, int], ...]:
    """Where the level of the decisions stands in so many words: it says more than "stable" of a disease does."""
    found = islice(_OF_DECISIONS.finditer(whole), _MOST)
    return tuple(told.span("behind" if told["behind"] else "ahead") for told in found)


def levels_told(whole: str) -> Iterator[Sequence[Word]]:
    """Each such word once more with what it is the level of, for phrases that are told so: "moderate mdm", "complexity"."""
    for told in islice(_TOLD.finditer(whole), _MOST):
        start, end = told.span("within" if told["within"] else "behind")
        word = whole[start:end].lower()
        yield _told(word, start, end)
    for told in islice(_LISTED.finditer(whole), _MOST):
        yield _told(told["listed"].lower(), *told.span("listed"))


def _told(word: str, start: int, end: int) -> list[Word]:
    return [Word(text, start, end) for text in (_FULL.get(word, word), "mdm", "complexity")]
