"""The modifier that a letter asks for on one code, where nothing has given one: done again that day, on both sides or on one of
two, in another laboratory, at another place or in another session than what it was bundled with."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Callable

from consultant.advice.official.edits import is_visit
from consultant.advice.official.files import indicator, named
from consultant.advice.repeats import how_often
from consultant.advice.sheet import Ruling, Saying, Sheet, record_source

LONGEST = 1_500  # characters of a letter that are looked through
SURE = 0.75
_AGAIN = re.compile(
    r"\bagain\b|\brepeat\w*|\bsecond (?:one|time|film|study|read\w*|\d{5})\b|\banother\b|\bnew one\b|\bonce more\b", re.IGNORECASE
)
_TWO_TIMES = re.compile(
    r"\bmorning\b[^?]{1,200}\b(?:afternoon|evening|night|later)\b|\bnoon\b[^?]{1,200}\b(?:evening|night|later)\b|\blater (?:that|the same) day\b",
    re.IGNORECASE,
)
_SAME_HAND = re.compile(
    r"\bsame (?:\w+ )?(?:doctor|doc|physician|surgeon|provider|radiologist|np|pa|clinician)\b|\bboth (?:done|read|times) by\b",
    re.IGNORECASE,
)
_OTHER_HAND = re.compile(
    r"\bpartner\b|\b(?:other|another|different|second) (?:doctor|doc|physician|surgeon|provider|radiologist|practitioner|group)\b"
    r"|\b(?:dr\.?|doctor|surgeon) b\b",
    re.IGNORECASE,
)
_SENT_OUT = re.compile(
    r"\b(?:send|sends|sent|goes|went|forward\w{0,3}|ship\w{0,4})\b[^.?!]{0,40}\b(?:to|out)\b[^.?!]{0,20}\b(?:lab|laborator(?:y|ies)|labcorp|quest)\b"
    r"|\b(?:reference|outside|send-?out) lab\w*",
    re.IGNORECASE,
)
_WE_PAY = re.compile(
    r"\bwe (?:pay|buy|purchase|bill|are billed)\b|\bbills? us\b|\binvoices? us\b|\bourselves\b|\bas a pass[- ]through\b",
    re.IGNORECASE,
)
_ONE_OF_TWO = re.compile(
    r"\b(?:one|left|right|single) (?:ear|eye|side|breast|kidney)(?: only| alone)\b|\bonly (?:one|the (?:left|right)|the one) (?:ear|eye|side)\b"
    r"|\bunilateral\w*",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:separate|different|another|distinct) (?:\w+ ){0,2}(?:cut|wound|lesion|site|area|spot|place|incision|ulcer|stain|specimen|nodule|mass|finger|toe|limb|joint|level|session)\b",
    re.IGNORECASE,
)
_LATER_SESSION = re.compile(
    r"\b(?:back|came back|returned|returns|again) (?:at|that) (?:\d|evening|night|afternoon)|\bsecond encounter\b", re.IGNORECASE
)
_BUNDLED = re.compile(
    r"\b(\d{5})\b(?: (?:was|got|is|came back|were))? (?:bundled|denied|rejected|included|inclusive)", re.IGNORECASE
)
#: The first service of an encounter: a second encounter of the day has one of its own.
_INITIAL = frozenset({"96360", "96365", "96374", "96409", "96413"})
_WHOLE_TEST = re.compile(r"92[05]\d\d|76[56]\d\d")

Told = tuple[str, str]  # a modifier and why


def asked_sign_rule(sheet: Sheet) -> Ruling:
    """One modifier on the one code that it is asked for; nothing where the answer holds a modifier, or rules on one."""
    text = sheet.findings.question.text[:LONGEST]
    signs = {*sheet.signs, *(code for code in sheet.refused if code.startswith("-"))}
    code = "" if signs or "which modifier" not in sheet.asked else _asked_of(sheet, text)
    sign, why = next((told for told in (tells(sheet, text, code) for tells in TELLING) if told), ("", "")) if code else ("", "")
    if not sign:
        return Ruling()
    said = Saying("why", why, (record_source(sheet.book, sign),))
    return Ruling(
        (code,), modifiers=((code, sign),), sayings=(said,), verdict=f"Report {code}, with modifier {sign[1:]}.", settles=SURE
    )


def _asked_of(sheet: Sheet, text: str) -> str:
    """The code of the last question, else the one that was bundled or denied, else the only one; "" where it can't be told."""
    codes = [code for code in named(sheet) if code not in sheet.refused and not code.startswith("-") and not is_visit(code)]
    codes = codes or [code for code in sheet.lines if not is_visit(code)]
    question = re.split(r"[.!;]\s", text)[-1]
    for told in ([code for code in codes if code in question], [c for c in _BUNDLED.findall(text) if c in codes]):
        if len(told) == 1:
            return told[0]
    if len(codes) == 2 and _is_elsewhere(sheet, text):
        return codes[1]
    return codes[0] if len(codes) == 1 else ""


def _again(sheet: Sheet, text: str, code: str) -> Told | None:
    if not (how_often(sheet) > 1 or _TWO_TIMES.search(text)) or not _AGAIN.search(text):
        return None
    if code in _INITIAL:
        return "-59", f"A second encounter of the day has a first service of its own: {code} once more, with -59."
    if code[0] == "8":
        return None  # laboratories have a modifier of their own, and rules on it
    if _OTHER_HAND.search(text):
        return "-77", f"{code} was done once more that day by somebody else."
    if _SAME_HAND.search(text):
        return "-76", f"{code} was done once more that day by the same practitioner."
    return None


def _sides(sheet: Sheet, text: str, code: str) -> Told | None:
    held = indicator(sheet, code, "bilateral")
    kind = held.value if held else ""
    if kind == "1" and "both sides" in sheet.asked:
        return "-50", f"{code} has the bilateral indicator 1, and both sides were done: one line with -50."
    if _ONE_OF_TWO.search(text) and (kind == "2" or (not kind and _WHOLE_TEST.fullmatch(code))):
        return "-52", f"{code} is priced for both sides, and one was done."
    return None


def _sent_out(sheet: Sheet, text: str, code: str) -> Told | None:
    if code[0] != "8" or sheet.for_medicare or not (_SENT_OUT.search(text) and _WE_PAY.search(text)):
        return None
    return "-90", f"Another laboratory runs {code}, and whoever bills for it says so by -90."


def _elsewhere(sheet: Sheet, text: str, code: str) -> Told | None:
    two = len([one for one in named(sheet) if not one.startswith("-")]) > 1
    if two and _is_elsewhere(sheet, text):
        return "-59", f"{code} was done at another place than what it is bundled with; Medicare takes XS too."
    if two and _LATER_SESSION.search(text):
        return "-59", f"{code} was done in another session of the day; Medicare takes XE too."
    return None


def _is_elsewhere(sheet: Sheet, text: str) -> bool:
    return bool(_ELSEWHERE.search(text)) or {"left", "right"} <= {str(fact.value) for fact in sheet.facts("side")}


TELLING: tuple[Callable[[Sheet, str, str], Told | None], ...] = (_again, _sides, _sent_out, _elsewhere)
