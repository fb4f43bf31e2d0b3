"""The house itself: settings, clock, disk, casebook, codebook, broker, and whether anybody works."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.utils import timezone

from consultant import codebook as books
from consultant import gate, pipeline, queue
from consultant.doctor.finding import Finding, note, well, wrong
from consultant.models import Case, Event
from consultant.web import doors as door_states

MEGABYTE = 1024 * 1024
LITTLE, VERY_LITTLE = 2048 * MEGABYTE, 256 * MEGABYTE
FEW_INODES = 1000
#: Clocks differ a little; people notice more than this in dates and signatures.
OFF_BY = timedelta(seconds=60)
#: No such machine was ever set right: this was written later.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FORGOTTEN = timedelta(minutes=10)
START = "Start them: consultant up, or the processes of docker-compose.yml."


def settings_fit() -> Iterator[Finding]:
    found = [message for message in checks.run_checks() if (message.id or "").startswith("consultant.")]
    for message in found:
        grade = wrong if message.is_serious() else note
        yield grade("settings", message.msg, message.hint or "The README lists the settings.")
    if not found:
        yield well("settings", "They fit together.")


def sending() -> Iterator[Finding]:
    standing = gate.standing()
    if standing.fixed:
        yield note("sending", "It is switched off by CONSULTANT_SENDING=no.", "Nothing leaves until that setting is taken away.")
    elif not standing.on:
        why = f": {standing.why}" if standing.why else ""
        yield note("sending", f"{standing.who} switched it off{why}.", "Nothing leaves until it is on: consultant sending on.")
    else:
        yield well("sending", "What is approved leaves.")


def clock() -> Iterator[Finding]:
    now = datetime.now(UTC)
    do = "Set the clock, and have it kept (timedatectl set-ntp true). Dates of service, tokens and certificates hang on it."
    if now < LONG_AGO:
        yield wrong("clock", f"It says {now:%Y-%m-%d %H:%M} UTC, which is long past.", do)
        return
    newest = None
    with suppress(DatabaseError):  # the casebook has its own check
        newest = Event.objects.order_by("-at").values_list("at", flat=True).first()
    if newest and newest - now > OFF_BY:
        yield wrong("clock", f"It says {now:%Y-%m-%d %H:%M} UTC, and the casebook already holds {newest:%Y-%m-%d %H:%M}.", do)
        return
    if (off := _off_the_database()) > OFF_BY:
        yield wrong("clock", f"Ours and the database's are {off.total_seconds():.0f} seconds apart.", do)
        return
    yield well("clock", f"It says {now:%Y-%m-%d %H:%M} UTC, and nothing speaks against it.")


def _off_the_database() -> timedelta:
    """How far the clock of another machine is from ours; nothing where there is none to ask."""
    if connection.vendor != "postgresql":
        return timedelta(0)
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        theirs: datetime = cursor.fetchone()[0]
        return abs(theirs - datetime.now(UTC))
    return timedelta(0)


def disk() -> Iterator[Finding]:
    folder = settings.DATA_DIR
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="doctor-") as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as trouble:
        do = "Give it to the user that runs us, make room, or name another folder: CONSULTANT_DATA."
        yield wrong("disk", f"The data folder {folder} can't be written: {trouble.strerror}.", do)
        return
    free, inodes = shutil.disk_usage(folder).free, os.statvfs(folder).f_favail
    says = f"{folder} has {free // MEGABYTE:,} MB free."
    if free < VERY_LITTLE or 0 < inodes < FEW_INODES:
        says = says if free < VERY_LITTLE else f"{folder} has room for {inodes} more files."
        yield wrong("disk", says, "Make room now: a full disk stops the doors (senders keep their letters and try again).")
    elif free < LITTLE:
        yield note("disk", says, "Make room soon.")
    else:
        yield well("disk", says)


def casebook() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as trouble:
        do = "Look at DATABASE_URL and whether the database runs; a new SQLite casebook is made by consultant migrate."
        yield wrong("casebook", f"It can't be opened: {str(trouble).strip()}"[:300], do)
        return
    if left:
        yield wrong("casebook", f"{len(left)} changes of its tables are still to be made.", "Run: consultant migrate")
        return
    if problems := list(gate.verify()):
        yield wrong("casebook", problems[0], "Somebody changed a trail: run consultant audit verify, and ask who could.")
        return
    yield well("casebook", f"{Case.objects.count()} cases in {connection.vendor}.")


def codebook() -> Iterator[Finding]:
    try:
        book = books.current(settings.DATA_DIR)
    except books.NoCodebook as trouble:
        yield wrong("codebook", str(trouble), "Run: consultant codebook build. Until then letters wait, and none is lost.")
        return
    yield well("codebook", f"{book.version} is in use.")


def broker() -> Iterator[Finding]:
    url = settings.CELERY_BROKER_URL
    if url.startswith("memory"):
        yield well("broker", "It lives in our own process; for several processes there is Redis (CONSULTANT_BROKER_URL).")
        return
    try:
        with queue.app.connection_for_write() as line:
            line.ensure_connection(max_retries=1, timeout=5)
    except Exception as trouble:  # noqa: BLE001  (each broker has its own exceptions)
        do = "Look whether it runs and CONSULTANT_BROKER_URL is right. Letters are kept meanwhile, and wait."
        yield wrong("broker", f"It can't be reached: {type(trouble).__name__}.", do)
        return
    yield well("broker", "It answers.")


def work() -> Iterator[Finding]:
    now = timezone.now()
    due = Q(retry_after=None) | Q(retry_after__lt=now - FORGOTTEN)
    waiting = Case.objects.filter(due, status__in=[str(s) for s in pipeline.STEPS], changed_at__lt=now - FORGOTTEN)
    if count := waiting.count():
        yield wrong("work", f"{count} cases wait for more than ten minutes for a worker, or for beat to call one.", START)
    else:
        yield well("work", "No case is waiting for a worker.")


def doors() -> Iterator[Finding]:
    for state in door_states.in_trouble():
        yield wrong(f"door {state.door.name}", state.why, START if state.reason == "silent" else "What stands below says more.")
    for name, port in (("SMTP", settings.SMTP_PORT), ("LMTP", settings.LMTP_PORT)):
        if port:
            yield _open_or_not(name, "127.0.0.1" if settings.SMTP_HOST == "0.0.0.0" else settings.SMTP_HOST, port)  # noqa: S104


def _open_or_not(name: str, host: str, port: int) -> Finding:
    try:
        with socket.create_connection((host, port), 3) as line:
            line.settimeout(3)
            greeting = line.recv(200).decode("utf8", "replace")
    except OSError:
        return note(f"door {name}", f"Nobody listens on {host}, port {port}, now.", START)
    if "Consultant" not in greeting:
        do = f"Find out who, or choose another port: CONSULTANT_{name}_PORT."
        return wrong(f"door {name}", f"Somebody else listens on {host}, port {port}: {greeting.strip()[:60]}", do)
    return well(f"door {name}", f"It is open on {host}, port {port}.")
