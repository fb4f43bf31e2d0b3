"""A modifier that a letter would put on a code that the answer refuses: "may I put a 59 on 29581?" of a wrap on the same leg."""

from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Sheet

_APART = r"(?P<sign>59|X[EPSU])"
_CODE = r"(?P<code>\d{4}[0-9A-Z]|[A-V]\d{4})"
#: "A 59 on 29581", "modifier 59 with the 29581"; "29581-59", "29581 with a 59".
_ON = (
    re.compile(
        rf"(?<![\d.]){_APART} (?:modifier )?(?:on|onto|to|with|behind|after|for) (?:the |our |code |cpt ){{0,2}}{_CODE}\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_CODE}(?:-| -|,? (?:with|and|plus|using) (?:an? |the )?(?:modifier )?-?){_APART}\b", re.IGNORECASE),
)


def refused_signs_rule(sheet: Sheet) -> Ruling:
    """Without a sign of distinct services that the letter names for refused codes alone, where it tells of nothing distinct."""
    if any(told.startswith("other") for told in sheet.said("relation")):
        return Ruling()
    text = sheet.findings.question.text
    meant = [(f"-{m['sign'].upper()}", m["code"].upper()) for pattern in _ON for m in pattern.finditer(text)]
    signs = {sign for sign, _ in meant if sign in sheet.loose}
    idle = [sign for sign in signs if all(code in sheet.refused for one, code in meant if one == sign)]
    return Ruling(unmark=tuple(("", sign) for sign in sorted(idle)))
