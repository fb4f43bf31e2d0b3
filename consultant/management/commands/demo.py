from __future__ import annotations

import json
import os
import secrets
import smtplib
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from consultant import processes
from consultant.models import Case
from consultant.vocabulary import Status

SAMPLES = Path(settings.BASE_DIR) / "samples"
REVIEWER = "reviewer@consultant.example"
#: A visitor sees that an approval can be undone, and does not wait half a minute for the reply.
UNDO_SECONDS = 5
UNDER_WAY = (Status.RECEIVED, Status.ACCEPTED, Status.CLASSIFIED)


class Command(BaseCommand):
    help = "Run the whole product on this machine with sample letters; says what to open"

    def handle(self, **options: Any) -> None:
        if "CONSULTANT_UNDO_SECONDS" not in os.environ:
            settings.UNDO_SECONDS = UNDO_SECONDS
        try:
            _only_at_home()
            processes.check_port(settings.HTTP_HOST, settings.HTTP_PORT, "CONSULTANT_HTTP_PORT")
            processes.check_port(settings.SMTP_HOST, settings.SMTP_PORT, "CONSULTANT_SMTP_PORT")
            processes.prepare(self.stdout.write)
            facts = introduce_reviewer()
            processes.run(lambda: self._welcome(facts))
        except processes.CannotStart as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write("Stopped. Everything is kept; ./run demo goes on where it was.")

    def _welcome(self, facts: dict[str, Any]) -> None:
        threading.Thread(target=self._mail_samples, args=(facts,), name="samples", daemon=True).start()

    def _mail_samples(self, facts: dict[str, Any]) -> None:
        """Mail the samples once. After a kill they are mailed again, which changes nothing: they are known by their bytes."""
        if not facts.get("mailed"):
            began = time.monotonic()
            count = mail_samples()
            settle(count)
            self.stdout.write(
                f"{count} sample letters mailed to the SMTP door, worked through in {time.monotonic() - began:.1f} s:"
            )
            remember({**facts, "mailed": True})
        counts = Counter(Case.objects.values_list("status", flat=True))
        self.stdout.write("  " + ", ".join(f"{number} {status}" for status, number in sorted(counts.items())) + "\n")
        self.stdout.write(_GUIDE.format(**facts, address=settings.ADDRESS, outbox=settings.OUTBOX_DIR))
        self.stdout.flush()


_GUIDE = """Open      {url}
Sign in   {reviewer}   {password}
Mail it   swaks --server 127.0.0.1:{smtp_port} --from you@clinic.example --to {address} \\
                --header "Subject: a question" --body "What is the CPT code for a fingerstick?"
          or point any mail program's outgoing server to 127.0.0.1, port {smtp_port}, no password
Replies   are on the desk's Outbox page and in {outbox} (no relay is configured)
Stop      Ctrl-C"""


def _only_at_home() -> None:
    """The demo makes a reviewer with a password on the screen: it must not be reachable from elsewhere."""
    for host in (settings.HTTP_HOST, settings.SMTP_HOST):
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise processes.CannotStart(f"The demo listens on this machine only, not on {host}. For real use there is ./run up.")


def introduce_reviewer() -> dict[str, Any]:
    """The demo's reviewer, made at the first start; what the screen says about it is kept in demo.json (mode 600)."""
    path = settings.DATA_DIR / "demo.json"
    facts = json.loads(path.read_text(encoding="utf8")) if path.exists() else {}
    password = facts.get("password") or secrets.token_urlsafe(12)
    user, new = get_user_model().objects.get_or_create(
        username=REVIEWER, defaults={"email": REVIEWER, "first_name": "Demo", "last_name": "Reviewer"}
    )
    if new or not facts:
        user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name="reviewer"))
    facts |= {"url": settings.SITE_URL, "smtp_port": settings.SMTP_PORT, "reviewer": REVIEWER, "password": password}
    remember(facts)
    return facts


def remember(facts: dict[str, Any]) -> None:
    processes.write_private(settings.DATA_DIR / "demo.json", json.dumps(facts, indent=2) + "\n")


def mail_samples() -> int:
    """Hand the sample letters to the SMTP door, as any mail program would."""
    letters = sorted(SAMPLES.glob("*.eml"))
    with smtplib.SMTP(
        "127.0.0.1" if settings.SMTP_HOST == "localhost" else settings.SMTP_HOST, settings.SMTP_PORT, timeout=30
    ) as smtp:
        for letter in letters:
            smtp.sendmail(f"{letter.stem}@clinic.example", [settings.ADDRESS], letter.read_bytes())
    return len(letters)


def settle(count: int, seconds: float = 60.0) -> None:
    """Wait until no letter is under way any more (or the time is up: then the desk shows how far they are)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        under_way = Case.objects.filter(status__in=[str(s) for s in UNDER_WAY]).count()
        if not under_way and Case.objects.count() >= count:
            return
        time.sleep(0.1)
