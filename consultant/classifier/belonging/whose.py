"""What somebody else did: years ago, or beside the one whose codes a letter asks for, "what does the surgeon bill?".

"The radiologist put in the wire, then the surgeon took the lump out": the wire is the radiologist's to bill.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one

from __future__ import annotations

import re
from itertools import islice

_SURGEON = r"(?:surgeons?|urologists?|ortho(?:p\w+)?|gynecologists?|obgyn|ent|neurosurgeons?)"
#: Whose codes are asked for.
_ASKED = re.compile(
    rf"\b(?:what|which|how)\b[^.?!]{{0,40}}\b(?:does|do|should|can|for|is)\b[^.?!]{{0,12}}\b(?:the|our|my) {_SURGEON}\b"
    rf"|\b{_SURGEON}(?:'s?)? codes?\b|\bcodes? for (?:the|our|my) {_SURGEON}\b",
    re.IGNORECASE,
)
_OTHER = r"(?:(?:the|our|an?) )?(?:interventional )?(?:radiologist|radiology|ir|pathologist|anesthesiologist|cardiologist)"
#: Who operates in a field of their own: one beside another, each bills their own part.
_FIELD = r"(?:neurosurgeon|ortho(?:p\w+)?|urologist|gynecologist|ent|(?:general|vascular|plastic|thoracic|cardiac|spine|colorectal) surgeon)"
_ITS_FIELD = re.compile(rf"\b{_FIELD}\b", re.IGNORECASE)
_CLAUSE = r"[^.,;?!\n]"
_BESIDE = re.compile(
    rf"(?:\A|(?<=[.,;!?\n] )|\b(?:and|then) )(?P<beside>(?:(?:the|an?) )?(?P<field>{_FIELD}) (?:did|does|performed|placed|put in|opened|exposed|took out|removed|resected|repaired)"
    rf"{_CLAUSE}{{0,80}}?(?=[.,;?!\n]|\band\b|\bthen\b|$))",
    re.IGNORECASE,
)
#: A clause that another one is the doer of.
_DONE = re.compile(
    rf"\b{_OTHER} (?:did|does|placed?|puts?|inserted|performed|gave|marked|localized|drained|biopsied|read|reads)"
    rf"{_CLAUSE}{{0,80}}?(?=[.,;?!\n]|\band\b|\bthen\b|$)"
    rf"|(?<=[.;?!\n]){_CLAUSE}{{0,80}}\bby {_OTHER}\b{_CLAUSE}{{0,40}}|\A{_CLAUSE}{{0,80}}\bby {_OTHER}\b{_CLAUSE}{{0,40}}",
    re.IGNORECASE,
)
#: "PM&R at another clinic did his neck in 2022": who it was and when; where both are told, it is no matter of today's claim.
_ELSEWHERE = re.compile(
    r"\b(?:(?:another|a different|an outside|some other|the other) (?:[\w&-]{2,14} )?(?:doctor|doc|surgeon|physician|dermatologist|cardiologist"
    r"|orthopedist|specialist|provider|clinic|office|practice|hospital|facility|group|town|state|country)|somewhere else|elsewhere|someone else|somebody else)\b",
    re.IGNORECASE,
)
_YEARS_AGO = re.compile(
    r"\b(?:(?:in|since|of|around|back in) (?:19|20)\d\d|(?:last|the other) year|(?:\w+ )?years? (?:ago|back))\b", re.IGNORECASE
)
#: "Path: benign nevus", "pathology isn't back": a report that somebody else writes and bills.
_REPORTED = re.compile(
    r"\bpath(?:ology)?(?: (?:report|result)s?)?(?=: ?(?:\w+ )?(?:benign|malignant|negative|positive|neg|pos|clear|nevus|tubular|hyperplastic)\b| (?:was|wasn't|is|isn't|came|comes|c/w|returned|has|hasn't|still"
    r"|pending|benign|malignant|negative|positive|neg|pos|shows?|showed|says?|said|reads?|confirm\w*|prove[sd]|turned out|not back|back)\b(?! (?:billed|charged|sent|asked)))",
    re.IGNORECASE,
)
#: "A piece snipped off for the pathologist", "sent to path", "fluid sent for culture": what comes of it is another desk's to bill.
_HANDED_ON = re.compile(
    r"(?<!came )(?<!comes )(?<!come )(?<!arrived )(?<!waiting )(?<!wait )(?<!waits )\b(?:to|for) (?:the )?path(?:olog(?:y|ists?))?\b(?!['-]| (?:levels?|codes?|charges?|bill\w*|labs?|groups?|claims?)\b)"
    r"|\b(?:send|sends|sent|sending|goes|went) [^.;?!\n]{0,30}?\bfor (?:a |the )?(?:cultures?|cytology|c&s)\b",
    re.IGNORECASE,
)
#: What the desk of a pathologist writes of; whoever writes so asks for just that work.
_OF_SLIDES = re.compile(
    r"\b(?:levels?|specimens?|jars?|containers?|bottles?|cassettes?|slides?|labell?ed|blocks?|stain\w*|gross\w*|micro(?:scop\w+)?|frozen|8[78]\d{3}|grew|isolates?|cultures? (?:codes?|charges?)"
    r"|(?:our|we are|we're) (?:an? )?(?:lab|path\w*)|path(?:ology|ologist)?(?:'s)? (?:bill\w*|charges?|codes?|claims?|labs?|groups?|practice)"
    r"|(?:bill\w*|codes?|charges?|claims?|what) (?:\w+ ){0,2}for (?:the )?path\w*|do(?:es)? (?:the )?path\w*)\b",
    re.IGNORECASE,
)
#: What only the one who operated tells; "gallbladder sent to pathology" alone is what came to the other desk.
_TOOK = re.compile(
    r"\b(?:took|taken|cut|removed|excised|resected|shaved|snipped|scraped|curetted|snared|biopsied|punched|drained|opened|pulled|shelled"
    r"|sampled|stuck|pricked|punctured|tapped|aspirated|drew|lanced|incised|laminectomy|craniotomy|he|she|we|they|surgeon|dr)\b",
    re.IGNORECASE,
)
#: "ER across town stitched his chin": an emergency room that is none of the asker's.
_OTHER_ER = re.compile(
    r"\b(?P<room>(?:er|ed|emergency (?:room|dep(?:artmen)?t)) (?:doc(?:tor)? )?(?:across town|down the road|out of (?:town|state)"
    r"|(?:in|of|at) (?:(?:the )?(?:next|neighbou?ring|other)|another|a different|an outside) (?:town|city|state|county|hospital)|elsewhere|somewhere else)\b)"
    rf"{_CLAUSE}{{0,80}}?(?=[.,;?!\n]|\band\b|\bthen\b|$)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.;?!\n]+[.;?!\n]?")
_MOST, _MOST_SENTENCES = 12, 200


def of_others(whole: str) -> list[tuple[int, int]]:
    """The stretches of a letter that tell the work of others than the one whose codes it asks for."""
    whom = _ASKED.search(whole)
    asked = islice(_DONE.finditer(whole), _MOST) if whom else ()
    reports = islice(_REPORTED.finditer(whole), _MOST)
    others = islice(_OTHER_ER.finditer(whole), _MOST)
    return [*(match.span() for match in (*asked, *reports, *others)), *_beside(whole, whom), *elsewhere(whole)]


def _beside(whole: str, whom: re.Match[str] | None) -> list[tuple[int, int]]:
    """What a surgeon of another field did where one field's codes are asked for: "the neurosurgeon did the laminectomy"."""
    field = _ITS_FIELD.search(whom.group()) if whom else None
    if not field:
        return []
    own = field.group().lower()[:5]
    did = islice(_BESIDE.finditer(whole), _MOST)
    return [match.span("beside") for match in did if match["field"].lower()[:5] != own]


def handed_on(whole: str) -> list[tuple[int, int]]:
    """The words that only say where a piece or a fluid went, "sent to path", in a letter that asks nothing of slides or germs."""
    is_ours = not _TOOK.search(whole) or _OF_SLIDES.search(whole)
    return [] if is_ours else [match.span() for match in islice(_HANDED_ON.finditer(whole), _MOST)]


def elsewhere(whole: str) -> list[tuple[int, int]]:
    """The sentences of what others did in years gone by, but for those that ask, and the emergency rooms that are another's."""
    rooms = [room.span("room") for room in islice(_OTHER_ER.finditer(whole), _MOST)]
    if not _ELSEWHERE.search(whole) or not _YEARS_AGO.search(whole):
        return rooms
    told = islice(_SENTENCE.finditer(whole), _MOST_SENTENCES)
    years = [
        one.span() for one in told if one.group()[-1] != "?" and _ELSEWHERE.search(one.group()) and _YEARS_AGO.search(one.group())
    ]
    return [*rooms, *years]
