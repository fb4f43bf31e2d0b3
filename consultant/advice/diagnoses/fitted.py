"""The code that fits the letter where a heading or an unspecified one is at hand: side, trimester, birth, stage of an ulcer."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.diagnoses.measured import SMALL_FOR_DATES, WEEKS, for_dates, ulcer_stage
from consultant.advice.diagnoses.tabular import neighbour_of
from consultant.advice.sheet import Sheet
from consultant.vocabulary import CodeRecord

_DELIVERED = re.compile(
    r"(?<!not )(?<!not yet )(?<!before )\bdeliver(?:y|ed|s)\b|\bc-?section\b|\bcesarean\b|\bin labor\b", re.IGNORECASE
)
_AFTER_BIRTH = re.compile(
    r"\b(?:post-?partum|puerper\w+|(?:days?|weeks?) (?:after|post) (?:the |her )?(?:delivery|birth|c-?section))\b", re.IGNORECASE
)
#: "Tinnitus both", "macular hole right": the side that shorthand sets behind a condition, at the end of what is told of it.
_BEHIND = re.compile(
    r"\W{0,3}\b(?P<side>right|rt|left|lt|both|bilat|(?-i:O[DSU]))(?:\W*$|\W*[.,;:?!)]|\W+(?:dx|icd\w*|codes?|diagnos\w+|with|and|w)\b)",
    re.IGNORECASE,
)
#: Lymphomas go by the nodes they sit in: what a letter calls them, and what the titles do.
_LYMPHOMAS = ("C81", "C82", "C83", "C84", "C85")
_NODES = tuple(
    (re.compile(words, re.IGNORECASE), title)
    for words, title in (
        (
            r"\b(?:multiple|several|many|both|all|two|three|generalized) (?:[\w-]+ ){0,2}(?:sites|regions|nodes|areas)\b|\bboth sides of the diaphragm\b",
            "multiple sites",
        ),
        (
            r"\b(?:mediastin\w+|intrathoracic|hilar|chest) (?:lymph )?(?:nodes?|mass|adenopathy|lymphadenopathy)\b|\bnodes? (?:in|of) the (?:chest|mediastinum)\b",
            "intrathoracic",
        ),
        (
            r"\b(?:neck|cervical|supraclavicular|submandibular) (?:lymph )?(?:nodes?|adenopathy|lymphadenopathy)\b|\bnodes? (?:in|of) the neck\b",
            "face, and neck",
        ),
        (
            r"\b(?:abdominal|retroperitoneal|mesenteric|para-?aortic|belly) (?:lymph )?(?:nodes?|adenopathy|lymphadenopathy)\b|\bnodes? (?:in|of) the (?:abdomen|belly)\b",
            "intra-abdominal",
        ),
        (r"\b(?:axillary|armpit|axilla) (?:lymph )?(?:nodes?|adenopathy)\b|\bnodes? (?:in|of) the (?:axilla|armpit)\b", "axilla"),
        (r"\b(?:inguinal|groin|femoral) (?:lymph )?(?:nodes?|adenopathy)\b|\bnodes? (?:in|of) the groin\b", "inguinal"),
        (r"\b(?:pelvic|intrapelvic|iliac) (?:lymph )?(?:nodes?|adenopathy)\b", "intrapelvic"),
        (r"\bsplenic\b|\b(?:of|in) the spleen\b", "spleen"),
    )
)
_SIDES = {"right": "right", "rt": "right", "od": "right", "left": "left", "lt": "left", "os": "left"}
_TRIMESTERS = (("first", 14), ("second", 28), ("third", 99))


def fitted(sheet: Sheet, code: str) -> str:
    """The code for the side or the trimester that the letter tells, where the words beside the condition left it open."""
    if code.startswith(SMALL_FOR_DATES):
        return for_dates(code, sheet.findings.question.text)
    record = sheet.book.record(code, sheet.findings.on)
    if record is None or "unspecified" not in record.title.lower():
        return code
    if code.startswith("L89.") and len(code) == 7 and (stage := ulcer_stage(sheet.findings.question.text)):
        return code[:-1] + stage
    if code.startswith(_LYMPHOMAS) and code[-1] == "0":
        return _of_nodes(sheet, record) or code
    if code[0] == "O" and "unspecified trimester" in record.title.lower():
        return _in_trimester(sheet, record) or code
    sides = _sides(sheet, code)
    if len(sides) != 1:
        return code
    return _of_side(sheet, record, next(iter(sides))) or code


def on_its_sides(sheet: Sheet, code: str) -> tuple[str, ...]:
    """The code for the side that the letter tells; where it tells both and no code says so, the two of them."""
    sided = fitted(sheet, code)
    if sided != code or _sides(sheet, code) != {"bilateral"}:
        return (sided,)
    record = sheet.book.record(code, sheet.findings.on)
    if record is None or "unspecified" not in record.title.lower():
        return (code,)
    right, left = (_of_side(sheet, record, side) for side in ("right", "left"))
    return (right, left) if right and left and right != left else (code,)


def _sides(sheet: Sheet, code: str) -> set[str]:
    """The sides that the letter tells; where it tells none as a fact, the one that ends the words of the condition."""
    if sides := sheet.said("side"):
        return {*sides} & {"left", "right", "bilateral"}
    text = sheet.findings.question.text
    spans = [span for one in sheet.candidates("condition") if one.code == code for span in one.spans_of("condition")]
    found = [_BEHIND.match(text, span.end) or _BEHIND.search(text, span.start, span.end) for span in spans]
    return {_SIDES.get(match["side"].lower(), "bilateral") for match in found if match}


def below(sheet: Sheet, code: str) -> str:
    """The code under a heading that fits the letter's trimester, else its unspecified one; a billable code is itself."""
    record = sheet.book.record(code, sheet.findings.on)
    if record is None or record.billable:
        return code
    if born := _at_birth(sheet, record):
        return born
    children = sheet.book.children(code)
    titles = {child: title_of(sheet, child).lower() for child in children}
    vague = next((child for child, title in titles.items() if "unspecified" in title), "")
    if vague and (sided := fitted(sheet, vague)) != vague:
        return sided
    wanted = _trimester(sheet.findings.question.text)
    named = [child for child, title in titles.items() if wanted and f"{wanted} trimester" in title]
    return next(iter([*named, vague, *titles]), "") or next(iter(titles), code)


