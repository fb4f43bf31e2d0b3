"""The giving of vaccines: one line for each kind of giving, by payer, route and, for a child, counselling and components.

What is in a syringe (how many components, which kind, which route) stands in the vaccine's record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from consultant.advice.diagnoses.tabular import is_diagnosis
from consultant.advice.sheet import Ruling, Saying, Sheet, spoken
from consultant.codebook import Codebook
from consultant.vocabulary import Source

RULE = Source(
    "cpt-2025-immunisation", "CPT 2025 guidelines (facts only, in our own words)", "2025-01-01", "vaccines and their giving"
)
MEDICARE = Source("cms-claims-manual-18-10", "Medicare Claims Processing Manual, chapter 18", "2025-01-01", "§10.2 and §10.3")

FAMILY = "immunisation-administration"
#: The giving codes that Medicare has of its own, by the kind of vaccine.
OWN = {"flu": "G0008", "pneumococcal": "G0009", "hepatitis b": "G0010"}
GIVING = frozenset({"90460", "90461", "90471", "90472", "90473", "90474", "90480", *OWN.values()})
GROWN_UP = 19
MOST_READ = 12_000  # characters of a letter in which vaccines are looked for by name
_COUNSELLED = re.compile(
    r"\bcounsel|\btalk(?:s|ed)\b.{0,30}\b(?:through|about|over)"
    r"|\b(?:went|goes|gone) (?:over|through)\b.{0,40}\b(?:mom|mother|dad|father|parents?|family)\b"
    r"|\bdiscuss\w{0,4} with (?:the |her |his )?(?:mom|mother|dad|father|parents?|family|teen|girl|boy|patient)\b"
    r"|\b(?:discussed|explained|reviewed) (?:[\w-]+ ){0,3}?by (?:the |our |her |his )?"
    r"(?:doctor|doc|pediatrician|physician|provider|np|pa|md)\b"
    r"|\b(?:doctor|doc|pediatrician|physician|provider|np|pa|dr\.? \w+|s?he)\b(?: \w+){0,2} explained\b",
    re.IGNORECASE,
)
_NURSE = (
    r"(?:(?:rn|lpn|lvn|nurse|medical assistant|ma|cma)\b(?!(?:'s)? practitioner"
    r"|[ ,/]*(?:and|&) (?:the )?(?:np|md|doctor|physician|pa)\b))"
)
#: No counselling, or that of somebody whose counselling earns nothing: a nurse's, but not a nurse practitioner's.
_NOT = re.compile(
    r"\b(?:no|not|without|didn't|did not|never|nobody)\b[^.;]{0,24}\bcounsel\w*|\bnurse[- ]only\b"
    r"|\b(?:no|without)(?: any| further)? (?:talk|discussion|explanation)\b"
    r"|\b(?:nobody|no one|no-one) (?:talked|spoke|explained|discussed|went over|said (?:a word|anything))\b"
    rf"|\b{_NURSE} (?:did (?:all )?(?:the )?|gave |provided |does the )?counsel\w*"
    rf"|\bcounsel\w* (?:was |is )?(?:done |given |provided )?by (?:the |a |an |our )?{_NURSE}"
    r"|\bcounsel\w*[^.;]{0,20}\b(?:earlier|last|previous|prior) (?:visit|time|appointment|week|month)\b",
    re.IGNORECASE,
)
_CHILD = re.compile(
    r"\b(?:child(?:ren)?|bab(?:y|ies)|kids?|infants?|newborn|toddler|teen\w{0,5}|peds?|pediatric\w{0,5}|parents?|mom|mother|wc[cv]"
    r"|well[ -](?:child|baby|check|visit)"
    # beside what is read as an age: "at 4 months", "the 2 month check", "4 year visit"
    r"|at \d{1,2} (?:months?|mos?)|\d{1,2}[- ]?(?:months?|mos?)[- ](?:check|physical)\w*"
    r"|\d{1,2}[- ]?(?:years?|yrs?|months?|mos?)[- ]visit)\b",
    re.IGNORECASE,
)
_PRODUCT = re.compile(r"\bproduct\b|\bvaccine (?:cpt|code)\b|\bcode (?:for|of) the (?:vaccine|shot)\b", re.IGNORECASE)
_GIVEN = re.compile(r"\b(?:admin\w*|giving|counsel\w*|90460|90461|9047[1-4]|G00(?:08|09|10))\b", re.IGNORECASE)
_VACCINE = re.compile(r"\bvaccin\w*|\bimmuni[sz]\w*|\bshots?\b|\bwell[ -](?:child|visit|check|baby)\b", re.IGNORECASE)
#: What is left of "hepatitis a child", "prevnar 13", "hib vaccine".
_BARE = re.compile(
    r"\b(?:vaccin\w*|shots?|booster|adults?|child(?:ren)?|pediatric|newborn|infant|syringe|\d+)\b|\s(?:by mouth|by needle).*",
    re.IGNORECASE,
)
#: A germ or its antibody that is looked for is no vaccine.
_TESTED = (
    r"[\s-]?(?:\w+\s)?(?:like|season|symptoms|positive|negative|clinic|tests?|testing|antigens?|antibod|igm|igg|titers?|swabs?|pcr"
    r"|screen|dna|infection|exposure|genotyp)"
)
#: Of a vaccine that is swallowed or injected: "both IM".
_INJECTED = re.compile(r"\binject(?:ed|able)\b|\bim\b|\bintramuscular|\bby needle\b", re.IGNORECASE)
#: "Td, not Tdap": the other one was not given.
_NOT_IT = r"(?<!\bnot )(?<!\bno )(?<!\binstead of )(?<!\brather than )"
_NOT_GIVEN = re.compile(r"\b(?:refus|declin)\w*|\bnot given\b|\bno shots?\b|\bdid not (?:get|give|receive)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dose:
    """One vaccine that was given: its kind as Medicare sorts it, its components, and whether a needle gave it."""

    kind: str
    components: int = 1
    needle: bool = True


def vaccines_rule(sheet: Sheet) -> Ruling:
    """The giving codes and units of all vaccines of the letter, where it tells who pays or that it is a child's visit."""
    text = sheet.findings.question.text
    products = _products(sheet)
    doses = [*products.values(), *_unnamed(sheet, products)]
    asked = bool(_GIVEN.search(text) or GIVING & set(sheet.lines))
    if not doses or _NOT_GIVEN.search(text) or (_PRODUCT.search(text) and not asked) or _only_diagnoses(sheet):
        return Ruling()
    nursed = _NOT.search(text)
    counselled = bool(_COUNSELLED.search(text)) and not nursed
    age = next((float(f.value) for f in sheet.facts("age")), None)
    child = age < GROWN_UP if age is not None else bool(_CHILD.search(text))
    payer = sheet.findings.question.payer or ("medicare" if set(OWN.values()) & set(sheet.lines) else "")
    if payer.startswith("medicare"):
        units = _own_codes(doses)
    elif child and nursed and _COUNSELLED.search(_NOT.sub("", text)) and len(doses) > 1:
        units = _partly(sheet, products, doses, nursed.start())
    elif counselled and child:
        units = _by_component(doses)
    elif payer or child or age is not None or len(doses) > 1 or counselled:
        units = _by_needle(doses)
    else:
        return Ruling()
    if not payer and not child and {dose.kind for dose in doses} <= {*OWN, "covid"}:
        return Ruling()  # who pays decides
    ruled = {code for card in sheet.cards for code in card.report} - ({"90460", "90461"} if nursed else set())
    wrong = tuple(code for code in sheet.lines if code in GIVING and code not in units and code not in ruled)
    return Ruling(
        (*products, *units),
        withdraw=wrong,
        units=units,
        sayings=_said(units, doses, payer),
        counts="90460" in units and len(doses) > 1,
    )


