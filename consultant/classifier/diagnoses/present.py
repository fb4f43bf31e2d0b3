"""Whose and of when a condition is that a letter names: today's, of the past, or a relative's.

What was had years ago is looked up as history, and what a relative has as family history; a stroke that something came after
is one of the past.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.classifier.diagnoses.sequels import UNHEALED
from consultant.classifier.diagnoses.stretches import telling
from consultant.classifier.diagnoses.titles import Told
from consultant.codebook import Codebook
from consultant.vocabulary import Hit, System

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
_STROKE = "I63"
#: "Acute stroke from an MCA embolus": by what it came, and no stroke of before.
_OF_A_STROKE = re.compile(
    r"\b(?:strokes?|cva|infarct(?:ion|s)?|ischemi[ac])(?: \w+)? (?:from|due to)(?: an?| the)?\s*$", re.IGNORECASE
)
_NOT_FROM = re.compile(
    r"\b(?:not|never|unrelated|isn.t|wasn.t) (?:\w+ )?(?:from|due to|after|following|to)(?: an?| any| the)?\s*$", re.IGNORECASE
)
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
#: What an injury of another day has left behind.
_LEFT = re.compile(
    r"\bleft (?:an?|him|her|with|behind)\b[^.;?]{0,30}\b(?:scar\w*|contractures?|stiff\w*|deform\w*|weak\w*|numb\w*)",
    re.IGNORECASE,
)


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
    if hit.code.startswith(_STROKE) and (was := _past_stroke(text[max(0, start - 40) : start], after)) is not None:
        return _coded("Z86.73", book) if was else None
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


def _past_stroke(before: str, after: str) -> bool | None:
    """Was the stroke before today (True), or is it only said that something else came of none (False)? None when it is today's."""
    if _NOT_FROM.search(before):
        return False
    return True if _AGO.match(after) or (_AFTER.search(before) and not _OF_A_STROKE.search(before)) else None


def _of_a_relative(words: str, book: Codebook) -> Hit | None:
    """The family history whose wording holds a word of the disease itself: "bipolar" is in none, and no arthritis."""
    found = book.search(f"family history of {words}", System.ICD10CM, 1)
    told = {word.lower() for word in words.split()}
    return next((hit for hit in found if hit.code[:2] == "Z8" and told & {word.lower() for word in hit.words}), None)


def _coded(code: str, book: Codebook) -> Hit | None:
    return next(iter(book.search(code, System.ICD10CM, 1)), None)
