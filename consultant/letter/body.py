"""Which parts of a letter are its text, and which are attachments."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from email.message import Message

from consultant.letter import calendar, charset, fields, html_text, mime, report, rtf, tnef
from consultant.letter.mime import Entity
from consultant.vocabulary import Attachment

MAX_TEXT = 2_000_000  # characters of one text part
MAX_LETTERS = 20  # attached ones that are read
MAX_LETTERS_DEEP = 3
TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
LETTERS = {"message/rfc822", "message/global"}
TEXTS = {"text/plain", "text/html", "text/markdown", "text/x-markdown"}
PART_MARK = re.compile(r"--\S|content-[a-z-]{2,30}:", re.IGNORECASE)
ASKS_FOR_HTML = re.compile(r"\bhtml\b", re.IGNORECASE)
HTML_PAGE = re.compile(
    rb"\s{0,200}(?:<!doctype\s{1,9}html|<html)\b[^<>]{0,2000}>\s{0,200}<", re.IGNORECASE
)  # also where it is called plain
RICH_TEXTS = {"text/enriched", "text/richtext"}
ENRICHED_TAG = re.compile(r"<param>[^<>]{0,200}</param>|</?[a-z-]{1,30}>", re.IGNORECASE)
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
    letters: list[Body] = field(default_factory=list)  # attached ones, in the order of the parts
    packed: tnef.Opened | None = None
    calendar: str = ""
    is_report: bool = False
    head: Message | None = None  # of an attached letter
    depth: int = 0

    @property
    def text(self) -> str:
        return "\n".join(passage.text for passage in self.passages)


def gather(root: Entity) -> Body:
    """The texts and attachments of a message."""
    body = Body(is_report=root.content_type == "multipart/report")
    _take(root, body, first=True)
    for read in (_attached_letter, _packed_text, _calendar_text, _report_text, _rich_text, _undivided_text):
        if any(passage.text.strip() for passage in body.passages):
            break
        read(root, body)
    body.passages = _without_doubles(body.passages)
    return body


def _take(entity: Entity, body: Body, first: bool, inside: str = "") -> None:
    if entity.content_type == "multipart/alternative" and entity.parts:
        _take_alternative(entity, body, inside)
    elif entity.parts:
        for place, part in enumerate(entity.parts):
            _take(part, body, first and place == 0, inside)
    elif _is_text(entity, first):
        _take_text(entity, body)
    else:
        _attach(entity, body, inside)
    body.defects += entity.defects


# --- what is read when the letter itself says nothing -----------------------------------------------------------------


def _attached_letter(root: Entity, body: Body) -> None:
    """A letter that says nothing but has another one attached passes that one on: its text is what we are asked to read."""
    if not body.is_report and body.letters:
        body.passages, body.htmls = body.letters[0].passages, body.htmls or body.letters[0].htmls
        body.defects.append("no text of its own: the attached letter is read")


def _packed_text(root: Entity, body: Body) -> None:
    if body.packed and (body.packed.text.strip() or body.packed.html):
        body.passages = [Passage(_lines(body.packed.text), False)]
        body.htmls = body.htmls or [body.packed.html] * bool(body.packed.html)
        body.defects.append("no text of its own: the text in winmail.dat is read")


def _calendar_text(root: Entity, body: Body) -> None:
    if body.calendar:
        body.passages = [Passage(calendar.readable(body.calendar), False)]


def _report_text(root: Entity, body: Body) -> None:
    """Some mail servers put their words where only the fields of the report belong."""
    part = next((leaf for leaf in root.leaves() if leaf.content_type in report.REPORTS), None) if body.is_report else None
    if part is not None:
        body.passages = [Passage(_lines(charset.decode(mime.decoded(part)[:MAX_TEXT])[0]), False)]


def _rich_text(root: Entity, body: Body) -> None:
    """The forms of old programs; the part stays an attachment too."""
    for leaf in root.leaves():
        if leaf.content_type in RICH_TEXTS | {"text/rtf"} and not _is_set_apart(leaf):
            data = mime.decoded(leaf)[:MAX_TEXT]
            words = rtf.text(data) if leaf.content_type == "text/rtf" else _enriched(data, leaf.parameter("charset"))
            body.passages = [Passage(_lines(words), False)]
            return


def _enriched(data: bytes, declared: str) -> str:
    """RFC 1896 without its tags: `<<` is a bracket, one line break a space."""
    text = _lines(charset.decode(data, declared)[0]).replace("<<", "\ue0f0")
    return re.sub(r"(?<!\n)\n(?!\n)", " ", ENRICHED_TAG.sub("", text)).replace("\ue0f0", "<").replace("\n\n", "\n")


def _undivided_text(root: Entity, body: Body) -> None:
    """Where the boundaries do not fit, the parts can't be told apart: then all words are shown, before none are."""
    if body.attachments or not any(defect.startswith("multipart without") for defect in body.defects):
        return
    text = _lines(charset.decode(root.body[:MAX_TEXT])[0])
    words = "\n".join(line for line in text.split("\n") if not PART_MARK.match(line)).strip("\n")
    if words.strip():
        body.passages = [Passage(words, False)]
        body.defects.append("its parts can't be told apart: all of it is read")