def _only_diagnoses(sheet: Sheet) -> bool:
    """ "Well check, first shot given. Diagnosis codes in order?" wants no giving: all that is found so far are diagnoses."""
    asked = "diagnosis code" in sheet.asked and "procedure code" not in sheet.asked
    return asked and bool(sheet.lines) and all(is_diagnosis(sheet, code) for code in sheet.lines)


def _products(sheet: Sheet) -> dict[str, Dose]:
    """The vaccines of the answer's lines, and those that the letter calls by a word of their own: "high dose flu" hides "flu"."""
    words = {c.code: [e.record for e in c.evidence if e.kind == "keyword"] for c in sheet.candidates("keyword")}
    said = [phrase for phrases in words.values() for phrase in phrases]
    told = [c for c, phrases in words.items() if any(not any(p != other and p in other for other in said) for p in phrases)]
    records = {code: sheet.book.starter(code) for code in dict.fromkeys((*sheet.lines, *told))}
    return {
        code: Dose(str(record.facts["vaccine"]), int(record.facts["components"]), "route" not in record.facts)
        for code, record in records.items()
        if record and "components" in record.facts
    }


def _unnamed(sheet: Sheet, products: Mapping[str, Dose]) -> list[Dose]:
    """The vaccines that the letter names without a product: by their own names, then by their kinds."""
    told = next((facts for family, facts in sheet.families if family.id == FAMILY), {})
    found = list(products.values())
    named = _by_name(sheet, products) if found or told or _VACCINE.search(sheet.findings.question.text) else []
    said = [kind for kind in told.get("vaccine", "").split("|") if kind]
    # "Flu" names no product: where the family has it, it knows by which way it was given.
    met = {one.kind for one in found} | ({"flu"} & {*said})
    named = [dose for dose in named if dose.kind == "other" or dose.kind not in met]
    known = {dose.kind for dose in (*found, *named)}
    needle = told.get("route", "needle") == "needle"
    kinds = [kind for kind in said if kind not in known]
    return [*named, *(Dose(kind, needle=needle or kind != "flu") for kind in kinds)]


