"""Where in the country: a payment locality by its number, or a state, written out or as "in AL"."""

from __future__ import annotations

import re
from itertools import islice

from consultant.vocabulary import Fact, Span

_MAX = 12
_STATES = """
Alabama:AL Alaska:AK Arizona:AZ Arkansas:AR California:CA Colorado:CO Connecticut:CT Delaware:DE Florida:FL Georgia:GA Hawaii:HI
Idaho:ID Illinois:IL Indiana:IN Iowa:IA Kansas:KS Kentucky:KY Louisiana:LA Maine:ME Maryland:MD Massachusetts:MA Michigan:MI
Minnesota:MN Mississippi:MS Missouri:MO Montana:MT Nebraska:NE Nevada:NV New_Hampshire:NH New_Jersey:NJ New_Mexico:NM
New_York:NY North_Carolina:NC North_Dakota:ND Ohio:OH Oklahoma:OK Oregon:OR Pennsylvania:PA Rhode_Island:RI South_Carolina:SC
South_Dakota:SD Tennessee:TN Texas:TX Utah:UT Vermont:VT Virginia:VA Washington:WA West_Virginia:WV Wisconsin:WI Wyoming:WY
Manhattan:MANHATTAN
"""
STATES = {name.replace("_", " ").lower(): code for name, _, code in (pair.partition(":") for pair in _STATES.split())}
_CODES = "|".join(code for code in STATES.values() if len(code) == 2)
_NAMED = re.compile(
    rf"\b(?:in|for|of|at) (?:the state of |downtown )?(?P<name>{'|'.join(STATES)})\b(?! (?:score|index|scale))", re.IGNORECASE
)
_SHORT = re.compile(rf"(?:,|\b(?:in|for|at|state of)) (?P<code>{_CODES})(?: (?P<locality>\d\d))?(?![\w-])")
_NUMBER = re.compile(r"\b(?:locality|mac locality|gpci)\W{0,3}(?P<number>\d{5}[ /-]?\d{2})\b", re.IGNORECASE)


def read_localities(text: str) -> list[Fact]:
    """Facts `locality`, as the fee schedule's places are asked for: "AL", "NY 01", "10112-00", "MANHATTAN"."""
    found = [(m, m["number"]) for m in islice(_NUMBER.finditer(text), _MAX)]
    found += [(m, " ".join(filter(None, (m["code"], m["locality"])))) for m in islice(_SHORT.finditer(text), _MAX)]
    found += [(m, STATES[m["name"].lower()]) for m in islice(_NAMED.finditer(text), _MAX)]
    return [Fact("locality", value, Span(*match.span(), match.group())) for match, value in found]
