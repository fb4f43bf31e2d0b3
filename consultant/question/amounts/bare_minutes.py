"""Minutes whose number stands alone, because the letter speaks of minutes before it, "38 timed minutes: 97110 for 20", or because
what took so long can only have taken minutes: "psychotherapy took 50".
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator

from consultant.question.amounts.labels import found_in, measure
from consultant.vocabulary import Fact

#: "38 timed minutes: 97110 for 20, 97112 for 18".
_OF_CODE = re.compile(r"\b9\d{4}(?: for| =|:| was| at)? (?P<n>\d{1,3})\b(?=[,;.)]|\s(?:and|plus|then|&)|$)", re.IGNORECASE)
_MINUTES = re.compile(r"\bmin(?:ute)?s?\b", re.IGNORECASE)
#: "Her own minutes for chart, room and note: 43 in all", "the minutes of the day came to 43".
_IN_ALL = re.compile(
    r"\bmin(?:ute)?s\b[^.?!\n]{0,140}?(?:(?P<n>(?<![\d.$])\d{1,3})(?= (?:in all|altogether|all told|all together|in total)\b)"
    r"|\b(?:came|comes?|add(?:s|ed)?(?: up)?|amount(?:s|ed)?|summed(?: up)?) to (?P<m>\d{1,3})"
    r"(?=[,;.)]|$| (?:and|for|on|that|but)\b))",
    re.IGNORECASE,
)
#: A noun of its own between the two: "20 minutes, needles in 4 muscles, 12 in all".
_COUNTED = re.compile(r"\b\d{1,3} (?!min)[a-z]{3,}s\b", re.IGNORECASE)
#: What takes its time; whoever "took 12" took pieces.
_WORK = (
    r"(?:sessions?|visits?|therap(?:y|ies)|psychotherapy|sedation|care|exercises?|therex|ther ex|manual|training|massage|counsel\w*|calls?|talks?|discussions?"
    r"|planning|eval\w*|assessments?|interviews?|encounter|infusions?|drips?|hydration|repair|closure|closing|sewing|line|procedures?|test(?:ing)?"
    r"|it|that|which|this|the rest|acp|ccm|cpr|iv)"
)
#: "Psychotherapy took 50", "the infusion of iron ran 75", "the ACP talk lasted 35 in all".
_TOOK = re.compile(
    rf"\b{_WORK}(?: (?:of|with|for|by|on|in)(?: (?:the|her|his|our|an?))?(?: [a-z-]{{2,14}}){{1,3}}| alone| itself){{0,2}},? (?:took|lasted|ran|takes)"
    r"(?: (?:him|her|us|me|them|about|only|just|exactly|another))?"
    r" (?P<n>[1-9]\d{1,2})(?=[,;?)]|\.(?!\d)|$| (?:and|but|in all|in total|total|altogether|this month|that (?:day|month)|today|then|plus|which|so)\b)",
    re.IGNORECASE,
)
#: "Spent 53 with him in psychotherapy", "spends 40 on the visit"; money is spent with its sign.
_SPENT = re.compile(
    r"\bspen(?:t|ds?)(?: (?:about|only|just|another|a total of))? (?P<n>[1-9]\d{1,2})"
    r"(?=[,;?)]|\.(?!\d)|$| (?:with|in|face|talking|counsel\w+|teaching|going|reviewing|doing|training|on the (?:visit|phone|call|date)"
    r"|on (?:an? |her |his |our )?(?:new|established|self|adl|gait|manual|exercises?|care|counsel\w+|psychotherapy|therapy|acp|advance|visit))\b)",
    re.IGNORECASE,
)


def bare_minutes(text: str) -> Iterator[Fact]:
    """Those of work that took so long, those of a code, and the sum of what is told of them."""
    for match in (*found_in(_TOOK, text), *found_in(_SPENT, text)):
        yield measure("minutes", float(match["n"]), text, match.start("n"), match.end("n"), "")
    if not _MINUTES.search(text):
        return
    for match in found_in(_OF_CODE, text):
        yield measure("minutes", float(match["n"]), text, match.start("n"), match.end("n"), "")
    for match in found_in(_IN_ALL, text):
        number = "n" if match["n"] else "m"
        if not _COUNTED.search(match.group()):
            yield measure("minutes", float(match[number]), text, match.start(number), match.end(number), "total")
