"""What kind of letter is this, and why. The first rule of RULES that fires decides; its reason is a sentence for the desk.

Nothing is dropped: every verdict is kept with the case, shown at the desk, and can be turned round there (`appeals`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from consultant.triage import rules
from consultant.triage.incoming import Incoming, concerns, failure, may_acknowledge
from consultant.vocabulary import Acquaintance, Envelope, House, Letter, Triage, Verdict


class Rule(NamedTuple):
    name: str
    verdict: Verdict
    reason: Callable[[Incoming], str]  # "" when the rule does not fire
    says: str  # what the rule looks for, to be read aloud


RULES = (
    Rule("too large", Verdict.TOO_LARGE, rules.too_large, "The door took in its header only"),
    Rule("unreadable", Verdict.UNREADABLE, rules.unreadable, "Nothing sensible can be read in it"),
    Rule("sealed", Verdict.UNREADABLE, rules.sealed, "It is encrypted, and nothing else is in it"),
    Rule("own loop", Verdict.OWN_LOOP, rules.own_loop, "It carries our Message-ID, our mark or our address as its sender"),
    Rule("delivery report", Verdict.BOUNCE, rules.delivery_report, "A delivery report with its machine-readable part"),
    Rule("feedback report", Verdict.FEEDBACK, rules.feedback_report, "A provider tells us that somebody called our mail spam"),
    Rule("vendor bounce", Verdict.BOUNCE, rules.vendor_bounce, "A returned mail, by the mark of a mail server or provider"),
    Rule("bounce in words", Verdict.BOUNCE, rules.bounce_in_words, "A mail server says in words that delivery failed"),
    Rule("sender blocked", Verdict.BLOCKED, rules.sender_blocked, "A reviewer blocked this address or its domain"),
    Rule("says it is automatic", Verdict.AUTOMATIC, rules.says_it_is_automatic, "Its header says that no human wrote it"),
    Rule("read receipt", Verdict.AUTOMATIC, rules.read_receipt, "A receipt for reading, or another machine-readable report"),
    Rule("away message", Verdict.AUTOMATIC, rules.away_message, "Its subject is one of absence notes"),
    Rule("calendar answer", Verdict.AUTOMATIC, rules.calendar_answer, "Somebody accepted or declined an invitation"),
    Rule("authentication failed", Verdict.FORGED, rules.authentication_failed, "A relay that we trust doubts its sender"),
    Rule("nobody to answer", Verdict.REFUSED, rules.nobody_to_answer, "It names no sender"),
    Rule("too many from one sender", Verdict.TOO_MANY, rules.too_many_from_sender, "One sender wrote more than the hourly cap"),
    Rule(
        "too many in one conversation",
        Verdict.TOO_MANY,
        rules.too_many_in_thread,
        "More than that in one conversation",
    ),
    Rule("follow-up", Verdict.FOLLOW_UP, rules.follow_up, "It names a letter of ours"),
    Rule("question", Verdict.QUESTION, rules.question, "No rule before speaks against it"),
)

#: What becomes of a letter with this verdict.
HAPPENS = {
    Verdict.QUESTION: "becomes a case with a draft, or joins the case of its own sender that it names",
    Verdict.FOLLOW_UP: "joins its case when its sender belongs to that, else becomes a case with a hint",
    Verdict.BOUNCE: "set aside; a permanent failure reopens the case whose reply came back",
    Verdict.FEEDBACK: "set aside, beside the case it complains about",
    Verdict.AUTOMATIC: "set aside, beside the case it answers",
    Verdict.OWN_LOOP: "set aside",
    Verdict.BLOCKED: "set aside",
    Verdict.FORGED: "set aside, without a receipt",
    Verdict.TOO_MANY: "set aside, without a receipt",
    Verdict.REFUSED: "set aside",
    Verdict.TOO_LARGE: "quarantined; the mailbox has the rest",
    Verdict.UNREADABLE: "quarantined",
}


def judge(letter: Letter, house: House, envelope: Envelope | None = None, known: Acquaintance | None = None) -> Triage:
    """The verdict on a letter. Never raises on a letter that `letter.read` gave."""
    it = Incoming(letter, house, envelope, known or Acquaintance())
    for rule in RULES:
        reason = rule.reason(it)
        if reason:
            return _triage(rule, reason, it)
    raise AssertionError("the last rule always fires")


def _triage(rule: Rule, reason: str, it: Incoming) -> Triage:
    if rule.verdict is Verdict.BOUNCE:
        recipient, code, permanent = failure(it.letter)
        return Triage(rule.verdict, rule.name, reason, False, concerns(it, returned=True), recipient, permanent, code)
    asked = rule.verdict in {Verdict.QUESTION, Verdict.FOLLOW_UP}
    return Triage(rule.verdict, rule.name, reason, asked and may_acknowledge(it), concerns(it, returned=not asked))
