"""What is packed in a letter: winmail.dat, calendars, letters. Opened within bounds, and never a reason to raise."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultant import letter
from consultant.letter import calendar, rtf, tnef

HEAD = b"From: Alice <alice@clinic.example>\nTo: coding@consultant.example\nSubject: x\n"
RICH = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator X;}\f0 Is 97110\tab timed?\par Yes\'85\par}"


def attribute(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", 1, number, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def stream(*attributes: bytes) -> bytes:
    return struct.pack("<IH", tnef.SIGNATURE, 1) + b"".join(attributes)


def properties(*rows: tuple[int, int, bytes]) -> bytes:
    packed = [struct.pack("<HHII", kind, name, 1, len(data)) + data + b"\0" * (-len(data) % 4) for kind, name, data in rows]
    return struct.pack("<I", len(rows)) + b"".join(packed)


def file(name: str, content: bytes) -> tuple[bytes, ...]:
    long_name = properties((tnef.UNICODE, tnef.LONG_NAME, f"{name}\0".encode("utf-16-le")))
    begin, data = attribute(tnef.NEW_FILE, 6, b"\1\0" + b"\0" * 12), attribute(tnef.FILE_DATA, 6, content)
    return begin, attribute(tnef.FILE_TITLE, 1, b"SHORT~1.PDF\0"), data, attribute(tnef.FILE_PROPERTIES, 6, long_name)


def test_text_and_files_come_out_with_their_long_names() -> None:
    found = tnef.opened(stream(attribute(tnef.BODY, 2, "Größe 2 cm\0".encode("cp1252")), *file("op note.pdf", b"%PDF")))
    assert found is not None
    assert (found.text, found.whole) == ("Größe 2 cm", True)
    assert [(one.name, one.content) for one in found.files] == [("op note.pdf", b"%PDF")]


def test_a_name_that_would_lead_out_of_the_folder_leads_nowhere() -> None:
    packed = stream(*file("..\\..\\evil\u202efdp.exe", b"MZ"))
    read = letter.read(
        HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: 8bit\n\n" + packed
    )
    assert [one.filename for one in read.attachments] == ["winmail.dat", "evil_fdp.exe"]


@pytest.mark.parametrize("packed", [RICH, b""])
def test_rich_text_is_unpacked_and_read(packed: bytes) -> None:
    literal = b"".join(b"\0" + packed[place : place + 8] for place in range(0, len(packed), 8))
    data = struct.pack("<IIII", len(literal) + 12, len(packed), 0x75465A4C, 0) + literal
    assert rtf.unpacked(data) == packed
    assert rtf.text(rtf.unpacked(data)) == ("Is 97110\ttimed?\nYes…" if packed else "")


def test_packed_rich_text_may_point_back_into_what_was_written() -> None:
    start = len(rtf.PRELOADED)
    data = b"\x04" + b"ab" + struct.pack(">H", (start % 4096) << 4 | 2)  # two signs, then four from where they began
    whole = struct.pack("<IIII", len(data) + 12, 6, 0x75465A4C, 0) + data
    assert rtf.unpacked(whole) == b"ababab"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_make_the_openers_raise_or_tell_what_can_not_be_kept(noise: bytes) -> None:
    torn = tnef.opened(struct.pack("<IH", tnef.SIGNATURE, 1) + noise)
    packed = tnef.opened(
        stream(attribute(tnef.MESSAGE, 6, noise), attribute(tnef.NEW_FILE, 6, b""), attribute(tnef.FILE_PROPERTIES, 6, noise))
    )
    assert torn is not None
    assert packed is not None
    unpacked = rtf.unpacked(struct.pack("<IIII", 0, len(noise), 0x75465A4C, 0) + noise)
    assert len(unpacked) <= rtf.MAX_TEXT
    event = calendar.readable("BEGIN:VEVENT\n" + noise.decode("latin-1"))
    assert not event or len(event) < len(noise) + 100
    told = (torn.text, torn.html, packed.text, packed.html, rtf.text(unpacked), rtf.text(noise), event)
    assert not any("\ud800" <= sign <= "\udfff" for text in told for sign in text), "half a sign is in no file and no table"


def hostile() -> dict[str, bytes]:
    part = b"Content-Transfer-Encoding: 8bit\nContent-Type: "
    many = b"".join(file("a", b"x")[0] for _ in range(100_000))
    deep = b"{" * 500_000 + rb"\par" * 200_000
    packed = struct.pack("<IIII", 0, 9, 0x414C454D, 0) + deep
    return {
        "a hundred thousand files": part + b"application/ms-tnef\n\n" + stream(many),
        "a property list that claims billions": part
        + b"application/ms-tnef\n\n"
        + stream(attribute(tnef.MESSAGE, 6, b"\xff" * 400_000)),
        "rich text without end": part
        + b"application/ms-tnef\n\n"
        + stream(attribute(tnef.MESSAGE, 6, properties((tnef.BINARY, tnef.RTF, packed)))),
        "a calendar without end": part
        + b"text/calendar\n\nBEGIN:VEVENT\n"
        + b"ATTENDEE;A="
        + b'"a";B=' * 100_000
        + b"\n" * 100_000,
        "letters side by side": part
        + b"multipart/mixed; boundary=x\n\n"
        + b"--x\nContent-Type: message/rfc822\n\nSubject: a\n\nb\n" * 20_000,
    }


@pytest.mark.parametrize("name", hostile())
def test_what_is_packed_without_end_costs_little_time(name: str) -> None:
    raw = HEAD + hostile()[name]
    begun = time.perf_counter()
    letter.read(raw)
    assert time.perf_counter() - begun < 5, name


def test_only_so_many_attached_letters_are_read() -> None:
    part = b"--x\nContent-Type: message/rfc822\n\nSubject: a\n\nb\n"
    read = letter.read(HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + part * 40)
    assert len(read.enclosed) == 20
    assert len(read.attachments) == 40


def test_the_returned_letter_of_a_bounce_is_no_attached_letter() -> None:
    body = b"--x\n\nIt failed.\n--x\nContent-Type: message/rfc822\n\nSubject: a\n\nb\n--x--\n"
    read = letter.read(HEAD + b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n" + body)
    assert (read.enclosed, read.nature) == ((), "")
