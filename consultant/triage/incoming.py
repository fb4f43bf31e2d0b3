"""What the rules ask of a letter: is it a machine's, is it ours, whom does it concern, whom did it fail to reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from consultant.triage.signs import ADDRESS, DAEMON, DAEMON_NAME, LOOKED_AT, NOREPLY, POSTMASTER, SEARCHED, SMTP_CODE, SNS, STATUS
from consultant.vocabulary import Acquaintance, Envelope, House, Letter


class Incoming(NamedTuple):
    """A letter at the door, and what is known round it."""

    letter: Letter
    house: House
    envelope: Envelope | None = None
    known: Acquaintance = Acquaintance()


def is_machine(letter: Letter) -> bool:
    """Whether the sender is a mail server, or nobody at all."""
    email, name = letter.sender.email, letter.sender.name
    return not email or bool(DAEMON.match(email) or POSTMASTER.match(email) or DAEMON_NAME.search(name))


def returns_a_letter(letter: Letter) -> bool:
    return any(file.content_type in {"message/rfc822", "text/rfc822-headers"} for file in letter.attachments)


def null_path(it: Incoming) -> bool:
    """Whether it came from the null sender, as reports and automatic replies must."""
    if it.envelope and it.envelope.door in {"smtp", "lmtp"}:
        return not it.envelope.mail_from
    return any(name.lower() == "return-path" and value.strip() in {"<>", ""} for name, value in it.letter.headers)


def sns(letter: Letter) -> str:
    """The kind of an Amazon SES notice, "" for any other letter."""
    found = SNS.search(letter.text[:LOOKED_AT]) if letter.sender.email.lower().endswith("amazonaws.com") else None
    return found.group(1) if found else ""


def may_acknowledge(it: Incoming) -> bool:
    """An acknowledgement is automatic mail itself: it goes to people only, and never to a list."""
    letter = it.letter
    if letter.header("precedence").strip().lower() in {"bulk", "list", "junk"}:
        return False
    if any(letter.header(name) for name in ("list-id", "list-post", "list-unsubscribe", "mailing-list")):
        return False
    if re.search(r"\b(?:all|oof|autoreply)\b", letter.header("x-auto-response-suppress"), re.IGNORECASE):
        return False
    if null_path(it) or not letter.sender.email:
        return False
    return not (NOREPLY.search(letter.sender.email) or is_machine(letter))


def is_ours(message_id: str, house: House) -> bool:
    return bool(house.domain) and message_id.strip("<> ").rpartition("@")[2].lower() == house.domain.lower()


def concerns(it: Incoming, returned: bool) -> tuple[str, ...]:
    """Our Message-IDs that the letter names, newest first; of a report also those in what it returns."""
    named = [*reversed(it.letter.references), *it.letter.in_reply_to]
    if returned:
        named += _returned_ids(it.letter, it.house)
    return tuple(dict.fromkeys(name for name in named if is_ours(name, it.house)))


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


def failure(letter: Letter) -> tuple[str, str, bool]:
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
