"""The rules of triage, each a function that gives its reason as a sentence, or "" when it does not fire.

After RFC 3464, 3834 and 8601, and what programs send that never read them. `Precedence: bulk` is ordinary on human group mail: it
may stop an acknowledgement, never a case.
"""

from __future__ import annotations

import re

from consultant.triage import trust
from consultant.triage.incoming import Incoming, concerns, is_machine, is_ours, null_path, returns_a_letter, sns
from consultant.triage.signs import (
    AUTOMATIC_HEADERS,
    AWAY_SUBJECT,
    DAEMON,
    DAEMON_NAME,
    FAILED_SUBJECT,
    FAILED_TEXT,
    LOOKED_AT,
    LOOP_HEADERS,
    MACHINE_SUBJECT,
    NOREPLY,
    POSTMASTER,
)


def unreadable(it: Incoming) -> str:
    return f"It can't be read: {it.letter.unreadable}." if it.letter.unreadable else ""


def too_large(it: Incoming) -> str:
    return it.envelope.trouble if it.envelope else ""


def sealed(it: Incoming) -> str:
    """Without a text, and with a wrapping for which this house has no key."""
    nature = it.letter.nature
    return f"It is {nature}, and there is no key for it here." if nature.startswith("an encrypted letter") else ""


def own_loop(it: Incoming) -> str:
    if it.envelope and it.envelope.door in {"web", "api"}:
        return ""
    if is_ours(it.letter.message_id, it.house):
        return f"Its Message-ID is one of ours: {it.letter.message_id}."
    if any(name.lower() in LOOP_HEADERS for name, _ in it.letter.headers):
        return "It carries the mark of our own mail."
    if it.letter.sender.email.lower() in {address.lower() for address in (it.house.address, *it.house.addresses)}:
        return f"It says that it comes from {it.letter.sender.email}, which is ourselves."
    return ""


def delivery_report(it: Incoming) -> str:
    if it.letter.report_type != "delivery-status":
        return ""
    action = next((block["action"] for block in it.letter.report if "action" in block), "")
    return f"It is a delivery report ({action})." if action else "It is a delivery report."


def feedback_report(it: Incoming) -> str:
    if it.letter.report_type == "feedback-report":
        return "It is a feedback report: somebody marked a mail as spam."
    complains = it.letter.subject.lower().startswith("complaint about message from") and returns_a_letter(it.letter)
    if complains or sns(it.letter) == "Complaint":
        return "It is a provider's notice of a complaint."
    return ""


def vendor_bounce(it: Incoming) -> str:
    if it.letter.header("x-failed-recipients") and (is_machine(it.letter) or null_path(it)):
        return f"Exim returned it: {it.letter.header('x-failed-recipients')[:120]} failed."
    if sns(it.letter) in {"Bounce", "Delivery"}:
        return "It is a delivery notice of Amazon SES."
    if it.letter.header("x-mlserver") and re.search(r"not (?:a )?member|loop alert", it.letter.subject, re.IGNORECASE):
        return "A mailing list refused it."
    return ""


def bounce_in_words(it: Incoming) -> str:
    email, name = it.letter.sender.email, it.letter.sender.name
    if DAEMON.match(email) or DAEMON.match(name):
        return f"It comes from {email or name}, and only mail servers write from there."
    in_subject, in_text = FAILED_SUBJECT.search(it.letter.subject), FAILED_TEXT.search(it.letter.text[:LOOKED_AT])
    if POSTMASTER.match(email) and (in_subject or in_text):
        return f"{email} says that delivery failed."
    # People, too, are called System Administrator, and their claims are rejected: both signs are asked for.
    if in_subject and in_text and (not email or DAEMON_NAME.search(name)):
        return f"{name or 'A sender without address'} says that delivery failed: {in_text.group()[:60]}."
    nobody = null_path(it) or (NOREPLY.match(email) and returns_a_letter(it.letter))
    if nobody and in_text and (in_subject or returns_a_letter(it.letter)):
        return f"A machine says that delivery failed: {in_text.group()[:60]}."
    return ""


def says_it_is_automatic(it: Incoming) -> str:
    submitted = it.letter.header("auto-submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return f"Its header says so: Auto-Submitted: {submitted[:60]}."
    for name, sign in AUTOMATIC_HEADERS.items():
        value = it.letter.header(name).strip().lower()
        if value and re.search(sign, value):
            return f"Its header says so: {name}: {value[:60]}."
    return ""


def read_receipt(it: Incoming) -> str:
    if it.letter.report_type == "disposition-notification":
        return "It is a read receipt."
    return f"It is a report of type {it.letter.report_type}." if it.letter.report_type else ""


def away_message(it: Incoming) -> str:
    found = AWAY_SUBJECT.match(it.letter.subject) or MACHINE_SUBJECT.match(it.letter.subject)
    if found and (found.re is AWAY_SUBJECT or null_path(it) or NOREPLY.search(it.letter.sender.email)):
        return f"Its subject is one of an automatic reply: {found.group().strip()}."
    return ""


def calendar_answer(it: Incoming) -> str:
    return f"It is {it.letter.nature}." if it.letter.nature == "an answer to a calendar invitation" else ""


def sender_blocked(it: Incoming) -> str:
    return f"Its sender is blocked: {it.known.blocked}" if it.known.blocked else ""


def authentication_failed(it: Incoming) -> str:
    return trust.failure(it.letter, it.house.trusted)


def too_many_from_sender(it: Incoming) -> str:
    most = it.house.per_sender
    if not most or it.known.by_sender < most:
        return ""
    return f"{it.letter.sender.email} wrote {it.known.by_sender} letters within the hour before it, and {most} are allowed."


def too_many_in_thread(it: Incoming) -> str:
    most = it.house.per_thread
    if not most or it.known.in_thread < most:
        return ""
    return f"Its conversation had {it.known.in_thread} letters within the hour before it, and {most} are allowed."


def nobody_to_answer(it: Incoming) -> str:
    reachable = any("@" in address.email for address in (it.letter.sender, *it.letter.reply_to))
    return "" if reachable else "It names no sender, so nobody could be answered."


def follow_up(it: Incoming) -> str:
    named = concerns(it, returned=False)
    return f"It answers our letter {named[0]}." if named else ""


def question(_: Incoming) -> str:
    return "No rule speaks against it: it is a letter to be answered."
