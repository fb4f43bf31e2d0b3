"""What a patient or a relative wanted to know or phoned about, beside the matter of the letter: it asks nothing of the biller.

"He asked about shingles too but …", "She only wants to know when she can drive again". A stretch reaches from the one who asks to
the end of the clause. One that speaks of codes, bills or coverage is the letter's own matter.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from itertools import islice

from consultant.question.reach import up_to
from consultant.vocabulary import Fact, Span

MAX_CUES = 40
REACH = 160
_WHO = (
    r"(?:(?:the|her|his|our|this|their) )?(?:patients?|pts?|mom|mother|dad|father|parents?|daughter|son|wife|husband|grandma|grandmother|sister|brother"
    r"|he|she|they|(?:mr|mrs|ms)\.? [a-z]{1,15})"
)
_ONLY = r"(?:(?:, who [^,.;?!\n]{3,30},)? (?:also|only|just|mainly|then|still|already|keeps?|kept|really|mostly|did|is|was|has))*"
_WONDERED = re.compile(
    rf"\b{_WHO}{_ONLY} (?:(?:asked|asks|asking|wondered|wonders|wondering|inquired) (?:(?P<about>about)|when|how soon|how long|if|whether)"
    rf"|(?:wants?|wanted) to know (?:when|how soon|how long|if|whether)"
    rf"|(?:phoned|phoning|phones|called|calling|calls|complained|complaining|complains|upset|angry|mad) about (?:an?|the|his|her) (?:\$\d[\d,]* )?bill from)\b",
    re.IGNORECASE,
)
#: Where what is done about it, or another thing, is told.
_END = re.compile(
    r"[.;?!\n](?!\d)| [-–—] |, (?:and|so|which|but|who|then|because|we|i|he|she)\b|\b(?:but|however|so (?:we|i|the|dr|he|she)|and (?:we|i|he|she|it|the|dr|then)"
    r"|which (?:we|dr|he|she|it|the|was|got)|that we)\b",
    re.IGNORECASE,
)
#: What was asked about is told as a thing beside another one, or as left alone; else it may be what was done.
_TOO = re.compile(r"\b(?:also|too|as well|even)\b", re.IGNORECASE)
_LEFT = re.compile(
    r"\W*(?:but|which (?:we|he|she|dr\.? \w+) (?:declined|refused|did ?n[o']t|didn't|left|put off|deferred))\b", re.IGNORECASE
)
#: Or the doctor went on and did it.
_DID_IT = re.compile(
    r"\W*(?:and|so|then|which)(?: then)? (?:we|i|he|she|it|they|dr\.? \w+|the \w+)"
    r"(?! (?:declined|refused|sent|told|said|referred|explained|did ?n[o']t|didn't|will|left|put off|deferred)\b)",
    re.IGNORECASE,
)
#: The biller's own matter.
_MATTER = re.compile(
    r"\b(?:cod(?:e[sd]?|ing)|bill(?:ed|ing|able)|modifiers?|claims?|cover\w{0,5}|pays?|paid|payable|units?|cpt|icd|dx|medicare|medicaid|insur\w+"
    r"|appeal\w*|den(?:y|ied|ial)|charged?|refunds?|waiv\w+|abns?|records?|copies|copay\w*|deductible\w*)\b",
    re.IGNORECASE,
)


def wondered(text: str) -> list[Fact]:
    """The stretches, each a courtesy: no phrase of it tells what was done."""
    found = []
    for cue in islice(_WONDERED.finditer(text), MAX_CUES):
        stop = up_to(_END, text, cue.end(), REACH)
        if text[stop : stop + 1] == "?" or _MATTER.search(text, cue.end(), stop) or _DID_IT.match(text, stop):
            continue
        beside = not cue["about"] or _TOO.search(text, cue.start(), stop) or _LEFT.match(text, stop)
        if beside:
            found.append(Fact("courtesy", cue.group().lower(), Span(cue.start(), stop, text[cue.start() : stop], "courtesy")))
    return found
