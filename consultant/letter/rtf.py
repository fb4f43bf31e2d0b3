"""Rich text as Outlook packs it into winmail.dat: unpacked (MS-OXRTFCP) and brought to plain text. Linear time, never raises."""

from __future__ import annotations

import re
import struct

MAX_TEXT = 2_000_000  # bytes after unpacking

#: What every packed text is taken to begin with, so that common control words cost nothing (MS-OXRTFCP 2.1.2.1).
PRELOADED = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]{1,4000})", re.DOTALL)
#: Groups that hold no text of the letter.
SILENT = {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"generator", b"listtable", b"listoverridetable"}
BREAKS = {b"par": "\n", b"line": "\n", b"row": "\n", b"cell": "\t", b"tab": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•",
          b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”"}  # fmt: skip
SYMBOLS = {b"~": "\u00a0", b"\\": "\\", b"{": "{", b"}": "}"}
MAX_DEPTH = 200


def unpacked(data: bytes) -> bytes:
    """The rich text in a compressed property; b"" when it is none."""
    if len(data) < 16:
        return b""
    _, size, magic, _ = struct.unpack_from("<IIII", data)
    if magic == 0x414C454D:  # "MELA": not compressed
        return data[16 : 16 + min(size, MAX_TEXT)]
    return _unpacked(data) if magic == 0x75465A4C else b""  # "LZFu"


def _unpacked(data: bytes) -> bytes:
    """Runs of eight: a byte as it is, or a place among the last 4096 bytes and how many to repeat from there."""
    out, place = bytearray(PRELOADED), 16
    while place < len(data) and len(out) < MAX_TEXT:
        control, place = data[place], place + 1
        for bit in range(8):
            if control >> bit & 1:
                if place + 1 >= len(data):
                    return bytes(out[len(PRELOADED) :])
                back = (len(out) - (data[place] << 4 | data[place + 1] >> 4)) % 4096
                start, count, place = len(out) - back, (data[place + 1] & 0x0F) + 2, place + 2
                if not back or start < 0:  # a place that points at itself is the end
                    return bytes(out[len(PRELOADED) :])
                for step in range(count):
                    out.append(out[start + step])
            else:
                out += data[place : place + 1]
                place += 1
    return bytes(out[len(PRELOADED) :])


def text(rich: bytes) -> str:
    """The words of rich text, paragraphs as lines."""
    out: list[str] = []
    silent, unshown, skip = [False], False, 0
    for found in TOKEN.finditer(rich[:MAX_TEXT]):
        word, number, _, symbol, brace, _ = found.groups()
        if brace:
            silent = [*silent, silent[-1]][-MAX_DEPTH:] if brace == b"{" else silent[:-1] or [False]
        elif symbol == b"*" or word in SILENT:
            silent[-1] = True
        elif word == b"htmlrtf":  # rich text that only stands there beside the HTML
            unshown = number != b"0"
        elif not silent[-1] and not unshown:
            out.append(_words(found)[skip:])
            skip = int(word == b"u")  # the sign after \u stands for it in programs that don't know Unicode
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def _words(found: re.Match[bytes]) -> str:
    word, number, byte, symbol, _, plain = found.groups()
    if word == b"u" and number:
        return chr(int(number) % 0x10000)
    if word:
        return BREAKS.get(word, "")
    if byte:
        return bytes.fromhex(byte.decode("ascii")).decode("cp1252", "replace")
    if plain:
        return str(plain.decode("cp1252", "replace"))
    return SYMBOLS.get(symbol or b"", "")
