"""How far what a cue says of the text behind it reaches."""

from __future__ import annotations

import re


def up_to(stop: re.Pattern[str], text: str, begin: int, most: int) -> int:
    """Where the first `stop` behind `begin` stands; `most` characters on, or the text's end, when none stands before."""
    last = min(len(text), begin + most)
    found = stop.search(text, begin, last)
    return found.start() if found else last
