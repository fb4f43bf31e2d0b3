"""One thing and another one: "punch biopsy of the arm and another on the back" are two, though no number stands there; and so
are the samples of "punch biopsy of the arm and the back"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.question.amounts.numbers import A_NUMBER
from consultant.question.reach import around
from consultant.vocabulary import Fact

_NOUN = r"(?:punch|shave|wedge|biops(?:y|ies)|bx|lesion|mole|spot|polyp|nodule|cyst|wart|ak|keratosis|abscess|specimen|tag)"
_ONE_MORE = re.compile(
    rf"(?:\b(?:and|plus)|[,;&])(?: then| also)? (?P<told>(?:another|a second|one more|a further)"
    rf"(?: (?:tangential|incisional|skin|separate))?(?: {_NOUN}| one){{0,2}})"
    r"(?: out)? (?:on|from|of|off|under|at|in) (?:one (?:on|of|from|off|under|at|in) )?(?:the|her|his|their)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"\b{_NOUN}\b(?!s)", re.IGNORECASE)
#: "A wedge out of one on the calf": which it was, and no number.
_OF_ONE = re.compile(r"\b(?:of|from) one\b", re.IGNORECASE)
#: Of another day, or not done.
_NOT_NOW = re.compile(
    r"\b(?:ago|later|last|next|previous\w{0,2}|earlier|already|weeks?|months?|scheduled|planned|wants?|needs?|not|same|again"
    r"|recurr\w+)\b",
    re.IGNORECASE,
)
_SAMPLE = r"(?:punch(?:es)?|shaves?|biops(?:y|ies)|bxs?|bxd|biopsied)"
_PLACE = (
    r"(?:(?:the|her|his|their|an?|left|right|rt|lt|[lr]|upper|lower|mid|outer|inner) ){0,3}"
    r"(?:arm|forearm|back|leg|thigh|calf|shin|scalp|nose|chin|cheek|chest|neck|shoulder|hand|foot|abdomen|belly|temple|forehead|hip"
    r"|buttock|flank|knee|elbow|wrist|ankle|trunk|jaw|brow|eyebrow|heel|ear ?lobe|torso|tummy|stomach|armpit|groin)s?\b"
    r"(?! (?:pain|ache|rash|of|to|from|surgery|fusion|x-?ray|up)\b)"
)
#: One sample from each place, where an "and" ends the list.
_PLACES = re.compile(
    rf"\b{_SAMPLE}(?: of| from| on| off|:)"
    rf" (?P<told>{_PLACE}(?:(?:,| ?/) ?(?!and\b){_PLACE}){{0,6}},? ?(?:\band|&|\bplus|\+) {_PLACE})",
    re.IGNORECASE,
)
_ONE_PLACE = re.compile(_PLACE, re.IGNORECASE)
_STOP = re.compile(r"[.?!\n](?:\s|$)")


def one_more(text: str) -> Iterator[Fact]:
    """The count of two where a sentence tells one thing without a number and then another one of another place; that of the
    places where it lists those that were sampled."""
    for match in found_in(_PLACES, text):
        begin, end = around(_STOP, text, *match.span())
        if not A_NUMBER.search(text, begin, match.start()) and not _NOT_NOW.search(text, begin, end):
            places = sum(1 for _ in _ONE_PLACE.finditer(match["told"]))
            yield measure("count", float(places), text, match.start("told"), match.end("told"), "ones")
    for match in found_in(_ONE_MORE, text):
        begin, end = around(_STOP, text, *match.span())
        before = _OF_ONE.sub("", text[begin : match.start()])
        told = _FIRST.search(before) and not A_NUMBER.search(before)
        if told and not _NOT_NOW.search(text, begin, end) and not _ONE_MORE.search(text, match.end(), end):
            yield measure("count", 2.0, text, match.start("told"), match.end("told"), "ones")
