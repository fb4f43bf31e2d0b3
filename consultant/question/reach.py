"""How far what a cue says of the text around it reaches; all places are characters of the text."""

from __future__ import annotations

import re


def up_to(stop: re.Pattern[str], text: str, begin: int, most: int) -> int:
    """Where the first `stop` behind `begin` stands; `most` characters on, or the text's end, when none stands before."""
    last = min(len(text), begin + most)
    found = stop.search(text, begin, last)
    return found.start() if found else last


def since(stop: re.Pattern[str], text: str, place: int, begin: int = 0) -> int:
    """Where the last `stop` before `place` ends; `begin` where none stands between the two."""
    return max((found.end() for found in stop.finditer(text, begin, place)), default=begin)


def around(stop: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Where the stretch from `stop` to `stop` that holds all from `start` to `end` begins and ends: their sentence."""
    found = stop.search(text, end)
    return since(stop, text, start), found.start() if found else len(text)
