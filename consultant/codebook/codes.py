"""Code numbers in any spelling, brought to the one in which the house writes them.

`97140`, `0591T`, `G0283`, `N39.3`, `0DTJ4ZZ`, modifiers `-59`, places of service `POS-22`. What a number means is the book's
business: some spellings can be read in two systems (`M5416` is a HCPCS number by its shape and ICD-10-CM M54.16 by its use,
`D7210` the dentists' number and D72.10), so `readings` gives all of them, the likeliest first.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from consultant.vocabulary import System

PCS_LENGTH = 7  # characters of every code of ICD-10-PCS
LONGEST = 48  # characters; nothing longer is a code with its label
#: A category of ICD-10-CM, for patterns: a letter and two more. Since April 2026 the second may be an A (QA0).
CATEGORY = r"[A-Z](?:\d[0-9A-Z]|A\d)"

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_LABEL = re.compile(
    r"^(?:(?:ICD-?10-?(?:CM|PCS)?|ICD|CPT|HCPCS(?: LEVEL II)?|DX|DIAGNOSIS|PROCEDURE|CODE|CODES)\b[®:#.\s]*)+(?=[A-Z0-9])",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"^(?:(?:MODIFIER|MODIF|MOD)[.:\s-]*|-\s?)([A-Z0-9]{2})$", re.IGNORECASE)
_PLACE = re.compile(r"^(?:POS|PLACE OF SERVICE)[:\s-]*(?:CODE )?(\d{1,2})$", re.IGNORECASE)
_SHAPES: tuple[tuple[System, re.Pattern[str]], ...] = (
    (System.CPT, re.compile(r"^\d{4}[0-9AFMTU]$")),
    (System.HCPCS, re.compile(r"^(?:[A-EGHJ-MP-TV]\d{4}|U000\d)$")),
    (System.ICD10CM, re.compile(rf"^{CATEGORY}(?:\.?[0-9A-Z]{{1,4}})?$")),
    (System.ICD10PCS, re.compile(r"^[0-9B-DF-HX][0-9A-HJ-NP-Z]{6}$")),
)


def normalise(text: str) -> tuple[str, System] | None:
    """The likeliest reading of a code as (code, system), or None when no system writes its codes like that."""
    found = readings(text)
    return found[0] if found else None


def readings(text: str) -> tuple[tuple[str, System], ...]:
    """Every (code, system) that `text` could be, the likeliest first; () when it is no code. Never raises."""
    return _readings(text) if len(text) <= LONGEST else ()


@lru_cache(maxsize=8192)
def _readings(text: str) -> tuple[tuple[str, System], ...]:
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split()).strip(" .,;:!?\"'()[]#*")
    if not plain:
        return ()
    modifier = _MODIFIER.match(plain) or _bare_modifier(plain)
    if modifier:
        return ((f"-{modifier[1].upper()}", System.MODIFIER),)
    place = _PLACE.match(plain)
    if place:
        return ((f"POS-{int(place[1]):02d}", System.POS),)
    number = _LABEL.sub("", plain).upper().replace(" ", "")
    number = re.sub(r"\.?[-X]{0,4}-$|\.$", "", number)  # N39.-: the heading
    return tuple((_written(number, system), system) for system, shape in _SHAPES if shape.match(number))


def system_of(code: str) -> System:
    """The system of a code as the house writes it, of which several spellings are one: a diagnosis has its dot by then."""
    if code.startswith("-"):
        return System.MODIFIER
    if len(code) == PCS_LENGTH and "." not in code:
        return System.ICD10PCS
    return _readings(code)[0][1]


def dotted(code: str) -> str:
    """An ICD-10-CM code as it is printed: `N393` → `N39.3`. Takes codes with or without the dot."""
    bare = code.replace(".", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def system(name: str) -> System | None:
    """The code system of that name in any spelling ("icd10cm", "Cpt", "ICD-10-CM"), or None."""
    plain = "".join(filter(str.isalnum, name)).upper()
    return next((one for one in System if plain.removesuffix("S") == "".join(filter(str.isalnum, one)).removesuffix("S")), None)


def _bare_modifier(plain: str) -> re.Match[str] | None:
    """Two characters alone are a modifier only in capitals or digits: "LT" is one, "at" is a word."""
    return re.match(r"^([A-Z][A-Z0-9]|\d\d)$", plain)


def _written(number: str, system: System) -> str:
    return dotted(number) if system is System.ICD10CM else number
