"""Where an ambulance trip began and where it ended: "from the nursing home to the dialysis center", "picked up at home, taken to …".

The kinds of places are those that Medicare's two letters tell apart. Places are read in the order of the letter: what a word of
leaving stands before is the origin, what a word of arriving stands before is the destination.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from consultant.vocabulary import Fact, Span

_MAX = 24
_TRIP = re.compile(
    r"\b(?:ambulance|ems|stretcher|gurney|bls|als\d?|medics?|paramedics?|medevac|helicopter|life ?flight|fixed wing|air transport|rig|transport\w*|crew|a04[23]\d)\b",
    re.IGNORECASE,
)
SKILLED = "skilled nursing"
_DIALYSIS = r"(?:dialysis|hemodialysis|esrd)(?: (?:center|centre|clinic|facility|unit|place))?"
#: The first that fits a place names it: a dialysis unit of a hospital is no hospital, an office in one no office of its own.
PLACES = (
    (
        "hospital dialysis",
        rf"(?:hospital(?:'s|-based| based|-owned| owned)?|in-hospital) (?:own )?(?:outpatient )?{_DIALYSIS}|{_DIALYSIS} (?:at|in|inside|of) (?:the|our|a) (?:\w+ )?hospital",
    ),
    (
        "dialysis centre",
        rf"(?:(?:free-?standing|free standing|independent|outpatient|local|davita|fresenius)[ ,]{{1,3}}){{0,4}}{_DIALYSIS}",
    ),
    (
        "custodial home",
        r"(?:assisted[- ]living|group home|board and care|memory care|custodial|domiciliary|alf\b|residential care|retirement home|adult foster)(?: (?:facility|home|center|unit|place))?",
    ),
    (
        SKILLED,
        r"(?:nursing home|snf\b|skilled(?: nursing)?(?: facility| home| bed)?|nursing facility|rehab facility|convalescent(?: home| hospital)?|sub-?acute(?: unit| facility)?)",
    ),
    (
        "test place",
        r"(?:(?:free-?standing|free standing|independent|outpatient) )?(?:imaging|mri|ct|pet|radiology|diagnostic|wound(?: care)?|radiation(?: oncology| therapy)?|cancer|infusion|oncology|surgery|cath|sleep|therapy)[ -]?(?:center|centre|clinic|facility|suite|lab|site)",
    ),
    ("transfer point", r"(?:helipad|heliport|airport|airfield|airstrip|landing zone|tarmac|\blz\b)"),
    (
        "office",
        r"(?:doctor|physician|cardiologist|surgeon|specialist|podiatrist|neurologist|orthopedist|urologist|dentist|\w+ologist|provider|dr)'?s?'? (?:office|clinic)|(?:medical|primary care) (?:office|clinic)",
    ),
    (
        "scene",
        r"(?:(?:accident|crash|wreck|car|fire|rollover|mva|mvc) ?(?:scene|site|wreck|crash|accident)|scene(?: of (?:the|an?) \w+)?|roadside|side of the road|highway|interstate|freeway|street|sidewalk|restaurant|store|mall|park(?:ing lot)?|school|church|office building|work ?site|workplace|gym|stadium|wreck)",
    ),
    (
        "hospital",
        r"(?:(?:acute|community|local|general|children's|county|city|psych\w*|critical access|nearest|closest|another|other|outside|different|receiving|sending|small|big|bigger|larger|tertiary(?: care)?|university|teaching|academic|regional|rural|district|memorial|first|second|va|one) ){0,4}(?:hospital|trauma center|emergency (?:room|department|dept)|\ber\b|\bed\b|\bicu\b|\bltach?\b|medical center|cah\b|psych unit|cath lab at the hospital|burn center)",
    ),
    ("home", r"(?:private |own )?(?:home|house|residence|apartment|condo|trailer|townhouse|driveway)"),
)
_PLACE = "|".join(f"(?P<p{at}>{pattern})" for at, (_, pattern) in enumerate(PLACES))
_WHOSE = r"(?:(?:the|an?|her|his|their|our|its|one|my|own|pt'?s?|patient'?s?|resident'?s?|member'?s?|[a-z]+'s|nearest|that|same|back|free) ){0,3}"
_LEAVING = re.compile(
    rf"\b(?:from|out of|leaving|left|picked (?:him |her |them |the patient |pt |patient |up ){{0,2}}up (?:at|from|in|on)|residents? of|pick-?up (?:at|from|is|was|:)|origin(?: is| was|:|,)?|originat\w+ (?:at|from|in)|found (?:at|on|in)|responded to|called to|dispatched to|(?:911|called|responded|dispatched)\b[^.?!;]{{0,24}}? (?:at|in)) {_WHOSE}(?:{_PLACE})",
    re.IGNORECASE,
)
_ARRIVING = re.compile(
    rf"\b(?:to|into|dropped (?:off )?(?:him |her |them )?(?:off )?at|drop-?off (?:at|is|was)|delivered to|arriv\w+ at|destination(?: is| was|:|,)?|back (?:to|at)|return\w* to|went|goes|going|driven|brought|discharged|sent|for) {_WHOSE}(?:{_PLACE})",
    re.IGNORECASE,
)
#: "Hospital to SNF", "home to dialysis and back": the place in front of "to" is where it began.
_BETWEEN = re.compile(rf"\b(?:{_PLACE}),? (?:back |over |straight |transfer )?to\b", re.IGNORECASE)
#: "Called for a nursing home resident": tells whom, not where to.
_OF_WHOM = re.compile(r" (?:residents?|patients?|pts?)\b", re.IGNORECASE)
#: "SNF resident taken to dialysis", "after her Part A stay she went home by ambulance": who lives there starts there.
_LIVING = re.compile(
    r"\b(?P<place>snf|nursing (?:home|facility)|skilled(?: nursing)?|part a) (?:stays?|residents?|patients?|pts?)\b",
    re.IGNORECASE,
)
#: "To dialysis and back", "round trip": two trips. A wait of the crew between them makes none, nor does "brought back in May".
#: "Picked up at dialysis and taken back to her nursing home": the way back alone.
_FETCHED = re.compile(
    r"\b(?:pick(?:ed|ing)? (?:\w+ ){0,2}up|collected|fetched)(?: (?:the )?(?:patient|pt))? (?:at|from|in) (?:(?!to\b)[\w'-]+ ){1,8}and (?:then )?(?:brought|took|taken|drove|transported|returned)"
    r" (?:\w+ )?(?:back|home)$",
    re.IGNORECASE,
)
_ROUND = re.compile(
    r"\bround[- ]?trip|\bthere and (?:then )?back\b|\band (?:then |after (?:it |that )?|afterwards? |later )?(?:straight )?back(?: again| home| to \w+(?: \w+){0,2})?(?=[ ]*(?:[,.;:?!)]|$|by\b|in\b|on\b|via\b|with\b|from\b|after\b|the same\b|three\b|bls\b|als\b|ambulance\b))"
    r"|\b(?:both|each) (?:ways?|legs?|trips?|directions?)\b|\band (?:the )?(?:(?:trip|ride|way) )?(?:brought|took|taken|drove|transported|returned) (?:\w+ )?(?:back|home)\b"
    r"|\band the (?:trip|ride|way|return)(?: trip)?(?: back| home)\b",
    re.IGNORECASE,
)


def read_trip(text: str) -> Iterator[Fact]:
    """Origin and destination of the trip of a letter that speaks of an ambulance, at most one of each, and whether it went back."""
    if not _TRIP.search(text):
        return
    if (back := _ROUND.search(text)) and not _FETCHED.search(text, 0, back.end()):
        yield Fact("round_trip", "yes", Span(*back.span(), back.group()))
    begun = _LEAVING.search(text) or _BETWEEN.search(text)
    found = (match for match in islice(_ARRIVING.finditer(text), _MAX) if not _OF_WHOM.match(text, match.end()))
    arrivals = (match for match in found if not (begun and _overlap(match, begun)))
    ended = next(arrivals, None)
    if begun:
        yield _fact("origin", begun)
    elif ended and _fact("destination", ended).value != SKILLED and (lived := _LIVING.search(text)):
        yield Fact("origin", SKILLED, Span(*lived.span("place"), lived["place"]))
    if ended:
        yield _fact("destination", ended)


def _overlap(match: re.Match[str], begun: re.Match[str]) -> bool:
    """Is it the place where the trip began: "called to her house"?"""
    return match.start() < begun.end() and begun.start() < match.end() <= begun.end()


def _fact(dimension: str, match: re.Match[str]) -> Fact:
    at = next(at for at in range(len(PLACES)) if match[f"p{at}"])
    kind, (start, end) = PLACES[at][0], match.span(f"p{at}")
    return Fact(dimension, kind, Span(start, end, match.string[start:end]))