def _by_name(sheet: Sheet, products: Mapping[str, Dose]) -> list[Dose]:
    """A dose for each vaccine that is named as its records are, but for brand, age or number of doses: "rotavirus", "Prevnar"."""
    text = sheet.findings.question.text[:MOST_READ].lower()
    given = [c for c in sheet.findings.candidates if c.code in products]
    taken = [(span.start, span.end) for c in given for span in c.spans_of()]
    # What somebody only asked about was not given.
    taken += [(f.span.start, f.span.end) for f in sheet.facts("courtesy") if f.span.where == "text"]
    found: dict[str, Dose] = {}
    for name, codes, dose in _names(sheet.book):
        if not products.keys().isdisjoint(codes):
            continue  # another product of the same name is on a line: that is the one
        places = _places(name, text)
        free = [(first, last) for first, last in places if not any(start < last and first < end for start, end in taken)]
        if free:
            found.setdefault(codes[0], replace(dose, needle=True) if not dose.needle and _INJECTED.search(text) else dose)
            taken += free
    return [*found.values()]


def _places(name: str, text: str) -> list[tuple[int, int]]:
    """Where a vaccine is called by a name. A letter calls one or two of 200: only theirs become patterns."""
    if name not in text:
        return []
    return [match.span() for match in re.finditer(rf"{_NOT_IT}\b{re.escape(name)}\b(?!{_TESTED})", text)]


