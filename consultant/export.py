"""All of one case in a zip, for an auditor: masked as a rule; unmasked for an admin, and then the trail says so first."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from pydantic import ValidationError

from consultant import audit, letter, models, question, threads
from consultant.audit import canonical, stamp
from consultant.lifecycle import actor_of, note
from consultant.models import Case, Draft, Reply
from consultant.vocabulary import Findings, dump, load

Veil = Callable[[str], str]


def masked(case: Case) -> bytes:
    """The zip with letters as masked text in place of their bytes, whose hashes it names; everything else masked too."""
    asked = question.read(*threads.conversation(case), asker=threads.asker(case))
    asker, names = threads.asker(case), question.patients(asked)
    return _zip(case, dict(_files(case, lambda text: question.mask(text, asker, names), revealed=False)), revealed=False)


def revealed(case: Case, user: User) -> bytes:
    """The zip with everything as it is: letters and mails byte for byte. The event comes first. Raises Overtaken."""
    note(case, actor_of(user), "exported", revealed=True)
    return _zip(case, dict(_files(case, str, revealed=True)), revealed=True)


def _zip(case: Case, files: dict[str, bytes], *, revealed: bool) -> bytes:
    manifest = {
        "case": case.number,
        "status": case.status,
        "codebook": case.codebook,
        "exported_at": stamp(timezone.now()),
        "patients_data": "as written" if revealed else "masked",
        "purged_at": stamp(case.purged_at) if case.purged_at else None,
        "problems": audit.verify(case),
        "digest_rule": "SHA-256 over canonical JSON (sorted keys, no blanks, UTF-8) of the event without its own digest",
        "files": {name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in files.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _files(case: Case, veil: Veil, *, revealed: bool) -> Iterator[tuple[str, bytes]]:
    for row in models.Letter.objects.filter(case=case) | models.Letter.objects.filter(case__joined_to=case):
        if revealed:
            yield f"letters/{row.pk}.eml", bytes(row.raw)
        else:
            yield f"letters/{row.pk}.json", _pretty(_letter_json(row, veil))
    for draft in case.drafts.all():
        yield f"drafts/{draft.version}.json", _pretty(_draft_json(draft, veil, revealed))
    for reply in case.replies.all():
        yield f"replies/{reply.pk}.json", _pretty(_reply_json(reply, veil, revealed))
        if reply.raw and revealed:
            yield f"replies/{reply.pk}.eml", bytes(reply.raw)
    if case.findings is not None:
        yield "findings.json", _pretty(case.findings if revealed else _findings_json(case.findings))
    yield "triage.json", _pretty(case.triage)
    yield "events.jsonl", b"".join(canonical(audit.as_json(event)) + b"\n" for event in audit.trail(case))


def _findings_json(kept: Any) -> Any:
    """The findings with a question that is veiled, as every one is that was found since letters are masked."""
    try:
        findings = load(Findings, kept)
    except ValidationError:
        return {"left out": "found by an older release, in a shape that can't be masked any more"}
    return dump(replace(findings, question=question.veiled(findings.question)))


def _letter_json(row: models.Letter, veil: Veil) -> dict[str, Any]:
    """A letter as it may be shown: its visible text, and the hash and size of the bytes that stay here."""
    read = letter.read(bytes(row.raw))
    told = {"sender": read.sender.email, "subject": veil(read.subject), "text": veil(read.text)}
    return {"sha256": row.sha256, "bytes": row.size, "received_at": stamp(row.received_at), **told}


def _draft_json(draft: Draft, veil: Veil, revealed: bool) -> dict[str, Any]:
    author = str(draft.author) if draft.author else "engine"
    html = {"html": draft.html} if revealed else {}
    words = {"subject": veil(draft.subject), "text": veil(draft.text), **html}
    return {
        "version": draft.version,
        **words,
        "answer": draft.answer,
        "author": author,
        "created_at": stamp(draft.created_at),
    }


def _reply_json(reply: Reply, veil: Veil, revealed: bool) -> dict[str, Any]:
    names = ("kind", "recipients", "message_id", "in_reply_to", "references", "digest", "attempts", "response")
    html = {"html": reply.html} if revealed else {}
    words = {"subject": veil(reply.subject), "text": veil(reply.text), **html}
    times = {name: stamp(value) if (value := getattr(reply, name)) else None for name in ("approved_at", "voided_at", "sent_at")}
    return {**{name: getattr(reply, name) for name in names}, **words, **times, "approved_by": str(reply.approved_by)}


def _pretty(value: Any) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str).encode()
