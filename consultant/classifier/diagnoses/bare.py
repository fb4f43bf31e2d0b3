"""A condition without what stands beside it and changes no code: a germ, a level, a side, a place, the kind of a cancer's cells."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from consultant.classifier.diagnoses.sites import ON_THE_SKIN, PLACE, leaves_open, tells_no_place
from consultant.vocabulary import Hit

#: A germ or a level of the spine beside a condition: rules for what stands together add it.
_BESIDE = re.compile(
    r"\b(?:mrsa|mssa|(?:at )?[ctl]\d{1,2} ?(?:[-/]|on|over|to) ?[ctls]?\d{1,2}|(?:at )?[ctls]\d{1,2})\b", re.IGNORECASE
)
_SIDE = re.compile(r"\b(?:left|right)(?: side)?\b(?!-)", re.IGNORECASE)  # that some codes do not tell, as Bell's palsy
#: Of which one code or two tell.
_BOTH = re.compile(r"\b(?:bilateral(?:ly)?|bilat|both|(?-i:O[DSU]))\b", re.IGNORECASE)
#: Where it sits, of what has one code wherever it is: "erysipelas of the leg".
_PLACE = re.compile(
    r"\b(?:(?:left|right|upper|lower|both|bilateral) )*(?:legs?|arms?|feet|foot|hands?|face|scalp|trunk|thighs?|fingers?|cheeks?|knees?|elbows?|ankles?|wrists?|shoulders?|buttocks?)\b",
    re.IGNORECASE,
)
#: Of a cancer its cells, how they look, and how far it is: its code goes by its site.
_CELLS = re.compile(
    r"\b(?:invasive|infiltrating|papillary|follicular|medullary|anaplastic|ductal|lobular|urothelial|transitional cell|endometrioid|serous"
    r"|(?:low|high|intermediate)[- ]grade|grade [1-4]|(?:poorly|moderately|well)[- ]differentiated|localized|locally|inoperable|unresectable"
    r"|recurrent|triple[- ]negative|castrat\w+[- ]resistant|hormone[- ](?:positive|sensitive|refractory)|gleason(?: score)? \d(?: ?\+ ?\d)?)\b",
    re.IGNORECASE,
)
_BENIGN = re.compile(r"\bbenign\b", re.IGNORECASE)  # as the title of its code says in other words, or does not


def barer(words: str) -> Iterator[tuple[str, Callable[[Hit], bool]]]:
    """The words with one such thing left out, each with what must hold of a code that is found so."""
    for beside, holds in (
        (_BESIDE, _any),
        (_SIDE, _of_no_side),
        (_BOTH, _any),
        (_PLACE, _of_one_code),
        (PLACE, leaves_open),
        (ON_THE_SKIN, tells_no_place),
        (_CELLS, _of_a_cancer),
        (_BENIGN, _of_a_benign_growth),
    ):
        if (bare := " ".join(beside.sub(" ", words).split())) not in ("", words):
            yield bare, holds


def _any(hit: Hit) -> bool:
    return True


def _of_no_side(hit: Hit) -> bool:
    return hit.code[0] not in "QR" and "unspecified" not in hit.title.lower()


def _of_one_code(hit: Hit) -> bool:
    return hit.code[0] not in "CDKMOQRSTZ" and "unspecified" not in hit.title.lower()


def _of_a_cancer(hit: Hit) -> bool:
    return hit.code[0] == "C"


def _of_a_benign_growth(hit: Hit) -> bool:
    return hit.code[:2] in ("D1", "D2", "D3")
