"""What a letter tells beside the work it asks about: what was thought of and not done, and what was done at another time.

"Ablation had been discussed, but she decided no", "she was thinking of a LEEP, but the patient has no driver", "the other eye looks
hazy too, but he'll leave it": such words bring no service and say no value of one. "Last month the same man had one drained at
the ER", "my partner had put it in three weeks ago, that was paid": of a story that tells today's work elsewhere, they bring none
either, but what they say may still choose among the codes of today ("come back", "within ninety days").
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

KEPT = 4  # letters
_MOST = 40
Stretches = tuple[tuple[int, int], ...]
_SENTENCE = re.compile(r"(?:[^.;?!\n]|\.(?=\d))+[.;?!\n]?")
#: What turns a wish into what became of it.
_TURN = re.compile(r",? ?\b(?:but|however|though|although|yet|so)\b|,? and (?=then (?:did|decided)|never|decided)", re.IGNORECASE)
#: Thoughts: "but" alone takes them back …
_THOUGHT = re.compile(
    r"\b(?:(?:was|were|am|is|are|been) (?:thinking (?:of|about)|considering|tempted|toying)|thought (?:of|about)|(?:had )?considered|toyed with"
    r"|(?:was|were) (?:going|about|supposed|meant) to|(?:may|might) (?:have to|need)|talked about|had in mind|ask(?:ed|s) about)\b",
    re.IGNORECASE,
)
#: … plans and wishes only where the letter goes on to say that nothing came of them.
_PLANNED = re.compile(
    r"\b(?:planned|planning|wanted|meant|hoped|intended|asked for|ordered|requested|booked for|scheduled for|on the schedule for|consented (?:for|to)|offered)\b",
    re.IGNORECASE,
)
#: "Ablation had been discussed and consented": what is meant stands before.
_TALKED_OF = re.compile(
    r"\b(?:had been|has been|was|were) (?:also )?(?:discussed|planned|considered|offered|scheduled|booked|ordered|requested|consented|talked about|on the (?:schedule|consent|table))\b",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"\b(?:(?:did|do|does) ?(?:not|n'?t)|decided (?:no|not|against)|said no|(?:she|he|patient|pt|mom|mother|wife|husband|parents) (?:declined|refused)"
    r"|(?:was|were|is|has|have) ?(?:not|n'?t)(?: been)? (?:done|needed|necessary|performed|indicated)|not (?:done|needed|necessary)"
    r"|never (?:happened|did|done|got)|changed (?:her|his|their) minds?|backed out|held off|(?:skipped|dropped) (?:it|that)|no need"
    r"|(?:only|just) did|did only)\b",
    re.IGNORECASE,
)
#: What is put off is told with no word of planning.
_PUT_OFF = re.compile(
    r"\b(?:(?:wants?|wanted|prefers?|preferred|decided|chose|rather|will|'ll|would) (?:to )?(?:wait|hold off|think (?:about it|it over))"
    r"|(?:will|'ll|would|decided to|chose to) (?:leave|watch) (?:it|that|this|them|those|alone)\b|put (?:it|that|this|them|those) off"
    r"|(?:do not|don'?t) do (?:it|that|those|them) here)\b",
    re.IGNORECASE,
)
#: Where it was begun or done all the same, nothing was given up.
_BEGUN = re.compile(
    r"\b(?:could ?n[o']t|could not|couldn'?t|unable|fail\w*|abort\w*|stopped|attempt\w*|tried|anyway|after all|ended up|converted|only (?:got|reached|made)"
    r"|in the end|went ahead|instead (?:did|used|placed))\b",
    re.IGNORECASE,
)
#: "Circumflex had 40% and was left alone": what stands before it was only seen.
_LEFT_ALONE = re.compile(
    r",? (?:(?:and|but|so) )?(?:(?:it|that|they|which|which the doctor|which the doc|which he|which she) )?(?:(?:was|were) )?"
    r"(?:(?:only |just )?(?:looked at|seen|probed|inspected) and )?(?:(?:was|were|is) )?(?:left (?:alone|for later|untouched|as (?:it is|is))|not touched)\b"
    r"|, left in place\b|,? (?:was|were) (?:probed|inspected|palpated|looked at|examined) and (?:(?:was|were|is|looked|found) )?(?:to be )?(?:fine|intact|normal|ok|okay|healthy|stable)\b",
    re.IGNORECASE,
)
#: "Possible open cholecystectomy" at the head of a note.
_POSSIBLE = re.compile(
    r"\bpossible (?P<what>(?:\w+ ){0,2}?(?:open|opening|conversion|laparotomy|[a-z]{3,20}(?:ectomy|plasty|otomy|ostomy))(?: [a-z]{3,20}(?:ectomy|plasty|otomy|ostomy))?)\b",
    re.IGNORECASE,
)
#: "Back to the OR tomorrow", "taking her back to the OR next week": what is to come is no return of today.
_TO_COME = re.compile(
    r"\b(?:(?:going|goes|go|taking|takes?|bring\w*|be taken|return\w*|coming|comes?|(?:is|will be) (?:scheduled|booked|planned)) (?:to go )?)?(?:(?:him|her|them|the patient) )?"
    r"(?:back (?:in)?to|return to) (?:the )?(?:or|operating room|theater|surgery) (?:again )?"
    r"(?:tomorrow|next (?:week|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|later this (?:week|month)|in (?:an?|two|three|a few|\d{1,2}) (?:days?|weeks?))\b",
    re.IGNORECASE,
)
#: "One on her husband's neck": of another one's body.
_OF_ANOTHER = re.compile(
    r"\b(?:her|his) (?:husband|wife|sister|brother|friend|neighbou?r|boyfriend|girlfriend)'?s"
    r" (?!(?:plan|insurance|job|employer|coverage|policy|card|name|work)\b)[\w-]+",
    re.IGNORECASE,
)
#: "Which the night service read, not us": the sentence tells another one's work.
_NOT_US = re.compile(
    r"(?:, |\b(?:and|but) )(?:that (?:is|was) )?(?:not (?:us|ours|by us|our (?:group|doctor|doc|practice))\b|we did not (?:do|read) (?:it|that)\b)",
    re.IGNORECASE,
)
#: What an operation leaves says which operation it was: "ovaries left alone".
_SPARED = re.compile(r"\b(?:ovar\w+|tubes?|cervix|uterus|prostate|test(?:es|is)|nodes?|skin|nipples?)\s*$", re.IGNORECASE)
_DID = re.compile(
    r"\b(?:did|done|took|taken|removed|injected|excised|opened|placed|inserted|froze\w*|treated|repaired|performed|released|drained|shaved|biopsied"
    r"|burned|cut|scraped|gave|given|fixed|replaced|debrided|billed|coded|charged)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:what|which|how) (?:do|does|should|can|is|are|code|to|about)\b|\bmodifiers?\b", re.IGNORECASE)

#: "Moderate, chest x-ray and CBC ordered": what a visit ends with, told with the participle behind it …
_ORDERED = re.compile(
    r"(?<= )(?:(?:was|were) )?ordered(?= (?:for (?:next|later|tomorrow|monday|tuesday|wednesday|thursday|friday)|with|at|from|to)\b"
    r"|[.,;]|\s*\Z)",
    re.IGNORECASE,
)
_A_VISIT = re.compile(
    r"\b(?:mdm|levels? [1-5]|visit|e/?m|992\d\d|99[34]\d\d|seen|saw|admit\w*|decision making|complexity)\b", re.IGNORECASE
)
#: … unless it was done here too, or is what the letter disputes.
_DONE_HERE = re.compile(
    r"\b(?:done|did|perform\w*|ran|runs?|took|taken|gave|given|in[- ]house|our (?:own )?(?:lab|x-?ray|machine|scanner|tech\w*)|results?|resulted"
    r"|came back|show(?:s|ed)|positive|negative|interpret\w*|drew|drawn|collected|read|reads|same day|both|also|imaging|but|not ordered|completed|denied|report)\b",
    re.IGNORECASE,
)
#: What an item of such a list is not: who was seen, for what, and at which level.
_NO_ITEM = re.compile(
    r"\d{5}|\b(?:mdm|moderate|low|high|straightforward|level|visit|patient|pt|established|new|seen|saw|came|comes|year|yo|pain|for|with|he|she|we|is|had|has"
    r"|doctor|physician|follow)\b",
    re.IGNORECASE,
)
_ITEM_END = re.compile(r"[,.;:?!\n](?:\s|$)|\b(?:and|then|plus)\b", re.IGNORECASE)
_MOST_ITEMS = 5

_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_SEASON = r"(?:spring|summer|fall|winter)"
_MANY = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|a few|some|couple)"
_THEN = re.compile(
    rf"\b(?:last (?:year|month|week|{_SEASON}|{_MONTH})|(?:back )?in (?:(?:the|late|early|this past) )?(?:{_SEASON}|{_MONTH})\b(?! \d{{1,2}}(?:st|nd|rd|th)?\b)"
    rf"|{_MANY} (?:weeks?|wks?|months?|mos?|years?|yrs?) (?:ago|before that|earlier|back|prior)|(?:years|months) ago)\b",
    re.IGNORECASE,
)
#: Who else did it, or that it is over and paid: one of them is told with the time.
_NOT_OURS = re.compile(
    r"\b(?:the|that|this) same (?:patient|pt|guy|man|lady|woman|kid|child|gentleman)\b|\b(?:\A|(?<=\. ))?same (?:patient|pt|guy|lady) (?:had|got)\b"
    r"|\b(?:an(?:other)?|a different|some other|the other|an outside) (?:\w+ )?(?:clinic|office|practice|hospital|group|doctor|doc|surgeon|town|state|place|facility)\b"
    r"|\b(?:the|an) (?:er|ed|urgent care)\b|\bsomewhere else\b|\belsewhere\b"
    r"|\b(?:that|those|these|it|which)(?: one)? (?:was|were|has been|have been|is|are)(?: all)? (?:already )?(?:billed|paid|coded|settled)\b"
    r"|\b(?:was|were) billed (?:then|already|separately|by)\b|\b(?:paid|billed) already\b|\balready (?:billed|paid)\b"
    r"|\b(?:my|his|her|our|the) partner(?: doc\w*| dr)? (?:had|did|put|placed|took)\b|\b(?:he|she|they|we) had (?:put|placed|tried|done|taken|removed|had|injected|seen|given)\b"
    r"|\b(?:the|her|his|a) (?:podiatrist|dermatologist|pcp|gp|family doctor|dentist|chiropractor|cardiologist|urologist|orthopedist) (?:\w+ed|did|took|put|gave|cut|froze)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:today|tonight|now|yesterday|this (?:morning|week|time|visit)|comes?|came|returns?|returned|presents?|presented|here for|back for|follow(?:ed)? up)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=KEPT)
def given_up(whole: str) -> Stretches:
    """The stretches of a letter that tell what was only thought of, planned, put off or seen."""
    told = (one.span() for one in _telling(whole))
    turned = [turn for start, end in told if not _NOT_US.search(whole, start, end) and (turn := _turned(whole, start, end))]
    possible = [match.span("what") for match in islice(_POSSIBLE.finditer(whole), _MOST)]
    to_come = [match.span() for match in islice(_TO_COME.finditer(whole), _MOST)]
    return (*turned, *possible, *to_come, *_left_alone(whole), *_ordered(whole))


def _ordered(whole: str) -> Stretches:
    """What a visit only ended with an order for, in a letter that tells of no test or treatment done."""
    told = [*islice(_ORDERED.finditer(whole), _MOST)]
    if not told or not _A_VISIT.search(whole) or _DONE_HERE.search(whole):
        return ()
    return tuple((_items_before(whole, one.start()), one.start()) for one in told)


def _items_before(whole: str, end: int) -> int:
    """Where the list begins that ends here: "x-ray, CBC and strep test", back to what is no such item."""
    begin = end
    for _ in range(_MOST_ITEMS):
        ends = [match for match in _ITEM_END.finditer(whole, max(0, begin - 60), begin) if match.end() < begin]
        start = ends[-1].end() if ends else max(0, begin - 60)
        if _NO_ITEM.search(whole, start, begin):
            break
        begin = ends[-1].start() if ends else start
        if not ends or ends[-1].group()[0] in ".;:?!\n":
            break
    return begin


@lru_cache(maxsize=KEPT)
def not_ours(whole: str) -> Stretches:
    """The stretches of what somebody else did, and on whose body it was not. A rule on who bills what may well speak of them."""
    told = (one.span() for one in _telling(whole))
    others = [(start, other.start()) for start, end in told if (other := _NOT_US.search(whole, start, end))]
    return (*others, *(match.span() for match in islice(_OF_ANOTHER.finditer(whole), _MOST)))


def _left_alone(whole: str) -> Stretches:
    """The clauses of what was seen and left alone."""
    found = []
    for match in islice(_LEFT_ALONE.finditer(whole), _MOST):
        start = max(whole.rfind(stop, 0, match.start()) for stop in (*".,;:?!\n", " and ", " but ")) + 1
        if not _DID.search(whole, start, match.start()) and not _SPARED.search(whole, start, match.start()):
            found.append((start, match.start()))
    return tuple(found)


def _turned(whole: str, start: int, end: int) -> tuple[int, int] | None:
    """What a sentence tells before it turns, where it takes that back."""
    for turn in islice(_TURN.finditer(whole, start, end), 3):
        behind = whole[turn.end() : end]
        if _BEGUN.search(whole, start, end) or _ASKS.search(behind):
            return None
        if thought := _THOUGHT.search(whole, start, turn.start()):
            return thought.start(), turn.start()
        if _DROPPED.search(behind):
            if talked := _TALKED_OF.search(whole, start, turn.start()):
                return max(start, whole.rfind(",", start, talked.start()) + 1), turn.start()
            if plan := _PLANNED.search(whole, start, turn.start()):
                return plan.start(), turn.start()
        if _PUT_OFF.search(behind) and not _DID.search(whole, start, turn.start()):
            return start, turn.start()
    return None


@lru_cache(maxsize=KEPT)
def other_times(whole: str) -> Stretches:
    """The sentences of what was done at another time, and by somebody else or paid by now; none that ask or tell of today."""
    return tuple(
        one.span()
        for one in _telling(whole)
        if _THEN.search(one.group()) and _NOT_OURS.search(one.group()) and not _NOW.search(one.group())
    )


def _telling(whole: str) -> Iterator[re.Match[str]]:
    """The sentences of a letter that ask nothing."""
    return (one for one in islice(_SENTENCE.finditer(whole), _MOST) if one.group()[-1] != "?")
