"""`consultant read`: what the doors make of a letter. Needs no database."""

from __future__ import annotations

import base64
import html
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultant import letter, triage
from consultant.letter import html_text
from consultant.vocabulary import Attachment, House, Letter, Triage, Verdict

MOST_ENCLOSED = 20_000  # characters of an attached letter
CLASSES = {
    Verdict.BOUNCE: "bounce",
    Verdict.AUTOMATIC: "autoreply",
    Verdict.OWN_LOOP: "autoreply",
    Verdict.FEEDBACK: "feedback",
}


class Command(BaseCommand):
    help = "show what the doors make of a letter: its text, attachments and kind"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the letter as it came (.eml); - reads standard input")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a page")
        parser.add_argument("--jsonl", action="store_true", help="one request per line on standard input, one answer per line")

    def handle(self, *args: object, **options: Any) -> None:
        if options["jsonl"]:
            answer_lines(sys.stdin.buffer, sys.stdout)
            return
        if not options["file"]:
            raise CommandError("Name the file that holds the letter, or use --jsonl.", returncode=2)
        raw = _bytes(options["file"])
        if options["json"]:
            print(json.dumps(as_read(raw), ensure_ascii=False, indent=2))
        else:
            print(as_page(raw))


def answer_lines(requests: Iterable[bytes], out: TextIO) -> None:
    """One answer per request line, flushed. A bad request is answered with its error; nothing ends the loop but its input."""
    for line in requests:
        if line.strip():
            out.write(json.dumps(answer(line)) + "\n")
            out.flush()


def answer(line: bytes) -> dict[str, Any]:
    """The answer to one request `{"id", "text" | "html" | "raw_b64"}`."""
    name: Any = None
    try:
        request = json.loads(line)
        if not isinstance(request, dict):
            return {"id": None, "error": "the request is no JSON object"}
        name = request.get("id")
        return {"id": name, **_read_request(request)}
    except (ValueError, TypeError, RecursionError) as trouble:
        return {"id": name, "error": f"{type(trouble).__name__}: {trouble}"[:300]}
    except Exception as trouble:  # noqa: BLE001 - the contract: it never dies
        return {"id": name, "error": f"unexpected {type(trouble).__name__}: {trouble}"[:300]}


def _read_request(request: dict[str, Any]) -> dict[str, Any]:
    if "raw_b64" in request:
        return as_read(base64.b64decode(request["raw_b64"]))
    for kind in ("html", "text"):
        if kind in request and not isinstance(request[kind], str):
            raise TypeError(f'"{kind}" must be a string')
    if "html" in request:  # answered in kind: text that can stand in a page
        return {"reply": html.escape(letter.visible_html(request["html"]), quote=False)}
    if "text" in request:
        return {"reply": letter.visible(request["text"])}
    raise ValueError('the request has none of "text", "html", "raw_b64"')


def as_read(raw: bytes) -> dict[str, Any]:
    """The contract of `read --jsonl` for one letter."""
    found, judged = _found(raw)
    letters = {file.filename for file in found.attachments if file.content_type in {"message/rfc822", "message/global"}}
    answer: dict[str, Any] = {
        "reply": found.reply,
        "from": found.sender.email,
        "to": [address.email for address in found.to],
        "subject": found.subject,
        "text": "" if found.html and found.text == html_text.readable(found.html) else found.text,  # the plain part as it came
        "html": found.html,
        "attachments": [_as_file(file) for file in found.attachments if file.inside not in letters],
        "enclosed": [
            {"from": inner.sender.email, "subject": inner.subject, "text": inner.text[:MOST_ENCLOSED]} for inner in found.enclosed
        ],
        "nature": found.nature,
        "class": CLASSES.get(judged.verdict, "normal"),
        "verdict": judged.verdict.value,
        "reason": judged.reason,
        "defects": list(found.defects),
    }
    if found.unreadable:
        answer["quarantined"] = found.unreadable
    return answer


def _as_file(file: Attachment) -> dict[str, Any]:
    return {"filename": file.filename, "size": file.size, "sha1": file.sha1}


def as_page(raw: bytes) -> str:
    """The same for human eyes."""
    found, judged = _found(raw)
    rows = [
        ("From", f"{found.sender.name} <{found.sender.email}>".strip()),
        ("To", ", ".join(address.email for address in found.to[:10])),
        ("Date", found.date.isoformat(" ") if found.date else "none that can be read"),
        ("Subject", found.subject),
        ("Verdict", f"{judged.verdict.value}. {judged.reason}"),
        ("Concerns", ", ".join(judged.concerns)),
        ("Bounced", " ".join(filter(None, (judged.recipient, judged.code, "for good" if judged.permanent else "")))),
        ("Nature", found.nature),
        *(("Attached", f"{file.filename} ({file.content_type}, {file.size:,} bytes)") for file in found.attachments),
        *(("Defect", defect) for defect in found.defects),
    ]
    head = "\n".join(f"{name:<9} {value}" for name, value in rows if value)
    quoted = "" if found.reply.strip() == found.text.strip() else "\n\n(quotes and signature are left out above)"
    return f"{head}\n\n{found.reply}{quoted}"


def _found(raw: bytes) -> tuple[Letter, Triage]:
    house = House(settings.ADDRESS, tuple(settings.ADDRESSES), settings.MAIL_DOMAIN, tuple(settings.TRUSTED_RELAYS))
    found = letter.read(raw)
    return found, triage.judge(found, house)


def _bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise CommandError(f"There is no file {file}.", returncode=2) from None
    except OSError as trouble:
        raise CommandError(f"{file} can't be read: {trouble.strerror}.", returncode=2) from None
