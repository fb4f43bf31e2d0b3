"""Diagnosis codes that a number alone chooses: weeks of pregnancy, body mass, burned surface, stroke scale, blood alcohol."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_N = r"(?P<n>\d{1,3}(?:\.\d{1,2})?)"
WEEKS = re.compile(r"\b(?P<n>[1-9]|[1-3]\d|4[0-2])(?:(?: ?[+&] ?\d)?| ?\d/7)[- ]?(?:w(?:ee)?ks?|wga|w)\b", re.IGNORECASE)
_PREGNANT = re.compile(
    r"\b(?:pregnan\w{1,3}|gestation\w{0,2}|trimester|deliver\w{1,3}|obstetric|ob|gravid\w?|g\dp\d|iup|c-?section|cesarean|labor|(?:vaginal|live) birth|gave birth|prenatal|antenatal|antepartum|primip\w*|multip\w*)\b",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:newborn|neonate|preemie|preterm (?:baby|infant)|born at|(?<!first )(?<!second )(?<!third )(?<!fourth )(?<!having a )(?<!expecting a )(?<!her )baby|infant)\b",
    re.IGNORECASE,
)
_MOTHER = re.compile(
    r"\b(?:vaginal (?:delivery|birth)|delivery of|delivered an?|perineal|postpartum|gave birth|mother's (?:claim|chart))\b",
    re.IGNORECASE,
)
_GRAMS = re.compile(r"\b(?P<n>\d{1,2},?\d{3}|\d{3}) ?(?:grams?|gm|g)\b", re.IGNORECASE)
_CESAREAN = re.compile(r"\b(?:c-?section|c section|cesarean|caesarean)\b", re.IGNORECASE)
_VAGINAL = re.compile(r"\bvaginal(?:ly)?\b|\bnsvd\b|\bsvd\b", re.IGNORECASE)
_NOT_HERE = re.compile(
    r"\b(?:transfer\w*|readmi\w+|mother's (?:record|claim|chart)|office|clinic|follow-?up|other hospital|another hospital)\b",
    re.IGNORECASE,
)
_WEIGHTS = (
    (500, "P07.01"),
    (750, "P07.02"),
    (1000, "P07.03"),
    (1250, "P07.14"),
    (1500, "P07.15"),
    (1750, "P07.16"),
    (2000, "P07.17"),
    (2500, "P07.18"),
)
#: Small or light for dates, and the weights below which each last character of P05.0- and P05.1- ends.
SMALL_FOR_DATES = ("P05.0", "P05.1")
_BELOW = (500, 750, 1000, 1250, 1500, 1750, 2000, 2500)
#: A condition of the pregnancy, while it lasts.
_CARRYING = ("O1", "O2", "O3", "O40", "O41", "O42", "O43", "O44", "O45", "O46", "O48", "O60.0")
_AFTERWARDS = re.compile(r"\b(?:post-?partum|puerper\w*|after|post|ago|since|for)\b", re.IGNORECASE)
#: "BMI 42", "body mass index (42.3)", "BMI documented by the dietitian as 42.3".
_BMI = re.compile(
    rf"\b(?:bmi|body mass index)\b(?:(?: (?:of|is|was|at|=)|:)? ?\(?|(?: [a-z]{{2,14}}){{1,6}}? (?:as|of|at|is|was|:) ?){_N}"
    r"(?! ?(?:%|percent|yo\b|y/o|year|pounds|lbs?\b|kg|days|weeks|months))",
    re.IGNORECASE,
)
_BURNED = re.compile(rf"\b{_N} ?(?:%|percent)(?: of)?(?: the)?(?: total)? ?(?:tbsa|body surface|bsa)|\btbsa(?: of| is| was|:)? ?(?P<m>\d{{1,3}}) ?%?", re.IGNORECASE)  # fmt: skip
_NIHSS = re.compile(r"\bnih(?:ss| stroke scale)(?: score)?(?: of| is| was|:)? ?(?P<n>\d{1,2})\b", re.IGNORECASE)
_ALCOHOL = re.compile(r"\b(?:bal|bac|blood alcohol(?: level)?|etoh level|alcohol level)(?: of| is| was|:)? ?(?P<n>\.\d{2,3}|0\.\d{2,3}|\d{2,3})\b", re.IGNORECASE)  # fmt: skip
_CHILD = re.compile(r"\b(?:child|percentile|1?\d[- ]?(?:yo|y/o|year[- ]old))\b", re.IGNORECASE)
_UPPER = (
    (20, "Y90.0"),
    (40, "Y90.1"),
    (60, "Y90.2"),
    (80, "Y90.3"),
    (100, "Y90.4"),
    (120, "Y90.5"),
    (200, "Y90.6"),
    (240, "Y90.7"),
)
_LARGE = ((45, "Z68.41"), (50, "Z68.42"), (60, "Z68.43"), (70, "Z68.44"))

#: Stages of a pressure ulcer; of other diseases that have stages too.
_STAGE = re.compile(r"\bstage (?:[1-4]|iv|i{1,3})\b|\bunstageable\b|\bdeep tissue\b", re.IGNORECASE)
_OTHER_STAGE = re.compile(r"\b(?:ckd|kidney|renal|cancer|carcinoma)\b", re.IGNORECASE)
_STAGES = {"1": "1", "i": "1", "2": "2", "ii": "2", "3": "3", "iii": "3", "4": "4", "iv": "4", "unstageable": "0", "tissue": "6"}
#: A pressure ulcer that reaches another stage in the stay.
_STAGE_CHANGE = re.compile(
    r"\bstage (?:\d|i{1,3}|iv)\b[^.?!]{0,60}?\b(?:became|becomes?|progress\w*|worsen\w*|advanc\w*|turn\w*|evolv\w*|deteriorat\w*|went to|to)\b"
    r"[^.?!]{0,30}?\b(?:stage )?(?P<then>[1-4]|iv|i{1,3}|unstageable)\b",
    re.IGNORECASE,
)


def measured(text: str, codes: Sequence[str]) -> list[str]:
    """The codes of the numbers that the letter tells, where the diagnoses found in it want them."""
    return list(dict.fromkeys(code for code in _told(text, codes) if not any(_says_the_same(code, other) for other in codes)))


def _says_the_same(code: str, other: str) -> bool:
    """Are both of one category, and of P07 both by weight or both by weeks?"""
    return other[:3] == code[:3] and (code[:3] != "P07" or (code[4:5] in "01") == (other[4:5] in "01"))


def _told(text: str, codes: Sequence[str]) -> Iterator[str]:
    if (
        (weeks := WEEKS.search(text))
        and (_PREGNANT.search(text) or (any(code.startswith(_CARRYING) for code in codes) and not _AFTERWARDS.search(text)))
        and (_MOTHER.search(text) or not _BORN.search(text))
        and not _ended_early(codes)
    ):
        yield "Z3A.01" if int(weeks["n"]) < 8 else f"Z3A.{int(weeks['n']):02}"
    if re.search(
        r"\b(?:newborn|preemie|preterm (?:baby|infant)|(?:baby|infant)\b.{0,30}\bborn|born\b.{0,30}\bin our hospital"
        r"|(?:baby|infant)\b.{0,40}\b(?:preterm|premature|preemie)\b)",
        text,
        re.IGNORECASE,
    ):
        yield from _of_birth(text, codes)
    if (bmi := _BMI.search(text)) and not _CHILD.search(text) and not _PREGNANT.search(text):
        yield bmi_code(float(bmi["n"]))
    if (burned := _BURNED.search(text)) and any(code.startswith(("T2", "L55")) for code in codes):
        surface = int(float(burned["n"] or burned["m"]))
        third = re.search(r"\b(?:third|3rd|full)[- ](?:degree|thickness)\b", text, re.IGNORECASE)
        if surface < 10:
            yield "T31.0"
        elif not third and surface < 100:
            yield f"T31.{surface // 10}0"
    if (scale := _NIHSS.search(text)) and int(scale["n"]) <= 42:
        yield f"R29.7{int(scale['n']):02}"
    if (level := _ALCOHOL.search(text)) and any(code.startswith(("F10", "T51")) for code in codes):
        amount = float(level["n"]) * (1000 if "." in level["n"] else 1)
        yield next((code for below, code in _UPPER if amount < below), "Y90.8")


def _of_birth(text: str, codes: Sequence[str]) -> Iterator[str]:
    """A newborn's own codes: how it came, once at the birth hospital; low weight and weeks under 37, the weight first.

    The code of one that is small for its dates tells the weight already.
    """
    if (
        not _NOT_HERE.search(text)
        and (_CESAREAN.search(text) or _VAGINAL.search(text))
        and not re.search(r"\btwins?\b", text, re.IGNORECASE)
    ):
        yield "Z38.01" if _CESAREAN.search(text) else "Z38.00"
    if (grams := _GRAMS.search(text)) and not any(code.startswith(SMALL_FOR_DATES) for code in codes):
        amount = int(grams["n"].replace(",", ""))
        yield from [code for below, code in _WEIGHTS if amount < below][:1]
    early = grams or re.search(r"\bpre-?(?:term|mature|mie|maturity)", text, re.IGNORECASE)
    if early and (weeks := WEEKS.search(text)) and 28 <= int(weeks["n"]) <= 36:
        yield f"P07.3{int(weeks['n']) - 27}"


def for_dates(code: str, text: str) -> str:
    """The code of a newborn small or light for its dates by the weight that is told; where none is told, the code itself."""
    grams = _GRAMS.search(text)
    if not grams or "." not in code:
        return code
    amount = int(grams["n"].replace(",", ""))
    return f"{code[:5]}{1 + sum(amount >= below for below in _BELOW)}"


def _ended_early(codes: Sequence[str]) -> bool:
    """No weeks with an abortive outcome."""
    return any(code.startswith(("O00", "O01", "O02", "O03", "O04", "O07", "O08")) for code in codes)


def bmi_code(bmi: float) -> str:
    """Z68.- of an adult; decimals are cut."""
    whole = int(bmi)
    if whole < 20:
        return "Z68.1"
    return f"Z68.{whole}" if whole < 40 else next((code for below, code in _LARGE if whole < below), "Z68.45")


def ulcer_stage(text: str) -> str:
    """The last character of a pressure ulcer's code for the stage that anybody wrote; "" when nobody did."""
    told = next((m for m in _STAGE.finditer(text) if not _OTHER_STAGE.search(text[max(0, m.start() - 20) : m.start()])), None)
    if told is None:
        return ""
    return _STAGES.get(told[0].lower().rpartition(" ")[2], "")


def later_stage(code: str, text: str) -> list[str]:
    """The same ulcer's code for the stage that it reached after the one it was admitted with; [] when it reached no other."""
    change = _STAGE_CHANGE.search(text) if code.startswith("L89.") and len(code) == 7 else None
    then = f"{code[:-1]}{_STAGES[change['then'].lower()]}" if change else code
    return [then] if then != code else []
