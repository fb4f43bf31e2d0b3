"""Fixtures for all tests. The real servers stand in peers.py.

Alice reviews, Bob reviews too, Charlie asks, Dora audits, and Erin is the admin.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as house_settings
from django.contrib.auth.models import Group, User
from django.db import connection

from consultant import codebook, pipeline, steering
from consultant.codebook import Codebook
from consultant.models import Case
from consultant.vocabulary import Envelope

pytest_plugins = ["tests.peers"]

US = "coding@consultant.example"


@pytest.fixture(scope="session")
def book() -> Codebook:
    """The starter book, built once for all workers of the run."""
    folder = Path(house_settings.DATA_DIR)
    with (folder / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        codebook.build(folder)
    return codebook.current(folder)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Django empties the tables between tests, which SQLite does by DELETE: in tests only, that guard steps aside."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER event_delete_refused")
            cursor.execute("DROP TRIGGER flip_delete_refused")


def person(name: str, *roles: str) -> User:
    user = User.objects.create_user(
        f"{name}@consultant.example", f"{name}@consultant.example", "correct horse battery", first_name=name.title()
    )
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return user


@pytest.fixture
def alice(db: None) -> User:
    return person("alice", "reviewer")


@pytest.fixture
def bob(db: None) -> User:
    return person("bob", "reviewer")


@pytest.fixture
def charlie(db: None) -> User:
    return person("charlie", "asker")


@pytest.fixture
def dora(db: None) -> User:
    return person("dora", "auditor")


@pytest.fixture
def erin(db: None) -> User:
    user = person("erin", "admin")
    user.is_staff = user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def outbox(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The Maildir of this test alone."""
    settings.OUTBOX_DIR = tmp_path / "outbox"  # type: ignore[attr-defined]
    return settings.OUTBOX_DIR  # type: ignore[attr-defined, no-any-return]


def letter(
    text: str = "What is the CPT code for pelvic floor biofeedback, first 15 minutes?",
    sender: str = "Maria Ortega <maria@clinic.example>",
    subject: str = "a question",
    message_id: str = "<q1@clinic.example>",
    **headers: str,
) -> bytes:
    """A letter as a clinic's mail program writes it."""
    lines = [
        f"From: {sender}",
        f"To: {US}",
        f"Subject: {subject}",
        f"Message-ID: {message_id}",
        "Date: Mon, 16 Nov 2026 09:15:00 -0500",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, ""]
    return "\r\n".join(lines).encode()


def envelope(mail_from: str = "maria@clinic.example", identity: str = "smtp:test") -> Envelope:
    return Envelope("smtp", US, f"{identity}:{mail_from}", mail_from, (US,))


@pytest.fixture
def mail(book: Codebook, outbox: Path, transactional_db: None) -> Callable[..., Case]:
    """Hand a letter in and take it as far as it goes; returns its case as it stands then."""

    def hand_in(raw: bytes | None = None, *, mail_from: str = "maria@clinic.example", **kind: str) -> Case:
        case = pipeline.receive(raw if raw is not None else letter(**kind), envelope(mail_from))
        steering.advance(case.pk)
        case.refresh_from_db()
        return case

    return hand_in


def sent_files(outbox: Path) -> list[bytes]:
    """The mails in the outbox, oldest first."""
    folder = outbox / "new"
    return [file.read_bytes() for file in sorted(folder.iterdir(), key=os.path.getmtime)] if folder.exists() else []
