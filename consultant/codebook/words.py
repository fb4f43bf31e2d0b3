"""Words of titles and questions, brought to a common form: lower case, no accents, light stems, negations bound to their word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_JOINTS = """
, a an and any are as at be been being but by can did do does due for from had has have he her his how i if in into is
it its may me my of on or our out over she should so such than that the their them then there these they this those to
us was we were what when where which while who whose why will with would you your yours"""
#: Joints of a sentence. They carry no meaning for search, in titles or in questions.
JOINTS = frozenset(_JOINTS.split())

_TALK = """
advise answer applies apply appreciate best bill billable billed billing call called chart claim claims clinic cms
code coded coder codes coding correct cpt customer denied denial diagnosis documented dr dx find give good got hcpcs
hello help here hey hi icd icd10 icd10cm insurance kind know let like looking medicare medicaid morning need needed
needs office patient patients payer please possible provider pt question quick regards report reported said seen
someone tell thank thanks today team thx u use used using want wanted"""
#: What people say round a coding question. Left out of questions only: titles use some of these words in earnest.
TALK = frozenset(_TALK.split())

_FAINT = """
unspecified nos uncomplicated other specified elsewhere otherwise classified nec encounter initial closed unilateral
part site condition disorder applicable primary mention stated"""
#: Words that name no fact: a title that has them and a question that has not still mean the same.
FAINT = frozenset(_FAINT.split())

#: Left out before phrases are compared; those that say whose a thing is count where a phrase begins with them.
ARTICLES = frozenset({"a", "an", "the", "his", "her", "our", "their", "your", "my", "this", "that"})
POINTING = ARTICLES - {"a", "an", "the"}


def without_articles(parts: Sequence[str]) -> list[str]:
    """The words of a phrase that are compared. An article at its end counts, as without it other things would be meant
    ("vitamin a", "bills for his"); so does whose a thing is where it is said first ("our tech")."""
    if ARTICLES.isdisjoint(parts):
        return [*parts]
    return [
        part
        for at, part in enumerate(parts)
        if part not in ARTICLES or (at == len(parts) - 1 and at > 0) or (at == 0 and part in POINTING)
    ]


_NEGATIONS = frozenset({"without", "not", "no", "never"})
_NEGATION_ENDS = frozenset({",", "of", "with", "by", "due", "at", "in", "on", "for", "from"})
_NEGATION_REACH = 3  # words
NO = "no "  # what the term of a negated word begins with

_SHORTHAND = """
ii 2 iii 3 1st first 2nd second 3rd third 4th fourth 5th fifth lt left rt right l left r right bilat bilateral
unsp unspecified unspec unspecified oth other init initial subs subsequent subsq subsequent fx fracture fxs fractures
chr chronic neonatal newborn neonate newborn hx history dz disease wo without w with"""
_LEVEL = dict(zip(_SHORTHAND.split()[::2], _SHORTHAND.split()[1::2], strict=True))
_SLASHED = {"w/o": "without", "w/": "with ", "b/l": "bilateral", "d/t": "due to", "s/p": "status post"}
#: Ways of saying a thing that are no facts of their own: levelled in titles and questions alike.
_WAYS = {
    "without mention of": "without",
    "not having achieved": "without",
    "not specified as": "unspecified as",
    "unspecified whether traffic or nontraffic": "unspecified",
    "unspecified behavior": "unknownbehavior",  # of a neoplasm; "unspecified" alone tells nothing
}
#: Beginnings that are written alone, with a hyphen or with their word: "non-displaced", "post traumatic", "preoperative".
_BEGINNINGS = frozenset(("non", "pre", "post", "anti", "intra", "inter", "extra", "peri", "hypo", "hyper", "sub", "micro"))
_RANKED = frozenset({"type", "stage", "grade", "class", "phase"})
#: What is a number only behind one of these: "IV" alone is into a vein.
_RANKS = {"i": "1", "iv": "4"}

_ENDINGS = """
izations isations ities ization isation ational ations ements ation ating ative atory ement ingly ments ically ances ences ated
ates ator ical ions ings ment osis otic oses ance ence able ible ious eous ally less ness ing ion ive ate ies ial ian ous ity
als ics ary ed es ly al ic ia us um ae is er or s e i a y"""
_SUFFIXES = _ENDINGS.split()  # the longest first
_KEEP = 4  # letters that a stem keeps at least
_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[a-z0-9]+(?:'s)?|[,;:]")
_WHOLE_WORD = re.compile(r"[a-z0-9]+")
LONGEST_TITLE = 80  # words


def tokens(text: str) -> list[str]:
    """The words of a text in order, joints left in, every break of a clause as ",".

    Accents and possessives are off; roman numbers, ordinals and the commonest shorthand are levelled.
    """
    plain = (text if text.isascii() else _unaccented(text)).lower()
    if "/" in plain:
        for short, full in _SLASHED.items():
            plain = plain.replace(short, full)
    if "not " in plain or "without " in plain or "behavior" in plain or "whether" in plain:
        for way, level in _WAYS.items():
            plain = plain.replace(way, level)
    found: list[str] = []
    before = ""
    for match in _WORD.findall(plain):
        word = "," if match in ",;:" else match.removesuffix("'s")
        if before in _BEGINNINGS and word not in _APART:
            found[-1] = before = before + word
        else:
            before = _RANKS[word] if word in _RANKS and before in _RANKED else _LEVEL.get(word, word)
            found.append(before)
    return found


#: What no beginning grows together with.
_APART = frozenset({",", *JOINTS})


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.replace("’", "'")) if not unicodedata.combining(c))


def meaning(words: Iterable[str]) -> list[tuple[str, str]]:
    """(word, term) of every word that tells something. A term is a stem; of a negated word it is "no " and the stem."""
    found: list[tuple[str, str]] = []
    reach = 0
    before = ""
    for word in words:
        if word in _NEGATIONS or (word == "as" and before == "unspecified"):
            reach = _NEGATION_REACH
        elif word in JOINTS:
            reach = 0 if word in _NEGATION_ENDS else reach
        elif reach and word not in FAINT:
            found.append((word, NO + stem(word)))
            reach -= 1
        else:
            found.append((word, stem(word)))
        before = word
    return found


def terms(text: str) -> list[str]:
    """What is indexed of a title: its terms in order, repeats kept."""
    return [term for _, term in meaning(tokens(text))]


def optional(text: str) -> set[str]:
    """The terms that a title has in brackets only: modifiers that change nothing."""
    return set(terms(" ".join(_BRACKETS.findall(text)))) - set(terms(_BRACKETS.sub(" ", text))) if "(" in text else set()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A light stem: one ending off, the longest that leaves four letters. fracture, fractured → fractur."""
    if len(word) <= _KEEP or not word.isalpha():
        return word
    for ending in _SUFFIXES:
        if word.endswith(ending) and len(word) - len(ending) >= _KEEP:
            return word[: -len(ending)]
    return word


def reordered(text: str) -> str:
    """All words of a text that says "without" or "not", in the order of the alphabet; "" of any other text.

    What a negation belongs to is told by order alone. Where the order is lost, only a title of just these words can be meant.
    """
    found = _WHOLE_WORD.findall(text.lower())
    return " ".join(sorted(found)) if len(found) <= LONGEST_TITLE and not _NEGATIONS.isdisjoint(found) else ""


def plain(title: str) -> str:
    """A title without regard to case, blanks and the stop at its end: what a title quoted word for word is found by."""
    return " ".join(title.casefold().split()).rstrip(". ")
