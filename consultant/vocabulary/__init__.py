"""The nouns of the house: what the rooms hand to one another.

Plain, frozen dataclasses and enums. They import nothing of ours, so that every room may speak them, and they go to JSON and
back unchanged (`dump`, `load`), so that what a step found can be kept with the case and shown to an auditor years later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from consultant.vocabulary.answers import Answer, Candidate, ClaimLine, Draft, Evidence, Findings, Match, Statement
from consultant.vocabulary.mail import Acquaintance, Address, Attachment, Enclosed, Envelope, House, Letter, Outgoing, Triage
from consultant.vocabulary.questions import (
    BEHIND,
    BETWEEN,
    BIRTH,
    CORRECT,
    MORE,
    NO_DEVICE,
    SLIP,
    UNSPOKEN,
    Fact,
    NamedCode,
    Question,
    Span,
    days_to,
    is_story,
    mended,
    milligrams,
    vertebra,
)
from consultant.vocabulary.records import CodeRecord, Hit, Note, Source
from consultant.vocabulary.states import Status, System, Topic, Verdict

__all__ = [
    "BEHIND",
    "BETWEEN",
    "BIRTH",
    "CORRECT",
    "MORE",
    "NO_DEVICE",
    "SLIP",
    "UNSPOKEN",
    "Acquaintance",
    "Address",
    "Answer",
    "Attachment",
    "Candidate",
    "ClaimLine",
    "CodeRecord",
    "Draft",
    "Enclosed",
    "Envelope",
    "Evidence",
    "Fact",
    "Findings",
    "Hit",
    "House",
    "Letter",
    "Match",
    "NamedCode",
    "Note",
    "Outgoing",
    "Question",
    "Source",
    "Span",
    "Statement",
    "Status",
    "System",
    "Topic",
    "Triage",
    "Verdict",
    "days_to",
    "dump",
    "is_story",
    "load",
    "mended",
    "milligrams",
    "vertebra",
]

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Made once for a kind: making one costs milliseconds, using it microseconds. Who only reads a letter needs none."""
    from pydantic import TypeAdapter

    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def dump(thing: Any) -> Any:
    """A dataclass of this package as JSON-ready data."""
    return _adapter(type(thing)).dump_python(thing, mode="json")


def load(kind: type[T], data: Any) -> T:
    """The inverse of `dump`. Raises pydantic.ValidationError on data that is not of that kind."""
    thing: T = _adapter(kind).validate_python(data)
    return thing
