"""How far an injury has healed: the seventh character of its code, by what the letter tells of its care."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from consultant.classifier.diagnoses.sequels import MALUNION, NONUNION
from consultant.codebook import Codebook
from consultant.vocabulary import Candidate, Hit, System

#: How an injury that is no longer under active treatment ends its code: closed, open of type I or II, open of type III.
_STAGES = tuple(
    (re.compile(pattern, re.IGNORECASE), ends)
    for pattern, ends in (
        (MALUNION, "PQR"),
        (NONUNION, "KMN"),
        (r"\bdelayed (?:healing|union)\b", "GHJ"),
        (r"\bsequela\w?\b|\blate effects?\b|\byears? (?:after|since|following)\b[^.;?]{0,40}\b(?:burn\w*|fractur\w+|injur\w+|dislocat\w+)\b|\bpost-?traumatic (?:osteo)?arthr\w+\b[^.;?]{0,60}\b(?:old|prior|previous)\b[^.;?]{0,30}\bfract\w+|\b(?:burn\w*|fractur\w+|injur\w+|lacerat\w+|dislocat\w+|accident|crash|wound)\b[^.;?]{0,40}\byears? ago\b|\bold (?:burn|injury)\b|\bscar(?:ring|s)? (?:it|that it|was) left\b|\bleft (?:an?|him|her|with|behind)\b[^.;?]{0,30}\b(?:scar\w*|contractures?|stiff\w*|deform\w*)|\b(?:left|resulting) (?:by|from) an? old\b(?! (?:\w+ )?(?:stroke|cva|infarct\w*|bleed|polio)\b)", "SSS"),
        (r"\bfollow(?:ed|ing)?[- ]?ups?\b|\bre-?check\w*|\baftercare\b|\bsubsequent\b|\bheal(?:ing|ed)\b|\bcast (?:check|change|removal)\b|\brehab\w*|\bphysical therapy\b|\b(?:\d+|two|three|four|six|eight) weeks? (?:post\w*|after|later|out)\b|\bpost-?op(?:erative)? visit\b|\b(?:suture|stitch|staple)s? (?:removal|removed|out|taken out|came out)\b|\b(?:removal of|remov\w{2,3}|took out|takes? out|pulled) (?:the |his |her )?(?:sutures|stitches|staples)\b|\bwound checks?\b|\b(?:dressing|bandage) changes?\b|\b(?:pt|ot|physical|occupational|therapy) eval\w*|\bfor (?:pt|ot|(?:physical |occupational )?therapy)\b|\b(?:in|on|our) home ?(?:health|care)\b|\bhome ?(?:health|care) (?:after|following|agency|episode|patient|pt|ot|nurs\w+|start)\b|\bwe (?:do|give|provide) (?:the |his |her |home )?(?:pt|ot|therapy)\b", "DEF"),
    )
)  # fmt: skip
#: Words of aftercare that outweigh a first visit with somebody new.
_HEALING = re.compile(
    r"\broutine(?:ly)? heal\w+|\bheal(?:ing|ed) (?:check|well|normally|nicely|fine|okay|as expected|fracture)|\b(?:already|was) (?:plated|pinned|fixed|casted|set|treated)\b"
    r"|\brou?tine check\b|\baftercare\b",
    re.IGNORECASE,
)
#: A fracture that nobody has cared for before is under active treatment, however it has healed.
_FIRST_CARE = re.compile(
    r"\bnever (?:saw|seen|treated|went|got (?:it )?(?:seen|treated))\b|\bfirst (?:time|seen|visit|care|treatment)\b"
    r"|\b(?:delayed|waited|put off)\b[^.?!]{0,25}\b(?:seek\w*|treat\w*|care|weeks|months|see\w*)\b|\binitial (?:visit|care|encounter)\b",
    re.IGNORECASE,
)
#: Somebody else has treated it before.
_CARED_FOR = re.compile(
    r"(?<!never )\b(?:treated|casted|splinted|plated|pinned|fixed|set|operated|cast|surgery|seen)\b[^.?!]{0,30}\b(?:elsewhere|ago|before|last|another|other)\b",
    re.IGNORECASE,
)
#: "Open displaced fracture", "fractured tibia, open": the bone came through, which "open reduction" does not say.
_BROKE = r"(?:fract\w+|fx|broken?|break)"
_OPEN = re.compile(
    rf"\b(?:open|compound)(?! (?:reduction|treatment|repair|surgery|fixation|approach|or closed))\b[^.;?,]{{0,40}}\b{_BROKE}\b|\b{_BROKE}\b[^.;?]{{0,30}}, open\b(?! (?:reduction|treatment|repair|fixation))|\bgustilo\b|\bbone (?:through|poking|sticking) ",
    re.IGNORECASE,
)
_CLOSED = re.compile(rf"\bclosed\b[^.;?,]{{0,30}}\b{_BROKE}\b|\bnot open\b|\bopen or closed\b", re.IGNORECASE)
_TYPE_III = re.compile(r"\b(?:type|grade) (?:III|3)(?:[ABC])?\b", re.IGNORECASE)
#: What was in a wound: still there, left in it, or taken out of it.
_THING = r"(?:glass|splinters?|slivers?|wood|metal|gravel|thorns?|needles?|nails?|fragments?|shards?|debris|hooks?|fish ?hooks?|foreign bod(?:y|ies)|fb)"
_LEFT_IN_IT = re.compile(
    rf"\b{_THING}\b[^.;?]{{0,30}}\b(?:still|left|stuck|lodged|embedded|retained|inside|in (?:it|the wound|place|there))\b"
    rf"|\b(?:retained|embedded) {_THING}\b|\bwith (?:an? )?(?:foreign bod(?:y|ies)|fb)\b"
    rf"|\b(?:removed|took out|pulled out|pulled|picked out|dug out|extracted|fished out)\b[^.;?]{{0,25}}\b{_THING}\b"
    rf"|\b{_THING}\b[^.;?]{{0,30}}\b(?:removed|taken out|pulled out|dug out|extracted)\b",
    re.IGNORECASE,
)
_NOTHING_IN_IT = re.compile(
    rf"\b(?:no|without|w/o|negative for|denies|free of|not? any|rule[sd]? out) (?:\w+ )?{_THING}\b|\bnothing (?:left )?in (?:it|the wound)\b"
    rf"|\b{_THING} (?:is |was )?(?:not|no longer) (?:in|there|inside)\b",
    re.IGNORECASE,
)
#: The fifth character of a laceration and of a puncture wound, without what is in it and with it.
_WITH_IT = {"1": "2", "3": "4"}
#: "Fracture of the fifth metatarsal, not displaced": told apart from the bone, and not taken back by another word of it.
_IN_PLACE = re.compile(
    r"\b(?:(?:not|isn'?t|wasn'?t|never)(?: at all| really)? (?:been )?displaced(?! n?or\b)|(?<!or )(?<!nor )non-? ?displaced|undisplaced|without(?: any)? displacement"
    r"|no displacement|in (?:good|anatomic) alignment)\b",
    re.IGNORECASE,
)
_OUT_OF_PLACE = re.compile(r"\bdisplaced\b", re.IGNORECASE)
#: Injuries, foreign bodies, burns and frostbite.
_INJURY = re.compile(r"S|T[0-3]")
#: A title that was nearest by its other words has the stage of another letter: first it becomes active treatment.
_FIRSTS = {stage: first for first, stages in zip("ABC", ("DGKP", "EHMQ", "FJNR"), strict=True) for stage in stages}
_ACTIVE = re.compile(
    r"\b(?:first (?:time|seen|visit)|initial (?:treatment|care)|active treatment|surger\w+ (?:today|now)|new injury)\b",
    re.IGNORECASE,
)


def staged(hit: Hit | None, text: str, book: Codebook) -> Hit | None:
    """An injury with the seventh character of the stage that the letter tells; without a word of it, active treatment."""
    hit = _in_place(_holding(_opened(_active(hit, book), text, book), text, book), text, book)
    if hit is None or len(hit.code) != 8 or hit.code[-1] not in "ABC":
        return hit
    first = bool(_FIRST_CARE.search(text)) and not _HEALING.search(text) and not _CARED_FOR.search(text)
    for pattern, ends in _STAGES:
        if first and ends in ("PQR", "KMN", "GHJ"):
            continue
        if pattern.search(text) and (ends != "DEF" or _HEALING.search(text) or not _ACTIVE.search(text)):
            record = book.record(hit.code[:-1] + ends["ABC".index(hit.code[-1])])
            return replace(hit, code=record.code, title=record.title) if record else hit
    return hit


def later_care(candidates: Iterable[Candidate], text: str, book: Codebook) -> Iterator[Candidate]:
    """For each injury that a family has chosen as one under active treatment, the code of the stage that the letter tells.

    Its fact `instead` is the code whose place it takes. A complication ("two weeks after her appendectomy") is treated when it comes.
    """
    for candidate in candidates:
        if candidate.system is System.ICD10CM and _INJURY.match(candidate.code):
            hit = staged(Hit(candidate.code, candidate.system, candidate.score, candidate.title), text, book)
            if hit and hit.code != candidate.code:
                why = f"{candidate.why}, not under active treatment"
                yield replace(candidate, code=hit.code, title=hit.title, why=why, facts={"instead": candidate.code})


def _opened(hit: Hit | None, text: str, book: Codebook) -> Hit | None:
    """A fracture that the letter calls open, by its own seventh character; that of type III where the category has one."""
    if hit is None or len(hit.code) != 8 or hit.code[-1] != "A" or not _OPEN.search(text) or _CLOSED.search(text):
        return hit
    for end in "CB" if _TYPE_III.search(text) else "B":
        record = book.record(hit.code[:-1] + end)
        if record and "open fracture" in record.title.lower():
            return replace(hit, code=record.code, title=record.title)
    return hit


def _active(hit: Hit | None, book: Codebook) -> Hit | None:
    """The code of active treatment of the same injury, where the wording that was found has another stage."""
    if hit is None or len(hit.code) != 8 or hit.code[-1] not in _FIRSTS:
        return hit
    record = book.record(hit.code[:-1] + _FIRSTS[hit.code[-1]])
    return replace(hit, code=record.code, title=record.title) if record else hit


def _holding(hit: Hit | None, text: str, book: Codebook) -> Hit | None:
    """A laceration or puncture wound "without foreign body" that had something in it, as the letter tells."""
    if hit is None or "without foreign body" not in hit.title.lower() or hit.code[5] not in _WITH_IT:
        return hit
    if not _LEFT_IN_IT.search(text) or _NOTHING_IN_IT.search(text):
        return hit
    record = book.record(f"{hit.code[:5]}{_WITH_IT[hit.code[5]]}{hit.code[6:]}")
    return replace(hit, code=record.code, title=record.title) if record and "with foreign body" in record.title.lower() else hit


def _in_place(hit: Hit | None, text: str, book: Codebook) -> Hit | None:
    """A fracture that was taken for a displaced one, where the letter says anywhere that it is not: three further on in the fifth
    or sixth place of its code."""
    if hit is None or not _OUT_OF_PLACE.search(hit.title) or _OUT_OF_PLACE.search(_IN_PLACE.sub("", text)):
        return hit
    if not _IN_PLACE.search(text):
        return hit
    wanted = _OUT_OF_PLACE.sub("nondisplaced", hit.title).lower()
    for place in (5, 4):  # in characters of the dotted code
        if hit.code[place + 1 : place + 2] in ("1", "2", "3"):
            record = book.record(f"{hit.code[: place + 1]}{int(hit.code[place + 1]) + 3}{hit.code[place + 2 :]}")
            if record and record.title.lower() == wanted:
                return replace(hit, code=record.code, title=record.title)
    return hit
