"""The closed lists: where a case stands, what triage says, what a question is about, which code systems there are."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands. The status is the queue: `pipeline.STEPS` says which of them a worker may take on."""

    RECEIVED = "received"  # the bytes are kept, nothing was read yet
    ACCEPTED = "accepted"  # a question for us
    CLASSIFIED = "classified"  # codes, topics and facts found
    DRAFTED = "drafted"  # waits for a human
    APPROVED = "approved"  # a human said: send this
    SENDING = "sending"  # SMTP is being spoken
    SENT = "sent"  # the relay took the answer
    ASKED = "asked"  # we asked the sender; waits for the sender
    DECLINED = "declined"  # a human said no
    FAILED = "failed"  # the relay refused, or the answer bounced
    UNKNOWN = "unknown"  # we died while sending: a human must look
    JOINED = "joined"  # a follow-up: its letter belongs to an older case
    SET_ASIDE = "set aside"  # bounce, robot, our own echo: kept, not answered
    QUARANTINED = "quarantined"  # a step failed three times, or the letter can't be read


class Verdict(StrEnum):
    """What triage makes of a letter."""

    QUESTION = "question"
    FOLLOW_UP = "follow-up"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    FEEDBACK = "feedback"
    OWN_LOOP = "own loop"
    REFUSED = "refused"
    BLOCKED = "sender blocked"
    FORGED = "authentication failed"
    TOO_MANY = "too many"
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"


class Topic(StrEnum):
    """What the asker wants to know, in the terms of the expert question sets."""

    CODE_LOOKUP = "code_lookup"
    GUIDELINE = "guideline"
    MODIFIER = "modifier"
    CROSSWALK = "crosswalk"
    NCCI = "ncci"
    COMPLIANCE = "compliance"
    COVERAGE = "coverage"
    PAYMENT = "payment"


class System(StrEnum):
    """A code system. Modifiers are written `-59`, places of service `POS-22`."""

    CPT = "CPT"
    HCPCS = "HCPCS"
    ICD10CM = "ICD-10-CM"
    ICD10PCS = "ICD-10-PCS"
    MODIFIER = "MODIFIER"
    POS = "POS"
