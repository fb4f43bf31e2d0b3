"""Whether a condition that a letter names is this patient's of today: not denied, not a relative's, not over.

What was had years ago is looked up as history, and what a relative has as family history; a stroke that something came after
is one of the past.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.classifier.diagnoses.sequels import UNHEALED
from consultant.classifier.diagnoses.stretches import telling
from consultant.classifier.diagnoses.titles import Told
from consultant.codebook import Codebook
from consultant.vocabulary import BEHIND, Fact, Hit, System

#: How well its words must meet the wording of a history code.
SURE_PAST = 0.84
_RELATIVE = re.compile(
    r"\bfamily (?:history|hx)\b|\bfh\b|\b(?:father|mother|mom|dad|sister|brother|parent|aunt|uncle|grand\w+)(?:'s)? (?:had|has|died|with)\b",
    re.IGNORECASE,
)
#: Who is near and no blood relative: what ails them is no history of the patient's family either.
_SOMEBODY_NEAR = re.compile(
    r"\b(?:husband|wife|spouse|(?:boy|girl)friend|partner|fianc[eé]e?|roommate|classmate|co-?worker|teacher|neighbor|friend)"
    r" (?:had|has|tested positive for|(?:is|was|is being) treated for)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:history of|hx of|h/o|hx|s/p|status post|prior|previous|past)\b", re.IGNORECASE)
_AGO = re.compile(
    r"^[^.?!;]{0,30}?\b(?:(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|several|many|a few|some) (?:years?|yrs?)\b(?! old)|last year|years? (?:ago|back)|long ago|in (?:19|20)\d\d)",
    re.IGNORECASE,
)
_YEARS_AGO = re.compile(
    r"\b(?:years?|yrs?) (?:ago|back)\b|\blong ago\b|\bremote(?:ly)?\b|\blast year\b|\bin (?:19|20)\d\d\b", re.IGNORECASE
)
#: What was had a while ago and is over.
_OVER = re.compile(
    r"^[^.?!;]{0,50}?\b(?:ago|last (?:week|month|year|spring|summer|fall|autumn|winter))\b[^.?!;]{0,30}\b(?:cleared|resolved|gone|healed|cured|got(?:ten)? over|recovered)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:after|following|from|post|due to|since)(?: an?| the| his| her)?(?: old| prior| previous| past)?\s*$", re.IGNORECASE
)
_LOOKING = re.compile(
    r"\b(?:screen\w*|expos\w+|(?:close |recent |in |direct )?contact (?:with|to)|vaccin\w+|immuni[sz]\w+|rule out|r/o|at risk|risk of|risk for|allerg\w+ to)\b[^,.;:]*$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^\W*(?:(?:was|is) (?:suspected|considered|feared) (?:but|and)(?: then)?\W+)?(?:(?:was|is|were|are|has been|have been|being|later)\W+)?(?:ruled out|excluded|negative|not (?:present|found|seen|confirmed|an? (?:issue|concern|worry|question))|no (?:issue|concern|worry)|absent)\b",
    re.IGNORECASE,
)
_TREATED = re.compile(r"\b(?:for|encounter|session|cycle|infusion|receives?|receiv\w+|administ\w+)\b", re.IGNORECASE)
#: What a treatment has brought about is no encounter for it: "anemia caused by her chemo".
_BROUGHT = re.compile(r"\b(?:due to|d/t|caused by|because of|from|after|secondary to|2/2|related to)\s*$", re.IGNORECASE)
#: Short names that heart arteries share with a sick ear and an open duct.
_ARTERY = re.compile(r"\b(?:om|pda)\W*$", re.IGNORECASE)
_GRAFTED = re.compile(
    r"\b(?:cabg|bypass|veins?|grafts?|svgs?|lima|rima|lad|diagonals?|rca|circumflex|des)\b[^.?!;]*$", re.IGNORECASE
)
#: The crew's level of life support, and no disease of the nerves.
_CREW = re.compile(
    r"\bals[- ](?:assess\w*|level|intercept\w*|crew|unit|transport\w*|emergency|non-?emergency|ambulance|service|response|call|rig|truck|run"
    r"|medics?|paramedics?|care|[12]\b|or bls|and bls|vs|versus)|\bals ?/ ?bls\b|\bbls[ /](?:(?:or|not|and|vs|versus)[ /])?als\b",
    re.IGNORECASE,
)
#: "Physical dx only": of the body, and no check-up.
_BODILY = re.compile(r"\bphysical (?:dx|diagnos\w+|illness\w*|conditions?|problems?|health)\b", re.IGNORECASE)
_BY_NAME = re.compile(r"\bamyotroph\w+|\bgehrig|\b(?:has|with|have) als\b", re.IGNORECASE)
_STROKE = "I63"
#: Of the infections those that stay with whoever had them: chronic hepatitis, HIV, and what any has left behind.
_LASTING = ("B18", "B19", "B20", "B90", "B91", "B92", "B94")
#: "NSTEMI last month", "NSTEMI in March 2019", "old MI in 2018, NSTEMI": one that is over, save where something says less.
_LAST_MONTH = re.compile(
    r"^[^.?!;,]{0,12}?\b(?:last month\b(?! \(?[1-4] weeks)|(?:two|three|four|five|six|several|a few|\d{1,2}) (?:months?|mos?) (?:ago|back)"
    r"|in (?:\w{3,9} )?(?:19|20)\d\d)",
    re.IGNORECASE,
)
_ATTACK = re.compile(r"\b(?:n?stemi|mi|infarct\w*|attack)\b", re.IGNORECASE)
_OLD = re.compile(r"\bold (?:mi|heart attack|infarct\w*|myocardial infarction)\b[^.;?!]{0,14},?\s*$", re.IGNORECASE)
#: Which side and which part of an organ a cancer sat in: its history tells neither.
_WHERE_IN_IT = re.compile(
    r"\b(?:left|right|bilateral|lt|rt|(?:upper|lower)[- ](?:outer|inner)(?: quadrant)?|[lr]?[ul][oi]q|(?:upper|middle|lower) lobe)\b",
    re.IGNORECASE,
)
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8"}
_WEEKS_AGO = re.compile(r"^[^.?!;]{0,15}?\b(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight) weeks?\b", re.IGNORECASE)
_NOT_ON = re.compile(r"\b(?:not|never)(?: (?:yet )?on| currently)?\s*$", re.IGNORECASE)
#: What an injury of another day has left behind.
_LEFT = re.compile(
    r"\bleft (?:an?|him|her|with|behind)\b[^.;?]{0,30}\b(?:scar\w*|contractures?|stiff\w*|deform\w*|weak\w*|numb\w*)",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"\bexternal cause|\bwith (?:the |its )?cause\b|\bcause codes?\b|\bhow (?:it|this) happened\b|\bhow (?:he|she|they) (?:fell|got hurt)\b|\bincl\w{0,7}\.? how\b",
    re.IGNORECASE,
)
#: "The doctor wrote nothing. Can I code the low sodium?"
_UNSAID = re.compile(
    r"\b(?:wrote|writes|documented|documents|said|says|charted|noted) nothing\b|\band (?:no|nothing) more\b", re.IGNORECASE
)
_CODE_IT = re.compile(
    r"\W*(?:can|may|should|could) (?:i|we|the coder|coders) (?:code|report|assign|link|assume)\b", re.IGNORECASE
)
_A_WORD = re.compile(r"\w")
#: "Taken for CABG today": the operation of this stay is no state that the patient came with.
_BYPASSED_NOW = re.compile(
    r"\b(?:for|to|needs?|awaiting|undergo\w*|under ?went|scheduled for|gets?|getting)(?: (?:an?|urgent|emergen\w+|elective|his|her|the))* (?:cabg|(?:coronary )?bypass)\b"
    r"|\b(?:cabg|bypass)\b(?: ?x ?\d| surgery| done| performed| is| was)* (?:today|tomorrow|tonight|this (?:morning|stay|admission)|planned|scheduled|next)\b",
    re.IGNORECASE,
)
#: "Clearance before his knee replacement", "the night after a hip replacement": a joint of this stay, or one still to come.
_REPLACED_NOW = re.compile(
    r"\b(?:before|prior to|ahead of|clear\w* for|pre-?op\w*(?: \w+){0,2} for|await\w*|needs?|scheduled|upcoming|planned|undergo\w*"
    r"|(?:night|evening|day|morning) (?:after|of|following))"
    r"(?: (?:an?|the|his|her|their|for|elective|total|left|right|bilateral|primary|partial|next|\w+day(?:['’]s)?)){0,5}"
    r" (?:(?:hip|knee|shoulder|joint|ankle|elbow) (?:replace\w*|arthroplast\w*)|t[khs]ar?|t[kh]r)\b",
    re.IGNORECASE,
)
_WAS_REPLACED = re.compile(r"\b(?:ago|years?|h/o|hx|history|s/p|status post|previous|already)\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:ago|years?|h/o|hx|history|s/p|status post|previous|prior|old)\b", re.IGNORECASE)
_TAKEN_OUT = re.compile(r"\bremov\w*|\bout\b|\btake\w*|\bpulled\b", re.IGNORECASE)


def as_of_today(named: Told, text: str, book: Codebook) -> Hit | None:
    """What was had years ago is history; a stroke that something came after is one of the past; what a relative has is theirs."""
    hit, start, end = named
    words = telling(text[start:end])
    if hit.code[0] in "ZQ":
        return hit
    # "Mom has gestational hypertension": what only a pregnancy has is the patient's own.
    if hit.code[0] != "O" and _RELATIVE.search(text[max(0, start - 28) : end]):
        return _of_a_relative(words, book)
    after = text[end : end + 45]
    if _SOMEBODY_NEAR.search(text[max(0, start - 28) : end]):
        return None
    if hit.code.startswith("I21") and (weeks := _WEEKS_AGO.match(after)):
        return hit if int(_NUMBERS.get(weeks["n"].lower(), weeks["n"])) <= 4 else _coded("I25.2", book)
    said = [*_ATTACK.finditer(text, start, end)]
    if hit.code.startswith("I21") and (
        _LAST_MONTH.match(text[said[-1].end() if said else end :][:60]) or _OLD.search(text[max(0, start - 50) : start])
    ):
        return _coded("I25.2", book)
    if hit.code.startswith(_STROKE) and (_AGO.match(after) or _AFTER.search(text[max(0, start - 30) : start])):
        return _coded("Z86.73", book)
    long_ago = _AGO.match(after) or _YEARS_AGO.search(text, start, end) or _OVER.match(text[start : end + 60])
    if not long_ago or (hit.code[0] in "ST" and (UNHEALED.search(text) or _LEFT.search(text))):
        return hit
    if hit.code.startswith("I21"):
        return _coded("I25.2", book)
    words = _WHERE_IN_IT.sub("", words).strip() if hit.code[0] == "C" else words
    past = book.search(f"personal history of {words}", System.ICD10CM, 1)
    if past and past[0].score >= SURE_PAST and past[0].code[0] == "Z":
        return past[0]
    over = hit.code[:3] in ("I21", "I26") or (hit.code[0] == "B" and hit.code[:3] not in _LASTING)
    return hit if hit.code[0] in "EGIJKMNFDB" and not over else None


def _of_a_relative(words: str, book: Codebook) -> Hit | None:
    """The family history whose wording holds a word of the disease itself: "bipolar" is in none, and no arthritis."""
    found = book.search(f"family history of {words}", System.ICD10CM, 1)
    told = {word.lower() for word in words.split()}
    return next((hit for hit in found if hit.code[:2] == "Z8" and told & {word.lower() for word in hit.words}), None)


def _coded(code: str, book: Codebook) -> Hit | None:
    return next(iter(book.search(code, System.ICD10CM, 1)), None)


def _is_target(named: Told, text: str) -> bool:
    """ "Veins to OM and PDA": is it the short name of a heart artery that got a graft?"""
    name = _ARTERY.search(text, named.start, named.end)
    return bool(name and _GRAFTED.search(text[max(0, name.start() - 60) : name.start()]))


def _is_replaced_now(named: Told, text: str) -> bool:
    around = text[max(0, named.start - 45) : named.end + 12]
    return bool(_REPLACED_NOW.search(around)) and not _WAS_REPLACED.search(around)


def _is_bypassed_now(named: Told, text: str) -> bool:
    around = text[max(0, named.start - 20) : named.end + 12]
    return bool(_BYPASSED_NOW.search(around)) and not _SINCE.search(around)


def is_void(named: Told, hit: Hit, text: str, scopes: Sequence[Fact]) -> bool:
    """Is it no condition of this patient today?"""
    start, end = named.start, named.end
    told = text[max(0, start - 28) : end]
    own = hit.code[0] == "Z" or hit.code == "I25.2"
    asks_how = bool(_HOW.search(text)) and not _HOW.search(text[start:end])
    if hit.code.startswith("Z00.0") and _BODILY.search(text, max(0, start - 1), end + 24):
        return True
    if (hit.code == "G12.21" and _CREW.search(text) and not _BY_NAME.search(text)) or _is_target(named, text):
        return True
    if (hit.code == "Z95.1" and _is_bypassed_now(named, text)) or (
        hit.code.startswith("Z96.6") and _is_replaced_now(named, text)
    ):
        return True
    if own and "for removal" in hit.title.lower() and not _TAKEN_OUT.search(text):
        return True
    if (hit.code[0] in "VWXY" and not asks_how) or (not own and _LOOKING.search(told)):
        return True
    if not own and _PAST.search(text[max(0, start - 12) : end]) and "sequela" not in hit.title.lower():
        return True
    if hit.code.startswith("Z51.1") and (
        _BROUGHT.search(text[max(0, start - 16) : start]) or not _TREATED.search(text[max(0, start - 30) : end + 10])
    ):
        return True
    if _DENIED_AFTER.match(text[end : end + 40]) or _NOT_ON.search(text[max(0, start - 14) : start]):
        return True
    # A stretch begins with the stop of the sentence before it: "No fever. Asthma" denies no asthma.
    word = _A_WORD.search(text, start, end)
    start = word.start() if word else start
    if _UNSAID.search(text) and _CODE_IT.match(text, named.start, end):
        return True
    return any(
        span.start - 1 <= start <= span.end and span.start < end if span.label != BEHIND else start <= span.start < end
        for span in (fact.span for fact in scopes)
    )
