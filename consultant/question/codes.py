"""Codes that a letter names, with modifiers, units and ranges: "99213-25", "97140 x2", "12001 through 12007"."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from consultant.codebook.codes import CATEGORY, dotted
from consultant.question.modifiers import read_modifiers
from consultant.vocabulary import NamedCode, Span, System

#: More than this is not a question; the rest is not looked at.
MAX_SCAN = 400

_TAIL = r"(?P<mods>(?:\s?[-–]\s?(?:\d{2}|[A-Z][A-Z0-9])(?![\w])){0,4})"
_UNITS = r"(?:\s?\(?\s?(?:[x×*]\s?(?P<times>\d{1,3})\b|(?P<count>\d{1,3})\s(?:units?|times)\b))?"
_UNITS_TOLD = re.compile(_UNITS, re.IGNORECASE)
#: Section and body system of ICD-10-PCS, so that a gene (CYP2C19) or a variant (G20210A) is none of its codes.
_SECTION = r"(?:[0-46-9D][0-9A-HJ-NP-Z]|5A|B[0-9BDFGHL-RTUVWY]|C[0257-9BDFGHPTVW]|F[01]|[GH]Z|X[0-9A-HJ-NP-Z])"
_CODE = re.compile(
    r"(?<![\w.$#@%/&=-])(?:"
    r"(?P<cpt>\d{5}|\d{4}[A-Z])"
    rf"|(?P<pcs>(?=[0-9A-HJ-NP-Z]{{0,5}}\d)(?=[0-9A-HJ-NP-Z]{{0,6}}[A-Z]){_SECTION}[0-9A-HJ-NP-Z]{{5}})"
    r"|(?P<dotted>[A-Za-z](?:\d[0-9A-Za-z]|[Aa]\d)\.[0-9A-Za-z]{1,4})"
    r"|(?P<hcpcs>[A-Ya-y]\d{4})"
    r"|(?P<icd>" + CATEGORY + r"[0-9A-Z]{0,4})"
    r")(?!(?![x×*]\d{1,3}\b)[\w%@]|\.\d|-\d{4})" + _TAIL + _UNITS
)
_RANGE = re.compile(r"\s?(?:-|–|—|to|thru|through)\s?(?P<end>\d{5}|[A-Z]\d{4}|[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)(?![\w.])")
_UNITS_BEFORE = re.compile(r"(?P<n>\d{1,3})\s(?:units?|x)\s(?:of\s)?(?:code\s|cpt\s|hcpcs\s)?$", re.IGNORECASE)
_INTRODUCED = re.compile(
    r"(?:\bcpt|\bhcpcs|\bcodes?|\bicd[ -]?(?:10|9)?(?:[ -]?(?:cm|pcs))?|\bdx|\bdiagnosis|\bbilled|\bbill|\breport|\buse)\W{0,4}$",
    re.IGNORECASE,
)
_DIAGNOSIS = re.compile(r"\b(?:icd[ -]?(?:10)?(?:-?cm)?|dx|diagnos[ei]s)(?: codes?)?\W{0,3}$", re.IGNORECASE)
_NOT_A_CODE = re.compile(
    r"(?:\b(?:mrn|acct|account|zip|ext|npi|tin|id|room|suite|box|member|policy|phone|fax)|\b(?:claim|case|ticket|order|invoice)\W{0,2}(?:#|no|number))"
    r"\W{0,4}(?:#|no\.?|number)?\W{0,3}$|(?-i:[a-z]{2}, ?[A-Z]{2} $)",
    re.IGNORECASE,
)
#: Behind a reason code or the word "remark", N130 and M51 are remark codes of a remittance.
_REMARK = re.compile(
    r"\b(?:(?:co|pr|oa|pi|carc)[ -]?[ab]?\d{1,3}\W{1,3}(?:and |with |w/ ?|plus )?(?:rarc |remark )?(?:code )?|(?:rarc|remark)s?(?: codes?)?\W{1,3})$",
    re.IGNORECASE,
)
#: "20000 units" is an amount of a drug.
_ROUND = re.compile(r"[1-9][05]000 ?(?:units?|iu|u)\b", re.IGNORECASE)
#: One base for another at a place of a gene: "G20210A", "C677T".
_VARIANT = re.compile(r"[ACG]\d{3,5}[ACGT]")
#: Proteins that a stain shows; beside a word of staining S100 is no diagnosis.
_MARKER = re.compile(r"S100B?|P(?:16|40|53|57|63|504S?)|B72", re.IGNORECASE)
_STAINED = re.compile(
    r"\b(?:stain\w*|ihc|immuno\w*|blocks?|markers?|antibod\w*|panel|melan-?a|sox-?10|hmb-?45|ki-?67|cd\d{1,3}|ck\d{1,2}|her-?2)\b",
    re.IGNORECASE,
)
_NEAR_STAIN = 80  # characters to either side of a marker
#: Categories that no edition of ICD-10-CM has, and that everybody writes for something else: the vitamin.
_NO_CATEGORY = frozenset({"B12"})
#: In a letter on teeth D7210 is a code of the dentists' own set, and not D72.10.
_OF_TEETH = re.compile(
    r"\b(?:dent(?:al(?:ly)?|ists?|istry|ures?)|tooth|teeth|cdt|molars?|bicuspids?|gingiv\w{1,8}|periodont\w{1,8}|endodont\w{1,8}|orthodont\w{1,8}"
    r"|root canal|oral surgeons?|omfs|oms|extractions?|scaling|fluoride|bitewings?|alveol\w{1,9}|night ?guard|sealants?|hygienists?|erupted|crowns?"
    r"|delta|srp|prophy|perio)\b",
    re.IGNORECASE,
)
_NEAR_TEETH = 300  # characters to either side of the code
#: Where a medical claim is meant, what the dental one would hold is no code of the answer.
_MEDICAL = re.compile(r"\b(?:medical|cpt|cms[ -]?1500|1500 form|medicare|health plan|hcfa)\b", re.IGNORECASE)
_REMARKED = re.compile(r"(?:N|MA?)\d{1,3}", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:den(?:y|ie[sd]|ying|ial)|reject\w{0,4}|refus\w{0,3}|(?:not|never|n't|no longer) (?:be )?(?:pay|paid|paying)|unpaid|kicked)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.?!\n](?:\s|$)")
_VISIT = re.compile(r"99(?:20[2-5]|2[123]\d|28[1-5]|30[4-9]|310|34[1-9]|350)|920(?:0[24]|1[24])")
#: "Her note supports a 99213", "a moderate visit (99214)", "99213 documented separately": the level that the note bears out.
_BORNE_OUT = re.compile(
    r"\b(?:support(?:s|ed|ing)?|stands? at|document(?:s|ed|ing)?|qualif(?:y|ies|ied) (?:as|for)|meets|scored?|level is|c[oa]mes? (?:out )?to"
    r"|works out (?:to|as)|backs(?: up)?|levell?ed|graded)"
    r"(?: (?:as|at|to|an?|the|her|his|it|that|this|extra|part|work|problem|portion|level|for|of|only|just|separate|separately|full|code|visit|established|new|est|low|moderate|clear|solid)){0,6}:? \(?$"
    r"|\((?![^()]*\b(?:not|never|den\w+|or|vs|instead)\b)[^()]{0,30}$",
    re.IGNORECASE,
)
#: "Does the note support 99214?", "it doesn't support 99214".
_IN_DOUBT = re.compile(
    r"(?:\b(?:not|never|hardly|if|whether)|n['’]t|\b(?:does|do|did|would|will|can|could) (?:the|his|her|this|that|it|my|our|an?)\b[^.?!;,]{0,40}) $",
    re.IGNORECASE,
)
_BORNE_OUT_BEHIND = re.compile(
    r"\)?,?(?: (?:is|was|clearly|well|fully|separately|visit|level)){0,4},? "
    r"(?:supported|documented|(?:by|per|in) (?:(?:his|her|the|their|my|its) )?(?:own )?(?:note|documentation|level))\b",
    re.IGNORECASE,
)


def read_codes(text: str, private: list[Span]) -> list[NamedCode]:
    """Every code named in the text, in order, then modifiers and places of service named on their own.

    A bare number in a phone number, an account or a birth date is no code. Whether a code exists is the classifier's to say;
    `span.label` is "named" when a word like "code" or "CPT" introduces it, "range" for the ends of a range, else "bare".
    """
    edges = _edges(private)
    ends = [match.start() for match in islice(_SENTENCE.finditer(text), 5000)]
    found: list[NamedCode] = []
    for match in islice(_CODE.finditer(text), MAX_SCAN):
        if found and match.start() < found[-1].span.end:
            continue  # the far end of a range, read with its start
        if not _private(match.start(), edges) and not _is_no_code(text, match):
            found.extend(_named(text, match, ends))
    taken = [span for code in found for span in [code.span]]
    return found + read_modifiers(text, taken)


def units_behind(text: str, code: Span) -> int:
    """Where what tells the units of a code ends: "97140 x2", "J1745 (10 units)"; the code's own end where nothing does."""
    return match.end() if (match := _UNITS_TOLD.match(text, code.end)) else code.end


