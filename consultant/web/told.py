"""The trail, told: an event as a sentence for people. The event itself stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from consultant.models import Event
from consultant.vocabulary import Status

KINDS = {"answer": "the answer", "question": "the question to the sender", "decline": "the decline"}


@dataclass(frozen=True, slots=True)
class Told:
    event: Event
    who: str
    what: str


def tell(event: Event) -> Told:
    """Who did what. An event that nobody foresaw is told by its own names."""
    facts = event.facts if isinstance(event.facts, dict) else {}
    say = _MOVED.get(event.after) if event.kind == "move" else _NOTED.get(event.kind)
    what = say(facts) if say else f"{event.kind}: {event.before} → {event.after}"
    return Told(event, actor(event.actor), " ".join(what.split()))


def actor(name: str) -> str:
    """ "user:alice" → "alice", "engine" → "Consultant", "door:smtp" → "SMTP door"."""
    kind, _, rest = name.partition(":")
    return {"user": rest, "door": f"{rest.upper()} door", "engine": "Consultant"}.get(kind, name) or name


Facts = Mapping[str, Any]
Saying = Callable[[Facts], str]


def _because(facts: Facts) -> str:
    return f": {reason}" if (reason := facts.get("reason")) else ""


def _received(facts: Facts) -> str:
    return f"took in a letter of {facts.get('size', '?')} bytes" + (f" for {facts['mailbox']}" if facts.get("mailbox") else "")


def _accepted(facts: Facts) -> str:
    if "verdict" in facts:
        return f"took it for a {facts['verdict']}{_because(facts)}"
    return f"looks at it afresh{_because(facts)}"


def _classified(facts: Facts) -> str:
    codes = ", ".join(str(code) for code in facts.get("codes", [])) or "no code"
    return f"found {codes} in codebook {facts.get('codebook', '?')}"


def _drafted(facts: Facts) -> str:
    if version := facts.get("version"):
        against = f", which is not what {facts['contradicts']} was answered" if facts.get("contradicts") else ""
        return f"wrote draft {version}" + (", abstaining" if facts.get("answered") is False else "") + against
    return f"put it back to the draft{_because(facts)}"


def _approved(facts: Facts) -> str:
    if facts.get("response"):
        return f"could not deliver it yet: {facts['response']}"
    which = KINDS.get(str(facts.get("kind", "")), "it")
    version = f" (draft {facts['version']})" if facts.get("version") else ""
    return f"approved {which}{version}{_because(facts)}"


def _declined(facts: Facts) -> str:
    if facts.get("told") is False:
        return f"declined without telling the sender{_because(facts)}"
    return _delivered("told the sender that this is declined")(facts)


def _delivered(what: str) -> Saying:
    def say(facts: Facts) -> str:
        if known := facts.get("how_known"):
            return f"{what}, as somebody found out: {known}"
        return what + (f": {facts['response']}" if facts.get("response") else "")

    return say


def _failed(facts: Facts) -> str:
    if facts.get("bounce"):
        return f"saw it come back ({facts['bounce']}): {facts.get('code', '')}"
    return f"could not deliver it: {facts.get('response') or facts.get('reason', '')}"


_MOVED: dict[str, Saying] = {
    Status.RECEIVED: lambda facts: f"starts from the letter's bytes{_because(facts)}",
    Status.ACCEPTED: _accepted,
    Status.CLASSIFIED: _classified,
    Status.DRAFTED: _drafted,
    Status.APPROVED: _approved,
    Status.SENDING: lambda _: "began to send it",
    Status.SENT: _delivered("sent the answer"),
    Status.ASKED: _delivered("asked the sender"),
    Status.DECLINED: _declined,
    Status.FAILED: _failed,
    Status.UNKNOWN: lambda facts: f"does not know whether it was sent: {facts.get('response') or facts.get('reason', '')}",
    Status.JOINED: lambda facts: f"joined it to {facts.get('to', 'an older case')}{_because(facts)}",
    Status.SET_ASIDE: lambda facts: f"set it aside{_because(facts)}",
    Status.QUARANTINED: lambda facts: f"put it in quarantine{_because(facts)}",
}

_NOTED: dict[str, Saying] = {
    "received": _received,
    "claimed": lambda facts: f"took it over from {facts['from']}" if facts.get("from") else "claimed it",
    "proposed a card": lambda facts: f"proposed the card {facts.get('card', '?')}",
    "accepted a card": lambda facts: f"accepted the card {facts.get('card', '?')} for the next book",
    "declined a card": lambda facts: f"declined the proposed card: {facts.get('why', '')}",
    "released": lambda _: "released it",
    "handed over": lambda facts: f"handed it over to {facts.get('to', '?')}" + (f": {facts['why']}" if facts.get("why") else ""),
    "purged": lambda facts: f"purged its words and names ({len(facts.get('letters', []))} letters), as the retention has it",
    "legal hold": lambda facts: f"put a legal hold on it: {facts.get('why', '')}",
    "hold lifted": lambda facts: f"lifted the legal hold: {facts.get('why', '')}",
    "revealed": lambda facts: f"looked at patients’ data unmasked: {facts.get('what', 'the page')}",
    "exported": lambda facts: "took an export" + (" with patients’ data unmasked" if facts.get("revealed") else ""),
    "blocked": lambda facts: f"blocked {facts.get('sender', '?')}: {facts.get('why', '')}",
    "unblocked": lambda facts: f"lifted the block of {facts.get('sender', '?')}",
    "edited": lambda facts: f"wrote draft {facts.get('version', '?')} from draft {facts.get('from_version', '?')}",
}
