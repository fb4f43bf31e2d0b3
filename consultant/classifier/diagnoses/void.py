"""What a letter names and yet is no condition of this patient today: denied, looked for, over, or the name of something else."""

# ruff: noqa: E501 - one pattern a line reads better than a wrapped one
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from consultant.classifier.diagnoses.titles import Told
from consultant.vocabulary import BEHIND, Fact, Hit

#: "Physical dx only": of the body, and no check-up.
_BODILY = re.compile(r"\bphysical (?:dx|diagnos\w+|illness\w*|conditions?|problems?|health)\b", re.IGNORECASE)
#: Where "OD" is the right eye, and where somebody took too much.
_OF_AN_EYE = re.compile(
    r"\b(?:in|of|into|on|from|his|her|the) (?:the |his |her )?OD\b(?! (?:on|of|from|with)\b)|\b(?:OS|OU)\b"
    r"|\b(?i:eye\w*|cornea\w*|conjunctiv\w*|retina\w*|cataracts?|iris|pupil|vision|lids?)\b"
)
_OF_A_DRUG = re.compile(
    r"\b(?:overdos\w*|heroin|fentanyl|narcan|naloxone|opioids?|suicid\w*|pills?|tablets?|drugs?|swallowed|ingest\w*|took too)\b",
    re.IGNORECASE,
)
#: The crew's level of life support, and no disease of the nerves.
_CREW = re.compile(
    r"\bals[- ](?:assess\w*|level|intercept\w*|crew|unit|transport\w*|emergency|non-?emergency|ambulance|service|response|call|rig|truck|run"
    r"|medics?|paramedics?|care|[12]\b|or bls|and bls|vs|versus)|\bals ?/ ?bls\b|\bbls[ /](?:(?:or|not|and|vs|versus)[ /])?als\b",
    re.IGNORECASE,
)
_BY_NAME = re.compile(r"\bamyotroph\w+|\bgehrig|\b(?:has|with|have) als\b", re.IGNORECASE)
#: Short names that heart arteries share with a sick ear and an open duct.
_ARTERY = re.compile(r"\b(?:om|pda)\W*$", re.IGNORECASE)
_GRAFTED = re.compile(
    r"\b(?:cabg|bypass|veins?|grafts?|svgs?|lima|rima|lad|diagonals?|rca|circumflex|des)\b[^.?!;]*$", re.IGNORECASE
)
#: "Taken for CABG today": the operation of this stay is no state that the patient came with.
_BYPASSED_NOW = re.compile(
    r"\b(?:for|to|needs?|awaiting|undergo\w*|under ?went|scheduled for|gets?|getting)(?: (?:an?|urgent|emergen\w+|elective|his|her|the))* (?:cabg|(?:coronary )?bypass)\b"
    r"|\b(?:cabg|bypass)\b(?: ?x ?\d| surgery| done| performed| is| was)* (?:today|tomorrow|tonight|this (?:morning|stay|admission)|planned|scheduled|next)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:ago|years?|h/o|hx|history|s/p|status post|previous|prior|old)\b", re.IGNORECASE)
#: "Clearance before his knee replacement", "the night after a hip replacement": a joint of this stay, or one still to come.
_REPLACED_NOW = re.compile(
    r"\b(?:before|prior to|ahead of|clear\w* for|pre-?op\w*(?: \w+){0,2} for|await\w*|needs?|scheduled|upcoming|planned|undergo\w*"
    r"|(?:night|evening|day|morning) (?:after|of|following))"
    r"(?: (?:an?|the|his|her|their|for|elective|total|left|right|bilateral|primary|partial|next|\w+day(?:['’]s)?)){0,5}"
    r" (?:(?:hip|knee|shoulder|joint|ankle|elbow) (?:replace\w*|arthroplast\w*)|t[khs]ar?|t[kh]r)\b",
    re.IGNORECASE,
)
_WAS_REPLACED = re.compile(r"\b(?:ago|years?|h/o|hx|history|s/p|status post|previous|already)\b", re.IGNORECASE)
_TAKEN_OUT = re.compile(r"\bremov\w*|\bout\b|\btake\w*|\bpulled\b", re.IGNORECASE)
_HOW = re.compile(
    r"\bexternal cause|\bwith (?:the |its )?cause\b|\bcause codes?\b|\bhow (?:it|this) happened\b|\bhow (?:he|she|they) (?:fell|got hurt)\b|\bincl\w{0,7}\.? how\b",
    re.IGNORECASE,
)
_LOOKING = re.compile(
    r"\b(?:screen\w*|expos\w+|(?:close |recent |in |direct )?contact (?:with|to)|vaccin\w+|immuni[sz]\w+|rule out|r/o|at risk|risk of|risk for|allerg\w+ to)\b[^,.;:]*$",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:history of|hx of|h/o|hx|s/p|status post|prior|previous|past)\b", re.IGNORECASE)
