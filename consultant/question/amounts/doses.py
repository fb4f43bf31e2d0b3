"""How much of a drug: milligrams, millilitres, units, the two of a strength together, and vials of one size."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from consultant.question.amounts.labels import IN_ALL
from consultant.question.amounts.numbers import FRACTION, NUMBER, fraction_of, value_of
from consultant.vocabulary import milligrams

_MAX = 120
#: A bare "g" may be the gauge of a needle, so only a word of giving, or nothing behind it, makes it a gram.
_DRUG = re.compile(
    rf"(?P<n>{FRACTION}|{NUMBER}|\ban?(?= (?:milli|micro)?gram\b))\s?-?(?P<unit>mc?g|mi(?:lli|cro)grams?|grams?|gms?"
    r"|g(?= (?:im|iv|ivpb|ivig|infused|given|over|of|every|q\d|daily|weekly|monthly|today|dose|bolus|total|in (?:all|total))\b"
    r"|, (?:how many )?units\b|\s?$|[.,;:?!)](?!\d)))\b",
    re.IGNORECASE,
)
_VOLUME = re.compile(rf"(?<!/)(?<!/ )(?P<n>{NUMBER})\s?-?(?:ml|cc|millilit(?:er|re)s?)\b", re.IGNORECASE)
_UNITS = re.compile(rf"(?P<n>{NUMBER})\s?i?u\b(?!/)", re.IGNORECASE)
#: "40 mg/mL", "Kenalog-40": the milligrams of one millilitre.
_STRENGTH = re.compile(
    rf"(?P<n>{NUMBER})\s?mg\s?(?:/|per)\s?(?:ml|cc)\b"
    r"|\b(?:[a-z]{5,20}-|kenalog |depo-?medrol )(?P<name>[1-9]\d{1,2})\b(?![-.]\d| ?(?:mg|mcg|units?)\b)",
    re.IGNORECASE,
)
#: "Four 100 mg single-dose vials", "three single-use 50 mg vials".
_SINGLE = r"(?:(?:single|multi|one)[- ]?(?:dose|use|time)\s)?"
_VIALS = re.compile(
    rf"(?P<n>{NUMBER})\s{_SINGLE}\d{{1,5}}\s?-?(?:mg|mcg|units?|ml|cc)\s{_SINGLE}(?:vials?|ampul\w{{0,2}})\b", re.IGNORECASE
)


#: "Kenalog 40 in each knee", "depo medrol 80 into the hip": milligrams without the word.
_BARE = re.compile(
    r"\b(?:kenalog|triamcinolone|depo[- ]?medrol|solu[- ]?medrol|methylprednisolone|decadron|dexamethasone|toradol|ketorolac) "
    r"(?P<n>[1-9]\d{0,2})(?= (?:in|into|to|for|per|each|im|iv|both)\b(?! (?:ml|cc|units?)\b))",
    re.IGNORECASE,
)


class Dose(NamedTuple):
    """An amount: its dimension ("mg", "ml", "units", "count" of vials), value, place, and its span's label (None: as usual)."""

    dimension: str
    value: float
    start: int
    end: int
    label: str | None = None


def doses(text: str) -> list[Dose]:
    """Every dose. One strength and one volume make milligrams: "1 mL of Kenalog-40" is 40 mg, "2 mL of 40 mg/mL" 80."""
    volumes = [Dose("ml", value_of(m["n"]) or 0, m.start(), m.end()) for m in _found(_VOLUME, text)]
    strengths = _found(_STRENGTH, text)
    found = [
        Dose("mg", fraction_of(m["n"]) * milligrams(m["unit"]), m.start(), m.end(), _label(text, m.end()))
        for m in _found(_DRUG, text)
    ]
    if len(strengths) == len({volume.value for volume in volumes}) == 1:
        strength = strengths[0]
        per = value_of(strength["n"] or strength["name"]) or 0
        found = [dose for dose in found if not strength.start() <= dose.start < strength.end()]
        found.append(Dose("mg", per * volumes[0].value, strength.start(), strength.end(), ""))
    if not volumes:
        found += [Dose("mg", float(m["n"]), m.start("n"), m.end("n"), "") for m in _found(_BARE, text)]
    vials = [Dose("count", value_of(m["n"]) or 0, m.start(), m.end(), "vials") for m in _found(_VIALS, text)]
    units = [Dose("units", value_of(m["n"]) or 0, m.start(), m.end(), "units") for m in _found(_UNITS, text)]
    return [*found, *volumes, *vials, *units]


def _label(text: str, end: int) -> str | None:
    return "total" if IN_ALL.match(text, end) else None


def _found(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    return list(islice(pattern.finditer(text), _MAX))
