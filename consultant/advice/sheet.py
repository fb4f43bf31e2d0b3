"""The sheet on which an answer grows: claim lines, refusals, sayings and their sources.

A rule is a pure function from a View (what is known so far) to a Ruling (what it adds). `apply` puts a ruling on the sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from consultant.codebook import Codebook
from consultant.codebook.choice import Choice, choose
from consultant.codebook.kept import cards_of, families_of
from consultant.codebook.knowledge import Card, Family, Origin, Row
from consultant.vocabulary import Candidate, Fact, Findings, Source, Span, System, Topic

SECTIONS = ("why", "check", "correction", "coverage", "change", "unchecked", "document")


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence and the sources it stands on. A saying without a source is refused by `apply`."""

    section: str
    text: str
    sources: tuple[Source, ...]


class Second(NamedTuple):
    """A second line of a code: what was thrown away of a drug, or the units that an assistant worked."""

    modifier: str
    units: float
    inside: bool = False  # the units are among those of the code, not beside them


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule adds. Codes that were refused before are not reported by a later rule."""

    report: tuple[str, ...] = ()
    refuse: tuple[str, ...] = ()
    modifiers: tuple[tuple[str, str], ...] = ()  # (code or "" for a modifier without a line, modifier)
    units: Mapping[str, float] = field(default_factory=dict)
    sayings: tuple[Saying, ...] = ()
    verdict: str = ""  # the first rule that gives one gives the answer's
    ask: str = ""  # the first rule that asks asks
    replace: Mapping[str, str] = field(default_factory=dict)  # a line's code → the code that takes its place
    withdraw: tuple[str, ...] = ()  # lines that must go, and are refused
    hold: tuple[str, ...] = ()  # lines that must go without being refused
    unmark: tuple[tuple[str, str], ...] = ()  # (code or "", modifier): modifiers that must go from a line, and are refused
    settles: float = 0.0  # 0..1: how surely an official file answers what was asked
    counts: bool = False  # it has counted all of it: its units take the place of earlier ones, and nothing need be asked
    order: tuple[str, ...] = ()  # the order of these lines on the claim
    second: Mapping[str, Second] = field(default_factory=dict)  # code → its second line
    reckoned: str = ""  # a sentence for the verdict behind the lines that it reports: what was reckoned of them


class Decision(NamedTuple):
    """A matched family, the facts that were used, and what its table makes of them."""

    family: Family
    facts: Mapping[str, str]
    choice: Choice

    @property
    def rows(self) -> list[Row]:
        """The rows that are decided."""
        return [self.family.row[place] for place in self.choice.decided]


@dataclass
class Sheet:
    """The View of the rules: findings and book never change, the rest grows by `apply`."""

    findings: Findings
    book: Codebook
    lines: dict[str, list[str]] = field(default_factory=dict)  # code → modifiers
    loose: list[str] = field(default_factory=list)  # modifiers without a line
    refused: list[str] = field(default_factory=list)
    units: dict[str, float] = field(default_factory=dict)
    promised: dict[str, float] = field(default_factory=dict)  # units of codes that no line has yet
    seconds: dict[str, Second] = field(default_factory=dict)  # code → its second line
    sayings: list[Saying] = field(default_factory=list)
    verdict: str = ""
    reckoned: str = ""
    ask: str = ""
    settled: float = 0.0  # the best that a rule settled
    lacks: str = ""  # what was asked for and not found

    @property
    def abstains(self) -> bool:
        """The findings don't carry an answer and no official file has settled the question since; or it lacks what was asked."""
        return bool(self.lacks) or (self.findings.abstains and not self.settled)

    @property
    def for_medicare(self) -> bool:
        """Is the payer Medicare, or not told?"""
        return self.findings.question.payer in ("", "medicare")

    @cached_property
    def systems(self) -> dict[str, System]:
        """The system of each code that was found."""
        return {candidate.code: candidate.system for candidate in self.findings.candidates}

    @property
    def signs(self) -> list[str]:
        """The modifiers of the answer, each once: line by line, a second line behind its first, then those without a line."""
        placed = [(*held, *([self.seconds[code].modifier] if code in self.seconds else [])) for code, held in self.lines.items()]
        return list(dict.fromkeys((*(sign for row in placed for sign in row), *self.loose)))

    @property
    def asked(self) -> set[str]:
        """What the letter asks for, by the names of `question.relations`: "fee", "pair", "standing"…"""
        return {str(fact.value) for fact in self.findings.question.facts if fact.dimension == "ask"}

    def said(self, dimension: str) -> set[str]:
        """The values of a dimension of words that the letter says and does not negate."""
        return {str(fact.value) for fact in self.facts(dimension)}

    def facts(self, dimension: str) -> list[Fact]:
        return [fact for fact in self.findings.question.facts if fact.dimension == dimension and not fact.negated]

    def about(self, topic: Topic) -> bool:
        """Is it one of the two things that the letter asks first?"""
        return topic in self.findings.topics[:2]

    @property
    def cards(self) -> list[Card]:
        """The matched cards, the most closely met first."""
        by_id = cards_of(self.book)
        return [by_id[m.id] for m in self.findings.matches if m.kind == "card" and m.id in by_id]

    @property
    def families(self) -> list[tuple[Family, Mapping[str, str]]]:
        """The matched families with the facts that were used, the best first."""
        by_id = families_of(self.book)
        return [(by_id[m.id], m.facts) for m in self.findings.matches if m.kind == "family" and m.id in by_id]

    @cached_property
    def decisions(self) -> list[Decision]:
        """The same with the rows that the facts lead to; worked out once, as the findings never change."""
        return [Decision(family, facts, choose(family, facts)) for family, facts in self.families]

    @cached_property
    def decided(self) -> tuple[str, ...]:
        """The codes to which the families lead by the letter's facts, each once."""
        return tuple(dict.fromkeys(row.code for decision in self.decisions for row in decision.rows if row.code))

    def candidates(self, *kinds: str) -> list[Candidate]:
        """The candidates that have evidence of one of these kinds, ranked."""
        return [c for c in self.findings.candidates if any(e.kind in kinds for e in c.evidence)]

    def spans_of(self, code: str, *kinds: str) -> list[Span]:
        """Where the words stand that brought a code, by evidence of these kinds; of any kind where none is named."""
        return [span for c in self.findings.candidates if c.code == code for span in c.spans_of(*kinds)]

    def apply(self, ruling: Ruling) -> None:
        self._take_away(ruling)
        for code in (*ruling.refuse, *ruling.withdraw):
            if code not in self.lines and code not in self.refused and code not in self.loose:
                self.refused.append(code)
        for code in ruling.report:
            if code.startswith("-"):
                self._modify("", code)
            elif code not in self.refused:
                self.lines.setdefault(code, [])
        for code, modifier in ruling.modifiers:
            self._modify(code, modifier)
        self._add_seconds(ruling)
        if ruling.counts:
            self.units |= {code: n for code, n in ruling.units.items() if code in self.lines}
            self.ask = ""
        self.promised = {**ruling.units, **self.promised}
        self.units |= {code: n for code, n in self.promised.items() if code in self.lines and code not in self.units}
        if ruling.order:
            ranked = [code for code in ruling.order if code in self.lines]
            self.lines = {code: self.lines[code] for code in dict.fromkeys([*ranked, *self.lines])}
        self._say(ruling.sayings)
        self.verdict = self.verdict or ruling.verdict
        self.reckoned = self.reckoned or ruling.reckoned
        self.ask = self.ask or ruling.ask
        self.settled = max(self.settled, ruling.settles)

    def _say(self, sayings: Sequence[Saying]) -> None:
        """What is said with a source, once."""
        known = {(s.section, s.text) for s in self.sayings} if sayings else set()
        for saying in sayings:
            if saying.sources and (saying.section, saying.text) not in known:
                known.add((saying.section, saying.text))
                self.sayings.append(saying)

    def _add_seconds(self, ruling: Ruling) -> None:
        for code, second in ruling.second.items():
            if second.modifier not in self.refused:
                self.seconds[code] = second
                self.loose = [sign for sign in self.loose if sign != second.modifier]

    def first_units(self, code: str) -> float | None:
        """The units of the first line of a code: all of them, but for those that stand on its second line."""
        units, second = self.units.get(code), self.seconds.get(code)
        return units - second.units if units and second and second.inside else units

    def _take_away(self, ruling: Ruling) -> None:
        if ruling.counts:  # what was counted from the whole encounter stands, whatever a single text refused
            self.refused = [code for code in self.refused if code not in ruling.report]
        for old, new in ruling.replace.items():
            self.lines.setdefault(new, []).extend(self.lines.pop(old, []))
            self.units.pop(old, None)
            self.refused = [*(code for code in self.refused if code != new), old]
        for code in (*ruling.withdraw, *ruling.hold):
            self.lines.pop(code, None)
            self.units.pop(code, None)
            self.seconds.pop(code, None)
        if any(code in self.verdict for code in ruling.hold):
            self.verdict = ""
        moved = {modifier for _, modifier in ruling.modifiers} | {second.modifier for second in ruling.second.values()}
        for code, modifier in ruling.unmark:
            self._unmark(code, modifier, moved)

    def _unmark(self, code: str, modifier: str, moved: Collection[str]) -> None:
        kept = self.lines.get(code, []) if code else self.loose
        if modifier in kept:
            kept.remove(modifier)
        if (
            modifier not in moved
            and modifier not in self.refused
            and not any(modifier in held for held in (*self.lines.values(), self.loose))
        ):
            self.refused.append(modifier)

    def _modify(self, code: str, modifier: str) -> None:
        if modifier in self.refused:
            return
        if code and code not in self.refused:
            kept = self.lines.setdefault(code, [])
            if modifier not in kept:
                kept.append(modifier)
        elif not code and modifier not in self.loose and modifier not in [second.modifier for second in self.seconds.values()]:
            self.loose.append(modifier)


