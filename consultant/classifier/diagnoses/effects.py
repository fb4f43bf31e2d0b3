"""Drugs in a letter about diagnoses: poisoning, adverse effect, underdosing or long-term use, by how the drug was taken."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from consultant.classifier.diagnoses.titles import Told
from consultant.codebook import Codebook
from consultant.codebook.knowledge import Drug
from consultant.vocabulary import Candidate, Evidence, Question, Span, System

LONGEST = 900
SCORE = 0.9
#: How it was taken, the surest first: the character of the code, and the words that tell it.
_HOW = tuple(
    (character, re.compile(pattern, re.IGNORECASE))
    for character, pattern in (
        ("2", r"\bsuicid\w*|\bself[- ]harm\w*|\bintentional(?:ly)? (?:overdos\w+|ingest\w+|took|poison\w+)|\boverdos\w+ (?:on purpose|intentional\w*)|\boverdos\w+\b[^.;?!]{0,40}\bon purpose\b|\bon purpose\b[^.;?!]{0,40}\boverdos\w+|\b(?:took|taken|taking|swallowed|ingested)\b[^.;?!]{0,40}\bon purpose\b|\bwant(?:ed|s|ing)? to die\b|\bend (?:her|his|their|it all|her own|his own)(?: own)? ?life\b|\bin an attempt to\b|\bkill(?:ing)? (?:him|her|them)sel(?:f|ves)\b"),
        ("3", r"\bassault\w*|\bpoisoned by (?:another|someone)|\bslipped into\b|\bspiked\b"),
        ("1", r"\boverdos\w+|\baccidental(?:ly)? (?:\w+ )?(?:took|taken|ingest\w*|swallow\w*)|\bby mistake\b|\bmistakenly\b|\binstead of (?:the |his |her )?(?:one|two|half|prescribed|usual|\d+)\b|\bby accident\b|\bin error\b|\bwrong (?:drug|dose|med\w*|pill|patient|strength)\b|(?<!\bcost )(?<!\bcosts )\btoo (?:much|many)\b|\bdoubled?(?:[- ]dos\w+)?\b|\btwice (?:the|as)\b|\bat once\b|\bextra (?:dose|pill|tablet)s?\b|\b(?:husband|wife|mother|father|son|daughter|friend|neighbor|someone else|spouse|roommate)'?s? (?:own )?\w+\b(?=.{0,25}\b(?:pill|med|prescri|tablet|by))|\bsomeone else'?s\b|\bnot prescribed\b|\bnonprescribed\b|\bon (?:her|his) own\b|\bwithout (?:telling|asking|the doctor)|\b(?:with|and|plus) (?:alcohol|beer|wine|vodka|whiskey)\b|\bgot into\b|\bswallowed\b|\b(?:grand(?:mother|father|ma|pa)|aunt|uncle|brother|sister|parent)'s\b|\bingested\b|\bbeer\b|\bwine\b"),
        ("6", r"\bunderdos\w+|\bran out\b|\bstopped taking\b|\bquit taking\b|\bstops? taking\b|\bskip\w+|\bmissed (?:\w+ )?doses?\b|\bless than (?:prescribed|ordered)|\bnot (?:been )?taking\b|\b(?:could ?n.?t|can.?t|can ?not|unable to) (?:afford|pay)\b|\btoo expensive\b|\bbecause of (?:the |its )?(?:cost|price)\b|\b(?:did ?n.t|does ?n.t|not|never) (?:re)?fill\w*|\bration\w*|\bcut(?:ting)? (?:his|her|the|them|pills?|doses?|back)|\bhal(?:f|ving) (?:of )?(?:the |his |her )?(?:dose|pills?|tablet)|\bnon-?complian\w+|\bdiscontinued (?:it|them|the|her|his) (?:on )?|\bforg[eo]t\w*|\bpump (?:\w+ ){0,2}(?:fail\w*|malfunction\w*|broke\w*|stopped)"),
        ("5", r"\badverse\b|\bside effects?\b|\bas (?:prescribed|ordered|directed|instructed)\b|\b(?:correctly|properly|rightly|appropriately)\b|\btaken right\b|\bexactly (?:as|like|how)\b|\b(?:like|as|per|following) (?:the |her |his )?(?:label|bottle|directions|instructions)\b|\b(?:right|correct) dose\b|\b(?:as|like|the way) (?:she|he) was told\b|\btoxicity\b|\breactions?\b|\b-?induced\b"),
    )
)  # fmt: skip
_FROM = r"(?:due to|from|caused by|owing to|brought on by|d/t|2/2|attribut(?:ed|able) to|secondary to|after (?:starting|taking|snorting|smoking|using|injecting|shooting)|because of|related to|effect of|reaction to|on account of)(?: (?:taking|the|her|his|long[- ]term|chronic|prescribed|use of|iv|oral)){0,3} $"
_FROM_BEFORE = re.compile(_FROM, re.IGNORECASE)
_INDUCED = re.compile(r"^[- ](?:induced|related|associated)\b", re.IGNORECASE)
_LONG = re.compile(r"\b(?:life-?long|indefinite\w*) |\blong[- ]?term\b|\bz79\b|\bchronic(?:ally)? (?:use|on|takes?|takin\w)|\bz codes?\b|\bdrug therapy code|\bdrug levels?\b|\binr (?:check|monitoring|visit)|\bdrug monitoring\b|\bprophylactic(?:ally)?\b|\bpreventive(?:ly)?\b|\badjuvant\b|\bfrom coming back\b|\btakes? (?:\w+ ){1,6}(?:for it|every day|daily)\b|\blevel check|\b(?:lab|drug|blood) monitoring\b|\bmonitor (?:the|her|his) (?:drug|med\w*|level)|\badd (?:something|a code|anything|another)\b", re.IGNORECASE)  # fmt: skip
_DIABETIC = re.compile(r"\bdiabet\w+|\bt[12]dm\b|\bdm ?[12]?\b|\btype [12]\b|\biddm\b|\bniddm\b", re.IGNORECASE)
_NOT_SO = re.compile(r"\ballerg\w+ to\b|\bhistory of\b|\bnot (?:due to|from|related to|caused by|the)\b", re.IGNORECASE)
_OF_DIABETES = frozenset({"Z79.4", "Z79.84", "Z79.85"})
#: Who is "on Xarelto" takes it for long.
_KEPT_UP = frozenset({"Z79.01", "Z79.02"})
_ON = re.compile(r"\b(?:on|takes|taking)(?: (?:her|his|a|daily|oral)){0,2} $", re.IGNORECASE)
_OF_USE = re.compile(r"F1[0-9]\.")
_ILLICIT = ("T40.1", "T40.5", "T40.8")
#: "Quit her warfarin": less was taken than ordered, unless a doctor ordered it.
_LEFT = re.compile(
    r"\b(?:stopped|quit|went off|came off|dropped|is off|was off|off of|gave up|without)(?: (?:taking|using|her|his|the|their|all|my)){0,3} $",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\b(?:doctor|dr|physician|cardiologist|surgeon|provider|we|told|asked|advised|instructed)\b[^.,;?!]{0,30}$", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:not|no|never|isn.t|without)(?: (?:on|using|taking|used|been|takes?|yet|any|need\w*|requir\w+)){0,3} $", re.IGNORECASE
)
#: Why less was taken: on purpose for its price, by age, by forgetting, on purpose for another reason; the first that is told.
_WHY_LESS = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("Z91.120", r"\b(?:afford|(?:could ?n.?t|can.?t|can ?not|unable to) pay|too expensive|costs? (?:\w+ )?too much|too (?:costly|pricey)|because of (?:the |its |their )?(?:cost|price)|(?:due to|over) (?:the )?(?:cost|price)|pay (?:for|the)|financial\w*|money|lost (?:her|his) insurance|ration\w*)\b"),
        ("Z91.130", r"\b(?:dementia|debility|alzheimer\w*)\b(?=.{0,60}\bforg[eo]t)|\bforg[eo]t\w*\b.{0,60}\b(?:dementia|debility|alzheimer\w*)\b"),
        ("Z91.138", r"\b(?:forg[eo]t\w*|misunderst\w+|misread|unintentional\w*|did ?n.t realize|confused about)\b"),
        ("Z91.128", r"\b(?:stopped|quit|refus\w+|on (?:his|her|their) own|skipp\w+|intentional\w*|on purpose|decided|did ?n.t (?:want|like|believe)|felt (?:better|fine|good))\b"),
    )
)  # fmt: skip


#: A visit at which what the drug did is only looked after: no active treatment any more.
_LATER = re.compile(
    r"\bfollow(?:ing)?[- ]?up (?:visit|appointment|encounter|exam|check)|\bsubsequent (?:encounter|visit)\b|\bre-?check\b"
    r"|\b(?:here|seen|back|in|comes?|came|returns?|returned) (?:today )?(?:for|to|in) (?:an? |the |her |his )?follow[- ]?up\b"
    r"|\b(?:has|have|is|are|was|were) (?:now |since |all )?(?:resolved|healed|gone|better)\b",
    re.IGNORECASE,
)


def effects(question: Question, book: Codebook) -> list[Candidate]:
    """One candidate for each drug and each thing the letter says of it; [] where it names no drug or says nothing of the kind."""
    text = question.text[:LONGEST]
    how = next((character for character, pattern in _HOW if pattern.search(text)), "")
    found: dict[str, Candidate] = {}
    for drug, start, end in _drugs(text, book):
        code = _effect(drug, how, text, start, end)
        if code and book.record(code):
            found.setdefault(code, _candidate(code, text, start, end, book))
            if (why := _why_less(code, text)) and book.record(why):
                found.setdefault(why, _candidate(why, text, start, end, book))
        if drug.long and _is_long(drug, code, text, start) and not _DENIED.search(text[max(0, start - 30) : start]):
            found.setdefault(drug.long, _candidate(drug.long, text, start, end, book))
    return list(found.values())


def beside_effects(named: Iterable[Candidate], drugs: Iterable[Candidate], titles: Iterable[Told] = ()) -> list[Candidate]:
    """The conditions without poisonings of a drug of which it is known how it was taken, then what is known of the drugs.

    What a drug of abuse has brought about is told by the code of its use, as intoxication is: it is no adverse effect besides.
    """
    used = [(title.start, title.end) for title in titles if _OF_USE.match(title.hit.code)]
    told = [
        c
        for c in drugs
        if not any(c.code[0] == "T" and start <= span.start < end for span in c.evidence[0].spans for start, end in used)
    ]
    known = any(c.code.startswith("T") for c in told)
    return [*(c for c in named if not (known and "T36" <= c.code[:3] <= "T50")), *told]


def _effect(drug: Drug, how: str, text: str, start: int, end: int) -> str:
    if not drug.effect or _NOT_SO.search(text[max(0, start - 25) : start]):
        return ""
    told = how if how in ("1", "2", "3", "6") else ""
    left = _LEFT.search(text[max(0, start - 30) : start])
    if left and told not in ("2", "3") and not _ORDERED.search(text[max(0, start - 60) : start - len(left.group())]):
        told = "6"
    if not told and (_FROM_BEFORE.search(text[max(0, start - 50) : start]) or _INDUCED.match(text[end : end + 12]) or how == "5"):
        told = "5"
    if told == "5" and drug.effect.startswith(_ILLICIT):
        told = "1"
    return f"{drug.effect}{told}{'D' if _LATER.search(text) else 'A'}" if told else ""


def _why_less(code: str, text: str) -> str:
    """Of a drug that was taken less than ordered the code for the reason, as far as the letter tells it."""
    return next((why for why, pattern in _WHY_LESS if code[-2] == "6" and pattern.search(text)), "")


def _is_long(drug: Drug, effect: str, text: str, start: int) -> bool:
    """Is the drug taken for long? A drug for diabetes is, in a diabetic, whether or not the letter says so."""
    if drug.long in _OF_DIABETES:
        return bool(_DIABETIC.search(text) or _LONG.search(text)) and not re.search(r"\bpregnan|\bgestation", text, re.IGNORECASE)
    on_it = drug.long in _KEPT_UP and bool(_ON.search(text[max(0, start - 12) : start]))
    return (on_it or bool(_LONG.search(text))) and effect[-2:-1] not in ("1", "2", "3", "6")


def _drugs(text: str, book: Codebook) -> Iterator[tuple[Drug, int, int]]:
    drugs, pattern = _pattern(book)
    for match in pattern.finditer(text):
        word = match.group().lower()
        drug = drugs.get(word) or next(
            (drug for start, drug in drugs.items() if start.endswith("*") and word.startswith(start[:-1])), None
        )
        if drug:
            yield drug, match.start(), match.end()


@lru_cache(maxsize=4)
def _pattern(book: Codebook) -> tuple[dict[str, Drug], re.Pattern[str]]:
    drugs = {words.lower(): drug for drug in book.drugs for words in drug.words}
    parts = [re.escape(words).replace(r"\*", r"\w{0,6}") for words in sorted(drugs, key=len, reverse=True)]
    return drugs, re.compile(rf"\b(?:{'|'.join(parts) or '(?!)'})\b", re.IGNORECASE)


def _candidate(code: str, text: str, start: int, end: int, book: Codebook) -> Candidate:
    record = book.record(code)
    span = Span(start, end, text[start:end], "condition")
    evidence = (Evidence("condition", (text[start:end],), code, (span,)),)
    return Candidate(code, System.ICD10CM, SCORE, f"drug: {text[start:end]}", evidence, record.title if record else "")
