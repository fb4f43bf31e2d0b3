"""Numbers and addresses that point to one patient: birth date, SSN, Medicare number, record and member numbers, phones …

What only looks like one stays: code numbers, ranges, units, dates of service, NPIs, NDCs, amounts, toll-free lines, the clinic's own
address. Every pattern is bounded, so that all of them together read hostile text in linear time.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from consultant.vocabulary import Span

DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d)|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|(?:19|20)\d{6}(?!\d)"
    r"|(?i:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?[ ]\d{1,2}(?:st|nd|rd|th)?,?[ ]\d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)?[ ](?i:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?,?[ ]\d{4})"
)
_BORN_ABROAD = (
    r"fecha[ ](?:de[ ])?nac(?:imiento|\.)|f\.?[ ]?nac\.|nacid[oa](?:[ ]el)?|date[ ]de[ ]naissance|née?[ ]le|geburtsdatum|geb(?:oren)?\b\.?(?:[ ]am)?"
    r"|data[ ](?:de[ ]nascimento|di[ ]nascita|urodzenia)|nascid[oa](?:[ ]em)?|nat[oa][ ]il|geboortedatum|дата[ ]рождения|ngày[ ]sinh"
)
BIRTH = rf"(?:(?i:\b(?:dob|d\.[ ]?o\.[ ]?b\b\.?|date[ ]of[ ]birth|birth[ ]?date|birthday|born(?:[ ]on)?|bdate|{_BORN_ABROAD}))|出生日期|出生年月|生年月日|생년월일)"
#: A day with its month in words of any language, beside a word for birth.
LONG_DATE = (
    r"(?:\d{1,2}\.?[ ](?:de[ ])?[^\W\d_]{3,12}\.?[ ](?:de[ ]|del[ ])?(?:19|20)\d\d|(?:19|20)\d\d年[ ]?\d{1,2}月[ ]?\d{1,2}日)"
)
_AFTER = r"(?:[^\w\n]{0,4}|[^\w\n]{0,2}(?i:is|was|of)[^\w\n]{1,3})"
_VALUE = r"(?P<it>(?:[A-Z]{1,4}-?)?\d[\dA-Z]{2,14}(?:-[\dA-Z]{1,8}){0,2})(?![\w/])"
_LONG_VALUE = r"(?P<it>[A-Z]{0,4}-?(?:\d[\dA-Z]{4,17}(?:[ -]\d{3,6}){0,2}|\d[\dA-Z]{2,5}(?:[ -]\d{3,6}){1,2}))(?![\w/])"
_NUMBER = r"(?:[ ]?(?i:(?:id|card)[ ]?(?:number|no\.?|num\.?)?|number|no\.?|num\.?|nr\.?)[ ]?\#?|[ ]?\#)"
_MBI = r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}"
_STREET = r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Lane|Ln|Drive|Dr(?=[,\n]|$)|Court|Ct|Way|Place|Terrace|Ter|Circle|Cir|Parkway|Pkwy|Highway|Hwy|Trail)\b\.?"
_UNIT = r"(?:,?[ ](?i:apt|unit|suite|ste|lot)\.?[ ]?\#?[ ]?\w{1,6}|,?[ ]\#[ ]?\w{1,6})?"
_TOWN = r"(?:,?[ ](?:[A-Z][a-z]{1,20}[ ]?){1,3},?[ ][A-Z]{2}(?:[ ]\d{5}(?:-\d{4})?)?)?"

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("birth date", rf"{BIRTH}{_AFTER}(?P<it>{DATE}|{LONG_DATE})"),
    ("birth date", rf"(?P<it>{DATE})[ ]?[(,]?[ ]?{BIRTH}(?!{_AFTER}\d)"),
    ("birth date", rf"\b\d{{1,3}}[ -]?(?i:y/?o|yr[ -]old|year[ -]old)[ ]?(?i:f|m|female|male)?[ ,]{{0,2}}\((?P<it>{DATE})\)"),
    ("SSN", r"(?<![\w-])(?P<it>\d{3}-\d{2}-\d{4}(?:[A-DFHJKMTW]\d?)?)(?![\w-])"),
    ("SSN", r"(?i:\b(?:ssn|social(?:[ ]security)?)\b)[^\d\n]{0,24}?(?<![\d-])(?P<it>\d{3}[ -]?\d{2}[ -]?\d{4})(?![\d-])"),
    ("Medicare number", rf"(?<![\w-])(?P<it>(?i:{_MBI}))(?![\w-])"),
    ("MRN", rf"(?i:\bmrn|\bm\.r\.n\.?|\bmr[ ]?\#|\bmedical[ ]record[ ]?(?:number|no\.?|num\.?|\#)|\bchart[ ]?(?:number|no\.?|\#)|\b(?:patient|pt)\.?[ ]?(?:id|number|no\.|\#))[ ]?\#?{_AFTER}{_VALUE}"),
    ("member number", rf"(?i:\b(?:member(?:ship)?|subscriber|insured|beneficiary|enrollee|medicaid|medicare|policy|recipient|cardholder|insurance|id[ ]card)(?:['’]s)?){_NUMBER}{_AFTER}{_LONG_VALUE}"),
    ("member number", rf"(?<![\w-])(?<!NPI )(?<!CLIA )(?<!ider )(?<!Tax )(?<!tax )ID[ ]?(?:\#|(?i:card))[ ]?(?i:no\.?|number)?{_AFTER}{_LONG_VALUE}"),
    ("claim number", rf"(?i:\bclaim[ ]?(?:number|no\.?|num\.?|\#|id|control[ ]number)|\b(?:icn|dcn|tcn)\b)[ ]?\#?{_AFTER}(?P<it>[A-Z]{{0,4}}-?\d[\dA-Z-]{{5,24}})(?!\w)"),
    ("claim number", r"(?i:\bclaims?)[ ](?P<it>\d{9,24})(?!\w)"),
    ("account", rf"(?i:\b(?:acct|account)\b\.?|\b(?:encounter|visit)(?=[ ]?(?:\#|number|no\.)))(?:{_NUMBER})?{_AFTER}(?P<it>(?:[A-Z]{{1,4}}-?)?\d[\dA-Z]{{3,14}}(?:-[\dA-Z]{{1,8}}){{0,2}})(?![\w/])"),
    ("phone", r"(?<![\w.-])(?<!\d )(?P<it>(?:\+?1[ .-])?(?:\(\d{3}\)[ ]?|\d{3}[ .-])\d{3}[ .-]\d{4})(?![\w-]|[ ]\d)"),
    ("phone", r"(?i:\b(?:phone|cell|mobile|tel|telephone|called|call)\b)[^\w\n]{1,3}(?i:(?:is|at|on|no\.?|number|from|back|her|him|them)[^\w\n]{1,3}){0,2}(?P<it>\d{3}[-. ]\d{4}|\d{10})(?![\w-])"),
    ("e-mail", r"(?<![\w.+-])(?P<it>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})"),
    ("address", rf"(?<![\w.$/-])(?P<it>\d{{1,5}}[A-Z]?[ ](?:[NSEW]\.?[ ]|(?:North|South|East|West)[ ])?(?:(?:[A-Z][a-z'’]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th))[ ]){{1,4}}{_STREET}{_UNIT}{_TOWN})"),
    ("address", rf"(?i:\b(?:lives|living|resides|moved|address)[ ]?(?:at|to|is|:)?[ ])(?P<it>\d{{1,5}}[ ](?:[\w'’]{{1,20}}[ ]){{1,4}}(?i:{_STREET}){_UNIT}{_TOWN})"),
)  # fmt: skip
_COMPILED = tuple((label, re.compile(pattern)) for label, pattern in _PATTERNS)

#: What stands before a clinic's, a payer's or the writer's own address or line. At most 40 characters of one line are looked at.
_NOT_THE_PATIENTS = re.compile(
    r"(?i:\b(?:our|my|office|clinic|practice|hospital|facility|provider|payer|fax(?:ed)?|appeals?|mail(?:ed)?[ ]to[ ]the|located|location|contractor|mac|medicare|aetna|cigna|humana|reply[ ]to|contact[ ]me|reach[ ]me|call[ ]me|i[ ]am)\b)[^\n.?!]{0,40}$"
)
_THE_PATIENTS = re.compile(
    r"(?i:\b(?:patient|pt|member|beneficiary|client|subscriber|resident|insured|her|his|she|he)\b)[^\n.?!]{0,40}$"
)
_TOLL_FREE = re.compile(r"(?:\+?1[ .-])?\(?8(?:00|33|44|55|66|77|88)\b")
_SHARED = """
admin appeals auth billing claims coding compliance contact credentialing customerservice edi enrollment frontdesk help helpdesk hr
info intake mail noreply no-reply office postmaster provider providers records referrals scheduling service support
"""
_ROLES = frozenset(_SHARED.split())
_OPEN = frozenset({"phone", "e-mail", "address"})  # kinds that a clinic has as well


def identifiers(text: str, most: int) -> Iterator[Span]:
    """The marks of each kind, at most so many of a kind, in no order; they may overlap."""
    for label, pattern in _COMPILED:
        for match in islice(pattern.finditer(text), most):
            span = Span(match.start("it"), match.end("it"), match.group("it"), label)
            if not (label in _OPEN and _elsewhere(text, span)) and not (
                label in {"member number", "account"} and is_npi(span.text)
            ):
                yield span


def _elsewhere(text: str, span: Span) -> bool:
    """Is this phone, e-mail or address the clinic's, a payer's or anybody's line?"""
    if span.label == "phone" and _TOLL_FREE.match(span.text):
        return True
    if span.label == "e-mail" and span.text.partition("@")[0].lower() in _ROLES:
        return True
    before = text[max(0, span.start - 60) : span.start]
    return bool(_NOT_THE_PATIENTS.search(before)) and not _THE_PATIENTS.search(before)


def is_npi(digits: str) -> bool:
    """Ten digits that begin with 1 or 2 and whose Luhn sum over 80840 and them ends in 0: the number of a provider, not a patient."""
    if not re.fullmatch(r"[12]\d{9}", digits):
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
