"""What the letter itself says that it is not billed: "the sedation is not billed", "we are not charging for the tray"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Sheet

#: A thing in front of the words, or behind them; one that was not billed, or not by somebody, may be asked about.
_SAID = re.compile(
    r"\b(?P<front>[a-z]{5,24}) (?:(?:is|are) not|isn[\u2019']t|aren[\u2019']t|will not|won[\u2019']t) (?:being |be )?(?:billed|charged)\b"
    r"(?! (?:by|correctly|right|yet|separately|with|together|as|because|for|when|unless|if)\b)"
    r"|(?:\b(?:we|i|they|he|she)(?: are| am| is|[\u2019'](?:re|m|s)) |, |\()not (?:billing|charging)(?: for)? (?:the |any |her |his |our )?"
    r"(?:moderate |conscious )?(?P<behind>[a-z]{5,24})\b",
    re.IGNORECASE,
)
#: "The receiver she already has": nothing that is supplied today.
_OWNED = re.compile(
    r"\b(?P<front>[a-z]{5,24}) (?:that )?(?:she|he|they|pt|the patient) already (?:has|have|owns?|had|got)\b"
    r"|\balready (?:has|have|owns?|had|got) (?:the |an? |her |his |own )*(?P<behind>[a-z]{5,24})\b",
    re.IGNORECASE,
)
#: "Check-up itself already billed": the letter asks about what goes beside it.
_VISIT_DONE = re.compile(
    r"\b(?:check-? ?up|visit|physical|well[- ](?:child|check)|e/?m)(?: itself| code| part)*(?: is| was| has been|\u2019s|'s)? already"
    r" (?:done|billed|coded|charged|entered|keyed|sent|on the claim)\b",
    re.IGNORECASE,
)
#: "Teaching the daughter to do the insulin shots", "shown how to use her pen": nothing is given.
_TAUGHT = re.compile(
    r"\b(?:teach(?:es|ing)?|taught|show(?:s|n|ed|ing)?|train(?:s|ed|ing)?|instruct(?:s|ed|ing)?)\b[^.?!,;]{0,40}?\b(?:how to|to) "
    r"(?:do|give|draw|inject|use|mix|administer)\b[^.?!,;]{0,40}",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"J\d{4}|96372")
_VISIT = re.compile(r"99(?:20|21|38|39)\d|-25")
_ASKED = re.compile(r"\b(?:why|if|when|whether|how come|unless)\b[^.?!]{0,40}$", re.IGNORECASE)


def not_billed_rule(sheet: Sheet) -> Ruling:
    """Without the lines that such a word brought, where others stay."""
    named = {one.code for one in sheet.findings.question.codes}
    text = sheet.findings.question.text
    brought = tuple(code for code in sheet.lines if code not in named and _is_left_out(sheet, code, text))
    return Ruling(hold=brought) if len(brought) < len(sheet.lines) else Ruling()


def _is_left_out(sheet: Sheet, code: str, text: str) -> bool:
    """Does the letter leave the code out: not billed, billed before, or a piece of equipment that the patient has?"""
    said = _SAID.search(text)
    words = {word for span in sheet.spans_of(code, "family", "keyword") for word in span.text.lower().split()}
    if said and not _ASKED.search(text[: said.start()]) and (said["front"] or said["behind"]).lower() in words:
        return True
    if _GIVEN.fullmatch(code) and _is_taught(sheet, code, text):
        return True
    if _VISIT.fullmatch(code) and _VISIT_DONE.search(text):
        return True
    owned = _OWNED.search(text) if code[0] in "AEK" else None
    record = sheet.book.record(code)
    return owned is not None and record is not None and (owned["front"] or owned["behind"]).lower() in record.title.lower()


def _is_taught(sheet: Sheet, code: str, text: str) -> bool:
    """Is the shot told only as what somebody learns to give?"""
    taught = [match.span() for match in _TAUGHT.finditer(text)]
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for span in sheet.spans_of(code, "family", "keyword"):
        told[any(start <= span.start and span.end <= end for start, end in taught)].add(span.text.lower())
    return bool(told[True] - told[False]) and not told[True] & told[False]
