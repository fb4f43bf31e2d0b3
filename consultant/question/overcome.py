"""A failure that was overcome: "the first stick failed, on the second attempt it went in"; nothing was broken off."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.vocabulary import Fact, Span

_DONE = (
    r"(?:done|completed?|finished|placed|inserted|successful(?:ly)?|success|succeeded|reached|passed|advanced"
    r"|removed|obtained|achieved)"
)
_NOT = r"(?<!not )(?<!never )(?<!n't )(?<!unable to )(?<!without )(?<!be )(?<!not be )(?<!without being )"
_FAILED = re.compile(
    r"\b(?:fail\w*|attempt\w*|tried|tries|try|unsuccessful\w*|trouble|difficult\w*|(?:could|can) ?(?:not|n[\u2019']t)|unable|not able|struggled)\b",
    re.IGNORECASE,
)
#: What went well in the end.
_OVERCOME = re.compile(
    r"\b(?:on|with|after|at|by) (?:the |a |his |her |our )?(?:second|third|fourth|next|last|2nd|3rd|4th|another|different) "
    r"(?:\w+ )?(?:attempt|try|tries|pass|stick|go|puncture|catheter|wire|scope|side|vein|approach|site)\b"
    rf"[^.;?!]{{0,40}}?\b(?:went in|got (?:it|in)|worked|in place|{_DONE})\b"
    rf"|\b(?:second|third|fourth|next|2nd|3rd|4th) (?:attempt|try|pass|stick|puncture|approach|one) (?:was |did )?(?:went in|worked|got (?:it|in)|{_DONE})\b"
    rf"|\b(?:but|then|eventually|finally|ultimately|after that|in the end)\b[^.;?!]{{0,40}}?{_NOT}\b(?:went in|went through|got (?:it|in|through|there)|worked|{_DONE})\b"
    rf"|\b(?:was|were|we|he|she|doctor|surgeon) (?:then |finally |eventually |still )?able to (?:\w+ )?(?:complete|finish|pass|get|place|reach|do)\b"
    r"|\b(?:and|then|but) (?:it|that|this) (?:finally )?(?:worked|went in|went through|held)\b"
    rf"|\b(?:was|were|we|he|she|and) (?:then |finally |eventually |still )?(?:completed|finished|successfully \w+)\b",
    re.IGNORECASE,
)
#: It was given up all the same.
_GIVEN_UP = re.compile(
    r"\b(?:abandon\w*|abort\w*|stopp\w+|terminat\w+|gave up|given up|giving up|discontinu\w+|called (?:it )?off|quit|incomplete"
    r"|cancel\w*|reschedul\w*|bailed|backed out|cut short|not completed|(?:convert|chang)\w* to|instead)\b(?! (?:modifiers?|procedures?|codes?|services?)\b)",
    re.IGNORECASE,
)


def read_overcome(text: str) -> Iterator[Fact]:
    """What went well in the end, where the letter tells of a failure before it and of nothing that was given up."""
    failed = _FAILED.search(text)
    if failed and not _GIVEN_UP.search(text) and (done := _OVERCOME.search(text, failed.start())):
        yield Fact("overcome", "yes", Span(*done.span(), done.group()))
