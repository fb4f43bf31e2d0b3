"""What a letter is when it is no ordinary text: named, so that nobody at the desk wonders at an empty page."""

from __future__ import annotations

from consultant.letter import calendar
from consultant.letter.body import Body
from consultant.letter.mime import Entity

ENCRYPTED = {"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}


def of(root: Entity, body: Body) -> str:
    """ "a calendar invitation", "only a picture", "an encrypted letter" …; "" for a letter with a text of its own."""
    if body.calendar:
        return calendar.kind(body.calendar)
    if body.text.strip():
        return ""
    if sealed := _sealed(root):
        return sealed
    if not body.attachments:
        return "only pictures from elsewhere, which are not loaded" if _shows_pictures(body) else "a letter without a word"
    kinds = {file.content_type.partition("/")[0] for file in body.attachments}
    one = len(body.attachments) == 1
    if kinds == {"image"}:
        return "only a picture" if one else f"only pictures ({len(body.attachments)})"
    if kinds == {"audio"}:
        return "only a recording" if one else f"only recordings ({len(body.attachments)})"
    return "only an attachment" if one else f"only attachments ({len(body.attachments)})"


def _sealed(root: Entity) -> str:
    for leaf in root.leaves():
        if leaf.content_type in ENCRYPTED:
            signed = leaf.parameter("smime-type").lower().startswith("signed")
            return "a signed letter in a wrapping that can't be opened here" if signed else "an encrypted letter"
    return ""


def _shows_pictures(body: Body) -> bool:
    return any("<img" in html[:200_000].lower() for html in body.htmls)
