"""What kind of letter is this, and why. The first rule of RULES that fires decides; its reason is a sentence for the desk.

After RFC 3464 and 3834, and what programs send that never read them. `Precedence: bulk` is ordinary on human group mail: it may
stop an acknowledgement, never a case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from consultant.triage.signs import (
    ADDRESS,
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
    SEARCHED,
    SMTP_CODE,
    SNS,
    STATUS,
)
from consultant.vocabulary import Envelope, House, Letter, Triage, Verdict


class Incoming(NamedTuple):
    """What a rule may ask about."""

    letter: Letter
    house: House
    envelope: Envelope | None


class Rule(NamedTuple):
    name: str
    verdict: Verdict
    reason: Callable[[Incoming], str]  # "" when the rule does not fire


def judge(letter: Letter, house: House, envelope: Envelope | None = None) -> Triage:
    """The verdict on a letter. Never raises on a letter that `letter.read` gave."""
    it = Incoming(letter, house, envelope)
    for rule in RULES:
        reason = rule.reason(it)
        if reason:
            return _triage(rule, reason, it)
    raise AssertionError("the last rule always fires")


def _triage(rule: Rule, reason: str, it: Incoming) -> Triage:
    if rule.verdict is Verdict.BOUNCE:
        recipient, code, permanent = _failure(it.letter)
        return Triage(rule.verdict, rule.name, reason, False, _concerns(it, returned=True), recipient, permanent, code)
    asked = rule.verdict in {Verdict.QUESTION, Verdict.FOLLOW_UP}
    return Triage(rule.verdict, rule.name, reason, asked and _may_acknowledge(it), _concerns(it, returned=not asked))


# --- the rules, each a sentence or "" ---------------------------------------------------------------------------------


def unreadable(it: Incoming) -> str:
    return f"It can't be read: {it.letter.unreadable}." if it.letter.unreadable else ""


def own_loop(it: Incoming) -> str:
    if it.envelope and it.envelope.door in {"web", "api"}:
        return ""
    if _is_ours(it.letter.message_id, it.house):
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
    complains = it.letter.subject.lower().startswith("complaint about message from") and _returns_a_letter(it.letter)
    if complains or _sns(it.letter) == "Complaint":
        return "It is a provider's notice of a complaint."
    return ""


def vendor_bounce(it: Incoming) -> str:
    if it.letter.header("x-failed-recipients") and (_is_machine(it.letter) or _null_path(it)):
        return f"Exim returned it: {it.letter.header('x-failed-recipients')[:120]} failed."
    if _sns(it.letter) in {"Bounce", "Delivery"}:
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
    nobody = _null_path(it) or (NOREPLY.match(email) and _returns_a_letter(it.letter))
    if nobody and in_text and (in_subject or _returns_a_letter(it.letter)):
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
    if found and (found.re is AWAY_SUBJECT or _null_path(it) or NOREPLY.search(it.letter.sender.email)):
        return f"Its subject is one of an automatic reply: {found.group().strip()}."
    return ""


def nobody_to_answer(it: Incoming) -> str:
    reachable = any("@" in address.email for address in (it.letter.sender, *it.letter.reply_to))
    return "" if reachable else "It names no sender, so nobody could be answered."


def follow_up(it: Incoming) -> str:
    concerns = _concerns(it, returned=False)
    return f"It answers our letter {concerns[0]}." if concerns else ""


def question(_: Incoming) -> str:
    return "No rule speaks against it: it is a letter to be answered."


RULES = (
    Rule("unreadable", Verdict.UNREADABLE, unreadable),
    Rule("own loop", Verdict.OWN_LOOP, own_loop),
    Rule("delivery report", Verdict.BOUNCE, delivery_report),
    Rule("feedback report", Verdict.FEEDBACK, feedback_report),
    Rule("vendor bounce", Verdict.BOUNCE, vendor_bounce),
    Rule("bounce in words", Verdict.BOUNCE, bounce_in_words),
    Rule("says it is automatic", Verdict.AUTOMATIC, says_it_is_automatic),
    Rule("read receipt", Verdict.AUTOMATIC, read_receipt),
    Rule("away message", Verdict.AUTOMATIC, away_message),
    Rule("nobody to answer", Verdict.REFUSED, nobody_to_answer),
    Rule("follow-up", Verdict.FOLLOW_UP, follow_up),
    Rule("question", Verdict.QUESTION, question),
)


# --- what the rules ask -----------------------------------------------------------------------------------------------


def _is_machine(letter: Letter) -> bool:
    """Whether the sender is a mail server, or nobody at all."""
    email, name = letter.sender.email, letter.sender.name
    return not email or bool(DAEMON.match(email) or POSTMASTER.match(email) or DAEMON_NAME.search(name))


def _returns_a_letter(letter: Letter) -> bool:
    return any(file.content_type in {"message/rfc822", "text/rfc822-headers"} for file in letter.attachments)


def _null_path(it: Incoming) -> bool:
    """Whether it came from the null sender, as reports and automatic replies must."""
    if it.envelope and it.envelope.door in {"smtp", "lmtp"}:
        return not it.envelope.mail_from
    return any(name.lower() == "return-path" and value.strip() in {"<>", ""} for name, value in it.letter.headers)


def _sns(letter: Letter) -> str:
    """The kind of an Amazon SES notice, "" for any other letter."""
    found = SNS.search(letter.text[:LOOKED_AT]) if letter.sender.email.lower().endswith("amazonaws.com") else None
    return found.group(1) if found else ""


def _may_acknowledge(it: Incoming) -> bool:
    """An acknowledgement is automatic mail itself: it goes to people only, and never to a list."""
    letter = it.letter
    if letter.header("precedence").strip().lower() in {"bulk", "list", "junk"}:
        return False
    if any(letter.header(name) for name in ("list-id", "list-post", "list-unsubscribe", "mailing-list")):
        return False
    if re.search(r"\b(?:all|oof|autoreply)\b", letter.header("x-auto-response-suppress"), re.IGNORECASE):
        return False
    if _null_path(it) or not letter.sender.email:
        return False
    return not (NOREPLY.search(letter.sender.email) or _is_machine(letter))


def _is_ours(message_id: str, house: House) -> bool:
    return bool(house.domain) and message_id.strip("<> ").rpartition("@")[2].lower() == house.domain.lower()


def _concerns(it: Incoming, returned: bool) -> tuple[str, ...]:
    """Our Message-IDs that the letter names, newest first; of a report also those in what it returns."""
    named = [*reversed(it.letter.references), *it.letter.in_reply_to]
    if returned:
        named += _returned_ids(it.letter, it.house)
    return tuple(dict.fromkeys(name for name in named if _is_ours(name, it.house)))


def _returned_ids(letter: Letter, house: House) -> Iterator[str]:
    for block in letter.report:
        for name in ("original-message-id", "x-original-message-id", "message-id"):
            if name in block:
                yield f"<{block[name].strip('<> ')}>"
    ours = re.compile(r"<[\w.+%=!#$&'*/?^`{|}~-]{1,200}@" + re.escape(house.domain) + r">", re.IGNORECASE)
    yield from ours.findall(letter.text[:SEARCHED])
    for file in letter.attachments:
        if file.content_type.startswith(("message/", "text/rfc822")):
            yield from ours.findall(file.content[:SEARCHED].decode("latin-1"))


def _failure(letter: Letter) -> tuple[str, str, bool]:
    """Whom a bounce is about, the status code, and whether it is for good."""
    for block in letter.report:
        if "status" in block or "final-recipient" in block:
            recipient = block.get("final-recipient") or block.get("original-recipient", "")
            code = _code(block.get("status", "")) or _code(block.get("diagnostic-code", ""))
            failed = block.get("action", "failed").strip().lower().startswith("fail")
            return recipient.rpartition(";")[2].strip(" <>"), code, failed and not code.startswith("4")
    text = letter.text[:LOOKED_AT]
    found = ADDRESS.search(letter.header("x-failed-recipients")) or _first_stranger(letter, text)
    code = _code(text)
    return (
        found.group() if found else "",
        code,
        code.startswith("5") or (not code and not re.search(r"delay|warning", letter.subject, re.IGNORECASE)),
    )


def _first_stranger(letter: Letter, text: str) -> re.Match[str] | None:
    """The first address in the text that is neither the daemon's nor the one it writes to."""
    known = {address.email.lower() for address in (letter.sender, *letter.to)}
    return next((found for found in ADDRESS.finditer(text) if found.group().lower() not in known), None)


def _code(text: str) -> str:
    found = STATUS.search(text)
    if found:
        return found.group(1)
    smtp = SMTP_CODE.search(text)
    return f"{smtp.group(1)[0]}.0.0" if smtp else ""
