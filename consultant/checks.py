"""System checks: settings that can't work together, said at start with what to do about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from consultant import correspondence, sealed
from consultant.inbox import MailboxError, mailboxes


@register()
def check_mail(**kwargs: Any) -> list[CheckMessage]:
    return [*_relay(), *_mailboxes(), *_addresses(), *_dkim()]


@register()
def check_secrets(**kwargs: Any) -> list[CheckMessage]:
    shared = not settings.CELERY_BROKER_URL.startswith("memory")
    configured = (
        os.environ.get("CONSULTANT_SECRET_KEY") or os.environ.get("CONSULTANT_SECRET_KEY_FILE") or settings.SECRET_FILE.exists()
    )
    if shared and not configured:
        hint = "Set CONSULTANT_SECRET_KEY_FILE to the same file for all of them."
        return [
            Error(
                "Several processes are to share sessions, and each would make its own secret key.",
                hint=hint,
                id="consultant.E001",
            )
        ]
    return []


@register()
def check_keeping(**kwargs: Any) -> list[CheckMessage]:
    """Real letters come in or go out: then they should not lie about in the clear. A demo has neither."""
    if settings.LETTER_KEY_FILE:
        try:
            sealed.ring()
        except sealed.NoKey as wrong:
            return [Error(str(wrong), hint="consultant rekey --new-key makes one.", id="consultant.E010")]
    elif settings.RELAY_URL or settings.MAILBOXES_FILE:
        hint = "Set CONSULTANT_LETTER_KEY_FILE, and run: consultant rekey --new-key"
        return [checks.Warning("Letters are kept unencrypted.", hint=hint, id="consultant.W010")]
    return []


def _relay() -> Iterator[CheckMessage]:
    if not settings.RELAY_URL:
        return
    try:
        relay = correspondence.our_relay()
    except (ValueError, OSError) as wrong:
        yield Error(f"CONSULTANT_RELAY_URL or CONSULTANT_RELAY_OAUTH can't be read: {wrong}", id="consultant.E002")
        return
    if relay.security == "plain" and relay.user:
        what = "The relay's password would travel unencrypted."
        yield checks.Warning(what, hint="Use smtp:// or smtps://.", id="consultant.W001")


def _mailboxes() -> Iterator[CheckMessage]:
    if not settings.MAILBOXES_FILE:
        return
    try:
        mailboxes(Path(settings.MAILBOXES_FILE), settings.MAX_LETTER_BYTES)
    except MailboxError as wrong:
        yield Error(str(wrong), hint="docs/mailboxes.md shows an example.", id="consultant.E003")


def _addresses() -> Iterator[CheckMessage]:
    for address in settings.ADDRESSES:
        if address.count("@") != 1:
            yield Error(f"“{address}” is no mail address.", hint="See CONSULTANT_ADDRESS.", id="consultant.E004")


def _dkim() -> Iterator[CheckMessage]:
    if bool(settings.DKIM_KEY_FILE) != bool(settings.DKIM_SELECTOR):
        hint = "Set CONSULTANT_DKIM_KEY_FILE and CONSULTANT_DKIM_SELECTOR both, or neither."
        yield Error("A DKIM signature needs a key and a selector, and one is missing.", hint=hint, id="consultant.E005")
    if settings.DKIM_KEY_FILE and not os.access(settings.DKIM_KEY_FILE, os.R_OK):
        yield Error(f"The DKIM key {settings.DKIM_KEY_FILE} can't be read.", hint="docs/mailboxes.md", id="consultant.E006")
