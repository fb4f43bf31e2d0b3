"""Header values: encoded words (RFC 2047), addresses, dates, Message-IDs. Linear time, never raises on any value.

`email.policy.default` is quadratic on hostile headers and raises on broken ones; nothing of it is used here.
"""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from consultant.letter import charset
from consultant.vocabulary import Address

MAX_ADDRESSES = 1_000
MAX_IDS = 200
MAX_TEXT = 20_000  # characters of one decoded value
MOST_COMMAS = 4  # in one name

WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000}(?:\?(?!=)[^?]{0,2000}){0,9})\?=")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,998})>")
QUOTED_LOCAL = re.compile(r'"[^"@:\s]{0,100}(?: [^"@:\s]{0,100}){0,9}"@')
NOBODY = Address("", "")
COMMENT = re.compile(r"\(([^()]{0,300})\)")


def text(value: str) -> str:
    """A header value (as compat32 holds it: bytes beyond ASCII are surrogates) as one line of readable text."""
    value = value[: MAX_TEXT * 4]
    unfolded = re.sub(r"\r?\n[ \t]?", " ", value) if "\n" in value else value
    return _clean(decode_words(unfolded))[:MAX_TEXT]


def decode_words(value: str) -> str:
    """Encoded words decoded; neighbours of one charset are joined first, for some senders cut a letter in two."""
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    end = 0
    for found in WORD.finditer(value) if "=?" in value else ():
        gap = value[end : found.start()]
        if gap.strip() or not pending:
            out += [*_joined(pending), _plain(gap)]
            pending = []
        pending.append((found.group(1).split("*")[0].lower(), _word(found.group(2), found.group(3))))
        end = found.end()
    return "".join([*out, *_joined(pending), _plain(value[end:])])


def addresses(values: list[str]) -> tuple[Address, ...]:
    """All addresses of the fields of one name, groups opened, encoded names decoded. At most MAX_ADDRESSES."""
    found: list[Address] = []
    for value in values:
        for piece in _whole_names(_entries(re.sub(r"\r?\n[ \t]?", " ", value))):
            address = _address(piece) if piece.strip() and not COMMENT.fullmatch(piece.strip()) else NOBODY
            if address.email or address.name:
                found.append(address)
            if len(found) >= MAX_ADDRESSES:
                return tuple(found)
    return tuple(found)


def message_ids(value: str) -> tuple[str, ...]:
    """The ids of References or In-Reply-To in their order, with their angle brackets; the last MAX_IDS of them."""
    return tuple(dict.fromkeys(f"<{found}>" for found in MESSAGE_ID.findall(_plain(value))[-MAX_IDS:]))


def date(value: str) -> datetime | None:
    """An aware date, or None for what is none. A date without zone is taken as UTC."""
    try:
        found = parsedate_to_datetime(COMMENT.sub("", text(value[:200])))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found
    except (TypeError, ValueError, IndexError, OverflowError, AttributeError):
        return None


def _plain(value: str) -> str:
    """Raw bytes between the words: no RFC allows them, all kinds of programs send them."""
    return value if value.isascii() else charset.decode(value.encode("utf-8", "surrogateescape"))[0]


def _clean(value: str) -> str:
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f]+", " ", value).strip()


def _joined(pending: list[tuple[str, bytes]]) -> list[str]:
    out: list[str] = []
    run: list[bytes] = []
    for place, (name, data) in enumerate(pending):
        run.append(data)
        if place + 1 == len(pending) or pending[place + 1][0] != name:
            out.append(charset.decode(b"".join(run), name)[0])
            run = []
    return out


def _word(kind: str, encoded: str) -> bytes:
    data = encoded.encode("utf-8", "surrogateescape")
    if kind in "qQ":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    cleaned = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    cleaned = cleaned[: len(cleaned) - 1] if len(cleaned) % 4 == 1 else cleaned
    return binascii.a2b_base64(cleaned + b"=" * (-len(cleaned) % 4))