def _is_no_code(text: str, match: re.Match[str]) -> bool:
    """Is it the number of an account, a remark code, a vitamin, the variant of a gene, what a stain shows, an amount, a dentist's code?"""
    written = match.group("icd") or ""
    if written in _NO_CATEGORY or _VARIANT.fullmatch(written):
        return True
    if _MARKER.fullmatch(written) and _stands_near(_STAINED, text, match, _NEAR_STAIN):
        return True
    if _REMARKED.fullmatch(written) and _REMARK.search(text, max(0, match.start() - 40), match.start()):
        return True
    if _ROUND.match(text, match.start()) or (_is_dental(text, match) and _MEDICAL.search(text)):
        return True
    return bool(_NOT_A_CODE.search(text, max(0, match.start() - 30), match.start()))


def _is_dental(text: str, match: re.Match[str]) -> bool:
    return (match.group("hcpcs") or "").upper().startswith("D") and _stands_near(_OF_TEETH, text, match, _NEAR_TEETH)


def _stands_near(words: re.Pattern[str], text: str, code: re.Match[str], reach: int) -> bool:
    """Does one of the words stand so many characters before or behind the code?"""
    return bool(words.search(text, max(0, code.start() - reach), code.end() + reach))


def _edges(spans: list[Span]) -> list[tuple[int, int]]:
    return sorted((s.start, s.end) for s in spans)


