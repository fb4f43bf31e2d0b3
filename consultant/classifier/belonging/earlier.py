"""An operation that only tells the time: "six weeks after her knee replacement", "the day before cataract surgery".

It was done on another day, so it brings no line of its own. Families of diagnoses read such words all the same.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from consultant.classifier.belonging.belongings import belongings
from consultant.classifier.hearing.words import Hit

#: What says that the words behind it are of another day.
_CUE = (
    r"(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|pod ?\d{0,2})(?: later)? (?:after|since|following|from|out from|out of|status post|s/p|post)"
    r"|(?:days?|weeks?|wks?|months?|mos?)(?: post-?op)? out,?(?: a)?"
    r"|(?:day|week|month|year)s? (?:\d{1,3}|one|two|three|ten) (?:after|of|following)"
    r"|(?:global|90[- ]days?|10[- ]days?|postoperative|post-?op)(?: period| days| package| time)? (?:of|after|for|following|from)"
    r"|(?:day|night|evening|days|week|weeks) before"
)
#: Operations that letters tell the time by.
_WHOLE = (
    r"(?:surgery|surgeries|operation|(?:knee|hip|shoulder|ankle|elbow|joint|valve) replacements?|transplant|cabg|tka|tkr|tha|thr"
    r"|total (?:knee|hip|shoulder)|lap chole|t&a|c-section)"
)
_PART = r"(?:implant|bypass|turp|mohs|orif|fusion|laminectomy|amputation|[a-z]{3,20}(?:ectomy|plasty|otomy|desis))"
#: What letters tell the days after by, and the minutes after not.
_DONE = (
    r"(?:labou?r epidurals?|lumbar puncture|spinal tap|colonoscop(?:y|ies)|prp|panretinal (?:laser|photocoagulation)|focal laser"
    r"|yag|slt|lasik)"
)
_BEFORE = r"(?:(?:an?|the|her|his|our|my|your|their|that|this) )?(?:(?:open|scheduled|planned|elective|bilateral|first|last|own) )?(?:[a-z-]{2,14} ){0,3}?"
#: "Six weeks after we replaced her right hip he …": who did it, and what, up to the one who does something now.
_SOMEBODY_DID = (
    r"(?:we|he|she|they|i|dr\.? [a-z]{2,16}|(?:the|her|his|our|same) (?:same )?(?:surgeon|doctor|doc|ortho\w{0,9}|partner))"
    r" (?:replaced|fixed|repaired|removed|fused|took out|took off|put in|operated on|scoped|implanted|resected|amputated|excised|plated|pinned|nailed|released|set|reduced|casted|grafted|drained|lasered)"
    r"(?: (?:her|his|the|an?|my|our|their))?(?: [\w-]{2,20}){1,5}?(?=[,;.?!]|$| (?:he|she|they|we|i|the|same|dr|today|now|and|with)\b)"
)
_NOW_DOES = re.compile(
    r",? (?:he|she|they|we|i|dr\.? [a-z]{2,16}|(?:the )?same (?:surgeon|doctor|doc)) (?:now )?"
    r"(?:scopes?d?|does|did|takes?|took|fix(?:es|ed)|remove[sd]|repair(?:s|ed)|excise[sd]|perform(?:s|ed)|release[sd]|replace[sd]|inject(?:s|ed)|operate[sd])\b",
    re.IGNORECASE,
)
#: "Before the colectomy" may be minutes before it; "before surgery" is the day of somebody else.
#: "Had a total knee 6 weeks ago and comes in with …": it is told for the time only where somebody comes with something else.
_AGO = (
    r"(?:\w+ ){0,2}?(?:\d{1,3}|an?|one|two|three|four|five|six|eight|ten|twelve|several|a few) (?:day|week|wk|month|mo|year|yr)s? (?:ago|back|earlier)"
    r"(?=[^.?!]{0,90}\b(?:comes?|came|now|today|presents?|presented|returns?|returned|back|here|develop\w{0,3}|falls?|fell|new)\b)"
)
#: Of a year or month long gone, by which no claim of today is meant: "a stent placed last year", "bypass in 2019".
_GONE = (
    r"(?: (?:placed|put in|done|implanted|inserted|performed|surgery))?(?: (?:in|to|of|on) (?:the|her|his) [\w-]+(?: artery)?)?(?: back)?,? "
    r"(?:last (?:week|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day|year|spring|summer|fall|winter|january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|(?:in|from|of) (?:19|20)\d\d|(?:\w+ )?(?:\d{1,2}|an?|one|two|three|four|five|six|ten|several|some|many|a few) (?:months?|mos?|years?|yrs?) (?:ago|back|earlier)|years ago)"
    r"(?![^?]{0,60}\b(?:bleed\w*|back to (?:the )?(?:or|theat\w+)|taken back)\b)(?=[^?]{0,120}\b(?:today|now|this time|here for|comes?|came|presents?|presented|returns?)\b)"
)
_OLD = r"(?:stents?|stenting|pci|angioplasty|cabg|ablation|implant|pacemaker|bypass|lap chole|" + _PART[3:]
#: "TKA three weeks ago, same surgeon sees him for shoulder pain": a sentence that begins with it and goes on with a visit.
_BEGUN = (
    rf"{_BEFORE}(?:{_WHOLE}|(?:knee|hip|shoulder) replaced),?(?: was| done)? (?:\d{{1,3}}|an?|one|two|three|four|five|six|eight|ten|several|a few)"
    r" (?:day|week|wk|month|mo)s? ago(?=[^.?!]{0,40}\b(?:sees|saw|seen)\b)"
)
#: "Recheck at six weeks of the closed wrist fx (Colles)": the care of a break that is only looked at again.
_SEEN_AGAIN = re.compile(
    r"\b(?:re-?checks?|follow(?:ing)?[- ]?up|f/u)(?: (?:visit|appointment|appt|x-?rays?|films?))?(?: at \w{1,8} (?:weeks?|wks?|months?))?"
    r" (?:of|for|on) (?P<again>(?:[\w'-]{1,16} ){0,7}?(?:fracture|fx)\b(?: \([^()]{1,30}\))?)",
    re.IGNORECASE,
)
_ITS_CODE = re.compile(r"\b(?:fracture|fx)(?= (?:codes?|dx|diagnos[ie]s)\b)", re.IGNORECASE)
#: "The hip our group replaced last month": which one it was, and not what is billed today.
_WHICH = (
    r"(?:hips?|knees?|shoulders?|hernias?|gallbladder|appendix|disc|cataract|tendon|acl|rotator cuff|colon|thyroid|valve)"
    r"(?: that| which)?,? (?:(?:our|the same|his|her|another|a different) (?:group|practice|surgeon|partner|doctor|doc|orthopedist)|we|he|she|they|i)"
    r" (?:had )?(?:replaced|repaired|fixed|fused|scoped|removed|took out|did|operated(?: on)?)"
    r" (?:back )?(?:last (?:week|month|year)|in (?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|(?:\d{1,2}|an?|one|two|three|four|five|six|eight|ten|several|a few) (?:days?|weeks?|wks?|months?|mos?|years?|yrs?) (?:ago|back|earlier))"
)
_EARLIER = re.compile(
    rf"\b(?:(?:{_CUE}) (?:(?P<did>{_SOMEBODY_DID})|(?P<what>{_BEFORE}(?:{_WHOLE}|{_PART}|{_DONE})))|(?:after|following|before|prior to) (?P<plainly>{_BEFORE}{_WHOLE})"
    rf"|(?:(?:had|underwent|got|has|with|have|history of|hx of|h/o|s/p|status post|prior|previous|old|since) |\A|(?<=[.;:!?,] ))(?P<gone>{_BEFORE}(?:{_WHOLE}|{_OLD})){_GONE}"
    r"|(?:after|following|since) (?P<left>(?:(?:the|her|his) )?hospital discharge)"
    rf"|(?:had|underwent|got) (?P<ago>{_BEFORE}(?:{_WHOLE}|{_PART})) {_AGO}"
    rf"|(?:\A|(?<=[.;:!?] ))(?P<begun>{_BEGUN})|(?P<which>{_WHICH}))\b",
    re.IGNORECASE,
)
#: Who takes over the care after an operation reports the operation's code.
_HANDED = re.compile(
    r"\b(?:takes? over|took over|transfer\w{0,4}|co-?manage\w{0,5}|after-?care|post-?op(?:erative)? care|55)\b", re.IGNORECASE
)
_MOST = 12


def earlier(whole: str) -> list[tuple[int, int]]:
    """The stretches of a letter that name an operation of another day, or a thing that the patient only lives with."""
    again = list(islice(_SEEN_AGAIN.finditer(whole), _MOST))
    its_code = _ITS_CODE.finditer(whole) if again else ()
    return [*(match.span(match.lastgroup or 0) for match in (*_operations(whole), *again, *its_code)), *belongings(whole)]


@lru_cache(maxsize=4)
def long_gone(whole: str) -> Sequence[tuple[int, int]]:
    """Of these the ones of a year or month long gone, and of what somebody did before what the letter tells as done now: they send
    no family away."""
    found = _operations(whole)
    before = [match.span("did") for match in found if match["did"] and _NOW_DOES.match(whole, match.end())]
    return [*(match.span("gone") for match in found if match["gone"]), *before]


@lru_cache(maxsize=4)
def _operations(whole: str) -> Sequence[re.Match[str]]:
    """Where operations of another day are told; none of whoever takes over the care after one."""
    return () if _HANDED.search(whole) else tuple(islice(_EARLIER.finditer(whole), _MOST))


def of_today(hits: Iterable[Hit], stretches: Sequence[tuple[int, int]]) -> bool:
    """Does any of the hits stand outside of these stretches?"""
    return any(not any(start <= hit.start < end for start, end in stretches) for hit in hits)
