"""What a letter says on the way to a diagnosis: the symptom that it explains, and a word that is none of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from consultant.vocabulary import Candidate, Hit

#: Pains that stand in the chapters of their organs, and whatever chapter 18 has.
_SYMPTOM = re.compile(r"R|H92\.0|H57\.1|M25\.5|M79\.6|M54\.[2569]|N64\.4")
#: Pains of joints and limbs, and the chapters of which no disease explains them: a cold is none of a shoulder.
_LIMB, _FAR = re.compile(r"M25\.5|M79\.6"), frozenset("HJ")
#: What follows is what the symptom before it turned out to be.
_EXPLAINED = re.compile(
    r"\b(?:diagnosed (?:as|with)|(?:final|discharge) diagnos[ie]s|turn(?:ed|s) out to be|found to (?:be|have)"
    r"|which (?:was|is) (?:due to|from)|impression|assessment|(?:doctor|physician|provider|np|pa) (?:calls|called|diagnosed)"
    r"|(?:doctor|doc|physician|provider|attending|hospitalist|cardiology|cardiologist|neurology|neurologist|surgeon|pediatrician|np|pa)"
    r"(?: then| finally)? (?:documents|documented|wrote|writes|charted|charts|called (?:it|this)|calls (?:it|this)))\b",
    re.IGNORECASE,
)
#: How alike a word and the word of a title are when one is a slip for the other.
_SLIP = 0.7


def without_their_symptoms(found: Sequence[Candidate], text: str) -> list[Candidate]:
    """The conditions less the symptoms that stand before "diagnosed as" and a disease of the list behind it."""
    told = _EXPLAINED.search(text)
    sure = [c for c in found if c.evidence[0].kind != "doubted"]
    diseases = [c for c in sure if not _SYMPTOM.match(c.code) and c.code[0] not in "VWXYZ"]
    behind = {c.code[0] for c in diseases if told and _ends(c) >= told.end()}
    if told is None or not behind:
        return list(found)
    own = _LIMB if behind <= _FAR else None  # they have another reason
    return [c for c in found if not (_SYMPTOM.match(c.code) and _begins(c) < told.start()) or (own and own.match(c.code))]


def _begins(candidate: Candidate) -> int:
    return candidate.evidence[0].spans[0].start


def _ends(candidate: Candidate) -> int:
    return candidate.evidence[0].spans[0].end


def only_sounds_like(words: str, hit: Hit) -> bool:
    """A word that stands alone and only sounds a little like a word of the title: it names something else."""
    word = words.lower()
    if " " in word or hit.words.get(word) != "title":
        return False
    title = re.findall(r"\w+", hit.title.lower())
    return not any(one.startswith(word[:4]) or SequenceMatcher(None, word, one).ratio() >= _SLIP for one in title)
