"""Work of the pathologist on several specimens: frozen blocks, germ stains and antibodies, counted for each specimen anew."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re

from consultant.advice.sheet import Ruling, Saying, Sheet
from consultant.vocabulary import MORE, Source

RULE = Source(
    "ncci-manual-10", "NCCI Policy Manual for Medicare Services, 2025", "2025-01-01", "chapter 10, pathology: units of service"
)
_LEVEL = re.compile(r"8830[024579]")  # a specimen under the microscope, by its level
TISSUE = "surgical-pathology"  # the family of levels by specimen
_JAR = re.compile(r"\b(?:jar|container|bottle|cup)\b", re.IGNORECASE)
_OWN_JAR = re.compile(
    r"\b(?:own|separate(?:ly)?|different|individual|apart) ?(?:labell?ed )?(?:jar|container|bottle|cup|specimen)?s?\b",
    re.IGNORECASE,
)
_ONE_JAR = re.compile(r"\b(?:one|same|single|that one|1) (?:jar|container|bottle|cup)\b|\btogether in\b", re.IGNORECASE)
#: "A polyp in one jar, another one in the other": two of them.
_ONE_AND_OTHER = re.compile(
    r"\b(?:one|first) (?:jar|container|bottle|cup)\b[^.?!]{1,90}\b(?:in|and) (?:the other|another|the second|a second)\b"
    r"(?! (?:polyp|biopsy|piece|fragment)s? (?:in|from|of|on|too|also)\b)",
    re.IGNORECASE,
)
FROZEN = ("88331", "88332")
GERMS, ANTIBODY, FURTHER = "88312", "88342", "88341"
_EACH = re.compile(r"\b(?:each|both|every|apiece)\b", re.IGNORECASE)
_PIECE = r"(?:specimen|part|piece|margin|node|site|biopsy|jar|edge|lesion|side)"
_WHICH = r"(?:first|second|third|fourth|other|another|left|right|upper|lower|superior|inferior|medial|lateral|anterior|posterior|deep|next)"
_NAME = r"(?:#? ?\d|[a-h])\b(?!')"
#: "two tissue blocks from the first one and one block from the second", "one from the other", "2 from margin A".
_FROM = re.compile(
    rf"(?: (?:tissue )?blocks?)?\s(?:from|of|on|in|for) (?:the )?(?:{_WHICH}\b(?!-)|{_PIECE} {_NAME}|(?-i:[A-H])\b)",
    re.IGNORECASE,
)
#: "Specimen A two blocks and specimen B one".
_OF_PIECE = re.compile(rf"\b{_PIECE} {_NAME}\W{{0,3}}(?:had |has |got |with |was )?$", re.IGNORECASE)
#: Antibodies by their names; those of breast cancer are counted by eye or machine and have codes of their own.
_NAMED_ANTIBODY = re.compile(
    r"\b(?:ck ?-?\d{1,2}(?:/\d{1,2})?|ttf-?1|p(?:16|40|53|63|504s|120)|cd ?-?\d{1,3}[a-z]?|ki-?67|s-?100|sox-?(?:10|11|2)|melan-?a|mart-?1|hmb-?45|gata-?3"
    r"|pax-?[258]|cdx-?2|napsin(?:[ -]a)?|synaptophysin|chromogranin|insm-?1|vimentin|desmin|calretinin|wt-?1|mlh-?1|msh-?[26]|pms-?2|pd-?l1"
    r"|psa|nkx3\.?1|amacr|ae1/(?:ae)?3|d2-?40|ema|cea|afp|hepar-?1|arginase|glypican(?:-3)?|bcl-?[26]|cyclin d1|sma|inhibin|mammaglobin"
    r"|gcdfp(?:-15)?|e-cadherin|erg|dog-?1|c-?kit|myogenin|stat6|h(?:\.|elicobacter) ?pylori|cmv|hsv|hhv-?8|moc-?31|ber-?ep4|pancytokeratin"
    r"|prame|bap-?1|kappa|lambda|tdt|mum-?1|factor xiiia|hpv p16)\b",
    re.IGNORECASE,
)
_GERM_STAINS = re.compile(
    r"\b(?:gms|grocott|afb|acid[- ]fast|gram|giemsa|warthin|fite|ziehl|brown"
    r"|pas(?=[- ]?f| (?:stain )?for fung| to look for fung))\b",
    re.IGNORECASE,
)
#: "Acid-fast done on 4 of them": the blocks that one stain was done on.
_ON = re.compile(r"[^.;,]{0,24}\bon (?:the )?", re.IGNORECASE)
#: "A stain on the back one", "on only one of them": not on all that the letter counts.
_ON_ONE = re.compile(
    r"\bstain\w*\b[^.;]{0,40}?\b(?:on|of|for) (?:only |just )?(?:(?:the|that) (?:(?!two\b|three\b|four\b)[\w-]+ ){0,2}?)?"
    r"(?:one|specimen|jar|biopsy|bx|piece|block)\b",
    re.IGNORECASE,
)
_SPECIMENS = ("specimen", "biops", "part")
_TISSUES = ("biops", "polyp", "mole", "lesion", "cyst", "tag", "nodule")  # each of them a specimen, in a jar of its own
_ANTIBODIES = ("antibod", "stain")


def slides_rule(sheet: Sheet) -> Ruling:
    """Units of frozen blocks, of germ stains and of antibodies for a letter that counts its specimens."""
    specimens = _count(sheet, _SPECIMENS, untold=1)
    if {*FROZEN} & {*sheet.lines}:
        from_each = _from_each(sheet)
        if specimens > 1 or len(from_each) > 1:
            return _frozen(sheet, specimens if specimens > 1 else len(from_each), from_each)
    stained_ones = _count(sheet, (*_SPECIMENS, *_TISSUES), untold=1)
    each = stained_ones if _EACH.search(sheet.findings.question.text) else 1
    kinds = len(_kinds(sheet))
    if GERMS in sheet.lines and kinds and (stained := _stained(sheet, kinds, each)) > 1:
        return _counted({GERMS: stained}, f"Each stain for germs counts once for each specimen or block: {stained}.")
    if GERMS in sheet.lines and specimens > 1 and each == 1 and _ON_ONE.search(sheet.findings.question.text):
        return _counted({GERMS: kinds or 1}, "The stain was done on one of the specimens: it counts there only.")
    antibodies = _antibodies(sheet, each) if ANTIBODY in sheet.lines else 0
    if antibodies:
        rest = each * (antibodies - 1)
        text = f"Each specimen begins anew with {ANTIBODY}, its further antibodies are {FURTHER}: {each} and {rest}."
        return _counted({ANTIBODY: each} | ({FURTHER: rest} if rest else {}), text)
    return _same_antibody(sheet, specimens) or _cut_up(sheet) or _jars(sheet)


def _antibodies(sheet: Sheet, each: int) -> int:
    """How many antibodies the letter counts or names; 0 where one specimen has them and they are not all named."""
    names = _names(sheet)
    antibodies = _count(sheet, _ANTIBODIES) or names
    return antibodies if each > 1 or antibodies == names > 1 else 0


def _same_antibody(sheet: Sheet, specimens: int) -> Ruling | None:
    """One antibody on several blocks of one specimen is one unit, and nothing is a further antibody."""
    cut = any(blocks > 1 for blocks in _blocks(sheet))
    if (
        not {ANTIBODY, FURTHER} <= {*sheet.lines}
        or not cut
        or specimens > 1
        or _names(sheet) != 1
        or _count(sheet, _ANTIBODIES) > 1
    ):
        return None
    why = Saying("why", "The same antibody on more blocks of one specimen is no further unit.", (RULE,))
    return Ruling((ANTIBODY,), units={ANTIBODY: 1}, hold=(FURTHER,), sayings=(why,), counts=True)


def _names(sheet: Sheet) -> int:
    return len({re.sub(r"\W", "", m.group().lower()) for m in _NAMED_ANTIBODY.finditer(sheet.findings.question.text)})


def _cut_up(sheet: Sheet) -> Ruling | None:
    """The one unit of a specimen that is cut into blocks or slides; None where several are told, or several levels stand."""
    levels = [code for code in sheet.lines if _LEVEL.fullmatch(code)]
    cut = [fact for fact in sheet.facts("count") if fact.span.label.startswith(("block", "slide", "cassette"))]
    several = [
        f for f in sheet.facts("count") if f.span.label.startswith((*_SPECIMENS, *_TISSUES, "core")) and float(f.value) > 1
    ]
    if len(levels) != 1 or not cut or several or _JAR.search(sheet.findings.question.text):
        return None
    return _counted({levels[0]: 1}, "The unit is the specimen: its blocks and slides are inside.")


def _jars(sheet: Sheet) -> Ruling:
    """Specimens that are named one after the other, each in a jar of its own, are counted by their jars or by their names."""
    text = sheet.findings.question.text
    match = next((m for m in sheet.findings.matches if m.id == TISSUE), None)
    family = next((family for family, _ in sheet.families if family.id == TISSUE), None)
    levels = [row.code for row in family.row if row.code in sheet.lines] if family else []
    if not match or not family or len(set(levels)) != 1:
        return Ruling()
    counted = [int(float(f.value)) for f in sheet.facts("count") if f.span.label.startswith(_TISSUES)]
    if _ONE_AND_OTHER.search(text) and len(counted) < 2:
        return _counted({str(levels[0]): 2}, "What lies in one jar and what lies in the other are a unit each: 2.")
    if len(counted) > 1 and _OWN_JAR.search(text) and not _ONE_JAR.search(text):
        total = sum(counted)
        return _counted({str(levels[0]): total}, f"Each specimen with a jar and a label of its own is one unit: {total}.")
    if _count(sheet, (*_SPECIMENS, "core")) > 1:
        return Ruling()
    names = {word.lower().rstrip("s") for word in match.words} & {word.rstrip("s*") for word in family.value_words}
    number = max(len(_JAR.findall(text)), len(names) if _OWN_JAR.search(text) else 0)
    if number < 2 or _ONE_JAR.search(text):
        return Ruling()
    return _counted({str(levels[0]): number}, f"Each specimen with a jar and a label of its own is one unit: {number}.")


def _from_each(sheet: Sheet) -> list[int]:
    """The blocks that the letter gives to one specimen after the other: "2 from margin A and 1 from B"."""
    text = sheet.findings.question.text
    told = [f for f in (*sheet.facts("count"), *sheet.facts("number")) if f.span.where == "text"]
    told = [f for f in told if f.span.label.startswith("block") or f.span.label == MORE or f.dimension == "number"]
    of_one = [f for f in told if _FROM.match(text, f.span.end) or _OF_PIECE.search(text, max(0, f.span.start - 24), f.span.start)]
    return [int(float(f.value)) for f in {f.span.start: f for f in of_one}.values()]


def _frozen(sheet: Sheet, specimens: int, from_each: list[int]) -> Ruling:
    blocks = sum(from_each) if len(from_each) == specimens else _total(sheet, specimens)
    if blocks < specimens:
        return Ruling()
    first, further = FROZEN
    rest = blocks - specimens
    why = f"The first block of each specimen is {first}, {specimens}; each further block of it {further}, {rest}."
    ruling = _counted({first: specimens, **({further: rest} if rest else {})}, why)
    return ruling if rest else Ruling(ruling.report, withdraw=(further,), units=ruling.units, sayings=ruling.sayings, counts=True)


def _total(sheet: Sheet, specimens: int) -> int:
    """All blocks: told for each specimen, or one after the other; a letter without blocks has one of each."""
    blocks = _blocks(sheet)
    if not blocks:
        return specimens
    return specimens * blocks[0] if len(blocks) == 1 and _EACH.search(sheet.findings.question.text) else sum(blocks)


def _stained(sheet: Sheet, kinds: int, each: int) -> int:
    """Stains for germs: those told of each kind, those of each block where blocks are counted, else the kinds of each specimen."""
    told = [on for stain in _GERM_STAINS.finditer(sheet.findings.question.text) if (on := _on(sheet, stain.end()))]
    if len(told) == kinds > 1:
        return sum(told)
    blocks = _blocks(sheet)
    return kinds * each if not blocks else sum(blocks) if len(blocks) > 1 else kinds * blocks[0]


def _on(sheet: Sheet, place: int) -> int:
    """The number of blocks that a stain at the place was done on; 0 where none is told."""
    text = sheet.findings.question.text
    told = (f for f in (*sheet.facts("count"), *sheet.facts("number")) if f.span.where == "text" and f.span.start >= place)
    return next((int(float(f.value)) for f in told if _ON.fullmatch(text, place, f.span.start)), 0)


def _blocks(sheet: Sheet) -> list[int]:
    return [int(float(f.value)) for f in sheet.facts("count") if f.span.label.startswith("block")]


def _kinds(sheet: Sheet) -> set[str]:
    return {match.group().lower()[:4] for match in _GERM_STAINS.finditer(sheet.findings.question.text)}


def _count(sheet: Sheet, nouns: tuple[str, ...], untold: int = 0) -> int:
    """How many of these things the letter counts; `untold` where it counts none."""
    told = [int(float(f.value)) for f in sheet.facts("count") if f.span.label.startswith(nouns)]
    return told[0] if told else untold


def _counted(units: dict[str, int], why: str) -> Ruling:
    return Ruling(tuple(units), units=units, sayings=(Saying("why", why, (RULE,)),), counts=True)
