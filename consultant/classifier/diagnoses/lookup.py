"""How surely words name a code of ICD-10-CM: by how well the best hit meets them, and how far behind it the next one is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consultant.classifier.diagnoses.symptoms import only_sounds_like
from consultant.codebook import Codebook
from consultant.vocabulary import Hit, System

#: How well a stretch, several together, or a place that a cancer has spread to must meet the wording of a code.
SURE, SURE_JOINED, SURE_SPREAD = 0.84, 0.9, 0.7
#: All words met is enough where no other code comes near.
MET_WHOLE, CLEARLY = 0.74, 0.08
#: … and a little less than sure where it is far ahead of any other: what else a book holds moves a score by some hundredths.
NEARLY, FAR = 0.79, 0.25
_JOINING = re.compile(r"\b(?:with|and|of|in|the|an?)\b", re.IGNORECASE)


def surely(words: str, book: Codebook, least: float) -> Hit | None:
    """The first hit when it is as good as wanted, or clearly the best and all words are in it, or far ahead."""
    hits = book.search(words, System.ICD10CM, 4)
    if not hits:
        return None
    best = _plainer(hits, words)
    rivals = [hit for hit in hits if hit is not best and (hit.code[0] not in "OP" or best.code[0] in "OP")]
    second = rivals[0].score if rivals else 0.0
    if only_sounds_like(words, best) or _means_another(words, best, book):
        return None
    met = len(best.words) >= len(words.split()) > 1
    ahead_of = CLEARLY if met and not _leaves_open([best, *rivals]) else 0.0
    whole = met and best.score >= MET_WHOLE and best.score - second >= ahead_of
    ahead = len(best.words) > 1 and best.score >= NEARLY and best.score - second >= FAR
    joined = re.search(r"\bwith\b", words) and len(best.words) >= len(_JOINING.sub("", words).split()) > 1
    alone = joined and best.score >= NEARLY and best.score - second >= FAR
    only = not rivals and len(words) > 6 and words.lower() in best.title.lower()
    return best if best.score >= least or alone or ((whole or ahead or only) and least <= SURE) else None


def _plainer(hits: Sequence[Hit], words: str) -> Hit:
    """The best hit; where its title begins with a kind that nobody told ("Peripheral tear of …") the sibling of no such kind."""
    first, _, rest = hits[0].title.partition(" ")
    if first.lower() in words.lower() or first in ("Unspecified", "Other"):
        return hits[0]
    plain = {hit.title: hit for hit in hits[1:] if len(hit.words) >= len(hits[0].words)}
    return next((plain[f"{kind} {rest}"] for kind in ("Unspecified", "Other") if f"{kind} {rest}" in plain), hits[0])


def _leaves_open(hits: Sequence[Hit]) -> bool:
    """ "Blepharitis right upper lid": is the first the unspecified one of two siblings? The letter tells less."""
    return len(hits) > 1 and hits[0].title.lower().startswith("unspecified") and hits[0].code[:3] == hits[1].code[:3]


def _means_another(words: str, hit: Hit, book: Codebook) -> bool:
    """Is it an abbreviation of something that is found in other chapters? SCS, a stimulator of the spine, is no scars."""
    meant = () if words.lower() == hit.title.lower() else book.terms.get(words.lower(), ())
    return bool(meant) and all(one.code[0] != hit.code[0] for text in meant for one in book.search(text, System.ICD10CM, 5))