@lru_cache(maxsize=4)
def _names(book: Codebook) -> tuple[tuple[str, list[str], Dose], ...]:
    """(bare name, codes that have it, dose of the one of fewest components, which is the first); longer names first."""
    names: dict[str, tuple[list[str], Dose]] = {}
    codes = dict.fromkeys(code for _, code in book.keywords() if code.startswith(("903", "905", "906", "907", "913")))
    records = [record for code in codes if (record := book.starter(code)) and "components" in record.facts]
    for record in sorted(records, key=lambda one: (int(one.facts["components"]), one.code)):
        dose = Dose(str(record.facts["vaccine"]), int(record.facts["components"]), "route" not in record.facts)
        for words in (record.title.lower().partition(" vaccine")[0], *record.keywords):
            name = _BARE.sub("", words).strip()
            if 3 < len(name) < 20 or name in ("flu", "hpv", "hib", "rsv", "mmr"):
                names.setdefault(name, ([], dose))[0].append(record.code)
    longest = sorted(names.items(), key=lambda item: -len(item[0]))
    return tuple((name, codes, dose) for name, (codes, dose) in longest)


def _own_codes(doses: list[Dose]) -> dict[str, int]:
    """Medicare: a code for each of three kinds, the general ones for the rest."""
    units = dict.fromkeys((OWN[dose.kind] for dose in doses if dose.kind in OWN), 1)
    return units | _by_needle([dose for dose in doses if dose.kind not in OWN])


def _by_component(doses: list[Dose]) -> dict[str, int]:
    """A counselled child: each vaccine once, each further component once more."""
    counted = [dose for dose in doses if dose.kind != "covid"]
    units = {"90460": len(counted), "90461": sum(dose.components - 1 for dose in counted)} | _covid(doses)
    return {code: n for code, n in units.items() if n}


def _partly(sheet: Sheet, products: dict[str, Dose], doses: list[Dose], place: int) -> dict[str, int]:
    """One vaccine of several without counselling, the one told last before `place`: beside 90460 it is a further one, 90472."""
    text = sheet.findings.question.text.lower()
    words = {
        c.code: min(e.spans[0].start for e in c.evidence if e.spans) for c in sheet.findings.candidates if c.code in products
    }
    for name, codes, _ in _names(sheet.book):  # a family's words ("gave") stand elsewhere than the vaccine
        words |= {code: places[0][0] for code in codes if code in products and (places := _places(name, text))}
    at = [(words.get(code, len(text)), dose) for code, dose in products.items()]
    at += [(text.find(dose.kind[:3]), dose) for dose in doses if dose not in products.values()]
    before = [pair for pair in at if 0 <= pair[0] < place]
    alone = max(before or at, key=lambda pair: pair[0])[1]
    units = _by_component([dose for dose in doses if dose is not alone])
    return units | {"90472" if alone.needle else "90474": 1}


def _by_needle(doses: list[Dose]) -> dict[str, int]:
    """The first of the day and each further one, by needle or by nose and mouth; a needle comes first."""
    counted = [dose for dose in doses if dose.kind != "covid"]
    needles = Counter(dose.needle for dose in counted)
    units = {
        "90471": min(1, needles[True]),
        "90472": max(0, needles[True] - 1),
        "90473": 0 if needles[True] else min(1, needles[False]),
        "90474": needles[False] - (0 if needles[True] else min(1, needles[False])),
    }
    return {code: n for code, n in (units | _covid(doses)).items() if n}


def _covid(doses: list[Dose]) -> dict[str, int]:
    return {"90480": sum(dose.kind == "covid" for dose in doses)}


def _said(units: dict[str, int], doses: list[Dose], payer: str) -> tuple[Saying, ...]:
    listed = spoken(f"{code} × {n}" for code, n in units.items())
    text = f"Giving {len(doses)} vaccine{'s' if len(doses) > 1 else ''}: {listed}."
    if "90461" in units:
        parts = " + ".join(str(dose.components) for dose in doses if dose.kind != "covid")
        text += f" Components: {parts}; the first of each is in 90460."
    said = [Saying("why", text, (MEDICARE if payer.startswith("medicare") else RULE,))]
    if not payer and not set(OWN.values()) & set(units) and {dose.kind for dose in doses} & set(OWN):
        kinds = spoken(f"{OWN[kind]} for {kind}" for kind in OWN if kind in {dose.kind for dose in doses})
        said.append(Saying("change", f"Medicare has its own giving codes: {kinds}.", (MEDICARE,)))
    return tuple(said)
