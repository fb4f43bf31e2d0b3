"""One MIME entity: its header fields, its body, its parts. Bounded in every direction, so that hostile mail costs no time.

The standard library's parser has no bound on depth, parts or header size; here `email.message` (policy compat32) only holds
the fields and reads the parameters of Content-Type and Content-Disposition.
"""

from __future__ import annotations

import binascii
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.policy import compat32

from consultant.letter import charset

MAX_FIELDS = 500
MAX_FIELD = 65_536  # bytes of one header field
MAX_PARAMETERS = 8_192  # of a Content-… field, which the standard library cuts up in quadratic time
MAX_HEAD = 4_000_000  # bytes of one header, before the fields are cut
MAX_PARTS = 300
MAX_DEPTH = 12

FIELD_NAME = re.compile(rb"[!-9;-~]{1,120}[ \t]*:")
BLANK_LINE = re.compile(rb"\n\r?\n")
#: Fields of which every letter has two at least: what stands below blank lines and begins with them is a header all the same.
USUAL = re.compile(rb"(?im)^(?:from|to|subject|date|received|message-id|return-path|delivered-to|mime-version)[ \t]*:")
#: A delimiter that shows itself by what stands below it.
DELIMITER = re.compile(rb"(?im)^--([^\r\n]{1,200}?)[ \t]{0,99}\r?\nContent-(?:Type|Transfer-Encoding|Disposition)[ \t]*:")
#: A line of base64, rubbish behind its padding allowed.
BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}|[A-Za-z0-9+/]*={1,2}[^A-Za-z0-9+/=].*")
LINES_LOOKED_AT = 400
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")
THREADS = (b"references", b"in-reply-to")  # cut at the front: the newest id stands last


@dataclass
class Entity:
    """A message or a part of one. `raw` is its own bytes, head and body; `body` is still transfer-encoded."""

    head: Message
    raw: bytes
    body: bytes
    content_type: str = "text/plain"
    parts: list[Entity] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    def leaves(self) -> Iterator[Entity]:
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def parameter(self, name: str, header: str = "content-type") -> str:
        """A parameter of a header, RFC 2231 joined; "" when it is missing or unreadable."""
        try:
            value = self.head.get_param(name, "", header)
            if isinstance(value, tuple):
                charset, _, text = value
                value = text.encode("latin-1", "surrogateescape").decode(charset or "utf-8", "replace")
            return str(value or "")
        except (ValueError, LookupError, TypeError, AttributeError):
            return ""


