"""Of which part of the body an operation is, by the number of its code: what is of another part than the first operation is
unrelated to it, unless the letter says otherwise."""

from __future__ import annotations

import re

#: First and last number of a stretch of codes, and the part it is of. What may be anywhere (vessels, nerves, wounds) has none.
_STRETCHES = (
    (11400, 11646, "skin lesion"),
    (17311, 17315, "skin lesion"),
    (19000, 19499, "breast"),
    (22010, 22899, "spine"),
    (23000, 23929, "shoulder"),
    (23930, 24999, "elbow"),
    (25000, 25999, "wrist"),
    (26010, 26989, "hand"),
    (26990, 27299, "hip"),
    (27301, 27599, "knee"),
    (27600, 27899, "ankle"),
    (28001, 28899, "foot"),
    (29805, 29828, "shoulder"),
    (29830, 29838, "elbow"),
    (29840, 29848, "wrist"),
    (29850, 29851, "knee"),
    (29860, 29863, "hip"),
    (29866, 29889, "knee"),
    (29891, 29899, "ankle"),
    (29914, 29916, "hip"),
    (30000, 31299, "nose"),
    (33016, 33999, "heart"),
    (43279, 58999, "belly"),
    (60200, 60699, "neck"),
    (62380, 63746, "spine"),
    (65091, 68899, "eye"),
    (69000, 69979, "ear"),
)
#: These two may be one disease.
_ONE = frozenset({"skin lesion", "breast"})
_WORDS = {
    "finger": "hand", "thumb": "hand", "hand": "hand", "wrist": "wrist", "elbow": "elbow", "shoulder": "shoulder", "hip": "hip",
    "knee": "knee", "ankle": "ankle", "foot": "foot", "toe": "foot", "spine": "spine", "back": "spine", "gallbladder": "belly",
    "hernia": "belly", "appendix": "belly", "uterus": "belly", "prostate": "belly", "cataract": "eye", "eye": "eye", "ear": "ear",
    "thyroid": "neck",
}  # fmt: skip
#: Operations that tell their part by their name.
_NAMES = {
    "hysterectomy": "belly", "cholecystectomy": "belly", "lap chole": "belly", "colectomy": "belly", "appendectomy": "belly",
    "bowel resection": "belly", "prostatectomy": "belly", "turp": "belly", "mastectomy": "breast", "lumpectomy": "breast",
    "cabg": "heart", "laminectomy": "spine", "meniscectomy": "knee", "total knee": "knee", "tka": "knee", "tkr": "knee",
    "total hip": "hip", "tha": "hip", "thr": "hip", "rotator cuff repair": "shoulder", "septoplasty": "nose",
    "thyroidectomy": "neck",
}  # fmt: skip
_PARTS = "|".join(_WORDS)
#: "the knee global", "her hip replacement", "scoped a knee": a part and that it was operated; or the name of the operation.
_OPERATED = re.compile(
    rf"\b(?:(?:scoped|replaced|fused|took out) (?:\w+ ){{0,2}}?(?P<done>{_PARTS})"
    rf"|(?P<part>{_PARTS})(?:'s)? (?:global|surgery|operation|replacements?|scope|arthroscopy|fusion|repair|removal"
    r"|fracture (?:we|he|she|that))"
    rf"|(?P<name>{'|'.join(_NAMES)}))\b",
    re.IGNORECASE,
)


def part_of(code: str) -> str:
    """The part of the body that an operation is of; "" for what may be anywhere."""
    number = int(code) if len(code) == 5 and code.isdigit() else 0
    return next((part for first, last, part in _STRETCHES if first <= number <= last), "")


def is_of_another_part(code: str, text: str, others: list[str]) -> bool:
    """Is an operation of another part than the operations `others`, or than the one that the letter tells by its words?"""
    part = part_of(code)
    words = {**_WORDS, **_NAMES}
    told = {words[(found["done"] or found["part"] or found["name"]).lower()] for found in _OPERATED.finditer(text)}
    parts = {*map(part_of, others), *told} - {""}
    return bool(part) and bool(parts) and part not in parts and not {part, *parts} <= _ONE
