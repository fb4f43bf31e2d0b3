"""What a letter asks: codes named, facts given, things that must not be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from consultant.vocabulary.states import System

#: "The right code", "right ICD-10 code"; "right eye, dx" tells a side.
CORRECT = r"right(?= (?:[\w-]+ )?(?:codes?|cpt|hcpcs|icd|dx|diagnos))"
#: Behind "ICD", in a pattern: not the implanted defibrillator, of which such words speak.
NO_DEVICE = (
    r"(?![^.?!\n]{0,40}\b(?:batter\w+|generators?|leads?|chamber|implant\w*|pacemakers?|pacers?|shocks?|interrogat\w+|devices?"
    r"|upgrad\w+|biv|crt\w?|pocket|defibrillat\w+|remote|clinic check)\b)"
)

#: The label of a stretch that words behind it deny: "biopsy was not taken".
BEHIND = "behind"

#: The label of a length that lies between two things: "4 cm apart".
BETWEEN = "between"

#: The label of what a baby weighed when it was born, beside what it weighs today.
BIRTH = "birth"

#: The dimension of a slip of the pen, whose value is the word that is meant.
SLIP = "slip"

#: Facts that are read between the words, and bare numbers: by themselves they tell nothing.
UNSPOKEN = frozenset({"number", "negated", "uncertain", "claimed", "year", "believed", "courtesy", SLIP})

#: How the label of a count begins that comes on top of another one: "14 tags … and 6 more".
MORE = "more"

#: Vertebrae above the first of each part of the spine.
_ABOVE = {"C": 0, "T": 7, "L": 19, "S": 24}


def vertebra(name: str) -> int:
    """Which vertebra from the top one is, by its name: "L4" is the 23rd."""
    return _ABOVE[name[0].upper()] + int(name[1:])


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def days_to(first: str, last: str) -> int:
    """Days from one weekday to the next one of the other name, 0 to 6; each by a name that begins with its three letters."""
    return (_WEEKDAYS.index(last.lower()[:3]) - _WEEKDAYS.index(first.lower()[:3])) % 7


def milligrams(unit: str) -> float:
    """Milligrams in one "mg", "mcg", "microgram", "gm" or "gram"."""
    unit = unit.lower()
    return 0.001 if unit.startswith(("mc", "mic")) else 1000.0 if unit.startswith("g") else 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the question's text; `end` is exclusive."""

    start: int
    end: int
    text: str
    label: str = ""
    where: str = "text"  # or "subject": then the characters are those of the subject line

    def meets(self, other: Span) -> bool:
        """Do the two share a character, counted in the same text?"""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A code that the letter names."""

    code: str  # normalised: "97140", "N39.3", "-59", "POS-22"
    system: System
    span: Span
    modifiers: tuple[str, ...] = ()  # "-59", …
    units: int | None = None  # "97140 x2"
    denied: bool = False  # the words around it say it was denied or questioned
    supported: bool = False  # a visit's level of which the letter says that the note bears it out


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed fact with its place in the text. `dimension` is a name of KNOWLEDGE: minutes, size_cm, side, payer…"""

    dimension: str
    value: str | float
    span: Span
    negated: bool = False
    uncertain: bool = False

    def labelled(self, label: str) -> Fact:
        """The same fact, its stretch with that label."""
        return replace(self, span=replace(self.span, label=label))


#: Words of a letter from which on it is a story: half of it tells what happened besides.
STORY = 45


def is_story(text: str) -> bool:
    """Is it so long that words which have nothing to do with one another stand together in it?"""
    return len(text.split()) >= STORY


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    subject: str
    codes: tuple[NamedCode, ...] = ()
    facts: tuple[Fact, ...] = ()
    phi: tuple[Span, ...] = ()  # label says what: "name", "birth date", "SSN", "MRN", "phone", …
    payer: str = ""  # "medicare", "medicaid", "commercial", or ""
    date_of_service: date | None = None

    @property
    def is_story(self) -> bool:
        return is_story(self.text)

    @property
    def meant(self) -> Question:
        """The question without its slips of the pen, every place where it was. What is kept and shown is what was written."""
        slips = [fact for fact in self.facts if fact.dimension == SLIP]
        told = {where: [slip for slip in slips if slip.span.where == where] for where in ("text", "subject")}
        if not slips:
            return self
        return replace(self, text=mended(self.text, told["text"]), subject=mended(self.subject, told["subject"]))


def mended(text: str, slips: Sequence[Fact]) -> str:
    """A text with the words that are meant in place of its slips, which are told in the order of the text."""
    parts, at = [], 0
    for slip in slips:
        parts += [text[at : slip.span.start], str(slip.value)]
        at = slip.span.end
    return "".join((*parts, text[at:]))
