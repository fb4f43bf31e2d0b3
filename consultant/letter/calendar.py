"""A calendar part (RFC 5545) in words: what is invited to, when, where, by whom."""

from __future__ import annotations

import re

MAX_CALENDAR = 200_000  # characters
MAX_VALUE = 4_000

FIELD = re.compile(r"([A-Z-]{1,40})((?:;[^:\"\n]{0,300}(?:\"[^\"\n]{0,300}\")?){0,9}):([^\n]*)", re.IGNORECASE)
ESCAPED = re.compile(r"\\([nN,;\\])")
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?\d{0,2}(Z?)$")
KINDS = {
    "REQUEST": "a calendar invitation",
    "PUBLISH": "a calendar entry",
    "CANCEL": "a cancelled calendar invitation",
    "REPLY": "an answer to a calendar invitation",
    "COUNTER": "a proposal of another time",
    "DECLINECOUNTER": "a refusal of another time",
}
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "accepted tentatively"}


def kind(text: str) -> str:
    """ "a calendar invitation" and its kin, by the METHOD of the part."""
    found = re.search(r"^METHOD:\s{0,9}(\w{1,30})", text[:MAX_CALENDAR], re.IGNORECASE | re.MULTILINE)
    return KINDS.get(found.group(1).upper() if found else "", "a calendar entry")


def readable(text: str) -> str:
    """The first event as lines for a reader; "" when there is none."""
    text = re.sub(r"\r?\n[ \t]", "", text[:MAX_CALENDAR].replace("\r\n", "\n"))
    event = re.search(r"^BEGIN:(?:VEVENT|VTODO)\b", text, re.IGNORECASE | re.MULTILINE)
    if event is None:
        return ""
    found: dict[str, tuple[str, str]] = {}
    for line in text[event.end() :].split("\n"):
        if line.upper().startswith(("END:VEVENT", "END:VTODO")):
            break
        if field := FIELD.match(line):
            found.setdefault(field.group(1).upper(), (field.group(2), _plain(field.group(3))))
    rows = [
        ("What", found.get("SUMMARY", ("", ""))[1]),
        ("When", " to ".join(filter(None, (_when(*found.get(name, ("", ""))) for name in ("DTSTART", "DTEND"))))),
        ("Where", found.get("LOCATION", ("", ""))[1]),
        ("Invited by", re.sub(r"^mailto:", "", found.get("ORGANIZER", ("", ""))[1], flags=re.IGNORECASE)),
        ("Answer", _answer(found.get("ATTENDEE", ("", ""))[0]) if kind(text) == KINDS["REPLY"] else ""),
    ]
    lines = [f"{name}: {value}" for name, value in rows if value]
    description = found.get("DESCRIPTION", ("", ""))[1].strip()
    return "\n".join([*lines, *(["", description] if description else [])])


def _plain(value: str) -> str:
    return ESCAPED.sub(lambda sign: "\n" if sign.group(1) in "nN" else sign.group(1), value[:MAX_VALUE]).strip()


def _when(parameters: str, value: str) -> str:
    moment = MOMENT.match(value)
    if moment is None:
        return value[:60]
    year, month, day, hour, minute, utc = moment.groups()
    zone = re.search(r"TZID=\"?([^;:\"]{1,60})", parameters, re.IGNORECASE)
    clock = f" {hour}:{minute}" if hour else ""
    return f"{year}-{month}-{day}{clock}" + (" UTC" if utc else f" ({zone.group(1)})" if zone and hour else "")


def _answer(parameters: str) -> str:
    found = re.search(r"PARTSTAT=([A-Z-]{1,30})", parameters, re.IGNORECASE)
    return ANSWERS.get(found.group(1).upper(), "") if found else ""
