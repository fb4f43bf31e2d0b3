"""winmail.dat: Outlook's own envelope (MS-OXTNEF), opened for its text and its attachments.

A stream of attributes, each with a length, and inside of two of them lists of MAPI properties (MS-OXCMSG). Everything is read
by offset within bounds; a stream that breaks off gives what was read before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from consultant.letter import charset, html_text, rtf

SIGNATURE = 0x223E9F78
MAX_ATTRIBUTES = 2_000
MAX_PROPERTIES = 1_000
MAX_FILES = 100

BODY, CODEPAGE, MESSAGE = 0x800C, 0x9007, 0x9003  # the low half of an attribute's id
NEW_FILE, FILE_TITLE, FILE_DATA, FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005

TEXT, RTF, HTML = 0x1000, 0x1009, 0x1013  # MAPI property ids
LONG_NAME, MIME_TYPE = 0x3707, 0x370E
#: Bytes of a value by MAPI type; the others say how long they are.
WIDTHS = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
STRING, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0x0D
VARIABLE = {STRING, UNICODE, BINARY, OBJECT}


@dataclass
class File:
    name: str = ""
    content_type: str = ""
    content: bytes = b""


@dataclass
class Opened:
    text: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)
    whole: bool = True  # False: the stream broke off


def opened(data: bytes) -> Opened | None:
    """What is inside; None when these bytes are no TNEF stream. Never raises."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    found, codepage, properties = Opened(), "cp1252", {}
    try:
        for kind, value in _attributes(data):
            if kind == CODEPAGE and len(value) >= 4:
                codepage = charset.codec(f"cp{struct.unpack_from('<I', value)[0]}") or codepage
            elif kind == BODY:
                found.text = found.text or charset.decode(value.rstrip(b"\x00"), codepage)[0]
            elif kind == MESSAGE:
                properties = _properties(value, codepage)
            else:
                _file(found, kind, value, codepage)
    except (struct.error, IndexError, ValueError):
        found.whole = False
    _texts(found, properties)
    found.files = [file for file in found.files if file.content]
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 6
    for _ in range(MAX_ATTRIBUTES):
        if place + 9 > len(data):
            return
        _, kind, _, length = struct.unpack_from("<BHHI", data, place)
        if place + 9 + length > len(data):
            raise ValueError("cut off")
        yield kind, data[place + 9 : place + 9 + length]
        place += 9 + length + 2


def _file(found: Opened, kind: int, value: bytes, codepage: str) -> None:
    if kind == NEW_FILE and len(found.files) < MAX_FILES:
        found.files.append(File())
    elif found.files and kind == FILE_TITLE:
        found.files[-1].name = found.files[-1].name or charset.decode(value.rstrip(b"\x00"), codepage)[0]
    elif found.files and kind == FILE_DATA:
        found.files[-1].content = value
    elif found.files and kind == FILE_PROPERTIES:
        properties = _properties(value, codepage)
        found.files[-1].name = _text(properties.get(LONG_NAME)) or found.files[-1].name
        found.files[-1].content_type = _text(properties.get(MIME_TYPE)).lower()


def _texts(found: Opened, properties: dict[int, str | bytes]) -> None:
    markup = properties.get(HTML)
    if isinstance(markup, bytes):
        markup = charset.decode(markup, charset.of_html(markup))[0]
    found.html = markup or ""
    found.text = found.text or _text(properties.get(TEXT))
    packed = properties.get(RTF)
    if not found.text and not found.html and isinstance(packed, bytes):
        found.text = rtf.text(rtf.unpacked(packed))
    if not found.text and found.html:
        found.text = html_text.readable(found.html)


def _text(value: str | bytes | None) -> str:
    return value if isinstance(value, str) else ""


def _properties(data: bytes, codepage: str) -> dict[int, str | bytes]:
    """The variable-length properties of a list, by id. Raises struct.error where the list breaks off."""
    found: dict[int, str | bytes] = {}
    place = 4
    for _ in range(min(struct.unpack_from("<I", data)[0], MAX_PROPERTIES)):
        kind, name = struct.unpack_from("<HH", data, place)
        place = _past_name(data, place + 4) if name >= 0x8000 else place + 4
        many = kind & 0x1000
        kind &= 0x0FFF
        count = 1
        if many or kind in VARIABLE:
            count = struct.unpack_from("<I", data, place)[0]
            place += 4
        if kind not in VARIABLE:
            if kind not in WIDTHS:
                return found  # its length is unknown: nothing behind it can be found
            place += WIDTHS[kind] * min(count, len(data))
            continue
        for _ in range(min(count, MAX_PROPERTIES)):
            length = struct.unpack_from("<I", data, place)[0]
            found.setdefault(name, _value(kind, data[place + 4 : place + 4 + length], codepage))
            place += 4 + length + (-length % 4)
    return found


def _value(kind: int, value: bytes, codepage: str) -> str | bytes:
    if kind == UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\x00")
    return charset.decode(value.rstrip(b"\x00"), codepage)[0] if kind == STRING else value


def _past_name(data: bytes, place: int) -> int:
    """Behind the GUID and the number or name of a named property."""
    by_string = struct.unpack_from("<I", data, place + 16)[0]
    if not by_string:
        return place + 24
    length = struct.unpack_from("<I", data, place + 20)[0]
    return place + 24 + int(length) + int(-length % 4)
