"""Teeth and quadrants in a letter on teeth: "sealants on 3, 14 and #30", "tooth #A", "UL and LR"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.vocabulary import Fact, Span

#: What makes it a letter on teeth; "#30" may count tablets, and "LR" is a fluid elsewhere.
_OF_TEETH = re.compile(
    r"\b(?:dental|dentists?|dentistry|denti-?cal|tooth|teeth|(?:pre)?molars?|bicuspids?|bitewings?|hygienists?|sealants?|cdt|srp"
    r"|root canal|root planing|periodont\w{1,8}|endodont\w{1,8}|silver diamine|D\d{4})\b",
    re.IGNORECASE,
)
#: 1 to 32 are a grown-up's, A to T a child's.
_TOOTH = r"(?:3[0-2]|[12]\d|[1-9]|(?-i:[A-T]))(?![\w'])"
_JOINT = r"(?:, ?(?:and |& ?)?| ?& ?| ?\+ ?| and | plus | ?/ ?)(?:on |of )?(?:tooth |teeth )?"
_TO = r"(?: ?- ?| to | through | thru )"
_LIST = re.compile(
    r"(?:\b(?:tooth|teeth|(?:pre)?molars?|sealants? on|sdf on)(?: (?:numbers?|nos?\.?))?:? #?|(?<![\w#])# ?)"
    rf"(?P<list>{_TOOTH}(?:(?:{_JOINT}|{_TO})#?{_TOOTH}){{0,31}})"
    r"(?! ?(?:units?|times|days?|weeks?|months?|years?|yrs?|yo|mm|cm|surfaces?|quad\w*|visits?|minutes?|mins?|canals?|roots?"
    r"|tab\w*|pills?|caps\w*|views?|films?|teeth|or more|per|each|x|%|\+|\$|\.\d|:\d|-\w))",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"(\d{{1,2}}){_TO}#?(\d{{1,2}})", re.IGNORECASE)
_ONE = re.compile(rf"(?<!\w){_TOOTH}")
#: "Teeth I see", "tooth A was": a letter alone is a word, unless a sign for a number stands before it.
_A_WORD = re.compile(r"[AI]", re.IGNORECASE)
_QUADRANT = re.compile(r"\b(?:UL|UR|LL|LR)(?:Q|\b)(?![-/]?\d)")
_FRONT = frozenset({*map(str, range(6, 12)), *map(str, range(22, 28)), *"CDEFGHMNOPQR"})
_PREMOLAR = frozenset({"4", "5", "12", "13", "20", "21", "28", "29"})


def teeth(text: str) -> Iterator[Fact]:
    """How many teeth each list names, of which kind each is, and the quadrants; nothing in a letter that is not on teeth."""
    if not _OF_TEETH.search(text):
        return
    known: set[str] = set()
    for match in found_in(_LIST, text):
        named = _named(match["list"])
        if (_A_WORD.fullmatch(match["list"]) and "#" not in match.group()) or named <= known:
            continue
        known |= named
        start, end = match.span("list")
        yield measure("count", float(len(named)), text, start, end, "teeth")
        for kind in sorted({_kind(tooth) for tooth in named}):
            yield Fact("tooth", kind, Span(start, end, text[start:end], "tooth"))
    for match in found_in(_QUADRANT, text):
        yield Fact("quadrant", match.group()[:2], Span(*match.span(), match.group(), "quadrant"))


def _named(listed: str) -> set[str]:
    """The numbers or letters of the teeth of a list; of a range each of them."""
    found = {one.group().upper() for one in _ONE.finditer(listed)}
    for span in _RANGE.finditer(listed):
        found |= {str(number) for number in range(int(span[1]), int(span[2]) + 1)}
    return found


def _kind(tooth: str) -> str:
    return "front tooth" if tooth in _FRONT else "premolar" if tooth in _PREMOLAR else "molar"