def is_both(sides: Collection[str]) -> bool:
    """Do the sides that a letter tells make both?"""
    return "bilateral" in sides or {"left", "right"} <= {*sides}


def source_of(origin: Origin) -> Source:
    """An origin of the text knowledge as a source of the letter; its id is made of its title and date."""
    doubt = "" if origin.confirmed else " (not confirmed yet)"
    return Source(f"{_slug(origin.title)}-{origin.date:%Y%m%d}", origin.title + doubt, origin.date.isoformat(), origin.where)


def sources_of(origins: Iterable[Origin]) -> tuple[Source, ...]:
    return tuple(source_of(origin) for origin in origins)


def book_source(book: Codebook) -> Source:
    """The codebook itself, for what is said of its records and its gaps."""
    return Source("codebook", "Codebook in use", book.version)


def release_source(book: Codebook, key: str) -> Source:
    """The official release of that id as a source."""
    info = next(source for source in book.sources if source.id == key)
    return Source(info.id, info.title, info.version)


def record_source(book: Codebook, code: str) -> Source:
    record = book.record(code)
    return record.source if record else book_source(book)


def spoken(codes: Iterable[str]) -> str:
    """Codes in a sentence: "97110, 97112 and -59" → "97110, 97112 and modifier 59"."""
    names = [f"modifier {code[1:]}" if code.startswith("-") else code for code in codes]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _slug(title: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())[:40].strip("-")