_TREATED = re.compile(r"\b(?:for|encounter|session|cycle|infusion|receives?|receiv\w+|administ\w+)\b", re.IGNORECASE)
#: What a treatment has brought about is no encounter for it: "anemia caused by her chemo".
_BROUGHT = re.compile(r"\b(?:due to|d/t|caused by|because of|from|after|secondary to|2/2|related to)\s*$", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    r"^\W*(?:(?:was|is) (?:suspected|considered|feared) (?:but|and)(?: then)?\W+)?(?:(?:was|is|were|are|has been|have been|being|later)\W+)?(?:ruled out|excluded|negative|not (?:present|found|seen|confirmed|an? (?:issue|concern|worry|question))|no (?:issue|concern|worry)|absent)\b",
    re.IGNORECASE,
)
_NOT_ON = re.compile(r"\b(?:not|never)(?: (?:yet )?on| currently)?\s*$", re.IGNORECASE)
#: "The doctor wrote nothing. Can I code the low sodium?"
_UNSAID = re.compile(
    r"\b(?:wrote|writes|documented|documents|said|says|charted|noted) nothing\b|\band (?:no|nothing) more\b", re.IGNORECASE
)
_CODE_IT = re.compile(
    r"\W*(?:can|may|should|could) (?:i|we|the coder|coders) (?:code|report|assign|link|assume)\b", re.IGNORECASE
)
_A_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class _Named:
    """A code, and where the words stand in the letter that named it."""

    code: str
    title: str
    text: str
    start: int
    end: int

    @property
    def is_state(self) -> bool:
        """A state or a history of the patient's: "history of" and "screening" are its own words."""
        return self.code[0] == "Z" or self.code == "I25.2"

    def before(self, most: int) -> str:
        return self.text[max(0, self.start - most) : self.start]

    def up_to(self, most: int) -> str:
        """Its words, and so many characters before them."""
        return self.text[max(0, self.start - most) : self.end]

    def behind(self, most: int) -> str:
        return self.text[self.end : self.end + most]

    def around(self, before: int, behind: int) -> str:
        return self.up_to(before) + self.behind(behind)


def is_void(told: Told, hit: Hit, text: str, scopes: Sequence[Fact]) -> bool:
    """Is it no condition of this patient today? `scopes` are the stretches that the letter denies or doubts."""
    named = _Named(hit.code, hit.title, text, told.start, told.end)
    return any(is_so(named) for is_so in VOID) or _is_denied_or_doubted(named, scopes)


def _is_of_the_body(named: _Named) -> bool:
    """ "Physical dx only" asks for no check-up."""
    return named.code.startswith("Z00.0") and bool(_BODILY.search(named.around(1, 24)))


def _is_crew(named: _Named) -> bool:
    return named.code == "G12.21" and bool(_CREW.search(named.text)) and not _BY_NAME.search(named.text)


def _is_an_eye(named: _Named) -> bool:
    """ "Something got in the OD while mowing": the right eye, where the letter speaks of an eye and of no drug."""
    alone = named.text[named.start : named.end].strip(" .,;").upper() == "OD"
    return alone and bool(_OF_AN_EYE.search(named.text)) and not _OF_A_DRUG.search(named.text)


def _is_target(named: _Named) -> bool:
    """ "Veins to OM and PDA": is it the short name of a heart artery that got a graft?"""
    name = _ARTERY.search(named.text, named.start, named.end)
    return bool(name and _GRAFTED.search(named.text[max(0, name.start() - 60) : name.start()]))


def _is_bypassed_now(named: _Named) -> bool:
    around = named.around(20, 12)
    return named.code == "Z95.1" and bool(_BYPASSED_NOW.search(around)) and not _SINCE.search(around)


def _is_replaced_now(named: _Named) -> bool:
    around = named.around(45, 12)
    return named.code.startswith("Z96.6") and bool(_REPLACED_NOW.search(around)) and not _WAS_REPLACED.search(around)


def _stays_in(named: _Named) -> bool:
    """An encounter for a removal, in a letter that takes nothing out."""
    return named.is_state and "for removal" in named.title.lower() and not _TAKEN_OUT.search(named.text)


def _is_cause_unasked(named: _Named) -> bool:
    """How it happened is coded for who asks for it, and is no diagnosis."""
    asks = _HOW.search(named.text) and not _HOW.search(named.text[named.start : named.end])
    return named.code[0] in "VWXY" and not asks


def _is_looked_for(named: _Named) -> bool:
    return not named.is_state and bool(_LOOKING.search(named.up_to(28)))


def _is_past(named: _Named) -> bool:
    return not named.is_state and bool(_PAST.search(named.up_to(12))) and "sequela" not in named.title.lower()


def _is_no_treatment(named: _Named) -> bool:
    """What a chemotherapy brought about, or came after, is no encounter for one."""
    return named.code.startswith("Z51.1") and bool(_BROUGHT.search(named.before(16)) or not _TREATED.search(named.around(30, 10)))


def _is_denied(named: _Named) -> bool:
    return bool(_DENIED_AFTER.match(named.behind(40)) or _NOT_ON.search(named.before(14)))


def _is_unsaid(named: _Named) -> bool:
    return bool(_UNSAID.search(named.text) and _CODE_IT.match(named.text, named.start, named.end))


VOID: tuple[Callable[[_Named], bool], ...] = (
    _is_of_the_body,
    _is_crew,
    _is_an_eye,
    _is_target,
    _is_bypassed_now,
    _is_replaced_now,
    _stays_in,
    _is_cause_unasked,
    _is_looked_for,
    _is_past,
    _is_no_treatment,
    _is_denied,
    _is_unsaid,
)


def _is_denied_or_doubted(named: _Named, scopes: Sequence[Fact]) -> bool:
    # A stretch begins with the stop of the sentence before it: "No fever. Asthma" denies no asthma.
    word = _A_WORD.search(named.text, named.start, named.end)
    start, end = word.start() if word else named.start, named.end
    return any(
        span.start - 1 <= start <= span.end and span.start < end if span.label != BEHIND else start <= span.start < end
        for span in (fact.span for fact in scopes)
    )
