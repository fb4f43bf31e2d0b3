"""What somebody else claims, proposes, keyed or wrote on a slip: it is told in the letter, and it is not what was done.

A claim reaches from its cue to the end of the sentence. Of a code that was billed for something ("the coder sent 20610 for the
knee") the code alone is claimed: what it was billed for was done.
"""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from itertools import islice

from consultant.question.reach import up_to
from consultant.vocabulary import Fact, Span

MAX_CUES = 80  # of each kind
CLAIM_REACH = 240
_CLAIMED = re.compile(
    r"\b(?<!\bhow )(?:(?:co-?worker|colleague|biller|coder|manager|supervisor|consultant|vendor|encoder|software|system|someone|somebody|website|web ?site"
    r"|article|blog|forum|page|rep|doctor|provider|auditor|resident|boss|partner|she|he|they|google|chatgpt|front desk|friend|owner)\b[^.;?!\n]{0,20}?\b(?:says?|said|lists?|listed|claims?|told|tells|suggests?"
    r"|suggested|picked|chose|defaulted|recommends?|recommended|insists?|wants?|thinks?|coded)"
    r"|\b(?:one|another|(?:a|the) (?:second|third)|the (?:other|next|first)|some|others|half)(?: one)?(?: of (?:us|them|(?:my|our|the) \w+))?"
    r" (?:says?|said|wants?|wanted|thinks?|thought|insists?|insisted|prefers?|votes?|picks?|picked|argues?|argued|swears?)"
    r"|\b(?:trainees?|trainer|interns?|clerk|scheduler|scheduling|secretary|predecessor|new hire|hire|lead|nurse|tech|technician|scrubber|buddy"
    r"|front desk|desk|girl|lady|vendor|charge ?master(?: person)?|supervisor|instructor|student|wife|husband|team|pa|np|ma|surgeon|therapist|doc|dr\.? \w+)\b"
    r"[^.;,?!\n]{0,20}?\b(?:thinks?|thought|believe[sd]?|figures?|wonders?|wondered|wants?(?! to know)|wanted(?! to know)|wishes|would (?:like|rather|use|prefer)"
    r"|propose[sd]?|suggest(?:s|ed)?|circled|insists?|swears?|argues?|fears)"
    r"|\b(?:superbill|slip|ticket|cheat ?sheet|charge ?sheet|old sheet|ehr|emr|router|(?:stock|price|drop-?down|favorites|charge) (?:list|menu|screen))\b[^.;?!\n]{0,20}?"
    r"\b(?:has|had|says?|shows?|reads?|lists?|listed|circled|(?:comes?|came) back with|calls?)"
    r"|\b(?:charges?|claim|line|slip|bill|superbill|it) (?:came|went|got) (?:across|over|through|out|in|down) as"
    r"|\b(?:mom|mother|dad|father|parents?|daughter|son|wife|husband|she|he) (?:only )?(?:wants?|wanted|asked for|needs?|needed)(?= (?:an?|the) (?:[\w-]+ )?(?:note|letter|form|estimate|copy)\b)"
    r"|\b(?:someone|somebody|others|some (?:people|coders|offices|practices))\b[^.;?!\n]{0,20}?\b(?:uses?|used|using|bills?|billed|billing|goes with|went with|takes)"
    r"(?= (?:the|that|an?) (?:[\w-]+ ){1,5}codes?\b)"
    r"|\b(?:someone|somebody)\b[^.;?!\n]{0,20}?\b(?:put|wrote|entered|proposed|circled|added|suggested|set|keyed|charged)"
    r"|\b(?:mom|mother|dad|father|parents?|grandma|daughter|son|sister|brother|wife|husband|patient|pt) (?:had |then |also |only |always )?(?:told (?:us|me|him|her|them|everyone|the \w+(?: \w+)?)|swears?|insists?|talked about|(?:was|is) sure)"
    r"|\b(?:triage|intake|booking|scheduling|consent|referral|transfer|old|prior) (?:note|form|sheet|slip|order|chart|report|letter|card)s?\b(?: \w+){0,2}? (?:says?|said|has|had|reads?|lists?|listed|shows?|calls?|called)"
    r"|\b(?:the|an?) (?:first|other|er|ed|referring|outside|previous|night) (?:doc|doctor|physician|surgeon|provider|nurse) (?:only |also |had |first )?(?:wrote|thought|called|talked|suspected|said|put down|believed)"
    r"|\b(?:biller|coder|billing (?:company|service|office)|front desk)\b[^.;?!\n]{0,20}?\b(?:used|put|entered|keyed|submitted|sent)|keeps? (?:writing|billing|using|putting|listing|sending|picking|posting|charging)|i (?:picked|chose|used|coded|billed)"
    r"|(?:i|we) (?:was|were|have been|had been) told to (?:use|put|code|bill|list|report|pick)|we (?:picked|chose|used|coded|billed|have been billing)|coded as|billed as|same code as|is (?:that|it|this) still)\b",
    re.IGNORECASE,
)
#: Who does the paperwork: whatever such people put, wrote or think, they did nothing to the patient.
_DESK = (
    r"(?:biller|coder|scheduler|clerk|secretary|receptionist|front desk(?: (?:man|lady|girl|guy|lead|person))?|new hire|hire|trainees?|trainer|intern"
    r"|predecessor|office (?:manager|mate)|manager|supervisor|director|buddy|friend|guy|rep|vendor|billing (?:company|service|office|department)"
    r"|software|template|system|claim|encoder|scrubber|clearinghouse|ehr|emr|temp|niece|nephew|scribe|charge (?:nurse|sheet|slip)"
    r"|(?<!we are )(?<!we're )(?<!i'm )(?<!i am )billing(?= (?:just |had |always |first )?(?:put|typed|keyed|entered|used|sent|posted|submitted|wrote|changed|picked|wants|says|said|thinks|insists)\b)"
    r"|(?:surgeon|doctor|hospital|group|provider)'s office|auditor|bookkeeper)"
)
#: Who treats patients too, so that only what they keyed or say is a claim.
_STAFF = (
    r"(?:pa|np|ma|rn|nurse|tech(?:nician)?|therapist|assistant|resident|fellow|student|partner|owner|colleague|co-?worker|team)"
)
#: Between the two and their verb: where they sit, or a clause of their own ("his PA, who is leaving on Friday, listed …").
_WHOSE = (
    r"(?:'s)?(?: (?:before (?:me|us|her|him)|at (?:our|my|the|another|a)(?: \w+){1,4}|across the hall|in (?:our|my) \w+|we had|here|there|upstairs"
    r"|who [^,.;?!\n]{3,40}))?(?:,? (?:who|whom|and|with|from)\b[^,.;?!\n]{3,50},)?"
    r"(?: (?:always|usually|still|just|already|had|has|have|would|also|then|only|first|simply|actually|really|once|even|now|originally|initially|keeps?|kept))*"
)
_KEYED = re.compile(
    rf"\b(?:{_DESK}{_WHOSE} (?:put|puts|typed|types|keyed|keys|entered|enters|listed|lists|coded|codes|billed|bills|charged|charges|used|uses|picked|picks|posted"
    r"|posts|added|adds|paired|pairs|sent|sends|submitted|authorized|requested|booked|wrote|changed|marked|selected|dropped|defaulted|swears?|thinks?|thought"
    r"|believes?|wants?(?! to know)|insists?|argues?|claims?|says?|said|told|tells|suggests?|proposes?|offers?|pulls?|downgraded|upgraded|downcoded|upcoded|switched|swapped|keying|putting|billing|coding|proposed|suggested|recommends?|recommended|offered|pairing)"
    rf"|{_STAFF}{_WHOSE} (?:typed|keyed|keys|entered|listed|lists|coded|billed|charged|charges|paired|submitted|posted|ticked|checked off|says?|said|swears?|argues?|insists?)"
    r"|(?:his|her|their|my|our|[a-z]+'s) (?:own |old |first )?(?:suggestion|guess|idea|theory|proposal|vote|pick|choice|draft|charge(?: sheet| slip)?|slip|list"
    r"|version|cheat ?sheet|superbill|template|favorites list|macro) (?:is|was|says?|said|has|had|reads?|lists?|shows?|still (?:has|says)|offer(?:s|ed)|pulls?"
    r"|picked|pulled|defaults?))\b",
    re.IGNORECASE,
)
#: "Last month's patient, who had node sampling": another one's story.
_ANOTHER = re.compile(
    r"\b(?:last (?:week|month|year)'s (?:patient|pt|case)|(?:an?|one) (?:separate|different) (?:patient|pt)"
    r"|another (?:patient|pt)(?:,| (?:last|of ours|of his|of hers|the week|the month|in the|had|has|with|who (?:had|has|got|came)|on that|that|seen|from))"
    r"|(?:his|her|the (?:patient|pt)'s) (?:twin |older |younger |little |big )?(?:sister|brother|mother|mom|father|dad|aunt|uncle|cousin|daughter|son|husband|wife)"
    r" (?:(?:had|has|got) (?:it|that|this|the same|one)\b|(?:takes|took|needs|needed|uses|used|is on|was on)(?! to\b)))\b",
    re.IGNORECASE,
)
#: A claim runs on over "and": the whole list is claimed.
#: "The coder wants 20611, we injected it without ultrasound": behind the comma the writer tells what was done.
_DID = r"(?:[a-z]{3,12}ed|did|read|saw|gave|put|took|made|cut|shot|sent out|drew|ran)\b"
_SENTENCE_END = re.compile(
    rf"[.;?!\n](?!\d)|\b(?:but|however)\b|(?<=\d), (?=(?:we|i|our [a-z]{{2,16}}) (?:only |just )?(?!billed|coded|used|charged){_DID})",
    re.IGNORECASE,
)
#: "We billed 20610 for the knee": the code is claimed, what it was billed for was done.
_OWN_CLAIM = re.compile(
    r"(?:i|we)\b|(?:doc|pa|np|ma|surgeon|therapist|nurse|tech)\b.*\b(?:wants?|wanted|would (?:like|rather|use|prefer)|circled)\Z"
    r"|.*\b(?:coded|codes|billed|bills|charged|charges|sent|sends|submitted|keyed|keys|posted|posts|billing|coding|keying)\Z",
    re.IGNORECASE,
)
_OWN_END = re.compile(
    r"[.;?!\n](?!\d)|,(?!\s?-?\d)|\b(?:for|because|since|when|after|on|but|however|and (?!-?\d))\b", re.IGNORECASE
)
#: "The old superbill has 724.2, that is ICD-9": what the sheet holds is the very code that is asked about.
_OLD_LIST = re.compile(r"\bicd-?\s?9\b", re.IGNORECASE)
_OLD_CODE = re.compile(r"(?<![\w.$])(?:\d{3}\.\d{1,2}|[Vv]\d{2}\.\d{1,2})(?![\w.]*\w)")


def hearsay(text: str) -> list[Fact]:
    """Every stretch that somebody else claims, each a Fact of dimension "claimed" whose value is its cue."""
    cues = (cue for pattern in (_CLAIMED, _KEYED, _ANOTHER) for cue in islice(pattern.finditer(text), MAX_CUES))
    found = {(cue.start(), cue.end()): cue.group().lower() for cue in cues}
    claims = [Fact("claimed", cue, _reach(text, start, end)) for (start, end), cue in found.items()]
    if not _OLD_LIST.search(text):
        return claims
    return [claim for claim in claims if not _OLD_CODE.search(claim.span.text)]


def _reach(text: str, start: int, cue_end: int) -> Span:
    end_of = _OWN_END if _OWN_CLAIM.match(text, start, cue_end) else _SENTENCE_END
    stop = up_to(end_of, text, cue_end, CLAIM_REACH)
    return Span(start, stop, text[start:stop], "claimed")
