"""What a patient only lives with: "type 1 diabetic on an insulin pump", "UTI, has a Foley", "COPD on home oxygen".

Beside what ails the patient, and where nothing is supplied, placed or billed of it, it brings no line of its own.
"""

from __future__ import annotations

import re
from itertools import islice

_MOST = 8
#: Things that are supplied, and that charts tell beside a disease.
_THINGS = (
    r"insulin pumps?|foley(?: catheters?)?|(?:suprapubic|urinary|indwelling|urethral) (?:foley )?catheters?|catheters?"
    r"|oxygen(?: concentrators?)?|o2|concentrators?|cpap|bi-?pap|(?:power )?wheelchairs?|walkers?|hospital beds?"
    r"|colostomy(?: bags?)?|ileostomy(?: bags?)?|urostomy(?: bags?)?|ostomy(?: bags?)?|hearing aids?|braces?"
    r"|prosthe(?:sis|tic leg)|ventilators?|nebulizers?|feeding tubes?|g-?tubes?|peg(?: tubes?)?|cgm|glucose monitors?"
    r"|lift chairs?"
)
#: What a disease is told to need time and again: "anemia needing blood transfusions".
_NEEDED = r"(?:blood |platelet |red cell |prbc )?transfusions"
_HELD = re.compile(
    rf"\b(?:on|with|w|w/|has|have|having|uses?|using|wears?|wearing|dependent on|lives with|from|due to|caused by)"
    rf" (?:(?:an?|the|her|his|home|chronic|continuous|nightly|nocturnal|permanent|long-?term|portable|indwelling) ){{0,3}}"
    rf"(?P<thing>{_THINGS})\b|\b(?:indwelling|chronic|long-?term|home) (?P<lasting>{_THINGS})\b"
    rf"|\b(?:needing|needs|requiring|requires|dependent on) (?:(?:frequent|regular|repeated|multiple|monthly) )?{_NEEDED}\b",
    re.IGNORECASE,
)
_ANY = re.compile(rf"\b(?:(?:home|portable|indwelling|chronic) ){{0,2}}(?:{_THINGS}|{_NEEDED})\b", re.IGNORECASE)
#: Whoever supplies it, puts it in, changes it or asks for its payment means the thing itself.
_MEANT = re.compile(
    r"\b(?:order\w*|dispens\w+|deliver\w+|suppl\w+|rent\w*|refill\w*|ship\w*|hcpcs|cpt|dmes?|dmepos|plac(?:e|ed|es|ing|ement)"
    r"|insert\w*|put|chang\w+|replac\w+|swap\w*|new|initiat\w+|fit|fitted|fitting|bill\w*|cover\w*|pay|pays|paid|payment|medicare"
    r"|drained|drains|went in"
    r"|modifiers?|set-?up|train\w*|month\w*|units?|box(?:es)?|pull\w*|remov\w*|came out|clogged|qualif\w+|claims?"
    r"|den(?:y|ied|ial)|provid\w+|purchas\w+|prescri\w+|titrat\w+|irrigat\w+|flush\w*|program\w*|manag\w+|adjust\w*|download\w*|interrogat\w+|study"
    r"|test\w*|saturation|sats?|leak\w*|liters?|lpm|hours?|hrs?|minutes?|mins?|transport\w*|ambulance|repair\w*|[a-z]\d{4}|\d{5})\b",
    re.IGNORECASE,
)
#: What ails the patient, by the words that diagnoses are made of.
_AILS = re.compile(
    r"\b(?:uti|infect\w+|copd|diabetic|diabetes|t[12]dm|dm ?[12]?|ms|als|\w{3,}(?:itis|osis|emia|pathy|pleg\w{1,4}|monia)"
    r"|failure|ulcers?|sepsis|cancer|exacerbat\w+|apnea|bladder|incontinence|retention|asthma|stroke|dementia|parkinson\w*|anemia|mds)\b",
    re.IGNORECASE,
)


def belongings(whole: str) -> list[tuple[int, int]]:
    """Where the letter speaks of things that the patient only has; [] where one of them is what it is about."""
    held = next(_HELD.finditer(whole), None)
    if held is None or _MEANT.search(whole) or not _AILS.search(whole):
        return []
    return [match.span() for match in islice(_ANY.finditer(whole), _MOST)]
