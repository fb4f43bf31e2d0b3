"""The machine-readable part of a report: delivery status (RFC 3464), disposition (RFC 8098), feedback (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from consultant.letter import fields, mime
from consultant.letter.mime import Entity

#: Sub-types of message/ that hold blocks of fields.
REPORTS = {
    "message/delivery-status": "delivery-status",
    "message/global-delivery-status": "delivery-status",
    "message/disposition-notification": "disposition-notification",
    "message/feedback-report": "feedback-report",
}
ORIGINALS = {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
MAX_BLOCKS = 50


def find(root: Entity) -> tuple[str, tuple[Mapping[str, str], ...]]:
    """The kind of report ("" when the letter is none) and its blocks, field names in lower case.

    The header of the returned original, when there is one, is the last block, its names with "original-" before them.
    """
    leaves = list(root.leaves())
    kind = root.parameter("report-type").lower() if root.content_type == "multipart/report" else ""
    blocks: list[Mapping[str, str]] = []
    for leaf in leaves:
        if leaf.content_type in REPORTS:
            kind = kind or REPORTS[leaf.content_type]
            blocks += _blocks(mime.decoded(leaf))
    if not kind:
        return "", ()
    original = next((leaf for leaf in leaves if leaf.content_type in ORIGINALS), None)
    if original is not None:
        blocks.append(_original(mime.decoded(original)))
    return kind[:60], tuple(blocks[-MAX_BLOCKS:])


def _blocks(data: bytes) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = []
    for block in re.split(rb"\n[ \t]*\r?\n", data.strip()[:200_000])[:MAX_BLOCKS]:
        head = mime.parse_head(block.strip() + b"\n\n")
        if head.keys():
            found.append({name.lower(): fields.text(str(value)) for name, value in head.raw_items()})
    return found


def _original(data: bytes) -> Mapping[str, str]:
    wanted = ("message-id", "subject", "from", "to", "date", "references", "in-reply-to")
    head = mime.parse_head(data.lstrip()[:500_000])
    return {f"original-{name}": fields.text(str(head[name])) for name in wanted if head[name]}
