"""How a service was done, by whom, where and under what, and what became of the claim: the words of theatres and of remittances."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from itertools import islice

from consultant.question.reach import up_to
from consultant.vocabulary import Fact, Span

_MAX = 24

_SAID: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (dimension, value, re.compile(pattern, re.IGNORECASE))
    for dimension, value, pattern in (
        ("approach", "laparoscopic", r"\blap(?:aroscop\w{1,6}|\.? chole\w{0,12})\b|\bvia laparoscope\b"),
        ("approach", "robotic", r"\brobot\w{0,5}\b|\bda vinci\b"),
        ("approach", "open", r"\bopen (?:approach|procedure|surgery|repair|reduction|fracture treatment|cholecystectomy|appendectomy|colectomy|incision)\b|\blaparotomy\b|\bconverted to open\b"),
        ("approach", "endoscopic", r"\bendoscop\w{1,6}\b|\barthroscop\w{1,6}\b|\bthrough (?:a |the )?scope\b"),
        ("approach", "percutaneous", r"\bpercutaneous\w{0,2}\b|\bperc\b"),
        ("approach", "vaginal", r"\b(?:trans)?vaginal (?:approach|hysterectomy|delivery|repair)\b"),
        ("approach", "catheter", r"\bendovascular\w{0,2}\b|\bcatheter[- ](?:based|directed)\b"),
        ("guidance", "ultrasound", r"\b(?:ultrasound|u/?s|sono\w{0,8})[ -](?:guid\w{2,4}|needle guid\w{2,4})\b|\bguided by ultrasound\b|\bunder ultrasound\b|\b(?:with|using) (?:ultrasound|us) guidance\b"),
        ("guidance", "fluoroscopy", r"\bfluoro\w{0,9}\b|\bc-?arm\b"),
        ("guidance", "CT", r"\bct[ -]guid\w{2,4}\b|\bguided by ct\b|\bunder ct\b"),
        ("guidance", "MRI", r"\bmri?[ -]guid\w{2,4}\b"),
        ("guidance", "none", r"\b(?:without|no) (?:image |imaging |ultrasound |fluoro\w{0,9} )?guidance\b|\bblind(?:ly)?\b|\bby palpation\b|\blandmark\w{0,2}\b"),
        ("anaesthesia", "general", r"\bgeneral an[ae]{1,2}sth\w{3,6}\b|\bunder (?:ga|general)\b"),
        ("anaesthesia", "monitored", r"\bmonitored an[ae]{1,2}sth\w{3,6}\b|\bMAC\b(?! (?:pays?|denie\w|says?|wants|contractor|local))"),
        ("anaesthesia", "sedation", r"\b(?:moderate|conscious|iv|procedural) sedation\b"),
        ("anaesthesia", "local", r"\blocal(?: an[ae]{1,2}sth\w{3,6}| block)\b|\blidocaine\b|\bdigital block\b"),
        ("performed_by", "physician", r"\b(?:physician|doctor|surgeon|m\.?d\.?|attending|radiologist|cardiologist|urologist|dermatologist|podiatrist|psychiatrist)\b"),
        ("performed_by", "practitioner", r"\b(?:nurse practitioner|np|physician assistant|pa-?c|aprn|crna|midwife|clinical nurse specialist)\b"),
        ("performed_by", "therapist", r"\b(?:physical|occupational|speech|massage) therapist\b|\b(?:pta|ota|slp|pt|ot) (?:did|does|performed|saw|provided|treated)\b|\bthe therapist\b"),
        ("performed_by", "nurse", r"\b(?:rn|lpn|nurse|medical assistant|the ma)\b(?! practitioner)"),
        ("performed_by", "resident", r"\b(?:resident|intern|fellow|trainee)s?\b"),
        ("performed_by", "technician", r"\b(?:tech|technician|technologist|phlebotomist|sonographer)\b"),
        ("performed_by", "substitute", r"\blocum\w{0,8}\b|\bcovering (?:physician|doctor|provider)\b|\bsubstitute (?:physician|doctor|provider)\b|\breciprocal\b|\bfilling in\b"),
        ("setting", "surgery center", r"\b(?:asc|(?:ambulatory )?surg(?:ery|ical) cent(?:er|re))\b"),
        ("setting", "skilled nursing", r"\b(?:snf|skilled nursing|nursing (?:home|facility))\b"),
        ("setting", "hospice", r"\bhospice\b"),
        ("setting", "rural clinic", r"\b(?:rhc|rural health clinic|fqhc)\b"),
        ("denied_for", "bundled with another service", r"\b(?:co|pi|oa|carc)[ -]?97\b|\bbundl\w{1,4}\b|\b(?:included|inclusive) (?:in|to|with)\b|\bncci edit\b|\bincidental\b"),
        ("denied_for", "duplicate", r"\b(?:co|carc)[ -]?18\b|\bduplicates?\b"),
        ("denied_for", "not medically necessary", r"\b(?:co|pr|carc)[ -]?50\b|\b(?:not|lack\w{0,4} of|lacks?) (?:a )?medical(?:ly)? necess\w{1,3}\b"),
        ("denied_for", "diagnosis does not support it", r"\b(?:co|carc)[ -]?(?:11|167)\b|\bdiagnosis (?:code )?(?:is )?(?:inconsistent|does ?n.t (?:support|match)|not covered|invalid|mismatch)\b"),
        ("denied_for", "modifier missing or wrong", r"\b(?:co|carc)[ -]?4\b(?!\d)|\b(?:missing|invalid|wrong|incorrect|inconsistent|needs?) (?:a )?modifier\b|\bmodifier (?:is )?(?:missing|invalid|inconsistent)\b"),
        ("denied_for", "information missing", r"\b(?:co|carc)[ -]?16\b|\black\w{0,2} information\b|\bmissing information\b"),
        ("denied_for", "too many units", r"\b(?:co|carc)[ -]?(?:151|222|119)\b|\b(?:exceed\w{0,3}|over|above|too many) (?:the )?(?:mue|max\w{0,6}|units?|frequency|limit|benefit)\b"),
        ("denied_for", "global period", r"\b(?:den\w{2,5}|reject\w{0,3})\b.{0,50}\bglobal\b|\bglobal\b.{0,50}\b(?:den\w{2,5}|reject\w{0,3})\b"),
        ("denied_for", "late filing", r"\b(?:co|carc)[ -]?29\b|\btimely filing\b|\bfiled (?:too )?late\b"),
        ("denied_for", "no authorisation", r"\b(?:co|carc)[ -]?(?:197|198)\b|\b(?:no|without|missing|lack of) (?:prior |pre-?)?auth\w{0,9}\b|\bprecert\w{0,9}\b"),
        ("denied_for", "not covered", r"\b(?:pr|co|carc)[ -]?(?:96|204)\b|\bnon-?covered\b|\bnot (?:a )?covered\b"),
        ("denied_for", "not eligible or enrolled", r"\b(?:co|carc)[ -]?(?:b7|27|26)\b|\bnot (?:eligible|enrolled|credentialed|certified)\b"),
        ("denied_for", "another payer comes first", r"\b(?:co|carc)[ -]?(?:22|109)\b|\bcoordination of benefits\b|\bcob\b|\bother (?:payer|insurance) (?:is )?primary\b"),
    )
)  # fmt: skip
_DENIAL = re.compile(r"\b(?:den(?:y|ie[sd]|ying|ials?)|reject\w{0,4}|remit\w{0,6}|eob|unpaid|(?:not|n't|never|only) (?:pay|paid|paying)|paid only|carc|co-?\d|pr-?\d|oa-?\d)", re.IGNORECASE)  # fmt: skip
_BELIEF = re.compile(
    r"\b(?:we|i|our (?:biller|coder|office|team)) (?:think|believe|feel|assume[ds]?|thought|figured|understand|are thinking|was told|were told)\b|\bour understanding is\b|\bit seems to us\b|\bi'm (?:pretty )?sure\b|\bshouldn't (?:it|this|we)\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.?!;\n](?!\d)")
_REACH = 200


def read_doing(text: str) -> list[Fact]:
    """Approach, guidance, anaesthesia, who, where; why it was denied, if the letter speaks of a denial; what the asker believes."""
    denial = bool(_DENIAL.search(text))
    found = [
        Fact(dimension, value, Span(*m.span(), m.group()))
        for dimension, value, pattern in _SAID
        if denial or dimension != "denied_for"
        for m in islice(pattern.finditer(text), _MAX)
    ]
    for match in islice(_BELIEF.finditer(text), _MAX):
        stop = up_to(_STOP, text, match.end(), _REACH)
        found.append(Fact("believed", text[match.end() : stop].strip(), Span(match.start(), stop, text[match.start() : stop])))
    return found
