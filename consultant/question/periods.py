"""A year or a month as the date of service: "2025 claim", "DOS March 2025", "done in March 2025"."""

from __future__ import annotations

import re
from datetime import date

from consultant.vocabulary import Fact, Span

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
#: A month, long or short.
MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS)
_WHEN = rf"(?:(?P<month{{0}}>{MONTH})\.?,? )?(?P<year{{0}}>20[0-4]\d)(?![\w/-])"
_OF = (
    r"(?:dos|dates? of service|service dates?|(?:from|on|for|of) a claim|claims?|services?)"
    r"(?: (?:was|is|were|of|in|from|for|dated))?:? "
)
_TOLD = re.compile(
    rf"\b(?:{_OF}{_WHEN.format(1)}"
    rf"|{_WHEN.format(2)} (?:claims?|dos|dates? of service|service dates?)\b"
    rf"|(?:done|performed|rendered|billed|given) (?:back )?in {_WHEN.format(3)})",
    re.IGNORECASE,
)
#: Then what was done in that month may be of another day than the claim.
_OTHER_DAY = re.compile(
    r"\b(?:ago|since|prior|previous\w{0,2}|history|hx|last|first|earlier|today|now|again|new|versus|vs|changed?|effective|until|before|after)\b",
    re.IGNORECASE,
)
_NEAR = 80  # characters to either side in which such words are looked for
_RECENT = 2  # years


def period_of_service(text: str, today: date | None) -> Fact | None:
    """The one month or year of service that a letter without a day tells, as a date in it; none that is not yet.

    Of a year it is the first of July: codes of the services change in January, and those of diagnoses in October.
    """
    if today is None:
        return None
    found: dict[date, Fact] = {}
    for match in _TOLD.finditer(text):
        at = next(n for n in ("1", "2", "3") if match[f"year{n}"])
        month = (match[f"month{at}"] or "").lower()
        when = date(int(match[f"year{at}"]), number_of(month) if month else 7, 1)
        around = text[max(0, match.start() - _NEAR) : match.start()] + text[match.end() : match.end() + _NEAR]
        settled = month or (at != "3" and when.year < today.year)
        if settled and when <= today and when.year >= today.year - _RECENT and not _OTHER_DAY.search(around):
            found[when] = Fact("date_of_service", when.isoformat(), Span(*match.span(), match.group()))
    return next(iter(found.values())) if len(found) == 1 else None


def number_of(month: str) -> int:
    """1 to 12, of a month's name or its beginning in any case: "Mar" is 3."""
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month.lower()))