def parse(raw: bytes) -> Entity:
    """The tree of a message."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    budget = [MAX_PARTS]
    return _entity(_from_its_header(raw), 0, budget, "text/plain")


def _from_its_header(raw: bytes) -> bytes:
    """The letter without the byte-order mark or the blank lines that some program put before its header."""
    begun = raw.removeprefix(BOM_UTF8).lstrip(b"\r\n")
    if len(begun) == len(raw) or not FIELD_NAME.match(begun):
        return raw
    end = BLANK_LINE.search(begun)
    return begun if len(USUAL.findall(begun[: min(end.start() if end else len(begun), MAX_FIELD)])) > 1 else raw


def parse_head(raw: bytes) -> Message:
    """The header fields alone: of a returned original, of a report block."""
    return _head(raw, [])[0]


def decoded(entity: Entity) -> bytes:
    """The body after transfer decoding; what cannot be decoded is handed over as it came."""
    written = re.sub(r"\([^()]{0,200}\)", "", str(entity.head.get("content-transfer-encoding", "")).split(";")[0].lower())
    encoding = re.sub(r"[^a-z0-9-]", "", written)
    try:
        if encoding == "base64":
            if entity.content_type.startswith("text/") and not _looks_like_base64(entity.body):
                entity.defects.append("declared as base64, but plain: read as it is")
                return entity.body
            return _base64(entity.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(entity.body)
        if encoding in {"x-uuencode", "uuencode", "uue", "x-uue"}:
            return _uuencoded(entity.body)
    except (binascii.Error, ValueError):
        entity.defects.append(f"broken {encoding}")
    return entity.body


def _entity(raw: bytes, depth: int, budget: list[int], default: str) -> Entity:
    defects: list[str] = []
    head, body = _head(raw, defects)
    entity = Entity(head, raw, body, _content_type(head, default), [], defects)
    if entity.content_type.startswith("multipart/"):
        _split(entity, depth, budget)
    return entity


def _content_type(head: Message, default: str) -> str:
    """Like the standard library's, but a missing or broken type says nothing about the bytes: it is read as text.

    A part that is said to be of several parts and then a text has lost a boundary: the text stands right below and is kept whole.
    """
    written, *others = [str(value).split(";")[0].strip().lower() for value in head.get_all("content-type", [""])]
    if written.startswith("multipart/"):
        written = next((other for other in others if other.startswith("text/")), written)
    if TYPE.fullmatch(written):
        return written
    return "text/html" if written in {"html", "text/html/"} else default


def _split(entity: Entity, depth: int, budget: list[int]) -> None:
    boundary = _boundary(entity)
    if not boundary or depth >= MAX_DEPTH:
        entity.defects.append("multipart without boundary" if not boundary else "parts nested too deep")
        entity.content_type = "text/plain"
        return
    default = "message/rfc822" if entity.content_type == "multipart/digest" else "text/plain"
    for piece in _pieces(entity.body, boundary):
        if budget[0] <= 0:
            entity.defects.append(f"more than {MAX_PARTS} parts: the rest is not read")
            break
        budget[0] -= 1
        entity.parts.append(_entity(piece, depth + 1, budget, default))
    if not entity.parts:
        entity.defects.append("multipart without its boundary in the body")
        entity.content_type = "text/plain"


def _boundary(entity: Entity) -> bytes:
    """The declared boundary; where the body has none of it, the one that stands there; b"" when there is none."""
    boundary = entity.parameter("boundary").strip().encode("utf-8", "surrogateescape")[:200].rstrip()
    if boundary and b"--" + boundary in entity.body:
        return boundary
    standing = DELIMITER.search(entity.body)
    if standing is None:
        return boundary
    entity.defects.append("the boundary is not the declared one: the parts are cut where they seem to begin")
    return standing.group(1)


def _pieces(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """The bytes between the delimiter lines; a missing last delimiter is forgiven."""
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]{0,99}(?=\r?\n|\r?\Z)")
    start = -1
    for found in line.finditer(body):
        if start >= 0:
            yield body[start : found.start()]
        if found.group(1):
            return
        start = found.end() + (2 if body[found.end() : found.end() + 1] == b"\r" else 1)
    if 0 <= start < len(body):
        yield body[start:].rstrip().removesuffix(b"--" + boundary + b"--")  # some forget to end the line before it


def _head(raw: bytes, defects: list[str]) -> tuple[Message, bytes]:
    """The header as a compat32 Message of unfolded, bounded fields, and the body."""
    head = Message(policy=compat32)
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return head, raw[1 if raw[:1] == b"\n" else 2 :]
    end = BLANK_LINE.search(raw)
    stop = end.start() + 1 if end else len(raw)
    lines = raw[: min(stop, MAX_HEAD)].split(b"\n")
    fields, junk = _fields(lines, defects)
    for name, value in fields:
        head[name.decode("ascii", "surrogateescape")] = _as_held(name, value)
    if junk is not None:
        defects.append("no blank line between header and body")
        return head, b"\n".join(lines[junk:]) + raw[min(stop, MAX_HEAD) :]
    return head, raw[end.end() :] if end else b""


def _fields(lines: list[bytes], defects: list[str]) -> tuple[list[tuple[bytes, bytes]], int | None]:
    """The fields, and the index of the first line that is body already (None when there is none)."""
    found: list[list[bytes]] = []
    for number, line in enumerate(line.rstrip(b"\r") for line in lines):
        if line[:1] in {b" ", b"\t"} and found:
            found[-1].append(line)
        elif FIELD_NAME.match(line):
            found.append([line])
            if len(found) > MAX_FIELDS:
                break
        elif line and not _envelope_line(number, line):
            if not any(FIELD_NAME.match(later) for later in lines[number + 1 : number + 3]):
                return [_bounded(folded, defects) for folded in found[:MAX_FIELDS]], number
            defects.append("a header line without a name")
    if len(found) > MAX_FIELDS:
        defects.append(f"more than {MAX_FIELDS} header fields: the rest is not read")
    return [_bounded(folded, defects) for folded in found[:MAX_FIELDS]], None


def _as_held(name: bytes, value: bytes) -> str:
    """Bytes beyond ASCII as surrogates, as compat32 wants it; in Content-… fields, which it would spoil, as what they mean."""
    if value.isascii() or not name.lower().startswith(b"content-"):
        return value.decode("ascii", "surrogateescape")
    return charset.decode(value)[0]


def _envelope_line(number: int, line: bytes) -> bool:
    return number == 0 and line.startswith((b"From ", b">From "))


def _bounded(folded: list[bytes], defects: list[str]) -> tuple[bytes, bytes]:
    name, _, value = b"\n".join(folded).partition(b":")
    name = name.strip()
    value = value.strip()
    most = MAX_PARAMETERS if name.lower().startswith(b"content-") else MAX_FIELD
    if len(value) > most:
        defects.append(f"header field cut: {name[:40].decode('ascii', 'replace')}")
        value = value[-most:] if name.lower() in THREADS else value[:most]
    return name, value


def _looks_like_base64(body: bytes) -> bool:
    """Whether most of the first lines are base64: gateways decode a text and forget to say so."""
    lines = [line.strip() for line in body[:100_000].split(b"\n")[:LINES_LOOKED_AT]]
    return sum(len(line) for line in lines if BASE64_LINE.fullmatch(line)) * 2 >= sum(map(len, lines))


def _base64(body: bytes) -> bytes:
    """Decoded up to rubbish behind the padding; padded blocks one after the other are all read."""
    cleaned = re.sub(rb"[^A-Za-z0-9+/=]+", b"", body)
    if b"=" not in cleaned[:-2]:
        return _base64_run(cleaned.rstrip(b"="))
    out: list[bytes] = []
    for run in re.finditer(rb"([A-Za-z0-9+/]+)(=*)", cleaned):
        if out and (len(run.group(1)) + len(run.group(2))) % 4:
            break
        out.append(_base64_run(run.group(1)))
    return b"".join(out)


def _base64_run(run: bytes) -> bytes:
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


def _uuencoded(body: bytes) -> bytes:
    out = []
    begun = False
    for line in body.replace(b"\r", b"").split(b"\n"):
        if not begun:
            begun = line.startswith(b"begin ")
        elif line in {b"end", b"`"}:
            break
        elif line:
            out.append(_uu_line(line))
    return b"".join(out) if begun else body


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        wanted = (((line[0] - 32) & 63) * 4 + 5) // 3  # some encoders pad the line with rubbish
        return binascii.a2b_uu(line[:wanted])
