"""The way of the bytes: tree, header, body, reply."""

from __future__ import annotations

import re
from email.message import Message
from functools import lru_cache

from consultant.letter import body, fields, html_text, mime, nature, quotes, report
from consultant.letter.body import Passage
from consultant.vocabulary import Address, Enclosed, Letter

MAX_BYTES = 64_000_000
FORWARDS = re.compile(r"\s{0,9}(?:fwd?|wg|tr|rv|enc|i|vs|doorst|pd|ilt|vl|转发|轉寄)\s?:", re.IGNORECASE)
NOBODY = Address("", "")
#: A worker reads the same letter at each step: the last few are kept read, as long as they are small.
KEPT_BYTES = 256_000


def read(raw: bytes) -> Letter:
    """The letter in these bytes. Never raises: what defeats the reader comes back as an unreadable letter."""
    if not raw.strip():
        return _unreadable("the letter is empty")
    if len(raw) > MAX_BYTES:
        return _unreadable(f"the letter has {len(raw)} bytes, more than {MAX_BYTES}")
    try:
        return _kept_read(bytes(raw)) if len(raw) <= KEPT_BYTES else _read(raw)
    except Exception as trouble:  # noqa: BLE001 - one letter must never stop a door; the reason goes to the desk
        return _unreadable(f"{type(trouble).__name__}: {trouble}"[:300])


def visible_html(html: str) -> str:
    """What the sender wrote now, as text; the whole text when everything in it is quoted. Raises nothing on bad HTML."""
    whole = html_text.readable(html)
    if quotes.is_passed_on(whole):
        return whole
    return quotes.visible(html_text.marked(html), otherwise=whole)


@lru_cache(maxsize=8)
def _kept_read(raw: bytes) -> Letter:
    return _read(raw)


def _read(raw: bytes) -> Letter:
    root = mime.parse(raw)
    head = root.head
    found = body.gather(root)
    kind, blocks = report.find(root)
    subject = _one(head, "subject")
    text = found.text
    sender = fields.addresses(_all(head, "from")) or fields.addresses(_all(head, "sender"))
    return Letter(
        message_id=next(iter(fields.message_ids(_raw(head, "message-id"))), ""),
        in_reply_to=fields.message_ids(_raw(head, "in-reply-to")),
        references=fields.message_ids(_raw(head, "references")),
        sender=sender[0] if sender else NOBODY,
        reply_to=fields.addresses(_all(head, "reply-to")),
        to=fields.addresses(_all(head, "to")),
        cc=fields.addresses(_all(head, "cc")),
        subject=subject,
        date=fields.date(_raw(head, "date")),
        text=text,
        html="\n".join(found.htmls),
        reply=_reply(found.passages, text, bool(FORWARDS.match(subject))),
        attachments=tuple(found.attachments),
        headers=tuple((name, fields.text(str(value))) for name, value in head.raw_items()),
        report_type=kind,
        report=blocks,
        defects=tuple(dict.fromkeys(found.defects))[:50],
        nature=nature.of(root, found),
        enclosed=tuple(_enclosed(letter) for letter in found.letters),
        unreadable="" if head.keys() else "no header field: this is no letter",
    )


def _enclosed(letter: body.Body) -> Enclosed:
    head = letter.head or Message()
    sender = fields.addresses(_all(head, "from"))
    return Enclosed(sender[0] if sender else NOBODY, _one(head, "subject"), fields.date(_raw(head, "date")), letter.text)


def _reply(passages: list[Passage], whole: str, forwarded: bool) -> str:
    """A forwarded letter is passed on to be read: nothing in it is a quote."""
    marked = "\n".join(passage.marked if not forwarded else passage.text for passage in passages)
    return quotes.visible(marked, otherwise=whole, forwarded=forwarded)


def _raw(head: Message, name: str) -> str:
    values = _all(head, name)
    return values[0] if values else ""


def _all(head: Message, name: str) -> list[str]:
    return [str(value) for key, value in head.raw_items() if key.lower() == name]


def _one(head: Message, name: str) -> str:
    return fields.text(_raw(head, name))


def _unreadable(reason: str) -> Letter:
    return Letter("", (), (), NOBODY, (), (), (), "", None, "", "", "", unreadable=reason)
