"""The shape of the text knowledge: records, modifiers, families, cards and terms that a certified coder can read and correct.

Everything under `starter/` is TOML and is checked by these models when the book is built and by `./run knowledge`.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from consultant.codebook.codes import system_of
from consultant.vocabulary import System, Topic

Words = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Title = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
Sentence = Annotated[str, StringConstraints(min_length=10, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^(-[A-Z0-9]{2}|POS-\d{2}|[A-Z0-9]{3,5}(\.[A-Z0-9]{1,4})?|[A-HJ-NP-Z0-9]{7})$")]

#: Dimensions whose values are whole numbers: a range "8..22" holds both ends.
COUNTED = frozenset(
    {"minutes", "age", "age_days", "count", "days", "levels", "segments", "regions", "units", "hours", "views", "mg", "ml"}
)
#: Dimensions that are measured: a range "1..2" leaves out its lower end, so that "..1" and "1..2" meet without overlap.
MEASURED = frozenset({"size_cm", "area_sq_cm", "grams", "percent", "deep_percent"})
YIELDS_TO = " < "  # between a value and the one that it gives way to


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Origin(Model):
    """Where a fact was read, and when that text was current."""

    title: Words
    where: str = ""
    date: date
    confirmed: bool = True


class Example(Model):
    """A question in the words of an e-mail, and what the answer must hold. A test, not a proof of accuracy."""

    question: Sentence
    report: tuple[Code, ...] = ()
    discuss: tuple[Code, ...] = ()
    exclude: tuple[Code, ...] = Field(default=(), alias="not")
    units: dict[str, int] = {}
    asks: bool = False  # the answer must ask back


class Adds(Model):
    """An add-on code for what goes beyond the row's base: one per `per`, counted from `beyond`.

    A row may add its own code: then `beyond` is 0 and all units are counted, as for a drug by the milligram.
    """

    code: Code
    per: float
    beyond: float
    over: str  # the dimension that is counted: "area_sq_cm", "minutes", "count"
    at_least: float | None = None  # the least that earns one more unit; `None`: any part does


class Row(Model):
    """One row of a decision table: the facts it wants, and the code (or the family) it leads to."""

    when: dict[str, str] = {}  # dimension → value or range "a..b"; a dimension that is missing is "any"
    code: Code | None = None
    goes_to: str | None = None  # the id of another family
    adds: Adds | None = None
    also: tuple[Code, ...] = ()  # codes that are earned together with it
    modifiers: tuple[Code, ...] = ()
    note: str = ""  # what to say about this row, in a sentence

    @property
    def codes(self) -> tuple[Code, ...]:
        """All codes that it earns: its own, the add-on that it counts, and those that are earned together with it."""
        own = (self.code, self.adds.code if self.adds else None)
        return (*(code for code in own if code), *self.also)


class Differs(Model):
    """A payer, or a group of them, that holds it otherwise."""

    who: Words
    says: Sentence

    @property
    def told(self) -> str:
        return f"{self.who[0].upper()}{self.who[1:]}: {self.says}"


class Denial(Model):
    """A common denial, as the remittance or a biller words it, and what to do about it."""

    says: Sentence
    do: Sentence
    words: tuple[Words, ...] = ()  # what in a letter means this denial; none: any denial


class Family(Model):
    """One choice among sibling codes, and the facts that make it."""

    id: str
    title: Title
    specialty: tuple[str, ...]
    act: tuple[Words, ...]  # one of these …
    object: tuple[Words, ...] = ()  # … and one of these, when there are any
    unless: tuple[Words, ...] = ()
    decides: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()  # dimensions of which the letter's amounts are added up: lengths of wounds of one group
    largest: tuple[str, ...] = ()  # dimensions of which the largest of the letter's amounts decides
    each: tuple[str, ...] = ()  # dimensions of which every amount is a service of its own: sizes of lesions that are cut out
    apart: bool = False  # of several services in a letter, each value goes with the values beside it, not with every other one
    yields: dict[str, tuple[str, ...]] = {}  # dimension → values that give way: "diagnostic"; to one other alone: "joined < low"
    marks: dict[str, dict[str, Code]] = {}  # dimension → value → the modifier that it puts on the line
    includes: tuple[str, ...] = ()  # ids of families whose work at the same place is part of it
    bridges: dict[str, float] = {}  # dimension → amounts of several gaps are measured end to end, with less than this between two
    less: tuple[Words, ...] = ()  # what has a code of its own: minutes said of these words are taken off the family's minutes
    values: dict[str, dict[str, tuple[Words, ...]]] = {}  # dimension → value → the words that say it
    assume: dict[str, str] = {}  # what holds when the letter says nothing
    ask: str = ""
    row: tuple[Row, ...]
    why: Sentence  # the rule that makes the choice, in a sentence for the letter
    instead: tuple[str, ...] = ()  # "use instead": sentences
    plain: str = ""  # what is done, in words that a patient can read
    document: tuple[str, ...] = ()  # what the note must hold
    denials: tuple[Denial, ...] = ()
    differs: tuple[Differs, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: tuple[Origin, ...] = Field(min_length=1)
    example: tuple[Example, ...] = Field(min_length=3)

    @property
    def value_words(self) -> tuple[str, ...]:
        """Every phrase that says a value of one of its dimensions."""
        return tuple(phrase for values in self.values.values() for words in values.values() for phrase in words)

    @cached_property
    def leads_to(self) -> frozenset[System]:
        """The systems of the codes in its rows."""
        return frozenset(system_of(row.code) for row in self.row if row.code)

    @property
    def added_over(self) -> tuple[str, ...]:
        """The dimensions that its add-on codes are counted by, once a row."""
        return tuple(row.adds.over for row in self.row if row.adds)


class When(Model):
    """The triggers of a card. Every group that is given must hold."""

    codes: tuple[Code, ...] = ()  # one of these is named or was found …
    all_codes: tuple[Code, ...] = ()  # all of these
    words: tuple[Words, ...] = ()  # one of these stands in the letter
    also: tuple[Words, ...] = ()  # and one of these
    unless: tuple[Words, ...] = ()
    payer: tuple[str, ...] = ()
    topic: tuple[Topic, ...] = ()
    from_age: int = 0  # the letter tells an age of so many years or more
    to_age: int | None = None  # the letter tells no age above so many years


class Card(Model):
    """A rule in our own words, with its triggers and the verdict it gives."""

    id: str
    title: Title
    topic: tuple[Topic, ...]
    when: When
    verdict: Literal[
        "report", "not", "pair", "do_not_report", "units", "covered_if", "not_allowed", "depends", "cannot_say", "explain"
    ]
    says: Sentence
    report: tuple[Code, ...] = ()
    do_not_report: tuple[Code, ...] = ()
    discuss: tuple[Code, ...] = ()
    modifier: Code | None = None
    on: Code | None = None  # the code the modifier goes on
    rule: str = ""  # a named rule of advice/, for arithmetic
    units: dict[str, int] = {}  # code → units, where the rule itself fixes them
    appeal: str = ""
    change: tuple[str, ...] = ()  # what would change the answer
    differs: tuple[Differs, ...] = ()
    document: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: tuple[Origin, ...] = Field(min_length=1)
    example: tuple[Example, ...] = ()

    @cached_property
    def leads_to(self) -> frozenset[System]:
        """The systems of the codes that it reports."""
        return frozenset(map(system_of, self.report))


class Drug(Model):
    """Drugs that share their codes: for poisoning, adverse effect and underdosing, and for long-term use."""

    words: tuple[Words, ...] = Field(min_length=1)
    effect: str = Field(
        default="", pattern=r"^(T\d\d\.[0-9AB][0-9X])?$"
    )  # of seven characters all but how it was taken and the last
    long: Code | None = None
    source: tuple[Origin, ...] = Field(min_length=1)


class Record(Model):
    """A CPT, HCPCS or ICD-10-PCS code in our own words (never the AMA's), with the facts that rules need."""

    code: Code
    system: Literal["CPT", "HCPCS", "POS", "ICD-10-PCS"]
    title: Title
    plain: str = ""
    keywords: tuple[Words, ...] = ()  # lay words and abbreviations that mean this code
    facts: dict[str, str | int | float | bool] = {}  # timed_minutes, addon, global_days, per_unit, each, status…
    addon_to: tuple[Code, ...] = ()
    instead: tuple[str, ...] = ()
    effective: date | None = None
    ended: date | None = None
    source: tuple[Origin, ...] = Field(min_length=1)


class Modifier(Model):
    code: Code
    title: Title
    use: Sentence  # when it applies
    avoid: str = ""  # when it does not
    side: str = ""  # on which line it goes
    keywords: tuple[Words, ...] = ()
    differs: tuple[Differs, ...] = ()
    source: tuple[Origin, ...] = Field(min_length=1)


class Term(Model):
    """An abbreviation or a lay word, and what the books call it: other words, or the very codes.

    `means`: each a way to understand it, the likeliest first. `codes`: codes or headings of ICD-10-CM that it names. `within`:
    of a part of the body, what it is a part of: "thalamus" is within "brain", and a title that only says brain may be meant.
    """

    term: Words
    means: tuple[Words, ...] = ()
    codes: tuple[Code, ...] = ()
    within: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Term:
        if not (self.means or self.codes or self.within):
            raise ValueError("a term needs means, codes or within")
        return self


class Same(Model):
    """Words that say the same thing in the titles of the books ("kidney", "renal")."""

    words: tuple[Words, ...] = Field(min_length=2)


class Short(Model):
    """A short form of single words, as official short titles cut them: each may answer it, none replaces it."""

    short: Words
    words: tuple[Words, ...] = Field(min_length=1)
