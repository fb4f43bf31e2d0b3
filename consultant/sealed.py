"""Columns that are encrypted at rest when a key file is configured, and plain as ever when none is.

A sealed value is "sealed:1:" and a Fernet token (AES-128-CBC with HMAC-SHA256, of the `cryptography` package). A plain value
that happens to begin like one of our marks is kept behind "plain:1:", so that no letter can pass itself off as sealed. The
key file holds Fernet keys, one a line: the first seals, all of them open. Hashes are over what was sealed, never over the
token, so that a new key changes no trail. Sealed text can't be searched by the database.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

SEALED, PLAIN = b"sealed:1:", b"plain:1:"


class NoKey(Exception):
    """What is kept can't be opened: no key file is configured, it can't be read, or the right key is not in it."""


def keys_in(text: str) -> list[str]:
    """The keys of a key file's text: one a line, blank lines and lines with "#" left out."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def ring() -> MultiFernet | None:
    """The configured keys, read again when the file has changed. None when none is configured; NoKey when it is no good."""
    if not settings.LETTER_KEY_FILE:
        return None
    path = Path(settings.LETTER_KEY_FILE)
    try:
        return _ring(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as trouble:
        raise NoKey(f"The key file {path} can't be used ({type(trouble).__name__}).") from None


@lru_cache(maxsize=4)
def _ring(path: Path, _changed: int) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys_in(path.read_text(encoding="ascii"))])


def seal(plain: bytes) -> bytes:
    """As it is kept. Nothing stays nothing: what was purged has no token."""
    keys = ring()
    if keys is not None and plain:
        return SEALED + keys.encrypt(plain)
    return PLAIN + plain if plain.startswith((SEALED, PLAIN)) else plain


def unseal(kept: bytes) -> bytes:
    """What was sealed. Raises NoKey."""
    if kept.startswith(PLAIN):
        return kept[len(PLAIN) :]
    if not kept.startswith(SEALED):
        return kept
    keys = ring()
    if keys is None:
        raise NoKey("Letters are encrypted, and CONSULTANT_LETTER_KEY_FILE names no key.")
    try:
        return keys.decrypt(kept[len(SEALED) :])
    except InvalidToken:
        raise NoKey("None of the keys in the key file opens this.") from None


class SealedBytes(models.BinaryField):  # type: ignore[type-arg]
    """Bytes, sealed on their way into the database and opened on their way out."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else seal(bytes(value))

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> bytes | None:
        return None if value is None else unseal(bytes(value))


class SealedText(models.TextField):  # type: ignore[type-arg]
    """The same for text."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else seal(str(value).encode()).decode()

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> str | None:
        return None if value is None else unseal(value.encode()).decode()
