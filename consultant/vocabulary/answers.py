"""From evidence to a letter: candidates, findings, statements, the answer, the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from consultant.vocabulary.questions import Question, Span
from consultant.vocabulary.records import Source
from consultant.vocabulary.states import System, Topic

#: Kinds of evidence that only say why a code is looked at beside those that were found.
BESIDE = frozenset({"near", "statement"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a candidate stands in the list: which words of the letter met which record."""

    kind: str  # "named", "keyword", "family", "card", "search", "condition"; "near" and "statement" for what was not found itself
    words: tuple[str, ...]
    record: str  # the id of the record, family or card
    spans: tuple[Span, ...] = ()  # where those words stand


@dataclass(frozen=True, slots=True)
class Candidate:
    code: str
    system: System
    score: float  # 0..1
    why: str  # one line for the reviewer
    evidence: tuple[Evidence, ...] = ()
    title: str = ""  # what we may print: own words, or the official text where its licence allows
    facts: Mapping[str, str] = field(default_factory=dict)  # facts of the letter that belong to this code alone: minutes, units

    @property
    def is_near(self) -> bool:
        """Was it not found, but stands beside what was, for the reviewer's eye?"""
        return bool(self.evidence) and all(evidence.kind in BESIDE for evidence in self.evidence)

    def spans_of(self, *kinds: str) -> list[Span]:
        """Where the words stand that brought it, by evidence of these kinds; of any kind where none is named."""
        return [span for one in self.evidence if not kinds or one.kind in kinds for span in one.spans]


@dataclass(frozen=True, slots=True)
class Match:
    """A family or card that the question met."""

    kind: str  # "family" or "card"
    id: str
    title: str
    score: float
    words: tuple[str, ...]
    facts: Mapping[str, str] = field(default_factory=dict)  # dimension → the value that was used
    missing: tuple[str, ...] = ()  # dimensions that would decide and were not given
    rows: tuple[int, ...] = ()  # rows of the family's table that the facts allow

    @property
    def is_decided(self) -> bool:
        """Has the family found the row of the letter?"""
        return bool(self.rows) and not self.missing


@dataclass(frozen=True, slots=True)
class Findings:
    question: Question
    on: date  # the date of service the answer is for
    codebook: str  # version
    topics: tuple[Topic, ...]  # ranked
    candidates: tuple[Candidate, ...]  # ranked
    matches: tuple[Match, ...]
    confidence: float  # 0..1: the rank of the evidence, which decides whether to abstain
    abstains: bool
    likely: Topic | None = None  # the topic beside the first that letters with such phrases are of; no rule goes by it
    chance: float = 0.0  # 0..1: how often an answer on such texts was right; 0 where no text was met
    near: tuple[Candidate, ...] = ()  # codes beside those that were found, for the reviewer's eye: nothing of them is recommended
    only_work: bool = False  # does the letter ask for what was done, and tell what ails only as the reason of it?
    only_ails: bool = False  # does it ask for diagnoses alone, and name no service, modifier or system of theirs?
    turns: frozenset[str] = frozenset()  # of the rules on diagnoses that stand together: what the letter says in other words


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer and what it stands on. No sentence without a source."""

    section: str  # "why", "check", "correction", "coverage", "change", "unchecked", "document"
    text: str
    sources: tuple[str, ...]  # ids in Answer.sources


#: How often a line is billed: a whole number, but for the tenths of a mile. Both are named, as what is kept as 1 must come back
#: as 1, and not as 1.0.
Units = int | float


@dataclass(frozen=True, slots=True)
class ClaimLine:
    code: str
    modifiers: tuple[str, ...] = ()
    units: Units | None = None
    title: str = ""
    pointer: str = ""  # of a diagnosis its letter on the claim, of a service the letters of its diagnoses: "A, B"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the letter will say, before it is a letter."""

    verdict: str
    topic: Topic
    topics: tuple[Topic, ...]
    lines: tuple[ClaimLine, ...]
    report: tuple[str, ...]
    do_not_report: tuple[str, ...]
    units: Mapping[str, Units]
    statements: tuple[Statement, ...]
    sources: tuple[Source, ...]
    candidates: tuple[Candidate, ...]
    confidence: float
    answered: bool
    ask_back: str  # the one clarifying question, or ""
    codebook: str
    on: date


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter ready for a human's decision."""

    subject: str
    text: str
    html: str
    answer: Answer | None = None
    template: str = ""  # which templates made it: "answer-3f2a91c04d7e", from their content
