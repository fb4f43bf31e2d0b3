"""Minutes whose number stands alone, because the letter speaks of minutes before it: "38 timed minutes: 97110 for 20"."""

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


def bare_minutes(text: str) -> Iterator[Fact]:
    """Those of a code, and the sum of what is told of them."""
    if not _MINUTES.search(text):
        return
    for match in found_in(_OF_CODE, text):
        yield measure("minutes", float(match["n"]), text, match.start("n"), match.end("n"), "")
    for match in found_in(_IN_ALL, text):
        number = "n" if match["n"] else "m"
        if not _COUNTED.search(match.group()):
            yield measure("minutes", float(match[number]), text, match.start(number), match.end(number), "total")
