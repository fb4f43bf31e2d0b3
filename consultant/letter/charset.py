"""Bytes to text: declared charset, BOM, UTF-8, a guess for long texts only, Latin-1 at last. Never raises."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

#: Names seen in real mail that Python does not know, or knows by a subset that real mail exceeds.
ALIASES = {
    "ansi-x3-110-1983": "cp1252",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi-x3-4-1968": "utf-8",
    "big5": "big5hkscs",
    "cp-850": "cp850",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-9": "cp1254",
    "ks-c-5601-1987": "cp949",
    "latin1": "cp1252",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "x-windows-949": "cp949",
}

#: Codecs of Python that are no charsets: they escape, transform, or depend on the machine.
NO_CHARSETS = {"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem", "unicode_internal"}

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

GUESS_FROM = 60  # bytes; on less a guesser calls short Cyrillic UTF-16
GUESS_SAMPLE = 16_384  # bytes shown to the guesser
#: What letters are written in. With every codec of Python to choose from, rare ones win short texts by luck.
GUESSED = [
    *("cp1252", "cp1251", "koi8_r", "koi8_u", "cp866", "mac_cyrillic", "iso8859_5", "cp1250", "iso8859_2", "cp1253", "cp1254"),
    *("cp1255", "cp1256", "cp1257", "cp874", "gb18030", "big5", "big5hkscs", "cp932", "shift_jis", "euc_jp", "iso2022_jp"),
    *("cp949", "euc_kr", "johab"),
]
MULTIBYTE = re.compile(r"^(big5|cp9(32|36|49|50)|euc|gb|hz|iso2022|johab|shift|utf)")
#: Charsets of the Latin script: a guesser tells them apart by luck on less than a page, and Windows-1252 is by far the likeliest.
LATIN = re.compile(r"^(?:cp125[02478]|cp4|cp8|cp10|iso8859_(?!5|6|7|8)|latin|mac_(?!cyrillic|greek)|hp_)")
LATIN_FROM = 600  # bytes
#: Polish and its neighbours, read as Windows-1252, have such signs inside their words; French and Portuguese have not.
EASTERN = re.compile(r"[a-z][\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf][a-z]", re.IGNORECASE)
CENTRAL = {"cp1250", "cp1257", "iso8859_2"}
META = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)


@lru_cache(maxsize=256)
def codec(name: str) -> str:
    """Python's name of a declared charset, or "" when it is none."""
    cleaned = re.sub(r"[^a-z0-9]+", "-", name[:60].lower()).strip("-")
    try:
        found = codecs.lookup(ALIASES.get(cleaned, cleaned))
    except (LookupError, ValueError):
        return ""
    if found.name.replace("-", "_") in NO_CHARSETS or not getattr(found, "_is_text_encoding", True):
        return ""
    return found.name


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text of the bytes and a defect ("" when the declared charset was right)."""
    for bom, name in BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace"), ""
    named = codec(declared) if declared else ""
    if b"\x1b$" in data and named in {"", "utf-8"} and (text := _strictly(data, "iso2022_jp")) is not None:
        return text, "charset guessed: iso2022_jp"  # seven bits wide, so that it passes for ASCII
    for name in dict.fromkeys((named or "utf-8", "utf-8")):
        text = _strictly(data, name)
        if text is not None:
            return text, _complaint(declared, named, name)
    if named and MULTIBYTE.match(named) and named != "utf-8":
        text = data.decode(named, "replace")
        if text.count("\ufffd") * 50 <= len(text):
            return text, f"some bytes are not {declared[:40]}"
    guessed = _guess(data)
    if guessed:
        return data.decode(guessed, "replace"), f"charset guessed: {guessed}"
    if named == "utf-8" and _mostly(data.decode("utf-8", "replace")):
        return data.decode("utf-8", "replace"), "some bytes are not utf-8"
    return _western(data), "charset unknown: read as Latin-1"


def of_html(data: bytes) -> str:
    """The charset that an HTML page names in its own head, or ""."""
    found = META.search(data, 0, 4096)
    return found.group(1).decode("ascii") if found else ""


def _complaint(declared: str, named: str, used: str) -> str:
    if declared and not named:
        return f"unknown charset {declared[:40]!r}"
    if named and used != named:
        return f"not {declared[:40]}: read as {used}"
    return ""


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, ValueError, LookupError):
        return None


def _mostly(text: str) -> bool:
    """Whether a text has few holes and a fair share of real letters beyond ASCII, so that it was UTF-8 after all."""
    holes = text.count("\ufffd")
    return holes * 3 <= sum(1 for sign in text[:GUESS_SAMPLE] if ord(sign) > 127 and sign != "\ufffd")


def _western(data: bytes) -> str:
    return _strictly(data, "cp1252") or data.decode("latin-1")


def _guess(data: bytes) -> str:
    if len(data) < GUESS_FROM:
        return ""
    from charset_normalizer import from_bytes

    found = from_bytes(data[:GUESS_SAMPLE], steps=3, chunk_size=256, threshold=0.2, cp_isolation=GUESSED, enable_fallback=False)
    best = found.best()
    if best is None or best.encoding.startswith("utf_") or best.encoding == "ascii":
        return ""
    return "" if _is_luck(data, best.encoding) else str(best.encoding)


def _is_luck(data: bytes, guessed: str) -> bool:
    """Whether Windows-1252 is likelier after all: the bytes beyond ASCII are too few to tell, or as Western as can be."""
    if LATIN.match(guessed):
        return len(data) < LATIN_FROM or (guessed in CENTRAL and not EASTERN.search(_western(data[:GUESS_SAMPLE])))
    sample = data[:GUESS_SAMPLE]
    return b"\x1b" not in sample and sum(byte > 127 for byte in sample) * 20 < len(sample)
