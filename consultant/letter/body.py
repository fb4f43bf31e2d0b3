"""Which parts of a letter are its text, and which are attachments."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from consultant.letter import charset, fields, html_text, mime
from consultant.letter.mime import Entity
from consultant.vocabulary import Attachment

MAX_TEXT = 2_000_000  # characters of one text part
TEXTS = {"text/plain", "text/html", "text/markdown", "text/x-markdown"}
ASKS_FOR_HTML = re.compile(r"\bhtml\b", re.IGNORECASE)
UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
ENDINGS = {"text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml", "application/pdf": ".pdf", "image/jpeg": ".jpg"}


@dataclass(frozen=True)
class Passage:
    """A text part. Of an HTML one `source` is the markup."""

    source: str
    is_html: bool

    @property
    def text(self) -> str:
        return html_text.readable(self.source) if self.is_html else self.source

    @property
    def marked(self) -> str:
        """The text with the quotations of HTML shown as `> `, for `quotes`."""
        return html_text.marked(self.source) if self.is_html else self.source


@dataclass
class Body:
    passages: list[Passage] = field(default_factory=list)  # in the order of the parts
    htmls: list[str] = field(default_factory=list)  # every HTML part, also where the plain one is read
    attachments: list[Attachment] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def gather(root: Entity) -> Body:
    """The texts and attachments of a message."""
    body = Body()
    _take(root, body, first=True)
    if not any(passage.text.strip() for passage in body.passages):
        _take_attached_letter(root, body)
    body.passages = _without_doubles(body.passages)
    return body


def _take(entity: Entity, body: Body, first: bool) -> None:
    body.defects += entity.defects
    if entity.content_type == "multipart/alternative" and entity.parts:
        _take_alternative(entity, body)
    elif entity.parts:
        for place, part in enumerate(entity.parts):
            _take(part, body, first=first and place == 0)
    elif _is_text(entity, first):
        _take_text(entity, body)
    else:
        body.attachments.append(_attachment(entity, body))


def _take_attached_letter(root: Entity, body: Body) -> None:
    """A letter that says nothing but has another one attached passes that one on: its text is what we are asked to read."""
    attached = next((leaf for leaf in root.leaves() if leaf.content_type == "message/rfc822"), None)
    if attached is None or root.content_type == "multipart/report":
        return
    inner = Body()
    _take(mime.parse(mime.decoded(attached)), inner, first=True)
    body.passages, body.htmls = inner.passages, body.htmls or inner.htmls
    body.defects.append("no text of its own: the attached letter is read")


def _take_alternative(entity: Entity, body: Body) -> None:
    """Of several renderings of one text the plain one is read, unless it is empty or only says "read the HTML"."""
    inner = Body()
    for part in entity.parts:
        _take(part, inner, first=True)
    plain = [passage for passage in inner.passages if not passage.is_html]
    rich = [passage for passage in inner.passages if passage.is_html]
    body.passages += plain if _says_something(plain, rich) else rich or plain
    body.htmls += inner.htmls
    body.attachments += inner.attachments
    body.defects += inner.defects


def _says_something(plain: list[Passage], rich: list[Passage]) -> bool:
    text = "\n".join(passage.source for passage in plain).strip()
    if not rich:
        return True
    return bool(text) and not (len(text.split()) <= 30 and ASKS_FOR_HTML.search(text))


def _without_doubles(passages: list[Passage]) -> list[Passage]:
    """Some programs send both renderings as if they were two texts; the HTML goes when it says nothing new."""
    words = {word for passage in passages if not passage.is_html for word in passage.source.split()}
    return [passage for passage in passages if not passage.is_html or not words or _adds(passage, words)]


def _adds(passage: Passage, words: set[str]) -> bool:
    own = passage.text.split()
    return sum(word not in words for word in own) * 5 > len(own)


def _is_text(entity: Entity, first: bool) -> bool:
    """A part to be read in the letter's place. A named text is an attachment, unless it is all there is to read."""
    disposition = str(entity.head.get("content-disposition", "")).strip().lower()
    if entity.content_type not in TEXTS or disposition.startswith("attachment"):
        return False
    return first or not (_declared_name(entity) and disposition)


def _take_text(entity: Entity, body: Body) -> None:
    data = mime.decoded(entity)
    declared = entity.parameter("charset")
    is_html = entity.content_type == "text/html"
    text, defect = charset.decode(data[: MAX_TEXT * 4], declared or (charset.of_html(data) if is_html else ""))
    if defect:
        body.defects.append(defect)
    if len(text) > MAX_TEXT:
        body.defects.append(f"text cut after {MAX_TEXT} characters")
        text = text[:MAX_TEXT]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    body.passages.append(Passage(text, is_html))
    if is_html:
        body.htmls.append(text)


def _attachment(entity: Entity, body: Body) -> Attachment:
    content = mime.decoded(entity)
    name = safe_name(_declared_name(entity)) or _made_up_name(entity, len(body.attachments) + 1)
    if name.lower() == "winmail.dat" or entity.content_type == "application/ms-tnef":
        body.defects.append("winmail.dat: Outlook packed the attachments in its own format; they are kept unopened")
    return Attachment(
        filename=name,
        content_type=entity.content_type,
        size=len(content),
        sha1=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def safe_name(name: str) -> str:
    """A file name without folders, control signs, tricks of direction or leading dots; at most 150 characters."""
    name = UNSAFE.sub("_", re.split(r"[/\\]", name[:20_000])[-1]).strip(" .")
    if len(name) <= 150:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:140]}{dot}{ending}" if dot and len(ending) < 10 else name[:150]


def _declared_name(entity: Entity) -> str:
    name = entity.parameter("filename", "content-disposition") or entity.parameter("name")
    return fields.text(name)


def _made_up_name(entity: Entity, number: int) -> str:
    if entity.content_type == "message/rfc822":
        subject = safe_name(fields.text(str(mime.parse_head(entity.body).get("subject", ""))))
        return f"{subject[:100] or f'letter {number}'}.eml"
    return f"part {number}{ENDINGS.get(entity.content_type, '')}"