def title_of(sheet: Sheet, code: str) -> str:
    record = sheet.book.record(code, sheet.findings.on)
    return record.title if record else ""


def _of_nodes(sheet: Sheet, record: CodeRecord) -> str:
    """The code beside one of an unspecified site, for the nodes that the letter names; "" where it names none."""
    text = sheet.findings.question.text
    wanted = next((title for words, title in _NODES if words.search(text)), "")
    siblings = sheet.book.children(record.parent or "") if wanted else ()
    return next((code for code in siblings if wanted in title_of(sheet, code).lower()), "")


def _of_side(sheet: Sheet, record: CodeRecord, side: str) -> str:
    """The code for that side in the place of one that leaves it open; "" when there is none."""
    return neighbour_of(sheet, record, side) or _sibling(sheet, record, side)


def _sibling(sheet: Sheet, record: CodeRecord, side: str) -> str:
    """The code beside the record whose title has the side where the record's is unspecified; "" when there is none."""
    own = _words(record.title) - {"unspecified", "side"}
    for child in sheet.book.children(record.parent or ""):
        words = _words(title_of(sheet, child))
        if side in words and words - {side, "side"} == own:
            return child
    return ""


def _words(title: str) -> set[str]:
    """The words of a title, each as of one: "upper limb" of one side, "upper limbs" of both."""
    return {word.removesuffix("s") if len(word) > 4 else word for word in re.findall(r"\w+", title.lower())}


def _in_trimester(sheet: Sheet, record: CodeRecord) -> str:
    """The sibling for the trimester of the letter, or for childbirth when it tells of the delivery; "" when there is none."""
    trimester = _trimester(sheet.findings.question.text)
    birth = bool(_DELIVERED.search(sheet.findings.question.text))
    titles = {child: title_of(sheet, child).lower() for child in sheet.book.children(record.parent or "")}
    born = [child for child, title in titles.items() if birth and "childbirth" in title and "puerperium" not in title]
    return next(iter([*born, *(child for child, title in titles.items() if trimester and f"{trimester} trimester" in title)]), "")


def _trimester(text: str) -> str:
    weeks = WEEKS.search(text)
    said = re.search(r"\b(first|second|third|1st|2nd|3rd)[- ]trimester\b", text, re.IGNORECASE)
    if said:
        return {"1st": "first", "2nd": "second", "3rd": "third"}.get(said[1].lower(), said[1].lower())
    return next((name for name, end in _TRIMESTERS if int(weeks["n"]) < end), "") if weeks else ""


def _at_birth(sheet: Sheet, heading: CodeRecord) -> str:
    """Beside a heading for pregnancy the code for the birth or the time after it, where the letter tells of these; "" else."""
    text = sheet.findings.question.text
    time = "puerperium" if _AFTER_BIRTH.search(text) else "childbirth" if _DELIVERED.search(text) else ""
    if "pregnancy" not in heading.title.lower() or not time:
        return ""
    titles = {child: title_of(sheet, child).lower() for child in sheet.book.children(heading.parent or "")}
    other = {"puerperium": "childbirth", "childbirth": "puerperium"}[time]
    return next((code for code, title in titles.items() if time in title and other not in title and "trimester" not in title), "")