def _private(place: int, edges: list[tuple[int, int]]) -> bool:
    at = bisect_right(edges, (place, 1 << 30))
    return any(start <= place < end for start, end in edges[max(0, at - 3) : at])


def _named(text: str, match: re.Match[str], ends: list[int]) -> list[NamedCode]:
    kind = str(match.lastgroup if match.lastgroup in _SYSTEMS else next(k for k in _SYSTEMS if match.group(k)))
    before = text[max(0, match.start() - 30) : match.start()]
    system = System.HCPCS if _is_dental(text, match) else _system(kind, match.group(kind), before)
    label = "named" if _INTRODUCED.search(before) or kind == "dotted" else "bare"
    far = _RANGE.match(text, match.end(kind))
    if far and not match.group("mods"):
        first = NamedCode(match.group(kind).upper(), system, Span(match.start(), match.end(kind), match.group(kind), "range"))
        last = NamedCode(far.group("end").upper(), system, Span(far.start("end"), far.end("end"), far.group("end"), "range"))
        return [first, last]
    modifiers = tuple(f"-{part}" for part in re.findall(r"\d{2}|[A-Z][A-Z0-9]", match.group("mods") or ""))
    written = Span(match.start(), match.end("mods") if modifiers else match.end(kind), text[match.start() : match.end()], label)
    code, units = match.group(kind).upper(), _units(match, before)
    code = dotted(code) if code[0] == "D" and system is System.ICD10CM else code  # without its dot it could be a dentist's
    return [NamedCode(code, system, written, modifiers, units, _denied(text, match, ends), _supported(code, text, match))]


_SYSTEMS = {"cpt": System.CPT, "pcs": System.ICD10PCS, "dotted": System.ICD10CM, "hcpcs": System.HCPCS, "icd": System.ICD10CM}


def _system(kind: str, written: str, before: str) -> System:
    """A letter and four digits are HCPCS unless a word before says diagnosis: "dx E1165" is E11.65."""
    if kind == "hcpcs" and _DIAGNOSIS.search(before):
        return System.ICD10CM
    if kind == "hcpcs" and written[0].upper() in "DFINOWXZ":
        return System.ICD10CM
    return _SYSTEMS[kind]


def _units(match: re.Match[str], before: str) -> int | None:
    written = match.group("times") or match.group("count")
    ahead = _UNITS_BEFORE.search(before)
    return int(written) if written else int(ahead.group("n")) if ahead else None


def _supported(code: str, text: str, match: re.Match[str]) -> bool:
    """Is it the level of a visit, told as what the note bears out?"""
    if not _VISIT.fullmatch(code):
        return False
    before = text[max(0, match.start() - 80) : match.start()]
    if told := _BORNE_OUT.search(before):
        return not _IN_DOUBT.search(before[: told.start()]) and text[match.end() : match.end() + 1] != "?"
    return bool(_BORNE_OUT_BEHIND.match(text, match.end()))


def _denied(text: str, match: re.Match[str], ends: list[int]) -> bool:
    """Does the sentence around the code speak of a denial? At most 120 characters to either side are looked at."""
    at = bisect_right(ends, match.start())
    start = max(match.start() - 120, ends[at - 1] if at else 0)
    stop = min(match.end() + 120, ends[at] if at < len(ends) else len(text))
    return bool(_DENIED.search(text, start, stop))
