"""Who pays, when, on which side, where, and whether the patient is new: the circumstances that are said in words."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice

from consultant.question.far_side import far_side
from consultant.question.periods import MONTH, number_of, period_of_service
from consultant.vocabulary import Fact, Span, vertebra

_MAX = 40
#: "Right handed", "left hand dominant": the hand that somebody writes with is no side of what ails them.
#: "ORIF bimalleolar fracture right": behind one of these a bare word at the end of a clause is a side.
_SIDED = """
fracture fx orif tka tha knee hip ankle wrist shoulder elbow foot hand eye ear breast tunnel release injection arthroplasty replacement repair
arthroscopy scope mastectomy lumpectomy hernia cataract kidney ureter femur tibia fibula humerus radius ulna clavicle hydrocele"""
_BEHIND_SIDED = "|".join(rf"(?<=\b{word} )" for word in _SIDED.split())
#: "Pus out, drain left", "a double-J left inside", "what was left of it": what stays or remains is no side.
STAYED_IN = (
    r"(?!(?:(?<=\bdrain )|(?<=\bpacking )|(?<=\bwick )|(?<=\bgauze ))left(?:[,.;)]|$| and\b| for\b)"
    r"|(?:(?<=\bwhat was )|(?<=\bwhat is )|(?<=\bwhat's )|(?<=\bnothing )|(?<=\bnone ))left\b"
    r"|left (?:inside(?=[,.;)]|$| at\b| when\b| after\b)|indwelling\b|in place\b|to (?:heal|drain|granulate)\b))"
)
_NO_HANDEDNESS = r"(?!(?:right|left|rt|lt|r|l)[ -]hand(?:ed|er|edness|[ -]domin))"
#: What belongs to ears.
_EAR_WORDS = (
    r"(?:cerumen|wax|ears?|earwax|tympan\w+|myringo\w+|otitis|otorrh\w+|otalgia|aom|ome|pe tubes?|tm|drums?|canal|audio\w+)"
)
#: What belongs to eyes.
_EYE_WORDS = r"(?:cataract\w*|eyes?|iol|lens|vitr\w+|intravitreal|retin\w+|macula\w*|cornea\w*|glaucoma|conjunctiv\w+|lids?|eyelids?|yag|pterygium)"
#: "Both" with what there are two of.
BOTH_PARTS = (
    r"both (?:(?:lower|upper|si|sacroiliac|facet|tmj|hip|knee|shoulder|maxillary|cheek|ethmoid|frontal|sphenoid|carpal|cubital|tarsal|femoral"
    r"|carotid|renal|iliac|radial|vertebral|undescended) )?(?:sides|joints|knees|eyes|ears|hips|shoulders|feet|hands|legs|arms|forearms|calves|shins"
    r"|cheeks|lids|eyelids|subacromial (?:spaces|bursas|bursae)|nipples|testes|testicles|ovaries|tubes|lungs|extremities|limbs|breasts|wrists|ankles|elbows|eardrums|nostrils"
    r"|kidneys|ureters|thighs|groins|heels|tunnels|sinuses|antra|sphenoids|arteries|carotids|jaws|temples|armpits|axillae|axillas|mastoids|turbinates|corneas|retinas|palms|soles|buttocks|patellas|kneecaps"
    r"|(?:tissue |breast )?expanders|breast implants)"
)
#: "In each knee": both.
_ONE_OF_TWO = r"(?:knee|shoulder|subacromial (?:space|bursa)|hip|eye|ear|wrist|ankle|elbow|hand|foot|arm|leg|thigh|breast|heel|ureter|kidney|groin|nostril)"
#: "Taken out on each side", but no "2 mm of margin on each side".
_DONE = r"(?:done|performed|excised|removed|repaired|injected|released|operated|placed|taken (?:out|off)|cut out|put in)"
#: "The OD" is an optometrist.
_NO_PERSON = r"(?<!\bthe )(?<!\ban )(?<!\bour )(?<!\bby )(?<!\blocal )"

#: What somebody comes with who comes with something else than what was operated on.
_ELSE = (
    r"(?=[^?\n]{0,160}\b(?:(?:new|other|another|different|unrelated|opposite|separate) (?!(?:hip|knee|valve|lens|joint)\b(?! (?:pain|injury|problem|complaint))|doctor|surgeon|group|practice)[a-z]+"
    r"|now (?:his|her) [a-z]+ |something else|nothing to do|lump|gout|(?:back|neck|chest|heel) pain|headaches?|rash|cough|sore throat|bronchitis|uti)\b)"
)
#: "Six weeks after our surgeon fixed her hernia she is back with a new lump": known to those who operated.
_AFTER_OURS = (
    rf"\b(?:days?|weeks?|wks?|months?|mos?) (?:after|since|out from|out of|following|from) [^.?!\n]{{0,50}}?\b(?:we|us|our (?:own )?(?:surgeon|doctor|doc|ortho\w{{0,9}}|group|partner))\b{_ELSE}"
    rf"|\b(?:by|with|from) (?:us|our surgeon) (?:\w+ )?(?:\w+ )?(?:days?|weeks?|wks?|months?|mos?) ago\b{_ELSE}"
    rf"|\b(?:came|comes|back|returns?|returned|seen) (?:again )?(?:to|by) (?:the|her|his) same (?:surgeon|doctor|ortho\w{{0,9}})\b{_ELSE}"
)
_SAID: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (dimension, value, re.compile(pattern, re.IGNORECASE))
    for dimension, value, pattern in (
        ("payer", "commercial", r"\b(?:commercial(?:ly)?|non[- ]?medicare|(?:(?:is|was|has|have) )?(?:not|no)(?: an?| on| under)? medicare(?!'s| (?:edit|rule|fee|policy|code|limit|approval))|private(?:ly)?[ -](?:insur\w{1,4}|plan|pay\w{0,2})|aetna|cigna|anthem|bcbs\w{0,3}|blue cross|uhc|united ?health\w{0,4}|humana)\b"),
        ("payer", "medicaid", r"\b(?:medicaid|mcaid|mdcd|m.caid|medi-cal|medi-caid|chip program)\b"),
        ("payer", "medicare", r"(?<!non-)(?<!non )(?<!not )(?<!no )(?<!not a )(?<!not on )(?<!not under )\b(?:medicare(?! adv)|mcare|m.care|mcr(?! adv)|cms|mac|part b|noridian|novitas|palmetto|ngs|first coast)\b"),
        ("payer", "medicare advantage", r"\b(?:(?:medicare|mcr) adv\w{0,8}|ma plan|part c)\b"),
        ("payer", "tricare", r"\b(?:tricare|champva)\b"),
        ("payer", "workers compensation", r"\b(?:work(?:er|man)?'?s?'? comp\w{0,9}|comp (?:case|claim|carrier|insur\w{1,4}|patient|pt|visit|injury|adjuster|payer|board)s?)\b"),
        ("side", "bilateral", rf"\b(?:bilat(?:eral(?:ly)?)?\b|b/l\b|(?<!code )(?<!bill )(?<!report ){BOTH_PARTS}|each {_ONE_OF_TWO}|{_DONE} on each side)\b"),
        ("side", "left", _NO_HANDEDNESS + STAYED_IN + r"(?<!\bis )(?<!\bare )(?<!\bleg )(?<!\blimb )(?<!\bkidney )(?<!\blung )(?<!\bhas )(?<!\bstill )\b(?:left|lt|l(?= (?:side|knee|hip|shoulder|eye|ear|foot|ankle|wrist|hand|arm|leg|breast|elbow|thumb|palm|sole|calf|heel|groin|thigh|shin|forearm|buttock|toe|finger))|(?<=on the )l(?![/.:-]?\w)|(?-i:L(?=: ))|l side)\b(?!\s(?:the|over|without|against|ama|off|it|us|in\b|behind|alone|untouched|open\b|ventric))"),
        ("side", "right", _NO_HANDEDNESS + r"\b(?:(?:right|rt|r) (?=(?:side|knee|eye|ear|hip|shoulder|foot|hand|leg|arm|breast|wrist|ankle|elbow|heel|sole|palm|shin|thigh|forearm|finger|thumb|toe|lung|kidney|upper|lower|and left|cornea|lid|eyelid|cataract|carotid|breast|testis|testicle|ovary|tube|ureter|ureteral|renal|nostril|lobe|calf|groin|inguinal|hemi\w+|great|main|vocal|femoral|iliac|subclavian|jugular|bundle|chest|neck|face|cheek|pleural|thyroid|nephr\w+|buttock|axilla|toe|distal|proximal|great|carpal|trigger|tarsal|rotator|port|picc|tunnel\w*))|(?:(?<=limited )|(?<=complete ))(?:right|rt)(?=[.,;:)]|$)|r side\b|(?<=on the )r\b(?![/.:-]?\w)|(?-i:\bR(?=: ))|\b(?:right|rt)(?= ?: )|(?<=on the )right\b(?! (?:track|code|side|way|path|day|date|claim|line|form|page|modifier))"
                                  rf"|(?:{_BEHIND_SIDED})(?:right|rt)(?=[.,;:)]|$|\s(?:today|closed|open|in|with|by|side|and)\b))"),
        ("side", "left", r"(?<=\bon the )left(?= in (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|early|mid|late|20\d\d))"),
        # Ears and eyes in Latin, in capitals beside what belongs to them: "as" and "ad" are other words elsewhere.
        *(
            ("side", side, rf"\b{words}\b[^.?!\n]{{0,30}}{_NO_PERSON}(?-i:\b{sign}\b)|{_NO_PERSON}(?-i:\b{sign}\b)(?=[^.?!\n]{{0,30}}\b{words}\b)")
            for words, signs in ((_EAR_WORDS, ("AS", "AD", "AU")), (_EYE_WORDS, ("OS", "OD", "OU")))
            for sign, side in zip(signs, ("left", "right", "bilateral"), strict=True)
        ),
        ("patient", "new", r"\bnew (?:(?:ob|ortho|gyn|peds|derm|er|office) )?(?:patient|pt)s?\b|\bnever (?:been )?seen\b"),
        ("patient", "established", r"\b(?:estab\w{0,6}\.?|est\.?|existing|returning) (?:patient|pt)s?\b|\bfollow[ -]?up\b|\bknown to (?:us|me|him|her|the (?:practice|office|clinic)|our (?:practice|office|clinic))\b|\bsame surgeon (?:now )?(?:sees|saw)\b|" + _AFTER_OURS),
        ("setting", "office", r"\b(?:in (?:the|our|my) office|office visit|outpatient clinic)\b"),
        ("setting", "emergency", r"\b(?:emergency (?:room|department|dept)|in (?:the )?ed\b|ed (?:visit|doc\w{0,3}|physician|provider|pt|patient|group)\b|\ber\b)"),
        ("setting", "hospital", r"\b(?:in (?:the|a) hospital|inpatient|inpt|admitted|hospital outpatient|hosp(?:ital)? op|hopd)\b"),
        ("setting", "home", r"\b(?:home (?:health|visit|care)|at home)\b"),
        ("setting", "telehealth", r"\b(?:tele-?(?:health|medicine|visit)|live video|video visit|audio[- ]only)\b"),
        ("age_group", "infant", r"\b(?:infant|newborn|neonate|baby)\b"),
        ("age_group", "child", r"\b(?:child|pediatric|paediatric|toddler|teen\w{0,6}|adolescent)\b"),
        ("age_group", "adult", r"\b(?:adult|elderly|senior)\b"),
        ("occasion", "same day", r"\bsame[ -]day\b|\bsame date\b"),
        ("occasion", "same session", r"\bsame (?:session|visit|encounter|operative session|time|minutes)\b|\bin one (?:session|visit)\b"),
        ("occasion", "different session", r"\b(?:different|separate|another) (?:session|encounter|visit|time)\b|\blater (?:the|that) (?:same )?day\b"),
        ("occasion", "global period", r"\b(?:global(?: period| package)?|post-?op(?:erative)?)\b"),
        ("icd9", "named", r"\bicd-?\s?9\b"),
    )
)  # fmt: skip
_ICD9_CODE = re.compile(r"(?<![\w.$])(?:\d{3}\.\d{1,2}|V\d{2}\.\d{1,2}|E\d{3}\.\d)(?![\w.])")
_CONVERT = re.compile(r"\b(?:icd-?\s?9|gems?|convert|crosswalk|equivalent|old code)\b", re.IGNORECASE)
_LEVEL = re.compile(
    r"\b(?P<a>[CTLS]\d{1,2})(?:\s?[-–/]\s?(?P<b>[CTLS]?\d{1,2})|\s(?:to|through|thru|down to)\s(?P<c>[CTLS]\d{1,2}))\b",
    re.IGNORECASE,
)

#: One vertebra or root by itself: "T12 and L1".
_VERTEBRA = re.compile(
    r"(?<![\w./-])(?<!to )(?<!through )(?<!thru )(?:C[1-8]|T(?:1[0-2]|[1-9])|L[1-5]|S[1-5])(?![\w/-]|\.\d|\s?[-–]\s?[CTLS]?\d|\s(?:to|through|thru|down to)\s[CTLS]\d)"
)

_DATE = re.compile(
    rf"(?<![\w.$/-])(?:(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)|(?P<m2>\d{{1,2}})/(?P<d2>\d{{1,2}})(?:/(?P<y2>\d{{2}}(?:\d{{2}})?))?"
    rf"|(?P<name>{MONTH})\.?\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<y3>(?:19|20)\d\d))?|(?P<d4>\d{{1,2}})\s(?P<name4>{MONTH})\.?\s(?P<y4>(?:19|20)\d\d))(?![\w/-])",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"\b(?:dos|date of service|date\(s\) of service|service date|performed|seen|done|visit|surgery|procedure|discharged?|admitted)\b[^.\n]{0,24}$",
    re.IGNORECASE,
)
#: "Discharged on 10/5, called 10/6, seen 10/11": day by day of a stay and what came of it, each behind what was done then.
_ON_DAYS = re.compile(
    r"\b(?:(?P<stay>discharged?|dc'?d?|d/c'?d?|admit\w{0,4}|released|went home)|called|call|contact\w{0,3}|phoned|reached|seen|saw|visit|came in|f/u|follow-up)"
    r"\b[^.;\n\d]{0,30}$",
    re.IGNORECASE,
)
_GLOBAL = re.compile(r"\bglobal\b", re.IGNORECASE)
#: The label of a payer with which the one of the letter is compared.
COMPARED = "compared"
_BESIDE = re.compile(r"\b(?:like|unlike|than|same as) (?:(?:for|with|on|the|our|your|my|all|other|do) ){0,3}$", re.IGNORECASE)
_EYE_SIGN = re.compile(r"\bO[SDU]\b")
_YEAR = re.compile(r"\b(?:in|for|during|of|a|cy|year)\s?(?P<y>20[0-4]\d)\b(?![-/])", re.IGNORECASE)


def read_circumstances(text: str) -> list[Fact]:
    """Payer, side, patient, setting, occasion, age group, spinal levels, vertebrae and ICD-9 codes, each with its place."""
    found = [
        Fact(d, v, Span(*m.span(), m.group(), COMPARED if d == "payer" and _held_beside(text, m.start()) else ""))
        for d, v, p in _SAID
        for m in islice(p.finditer(text), _MAX)
    ]
    if _GLOBAL.search(text):  # there the one eye is of then, the other of now
        found = [fact for fact in found if fact.dimension != "side" or not _EYE_SIGN.search(fact.span.text)]
    found += [
        Fact(
            "spine_level",
            f"{m['a']}-{m['b'] or m['c']}".upper(),
            Span(*m.span(), m.group(), _interspaces(m["a"], m["b"] or m["c"])),
        )
        for m in islice(_LEVEL.finditer(text), _MAX)
    ]
    found += [Fact("vertebra", m.group(), Span(*m.span(), m.group())) for m in islice(_VERTEBRA.finditer(text), _MAX)]
    found += far_side(text, found)
    if _CONVERT.search(text):
        found += [Fact("icd9", m.group(), Span(*m.span(), m.group())) for m in islice(_ICD9_CODE.finditer(text), _MAX)]
    return found


def _held_beside(text: str, start: int) -> bool:
    """Is what begins there only compared with: "like the commercial ones"?"""
    return _BESIDE.search(text[max(0, start - 30) : start]) is not None


def _interspaces(upper: str, lower: str) -> str:
    """How many interspaces lie between two vertebrae: "L4", "5" → "1"; "L5", "S1" → "1"; "C4", "C7" → "3"."""
    start = vertebra(upper)
    end = vertebra(lower if lower[0].isalpha() else upper[0] + lower)
    return str(max(1, end - start))


def payer_of(facts: tuple[Fact, ...]) -> str:
    """The one payer the letter speaks of, or "" when it names none or several kinds.

    One that is only held beside it ("Medicare patient, is it 95 like the commercial ones") is no second payer.
    """
    told = [f for f in facts if f.dimension == "payer" and not f.negated]
    named = {str(f.value) for f in told}
    if len(named) > 1:
        named = {str(f.value) for f in told if f.span.label != COMPARED}
    return named.pop() if len(named) == 1 else ""


def dates_of(text: str, private: list[Span], today: date | None) -> list[Fact]:
    """Dates, ISO: `date_of_service` for the first that a word says is one (or the only date), `date` for others, `year` for bare years.

    Where no day is told, the one month or year of service is its date. Birth dates are left out; so are
    dates that are not yet, and dates before 1990.
    """
    hidden = [(s.start, s.end) for s in private]
    matches = [*islice(_DATE.finditer(text), _MAX)]
    days = _days_of_a_stay(text, matches)
    read = [(match, when) for match in matches if (when := _date(match, today, bare=match in days))]
    read = [(m, when) for m, when in read if not any(a <= m.start() < b for a, b in hidden) and _plausible(when, today)]
    told = next((m.start() for m, _ in read if _SERVICE.search(text[max(0, m.start() - 50) : m.start()])), None)
    if told is None and len(read) == 1:
        told = read[0][0].start()
    found = [
        Fact("date_of_service" if m.start() == told else "date", when.isoformat(), Span(*m.span(), m.group())) for m, when in read
    ]
    period = None if found else period_of_service(text, today)
    found += [period] if period else []
    return found + [Fact("year", m["y"], Span(*m.span(), m.group())) for m in islice(_YEAR.finditer(text), _MAX)]


def _days_of_a_stay(text: str, matches: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """Days without a year ("10/5") that tell of a stay and what followed it: two and more, one of them its beginning or end."""
    found = [(match, _ON_DAYS.search(text, max(0, match.start() - 50), match.start())) for match in matches if match["m2"]]
    told = [(match, cue) for match, cue in found if cue and not match["y2"]]
    return [match for match, _ in told] if len(told) > 1 and any(cue["stay"] for _, cue in told) else []


def _plausible(when: date, today: date | None) -> bool:
    return when.year >= 1990 and (today is None or when <= today + timedelta(days=366))


def _date(match: re.Match[str], today: date | None, *, bare: bool) -> date | None:
    day = match["d"] or match["d2"] or match["d3"] or match["d4"]
    name = match["name"] or match["name4"]
    month = number_of(name) if name else int(match["m"] or match["m2"])
    written = match["y"] or match["y2"] or match["y3"] or match["y4"]
    if not written:
        return _this_year(month, int(day), today) if name or bare else None
    year = int(written) + (0 if len(written) == 4 else 2000 if int(written) < 70 else 1900)
    return _made(year, month, int(day))


def _this_year(month: int, day: int, today: date | None) -> date | None:
    """A date without a year is the last one that has come."""
    if today is None:
        return None
    when = _made(today.year, month, day)
    return _made(today.year - 1, month, day) if when and when > today else when


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
