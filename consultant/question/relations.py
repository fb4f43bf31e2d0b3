"""How the services of a letter stand to one another and to time: same or other side, session, site, hands; days since a visit.

Each row of the table is one thing a letter can say. Patterns are bounded; a fact's span is the words that say it.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from itertools import islice

from consultant.question.amounts.numbers import NUMBER, value_of
from consultant.question.circumstances import BOTH_PARTS
from consultant.vocabulary import CORRECT, NO_DEVICE, Fact, Span

_MAX = 24
_OTHER = r"(?:other|opposite|different|separate|distinct|another|second|contralateral|not the same)"

_SAID: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (dimension, value, re.compile(pattern, re.IGNORECASE))
    for dimension, value, pattern in (
        ("relation", "other side", rf"\b{_OTHER} (?:side|knee|eye|ear|hip|shoulder|foot|hand|leg|arm|breast|wrist|ankle|elbow|kidney|lung)s?\b|\bcontralateral\b|\b(?:one|first) (?:on|in) the (?:left|right) and\b|\brt\b[^.;?!\n]{{1,40}}\blt\b|\blt\b[^.;?!\n]{{1,40}}\brt\b|\bleft\b[^.;?!\n]{{1,40}}\b(?:and|other|vs)\b[^.;?!\n]{{0,24}}\bright (?!away|now|after|code|modifier)|\bright (?!away|now|after|code|modifier)[^.;?!\n]{{1,40}}\b(?:and|other|vs)\b[^.;?!\n]{{0,24}}\bleft\b|\bleft\b[^.;?!\n]{{1,40}}\bother\b[^.;?!\n]{{0,16}}\bright$"),
        ("relation", "same side", r"\bsame (?:side|knee|eye|ear|hip|shoulder|foot|hand|leg|arm|breast|wrist|ankle|elbow|kidney|lung)\b|\bipsilateral\b"),
        ("relation", "other site", rf"\b{_OTHER} (?:(?:anatomic(?:al)?|body|tumou?r) )?(?:sites?|areas?|regions?|locations?|organs?|lesions?|wounds?|incisions?|levels?|interspaces?|joints?|body parts?|fingers?|toes?|digits?)\b|\bdifferent (?:part|segment)s?\b"),
        ("relation", "same site", r"\bsame (?:(?:anatomic(?:al)?|body) )?(?:sites?|areas?|regions?|locations?|organs?|lesions?|tumou?rs?|polyps?|masses|mass|nodules?|ulcers?|warts?|moles?|stones?|cysts?|nails?|muscles?|vessels?|wounds?|incisions?|levels?|interspaces?|joints?|spot|body part|finger|toe)\b"),
        ("relation", "other compartment", rf"\b{_OTHER} compartments?\b|\b(?:in|of) the (?:medial|lateral|patellofemoral) compartment\b.{{1,60}}\b(?:in|of) the (?:medial|lateral|patellofemoral)\b"),
        ("relation", "same compartment", r"\bsame compartments?\b"),
        ("relation", "other session", r"\b(?:different|separate|another|distinct|second) (?:operative )?(?:sessions?|encounters?|visits?|surgical sessions?|trips?)\b|\blater (?:that|the|in the|on the) (?:same )?(?:day|afternoon|evening)\b|\bcame back (?:that|the same|in the) (?:day|afternoon|evening)\b|\b(?:in the )?morning\b.{1,60}\b(?:in the )?(?:afternoon|evening)\b|\bat a different time\b"),
        ("relation", "same session", r"\bsame (?:operative )?(?:session|encounter|visit|setting|surgical session|trip)\b|\bin one (?:session|visit|sitting)\b|\bduring the same\b"),
        ("relation", "other practitioner", rf"\b{_OTHER} (?:physician|doctor|provider|practitioner|surgeon|therapist|specialty|group)s?\b|\bmy (?:partner|colleague) (?:did|performed|placed|put)\b"),
        ("relation", "same practitioner", r"\bsame (?:physician|doctor|provider|practitioner|surgeon|therapist|specialty)\b"),
        ("relation", "other minutes", r"\b(?:different|separate|distinct|non-?overlapping|its own|their own|own) (?:\w+[ -])?(?:minutes?|times?|intervals?|time blocks?|15)\b|\bnot (?:at|in) the same (?:time|minutes)\b|\bone after the other\b|\bback to back\b"),
        ("relation", "same minutes", r"\bsame (?:minutes|time period|15 minutes|time block)\b|\bat the same time\b|\bsimultaneous(?:ly)?\b|\bconcurrent(?:ly)?\b|\bduring those minutes\b"),
        ("relation", "separate visit work", r"\b(?:separately identifiable|significant,? separate\w{0,3}|unrelated (?:problem|complaint|condition|issue|reason)|(?:different|another|new|separate|other) (?:problem|complaint|condition|issue|concern))s?\b|\babove and beyond\b|\balso (?:addressed|evaluated|managed|adjusted|treated|worked up)\b"),
        ("relation", "visit only for the procedure", r"\b(?:just|only) (?:c[ao]mes?|c[ao]mes? in|there|here|seen|scheduled|presented|presents) for (?:the|a|an|her|his|their)\b|\bc[ao]mes? (?:in )?(?:just|only|solely) for\b|\b(?:booked|scheduled|in|c[ao]mes?) (?:\w+ )?(?:only|just|solely) for\b|\bdid (?:just|only) that\b|\bscheduled (?:injection|procedure|removal|biopsy)\b|\b(?:that|this) (?:was|is) (?:the whole|the entire|all (?:there was )?(?:to|of)|the only reason for) (?:the |her |his |that )?(?:visit|appointment|encounter)\b|\bthat(?: was|'s) all (?:that )?(?:was done|we did|he did|she did|the doctor did|happened)\b|\bno other (?:problem|complaint|issue|reason)s?\b|\bnothing else (?:was )?(?:addressed|done|discussed|evaluated)\b"),
        ("relation", "unrelated", r"\bunrelated\b|\bnot related\b|\bnothing to do with\b"),
        ("relation", "planned", r"\bstaged\b|\bplanned (?:return|second|at the time|in advance|ahead|prospectively)\b|\bmore extensive\b|\bsecond stage\b"),
        ("relation", "return to theatre", r"\b(?:back|return(?:ed|s)?|taken|took)(?: \w+){0,3} to (?:the )?(?:or|operating (?:room|theatre|theater)|theatre|surgery)\b|\breturn to (?:the )?or\b"),
        ("relation", "decision for surgery", r"\bdecision (?:for|to (?:operate|do|perform)) ?(?:surgery)?\b|\bdecided (?:to operate|on surgery|that surgery)\b"),
        ("relation", "complication", r"\b(?:complication|infect(?:ion|ed)|dehiscence|seroma|hematoma|haematoma|bleeding|abscess)\b"),
        ("sex", "female", r"\b(?:female|woman|girl|she|her|pregnant)\b"),
        ("sex", "male", r"\b(?:male|man|boy|he|his)\b"),
        ("component", "reading only", r"\b(?:(?:only|just) (?:(?:bill\w{0,3} (?:for )?(?:the |our )?)?reads?|reading|interpret\w{0,3})|(?:read|interpretation|reading)s? only|professional (?:component|part|fee|piece|side)|over-?read|reads? (?:the|it|them|films|studies)|interprets? (?:the|it|them)|reads? (?:an?|our|her|his)\b[^.?!;]{3,60}\bhospital'?s|wr(?:ote|ites) (?:his|her|the|a|an|their|our) (?:own )?(?:formal |written |separate )?(?:interpretation|reading)|(?:hospital|facility|asc|surgery center|imaging center)(?:'s|-owned) (?:own )?(?:\w+ )?(?:machine|equipment|scanner|device|unit|c-arm))\b"),
        ("component", "technical only", r"\b(?:technical (?:component|part|fee|piece|side)|own(?:s)? the (?:machine|equipment)|equipment only)\b"),
        ("ask", "fee", r"\bhow much\b|\bwhat (?:does|will|would|is) .{1,40}\b(?:pay|reimburse\w{0,4}|allow|the (?:fee|rate|payment|allowable|allowed amount))\b|\b(?:fee schedule|allowed|payment|medicare) (?:amount|rate|allowable|fee)\b|\brvus?\b|\brelative values?\b"),
        ("ask", "units limit", r"\bmues?\b|\bmedically unlikely\b|\b(?:max(?:imum)?|most|highest)(?: number of| allowed)? units\b|\bhow many units (?:a|per|can|may|are allowed|will medicare (?:pay|allow))\b|\bunit limit\b"),
        ("ask", "global", r"\bglobal (?:days?|period|package|surgery|surgical|fee|indicator)\b|\bpost-?op(?:erative)? (?:days?|period|visits?|care)\b|\bin the global\b|\binside the global\b|\b(?:10|90)[ -]day global\b"),
        ("ask", "add-on", r"\badd-?on\b|\bstand[ -]?alone\b|\b(?:parent|primary|base) (?:code|procedure)s?\b|\bbilled alone\b|\bby itself\b|\bon its own\b"),
        ("ask", "assistant", r"(?<!medical )(?<!nursing )(?<!office )(?<!therapy )(?<!therapist )\bassist(?:ant|ed|ing|s)?(?: (?:at|in|with))?(?: (?:the )?surger\w{1,3}| surgeon)?\b(?! living)"),
        ("ask", "co-surgeons", r"\bco-?surge\w{2,4}\b|\btwo surgeons\b|\bmodifier 62\b"),
        ("ask", "both sides", rf"\bbilat(?:eral(?:ly)?)?\b|\bb/l\b|\b{BOTH_PARTS}\b|\bmodifier 50\b"),
        ("ask", "pair", r"\b(?:together|with each other|same day|same date|same claim|both (?:be )?(?:billed|coded|reported|paid)|bill(?:ed)? both|both codes|in addition to|on (?:one|a single|the same) (?:day|claim|date|visit)|(?:bill|report|code|charge)\w{0,3} (?:\w+ ){0,3}(?:with|alongside)|bundl\w{1,4}|unbundl\w{1,4}|ncci|cci|ptp|edits?|included in|inclusive|separately|component of|paid only one|alongside|along with|conflict\w{0,4})\b"),
        ("ask", "standing", r"\b(?:billable|(?:a )?valid(?: code)?|still (?:valid|active|good|in use)|active code|deleted|in effect|exist(?:s|ing)?|what is (?:code |cpt |hcpcs |icd-?10(?:-cm)? )?[A-Z]?\d|describe\w{0,2}|description|meaning|what does .{1,30} (?:mean|stand for)|look ?up)\b"),
        ("ask", "diagnosis code", rf"\b(?:dx(?!'d)|(?<!separate )(?<!definitive )(?<!tissue )(?<!same )(?:(?<!different )diagnos[ei]s|(?<=different )diagnos[ei]s(?= codes?\b))(?! only[,.;]| purposes)|icd[ -]?10(?:[ -]?cm)?|icd{NO_DEVICE}(?:[ -]?cm)?)(?: codes?)?\b"),
        ("ask", "procedure code", r"\b(?:cpt|hcpcs|procedures?|administration|j[ -]?codes?|modifiers?|pcs|billed?|billing|reporte?d?|units?)\b"),
        ("ask", "which code", rf"\b(?:what|which|{CORRECT}|correct|better|proper|need|find)\b[^.?!\n]{{0,40}}\b(?:codes?|cpt|hcpcs|icd{NO_DEVICE}|dx|diagnosis)\b|\b(?:codes?|cpt|hcpcs|icd(?:-?10)?|dx|diagnosis)(?: codes?)? (?:for|of|to)\b|\bhow (?:do|should|would|can|to) (?:we |i |you )?(?:bill|code|report)\b|\bwhat (?:do|should|would|can) (?:we|i) (?:bill|code|report|use)\b"),
        ("ask", "which modifier", r"\b(?:what|which|any|right|correct|need\w{0,2})\b[^.?!\n]{0,24}\b(?:modifiers?|mods?)\b|(?<=[.?!\n] )mod(?:ifier)?s?(?:\?| (?:and|on|for) )|\bwhat (?:goes|belongs|do (?:we|i) put|should (?:we|i) put) (?:on|onto) (?:the |our |his |her |this |that )?\d{5}\b|\b\d{5} with what\?"),
        ("ask", "how many units", r"\bhow many (?:\w+ )?units\b|\bunits\?"),
        ("ask", "successor", r"\b(?:replac\w{1,7}|superseded|took the place|instead of the deleted|new code for|deleted|discontinued|successor|no longer valid|retired|what happened to)\b"),
        ("ask", "crosswalk", r"\bicd-?\s?9\b|\bgems?\b|\bcrosswalk\w{0,2}\b|\bconvert\w{0,3}\b(?![- ]enzyme)|\bequivalent\b|\bold code\b"),
        ("ask", "risk category", r"\bhccs?\b|\brisk (?:adjust\w{0,5}|category|categories|score)\b|\braf\b"),
    )
)  # fmt: skip

_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365, "yr": 365, "mo": 30, "wk": 7}
_SPAN = rf"(?P<n>{NUMBER})[ -](?P<u>days?|weeks?|wks?|months?|mos?|years?|yrs?)"
_SEEN = re.compile(
    rf"\b(?:last (?:seen|visit\w{{0,2}}|here|came|appointment)|seen|visited|(?:has|have|had|was) ?(?:not|n't) (?:been )?(?:seen|here|in)|saw (?:us|him|her|me|my partner|the patient|(?:one of )?(?:our|another|a|the) (?:\w+ ){{0,2}}(?:doctors?|docs?|physicians?|partners?|providers?|colleagues?|ods?|optometrists?))|(?:one|pts?|patients?|whom|that) (?:she|he|we|they|I) saw|been away)\b[^.?!\n]{{0,60}}?\b(?:{_SPAN}(?:,? and (?P<more>{NUMBER}) months?)?|(?P<h>{NUMBER}) and a half (?P<hu>years?))",
    re.IGNORECASE,
)
#: "He was here 14 months ago", "was in our office two years ago": it needs the "ago", since "was here for two weeks" tells no visit.
_BEEN = re.compile(
    r"\b(?:was|were|been|came|treated|seen) (?:here|to us|with us|by us|(?:in|at|to) (?:our|this) (?:\w+ ){0,2}(?:office|clinic|practice|urgent care|center))\b"
    rf"[^.?!\n]{{0,60}}?\b{_SPAN} (?:ago|back)\b",
    re.IGNORECASE,
)
_OPERATED = re.compile(
    rf"\b{_SPAN} (?:after|post|since|from|following|out from|status post|s/p)[ -](?:the |her |his |a |an |their |initial |original )?(?:\w+ ){{0,3}}?(?:surger\w{{1,3}}|operation|procedure|op\b|\w{{3,18}}(?:ectomy|plasty|otomy|ostomy|rrhaphy|desis|scopy)|replacement|repair|fusion|excision|delivery|fracture care|bypass|acdf|tka|tkr|tha|thr|cabg|orif|turp|[tpax]lif|evar|tavr|mohs|lasik|phaco\w*|c-?section|\d{{5}})",
    re.IGNORECASE,
)
_POSTOP = re.compile(r"\b(?:post-?op(?:erative)? day|pod)\s?#?\s?(?P<n>\d{1,3})\b|\b(?P<m>\d{1,3}) days? post-?op", re.IGNORECASE)


def read_relations(text: str) -> list[Fact]:
    """What is said of sameness and otherness, the asker's wishes, and days since the last visit or operation."""
    found = [
        Fact(dimension, value, Span(*m.span(), m.group()))
        for dimension, value, pattern in _SAID
        for m in islice(pattern.finditer(text), _MAX)
    ]
    return [*found, *_since(text)]


def _since(text: str) -> list[Fact]:
    """Days since the patient was last seen, and since the operation."""
    found = []
    for dimension, pattern in (("since_visit", _SEEN), ("since_visit", _BEEN), ("since_surgery", _OPERATED)):
        for match in islice(pattern.finditer(text), _MAX):
            if pattern is _BEEN and _SEEN.search(text, 0, match.end()):
                continue  # told already: "last seen by us three years and two months ago"
            told = match.groupdict()
            unit = next(days for stem, days in _UNIT_DAYS.items() if (match["u"] or "year").lower().startswith(stem))
            months = value_of(told.get("more") or "") or (6 if told.get("h") else 0)
            days = (value_of(match["n"] or told.get("h") or "") or 0) * unit + months * _UNIT_DAYS["month"]
            found.append(Fact(dimension, days, Span(*match.span(), match.group())))
    later = islice(_POSTOP.finditer(text), _MAX)
    return [*found, *(Fact("since_surgery", float(m["n"] or m["m"]), Span(*m.span(), m.group())) for m in later)]
