"""The conditions that a letter about diagnoses names, each looked up in ICD-10-CM by its own words.

The letter is cut where one condition ends and the next begins. A stretch that is all but the wording of a code counts as one
condition ("influenza A with pneumonia"), unless its parts make a combination that the book has a rule for. What is denied,
doubted in an outpatient's note, or only said of relatives and of the past is no condition of today.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from consultant.classifier.diagnoses.bare import barer
from consultant.classifier.diagnoses.guesses import without_guesses
from consultant.classifier.diagnoses.heads import shared
from consultant.classifier.diagnoses.healing import staged
from consultant.classifier.diagnoses.inpatient import is_inpatient
from consultant.classifier.diagnoses.intractable import intractable
from consultant.classifier.diagnoses.lookup import SURE, SURE_JOINED, SURE_SPREAD, surely
from consultant.classifier.diagnoses.picked import picked
from consultant.classifier.diagnoses.present import as_of_today
from consultant.classifier.diagnoses.sequels import sequels
from consultant.classifier.diagnoses.sites import sited
from consultant.classifier.diagnoses.stretches import Stretch, stretches, telling
from consultant.classifier.diagnoses.symptoms import without_their_symptoms
from consultant.classifier.diagnoses.titles import Told
from consultant.classifier.diagnoses.void import is_void
from consultant.codebook import Codebook
from consultant.vocabulary import Candidate, Evidence, Fact, Hit, Question, Span, System

LONGEST, MOST = 900, 60  # characters that are looked at, searches for one letter
#: Of a word by itself in a letter of more characters less than that is a slip of another word ("file", "down", "keep").
SURE_WORD, SHORT = 0.9, 250
#: Words of doubt, in front of what they doubt.
DOUBTING = (
    r"possibl[ey]|probabl[ey]|suspect(?:ed|s|ing)?|presum(?:ed|ptive)|questionable|concern(?:ing)? for|working diagnosis(?: of)?"
    r"|(?:consistent|compatible) with|(?:suggestive|indicative) of|suggest(?:s|ing)|cannot (?:exclude|rule out)|can.?t (?:exclude|rule out)"
)
_DOUBT = re.compile(
    rf"\b(?:{DOUBTING}|likely|versus|vs)\b(?!\)? (?:expos|contact|carrier))(?:(?!\bwith\b)[^,.;:\"”])*$",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:newborn(?! codes?)|neonat\w+|preemie|(?:preterm|premature) (?:baby|infant)|(?:baby|infant) (?:was )?born|\d+[- ](?:day|hour)s?[- ]old)\b",
    re.IGNORECASE,
)
_WHICH_FIRST = re.compile(r"\bfirst\b|\bprincipal\b|\bprimary\b|\bsequenc\w+|\border\b|\bwhich (?:of|one|is)\b", re.IGNORECASE)
#: What is not the cause of another thing is there all the same.
_NOT_THE_CAUSE = re.compile(r"(?:(?:and|but|is|was) )?not (?:due|related|caused|from|secondary|because|linked)\b", re.IGNORECASE)
_CANCER = re.compile(r"\b(?:cancer|carcinoma|ca)\b", re.IGNORECASE)
#: "Bone mets, prostate primary": where a cancer has spread, the primary is one.
_PRIMARY = re.compile(
    r"(?<=[a-z] )(?<!the )(?<!her )(?<!his )(?<!its )(?<!or )(?<!and )(?<!of )primary\b(?! (?:care|site|tumor|cancer|dx|diagnos|code|lesion|mal))",
    re.IGNORECASE,
)
_HAS_SPREAD = re.compile(r"\b(?:mets|metasta\w+)\b", re.IGNORECASE)
_SPREADING = re.compile(r"\b(?:stage (?:[1-4]|i{1,3}|iv)[abc]?|metastatic|advanced|active)\b", re.IGNORECASE)
#: Of two codes that are written out each is a condition of its own, and no part of what stands round it.
_CODE = re.compile(r"\b[A-TV-Z]\d[\dA-Z]\.?\w{1,4}\b")
_A_CODE = re.compile(
    r"^[\W]*(?:(?:\w[\w-]* ){1,4}code|(?:\w[\w-]* ){0,3}(?:dx|diagnosis) codes)\W*$|\b(?:the|that|both|either|an?|of|used|coded)\b[^.?!]*\bcodes?\W*(?:\w+\W*)?$",
    re.IGNORECASE,
)
_WISH = re.compile(r"^(?!.*\b(?:the|that|used|uses|coded)\b).*\b(?:dx|diagnos[ei]s)(?: codes?)?\W*$", re.IGNORECASE)
#: A germ by itself is no disease; the rules for what stands together add it to the infection.
_GERM_BEFORE = re.compile(
    r"^(?:an? )?(?:e\.? ?coli|escherichia coli|klebsiella|pseudomonas|proteus|enterococc\w+) ", re.IGNORECASE
)
_GERM_ALONE = re.compile(r"(?:e\.? ?coli|escherichia coli|klebsiella|pseudomonas|proteus|enterococc\w+)\W*", re.IGNORECASE)
#: "Pain in the right eye": of two words that name nothing alone, what ails a place of the body.
_AILS = re.compile(r"(?:pain|bleeding|mass|lump|lesion|infection) (?:\w+ ){0,2}\w+$", re.IGNORECASE)
#: "Suicidal ideation without attempt": what is missing beside a condition changes it only where its codes say so.
_WITHOUT = re.compile(r"\b(?:without|w/o)\b.*", re.IGNORECASE)
_SMALL = re.compile(r"\b(?:with|and|of|due|by|both)\b", re.IGNORECASE)


def conditions(question: Question, book: Codebook, titles: Sequence[Told] = ()) -> list[Candidate]:
    """The diagnoses of the letter in its order, one candidate each, with the words that named it; "doubted" in an outpatient's note.

    `titles` that stand in it word for word are diagnoses whatever is said around them.
    """
    text = _in_words(question, book)[:LONGEST]
    scopes = [
        fact
        for fact in question.facts
        if fact.dimension == "negated" and fact.span.where != "subject" and not _NOT_THE_CAUSE.match(text[fact.span.start :])
    ]
    inpatient = is_inpatient(text)
    found: dict[str, Candidate] = {}
    certain = list(titles)
    certain += [one for one in sequels(text, book) if not any(map(one.meets, titles))]
    spoken: set[str] = set()
    row = [one for one in _named(text, book, scopes) if not any(map(one.meets, certain)) and not _only_resembles(one, text)]
    row = without_guesses(row, question, certain)
    for named in row:
        hit = sited(as_of_today(named, text, book), text[named.start : named.end], book)
        hit = staged(intractable(hit, text, book), text, book)
        if hit and not is_void(named, hit, text, scopes):
            doubt = _DOUBT.search(text[max(0, named.start - 22) : named.end]) or _either(named, row, text, scopes)
            doubted = bool(doubt) and not inpatient
            if _is_of_a_code(named, text) and hit.code not in found:
                spoken.add(hit.code)
            found.setdefault(hit.code, _candidate(named, hit, text, "doubted" if doubted else "condition"))
    # "The acute stroke code" speaks of a code, where the letter has told already what the patient has.
    told = [candidate for code, candidate in found.items() if code not in spoken or (spoken >= found.keys() and not certain)]
    titled = {title.hit.code for title in titles}
    return [
        *without_their_symptoms(told, text),
        *(_candidate(one, one.hit, text, *(("title",) if one.hit.code in titled else ()), "condition") for one in certain),
    ]


def _is_of_a_code(named: Told, text: str) -> bool:
    """ "The acute stroke code" speaks of a code; "anemia dx codes" as the last words of a letter asks for one."""
    words = text[named.start : named.end]
    return bool(_A_CODE.search(words)) and not (_WISH.search(words) and not text[named.end :].strip(" .?!"))


def _either(named: Told, row: Sequence[Told], text: str, scopes: Sequence[Fact]) -> bool:
    """ "Asthma or bronchitis": neither is known, unless the letter asks which of two that are there comes first.

    "No obstruction or gangrene": both are denied, and what stands before them is known.
    """
    if _WHICH_FIRST.search(text):
        return False
    pairs = (
        (one, other)
        for one, other in pairwise(row)
        if named in (one, other) and not any(fact.span.start < one.end and other.start < fact.span.end for fact in scopes)
    )
    return any(
        text[one.end : other.start].strip(" ,?").lower() in ("or", "or a", "or an", "vs", "versus") for one, other in pairs
    )


def _in_words(question: Question, book: Codebook) -> str:
    """The text with its thanks, its greetings and the numbers of headings blanked out, so that all places stay."""
    text = question.text
    thanks = [fact.span for fact in question.facts if fact.dimension == "courtesy"]
    headings = [code.span for code in question.codes if (record := book.record(code.code)) and not record.billable]
    text = _PRIMARY.sub("cancer ", text) if _HAS_SPREAD.search(text) else text
    chosen = picked(question, text)
    for span in (*thanks, *headings, *chosen):
        if span.where != "subject":
            text = f"{text[: span.start]}.{' ' * (span.end - span.start - 1)}{text[span.end :]}"
    return text


def _named(text: str, book: Codebook, scopes: Sequence[Fact] = ()) -> Iterator[Told]:
    """What the stretches of each sentence name, the longest joined ones first."""
    left = MOST
    for row in stretches(text):
        at = 0
        while at < len(row) and left > 0:
            several, length = shared(
                text, row[at:], lambda row: _looked_up(text, row, book), lambda words: surely(words, book, SURE)
            )
            if several:
                yield from several
                at, left = at + length, left - 2 * length
                continue
            length, hit = 1, None
            for length in range(min(3, len(row) - at), 0, -1):
                left -= 1
                if length > 1 and _begins_denied(text, row[at : at + length], scopes):
                    continue
                hit = _looked_up(text, row[at : at + length], book)
                if hit and (length == 1 or not _combine(text, row[at : at + length], book)):
                    break
                hit = None if length > 1 else hit
            if hit:
                yield Told(hit, row[at].start, row[at + length - 1].end)
            at += length if hit else 1


def _begins_denied(text: str, row: Sequence[Stretch], scopes: Sequence[Fact]) -> bool:
    """ "No fracture, sprain of the wrist": is the first of these denied and the last not?"""
    first, last = (_is_denied(one.end - len(text[one.start : one.end].lstrip()), scopes) for one in (row[0], row[-1]))
    return first and not last


def _is_denied(place: int, scopes: Sequence[Fact]) -> bool:
    return any(fact.span.start < place < fact.span.end for fact in scopes)


def _only_resembles(named: Told, text: str) -> bool:
    """Is it a word of a long letter that a word of the book is merely like?"""
    return len(text) > SHORT and named.hit.score < SURE_WORD and telling(text[named.start : named.end]).isalpha()


def _combine(text: str, row: Sequence[Stretch], book: Codebook) -> bool:
    """Do the parts name diagnoses that a rule of the book puts together? Then they are looked at one by one."""
    told = [one for one in row if not one.vague]
    hits = [hit for one in told if (hit := _looked_up(text, [one], book))]
    codes = [hit.code for hit in hits]
    if len(set(codes)) < 2 or len(hits) < len(told):
        return False
    return any(
        rule.gives and len(rule.of) > 1 and all(any(code.startswith(starts) for code in codes) for starts in rule.places)
        for rule in book.together
    )


def _looked_up(text: str, row: Sequence[Stretch], book: Codebook) -> Hit | None:
    """The code that these stretches name together, or None."""
    whole = text[row[0].start : row[-1].end]
    words = telling(whole)
    joined = len(row) > 1
    if (
        len(words) > 90
        or _GERM_ALONE.fullmatch(words)
        or (all(one.vague for one in row) and not (joined and _AILS.match(words)))
        or (joined and (any(one.spread for one in row) or (_CODE.search(words) and len({*_CODE.findall(text)}) > 1)))
    ):
        return None
    if row[0].spread:
        return surely(f"secondary malignant neoplasm of {words}", book, SURE_SPREAD)
    born = _BORN.search(text)
    if born and (hit := _of_a_newborn(words, book)):
        return hit
    words = _own_site(_BORN.sub("", words).strip() if born else words)
    visit = telling(whole, visits=True)
    if visit != words and (hit := surely(visit, book, SURE)) and hit.code[0] == "Z":
        # "s/p left AKA": the side is met better without the words of the encounter.
        plain = surely(words, book, SURE)
        return plain if plain and plain.code[0] == "Z" and plain.score > hit.score else hit
    hit = surely(words, book, SURE_JOINED if joined else SURE) or (_within(text, row, words, book) if joined else None)
    if not hit and not joined and (bare := _WITHOUT.sub("", words).strip()) not in ("", words):
        hit = surely(bare, book, SURE)
        hit = None if hit and "with" in hit.title.lower() else hit
    for bare, holds in () if hit or joined else barer(words):
        if not hit and (found := surely(bare, book, SURE)) and holds(found):
            hit = found
    # A quality beside a condition that stands for itself must make it better known.
    named = [one for one in row if not one.vague]
    if hit and joined and len(named) == 1 and (alone := _looked_up(text, named, book)):
        return hit if hit.score > alone.score or hit.code[:4] == alone.code[:4] else None
    return hit


def _within(text: str, row: Sequence[Stretch], words: str, book: Codebook) -> Hit | None:
    """ "Crohn's of the small bowel with fistula": what meets all words is sure enough where the first of them lead to its category."""
    near = surely(words, book, SURE)
    whole = near and len(near.words) >= len(_SMALL.sub("", words).split()) and _titled(near, text, row[-1])
    alone = _looked_up(text, row[:1], book) if near and whole else None
    return near if near and alone and near.code[:3] == alone.code[:3] and near.code != alone.code else None


def _titled(hit: Hit, text: str, last: Stretch) -> bool:
    """Does the title speak of what stands behind the "with", and not of something like it?"""
    title = hit.title.lower()
    return all(word.lower()[:5] in title for word in _SMALL.sub(" ", telling(text[last.start : last.end])).split())


def _of_a_newborn(words: str, book: Codebook) -> Hit | None:
    """The perinatal code of the condition; a germ told in front of it ("E. coli UTI") names none of its own."""
    for own in dict.fromkeys((words, _GERM_BEFORE.sub("", words))):
        if (hit := surely(f"newborn {own}", book, SURE)) and hit.code[0] == "P":
            return hit
    return None


def _own_site(words: str) -> str:
    """Of a cancer its own site: neither the stage nor that it has spread changes the code of the primary."""
    return _SPREADING.sub("", words).strip() if _CANCER.search(words) else words


def _candidate(named: Told, hit: Hit, text: str, *kinds: str) -> Candidate:
    written = text[named.start : named.end]
    words = " ".join(written.split())
    spans = (Span(named.start, named.end, written, "condition"),)
    evidence = tuple(Evidence(kind, (words,), hit.code, spans) for kind in kinds)
    return Candidate(hit.code, System.ICD10CM, round(0.6 + 0.3 * hit.score, 3), f"{kinds[0]}: {words}", evidence, hit.title)