# --- parts ------------------------------------------------------------------------------------------------------------


def _take_alternative(entity: Entity, body: Body, inside: str) -> None:
    """Of several renderings of one text the plain one is read, unless it is empty or only says "read the HTML"."""
    inner = Body(letters=body.letters, is_report=body.is_report)
    for part in entity.parts:
        _take(part, inner, True, inside)
    plain = [passage for passage in inner.passages if not passage.is_html]
    rich = [passage for passage in inner.passages if passage.is_html]
    body.passages += plain if _says_something(plain, rich) else rich or plain
    body.htmls += inner.htmls
    body.attachments += inner.attachments
    body.defects += inner.defects
    body.packed, body.calendar = body.packed or inner.packed, body.calendar or inner.calendar


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
    if entity.content_type not in TEXTS or _is_set_apart(entity):
        return False
    return first or not (_declared_name(entity) and entity.head.get("content-disposition"))


def _is_set_apart(entity: Entity) -> bool:
    return str(entity.head.get("content-disposition", "")).strip().lower().startswith("attachment")


def _take_text(entity: Entity, body: Body) -> None:
    data = mime.decoded(entity)
    declared = entity.parameter("charset")
    is_html = entity.content_type == "text/html" or bool(HTML_PAGE.match(data))
    text, defect = charset.decode(data[: MAX_TEXT * 4], declared or (charset.of_html(data) if is_html else ""))
    if defect:
        body.defects.append(defect)
    if len(text) > MAX_TEXT:
        body.defects.append(f"text cut after {MAX_TEXT} characters")
        text = text[:MAX_TEXT]
    text = _lines(text)
    body.passages.append(Passage(text, is_html))
    if is_html:
        body.htmls.append(text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


# --- attachments ------------------------------------------------------------------------------------------------------


def _attach(entity: Entity, body: Body, inside: str) -> None:
    """Keep a part as an attachment, and what is packed in it behind it."""
    content = mime.decoded(entity)
    name = safe_name(_declared_name(entity)) or _made_up_name(entity, len(body.attachments) + 1)
    body.attachments.append(_file(name, entity.content_type, content, inside))
    if name.lower() == "winmail.dat" or entity.content_type in TNEF:
        _unpack(content, name, body)
    elif entity.content_type in LETTERS and not body.is_report:
        _open_letter(content, name, body)
    elif entity.content_type == "text/calendar" and not inside:
        body.calendar = body.calendar or charset.decode(content[:MAX_TEXT], entity.parameter("charset"))[0]


def _unpack(content: bytes, name: str, body: Body) -> None:
    packed = tnef.opened(content)
    if packed is None or not (packed.files or packed.text or packed.html):
        body.defects.append("winmail.dat: Outlook packed something in its own format, and it can't be opened")
        return
    body.packed = body.packed or packed
    if not packed.whole:
        body.defects.append("winmail.dat breaks off: what stands before that is read")
    for number, file in enumerate(packed.files, 1):
        kind = file.content_type if mime.TYPE.fullmatch(file.content_type) else "application/octet-stream"
        body.attachments.append(_file(safe_name(file.name) or f"file {number} of {name}", kind, file.content, name))


def _open_letter(content: bytes, name: str, body: Body) -> None:
    """Read an attached letter, for its text and for what is attached to it in its turn."""
    if len(body.letters) >= MAX_LETTERS or body.depth >= MAX_LETTERS_DEEP:
        body.defects.append(f"more than {MAX_LETTERS} attached letters, or {MAX_LETTERS_DEEP} in one another: kept unread")
        return
    root = mime.parse(content)
    inner = Body(head=root.head, depth=body.depth + 1, letters=[])
    body.letters.append(inner)
    _take(root, inner, True, name)
    body.attachments += inner.attachments
    body.defects += inner.defects
    body.letters += inner.letters[: MAX_LETTERS - len(body.letters)]


def _file(name: str, kind: str, content: bytes, inside: str) -> Attachment:
    return Attachment(
        filename=name,
        content_type=kind,
        size=len(content),
        sha1=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        inside=inside,
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
    name = fields.text(name).strip('"')
    return name[1:-1] if len(name) > 2 and name[0] == name[-1] == "'" else name


def _made_up_name(entity: Entity, number: int) -> str:
    if entity.content_type == "message/rfc822":
        subject = safe_name(fields.text(str(mime.parse_head(entity.body).get("subject", ""))))
        return f"{subject[:100] or f'letter {number}'}.eml"
    return f"part {number}{ENDINGS.get(entity.content_type, '')}"
