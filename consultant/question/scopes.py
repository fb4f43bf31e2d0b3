"""What the words around a fact do to it: negation, doubt, and what somebody else claims.

A scope is a Fact of its own whose span is the stretch of text that the cue governs: "negated", "uncertain", "claimed", or
"courtesy" for a sentence of thanks and greetings, which asks nothing. Other rooms ask whether a word stands in such a stretch.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import islice

from consultant.question.amounts.numbers import NUMBER
from consultant.question.hearsay import CLAIM_REACH, MAX_CUES, hearsay
from consultant.question.reach import up_to
from consultant.question.wondered import wondered
from consultant.vocabulary import BEHIND, Fact, Span

#: A scope ends at the clause's end or after this many characters.
REACH = 60

_CUES = {
    "negated": re.compile(
        r"\b(?:no longer|no(?! (?:it'?s|just|only)\b)|without|nobody|no one|w/o(?! (?:iv )?(?:contrast|con|gad)\b| ?(?:[.,;:?!)/&+]|$)| (?:plus|and|with|then|only|followed|cpt|codes?)\b)|never|none of|nothing|neither|nor|(?:was|were|is|are|be|been) not|wasn'?t|weren'?t|isn'?t|aren'?t"
        r"|did not|didn'?t|(?:does|do)(?: not|n'?t)(?= (?:smoke|drink|vape|chew|have|use (?:tobacco|drugs|alcohol|insulin))\b)|(?<=\w )not(?= (?:touched|exchanged|changed|replaced|removed|opened|entered|biopsied|closed|repaired|injected|resected|excised|disturbed|moved)\b)|(?:\A|(?<=[.;:?!] ))not(?: an?|(?= \w+ic\b))|absence of|free of|rather than|instead of|negative for|ruled out|(?<=, )not|(?<=\()not|(?:but|and) not)\b",
        re.IGNORECASE,
    ),
    "uncertain": re.compile(
        r"\b(?:maybe|possibl[ey]|probabl[ey]|perhaps|suspect(?:ed|s|ing)|approximately|approx|roughly|about|around|not sure|unsure|unclear"
        r"|i think|i guess|might have|may have|rule out|r/o|likely)\b",
        re.IGNORECASE,
    ),
}
_CLAUSE_END = re.compile(
    r"[.;:?!)\n](?!\d)| [-–—] |, (?:but|and|so|then)\b|\b(?:but|however|although|though|except|while|whereas|plus|(?<!not )also)\b",
    re.IGNORECASE,
)
#: A negation ends where the next thing is told: at a comma or an "and", unless a list goes on ("no pus, fever or swelling"),
#: and where it turns into something ("with no history turned into a biopsy").
_NEXT = re.compile(r",(?!\d)|\band\b(?! (?:no|not|without|never)\b)|\b(?:turned (?:in)?to|became|converted to)\b", re.IGNORECASE)
#: "Without the child for 50 minutes": what was done for so long is not what was missing.
_LASTED = re.compile(rf"\bfor (?:{NUMBER}|an?|half)[- ]?(?:min|hours?\b|hrs?\b)", re.IGNORECASE)
#: "Placed without any fuss the same day": how it went, and the denial ends there.
_MANNER = re.compile(
    r" (?:any |an? |much |further |the (?:least|slightest) )?(?:fuss|trouble|problems?|issues?|incident|difficult(?:y|ies)|hitch|drama|ado|event)\b"
    r"(?! (?:with|of|in|on|from|(?:(?:was|were|are|is|that we) )?(?:found|noted|seen|identified|detected|discovered|uncovered))\b)",
    re.IGNORECASE,
)
#: "Psychotherapy without E/M 45 minutes", "no medication visit, 60 min": how long that lasted which was done. What was missing is
#: named right behind the cue; "without 30 minutes of it" and "no note of 45 minutes" deny the minutes themselves.
_BESIDE = re.compile(
    r" (?:(?!of\b|for\b|than\b|more\b|less\b|least\b|over\b|about\b|full\b|reach\w*|spen\w*|doc\w*|record\w*|not[ei]\w*|time\b|\w+ing\b"
    rf"|{NUMBER})[\w/&-]+ ){{1,4}}(?=\(?{NUMBER} ?-?(?:min|hours?\b|hrs?\b))",
    re.IGNORECASE,
)
#: "His colleague who was not doing the reduction ran the sedation": what is denied ends where the colleague's own work is told.
_WHO = re.compile(r"\b(?:who|that|which) $", re.IGNORECASE)
_MAIN_VERB = re.compile(
    r"(?<=\w) (?:ran|gave|gives|provided|provides|watched|managed|handled|administered|administers|pushed|supervised|sedated|monitored|took (?:over|care)|did)\b",
    re.IGNORECASE,
)
#: "A man with nothing acute comes for his adjustment", "a lady without symptoms had a mammogram": what somebody lacks ends where it
#: is told what was done to them.
_LACKING = re.compile(r"\bwith $", re.IGNORECASE)
_THEN_DONE = re.compile(
    r"(?: (?!who\b|which\b|that\b|what\b|anyone\b|evidence\b|signs?\b|proof\b|record\w*|note\b|order\w*|mention\b|documentation\b)[\w/-]+){1,4}(?P<done>"
    r" (?:comes?|came|underwent|undergoes|receives|presents|presented|gets|got|had|has|went|goes|returned|returns|walks|walked"
    r"|(?:was|were|is|are) (?:given|seen|treated|admitted|brought|scheduled|scanned|injected|tested|screened|started|examined|operated|transfused))\b)",
    re.IGNORECASE,
)
#: "A catheter without a port pulled": the catheter was pulled, and there was no port.
_ACTED = re.compile(
    r"(?:an?|the|its) (?:\w+ )?\w+(?P<act> (?:(?:was|were) )?(?:pulled|removed|swapped|exchanged|replaced|placed|inserted|changed|taken out"
    r"|put in)\b)",
    re.IGNORECASE,
)
#: "Biopsy was not taken", "diabetes not mentioned": what is told before is denied …
_NOT_DONE = re.compile(
    r"(?<=\w) (?:(?:was|were|is|are|has been|have been|had been) )?(?:not|never)(?: yet| also| actually)? (?:done|performed|taken|used|obtained"
    r"|given|administered|carried out)\b(?! (?:by|here|until|in|on|at|under|with|through|together|separately|the same|as|because|for)\b)"
    r"|(?<=\w) (?:(?:was|were|is|are) )?left (?:alone|untouched)\b|(?<=ed) nothing\b(?! (?:else|more|but|other|of|about|except))"
    r"|(?<=\w) (?:(?:(?:was|were|is|are) )?(?:not|never)|isn't|wasn't|aren't|weren't)(?: even| really)? (?:an? )?(?:issue|concern|worry|factor)s?\b(?! (?:for|with|about|of|that)\b)"
    r"|(?<=\w) (?:(?:was|were|is|are|has been|have been) )?(?:not|never)(?: yet)? (?P<told>mentioned|documented|recorded|charted)\b",
    re.IGNORECASE,
)
#: … from the last joint on, four words at most; where it is the telling that is missing, only a thing itself, not its kind or size.
_JOINT = re.compile(
    r"[.,;:?!()\n]|\b(?:and|but|with|while|though|because|since|so|then|that|which|who|if|when|where|the|an?|his|her|my|our|their|we"
    r"|he|she|they|i|was|were|is|are|had|has|have)\b",
    re.IGNORECASE,
)
_ASPECT = re.compile(
    r"\bof\b|\b(?:types?|stages?|severity|sites?|side|size|depth|laterality|cause|degree|time|minutes?|start|stop|units?|numbers?|notes?"
    r"|extent|level|reason|name|dates?|location|length|width|area|specifics?|amount|dose|route|details?|organism|relationship|link)$",
    re.IGNORECASE,
)
_TAKEN_FOR = re.compile(
    r"\b(?:as|thought to be|thought (?:it |this )?was|looked like|suspicious for|suspected|presumed|concern(?:ing)? for|worried about|for)"
    r"(?: (?:an?|the|possible|probable|suspected|likely))* (?P<guess>(?!an?\b|the\b)[\w-]+(?: (?!but\b|and\b|path)[\w-]+){0,2})"
    r"(?:,|;|\.)? (?:but|however|though|yet|and then)(?: then)?,? (?:the )?(?:final )?(?:path\w*|biopsy|report|histology|frozen)(?: report| result)?s?"
    r" (?:c[oa]me back|comes back|returned|show(?:ed|s)|sa(?:id|ys)|reads?|was|were|is|turned out|proved|confirmed)\b",
    re.IGNORECASE,
)
#: What was thought of on the way and given up: "first thought it was X", "X was considered but not present", "listed X, test
#: negative", "wrote X, but crossed that out", "X ruled out" at the end of its clause.
_GUESS = r"(?P<guess>(?!an?\b|the\b)[\w'-]+(?: (?!but\b|and\b|was\b|is\b|were\b|who\b|which\b)[\w'-]+){0,4}?)"
_GIVEN_UP = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"\b(?:(?:first|initially|originally|at first|early on)(?: he| she| they| we| everybody| everyone)? (?:thought|believed|suspected|feared|assumed|called)"
            r"|(?:thought|believed|suspected|feared|assumed) (?:at )?first)(?: (?:it|this|that|of)\b)?(?: (?:was|is|to be|might be|could be))?(?: an?| the| regular| simple)*"
            rf" {_GUESS}(?=[,.;:!?)]| and\b| but\b| until\b| before\b| because\b| \(|$)"
        ),
        (
            rf"(?<!\w)(?:an? |the )?{_GUESS} (?:was|were|had been) (?:considered|suspected|feared|entertained|thought of|discussed|on the differential),? (?:but|and|then)"
            r" (?:(?:was|were|then|later|finally|soon) )*(?:not (?:present|found|seen|confirmed|there|diagnosed|proven)|ruled out|excluded|never (?:confirmed|found|proven)|dropped|discarded)\b"
        ),
        (
            r"\b(?:listed|considered|suspected|feared|worried about|thought of|queried|put down)(?: an?| the| possible)* "
            rf"{_GUESS},? (?:but )?(?:the |his |her |its |which )?(?:tests?|swabs?|pcr|cultures?|results?|ct|mri|scan|films?)? ?(?:was |were |came back |is |are |has been )?(?:negative|ruled out|excluded)\b"
        ),
        (
            r"\b(?:wrote|put|listed|typed|had|charted|documented)(?: down)?(?: an?| the)* "
            rf"{_GUESS},? but (?:then )?(?:the |our |his |her )?(?:\w+ )?(?:cross(?:ed|es)|struck|strikes|scratched|took|takes|deleted|corrected|retracted|removed) (?:that|it|this)\b"
        ),
        rf"(?<!\w){_GUESS} (?:(?:was|were|is|has been|had been) )?(?:later |then |finally |soon )?(?:ruled out|excluded)(?= ?(?:[.,;)]|by\b|on\b|with\b|after\b|and\b|but\b|$))",
    )
)
#: "The right ear hears normally": nothing is wrong with that side.
_SPARED = re.compile(
    r"\b(?P<side>(?:right|left|other) (?:ear|eye|knee|hip|shoulder|wrist|hand|foot|leg|arm|ankle|elbow|breast|kidney|lung|side))"
    r" (?:(?:is|was|hears|looks|moves|sees|tests|tested) )?(?:\w+ly )?(?:normal(?:ly)?|fine|unaffected|clear|healthy)\b",
    re.IGNORECASE,
)
#: "Stretcher van? no its BLS", "Hyalgan? no - PRP": what a short question asks, and its own answer takes back. What may be billed
#: is asked otherwise.
_TAKEN_BACK = re.compile(
    r"(?:\A|(?<=[.!:;,\n(] )|(?<=[\n(]))(?P<asked>(?![^?]*\b(?:bill\w*|cod\w+|modif\w+|report\w*|charg\w+|claim\w*|allow\w*|need\w*|\d{5})\b)"
    r"[^.?!;:,\n(]{3,45})\? ?(?:no|nope|nah)(?=\W{0,2}$| ?[,.;!–—-]| (?:it'?s|it was|just|only|he|she|they|we|this was|that was)\b)",
    re.IGNORECASE,
)
#: "The first was delivered in Guam": the birth of an older child, where no twins are born. How it was born may decide the next.
_OLDER_CHILD = re.compile(
    r"\b(?:her|the) (?:first|older|oldest|other|last|previous)(?: (?:one|baby|child|kid|son|daughter|boy|girl|pregnancy))? (?P<birth>(?:(?:was|were) )?"
    r"(?:delivered|born))\b(?![^.;?!\n]{0,30}\b(?:c-?sections?|cesarean|section|vagin\w+|forceps|breech|vacuum|at \d|twins?|second)\b)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:twins?|triplets?|multiples)\b", re.IGNORECASE)
#: "T8 is an old fracture from 2022, left alone".
_LEFT_ALONE = re.compile(
    r"\b(?P<side>[CTL]\d{1,2}) (?:is|was|has|had|shows|showed|fracture|fx|old|healed|which)\b(?:(?! [CTL]\d)[^.;?!\n]){0,60}?"
    r"\b(?:left (?:alone|untouched|as (?:is|it was))|not (?:treated|touched|done)|untouched)\b",
    re.IGNORECASE,
)
_ONE_SIDE = re.compile(r"\b(?:bilateral|both (?:sides|eyes|knees|ears)|left|right)\b", re.IGNORECASE)
_LOOK_BACK = 60
_LISTED = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
_REQUEST = re.compile(r"let|look|appreciate|hope", re.IGNORECASE)
#: "Thanks,\nAna" at the end of a letter: whoever signs asks for no antinuclear antibodies.
_NAME_BELOW = re.compile(r"[,.!]?\s*\n\s*[A-Z][a-z]+(?: [A-Z][a-z.]+){0,2}\s*\Z")
_POLITE = 45  # characters that a polite ending may go on for
_SENTENCE_STOP = re.compile(r"[.?!\n]")
_COURTESY = re.compile(
    r"\b(?:thanks|thank you|thx|i hope|hope (?:you|this|all)|have a (?:nice|good|great)|(?:best|kind|warm) regards|sincerely|cheers"
    r"|good (?:morning|afternoon|evening)|let (?:me|us) know|look(?:ing)? forward|appreciate)\b",
    re.IGNORECASE,
)


def read_scopes(text: str) -> list[Fact]:
    """Every stretch that is negated, in doubt or claimed by somebody, in the order of the text."""
    found = [
        Fact(kind, cue.group().lower(), _reach(text, cue.start(), cue.end(), kind))
        for kind, pattern in _CUES.items()
        for cue in islice(pattern.finditer(text), MAX_CUES)
    ]
    return sorted(
        [
            *found,
            *hearsay(text),
            *_denied_behind(text),
            *_spared(text),
            *_overturned(text),
            *_of_an_older_child(text),
            *_taken_back(text),
            *_given_up(text),
            *_courtesies(text),
            *wondered(text),
        ],
        key=lambda fact: fact.span.start,
    )


def _denied_behind(text: str) -> list[Fact]:
    """What is denied by words behind it."""
    found = []
    for cue in islice(_NOT_DONE.finditer(text), MAX_CUES):
        begin = max(0, cue.start() - _LOOK_BACK)
        begin = max((joint.end() for joint in _JOINT.finditer(text, begin, cue.start())), default=begin)
        words = list(re.finditer(r"[\w'/-]+", text[begin : cue.start()]))[-2 if cue["told"] else -4 :]
        if not words or (cue["told"] and _ASPECT.search(text[begin : cue.start()])):
            continue
        start = begin + words[0].start()
        found.append(Fact("negated", cue.group().strip().lower(), Span(start, cue.start(), text[start : cue.start()], BEHIND)))
    return found


def _spared(text: str) -> list[Fact]:
    """The sides and vertebrae of which the letter says that nothing is wrong with them, or that they were left as they were."""
    found = (cue for pattern in (_SPARED, _LEFT_ALONE) for cue in islice(pattern.finditer(text), MAX_CUES))
    return [_denied(text, "normal", cue.start(), cue.end("side")) for cue in found if cue.start()]


def _overturned(text: str) -> list[Fact]:
    """What something was taken for before the pathologist said what it is: "excised as a melanoma, but path came back a nevus"."""
    return [_denied(text, "path", *cue.span("guess")) for cue in islice(_TAKEN_FOR.finditer(text), MAX_CUES)]


def _of_an_older_child(text: str) -> list[Fact]:
    """The births of children before the one that the letter is about."""
    if _SEVERAL.search(text):
        return []
    return [_denied(text, "older child", *cue.span("birth")) for cue in islice(_OLDER_CHILD.finditer(text), MAX_CUES)]


def _taken_back(text: str) -> list[Fact]:
    """What the letter asks itself and answers with a no; where that holds a side, it is the side that is taken back."""
    asked = [cue.span("asked") for cue in islice(_TAKEN_BACK.finditer(text), MAX_CUES)]
    found = [side.span() if (side := _ONE_SIDE.search(text, *stretch)) else stretch for stretch in asked]
    return [Fact("negated", "no", Span(start, end, text[start:end], BEHIND)) for start, end in found]


def _given_up(text: str) -> list[Fact]:
    """What was thought of on the way to what it is; of the words before "was considered" those behind the last joint."""
    found = []
    for cue in (cue for pattern in _GIVEN_UP for cue in islice(pattern.finditer(text), MAX_CUES)):
        start, end = cue.span("guess")
        start = max((joint.end() for joint in _JOINT.finditer(text, start, end)), default=start)
        if start < end:
            found.append(Fact("negated", "given up", Span(start, end, text[start:end], BEHIND)))
    return found


def _denied(text: str, cue: str, start: int, end: int) -> Fact:
    """A stretch that is denied as a whole: a scope leaves out its first character, so it begins one before."""
    return Fact("negated", cue, Span(start - 1, end, text[start - 1 : end], "negated"))


def _courtesies(text: str) -> list[Fact]:
    """Thanks and greetings, from their cue to the end of the sentence. One that holds a number or asks something is none.

    "Let me know the code for …" asks: what goes on for long after such words is no courtesy.
    """
    found = []
    for cue in islice(_COURTESY.finditer(text), MAX_CUES):
        start = cue.start()
        stop = up_to(_SENTENCE_STOP, text, cue.end(), CLAIM_REACH)
        asks = _REQUEST.match(cue.group()) and stop - cue.end() > _POLITE
        if text[stop : stop + 1] != "?" and not asks and not any(char.isdigit() for char in text[start:stop]):
            below = _NAME_BELOW.match(text, stop)
            stop = below.end() if below else stop
            found.append(Fact("courtesy", cue.group().lower(), Span(start, stop, text[start:stop], "courtesy")))
    return found


def _reach(text: str, start: int, cue_end: int, kind: str) -> Span:
    stop = up_to(_CLAUSE_END, text, cue_end, REACH)
    if kind == "negated" and (joint := _NEXT.search(text, cue_end, stop)) and not _LISTED.search(text, joint.end(), stop):
        stop = joint.start()
    if kind == "negated" and _WHO.search(text, max(0, start - 6), start):
        stop = up_to(_MAIN_VERB, text, cue_end, stop - cue_end)
    if text[start:cue_end].lower() in ("without", "w/o", "no"):
        beside = _BESIDE.match(text, cue_end, len(text))
        stop = min(stop, beside.end()) if beside else stop
        manner = _MANNER.match(text, cue_end, stop)
        stop = min(stop, manner.end()) if manner and not _LISTED.match(text, manner.end() + 1) else stop
    if text[start:cue_end].lower() in ("without", "w/o") or _LACKING.search(text, max(0, start - 6), start):
        done = _THEN_DONE.match(text, cue_end, stop) if kind == "negated" else None
        stop = min(stop, done.start("done")) if done else stop
    if text[start:cue_end].lower() in ("without", "w/o"):
        lasted, acted = _LASTED.search(text, cue_end, stop), _ACTED.match(text, cue_end + 1, stop)
        stop = min(lasted.start() if lasted else stop, acted.start("act") if acted else stop)
    return Span(start, stop, text[start:stop], kind)


def mark(facts: list[Fact], scopes: list[Fact]) -> list[Fact]:
    """The facts, each told whether it is negated or uncertain. A fact that holds the cue itself ("without contrast") is not."""
    negated = [(s.span.start - (s.span.label == BEHIND), s.span.end) for s in scopes if s.dimension == "negated"]
    doubted = [(s.span.start, s.span.end) for s in scopes if s.dimension == "uncertain"]
    return [replace(f, negated=_within(f.span.start, negated), uncertain=_within(f.span.start, doubted)) for f in facts]


def _within(place: int, stretches: list[tuple[int, int]]) -> bool:
    """Is the place inside a stretch, after its first character? Stretches come in order, so a look at the last few is enough."""
    at = bisect_right(stretches, (place, 0))
    return any(start < place < end for start, end in stretches[max(0, at - 4) : at])