def _entries(value: str) -> list[str]:
    """Cut at commas and semicolons outside quotes, angle brackets and comments; a group's name falls away."""
    out: list[str] = []
    start, quoted, angle, depth = 0, False, False, 0
    for found in re.finditer(r'\\.|[",;:<>()]', value):
        sign = found.group()
        if sign == '"' and depth == 0:
            quoted = not quoted
        elif quoted or len(sign) == 2:
            continue
        elif sign in "()":
            depth = depth + 1 if sign == "(" else max(0, depth - 1)
        elif sign in "<>":
            angle = sign == "<"
        elif depth == 0 and (not angle or sign == ",") and _cuts(value, start, found.start(), sign):
            if sign != ":":
                out.append(value[start : found.start()])
            start, angle = found.end(), False
        if len(out) > MAX_ADDRESSES:
            return out
    return [*out, value[start:]]


def _whole_names(entries: list[str]) -> list[str]:
    """`Jones, Alice, MD <alice@clinic.example>` without quotes is one person: her name goes on to the next address."""
    out: list[str] = []
    name: list[str] = []
    for entry in entries:
        if entry.strip() and not re.search(r"[@<>:]|=\?", entry) and len(name) < MOST_COMMAS:
            name.append(entry)
        elif name and re.match(r"[^<>@]{1,300}<[^<>@]{1,300}@", entry):
            out.append(",".join([*name, entry]))
            name = []
        else:
            out += [*name, entry]
            name = []
    return [*out, *name]


def _cuts(value: str, start: int, place: int, sign: str) -> bool:
    """A colon ends a group's name only when nothing before it looks like an address."""
    return sign != ":" or not re.search(r"[@<]|mailto$", value[start : min(place, start + 300)])


def _address(piece: str) -> Address:
    piece = piece.strip()[:2_000]
    if "=?" in piece and "@" not in piece:
        piece = decode_words(piece)  # some programs pack the address in with the name
    bare, comment = _without_comments(piece) if "(" in piece else (piece, "")
    opened = bare.rfind("<")
    if opened >= 0:
        email, name = bare[opened + 1 :].partition(">")[0], bare[:opened].rstrip("< ")
    elif "@" in bare or not re.search(r"\s", bare.strip()):
        email, name = _only_email(bare), comment
    else:
        email, name = "", bare
    return Address(_clean(decode_words(_unquoted(name)))[:300], _plain_email(email)[:998])


def _without_comments(piece: str) -> tuple[str, str]:
    """The piece without its comments (they nest), and the first comment."""
    out: list[str] = []
    comments: list[str] = []
    depth, start, quoted = 0, 0, False
    for found in re.finditer(r'\\.|["()]', piece):
        sign = found.group()
        if sign == '"' and not depth:
            quoted = not quoted
        elif quoted or len(sign) == 2 or sign == '"':
            continue
        elif sign == "(":
            if not depth:
                out.append(piece[start : found.start()])
                start = found.end()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                comments.append(piece[start : found.start()])
                start = found.end()
    return "".join([*out, piece[start:]]), comments[0] if comments else ""


def _only_email(bare: str) -> str:
    """An address without angle brackets; spaces round its dots and its `@` are old style, other words are no part of it."""
    email = re.sub(r"\s{0,9}([.@])\s{0,9}", r"\1", bare).strip()
    words = [email] if QUOTED_LOCAL.match(email) else email.split()
    return next((word for word in words if "@" in word), words[-1]) if len(words) > 1 else email


def _plain_email(email: str) -> str:
    email = _clean(decode_words(email)).strip("<> ")
    email = email if QUOTED_LOCAL.match(email) else email.strip("<>'\" ")
    email = email if "@[" in email else email.strip("[]")
    if email.endswith(";") and '"' not in email:
        return ""  # a group in brackets: <undisclosed recipients:;>
    if email.startswith("@") and ":" in email:
        email = email.rpartition(":")[2]  # a source route: @relay.example:alice@clinic.example
    local, at, host = email.rpartition("@")
    local = re.sub(r"^(?:mailto|smtp):", "", local, flags=re.IGNORECASE)
    return f"{local.strip()}{at}{host.strip()}" if '"' in local else re.sub(r"\s+", "", f"{local}{at}{host}")


def _unquoted(name: str) -> str:
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1]
    return re.sub(r"\\(.)", r"\1", name).strip(" '\"")
