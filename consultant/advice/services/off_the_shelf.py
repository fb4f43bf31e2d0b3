"""Ready made braces have two codes: one for what an expert trims and fits, its twin for what is handed over as it is."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.official.files import named
from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.vocabulary import Source

#: The code of the fitted brace → that of the same brace off the shelf.
TWINS = {
    "L0454": "L0455", "L0456": "L0457", "L0466": "L0467", "L0468": "L0469", "L0626": "L0641", "L0627": "L0642",
    "L0630": "L0643", "L0631": "L0648", "L0633": "L0649", "L0637": "L0650", "L0639": "L0651", "L1810": "L1812",
    "L1832": "L1833", "L1843": "L1851", "L1845": "L1852", "L1847": "L1848", "L3807": "L3809", "L3915": "L3916",
    "L3917": "L3918", "L3923": "L3924", "L3929": "L3930", "L4360": "L4361", "L4386": "L4387", "L4396": "L4397",
}  # fmt: skip
_FITTED = {shelf: fitted for fitted, shelf in TWINS.items()}
_AS_IT_IS = re.compile(
    r"\b(?:off[- ]the[- ]shelf|ots|(?:straight |right |just )?(?:from|out of) (?:the|its|a) (?:box|package|bag)"
    r"|(?:nobody|no one|never|not|wasn't|no|without(?: any)?) (?:custom[- ]?)?(?:fit(?:ted|ting)?|trimm(?:ed|ing)|adjust(?:ed|ing|ments?)|bending|molding|moulding)"
    r"|only (?:the )?straps|straps (?:only|alone)|put it on (?:him|her)self)\b",
    re.IGNORECASE,
)
_BY_EXPERT = re.compile(
    r"\b(?:orthotist|certified fitter|fitter|expert|therapist|cped|pedorthist)\b[^.?!]{0,40}\b(?:trimmed|bent|heated|molded|moulded|fitted|cut|reshaped|grinded|ground)\b"
    r"|\b(?:trimmed|bent|heated|molded|moulded|cut|reshaped|ground)\b[^.?!]{0,40}\b(?:to (?:the|his|her|fit)|by (?:the|our|an?) (?:\w+ )?(?:orthotist|fitter|therapist))\b",
    re.IGNORECASE,
)
RULE = Source(
    "dme-mac-off-the-shelf",
    "DME MAC joint article, Correct coding: off-the-shelf and custom fitted braces",
    "2014-03-27",
    "code pairs",
)
SURE = 0.75


def off_the_shelf_rule(sheet: Sheet) -> Ruling:
    """The twin of the one brace that the letter names, where it tells of a fitting that the named code is not for."""
    text = sheet.findings.question.text
    as_it_is, by_expert = bool(_AS_IT_IS.search(text)), bool(_BY_EXPERT.search(text))
    if as_it_is == by_expert:
        return Ruling()
    twins = TWINS if as_it_is else _FITTED
    codes = [code for code in named(sheet) if code in TWINS or code in _FITTED]
    if len(codes) != 1 or codes[0] not in twins:
        return Ruling()
    (code,) = codes
    told = (
        "handed over as it is, with nothing but what the patient can do" if as_it_is else "trimmed, bent or shaped by an expert"
    )
    said = f"The brace was {told}: that is {twins[code]}; {code} is its twin for the other way."
    verdict = f"Report {twins[code]}, not {code}."
    return Ruling((twins[code],), (code,), sayings=(Saying("why", said, (RULE,)),), verdict=verdict, settles=SURE)
